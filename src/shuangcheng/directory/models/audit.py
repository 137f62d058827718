"""The audit trail 审计记录."""

from uuid import UUID

from django.db import models

from ..actor import Actor
from ..terms import Role, Side
from .base import Identified

TOLD = frozenset({
    "organisation.create", "organisation.edit", "organisation.rename", "organisation.merge",
    "programme.create", "programme.edit", "programme.remove",
    "designation.create", "designation.edit", "designation.remove",
    "alliance.create", "alliance.edit", "alliance.member", "alliance.role",
    "alliance.leave", "alliance.admit", "report.accept", "agreement.create", "agreement.edit", "agreement.attach",
    "agreement.approve", "agreement.end", "zone.create", "zone.edit",
    "policy.create", "policy.edit", "policy.version", "policy.link", "policy.link_end",
    "plan.create", "plan.adopt", "plan.approve", "plan.close", "activity.create", "activity.edit",
    "body.create", "body.edit", "body.end", "body.seat", "body.seat_end",
    "session.create", "session.hold", "session.confirm", "session.reopen",
})  # fmt: skip
"""The changes that a thing's page tells everybody who sees it; applications and votes are for those concerned."""


class AuditLineQuerySet(models.QuerySet["AuditLine"]):
    """Reads of the audit trail."""

    def visible_to(self, actor: Actor) -> "AuditLineQuerySet":
        """Auditors and the node's administrator see every line; nobody else sees any."""
        return self if actor.kind == "system" or actor.has(Role.AUDITOR, Role.NODE_ADMIN) else self.none()

    def told_of(self, kind: str, id: UUID, *, to: Actor) -> "AuditLineQuerySet":
        """What a thing's page tells of its changes; officers are told of applications and votes too."""
        lines = self.filter(subject_kind=kind, subject_id=str(id))
        return lines if to.is_officer else lines.filter(verb__in=TOLD)


class AuditLine(Identified):
    """Who did what to which thing, when and through which door; holds no foreign keys and is never changed."""

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=36, blank=True)
    actor_name = models.CharField(max_length=100)
    side = models.CharField(max_length=10, blank=True, choices=Side.pairs)
    door = models.CharField(max_length=10)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=36, blank=True)
    subject_title = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    said = models.JSONField(null=True, help_text="the note as a packed message, when it is a sentence of ours")

    objects = AuditLineQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="audit_subject"),
            models.Index(fields=["actor_id", "-at"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_title}"
