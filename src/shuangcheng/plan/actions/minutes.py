"""Writes of minutes: the text, the resolutions that become items, the confirmation by all sides."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from shuangcheng.core.outcome import Message, Objection, Refused, Why, refusal
from shuangcheng.core.schema import read
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key
from shuangcheng.desk import notices
from shuangcheng.directory import audit
from shuangcheng.directory import lookup as directory
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require
from shuangcheng.directory.terms import Side

from .. import hearers
from ..inputs.items import ItemInput, ReasonInput
from ..inputs.sessions import DigestInput, MinutesInput, ResolutionInput
from ..locks import held
from ..matters import on_agenda
from ..minutes import confirmations, content, digest_of, watching
from ..models import AgendaEntry, Body, Item, MinutesConfirmation, Plan, Resolution, Session
from ..terms import SessionState
from . import items

KIND = "session"


def _recorded(session: Session, *, by: Actor, seen: int | None = None) -> Session:
    """The session, held while its minutes change; refused before it was held and after all sides confirmed."""
    require(by, "session.edit", session)
    session = held(session, seen=seen)
    if session.state == SessionState.CONFIRMED:
        text = _("会议纪要已由各方确认，不能再改动。确需更正的，请先退回纪要。")
        raise refusal("minutes.confirmed", text, why=Why.CONFLICT)
    if not session.being_recorded:
        raise refusal("not_held", _("会议还没有召开，不能起草纪要或登记议定事项。"), why=Why.CONFLICT)
    return session


@transaction.atomic
def write(*, session: Session, data: MinutesInput, by: Actor, at: datetime, seen: int | None = None) -> Session:
    """Write the minutes; what a side confirmed before holds no longer when they differ."""
    session = _recorded(session, by=by, seen=seen)
    text = data.text.replace("\r\n", "\n")
    with watching(session, by=by, at=at):
        session.minutes, session.state = text, SessionState.MINUTES
        session.version += 1
        session.updated_at = at
        session.save(update_fields=["minutes", "state", "version", "updated_at"])
    changes = {"digest": [None, digest_of(content(session))]}
    audit.record(by=by, at=at, verb="session.minutes", kind=KIND, subject=session, changes=changes)
    return session


def _plan_of(body: Body, year: int, by: Actor, at: datetime) -> Plan:
    """The plan that a body's resolutions go to, made on first use and stretched to `year`."""
    plan = body.plan
    if plan is None:
        name = f"{body.name}议定事项"
        plan = Plan.objects.filter(name=name).first()
        if plan is None:
            plan = Plan.objects.create(
                name=name, pinyin=pinyin_key(name), side=body.side, field=body.field, first_year=year, last_year=year,
                purpose=f"{body.name}历次会议的议定事项。", invented=body.invented, created_at=at, updated_at=at,
            )  # fmt: skip
            audit.record(by=by, at=at, verb="plan.create", kind="plan", subject=plan)
        body.plan = plan
        body.save(update_fields=["plan"])
    if not plan.first_year <= year <= plan.last_year:
        plan.first_year, plan.last_year = min(plan.first_year, year), max(plan.last_year, year)
        plan.save(update_fields=["first_year", "last_year"])
    return plan


def _entry(session: Session, key: str) -> AgendaEntry | None:
    """A matter on the agenda by its place in it or its id."""
    if not key:
        return None
    rows = list(on_agenda(session))
    found = [row for place, row in enumerate(rows, start=1) if key in (str(place), str(row.pk))]
    if not found:
        raise refusal("not_on_agenda", _("这次会议没有第“%(key)s”项议题。"), where="agenda", key=key[:40])
    return found[0]


def _resolution(session: Session, data: ResolutionInput) -> dict[str, Any]:
    """The columns of a resolution; each side of the body must lead."""
    missing = [
        Objection(
            "lead_missing", Message(_("请填写%(side)s牵头单位。"), {"side": Message(Side(side).label)}), f"lead_{side}"
        )
        for side in session.body.sides
        if not getattr(data, f"lead_{side}")
    ]
    if data.due is None:
        missing.append(Objection("due_missing", Message(_("请填写完成期限。")), "due"))
    elif session.on and data.due < session.on:
        missing.append(Objection("due_before", Message(_("完成期限早于会议日期，请核对。")), "due"))
    if missing:
        raise Refused(*missing)
    return {
        "text": data.text,
        "agenda": _entry(session, data.agenda),
        "lead_cq": directory.organisation(data.lead_cq, where="lead_cq") if data.lead_cq else None,
        "lead_sc": directory.organisation(data.lead_sc, where="lead_sc") if data.lead_sc else None,
        "due": data.due,
    }


