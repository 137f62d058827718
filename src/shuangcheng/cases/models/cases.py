"""Joint cases 联办事项 and their steps; the same rows stand on both nodes, each side's own steps first on its own."""

from typing import Any

from django.db import models
from django.db.models import Q

from shuangcheng.core.procedure import Procedure, Side, State, Step
from shuangcheng.core.procedures import PROCEDURES
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import Identified, Versioned
from shuangcheng.directory.terms import Role
from shuangcheng.exchange.models import Peer


class CaseQuerySet(models.QuerySet["Case"]):
    """Reads of cases."""

    def visible_to(self, actor: Actor) -> "CaseQuerySet":
        """Officers and auditors; whoever opened one sees it."""
        if actor.is_officer or actor.has(Role.AUDITOR):
            return self
        return self.filter(opened_by=actor.person_id) if actor.person_id else self.none()

    def open(self) -> "CaseQuerySet":
        """Those that are not closed."""
        return self.filter(closed_at=None)

    def turn_of(self, authority: str) -> "CaseQuerySet":
        """Those in which an authority has to act next."""
        return self.open().filter(
            Q(turn=Side.BOTH) | Q(turn=Side.ASKER, asker=authority) | Q(turn=Side.HOLDER, holder=authority)
        )


class Case(Versioned):
    """A case between the side that asks and the side that holds the record."""

    number = models.CharField(max_length=40, unique=True)
    procedure = models.CharField(max_length=40)
    asker = models.CharField(max_length=20, help_text="authority")
    holder = models.CharField(max_length=20, help_text="authority")
    peer = models.ForeignKey(
        Peer, null=True, on_delete=models.PROTECT, related_name="cases", help_text="none when both sides are here"
    )
    title = models.CharField(max_length=200)
    register = models.CharField(max_length=40)
    person = models.CharField(max_length=100, blank=True)
    masked = models.CharField(max_length=40, blank=True)
    sealed = models.BinaryField(null=True, help_text="the person's number")
    subject = models.BinaryField(null=True, db_index=True, help_text="keyed digest of the person's number")
    told = models.TextField()
    wanted = models.TextField(blank=True)
    opened_by = models.UUIDField(null=True, help_text="the person, where he opened it on this node")
    opened_name = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    step = models.CharField(max_length=40)
    turn = models.CharField(max_length=8, choices=Side.pairs)
    since = models.DateField()
    due = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    extended = models.BooleanField(default=False)
    proposed = models.JSONField(default=dict, help_text="what each side proposes in a step of both")
    closed_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True, help_text="why a letter of it was not taken")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("due", "-opened_at")
        indexes = [models.Index(fields=["due"], name="case_due", condition=Q(closed_at=None))]

    def __str__(self) -> str:
        return self.title

    @property
    def declared(self) -> Procedure:
        """The procedure that it follows."""
        return PROCEDURES[self.procedure]

    @property
    def now(self) -> Step:
        """The step that it is in."""
        return self.declared.steps[self.step]

    @property
    def state(self) -> State:
        """Where it stands, for the pure state machine."""
        return State(self.step, self.since, self.due, self.provisional, self.extended)

    def enter(self, state: State) -> None:
        """Take over what the state machine says; the caller saves."""
        self.step, self.since, self.due = state.step, state.since, state.due
        self.provisional, self.extended = state.provisional, state.extended
        self.turn = self.now.side

    def sides(self, authority: str) -> list[Side]:
        """The parts that an authority has in it."""
        parts = {Side.ASKER: self.asker, Side.HOLDER: self.holder}
        return [side for side, whose in parts.items() if whose == authority]


class CaseStep(Identified):
    """Something that was done in a case; never changed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="history")
    authority = models.CharField(max_length=20)
    number = models.IntegerField(help_text="counts the authority's steps in the case")
    way = models.CharField(max_length=40)
    side = models.CharField(max_length=8, choices=Side.pairs)
    at_step = models.CharField(max_length=40, help_text="the step in which it was done")
    to_step = models.CharField(max_length=40)
    due = models.DateField(null=True)
    remark = models.TextField(blank=True)
    papers = models.JSONField(default=list, help_text="document, text, name and sha256 of each")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    letter = models.UUIDField(null=True, help_text="the letter that carried it")

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["case", "authority", "number"], name="case_step_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.authority} {self.number}"

    @property
    def documents(self) -> list[dict[str, Any]]:
        """Its papers with their titles."""
        titles = self.case.declared.documents
        return [{**paper, "title": titles[paper["document"]]} for paper in self.papers]
