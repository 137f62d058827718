"""A list with a tree, targets, progress and discussion, for the tests of the doors."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from shuangcheng.core.schema import read
from shuangcheng.plan.actions import items, progress
from shuangcheng.plan.inputs.items import ItemInput, ProgressInput, RemarkInput, TargetInput
from shuangcheng.plan.models import Clause, Item, Plan, PlanVersion, Policy, PolicyVersion, Progress, Target
from tests.world import SYSTEM, World

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fccff0bf1e0006830280"
    "38a1d5290000000049454e44ae426082"
)


@dataclass
class PlanCast:
    """A plan that nobody has approved yet; `late` is led by 重庆大学 with 西南大学 as partner."""

    plan: Plan
    clause: Clause
    late: Item
    project: Item
    node: Item
    target: Target
    report: Progress

    def approve(self) -> None:
        """Make the plan public."""
        PlanVersion.objects.create(
            plan=self.plan, number=1, snapshot={}, digest="0" * 64, approved_at=timezone.now()
        )  # fmt: skip


def build(world: World) -> PlanCast:
    at = timezone.localtime()
    dated = {"created_at": at, "updated_at": at}
    policy = Policy.objects.create(title="示例行动计划", pinyin="sl", field="vocational", **dated)
    version = PolicyVersion.objects.create(policy=policy, number=1, text="…", text_sha256="1" * 64, at=at, by_name="甲")
    clause = Clause.objects.create(
        version=version,
        order=1,
        anchor="1",
        level=1,
        number="（一）",
        title="共建联合体",
        text="组建联合体。",
        start=0,
        end=1,
    )
    plan = Plan.objects.create(
        name="示例清单",
        pinyin="sl",
        field="vocational",
        first_year=2025,
        last_year=2027,
        policy_version=version,
        **dated,
    )

    def item(**values: object) -> Item:
        return items.create(plan=plan, data=read(ItemInput, {"field": "vocational"} | values), by=SYSTEM, at=at)

    late = item(
        number="1", title="组建产教联合体",
        lead_cq="重庆大学", lead_sc="四川省教育厅", partners=("西南大学",), due="2025-12-31",
        starts="2025-03-01", action_plan=6, divisions=("500152",), zone="潼南—遂宁教育一体化", clause="1",
        alliance="示例教师教育联盟", money_planned="1200.5", text="两地共同推进。",
    )  # fmt: skip
    project = item(number="1.1", kind="project", parent="1", title="示范项目", lead_sc="四川大学", due="2099-12-31")
    node = item(number="1.1.1", kind="milestone", parent="1.1", title="完成评审")
    target = items.add_target(
        item=late,
        data=read(TargetInput, {"subject": "联合体", "value": 10, "unit": "个", "baseline": 2}),
        by=SYSTEM,
        at=at,
    )
    told = {"on": at.date(), "told": "on_track", "percent": 60, "text": "已组建八个。", "money_spent": "300"}
    report = progress.report(
        item=late, data=read(ProgressInput, told), by=SYSTEM, at=at, figures={str(target.pk): Decimal(8)}
    )
    progress.remark(item=late, data=RemarkInput(kind="dispute", text="口径不一"), by=SYSTEM, at=at)
    for row in (late, target):
        row.refresh_from_db()
    return PlanCast(plan, clause, late, project, node, target, report)


@pytest.fixture
def cast(world: World) -> PlanCast:
    """The list."""
    return build(world)


def enter(client: Client, world: World, name: str | None) -> Client:
    if name:
        client.force_login(getattr(world, name).account)
    return client
