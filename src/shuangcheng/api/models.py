"""Tables of the API."""

from django.db import models


class IdempotentReply(models.Model):
    """The answer to a write that came with an Idempotency-Key, given again when the same write comes again."""

    account_id = models.UUIDField()
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body")
    status = models.SmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return self.key
