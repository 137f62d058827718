"""Writes of organisations, their names, programmes and designations."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from shuangcheng.core.outcome import Refused, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key

from .. import audit, lookup
from ..actor import Actor
from ..inputs import DesignationInput, OrganisationInput, ProgrammeInput, RenameInput
from ..models import Alliance, CatalogueEntry, Designation, Division, Organisation, OrganisationName, Programme
from ..places import place_fits, side_of
from ..policy import require
from ..terms import OrganisationType
from ..versions import locked


def former_names(text: str) -> list[str]:
    """Names as a person lists them in one cell."""
    for separator in ("，", ",", "；", ";", "|"):
        text = text.replace(separator, "、")
    return [name.strip() for name in text.split("、") if name.strip()]


def columns(data: OrganisationInput, division: Division) -> dict[str, Any]:
    """The columns of an organisation."""
    values = data.model_dump(exclude={"division", "former_names"})
    return values | {"division": division, "side": side_of(division), "pinyin": pinyin_key(data.name)}


def _taken(error: IntegrityError) -> Refused:
    """Which unique value is in use already."""
    field = "credit_code" if "credit_code" in str(error) else "code"
    text = _("这个代码已由另一机构使用，请在名录中查找该机构后修改，不要重复登记。")
    return refusal("code_taken", text, where=field, why=Why.CONFLICT)


def _only_one(organisation: Organisation) -> None:
    """One name in one division is one organisation, unless its codes say otherwise; imports go by the same rule."""
    if organisation.division is None:
        return
    place = Division.objects.select_for_update(no_key=True).get(pk=organisation.division.pk)
    same = Organisation.objects.filter(name=organisation.name, division=place).exclude(pk=organisation.pk)
    for field in ("code", "credit_code"):
        if code := getattr(organisation, field):
            same = same.filter(**{f"{field}__in": ("", code)})
    if same.exists():
        text = _("%(place)s已登记过“%(name)s”，请在名录中查找后修改，不要重复登记。")
        raise refusal("name_taken", text, where="name", why=Why.CONFLICT, place=place.name, name=organisation.name)


def _not_an_alliance(*types: str) -> None:
    if OrganisationType.ALLIANCE in types:
        raise refusal("alliance", _("联盟与共同体请在“联盟”页面登记和修改。"), where="type")


@transaction.atomic
def create(*, data: OrganisationInput, by: Actor, at: datetime, source: str = "") -> Organisation:
    """Enter an organisation into the directory."""
    require(by, "organisation.create", by.side)
    division = lookup.division(data.division)
    place_fits(division, by=by, at=at)
    _not_an_alliance(data.type)
    organisation = Organisation(**columns(data, division), source=source, created_at=at, updated_at=at)
    _only_one(organisation)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise _taken(error) from error
    _set_former_names(organisation, data.former_names)
    audit.record(
        by=by,
        at=at,
        verb="organisation.create",
        kind="organisation",
        subject=organisation,
        changes=audit.differences({}, data.model_dump(exclude_defaults=True)),
    )
    return organisation


@transaction.atomic
def edit(*, organisation: Organisation, data: OrganisationInput, version: int, by: Actor, at: datetime) -> Organisation:
    """Change an organisation's facts; a changed name goes through `rename`, a version read too long ago is refused."""
    require(by, "organisation.edit", organisation)
    organisation = locked(Organisation.objects.all(), organisation, version=version)
    if data.name != organisation.name:
        raise refusal("rename", _("更改名称请使用“更名”，以便保留曾用名。"), where="name")
    _not_an_alliance(data.type, organisation.type)
    values = columns(data, lookup.division(data.division))
    if values["division"] != organisation.division:
        place_fits(values["division"], now=organisation.side, by=by, at=at)
    changes = audit.differences({name: getattr(organisation, name) for name in values}, values)
    for name, value in values.items():
        setattr(organisation, name, value)
    if "division" in changes:
        _only_one(organisation)
    organisation.updated_at = at
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise _taken(error) from error
    _set_former_names(organisation, data.former_names)
    audit.record(by=by, at=at, verb="organisation.edit", kind="organisation", subject=organisation, changes=changes)
    return organisation


def _set_former_names(organisation: Organisation, text: str) -> None:
    wanted = [name for name in former_names(text) if name != organisation.name]
    present = set(organisation.names.values_list("name", flat=True))
    organisation.names.filter(valid_from__isnull=True, valid_until__isnull=True, basis="").exclude(
        name__in=wanted
    ).delete()
    OrganisationName.objects.bulk_create(
        OrganisationName(organisation=organisation, name=name) for name in dict.fromkeys(wanted) if name not in present
    )


