"""The filings that wait for the reader: to be filed by his organisations, to be decided by his side."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as t

from shuangcheng.directory.actor import Actor
from shuangcheng.plan.models import Filing
from shuangcheng.plan.terms import FilingState, PeriodState

from .matter import Item


def _row(filing: Filing, reason: str, due: date | None, tone: str) -> Item:
    title = f"{filing.period.title}：{filing.organisation.name}"
    return Item(title, reason, reverse("filing", args=[filing.pk]), due, tone)


def to_file(actor: Actor, *, today: date) -> list[Item]:
    """What one's own organisations have yet to file, the first day first."""
    rows = Filing.objects.visible_to(actor).missing().filter(organisation__in=actor.organisations())
    waiting = rows.filter(period__state=PeriodState.OPEN).select_related("period", "organisation")
    return [
        _row(row, t(row.get_state_display()), row.period.due, "bad" if row.period.overdue(today) else "warn")
        for row in waiting.order_by("period__due", "organisation__pinyin")
    ]


def to_decide(actor: Actor) -> list[Item]:
    """What organisations of one's own side have filed, the oldest first."""
    rows = Filing.objects.visible_to(actor).filter(state=FilingState.FILED, organisation__side=actor.side)
    found = rows.select_related("period", "organisation").order_by("filed_at")
    return [_row(row, t("推进情况报送"), None, "warn") for row in found[:50]]
