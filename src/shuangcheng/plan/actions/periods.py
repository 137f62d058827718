"""Writes of periods 报送期: opened for everybody who is named in a plan, changed, closed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from shuangcheng.core.outcome import Message, Objection, Refused, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.desk import notices
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.policy import require
from shuangcheng.directory.terms import OrganisationStatus

from .. import hearers, lookup
from ..inputs.filings import PeriodFactsInput, PeriodInput
from ..locks import held
from ..models import Filing, Item, Period, Plan
from ..terms import PeriodState, Sides

KIND = "period"
ASKED = _("请在 %(due)s 前报送“%(period)s”（%(organisation)s）。")
GONE = (OrganisationStatus.MERGED, OrganisationStatus.CLOSED)


def named(plan: Plan, side: str) -> "QuerySet[Organisation]":
    """The organisations of a side, or of both, that lead or take part in what is open in a plan."""
    items = Item.objects.filter(plan=plan).open().values("pk")
    roles = Q(items_led_cq__in=items) | Q(items_led_sc__in=items) | Q(items_joined__in=items)
    rows = Organisation.objects.filter(pk__in=Organisation.objects.filter(roles).values("pk"))
    rows = rows.exclude(status__in=GONE)
    return rows if side == Sides.BOTH else rows.filter(side=side)


def _checked(data: PeriodFactsInput, plan: Plan, *, at: datetime, period: Period | None = None) -> None:
    """Refuse days in the wrong order and a title that is in use; every fault is told."""
    objections: list[Objection] = []
    if data.covers_to < data.covers_from:
        objections.append(Objection("dates_reversed", Message(_("截止日期早于起始日期，请核对。")), "covers_to"))
    if data.due < at.date() and (period is None or data.due != period.due):
        objections.append(Objection("past", Message(_("报送截止日期已经过去，请核对。")), "due"))
    others = Period.objects.filter(plan=plan, title=data.title).exclude(pk__in=[period.pk] if period else [])
    if others.exists():
        text = _("这份清单已有名为“%(title)s”的报送期。")
        objections.append(Objection("title_taken", Message(text, {"title": data.title}), "title"))
    if objections:
        raise Refused(*objections)


def _invite(period: Period, *, by: Actor, at: datetime) -> int:
    """A filing for everybody who is named and has none yet, with a notice; returns how many."""
    there = period.filings.values("organisation")
    rows = [
        Filing(period=period, organisation=organisation, created_at=at, updated_at=at)
        for organisation in named(period.plan, period.side).exclude(pk__in=there)
    ]
    for filing in Filing.objects.bulk_create(rows):
        values = {"period": period.title, "due": period.due, "organisation": filing.organisation.name}
        people = hearers.of_organisation(filing.organisation_id, day=at.date())
        address = reverse("filing", args=[filing.pk])
        notices.tell(people=people, message=Message(ASKED, values), kind="filing", address=address, by=by, at=at)
    return len(rows)


@transaction.atomic
def begin(*, data: PeriodInput, by: Actor, at: datetime) -> Period:
    """Open a period: everybody who leads or takes part in what is open in the plan is asked to file."""
    require(by, "period.open", Period(side=data.side))
    plan = lookup.plan(data.plan)
    require(by, "plan.edit", plan)
    _checked(data, plan, at=at)
    period = Period.objects.create(plan=plan, created_at=at, updated_at=at, **data.model_dump(exclude={"plan"}))
    asked = _invite(period, by=by, at=at)
    if not asked:
        text = _("“%(plan)s”的在办事项没有列明这一方的牵头或参与单位，无人可报。请先在清单里填写责任单位。")
        raise refusal("nobody", text, where="plan", plan=plan.name)
    changes = audit.differences({}, data.model_dump(exclude={"note"}) | {"filings": asked})
    audit.record(by=by, at=at, verb="period.open", kind=KIND, subject=period, changes=changes)
    return period


@transaction.atomic
def edit(*, period: Period, data: PeriodFactsInput, by: Actor, at: datetime, seen: int | None = None) -> Period:
    """Change what is asked, and ask whoever is named by now; a closed period with a day to come is open again."""
    require(by, "period.open", period)
    period = held(period, seen=seen)
    _checked(data, period.plan, at=at, period=period)
    values = data.model_dump() | {"state": PeriodState.OPEN if data.due >= at.date() else period.state}
    changes = audit.differences({name: getattr(period, name) for name in values}, values)
    for name, value in values.items():
        setattr(period, name, value)
    period.version += 1
    period.updated_at = at
    period.save()
    if period.open and (asked := _invite(period, by=by, at=at)):
        changes["filings"] = [0, asked]
    audit.record(by=by, at=at, verb="period.edit", kind=KIND, subject=period, changes=changes)
    return period


@transaction.atomic
def close(*, period: Period, by: Actor, at: datetime) -> Period:
    """Take no more filings; what was filed can still be decided."""
    require(by, "period.open", period)
    period = held(period, seen=None)
    if not period.open:
        raise refusal("period.closed", _("这个报送期已经截止。"), why=Why.CONFLICT)
    period.state = PeriodState.CLOSED
    period.version += 1
    period.updated_at = at
    period.save()
    changes = {"missing": [None, period.filings.missing().count()]}
    audit.record(by=by, at=at, verb="period.close", kind=KIND, subject=period, changes=changes)
    return period
