"""A joint meeting of both authorities, a task force, a plan with trouble, and the steps of a session."""

from datetime import date

from shuangcheng.core.schema import read
from shuangcheng.directory.actor import Actor
from shuangcheng.plan.actions import agenda, bodies, items, minutes, sessions
from shuangcheng.plan.inputs.bodies import BodyInput, SeatInput
from shuangcheng.plan.inputs.items import ItemInput
from shuangcheng.plan.inputs.sessions import DigestInput, MatterInput, MinutesInput, ResolutionInput, SessionInput
from shuangcheng.plan.minutes import content, digest_of, template
from shuangcheng.plan.models import Body, Item, Plan, Resolution, Session
from tests.world import AT, SYSTEM

TODAY = AT.date()
LEADS = {"lead_cq": "重庆市教育委员会", "lead_sc": "四川省教育厅", "due": "2027-03-31"}


def make_body(**changes: object) -> Body:
    values: dict[str, object] = {
        "name": "示例教育联席会议",
        "kind": "joint_meeting",
        "field": "mechanism",
        "founded": "2020-04-27",
        "months_between": 6,
    }
    body = bodies.create(data=read(BodyInput, values | changes), by=SYSTEM, at=AT)
    for name, post in (("重庆市教育委员会", "分管负责人"), ("四川省教育厅", "分管负责人"), ("重庆大学", "")):
        bodies.add_seat(body=body, data=SeatInput(organisation=name, post=post), by=SYSTEM, at=AT)
    return body


def make_plan(name: str = "示例清单") -> Plan:
    return Plan.objects.create(
        name=name, pinyin="slqd", field="vocational", first_year=2025, last_year=2027, created_at=AT, updated_at=AT
    )


def make_item(plan: Plan, number: str, *, told: str = "on_track", reason: str = "", **changes: object) -> Item:
    values = {"number": number, "title": f"示例事项{number}", "field": "vocational", **changes}
    item = items.create(plan=plan, data=read(ItemInput, values), by=SYSTEM, at=AT)
    Item.objects.filter(pk=item.pk).update(told=told, told_reason=reason, percent=40)
    return item


def make_session(body: Body, on: date = TODAY, **changes: object) -> Session:
    data = {
        "number": sessions.next_number(body),
        "on": on,
        "place": "重庆市渝中区",
        "host": "重庆市教育委员会",
    } | changes
    return sessions.create(body=body, data=read(SessionInput, data), by=SYSTEM, at=AT)


def held_session(body: Body) -> Session:
    """A session with one matter that has taken place."""
    session = make_session(body)
    agenda.add(session=session, data=MatterInput(title="审议年度工作要点"), by=SYSTEM, at=AT)
    return sessions.hold(session=session, by=SYSTEM, at=AT)


def resolve(session: Session, by: Actor, **changes: object) -> Resolution:
    values = {"text": "共建一个产教联合体。年底前挂牌。", "agenda": "1"} | LEADS | changes
    return minutes.resolve(session=session, data=read(ResolutionInput, values), by=by, at=AT)


def written(session: Session, by: Actor) -> Session:
    """The session with minutes."""
    return minutes.write(session=session, data=MinutesInput(text=template(session)), by=by, at=AT)


def confirm(session: Session, by: Actor) -> None:
    digest = digest_of(content(Session.objects.get(pk=session.pk)))
    minutes.confirm(session=session, data=DigestInput(digest=digest), by=by, at=AT)