@transaction.atomic
def rename(*, organisation: Organisation, data: RenameInput, by: Actor, at: datetime) -> Organisation:
    """Give a new name from a day on; the old one stays findable."""
    require(by, "organisation.rename", organisation)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if data.name == organisation.name:
        raise refusal("same_name", _("新名称与现名称相同。"), where="name")
    old = organisation.name
    OrganisationName.objects.create(
        organisation=organisation, name=old, valid_until=data.since - timedelta(days=1), basis=data.basis
    )
    organisation.name, organisation.pinyin = data.name, pinyin_key(data.name)
    _only_one(organisation)
    organisation.version += 1
    organisation.updated_at = at
    organisation.save(update_fields=["name", "pinyin", "version", "updated_at"])
    changes = {"name": [old, data.name], "since": [None, data.since.isoformat()]}
    # An alliance is known, shown and found as itself, not as the organisation row that carries its name.
    alliance = Alliance.objects.filter(organisation=organisation).first()
    kind, subject = ("alliance", alliance) if alliance else ("organisation", organisation)
    audit.record(by=by, at=at, verb="organisation.rename", kind=kind, subject=subject, changes=changes, note=data.basis)
    return organisation


def _programme_there(entry: CatalogueEntry) -> Refused:
    text = _("“%(entry)s”的这个方向已经登记过，请直接修改。")
    return refusal("programme_there", text, where="code", why=Why.CONFLICT, entry=str(entry))


@transaction.atomic
def add_programme(
    *, organisation: Organisation, data: ProgrammeInput, by: Actor, at: datetime, invented: bool = False
) -> Programme:
    """Enter a programme of an organisation."""
    require(by, "programme.edit", organisation)
    entry = lookup.entry(data.catalogue, data.code)
    values = data.model_dump(exclude={"catalogue", "code"})
    programme, new = Programme.objects.get_or_create(
        organisation=organisation,
        entry=entry,
        direction=data.direction,
        defaults={**values, "created_at": at, "updated_at": at, "invented": invented},
    )
    if not new:
        raise _programme_there(entry)
    _audit_programme(programme, verb="programme.create", by=by, at=at, changes=audit.differences({}, values))
    return programme


@transaction.atomic
def edit_programme(*, programme: Programme, data: ProgrammeInput, version: int, by: Actor, at: datetime) -> Programme:
    """Change a programme; its code stays."""
    require(by, "programme.edit", programme.organisation)
    programme = locked(Programme.objects.select_related("entry", "organisation"), programme, version=version)
    if lookup.entry(data.catalogue, data.code) != programme.entry:
        raise refusal("code_stays", _("专业代码不能修改；请另行登记新专业。"), where="code")
    values = data.model_dump(exclude={"catalogue", "code"})
    others = programme.organisation.programmes.filter(entry=programme.entry, direction=data.direction)
    if others.exclude(pk=programme.pk).exists():
        raise _programme_there(programme.entry)
    changes = _set(programme, values, at=at)
    _audit_programme(programme, verb="programme.edit", by=by, at=at, changes=changes)
    return programme


def _set(row: Programme | Designation, values: dict[str, Any], *, at: datetime) -> dict[str, list[Any]]:
    """Store the values of a locked row; what changed."""
    changes = audit.differences({name: getattr(row, name) for name in values}, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = at
    row.save(update_fields=[*values, "version", "updated_at"])
    return changes


def _audit_programme(programme: Programme, *, verb: str, by: Actor, at: datetime, changes: dict[str, Any]) -> None:
    audit.record(
        by=by,
        at=at,
        verb=verb,
        kind="organisation",
        subject=programme.organisation,
        changes=changes,
        note=str(programme.entry),
    )


def _designated_once(others: "QuerySet[Designation]", data: DesignationInput) -> None:
    if others.filter(title=data.title, valid_from=data.valid_from).exists():
        raise refusal("designation_there", _("这项称号已经登记过。"), where="title", why=Why.CONFLICT)


@transaction.atomic
def designate(
    *, organisation: Organisation, data: DesignationInput, by: Actor, at: datetime, invented: bool = False
) -> Designation:
    """Record a title that an organisation holds."""
    require(by, "designation.edit", organisation)
    dates_in_order(data.valid_from, data.valid_until)
    _designated_once(organisation.designations.all(), data)
    designation = Designation.objects.create(
        organisation=organisation, **data.model_dump(), invented=invented, created_at=at, updated_at=at
    )
    audit.record(
        by=by,
        at=at,
        verb="designation.create",
        kind="organisation",
        subject=organisation,
        changes=audit.differences({}, data.model_dump(exclude_defaults=True)),
        note=data.title,
    )
    return designation


@transaction.atomic
def edit_designation(
    *, designation: Designation, data: DesignationInput, version: int, by: Actor, at: datetime
) -> Designation:
    """Correct a title, its term or its incentives."""
    require(by, "designation.edit", designation.organisation)
    designation = locked(Designation.objects.select_related("organisation"), designation, version=version)
    dates_in_order(data.valid_from, data.valid_until)
    _designated_once(designation.organisation.designations.exclude(pk=designation.pk), data)
    changes = _set(designation, data.model_dump(), at=at)
    audit.record(
        by=by,
        at=at,
        verb="designation.edit",
        kind="organisation",
        subject=designation.organisation,
        changes=changes,
        note=data.title,
    )
    return designation


def dates_in_order(begin: date | None, end: date | None, *, where: str = "valid_until") -> None:
    if begin and end and end < begin:
        raise refusal("dates_reversed", _("截止日期早于起始日期，请核对。"), where=where)
