"""Whoever changes or decides on what others have changed meanwhile is refused, and nothing is written."""

from collections.abc import Callable
from typing import Any

import pytest

from shuangcheng.core.outcome import Why
from shuangcheng.directory.actions import agreements, alliances, reports, zones
from shuangcheng.directory.inputs import AgreementInput, AllianceInput, AnswerInput, YearlyReportInput, ZoneInput
from shuangcheng.directory.models import Agreement
from tests.rooms.checks import refused
from tests.world import AT, World

STALE = {"why": Why.CONFLICT}


def terms(**changes: object) -> AgreementInput:
    values = {"title": "师资互聘协议", "parties": ("重庆大学", "四川大学"), "signed": "2026-01-01", "text": "互聘。"}
    return AgreementInput.model_validate(values | changes)


def test_an_officer_approves_only_the_text_that_was_read(world: World):
    row = agreements.draft(data=terms(), by=world.cqu_admin.actor, at=AT)
    read = row.version
    agreements.edit(agreement=row, data=terms(text="另有所指。"), version=read, by=world.scu_admin.actor, at=AT)
    with refused("changed_meanwhile", **STALE):
        agreements.approve(agreement=row, version=read, by=world.cq_officer.actor, at=AT)
    assert not row.versions.exists()
    row.refresh_from_db()
    assert agreements.approve(agreement=row, version=row.version, by=world.cq_officer.actor, at=AT).number == 1


def test_an_officer_approves_only_the_file_that_was_there(world: World):
    row = agreements.draft(data=terms(), by=world.cqu_admin.actor, at=AT)
    agreements.attach(agreement=row, name="a.pdf", content=b"x", text="", by=world.scu_admin.actor, at=AT)
    with refused("changed_meanwhile", **STALE):
        agreements.approve(agreement=row, version=row.version, by=world.cq_officer.actor, at=AT)


def test_a_report_is_accepted_only_as_it_was_read(world: World):
    def data(activities: int) -> YearlyReportInput:
        return YearlyReportInput(year=2025, activities=activities, summary="全年组织了十二次活动。")

    by = world.cqu_admin.actor
    row = reports.file(alliance=world.alliance, data=data(12), by=by, at=AT)
    with refused("changed_meanwhile", **STALE):
        reports.file(alliance=world.alliance, data=data(14), by=by, at=AT)
    reports.file(alliance=world.alliance, data=data(900), version=row.version, by=by, at=AT)
    with refused("changed_meanwhile", **STALE):
        reports.decide(report=row, version=row.version, data=AnswerInput(accept=True), by=world.sc_officer.actor, at=AT)


def alliance(world: World, purpose: str, version: int) -> None:
    facts: dict[str, Any] = {
        name: getattr(world.alliance, name) for name in ("kind", "field", "action_plan", "charter")
    }
    data = AllianceInput(
        name=world.alliance.organisation.name, division="500106", lead="重庆大学", purpose=purpose, **facts
    )
    alliances.edit(alliance=world.alliance, data=data, version=version, by=world.cq_officer.actor, at=AT)


def zone(world: World, tasks: str, version: int) -> None:
    data = ZoneInput(name=world.zone.name, kind="pair", level="joint", divisions=("500152", "510900"), tasks=tasks)
    zones.save(data=data, zone=world.zone, version=version, by=world.cq_officer.actor, at=AT)


def agreement(world: World, text: str, version: int) -> None:
    Agreement.objects.filter(pk=world.agreement.pk).update(state="draft")
    row = world.agreement
    agreements.edit(agreement=row, data=terms(text=text), version=version, by=world.cq_officer.actor, at=AT)


@pytest.mark.parametrize("edit", [alliance, zone, agreement])
def test_the_second_of_two_editors_is_refused(world: World, edit: Callable[[World, str, int], None]):
    row = getattr(world, edit.__name__)
    read = row.version
    edit(world, "甲写的", read)
    with refused("changed_meanwhile", **STALE):
        edit(world, "乙写的", read)
    row.refresh_from_db()
    assert row.version == read + 1
