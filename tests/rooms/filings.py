"""A period of a plan for the tests of progress filing."""

from dataclasses import dataclass

from django.utils import timezone

from shuangcheng.core.schema import read
from shuangcheng.plan.actions import filings, items, periods
from shuangcheng.plan.inputs.filings import FilingInput, PeriodInput
from shuangcheng.plan.inputs.items import ItemInput, TargetInput
from shuangcheng.plan.models import Filing, Item, Period, Plan, Target
from tests.world import SYSTEM

PERIOD = {
    "title": "下半年推进情况", "plan": "示例清单", "side": "both", "covers_from": "2026-07-01",
    "covers_to": "2026-12-31", "due": "2099-12-31",
}  # fmt: skip


@dataclass
class Asked:
    """`led` is led by 重庆大学 and 四川省教育厅 with 西南大学 as partner and has a target; `other` by 四川大学."""

    plan: Plan
    led: Item
    other: Item
    target: Target
    period: Period
    cqu: Filing
    swu: Filing
    scu: Filing
    department: Filing

    def line(self, **changes: object) -> dict[str, object]:
        """What 重庆大学 says of its item."""
        told = {"told": "on_track", "percent": 60, "text": "已组建八个。", "figures": {str(self.target.pk): "8"}}
        return {"item": "1", **told, **changes}


def content(*lines: dict[str, object], summary: str = "总体顺利。") -> FilingInput:
    return read(FilingInput, {"summary": summary, "lines": lines})


def build() -> Asked:
    at = timezone.localtime()
    plan = Plan.objects.create(
        name="示例清单",
        pinyin="slqd",
        field="vocational",
        first_year=2025,
        last_year=2027,
        created_at=at,
        updated_at=at,
    )

    def item(**values: object) -> Item:
        return items.create(plan=plan, data=read(ItemInput, {"field": "vocational"} | values), by=SYSTEM, at=at)

    led = item(number="1", title="组建产教联合体", lead_cq="重庆大学", lead_sc="四川省教育厅", partners=("西南大学",))
    other = item(number="2", title="共建实训基地", lead_sc="四川大学")
    done = item(number="3", title="印发方案", lead_cq="西南财经大学")
    Item.objects.filter(pk=done.pk).update(told="done", percent=100)
    goal = {"subject": "联合体", "value": 10, "unit": "个"}
    target = items.add_target(item=led, data=read(TargetInput, goal), by=SYSTEM, at=at)
    period = periods.begin(data=read(PeriodInput, PERIOD), by=SYSTEM, at=at)
    of = {filing.organisation.name: filing for filing in period.filings.select_related("organisation")}
    return Asked(plan, led, other, target, period, of["重庆大学"], of["西南大学"], of["四川大学"], of["四川省教育厅"])


def filed(filing: Filing, *lines: dict[str, object]) -> Filing:
    """The filing with these lines, filed."""
    at = timezone.localtime()
    filings.save(filing=filing, data=content(*lines), by=SYSTEM, at=at)
    return filings.file(filing=filing, by=SYSTEM, at=at)
