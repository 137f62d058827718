"""What a joint body should talk about: matters of its area that stand badly, were put off, or were referred to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from shuangcheng.core import calendar
from shuangcheng.core.standing import Standing, overdue
from shuangcheng.directory.terms import Field

from .models import AgendaEntry, Body, Consultation, Item, Remark, Session
from .models.bodies import HELD
from .terms import AgendaReason, AgendaState, ConsultationState, RemarkKind, SessionState, Sides

MOST = 40
"""Items that are proposed at once; what is less urgent waits."""

TROUBLED = (Standing.LATE, Standing.BLOCKED, Standing.AT_RISK)


@dataclass(frozen=True)
class Matter:
    """A matter that is proposed, why, and what it is about."""

    title: str
    reason: str
    detail: str
    item: Item | None = None
    consultation: Consultation | None = None


def slice_of(body: Body) -> "QuerySet[Item]":
    """The body's slice of the list: a task force's own items, for others those of the plan of its resolutions."""
    return Item.objects.filter(task_force=body) if body.is_task_force else Item.objects.filter(plan=body.plan)


def area(body: Body) -> "QuerySet[Item]":
    """What a body answers for: its slice, and unless it is a task force the open plans of its side, field, action plan.

    A body for mechanisms 体制机制 without an action plan answers for every field.
    """
    if body.is_task_force:
        return slice_of(body)
    sides = [Sides.BOTH] if body.side == Sides.BOTH else [Sides.BOTH, body.side]
    within = Q(plan__side__in=sides, plan__closed=False)
    if body.action_plan:
        within &= Q(action_plan=body.action_plan)
    elif body.field != Field.MECHANISM:
        within &= Q(field=body.field)
    return Item.objects.filter(within | Q(plan=body.plan, plan__isnull=False))


def last_before(session: Session) -> Session | None:
    """The session that was held before this one."""
    rows = Session.objects.filter(body=session.body, number__lt=session.number, state__in=HELD)
    return rows.order_by("-number").first()


def troubled(body: Body, *, today: date) -> "QuerySet[Item]":
    """Items of the body's area that are late, blocked, at risk or disputed; the most urgent first."""
    rows = area(body).standing(today).open().select_related("plan")  # type: ignore[attr-defined]
    return rows.filter(Q(standing__in=TROUBLED) | Q(disputed=True)).urgent_first()


def proposals(session: Session, *, today: date) -> tuple[list[Matter], int]:
    """What is not on the session's agenda yet, and how many less urgent items were left for later."""
    there = list(session.agenda.all())
    items = {entry.item_id for entry in there}
    titles = {entry.title for entry in there}
    last = last_before(session)
    found = [matter for matter in _carried(last) if matter.title not in titles] if last else []
    items |= {matter.item.pk for matter in found if matter.item}
    found += [
        Matter(row.topic, AgendaReason.RAISED, "会商后提交会议", row.item, row) for row in _referred(session.body)
    ]
    late = [item for item in troubled(session.body, today=today) if item.pk not in items]
    disputes = _disputes(late[:MOST])
    found += [_of_item(item, last=last, today=today, dispute=disputes.get(item.pk, "")) for item in late[:MOST]]
    return found, max(0, len(late) - MOST)


def _referred(body: Body) -> "QuerySet[Consultation]":
    """Consultations that were referred to a session and are on the agenda of none."""
    taken = AgendaEntry.objects.exclude(session__state=SessionState.CANCELLED).filter(consultation__isnull=False)
    rows = Consultation.objects.filter(body=body, state=ConsultationState.REFERRED).select_related("item")
    return rows.exclude(pk__in=taken.values("consultation"))


def _carried(last: Session) -> Iterator[Matter]:
    """Matters that the last session had on its agenda and did not resolve."""
    rows = last.agenda.filter(state=AgendaState.ACCEPTED, resolutions__isnull=True).select_related("item")
    for entry in rows:
        yield Matter(entry.title, AgendaReason.CARRIED, f"{last}未形成议定事项", entry.item, entry.consultation)


def _disputes(items: list[Item]) -> dict[object, str]:
    """What the newest dispute of each disputed item says."""
    rows = Remark.objects.filter(item__in=[item for item in items if item.disputed], kind=RemarkKind.DISPUTE)
    return {remark.item_id: remark.text for remark in rows.order_by("at")}


def _of_item(item: Item, *, last: Session | None, today: date, dispute: str) -> Matter:
    standing = item.standing  # type: ignore[attr-defined]
    reason = AgendaReason(standing) if standing in TROUBLED else AgendaReason.DISPUTED
    told = [_trouble(item, standing, today)]
    if item.disputed:
        told.append(f"有分歧：{dispute.rstrip('。')}" if dispute else "有分歧")
    if reason == AgendaReason.LATE and last and last.on and item.due and item.due > last.on:
        told.append("上次会议后到期")
    title = f"{item.number} {item.title}"[:200]
    return Matter(title, reason, "；".join(filter(None, told))[:300], item)


def _trouble(item: Item, standing: str, today: date) -> str:
    """Why an item stands as it does, in words."""
    if standing == Standing.LATE and item.due:
        return f"逾期 {overdue(item.due, today)} 个工作日，完成 {item.percent}%"
    if standing == Standing.BLOCKED:
        return f"受阻：{item.told_reason.rstrip('。')}"
    if standing == Standing.AT_RISK and item.told == Standing.AT_RISK:
        return f"有风险：{item.told_reason.rstrip('。')}"
    if standing == Standing.AT_RISK and item.due:
        days = calendar.between(today, calendar.rolled(item.due))
        return f"距完成期限 {days} 个工作日，完成 {item.percent}%"
    return "应启动而未启动" if standing == Standing.AT_RISK else ""


def on_agenda(session: Session) -> "QuerySet[AgendaEntry]":
    """What was accepted, in its order."""
    return session.agenda.filter(state=AgendaState.ACCEPTED).select_related("item__plan").order_by("order", "id")
