"""What two authorities agreed may be asked, and what persons consented to."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation, Person
from shuangcheng.directory.models.base import Identified, Versioned
from shuangcheng.directory.terms import WORKERS, Role
from shuangcheng.exchange.models import Peer

from ..terms import SharingState

SIGNED = (SharingState.IN_FORCE, SharingState.REPLACED, SharingState.ENDED)


class SharingQuerySet(models.QuerySet["Sharing"]):
    """Reads of data-sharing agreements."""

    def visible_to(self, actor: Actor) -> "SharingQuerySet":
        """What both have signed is for everybody who signed in; what is under way for officers and auditors."""
        if actor.is_officer or actor.has(Role.AUDITOR):
            return self
        return self.filter(state__in=SIGNED, document__isnull=False) if actor.signed_in else self.none()

    def current(self, at: datetime) -> "SharingQuerySet":
        """Those under which questions are answered now."""
        return self.filter(state=SharingState.IN_FORCE, starts_at__lte=at, ends_at__gt=at)

    def having(self, digest: str) -> "SharingQuerySet":
        """Signed ones whose terms have a SHA-256; whoever holds the terms may check them."""
        return self.filter(state__in=SIGNED, digest=digest, document__isnull=False)


class Sharing(Versioned):
    """One version of a data-sharing agreement 数据共享协议: its terms, and who has signed them."""

    family = models.UUIDField(help_text="the id that all versions share")
    number = models.IntegerField()
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="sharings")
    provider = models.CharField(max_length=20)
    recipient = models.CharField(max_length=20)
    register = models.CharField(max_length=40)
    terms = models.JSONField(help_text="as both sign them")
    digest = models.CharField(max_length=64, db_index=True)
    ours = models.BinaryField(null=True, help_text="signed by this node")
    theirs = models.BinaryField(null=True, help_text="signed by the other node")
    document = models.BinaryField(null=True, help_text="signed by both")
    state = models.CharField(max_length=10, choices=SharingState.pairs, default=SharingState.DRAFT)
    reason = models.CharField(max_length=500, blank=True, help_text="why it was returned or ended, and by whom")
    drafted_by = models.CharField(max_length=100)
    signed_by = models.CharField(max_length=100, blank=True)
    signed_at = models.DateTimeField(null=True, help_text="when this side signed")
    complete_at = models.DateTimeField(null=True, help_text="when both had signed")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = SharingQuerySet.as_manager()

    class Meta:
        ordering = ("register", "provider", "-number")
        constraints = [models.UniqueConstraint(fields=["family", "number"], name="sharing_version_once")]
        indexes = [models.Index(fields=["peer", "register", "state"], name="sharing_current")]

    def __str__(self) -> str:
        return f"{self.register} {self.provider} → {self.recipient} {self.number}"

    @property
    def in_force(self) -> bool:
        """Whether both have signed it and neither has ended it; its dates are checked with its terms."""
        return self.state == SharingState.IN_FORCE


class AskedToday(models.Model):
    """How many rows were asked under an agreement on a day; the sum over its slots."""

    sharing = models.ForeignKey(Sharing, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    slot = models.SmallIntegerField()
    rows = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sharing", "day", "slot"], name="asked_today_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.rows}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Reads of consents."""

    def visible_to(self, actor: Actor) -> "ConsentQuerySet":
        """One's own; those that one's organisation took; all of the node's for officers and auditors."""
        if actor.is_officer or actor.has(Role.AUDITOR):
            return self
        own = Q(person=actor.person_id) if actor.person_id else Q(pk__in=[])
        return self.filter(own | Q(organisation__in=actor.organisations(*WORKERS)))

    def good(self, at: datetime) -> "ConsentQuerySet":
        """Those that carry a question now."""
        return self.filter(withdrawn_at__isnull=True, starts_at__lte=at, ends_at__gt=at)


class Consent(Versioned):
    """A consent that was taken at this node 同意凭证: the signed receipt, and whose it is by a keyed digest."""

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="consents")
    subject = models.BinaryField(max_length=32, help_text="digest of the number in the directory")
    name = models.CharField(max_length=60)
    masked = models.CharField(max_length=30, help_text="the number as pages show it")
    guardian = models.CharField(max_length=60, blank=True, help_text="who consented for a child under 14")
    register = models.CharField(max_length=40)
    purpose = models.CharField(max_length=30)
    fields = models.JSONField(default=list)
    recipients = models.JSONField(default=list)
    raw = models.BinaryField(help_text="the signed receipt")
    digest = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    taken_by = models.CharField(max_length=100, blank=True, help_text="who took it with the person present")
    given_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=100, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ("-given_at", "-id")
        indexes = [models.Index(fields=["subject", "register", "purpose"], name="consent_subject")]

    def __str__(self) -> str:
        return str(self.id)


class Withdrawn(Identified):
    """A consent that its issuer says is withdrawn."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="withdrawn", db_index=False)
    consent = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "consent"], name="withdrawn_once")]

    def __str__(self) -> str:
        return str(self.consent)


class WithdrawalList(Identified):
    """The newest list of withdrawn consents of another node, as it signed it."""

    peer = models.OneToOneField(Peer, on_delete=models.CASCADE, related_name="withdrawals")
    raw = models.BinaryField()
    at = models.BigIntegerField(help_text="POSIX seconds up to which it tells")

    def __str__(self) -> str:
        return f"{self.peer} {self.at}"
