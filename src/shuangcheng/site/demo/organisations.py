"""Organisations, what sources say about them, titles and programmes."""

from shuangcheng.core.schema import read as read_input
from shuangcheng.directory import lookup
from shuangcheng.directory.actions import organisations
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.inputs import DesignationInput, OrganisationInput, ProgrammeInput
from shuangcheng.directory.models import Designation, Organisation, Programme

from . import read
from .clock import Clock

FACTS = ("name", "type", "division", "authority", "status", "former_names", "remark")


def enter(by: Actor, clock: Clock) -> int:
    """Enter organisations that no reference file has."""
    count = 0
    for entry in read.entries("organisations", "organisation"):
        if Organisation.objects.filter(name=entry["name"], type=entry["type"]).exists():
            continue
        data = read_input(OrganisationInput, read.facts(entry, *FACTS))
        organisations.create(data=data, by=by, at=clock.beginning, source=read.source(entry))
        count += 1
    return count


def remark(by: Actor, clock: Clock) -> int:
    """Write what sources say about institutions that are in the directory already."""
    count = 0
    for entry in read.entries("organisations", "remark"):
        row = lookup.organisation(entry["organisation"])
        if row.remark:
            continue
        same = ("name", "type", "code", "credit_code", "authority", "level", "private", "status", "website")
        values = {name: getattr(row, name) for name in same}
        values |= {"division": row.division.code if row.division else "", "remark": entry["text"]}
        data = read_input(OrganisationInput, values)
        organisations.edit(organisation=row, data=data, version=row.version, by=by, at=clock.beginning)
        count += 1
    return count


def designate(by: Actor, clock: Clock) -> int:
    """Give the invented enterprises their title 产教融合型企业."""
    count = 0
    for entry in read.entries("organisations", "designation"):
        row = lookup.organisation(entry["organisation"])
        if Designation.objects.filter(organisation=row, title=entry["title"]).exists():
            continue
        values = read.facts(entry, "title", "level", "basis", "incentives")
        values |= {
            "valid_from": clock.months(-entry["months_ago"]),
            "valid_until": clock.months(entry["months_left"]),
        }
        data = read_input(DesignationInput, values)
        organisations.designate(organisation=row, data=data, by=by, at=clock.beginning, invented=True)
        count += 1
    return count


def programmes(by: Actor, clock: Clock) -> int:
    """Enter programmes; that a school runs them is the demonstration's word, so they are marked invented."""
    count = 0
    for row in read.rows("programmes"):
        organisation = lookup.organisation(row["organisation"])
        if Programme.objects.filter(organisation=organisation, entry__code=row["code"]).exists():
            continue
        data = read_input(ProgrammeInput, {name: row[name] for name in ("catalogue", "code", "years", "quota")})
        organisations.add_programme(organisation=organisation, data=data, by=by, at=clock.ago(300), invented=True)
        count += 1
    return count
