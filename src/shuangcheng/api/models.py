"""Tables of the API."""

from django.db import models


class IdempotentReply(models.Model):
    """The answer to a write that came with an Idempotency-Key, given again when the same write comes again."""

    account_id = models.UUIDField()
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, help_text="HMAC-SHA-256 of method, address and body")
    status = models.SmallIntegerField()
    body = models.TextField(help_text="without what is told once")
    location = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["at"], name="idempotency_age")]

    def __str__(self) -> str:
        return self.key
