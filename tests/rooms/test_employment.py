"""Graduates' destinations in numbers: no person, no small cell, only under an agreement."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shuangcheng.core.outcome import Refused
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import read
from shuangcheng.directory.models import AuditLine
from shuangcheng.exchange.models import Outgoing, Peer
from shuangcheng.registers.actions import counting, holdings
from shuangcheng.registers.inputs.employment import CountInput
from shuangcheng.registers.models import Sharing
from tests.doors.api_client import Api, token
from tests.doors.plan_cast import enter
from tests.partner import Partner, problem
from tests.rooms.sharing import agreed
from tests.world import SYSTEM, World

REGISTER = REGISTERS["graduate_employment"]
TERMS: dict[str, Any] = {
    "register": "graduate_employment", "purposes": ["statistics"], "bases": ["statutory_duty"],
    "askers": ["authority", "university"], "fields": ["university", "year", "destination"],
}  # fmt: skip


@pytest.fixture
def graduates(db: None) -> None:
    """Of 2025: twelve went to study, eleven took a contract, three began a business."""
    at, number = timezone.localtime(), 0
    for destination, count in (("study", 12), ("contract", 11), ("startup", 3)):
        for _one in range(count):
            number += 1
            values = {"diploma_number": f"1000012025050{number:05d}", "year": "2025", "destination": destination}
            holdings.put(register=REGISTER, values={**REGISTER.sample, **values}, source="测试", by=SYSTEM, at=at)


def asked(**changes: Any) -> CountInput:
    return read(CountInput, {"node": "cq", "first": 2025, "last": 2025, "by": ["destination"]} | changes)


def test_the_own_register_is_counted_without_small_cells(world: World, graduates: None) -> None:
    cells = counting.count(data=asked(), by=world.cqu_admin.actor, at=timezone.localtime())
    assert [(cell.values, cell.count) for cell in cells] == [
        (("2025", "contract"), None), (("2025", "startup"), None), (("2025", "study"), 12),
    ]  # fmt: skip
    assert len({cell.ref for cell in cells}) == 3
    assert AuditLine.objects.filter(verb="employment.count").count() == 1


@pytest.mark.parametrize("who", ["learner", "teacher", "employer", "auditor"])
def test_who_may_not_count(world: World, who: str) -> None:
    with pytest.raises(Refused):
        counting.count(data=asked(), by=getattr(world, who).actor, at=timezone.localtime())


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"by": ["name"]}, "by"), ({"last": 2024}, "years"), ({"first": 2000}, "years"), ({"node": "sc"}, "no_agreement")],
)
def test_what_cannot_be_counted(world: World, peer: Peer, changes: dict[str, Any], code: str) -> None:
    data, by, at = asked(**changes), world.cqu_admin.actor, timezone.localtime()
    act = counting.ask if data.node == "sc" else counting.count
    with pytest.raises(Refused) as refused:
        act(data=data, by=by, at=at)
    assert [objection.code for objection in refused.value.objections] == [code]


def letter(sharing: Sharing, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    says = {"asker": "authority", "years": [2025], "by": ["destination"]} | changes
    outside = {
        "purpose": "statistics", "legal_basis": "statutory_duty", "fields": ["year", *says["by"]],
        "agreement": sharing.digest,
    }  # fmt: skip
    return says, outside


def test_another_node_is_told_under_the_agreement(world: World, peer: Peer, partner: Partner, graduates: None) -> None:
    sharing = agreed(world, peer, partner, part="provider", **TERMS)
    says, outside = letter(sharing)
    answer = partner.ask("employment_counts.v1", says, **outside)
    assert answer.says["by"] == ["year", "destination"]
    assert {tuple(cell["values"]): cell["count"] for cell in answer.says["cells"]} == {
        ("2025", "contract"): None, ("2025", "startup"): None, ("2025", "study"): 12,
    }  # fmt: skip
    own = counting.count(data=asked(), by=world.cqu_admin.actor, at=timezone.localtime())
    assert not {cell.ref for cell in own} & {cell["ref"] for cell in answer.says["cells"]}, "of the pair only"
    for changes in ({"by": ["industry"]}, {"by": ["name"]}, {"asker": "school"}):
        says, outside = letter(sharing, **changes)
        assert partner.ask("employment_counts.v1", says, **outside).says["standing"] == "refused"


def test_another_node_is_asked_in_the_browser_and_by_program(
    client: Client, world: World, peer: Peer, partner: Partner
) -> None:
    agreed(world, peer, partner, **TERMS)
    told = {
        "by": ["year", "destination"], "least": 10,
        "cells": [{"ref": "0" * 32, "values": ["2025", "study"], "count": 120},
                  {"ref": "1" * 32, "values": ["2025", "startup"], "count": None}],
    }  # fmt: skip
    partner.answer = lambda partner, raw: partner.reply(partner.open(raw), "employment_counts_reply.v1", told)
    sent = {"node": "sc", "first": 2025, "last": 2025, "by": ["destination"]}
    response = enter(client, world, "cqu_admin").post("/employment/", sent, follow=True)
    page = response.content.decode()
    assert "升学" in page
    assert "120" in page
    assert "不公布" in page
    address = response.redirect_chain[0][0]
    assert client.get(f"{address}?format=xlsx")["Content-Type"].endswith("sheet")
    assert enter(client, world, "scu_admin").get(address).status_code == 404
    api = Api(token(world.cqu_admin, "registers:write"))
    assert [cell["count"] for cell in api.send("POST", "/employment-counts", sent).json()["cells"]] == [120, None]
    partner.answer = lambda _partner, _raw: problem(503, "down")
    assert api.send("POST", "/employment-counts", sent).json()["state"] == "waiting"
    assert Outgoing.objects.filter(kind="employment").count() == 3


def test_the_own_register_is_counted_in_the_browser(client: Client, world: World, peer: Peer, graduates: None) -> None:
    sent = {"node": "cq", "first": 2025, "last": 2025, "by": ["destination"]}
    page = enter(client, world, "cqu_admin").post("/employment/", sent).content.decode()
    assert "升学" in page
    assert client.post("/employment/", sent | {"xlsx": "1"})["Content-Type"].endswith("sheet")
    assert client.post("/employment/", sent | {"by": []}).status_code == 422
    assert enter(client, world, "learner").get("/employment/").status_code == 403