def _free_number(plan: Plan, wanted: str) -> str:
    """A number that no item of the plan has: 5.1, else 5.1-2."""
    taken = set(plan.items.filter(number__startswith=wanted).values_list("number", flat=True))
    others = (f"{wanted}-{count}" for count in range(2, len(taken) + 3))
    return next(number for number in (wanted, *others) if number not in taken)


def _short(text: str) -> str:
    """The first sentence of a resolution, as the title of its item."""
    first = text.splitlines()[0].split("。")[0].strip()
    return first[:300] if len(first) > 1 else text[:300]


def _as_input(item: Item, **changes: object) -> ItemInput:
    """An item as it would be entered again, with changes."""
    plain = ("number", "kind", "title", "text", "action_plan", "field", "office_cq", "office_sc", "partners_text",
             "starts", "due", "money_planned", "money_source")  # fmt: skip
    values: dict[str, object] = {name: getattr(item, name) for name in plain}
    for name in ("lead_cq", "lead_sc", "zone", "alliance", "task_force", "clause"):
        values[name] = str(getattr(item, f"{name}_id") or "")
    values["parent"] = item.parent.number if item.parent else ""
    values["clause"] = values["clause"] or item.clause_label
    values["partners"] = tuple(str(row.pk) for row in item.partners.all())
    values["divisions"] = tuple(row.code for row in item.divisions.all())
    return read(ItemInput, values | changes)


def _led(values: dict[str, Any]) -> dict[str, object]:
    """What a resolution says of its item."""
    leads = {name: str(values[name].pk) if values[name] else "" for name in ("lead_cq", "lead_sc")}
    return leads | {"title": _short(values["text"]), "text": values["text"], "due": values["due"]}


@transaction.atomic
def resolve(*, session: Session, data: ResolutionInput, by: Actor, at: datetime) -> Resolution:
    """Enter a resolution; it becomes an item of the body's plan with its leads and its day."""
    session = _recorded(session, by=by)
    values = _resolution(session, data)
    number = (session.resolutions.aggregate(last=Max("number"))["last"] or 0) + 1
    body = Body.objects.select_for_update(of=("self",)).get(pk=session.body_id)
    plan = _plan_of(body, values["due"].year, by, at)
    made: dict[str, object] = {
        "number": _free_number(plan, f"{session.number}.{number}"), "field": body.field, "starts": session.on,
        "action_plan": body.action_plan, "task_force": str(body.pk) if body.is_task_force else "",
    }  # fmt: skip
    source = f"{session}议定事项{number}"[:200]
    item = items.create(plan=plan, data=read(ItemInput, made | _led(values)), by=by, at=at, source=source)
    with watching(session, by=by, at=at):
        row = Resolution.objects.create(session=session, number=number, item=item, **values)
    changes = audit.differences({}, {name: values[name] for name in ("lead_cq", "lead_sc", "due")})
    audit.record(by=by, at=at, verb="session.resolve", kind=KIND, subject=session, changes=changes, note=str(row))
    return row


@transaction.atomic
def amend(*, resolution: Resolution, data: ResolutionInput, by: Actor, at: datetime) -> Resolution:
    """Change a resolution and its item before the minutes are confirmed."""
    session = _recorded(resolution.session, by=by)
    row = Resolution.objects.select_for_update(of=("self",)).select_related("item").get(pk=resolution.pk)
    values = _resolution(session, data)
    changes = audit.differences({name: getattr(row, name) for name in values}, values)
    with watching(session, by=by, at=at):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    if row.item:
        items.edit(item=row.item, data=_as_input(row.item, **_led(values)), by=by, at=at)
    audit.record(by=by, at=at, verb="session.resolve", kind=KIND, subject=session, changes=changes, note=str(row))
    return row


