"""What a page shows of things that not everybody may see: votes, avoidance, service."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from shuangcheng.directory.actions import ballots, experts
from shuangcheng.directory.inputs import AvoidanceInput, BallotInput, InvitationInput
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db


def page(client: Client, world: World, who: str | None, path: str) -> str:
    client.logout()
    if who:
        client.force_login(getattr(world, who).account)
    return str(client.get(path).content.decode())


def test_a_vote_is_for_officers_and_members(client: Client, world: World) -> None:
    data = BallotInput(kind="resolution", title="示例决议甲", text="正文")
    ballots.propose(alliance=world.alliance, data=data, by=SYSTEM, at=timezone.now())
    for who, sees in {
        None: False,
        "learner": False,
        "outsider": False,
        "employer": False,
        "staff": True,
        "cq_officer": True,
    }.items():
        shown = page(client, world, who, f"/alliances/{world.alliance.id}/").split('id="members"')[0]
        assert ("示例决议甲" in shown) is sees, who
    assert "示例决议甲" not in page(client, world, None, "/"), "nor on the home page"
    assert "示例决议甲" in page(client, world, "cq_officer", "/")


def test_another_alliance_s_vote_does_not_exist(client: Client, world: World) -> None:
    data = BallotInput(kind="resolution", title="示例决议乙", text="正文")
    row = ballots.propose(alliance=world.alliance, data=data, by=SYSTEM, at=timezone.now())
    client.force_login(world.outsider.account)
    assert client.post(f"/alliances/{world.alliance.id}/ballots/{row.id}/", {"do": "close"}).status_code == 404


def test_avoidance_and_service_are_for_those_who_keep_the_record(client: Client, world: World) -> None:
    at = timezone.now()
    avoidance = AvoidanceInput(organisation="四川大学", reason="示例事由丙")
    experts.avoid(expert=world.expert, data=avoidance, by=SYSTEM, at=at)
    invitation = InvitationInput(host="重庆大学", task="示例任务丁", begins=date(2030, 1, 1), ends=date(2030, 1, 2))
    experts.invite(expert=world.expert, data=invitation, by=SYSTEM, at=at)
    path = f"/experts/{world.expert.id}/"
    for who, sees in {"outsider": (0, 0), "cqu_admin": (0, 1), "swu_admin": (1, 1), "expert_person": (1, 1)}.items():
        shown = page(client, world, who, path)
        assert ("示例事由丙" in shown, "示例任务丁" in shown) == (bool(sees[0]), bool(sees[1])), who
        assert ("完整的服务记录和回避关系，由" in shown) is not bool(sees[0]), "not told that there is nothing"
        assert ("还没有服务记录" in shown, "没有登记回避关系" in shown) == (False, False), who


@pytest.mark.parametrize("sent", ["", "x", "0" * 32])
@pytest.mark.parametrize(("do", "name"), [("come", "service"), ("end_avoidance", "avoidance")])
def test_a_misspelt_id_is_not_found(client: Client, world: World, do: str, name: str, sent: str) -> None:
    client.force_login(world.expert_person.account)
    assert client.post(f"/experts/{world.expert.id}/act/", {"do": do, name: sent}).status_code == 404


def test_a_lead_s_page_does_not_offer_seats(client: Client, world: World) -> None:
    path = f"/alliances/{world.alliance.id}/"
    shown = page(client, world, "cqu_admin", path)
    assert f"{path}members/new/" not in shown
    assert 'name="role"' not in shown
    assert client.get(f"{path}members/new/").status_code == 403
    row = world.alliance.memberships.get(organisation=world.enterprise)
    said = client.post(f"{path}members/{row.id}/", {"do": "role", "role": "council"}, follow=True).content.decode()
    assert "不能由牵头单位单独决定" in said
    assert f"{path}members/new/" in page(client, world, "cq_officer", path)


def test_a_seat_is_proposed_on_the_page(client: Client, world: World) -> None:
    client.force_login(world.cqu_admin.account)
    path = f"/alliances/{world.alliance.id}/"
    form = {"kind": "seat", "title": "增补理事", "member": "示例智造有限公司"}
    assert "请写明成员单位和拟任职务" in client.post(f"{path}ballots/new/", form).content.decode()
    assert client.post(f"{path}ballots/new/", form | {"role": "council"}).status_code == 302
    assert "示例智造有限公司：理事" in client.get(path).content.decode()


def test_ending_the_last_role_leads_back_to_the_list(client: Client, world: World) -> None:
    client.force_login(world.cqu_admin.account)
    person = world.teacher.account.person
    sent = client.post(f"/people/{person.id}/act/", {"do": "end", "grant": str(person.grants.get().id)})
    assert sent["Location"] == "/people/"
    assert client.get(f"/people/{person.id}/").status_code == 404
