"""Agreements and the versions that were approved."""

import hashlib
from datetime import date

from django.db import models
from django.db.models import Q

from ..actor import Actor
from ..terms import WORKERS, AgreementState, Field
from .alliance import Alliance, action_plan_choices
from .base import Identified, Versioned
from .organisation import Organisation
from .zone import Zone


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Reads of agreements."""

    def visible_to(self, actor: Actor) -> "AgreementQuerySet":
        """Approved ones are public; drafts and revisions are for officers and for those who work at a party."""
        if actor.is_officer:
            return self
        own = Agreement.parties.through.objects.filter(organisation__in=actor.organisations(*WORKERS))
        return self.filter(~Q(state=AgreementState.DRAFT) | Q(pk__in=own.values("agreement")))


class Agreement(Versioned):
    """An agreement between organisations 合作协议: parties, dates, file, text and its digest."""

    title = models.CharField(max_length=200)
    pinyin = models.CharField(max_length=200)
    number = models.CharField(max_length=60, blank=True, help_text="文号")
    field = models.CharField(max_length=12, choices=Field.pairs)
    action_plan = models.IntegerField(null=True, choices=action_plan_choices)
    parties = models.ManyToManyField(Organisation, related_name="agreements")
    alliance = models.ForeignKey(Alliance, null=True, on_delete=models.SET_NULL, related_name="agreements")
    zone = models.ForeignKey(Zone, null=True, on_delete=models.SET_NULL, related_name="agreements")
    signed = models.DateField(null=True)
    expires = models.DateField(null=True)
    text = models.TextField(blank=True)
    file = models.FileField(upload_to="agreements/", null=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=AgreementState.pairs, default=AgreementState.DRAFT)
    # The public goes on seeing the approved agreement while a change of it is a draft of its own.
    revises = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="revision")
    invented = models.BooleanField(default=False)
    source = models.CharField(max_length=100, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ("-signed", "pinyin")

    def __str__(self) -> str:
        return self.title

    def expired(self, today: date) -> bool:
        """Whether it has run out."""
        return self.expires is not None and self.expires < today


NOTHING = hashlib.sha256(b"").hexdigest()


class AgreementVersionQuerySet(models.QuerySet["AgreementVersion"]):
    """Reads of approved versions."""

    def visible_to(self, actor: Actor) -> "AgreementVersionQuerySet":
        """Everybody: what was approved was made public, also while a later version is being drafted."""
        return self

    def having(self, digest: str) -> "AgreementVersionQuerySet":
        """Those whose snapshot, text or file has the digest; an empty text proves nothing."""
        if digest == NOTHING:
            return self.none()
        return self.filter(Q(digest=digest) | Q(text_sha256=digest) | Q(file_sha256=digest))


class AgreementVersion(Identified):
    """A snapshot of an agreement as it was approved; never changed afterwards."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    snapshot = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical snapshot")
    text_sha256 = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField()
    approved_by = models.CharField(max_length=100)

    objects = AgreementVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_once")]
        indexes = [
            models.Index(fields=["text_sha256"], name="agreement_text"),
            models.Index(fields=["file_sha256"], name="agreement_file"),
            models.Index(fields=["digest"], name="agreement_digest"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"