@transaction.atomic
def withdraw(*, resolution: Resolution, data: ReasonInput, by: Actor, at: datetime) -> None:
    """Take back a resolution that was entered by mistake, with its item when that was not used."""
    session = _recorded(resolution.session, by=by)
    row = Resolution.objects.select_for_update(of=("self",)).select_related("item").get(pk=resolution.pk)
    if row.item:
        items.remove(item=row.item, data=data, by=by, at=at)
    changes = {"text": [row.text, None]}
    with watching(session, by=by, at=at):
        row.delete()
    audit.record(by=by, at=at, verb="session.resolve", kind=KIND, subject=session, changes=changes, note=data.reason)


@transaction.atomic
def confirm(
    *, session: Session, data: DigestInput, by: Actor, at: datetime, side: str = ""
) -> MinutesConfirmation:  # fmt: skip
    """Confirm for one's side exactly the minutes that one has seen; with all sides they are fixed.

    `side` is given where the system acts for one.
    """
    require(by, "session.confirm", session)
    session = held(session, seen=None)
    if session.state != SessionState.MINUTES:
        raise refusal("no_minutes", _("只有已起草、尚未由各方确认的纪要可以确认。"), why=Why.CONFLICT)
    side = by.side or side
    if side not in session.body.sides:
        raise refusal("no_side", _("纪要由所属各方的教育行政部门确认，您的账号不代表其中一方。"), why=Why.FORBIDDEN)
    told = content(session)
    digest = digest_of(told)
    if data.digest != digest:
        text = _("会议纪要在您打开之后已有改动，没有确认。请重新阅读后再确认。")
        raise refusal("minutes.changed", text, where="digest", why=Why.CONFLICT)
    row, _created = MinutesConfirmation.objects.get_or_create(
        session=session, side=side, digest=digest, defaults={"by_name": by.name, "at": at}
    )
    if all(holds for _row, holds in confirmations(session, digest).values()):
        session.state, session.snapshot = SessionState.CONFIRMED, told
        session.version += 1
        session.updated_at = at
        session.save(update_fields=["state", "snapshot", "version", "updated_at"])
    changes = {"digest": [None, digest], "state": [SessionState.MINUTES, session.state]}
    audit.record(
        by=by, at=at, verb="session.confirm", kind=KIND, subject=session, changes=changes, note=Side(side).label
    )
    _tell(session, side, by, at)
    return row


def _tell(session: Session, side: str, by: Actor, at: datetime) -> None:
    """Those who sit in the body hear of confirmed minutes; before, the other side hears that it is its turn."""
    day = at.date()
    if session.state == SessionState.CONFIRMED:
        people, text = hearers.of_body(session.body, day=day), _("“%(session)s”的会议纪要已由各方确认。")
    else:
        others = [other for other in session.body.sides if other != side]
        people = {person for other in others for person in hearers.officers(other, day=day)}
        text = _("“%(session)s”的会议纪要已由对方确认，请贵方核对确认。")
    message, address = Message(text, {"session": str(session)}), reverse("session", args=[session.pk])
    notices.tell(people=people, message=message, kind="minutes", address=address, by=by, at=at)


@transaction.atomic
def reopen(*, session: Session, data: ReasonInput, by: Actor, at: datetime) -> Session:
    """Send confirmed minutes back for correction, with the reason; all sides confirm anew."""
    require(by, "session.confirm", session)
    session = held(session, seen=None)
    if session.state != SessionState.CONFIRMED:
        raise refusal("not_confirmed", _("只有已确认的纪要可以退回。"), why=Why.CONFLICT)
    digest = digest_of(content(session))
    session.confirmations.all().delete()
    session.state, session.snapshot = SessionState.MINUTES, None
    session.version += 1
    session.updated_at = at
    session.save(update_fields=["state", "snapshot", "version", "updated_at"])
    changes = {"digest": [digest, None]}
    audit.record(by=by, at=at, verb="session.reopen", kind=KIND, subject=session, changes=changes, note=data.reason)
    message = Message(
        _("“%(session)s”的会议纪要已退回更正：%(reason)s"), {"session": str(session), "reason": data.reason}
    )
    address = reverse("session", args=[session.pk])
    notices.tell(
        people=hearers.of_body(session.body, day=at.date()), message=message, kind="minutes", address=address, by=by,
        at=at,
    )  # fmt: skip
    return session
