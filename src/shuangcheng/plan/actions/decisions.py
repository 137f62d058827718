"""Decisions on filings: returned with a comment, accepted so that they count; who has not filed is reminded."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from shuangcheng.core import calendar
from shuangcheng.core.outcome import Message, Objection, Refused, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.desk import notices
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor, system
from shuangcheng.directory.policy import require

from .. import hearers
from ..inputs.filings import ReturnedInput
from ..locks import held
from ..models import Filing, Progress
from ..terms import FilingState, PeriodState
from .filings import KIND, remember, touch
from .progress import apply, uncount

RETURNED = _("“%(period)s”的报送件（%(organisation)s）被退回：%(answer)s")
ACCEPTED = _("“%(period)s”的报送件（%(organisation)s）已通过。")
REMINDED = _("“%(period)s”将于 %(due)s 截止，%(organisation)s还没有报送，请抓紧填报。")
OVERDUE = _("“%(period)s”已于 %(due)s 截止，%(organisation)s还没有报送，请尽快补报。")
DAYS_BEFORE = 3
"""Working days before the last day on which the system reminds by itself."""


def _tell(filing: Filing, text: str, *, by: Actor, at: datetime, **more: object) -> None:
    """Tell those who work at the organisation."""
    period = filing.period
    values = {"period": period.title, "organisation": filing.organisation.name, "due": period.due, **more}
    notices.tell(
        people=hearers.of_organisation(filing.organisation_id, day=at.date()), message=Message(text, values), kind=KIND,
        address=reverse("filing", args=[filing.pk]), by=by, at=at,
    )  # fmt: skip


def _filed(filing: Filing, states: Iterable[str], *, seen: int | None) -> Filing:
    """The filing under its lock; refused when it is not there to be decided."""
    row = held(filing, seen=None)
    if row.state not in states:
        state = Message(FilingState(row.state).label)
        text = _("%(organisation)s的报送件现在是“%(state)s”，不能这样办理。请刷新页面，查看最新情况。")
        raise refusal("filing.state", text, why=Why.CONFLICT, organisation=row.organisation.name, state=state)
    return held(row, seen=seen)


@transaction.atomic
def send_back(*, filing: Filing, data: ReturnedInput, by: Actor, at: datetime, seen: int | None = None) -> Filing:
    """Return a filing with a comment; what was accepted no longer counts. It can be changed and filed again."""
    require(by, "filing.decide", filing)
    filing = _filed(filing, (FilingState.FILED, FilingState.ACCEPTED), seen=seen)
    if not filing.period.open:
        text = _("“%(period)s”已经截止，退回后无法再报。请先把报送截止日期改到今天或以后。")
        raise refusal("period.closed", text, why=Why.CONFLICT, period=filing.period.title)
    for row in filing.lines.filter(counts=True).order_by("item"):
        uncount(row, at=at)
    before = filing.state
    filing.state, filing.answer, filing.decided_at, filing.decided_by = FilingState.RETURNED, data.answer, at, by.name
    remember(filing, "returned", by=by, at=at, answer=data.answer)
    touch(filing, at=at)
    changes = audit.differences({"state": before}, {"state": filing.state})
    audit.record(by=by, at=at, verb="filing.return", kind=KIND, subject=filing, changes=changes, note=data.answer)
    _tell(filing, RETURNED, by=by, at=at, answer=data.answer)
    return filing


@transaction.atomic
def accept(
    *, filings: Iterable[Filing], by: Actor, at: datetime, seen: Mapping[UUID, int] | None = None
) -> list[Filing]:
    """Accept filings, all or none; what they report counts from now on, a lead's word after that of partners."""
    accepted: list[Filing] = []
    objections: list[Objection] = []
    for row in sorted(filings, key=lambda row: row.pk):
        require(by, "filing.decide", row)
        try:
            accepted.append(_filed(row, (FilingState.FILED,), seen=(seen or {}).get(row.pk)))
        except Refused as refused:
            objections += refused.objections
    if objections:
        raise Refused(*objections, why=Why.CONFLICT)
    if not accepted:
        raise refusal("nothing", _("请先选择要通过的报送件。"), where="filings")
    lines = Progress.objects.filter(filing__in=accepted).select_related("item")
    for line in sorted(lines, key=_leads_last):
        apply(line, at=at)
    for filing in accepted:
        filing.state, filing.decided_at, filing.decided_by = FilingState.ACCEPTED, at, by.name
        remember(filing, "accepted", by=by, at=at)
        touch(filing, at=at)
        audit.record(by=by, at=at, verb="filing.accept", kind=KIND, subject=filing, note=filing.period.title)
        _tell(filing, ACCEPTED, by=by, at=at)
    return accepted


def _leads_last(line: Progress) -> tuple[Any, ...]:
    """Items in one order, so that two who accept do not wait for each other; in each the leads after the partners."""
    item = line.item
    return item.pk, line.organisation_id in (item.lead_cq_id, item.lead_sc_id), line.pk


@transaction.atomic
def remind(*, filings: Iterable[Filing], by: Actor, at: datetime) -> list[Filing]:
    """Remind those who work at organisations that have not filed, once a day at most."""
    reminded: list[Filing] = []
    for row in sorted(filings, key=lambda row: row.pk):
        require(by, "filing.decide", row)
        filing = held(row, seen=None)
        today = filing.reminded_at is not None and timezone.localdate(filing.reminded_at) == at.date()
        if not filing.writable or today:
            continue
        filing.reminded_at = at
        filing.save(update_fields=["reminded_at"])
        audit.record(by=by, at=at, verb="filing.remind", kind=KIND, subject=filing, note=filing.period.title)
        _tell(filing, OVERDUE if filing.period.overdue(at.date()) else REMINDED, by=by, at=at)
        reminded.append(filing)
    if not reminded:
        raise refusal("nobody", _("没有需要催报的单位：都已报送，或今天已经催过。"), why=Why.CONFLICT)
    return reminded


def first_reminder(due: date) -> date:
    """The day on which the system reminds first."""
    for _step in range(DAYS_BEFORE):
        due = calendar.before(due)
    return due


def remind_by_itself(*, at: datetime) -> int:
    """Remind who has not filed three working days before the last day and on the day after it; returns how many.

    A day that was missed is made up for; what was reminded since the day is not reminded again.
    """
    count = 0
    rows = Filing.objects.missing().filter(period__state=PeriodState.OPEN).select_related("period", "organisation")
    for filing in rows.order_by("pk"):
        due = filing.period.due
        since = due + timedelta(days=1) if filing.period.overdue(at.date()) else first_reminder(due)
        last = filing.reminded_at
        if at.date() < since or (last is not None and timezone.localdate(last) >= since):
            continue
        remind(filings=[filing], by=system("自动催报"), at=at)
        count += 1
    return count
