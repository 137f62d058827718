"""National catalogues and classifications 目录与分类."""

from django.db import models

from ..actor import Actor
from ..terms import Catalogue
from .base import Identified


class CatalogueEntryQuerySet(models.QuerySet["CatalogueEntry"]):
    """Reads of the catalogues."""

    def visible_to(self, actor: Actor) -> "CatalogueEntryQuerySet":
        """Everybody sees the catalogues."""
        return self


class CatalogueEntry(Identified):
    """One line of a catalogue: a class or a programme, an industry, an occupation."""

    catalogue = models.CharField(max_length=30, choices=Catalogue.pairs)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=20)
    parent_code = models.CharField(max_length=20, blank=True)
    flags = models.CharField(max_length=60, blank=True)
    leaf = models.BooleanField()

    objects = CatalogueEntryQuerySet.as_manager()

    class Meta:
        ordering = ("catalogue", "code")
        constraints = [models.UniqueConstraint(fields=["catalogue", "code"], name="catalogue_code_once")]
        indexes = [models.Index(fields=["catalogue", "parent_code"], name="catalogue_children")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
