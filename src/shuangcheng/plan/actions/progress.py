"""Writes of progress: reports, observed values, discussion."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.desk import attachments
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.models.base import uuid7
from shuangcheng.directory.policy import require
from shuangcheng.directory.terms import WORKERS, Role

from .. import joint
from ..inputs.items import ObservationInput, ProgressInput, ReasonInput, RemarkInput
from ..locks import held
from ..models import Filing, Item, Observation, Progress, Remark, Target
from ..terms import REASONED, RemarkKind, Told


def checked(data: ProgressInput, *, at: datetime) -> None:
    """Refuse what cannot be: a day to come, a state without its reason, done but not whole."""
    if data.on > at.date():
        raise refusal("future", _("日期不能晚于今天。"), where="on")
    if data.told in REASONED and not data.reason:
        raise refusal("reason_missing", _("请说明原因。"), where="reason")
    if data.told == Told.DONE and data.percent < 100:
        raise refusal("not_whole", _("已完成的事项，完成进度应为百分之百。"), where="percent")


def apply(progress: Progress, *, at: datetime) -> None:
    """Let a report count: the item tells what the newest report of its leads tells, a partner's adds its figures.

    The transaction and the audit line are the caller's.
    """
    item = progress.item = held(progress.item, seen=None)
    progress.counts, progress.counted_at = True, progress.counted_at or _after_others(item, at=at)
    progress.save()
    if Progress.objects.leading(item).filter(counts=True).first() == progress:
        item.told, item.told_reason, item.percent = progress.told, progress.reason, progress.percent
        item.reported_on = progress.on
        if progress.money_spent is not None:
            item.money_spent = progress.money_spent
        item.version += 1
        item.updated_at = at
        item.save()
    for figure in progress.figures:
        target = Target.objects.select_for_update().filter(pk=figure["target"], item=item).first()
        if target is not None:
            _measure_again(target, on=progress.on, at=at)
    joint.tell_progress(progress, at=at)


def _after_others(item: Item, *, at: datetime) -> datetime:
    """Since when a report counts that begins to count now: later than every other of its item."""
    newest = item.progress.filter(counts=True).aggregate(last=Max("counted_at"))["last"]
    return max(at, newest + timedelta(microseconds=1)) if newest else at


def uncount(progress: Progress, *, at: datetime) -> Item:
    """Let a report no longer count; the item and its targets tell again what the report before told."""
    item = held(progress.item, seen=None)
    progress.counts, progress.counted_at = False, None
    progress.save()
    measured = list(progress.observations.values_list("target", flat=True))
    progress.observations.all().delete()
    _tell_newest(item, at=at)
    for target in Target.objects.select_for_update().filter(pk__in=measured):
        _measure_again(target, on=progress.on, at=at)
    joint.tell_progress(progress, at=at)
    return item


def put(target: Target, *, value: Decimal, data_on: Progress | ObservationInput, by_name: str, at: datetime) -> None:
    """Keep an observed value and tell the target's newest one."""
    progress = data_on if isinstance(data_on, Progress) else None
    source = data_on.source if isinstance(data_on, ObservationInput) else ""
    Observation.objects.update_or_create(
        target=target,
        on=data_on.on,
        defaults={"value": value, "source": source, "progress": progress, "by_name": by_name, "at": at},
    )
    newest = target.observations.first()
    if newest is not None:
        target.observed, target.observed_on, target.updated_at = newest.value, newest.on, at
        target.save(update_fields=["observed", "observed_on", "updated_at"])


def drafted(
    item: Item, data: ProgressInput, *, author: Actor, at: datetime, figures: Mapping[str, Decimal] | None = None,
    id: UUID | None = None,
) -> Progress:  # fmt: skip
    """A report that is not stored yet; refused when it cannot be."""
    checked(data, at=at)
    known = {str(id) for id in item.targets.values_list("pk", flat=True)} if figures else set()
    if unknown := set(figures or {}) - known:
        raise refusal("target_unknown", _("有 %(n)d 个数值不属于这一事项的目标。"), where="figures", n=len(unknown))
    measured = [{"target": target, "value": str(value)} for target, value in sorted((figures or {}).items())]
    return Progress(
        id=id or uuid7(), item=item, figures=measured,
        counts=False, by_person=author.person_id, by_name=author.name, side=author.side, created_at=at, updated_at=at,
        **data.model_dump(),
    )  # fmt: skip


def _speaks_for(author: Actor, item: Item) -> Organisation | None:
    """The organisation for which somebody reports who is no officer, a lead before a partner."""
    if author.has(Role.OFFICER):
        return None
    own = author.organisations(*WORKERS)
    leads = [lead for lead in (item.lead_cq, item.lead_sc) if lead and lead.pk in own]
    return leads[0] if leads else item.partners.filter(pk__in=own).first()


