"""The ledger, what is sought from above, and the joint bodies with their sessions."""

from typing import Any

from shuangcheng.core.schema import read as read_input
from shuangcheng.directory.actor import Actor
from shuangcheng.plan.actions import bodies, ledger, sought
from shuangcheng.plan.inputs.bodies import BodyInput, SeatInput
from shuangcheng.plan.inputs.ledger import ActivityInput, SoughtAnswerInput, SoughtInput
from shuangcheng.plan.models import Activity, Body, Session, Sought
from shuangcheng.plan.terms import SoughtState

from . import read
from .clock import Clock

ROW = (
    "kind", "title", "on", "place", "people", "result", "field", "action_plan", "hosts", "alliance", "zone",
    "quantity", "source", "side",
)  # fmt: skip
WANTED = (
    "kind", "title", "text", "channel", "field", "action_plan", "state", "asked_on", "answer", "answered_on", "source",
)  # fmt: skip
BODY = ("name", "kind", "side", "field", "action_plan", "mandate", "founded", "months_between")
ASKED = ("kind", "title", "text", "channel", "field", "action_plan", "asked_on")


def book(by: Actor, clock: Clock) -> int:
    """Enter in the ledger what sources name, and what they only count."""
    count = 0
    for row in read.entries("ledger", "rows")[0]["lines"]:
        values = dict(zip(ROW, row, strict=True))
        source = read.source({"source": values.pop("source")})
        if Activity.objects.filter(title=values["title"]).exists():
            continue
        data = read_input(ActivityInput, _given(values))
        ledger.create(data=data, by=by, at=clock.ago(370), source=source)
        count += 1
    return count


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", 0)}


def seek(by: Actor, clock: Clock) -> int:
    """Enter what is sought from above, with the answers."""
    count = 0
    for row in read.entries("ledger", "sought")[0]["lines"]:
        values = dict(zip(WANTED, row, strict=True))
        if Sought.objects.filter(title=values["title"]).exists():
            continue
        facts = {
            name: values[name] for name in ("kind", "title", "text", "channel", "field", "action_plan", "asked_on")
        }
        source = read.source({"source": values["source"]})
        made = sought.save(data=read_input(SoughtInput, _given(facts)), by=by, at=clock.ago(150), source=source)
        if values["state"] not in (SoughtState.PREPARING, SoughtState.SUBMITTED):
            answer = {name: values[name] for name in ("state", "answer", "answered_on")}
            sought.answer(row=made, data=read_input(SoughtAnswerInput, answer), by=by, at=clock.ago(140))
        count += 1
    return count


def convene(by: Actor, clock: Clock) -> int:
    """Enter the joint bodies with their seats and the sessions that sources date."""
    count = 0
    for entry in read.entries("bodies", "body"):
        if Body.objects.filter(name=entry["name"]).exists():
            continue
        data = read_input(BodyInput, read.facts(entry, *BODY))
        body = bodies.create(data=data, by=by, at=clock.ago(376), invented=entry.get("invented", False))
        Body.objects.filter(pk=body.pk).update(reported=read.figures(entry))
        for organisation, post, role in entry["seats"]:
            seat = SeatInput(organisation=organisation, post=post, role=role)
            bodies.add_seat(body=body, data=seat, by=by, at=clock.ago(375))
        for session in entry["sessions"]:
            _session(body, session, clock)
        count += 1
    return count


def _session(body: Body, entry: dict[str, Any], clock: Clock) -> None:
    """A session of the past as a source reports it: it did not run on this platform, so nothing was confirmed here."""
    facts = {name: entry[name] for name in ("number", "title", "on", "place", "minutes")}
    Session.objects.create(
        body=body, state="held", on_or_before=entry.get("on_or_before", False), source=read.source(entry),
        created_at=clock.ago(374), updated_at=clock.ago(374), **facts,
    )  # fmt: skip


def bind(by: Actor, clock: Clock) -> int:
    """Tell the bodies the lists that their resolutions go to, once there are lists."""
    for entry in read.entries("bodies", "body"):
        body = Body.objects.get(name=entry["name"])
        if "plan" in entry and body.plan_id is None:
            data = read_input(BodyInput, read.facts(entry, *BODY, "plan"))
            bodies.edit(body=body, data=data, by=by, at=clock.ago(371))
    return 0
