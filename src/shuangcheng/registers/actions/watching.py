"""What the node does by itself about look-ups: tell auditors of odd ones, erase contents past their term."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from shuangcheng.core import calendar
from shuangcheng.core.outcome import Message
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.terms import Role

from ..hearers import tell
from ..models import Access, Alert, LookUp
from ..terms import AlertKind

MANY = 60
"""Single look-ups of one person in an hour above which auditors are told: more than one a minute all the time."""
SAME = 5
"""Look-ups of one record by one person in an hour above which auditors are told."""
OPENS, CLOSES = 7, 21
"""Hours of the day outside which looking up is odd."""
BATCH = 1000


@dataclass(frozen=True)
class _Odd:
    """Something odd in an hour."""

    kind: AlertKind
    by_person: UUID
    by_name: str
    organisation: str
    count: int


@transaction.atomic
def alert(*, by: Actor, at: datetime) -> list[Alert]:
    """Look at the hour that runs and the one before, and tell auditors once of each thing that is odd."""
    told: list[Alert] = []
    hour = at.replace(minute=0, second=0, microsecond=0)
    for start in (hour - timedelta(hours=1), hour):
        for odd in _odd(start):
            alert, new = Alert.objects.get_or_create(
                kind=odd.kind, by_person=odd.by_person, hour=start,
                defaults={"by_name": odd.by_name, "organisation_name": odd.organisation, "count": odd.count, "at": at},
            )  # fmt: skip
            if new:
                told.append(alert)
                _tell(alert, by=by, at=at)
    return told


def _tell(alert: Alert, *, by: Actor, at: datetime) -> None:
    audit.record(
        by=by, at=at, verb="lookup.alert", kind="alert", subject=alert, title=alert.by_name,
        note=Message(AlertKind(alert.kind).label), changes={"count": [None, alert.count]},
    )  # fmt: skip
    text = _("%(who)s的登记簿查询异常：%(kind)s（%(count)d 次）。")
    values = {"who": alert.by_name, "kind": Message(AlertKind(alert.kind).label), "count": alert.count}
    tell(Role.AUDITOR, Message(text, values), kind="lookup", address="/lookups/alerts/", by=by, at=at)


def _odd(start: datetime) -> Iterator[_Odd]:
    """What is odd in the hour from `start`; looking up oneself is not."""
    rows = LookUp.objects.filter(at__gte=start, at__lt=start + timedelta(hours=1), by_person__isnull=False)
    rows = rows.exclude(asker="person")
    names = {row[0]: row for row in rows.values_list("by_person", "by_name", "organisation_name")}

    def each(kind: AlertKind, counted: Iterable[tuple[UUID, int]]) -> Iterator[_Odd]:
        for person, count in counted:
            yield _Odd(kind, person, names[person][1], names[person][2], count)

    single = rows.filter(rows=1).order_by().values_list("by_person").annotate(n=Count("pk"))
    yield from each(AlertKind.MANY, single.filter(n__gt=MANY))
    same = Access.objects.filter(lookup__in=rows).order_by().values("lookup__by_person", "subject")
    often = same.annotate(n=Count("lookup", distinct=True)).filter(n__gt=SAME)
    most: dict[UUID, int] = {}
    for line in often:
        person = line["lookup__by_person"]
        assert person is not None, "filtered above"
        most[person] = max(most.get(person, 0), line["n"])
    yield from each(AlertKind.SAME_PERSON, most.items())
    if _odd_hour(start):
        yield from each(AlertKind.ODD_HOUR, rows.order_by().values_list("by_person").annotate(n=Count("pk")))


def _odd_hour(at: datetime) -> bool:
    """Whether nobody is expected to look anything up: at night and on days off."""
    local = timezone.localtime(at)
    return not OPENS <= local.hour < CLOSES or not calendar.is_working_day(local.date())


@transaction.atomic
def erase(*, by: Actor, at: datetime) -> int:
    """Erase questions and answers past their term; that they were, and whom they concerned, stays."""
    due = LookUp.objects.filter(erase_at__lte=at, erased_at__isnull=True)
    contents = Q(questions__isnull=False) | Q(answers__isnull=False)
    ids = list(due.filter(contents).values_list("pk", flat=True)[:BATCH])
    done = LookUp.objects.filter(pk__in=ids).update(questions=None, answers=None, erased_at=at)
    if done:
        audit.record(by=by, at=at, verb="lookup.erase", kind="lookup", changes={"n": [None, done]})
    return done
