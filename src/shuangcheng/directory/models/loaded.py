"""Which reference files have been loaded."""

from django.db import models


class LoadedFile(models.Model):
    """A reference file and the digest of what was loaded, so that a second start has nothing to do."""

    name = models.CharField(primary_key=True, max_length=80)
    digest = models.CharField(max_length=64)
    rows = models.IntegerField()
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
