"""What the directory's tables share."""

import uuid

import uuid_utils
from django.db import models


def uuid7() -> uuid.UUID:
    """A time-ordered identifier."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


class Identified(models.Model):
    """A row with a UUIDv7."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Timed(Identified):
    """A row that knows when it came and when it last changed; actions set both."""

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True


class Versioned(Timed):
    """A row that counts its changes, so that nobody overwrites or decides on what he has not seen."""

    version = models.IntegerField(default=1)

    class Meta:
        abstract = True
