"""Policy documents, the two lists made from them, and what is reported of them."""

from datetime import datetime
from typing import Any

from django.conf import settings

from shuangcheng.core.schema import read as read_input
from shuangcheng.directory.actor import Actor
from shuangcheng.plan.actions import approvals, intakes, items, plans, policies, progress, proposals
from shuangcheng.plan.inputs.items import ItemInput, ObservationInput, ProgressInput, RemarkInput, TargetInput
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.inputs.policies import LinkInput, PolicyInput, TextInput
from shuangcheng.plan.models import Item, Plan, Policy, Progress, Remark
from shuangcheng.plan.snapshots import digest_of, snapshot_of
from shuangcheng.plan.terms import ItemKind, Sides

from . import read
from .clock import Clock
from .ids import steady
from .people import actor

FACTS = ("title", "issuers", "doc_number", "issued", "published", "lapses", "side", "field", "remark")
KINDS = {"m": ItemKind.MEASURE, "p": ItemKind.PROJECT, "n": ItemKind.MILESTONE}
COLUMNS = (
    "number", "kind", "title", "clause", "action_plan", "field", "lead_cq", "office_cq", "lead_sc", "office_sc", "due",
)  # fmt: skip
HOME = "cq"
"""The node that keeps the joint lists."""
EXAMPLE = "example_policy.txt"
EXAMPLE_PLAN = "毗邻地区义务教育协同发展示例清单（演示）"


def library(by: Actor, clock: Clock) -> int:
    """Take the documents in and enter what they implement."""
    count = 0
    for entry in read.entries("policies", "policy"):
        if Policy.objects.filter(title=entry["title"]).exists():
            continue
        text = TextInput(name=entry["title"], text=entry["text"].strip())
        intake = intakes.receive_text(data=text, by=by, at=clock.ago(385))
        data = read_input(PolicyInput, read.facts(entry, *FACTS) | {"source": read.source(entry)})
        policy = policies.take(intake=intake, article=0, data=data, by=by, at=clock.ago(385))
        for kind, title in entry.get("links", ()):
            policies.link(policy=policy, data=LinkInput(kind=kind, title=title), by=by, at=clock.ago(384))
        count += 1
    return count


def lists(by: Actor, clock: Clock) -> int:
    """Make both lists with their targets, and have them approved by the sides whose they are."""
    count = 0
    for entry in read.entries("plans", "plan"):
        if Plan.objects.filter(name=entry["name"]).exists():
            continue
        facts = read.facts(entry, "name", "side", "field", "first_year", "last_year", "purpose")
        document = next(row for row in read.entries("policies", "policy") if row["key"] == entry["policy"])
        data = read_input(PlanInput, facts | {"policy": document["title"]})
        plan = plans.create(data=data, by=by, at=clock.ago(380), id=steady("plan", entry["name"]))
        for row in entry["item"]:
            _item(plan, row, by=by, at=clock.ago(379), source=read.source({"source": entry["policy"]}))
        for row in entry["target"]:
            _target(plan, row, by=by, clock=clock)
        _approve(plan, by=by, clock=clock)
        _share(plan)
        count += 1
    return count


def _item(plan: Plan, row: list[Any], *, by: Actor, at: datetime, source: str) -> Item:
    values = dict(zip(COLUMNS, row, strict=False)) | row[len(COLUMNS)]
    parent = values["number"].rpartition(".")[0]
    values |= {"kind": KINDS[values["kind"]], "parent": parent}
    id = steady("item", f"{plan.name}\0{values['number']}")
    return items.create(plan=plan, data=read_input(ItemInput, values), by=by, at=at, source=source, id=id)


def _target(plan: Plan, row: list[Any], *, by: Actor, clock: Clock) -> None:
    """A target, and what was observed up to today, each on its day."""
    number, subject, comparator, value, unit, deadline, side, _source, observed = row
    values = {"subject": subject, "comparator": comparator, "value": value, "unit": unit, "deadline": deadline}
    data = read_input(TargetInput, values | {"side": side})
    id = steady("target", f"{plan.name}\0{number}\0{subject}\0{deadline}\0{side}")
    target = items.add_target(item=plan.items.get(number=number), data=data, by=by, at=clock.ago(378), id=id)
    for day, figure, said in observed:
        seen = read_input(ObservationInput, {"on": day, "value": figure, "source": read.source({"source": said})})
        if seen.on <= clock.now.date():
            progress.observe(target=target, data=seen, by=by, at=clock.ago((clock.now.date() - seen.on).days))


