"""What this node publishes, and what becomes of what others publish."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from shuangcheng.core import feed as pages
from shuangcheng.core.wire import seconds
from shuangcheng.directory.actions import organisations
from shuangcheng.directory.inputs import OrganisationInput
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.models.base import uuid7
from shuangcheng.exchange import feed
from shuangcheng.exchange.models import FeedItem, Mirror, Peer
from shuangcheng.plan.models import Plan
from tests.partner import Partner
from tests.rooms.test_joint_plan import approve, content, deliver, ours, says  # noqa: F401 fixtures
from tests.world import AT, SYSTEM, World

COLLEGE = {
    "name": "川南示例学院", "type": "college", "code": "", "credit_code": "", "authority": "四川省", "level": "专科",
    "private": False, "status": "active", "website": "", "division": "510115",
}  # fmt: skip


def tell(partner: Partner, *things: tuple[UUID, dict[str, Any] | None], after: int = 0) -> None:
    """What the other node's feed says after a cursor."""
    told = tuple(
        pages.Thing(cursor=after + place, kind="organisation", ref=str(ref), body=body)
        for place, (ref, body) in enumerate(things, start=1)
    )
    page = pages.Page(iss="sc", at=seconds(timezone.now()), after=after, things=told, last=True)
    partner.pages[f"/exchange/feed?after={after}"] = pages.sign_page(page, keys=[partner.signer])


def pull(peer: Peer) -> None:
    peer.refresh_from_db()
    feed.pull(peer, at=timezone.localtime())


def told(kind: str) -> dict[str, dict[str, Any]]:
    return {item.body["name"]: item.body for item in FeedItem.objects.filter(kind=kind) if item.body}


def test_this_sides_things_are_published(world: World) -> None:
    feed.publish(at=AT)
    assert {"重庆大学", "西南大学", "重庆市教育委员会"} <= told("organisation").keys()
    assert not {"四川大学", "示例教师教育联盟"} & told("organisation").keys()
    assert told("organisation")["重庆大学"]["division"] == "500106"
    assert "示例智造有限公司" in told("alliance")["示例教师教育联盟"]["members"]
    assert told("zone")["潼南—遂宁教育一体化"]["divisions"] == ["500152", "510900"]
    assert told("plan") == {}


def test_a_change_is_published_once_and_ours_only(world: World) -> None:
    feed.publish(at=AT)
    data = OrganisationInput(**COLLEGE | {"name": "渝南示例学院", "division": "500106"})
    made = organisations.create(data=data, by=SYSTEM, at=AT)
    [new] = feed.publish(at=AT)
    assert (new.kind, new.ref) == ("organisation", made.pk)
    assert feed.publish(at=AT) == []


def test_an_approved_list_is_published_with_its_digest(world: World, partner: Partner, ours: Plan) -> None:  # noqa: F811
    digest = approve(ours, world)
    deliver()
    feed.publish(at=AT)
    assert told("plan") == {}
    partner.ask("plan_approval.v1", {"plan": str(ours.pk), "digest": digest, "by": "舒明川", "at": 1})
    feed.publish(at=AT)
    assert told("plan")["示例清单"]["digest"] == digest


def test_an_unknown_organisation_of_theirs_comes_with_its_id(world: World, partner: Partner, peer: Peer) -> None:
    ref = uuid7()
    tell(partner, (ref, COLLEGE))
    pull(peer)
    row = Organisation.objects.get(pk=ref)
    assert (row.name, row.origin, row.side, row.division) == ("川南示例学院", "sc", "sc", world.divisions["温江区"])
    tell(partner, (ref, COLLEGE | {"level": "本科"}), after=1)
    pull(peer)
    row.refresh_from_db()
    assert row.level == "本科"
    feed.publish(at=AT)
    assert "川南示例学院" not in told("organisation"), "it is theirs to publish"
    tell(partner, (ref, None), after=2)
    pull(peer)
    row.refresh_from_db()
    assert row.status == "closed"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "四川大学新名", "code": "4151010610"},
        {"name": "四川大学", "type": "university"},
    ],
)
def test_what_is_known_here_is_not_made_twice(world: World, partner: Partner, peer: Peer, body: dict[str, Any]) -> None:
    before = Organisation.objects.count()
    tell(partner, (uuid7(), COLLEGE | body))
    pull(peer)
    assert Organisation.objects.count() == before
    assert Mirror.objects.get().title == body["name"]


def test_what_was_entered_here_is_never_changed_by_them(world: World, partner: Partner, peer: Peer) -> None:
    tell(partner, (world.scu.pk, COLLEGE | {"name": "改了"}), (world.cqu.pk, None))
    pull(peer)
    assert Organisation.objects.get(pk=world.scu.pk).name == "四川大学"
    assert Organisation.objects.get(pk=world.cqu.pk).status == "active"


def test_an_organisation_of_our_side_is_not_theirs_to_make(world: World, partner: Partner, peer: Peer) -> None:
    ref, broken = uuid7(), uuid7()
    tell(partner, (ref, COLLEGE | {"division": "500106"}), (broken, {"name": "只有名称"}))
    pull(peer)
    assert not Organisation.objects.filter(pk__in=[ref, broken]).exists()
    assert Mirror.objects.count() == 2, "it is shown as what they say"


def test_a_list_may_name_what_the_feed_brought(world: World, partner: Partner, peer: Peer) -> None:
    tell(partner, (uuid7(), COLLEGE))
    feed.pull(peer, at=timezone.localtime() + timedelta(seconds=5))
    snapshot = content()
    snapshot["items"][1]["lead_sc"] = "川南示例学院"
    assert partner.ask("plan_version.v1", says(snapshot)).says["standing"] == "handled"
    assert Plan.objects.get().items.get(number="1").lead_sc.origin == "sc"  # type: ignore[union-attr]
