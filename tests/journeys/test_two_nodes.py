"""A joint list from its draft to progress on the other side, between two real nodes of which one is away a while."""

import signal

import pytest

from tests.journeys.test_serve import until
from tests.journeys.two_nodes import Nodes, two_nodes  # noqa: F401 a fixture

pytestmark = pytest.mark.journey

MAKE = """
from shuangcheng.core.schema import read
from shuangcheng.plan.actions import approvals, items, plans, progress
from shuangcheng.plan.inputs.items import ItemInput, ProgressInput
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.models import Item, Plan, PlanVersion
from shuangcheng.plan.snapshots import digest_of, snapshot_of
facts = {"name": "两地清单", "field": "basic", "side": "both", "first_year": 2026, "last_year": 2027}
at = timezone.localtime()
plan = plans.create(data=read(PlanInput, facts), by=officer(), at=at)
row = {"number": "1", "title": "学籍互查", "field": "basic", "lead_cq": "重庆市教育委员会", "lead_sc": "四川省教育厅"}
items.create(plan=plan, data=read(ItemInput, row), by=officer(), at=at)
"""
APPROVE = """
from shuangcheng.plan.actions import approvals, progress
from shuangcheng.plan.models import Plan
from shuangcheng.plan.snapshots import digest_of, snapshot_of
plan = Plan.objects.get()
approvals.approve(plan=plan, seen=digest_of(snapshot_of(plan)), by=officer(), at=timezone.localtime())
"""
REPORT = """
from shuangcheng.core.schema import read
from shuangcheng.plan.inputs.items import ProgressInput
from shuangcheng.plan.models import Item
now = timezone.localtime()
values = {"on": now.date(), "told": "on_track", "percent": int(PERCENT), "text": "川方已开通查询。"}
progress.report(item=Item.objects.get(), data=read(ProgressInput, values), by=officer(), at=now)
"""
ARRIVED = "from shuangcheng.plan.models import Plan\ntold = Plan.objects.filter(approvals__side='cq').count()"
VERSIONS = "from shuangcheng.plan.models import PlanVersion\ntold = [row.digest for row in PlanVersion.objects.all()]"
PERCENT = "from shuangcheng.plan.models import Item\ntold = [Item.objects.get().percent, Item.objects.get().told]"
WAITING = """
from shuangcheng.exchange.models import Outgoing
told = Outgoing.objects.filter(type="plan_progress.v1", state="waiting", attempts__gt=0).count()
"""


def test_from_the_draft_to_progress_on_both_sides(two_nodes: Nodes) -> None:  # noqa: F811
    cq, sc = two_nodes.cq, two_nodes.sc
    cq.do(MAKE + APPROVE)
    until(lambda: sc.do(ARRIVED) == 1, what=sc.log)
    assert cq.do(VERSIONS) == []
    sc.do(APPROVE)
    until(lambda: len(sc.do(VERSIONS)) == 1, what=sc.log)
    assert cq.do(VERSIONS) == sc.do(VERSIONS)
    sc.do(REPORT, PERCENT="40")
    until(lambda: cq.do(PERCENT) == [40, "on_track"], what=cq.log)

    assert cq.end(signal.SIGTERM) == 0, cq.log
    sc.do(REPORT, PERCENT="60")
    until(lambda: sc.do(WAITING) == 1, what="the letter was tried and waits")
    cq.start()
    until(lambda: cq.log.count("已就绪") == 2, what=cq.log)
    until(lambda: cq.do(PERCENT) == [60, "on_track"], what=sc.log)