def _approve(plan: Plan, *, by: Actor, clock: Clock) -> None:
    for days, side in ((375, "cq"), (372, "sc")):
        if plan.side in ("both", side):
            digest = digest_of(snapshot_of(plan))
            approvals.approve(plan=plan, seen=digest, by=by, at=clock.ago(days), side=side)


def _share(plan: Plan) -> None:
    """Let the list stand as if its home had sent it and both nodes had approved it."""
    if plan.side != Sides.BOTH:
        return
    if settings.SHUANGCHENG.side == HOME:
        Plan.objects.filter(pk=plan.pk).update(sent=1)
    else:
        Plan.objects.filter(pk=plan.pk).update(home=HOME, heard=1, received=snapshot_of(plan))


def _origin(row: Progress | Remark) -> str:
    """The node on which something was reported or said: its side's."""
    return "" if row.side == settings.SHUANGCHENG.side else row.side


def report(clock: Clock) -> int:
    """What is reported and discussed; all of it invented."""
    names = [entry["name"] for entry in read.entries("plans", "plan")]
    count = 0
    for entry in read.entries("plans", "progress"):
        plan = Plan.objects.get(name=names[entry["plan"] - 1])
        for number, days, told, percent, text, reason in entry["lines"]:
            item = plan.items.get(number=number)
            values = {"on": clock.day(-days), "told": told, "percent": percent, "text": f"（演示）{text}"}
            data = read_input(ProgressInput, values | {"reason": reason})
            login = "sc.officer" if item.lead_cq is None else "cq.officer"
            id, at = steady("progress", f"{plan.name}\0{number}\0{days}\0{text}"), clock.ago(days)
            row = progress.report(item=item, data=data, by=actor(login, at), at=at, id=id)
            Progress.objects.filter(pk=row.pk).update(origin=_origin(row), told_times=1)
            count += 1
    for number, item_number, login, days, kind, text in read.entries("plans", "remarks")[0]["lines"]:
        item = Item.objects.get(plan__name=names[number - 1], number=item_number)
        said = RemarkInput(kind=kind, text=f"（演示）{text}")
        id, at = steady("remark", f"{item.plan.name}\0{item_number}\0{login}\0{days}\0{kind}\0{text}"), clock.ago(days)
        remark = progress.remark(item=item, data=said, by=actor(login, at), at=at, id=id)
        Remark.objects.filter(pk=remark.pk).update(origin=_origin(remark), told=True)
    return count


def example(by: Actor, clock: Clock) -> int:
    """From raw text to a list before the visitor's eyes: the shipped document is read, what it proposes waits."""
    if settings.SHUANGCHENG.side != HOME or Plan.objects.filter(name=EXAMPLE_PLAN).exists():
        return 0
    text = (read.FOLDER / EXAMPLE).read_bytes()
    intake = intakes.receive_file(name="毗邻地区义务教育协同发展示例方案.txt", data=text, by=by, at=clock.ago(3))
    found = intake.readings[0]
    values = {
        "title": found["title"], "issuers": found["issuers"], "doc_number": found["doc_number"] or "",
        "issued": found["date_issued"], "field": "basic", "source": read.MARK,
        "remark": "（演示）为演示编写的文件，单位和数字均为虚构。",
    }  # fmt: skip
    policy = policies.take(
        intake=intake, article=0, data=read_input(PolicyInput, values), by=by, at=clock.ago(3)
    )  # fmt: skip
    Policy.objects.filter(pk=policy.pk).update(invented=True)
    facts = {"name": EXAMPLE_PLAN, "policy": policy.title, "field": "basic", "first_year": 2026, "last_year": 2028}
    plan = plans.create(data=read_input(PlanInput, facts), by=by, at=clock.ago(3))
    Plan.objects.filter(pk=plan.pk).update(invented=True)
    return len(proposals.read(plan=plan, version=policy.versions.get(), by=by, at=clock.ago(2)))
