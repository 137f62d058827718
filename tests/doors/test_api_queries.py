"""Answers cost a bounded number of queries, however long the list."""

from typing import Any

from pytest_django import DjangoAssertNumQueries

from shuangcheng.directory.actions import agreements, alliances, ballots, experts, organisations, zones
from shuangcheng.directory.inputs import (
    AgreementInput,
    AllianceInput,
    BallotInput,
    ExpertInput,
    MemberInput,
    ProgrammeInput,
    VoteInput,
    ZoneInput,
)
from shuangcheng.directory.models import CatalogueEntry
from shuangcheng.directory.terms import Role
from tests.doors.api_cast import stage
from tests.doors.api_client import Api, token
from tests.world import SINCE, SYSTEM, World, organisation, someone

MANY = 12
AUTH = 3
"""Queries for a token: the token with its account, its last use, the roles in force."""


def more(world: World) -> None:
    """Many more of each thing."""
    by: dict[str, Any] = {"by": SYSTEM, "at": SINCE}
    for index in range(MANY):
        name = f"示例学校{chr(0x4E00 + index)}"
        key = str(organisation(name, "school", "500106").id)
        alliances.enter_member(alliance=world.alliance, data=MemberInput(organisation=key), **by)
        founding = AllianceInput(name=f"{name}联盟", kind="alliance", field="basic", division="500106", lead=key)
        alliances.found(data=founding, **by)
        places = ("500106", "510100")
        zone = ZoneInput(name=f"{name}区", kind="pilot", level="local", divisions=places, leads=(key,))
        zones.save(data=zone, **by)
        agreement = AgreementInput(
            title=f"{name}协议", parties=(key, "四川大学"), signed=SINCE.date(), text="文本",
            alliance=str(world.alliance.id), zone=str(world.zone.id),
        )  # fmt: skip
        agreements.approve(agreement=agreements.draft(data=agreement, **by), version=1, **by)
        code = f"99{index:04}"
        CatalogueEntry.objects.create(
            catalogue="undergraduate_2026", code=code, name=name, level="专业", parent_code="99", leaf=True
        )
        programme = ProgrammeInput(catalogue="undergraduate_2026", code=code)
        organisations.add_programme(organisation=world.cqu, data=programme, **by)
        ballot = ballots.propose(alliance=world.alliance, data=BallotInput(title=name), **by)
        ballots.vote(ballot=ballot, data=VoteInput(organisation="重庆大学", choice="for"), **by)
        member = someone(f"人{chr(0x4E00 + index)}", f"more{index}", Role.TEACHER, world.cqu, serial=100 + index)
        nomination = ExpertInput(
            name="某人", employer=key, nominated_by=key, field="basic", specialities="教学", title="教授"
        )
        experts.nominate(data=nomination, person=member.account.person, **by)


PUBLIC = {
    "/divisions": 1,
    "/divisions?parent=500000&valid_on=2026-01-01": 3,
    "/catalogues?catalogue=undergraduate_2026": 1,
    "/organisations": 1,
    "/organisations?q=slxx&division=500000&designation=x&type=school": 3,
    "/organisations/{cqu}": 2,
    "/programmes": 1,
    "/organisations/{cqu}/programmes": 2,
    "/alliances": 2,
    "/alliances?member=重庆大学": 4,
    "/alliances/{alliance}": 2,
    "/alliances/{alliance}/members": 2,
    "/zones": 3,
    "/agreements": 2,
    "/search?q=示例": 3,
    "/terms": 0,
}
KNOWN = {
    "/alliances/{alliance}/ballots": 4,
    "/alliances/{alliance}/applications": 2,
    "/alliances/{alliance}/reports": 2,
    "/experts": 1,
    "/experts/{expert}/services": 2,
    "/experts/{expert}/avoidances": 2,
    "/people": 4,
    "/tokens": 1,
    "/audit": 1,
    "/me": 1,
}


def test_lists_cost_few_queries(world: World, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    stage(world)
    more(world)
    keys = {"cqu": world.cqu.id, "alliance": world.alliance.id, "expert": world.expert.id}
    known = Api(token(world.node_admin))
    known.get("/me")
    for api, paths, before in ((Api(), PUBLIC, 0), (known, KNOWN, AUTH)):
        for path, queries in paths.items():
            with django_assert_max_num_queries(queries + before, info=path):
                response = api.get(path.format(**keys))
            assert response.status_code == 200, path
            if "?" not in path and "items" in response.json():
                assert response.json()["items"], path
