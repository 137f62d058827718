"""The import as a user of django-import-export would write it: the same columns, checks and look-ups."""

import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from import_export import fields, resources, widgets
from import_export.formats.base_formats import XLSX
from import_export.instance_loaders import CachedInstanceLoader

from shuangcheng.core.outcome import Refused
from shuangcheng.core.schema import read
from shuangcheng.core.tokens import pinyin_key
from shuangcheng.directory.actions.organisations import side_of
from shuangcheng.directory.inputs import OrganisationInput
from shuangcheng.directory.models import Division
from shuangcheng.directory.models.base import uuid7

FIELDS = [name for name in OrganisationInput.model_fields if name not in ("division", "former_names")]


class PeerOrganisation(models.Model):
    """The columns and indexes of an organisation, in a table of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    name = models.CharField(max_length=120, db_index=True)
    pinyin = models.CharField(max_length=200)
    type = models.CharField(max_length=24)
    code = models.CharField(max_length=20, blank=True)
    credit_code = models.CharField(max_length=18, unique=True)
    authority = models.CharField(max_length=120, blank=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10)
    level = models.CharField(max_length=20, blank=True)
    private = models.BooleanField(default=False)
    status = models.CharField(max_length=12)
    website = models.CharField(max_length=200, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=100, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        app_label = "directory"
        db_table = "bench_organisation"
        indexes = [
            models.Index(fields=["pinyin", "id"], name="bench_order"),
            models.Index(fields=["side", "type", "pinyin", "id"], name="bench_facets"),
        ]

    def __str__(self) -> str:
        return self.name


class DefaultResource(resources.ModelResource):
    """Reads the Chinese columns, checks each row with our own input, looks divisions up once."""

    class Meta:
        model = PeerOrganisation
        import_id_fields = ("credit_code",)
        fields = (*FIELDS, "pinyin", "division", "side")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """The head becomes the fields' names; divisions are read at once."""
        names = {info.title: name for name, info in OrganisationInput.model_fields.items()}
        dataset.headers = [names[title] for title in dataset.headers]
        self.divisions = {division.code: division for division in Division.objects.order_by("valid_from")}

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """The same checks as ours."""
        given = {name: value for name, value in row.items() if name in OrganisationInput.model_fields and value}
        try:
            data = read(OrganisationInput, given)
        except Refused as refused:
            raise ValidationError([str(objection) for objection in refused.objections]) from None
        division = self.divisions[data.division]
        row.update({name: getattr(data, name) for name in FIELDS})
        row.update(division=division, side=side_of(division), pinyin=pinyin_key(data.name))


class _AsIs(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return value


# The values are right already: no widget needs to read them again.
for _name in DefaultResource._meta.fields:
    DefaultResource.fields[_name] = fields.Field(attribute=_name, column_name=_name, widget=_AsIs())


class FastResource(DefaultResource):
    """With everything that the documentation recommends for speed."""

    class Meta:
        instance_loader_class = CachedInstanceLoader
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_html_diff = True


def peer(resource: type[DefaultResource], data: bytes, *, rows: int) -> tuple[float, float]:
    """Seconds of the trial run and of the import."""
    with connection.schema_editor() as editor:
        editor.create_model(PeerOrganisation)
    taken = []
    for trial in (True, False):
        start = time.perf_counter()
        dataset = XLSX().create_dataset(data)
        result = resource().import_data(dataset, dry_run=trial, raise_errors=True, use_transactions=True)
        taken.append(time.perf_counter() - start)
        assert result.totals["new"] == rows, result.totals
    assert PeerOrganisation.objects.count() == rows
    with connection.schema_editor() as editor:
        editor.delete_model(PeerOrganisation)
    return taken[0], taken[1]
