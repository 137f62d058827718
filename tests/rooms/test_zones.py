"""Pairs, border zones, experimental zones and pilots."""

from datetime import date

import pytest

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.schema import read
from shuangcheng.directory.actions import zones
from shuangcheng.directory.inputs import ZoneInput
from shuangcheng.directory.models import Zone
from tests.rooms.checks import newest, refused, titles
from tests.world import AT, World


def data(**changes: object) -> ZoneInput:
    values = {"name": "荣昌—遂宁结对", "kind": "区县结对", "level": "joint", "divisions": ("500153", "510900")}
    return read(ZoneInput, values | changes)


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "node_admin", "auditor", "learner"])
def test_only_officers_enter_zones(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        zones.save(data=data(), by=getattr(world, who).actor, at=AT)


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"name": "潼南—遂宁教育一体化"}, "name_taken", "name"),
        ({"divisions": ("500153", "999999")}, "not_found", "divisions"),
        ({"leads": ("没有的单位",)}, "not_found", "leads"),
        ({"valid_from": "2026-01-01", "valid_until": "2025-01-01"}, "dates_reversed", "valid_until"),
    ],
)
def test_a_zone_that_cannot_be(world: World, changes: dict[str, object], code: str, where: str):
    with refused(code, where=where):
        zones.save(data=data(**changes), by=world.cq_officer.actor, at=AT)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"divisions": ()}, "divisions"), ({"kind": "区县联姻"}, "kind"), ({"action_plan": 11}, "action_plan")],
)
def test_an_input_that_cannot_be(changes: dict[str, object], field: str):
    with pytest.raises(Refused) as caught:
        data(**changes)
    assert [objection.where for objection in caught.value.objections] == [field]


def test_a_zone_is_entered_audited_and_found(world: World):
    figures = [{"text": "专项协议", "value": "17 个", "source": "报纸", "caution": "不全是教育"}]
    zone = zones.save(data=data(leads=("重庆市教育委员会",)), by=world.sc_officer.actor, at=AT, reported=figures)
    assert (zone.kind, zone.aims_at, zone.reported) == ("pair", "", figures)
    assert {division.name for division in zone.divisions.all()} == {"荣昌区", "遂宁市"}
    assert (newest().verb, newest().actor_name) == ("zone.create", "川小宁")
    assert newest().changes["divisions"] == [None, ["荣昌区", "遂宁市"]]
    assert titles("荣昌—遂宁结对") == titles("rcsnjd") == ["荣昌—遂宁结对"]


def test_an_ended_division_may_be_named(world: World):
    zone = zones.save(data=data(divisions=("500105",)), by=world.cq_officer.actor, at=AT)
    assert zone.divisions.get().ended


def test_a_change_tells_the_places_and_keeps_the_figures(world: World):
    Zone.objects.filter(pk=world.zone.pk).update(reported=[{"text": "数"}])
    world.zone.refresh_from_db()
    changed = data(name=world.zone.name, divisions=("500152", "500153"), aims_at="national", field="basic")
    zone = zones.save(data=changed, by=world.cq_officer.actor, at=AT, zone=world.zone, version=world.zone.version)
    assert (zone.pk, zone.reported) == (world.zone.pk, [{"text": "数"}])
    assert newest().verb == "zone.edit"
    assert newest().changes == {
        "aims_at": ["", "national"],
        "field": ["mechanism", "basic"],
        "divisions": [["潼南区", "遂宁市"], ["潼南区", "荣昌区"]],
    }


def test_a_renamed_zone_is_found_by_its_new_name(world: World):
    zones.save(
        data=data(name="潼遂一体化", divisions=("500152",)),
        by=world.cq_officer.actor,
        at=AT,
        zone=world.zone,
        version=world.zone.version,
    )
    assert titles("潼遂一体化") == ["潼遂一体化"]
    assert titles("潼南—遂宁教育一体化", kind="zone") == []


def test_a_term_ends_after_its_last_day(world: World):
    world.zone.valid_until = date(2026, 12, 31)
    assert not world.zone.ended(date(2026, 12, 31))
    assert world.zone.ended(date(2027, 1, 1))
