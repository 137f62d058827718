"""Odd look-ups are told to auditors once; contents are erased past their term."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from shuangcheng.desk.models import Notice
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.models.base import uuid7
from shuangcheng.registers import keeping
from shuangcheng.registers.actions import watching
from shuangcheng.registers.models import Access, Alert, LookUp
from tests.world import AT, SYSTEM, World

WORKDAY = AT.replace(hour=10)  # a Friday
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=AT.tzinfo)


def looked(world: World, times: int, *, at: datetime = WORKDAY, subject: bytes = b"", **more: Any) -> list[LookUp]:
    rows = []
    for number in range(times):
        values = {
            "id": uuid7(), "direction": "asked", "register": "teacher_certificate", "purpose": "recruitment",
            "basis": "statutory_duty", "asker": "university", "by_person": world.staff.actor.person_id,
            "by_name": "支小员", "organisation_name": "重庆大学", "rows": 1, "at": at,
        }  # fmt: skip
        row = LookUp(**values | more)
        keeping.keep(row, questions=[{"ref": "1", "by": {"name": "甲"}}])
        row.save(force_insert=True)
        who = subject or number.to_bytes(32, "big")
        Access.objects.create(lookup=row, subject=who, row=0, at=at)
        rows.append(row)
    return rows


def alerted(at: datetime = WORKDAY) -> list[tuple[str, int]]:
    return [(row.kind, row.count) for row in watching.alert(by=SYSTEM, at=at + timedelta(minutes=30))]


def test_what_is_usual_is_not_told(world: World) -> None:
    looked(world, watching.SAME, subject=b"1" * 32)
    looked(world, watching.MANY - watching.SAME)
    looked(world, 1, rows=5000)
    looked(world, 100, asker="person", subject=b"2" * 32)
    assert alerted() == []


@pytest.mark.parametrize(
    ("times", "more", "wanted"),
    [
        (watching.MANY + 1, {}, [("many", watching.MANY + 1)]),
        (watching.SAME + 1, {"subject": b"1" * 32}, [("same_person", watching.SAME + 1)]),
        (1, {"at": SUNDAY}, [("odd_hour", 1)]),
        (1, {"at": WORKDAY.replace(hour=23)}, [("odd_hour", 1)]),
    ],
)
def test_what_is_odd_is_told_to_auditors_once(
    world: World, times: int, more: dict[str, Any], wanted: list[tuple[str, int]]
) -> None:
    looked(world, times, **more)
    at = more.get("at", WORKDAY)
    assert alerted(at) == wanted
    assert alerted(at) == []
    assert Notice.objects.filter(person=world.auditor.actor.person_id).count() == 1
    assert AuditLine.objects.filter(verb="lookup.alert").count() == 1
    assert not Alert.objects.visible_to(world.staff.actor).exists()
    assert not Alert.objects.visible_to(world.cq_officer.actor).exists()
    assert Alert.objects.visible_to(world.auditor.actor).count() == 1


def test_contents_are_erased_past_their_term(world: World) -> None:
    [row] = looked(world, 1)
    at = timezone.localtime(row.at) + keeping.KEPT
    assert watching.erase(by=SYSTEM, at=at - timedelta(seconds=1)) == 0
    assert watching.erase(by=SYSTEM, at=at) == 1
    row.refresh_from_db()
    assert (row.questions, row.answers, row.erased_at) == (None, None, at)
    assert keeping.questions(row) == []
    assert Access.objects.filter(lookup=row).exists()
    assert watching.erase(by=SYSTEM, at=at) == 0