@transaction.atomic
def report(
    *,
    item: Item,
    data: ProgressInput,
    by: Actor,
    at: datetime,
    figures: dict[str, Decimal] | None = None,
    files: Iterable[tuple[str, bytes]] = (),
    organisation: Organisation | None = None,
    filing: Filing | None = None,
    id: UUID | None = None,
) -> Progress:
    """Report progress on an item; `figures` are observed values by target id, `files` evidence by name.

    In a filing it counts once accepted. `id` is given where it has one already.
    """
    require(by, "item.report", item)
    progress = drafted(item, data, author=by, at=at, figures=figures, id=id)
    progress.organisation, progress.filing = organisation or _speaks_for(by, item), filing
    progress.save(force_insert=True)
    for name, content in files:
        attachments.attach(kind="progress", subject=progress, name=name, data=content, by=by, at=at)
    if filing is None:
        apply(progress, at=at)
    changes = audit.differences({}, {"told": data.told, "percent": data.percent, **(figures or {})})
    audit.record(by=by, at=at, verb="progress.report", kind="item", subject=item, changes=changes)
    return progress


@transaction.atomic
def withdraw(*, progress: Progress, data: ReasonInput, by: Actor, at: datetime) -> Item:
    """Take back a wrong report with its figures and files; the item tells again what the report before told."""
    require(by, "progress.withdraw", progress)
    if progress.filing_id is not None:
        text = _("这份进展是报送件的一部分，不能单独撤回。请退回报送件。")
        raise refusal("progress.filed", text, why=Why.CONFLICT)
    item = held(progress.item, seen=None)
    before = {"told": item.told, "percent": item.percent, "money_spent": item.money_spent}
    for file in attachments.of("progress", progress):
        attachments.remove(attachment=file, subject=progress, by=by, at=at)
    kept, told = progress.on, progress.text
    item = uncount(progress, at=at)
    progress.delete()
    after = {"told": item.told, "percent": item.percent, "money_spent": item.money_spent}
    changes = audit.differences(before, after) | {"on": [kept.isoformat(), None], "text": [told[:300], None]}
    audit.record(by=by, at=at, verb="progress.withdraw", kind="item", subject=item, changes=changes, note=data.reason)
    return item


def _tell_newest(item: Item, *, at: datetime) -> None:
    """The item as the newest report of its leads that counts tells it, or as if nothing had been told."""
    reports = Progress.objects.leading(item).filter(counts=True)
    newest = reports.first()
    item.told, item.told_reason, item.percent, item.reported_on = Told.NOT_STARTED, "", 0, None
    if newest:
        item.told, item.told_reason = newest.told, newest.reason
        item.percent, item.reported_on = newest.percent, newest.on
    spent = reports.filter(money_spent__isnull=False).first()
    item.money_spent = spent.money_spent if spent else None
    item.version += 1
    item.updated_at = at
    item.save()


def _measure_again(target: Target, *, on: date, at: datetime) -> None:
    """What another report told of that day stands again; then the target's newest value is told."""
    for other in target.item.progress.filter(counts=True, on=on):
        if value := next((figure["value"] for figure in other.figures if figure["target"] == str(target.pk)), None):
            put(target, value=Decimal(value), data_on=other, by_name=other.by_name, at=at)
            return
    newest = target.observations.first()
    target.observed, target.observed_on = (newest.value, newest.on) if newest else (None, None)
    target.updated_at = at
    target.save(update_fields=["observed", "observed_on", "updated_at"])


@transaction.atomic
def observe(*, target: Target, data: ObservationInput, by: Actor, at: datetime) -> Target:
    """Enter an observed value of a target."""
    require(by, "target.observe", target.item)
    if data.on > at.date():
        raise refusal("future", _("日期不能晚于今天。"), where="on")
    target = Target.objects.select_for_update(of=("self",)).get(pk=target.pk)
    before = target.observed
    put(target, value=data.value, data_on=data, by_name=by.name, at=at)
    changes = audit.differences({"observed": before}, {"observed": data.value})
    audit.record(
        by=by, at=at, verb="target.observe", kind="item", subject=target.item, changes=changes, note=target.subject
    )
    return target


@transaction.atomic
def remark(*, item: Item, data: RemarkInput, by: Actor, at: datetime, id: UUID | None = None) -> Remark:
    """Say something about an item; a dispute marks it until it is settled. `id` where it has one already."""
    require(by, "item.discuss", item)
    item = held(item, seen=None)
    if data.kind == RemarkKind.SETTLED and not item.disputed:
        raise refusal("not_disputed", _("这一事项没有未解决的分歧。"), where="kind")
    row = Remark.objects.create(
        id=id or uuid7(), item=item, at=at, by_person=by.person_id, by_name=by.name, side=by.side, **data.model_dump()
    )
    if data.kind != RemarkKind.REMARK:
        item.disputed = data.kind == RemarkKind.DISPUTE
        item.version += 1
        item.updated_at = at
        item.save(update_fields=["disputed", "version", "updated_at"])
    joint.tell_remark(row, at=at)
    changes = {"disputed": [not item.disputed, item.disputed]} if data.kind != RemarkKind.REMARK else {}
    audit.record(by=by, at=at, verb="remark.add", kind="item", subject=item, changes=changes)
    return row
