"""What was asked of registers and answered, whose records were touched, and what looks odd about it."""

from django.db import models
from django.db.models import Q

from shuangcheng.core.basis import LegalBasis, Purpose
from shuangcheng.core.letters.lookup_reply import Outcome
from shuangcheng.core.register import Asker
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.models.base import Identified
from shuangcheng.directory.terms import WORKERS, Role
from shuangcheng.exchange.models import Peer

from ..terms import AlertKind, Direction, LookUpState
from .sharing import Sharing


class LookUpQuerySet(models.QuerySet["LookUp"]):
    """Reads of look-ups; what was asked and answered is read by `asking.questions` and `asking.answers`."""

    def visible_to(self, actor: Actor) -> "LookUpQuerySet":
        """One's own and those of one's organisation; the outsides of all for officers and auditors."""
        if actor.is_officer or actor.has(Role.AUDITOR):
            return self
        own = Q(by_person=actor.person_id) if actor.person_id else Q(pk__in=[])
        return self.filter(own | Q(organisation__in=actor.organisations(*WORKERS)))


class LookUp(Identified):
    """A look-up 查询 of one record or up to 10,000, as this node asked or answered it; contents can be erased."""

    direction = models.CharField(max_length=10, choices=Direction.pairs)
    peer = models.ForeignKey(Peer, null=True, on_delete=models.CASCADE, related_name="lookups")
    register = models.CharField(max_length=40)
    purpose = models.CharField(max_length=30, choices=Purpose.pairs)
    basis = models.CharField(max_length=30, choices=LegalBasis.pairs)
    asker = models.CharField(max_length=20, choices=Asker.pairs)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    organisation_name = models.CharField(max_length=120, blank=True)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=100, blank=True)
    matter = models.CharField(max_length=200, blank=True, help_text="事由")
    fields = models.JSONField(default=list, help_text="what was asked for")
    told = models.JSONField(default=list, help_text="what was released")
    sharing = models.ForeignKey(Sharing, null=True, on_delete=models.PROTECT, related_name="lookups")
    letter = models.UUIDField(null=True, help_text="jti of the letter that asked")
    entry = models.UUIDField(null=True, help_text="the log's entry of a look-up without a letter")
    state = models.CharField(max_length=10, choices=LookUpState.pairs, default=LookUpState.WAITING)
    reasons = models.JSONField(default=list, help_text="why it was refused: code and message")
    rows = models.IntegerField()
    found = models.IntegerField(default=0)
    unmatched = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    questions = models.BinaryField(null=True, help_text="sealed; none once erased")
    answers = models.BinaryField(null=True, help_text="sealed; none before the answer and once erased")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    erase_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    objects = LookUpQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["-at", "-id"], name="lookup_newest"),
            models.Index(fields=["by_person", "-at"], name="lookup_person"),
            models.Index(fields=["letter"], name="lookup_letter", condition=Q(letter__isnull=False)),
            models.Index(fields=["erase_at"], name="lookup_erase", condition=Q(erased_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.at:%Y-%m-%d %H:%M}"


class AccessQuerySet(models.QuerySet["Access"]):
    """Reads of who looked at whom; only by the digests of one's own numbers, which `accesses` gives."""

    def of_subjects(self, subjects: list[bytes]) -> "AccessQuerySet":
        """The look-ups of a person's records, the newest first."""
        return self.filter(subject__in=subjects).select_related("lookup__peer").order_by("-at", "-id")


class Access(Identified):
    """That a look-up concerned a person: a keyed digest of a number, as the directory digests it."""

    lookup = models.ForeignKey(LookUp, on_delete=models.CASCADE, related_name="accesses")
    subject = models.BinaryField(max_length=32)
    row = models.IntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.pairs, blank=True)
    at = models.DateTimeField()

    objects = AccessQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["subject", "-at"], name="access_subject")]

    def __str__(self) -> str:
        return f"{self.lookup_id} {self.row}"


class AlertQuerySet(models.QuerySet["Alert"]):
    """Reads of alerts."""

    def visible_to(self, actor: Actor) -> "AlertQuerySet":
        """Auditors only: those who ask are not told what is noticed."""
        return self if actor.has(Role.AUDITOR) else self.none()


class Alert(Identified):
    """Something odd about a person's look-ups in an hour 异常查询; told once."""

    kind = models.CharField(max_length=12, choices=AlertKind.pairs)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=100)
    organisation_name = models.CharField(max_length=120, blank=True)
    hour = models.DateTimeField(help_text="the hour that it is about")
    count = models.IntegerField()
    at = models.DateTimeField()

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = [models.UniqueConstraint(fields=["kind", "by_person", "hour"], name="alert_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.by_name}"
