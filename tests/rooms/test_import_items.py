"""Items by spreadsheet: new ones, changed ones, and every way in which a file is wrong."""

import io

import openpyxl
import pytest

from shuangcheng.core.schema import read
from shuangcheng.core.table import RowState
from shuangcheng.desk.importing import actions
from shuangcheng.desk.models import Import, ImportState
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.actions import items
from shuangcheng.plan.inputs.items import ItemInput
from shuangcheng.plan.models import Item, Plan
from tests.core.table_samples import book
from tests.rooms.test_imports import counts, errors, written
from tests.rooms.test_items import made, plan
from tests.world import AT, SYSTEM, World

__all__ = ["plan"]

HEAD = ("所属清单", "编号", "层级", "上级编号", "事项", "领域", "重庆牵头单位", "参与单位", "所涉区划", "完成期限")


def row(number: str, **more: object) -> tuple[object, ...]:
    values = {
        "所属清单": "示例清单", "编号": number, "事项": f"事项{number}", "领域": "职业教育", "重庆牵头单位": "重庆大学",
    } | more  # fmt: skip
    return tuple(values.get(title, "") for title in HEAD)


def uploaded(*rows: tuple[object, ...], by: Actor, head: tuple[str, ...] = HEAD) -> Import:
    item = actions.upload(table="item", name="清单.xlsx", data=book([head, *rows]), by=by, at=AT)
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    return item


def test_a_tree_comes_in_whatever_the_order_of_its_rows(world: World, plan: Plan) -> None:
    by = world.cq_officer.actor
    item = uploaded(
        row("1.1.1", 层级="节点", 上级编号="1.1", 完成期限="2026-12-31"),
        row("1.1", 层级="项目", 上级编号="1", 参与单位="西南大学；四川大学", 所涉区划="重庆市/潼南区、510900"),
        row("1"),
        by=by,
    )
    assert (counts(item), errors(item)) == ((3, 0, 0, 0), [])
    assert written(item, by=by).state == ImportState.DONE
    node = Item.objects.get(number="1.1.1")
    assert node.parent is not None
    assert node.parent.parent is not None
    assert (node.parent.number, node.parent.parent.number) == ("1.1", "1")
    assert [row.name for row in node.parent.partners.order_by("pinyin")] == ["四川大学", "西南大学"]
    assert sorted(row.name for row in node.parent.divisions.all()) == ["潼南区", "遂宁市"]
    assert "清单.xlsx" in node.source
    assert AuditLine.objects.filter(verb="item.create", actor_name="余小安").count() == 3


def test_the_same_file_again_changes_nothing_and_an_empty_cell_keeps(world: World, plan: Plan) -> None:
    by = world.cq_officer.actor
    written(uploaded(row("1", 参与单位="西南大学", 完成期限="2026-12-31"), by=by), by=by)
    assert counts(uploaded(row("1", 参与单位="西南大学", 完成期限="2026/12/31"), by=by)) == (0, 0, 1, 0)
    item = uploaded(row("1", 事项="新的名称"), by=by)
    assert counts(item) == (0, 1, 0, 0)
    written(item, by=by)
    [kept] = Item.objects.all()
    assert (kept.title, str(kept.due), kept.version) == ("新的名称", "2026-12-31", 2)
    assert [row.name for row in kept.partners.all()] == ["西南大学"]
    line = AuditLine.objects.filter(verb="item.edit").get()
    assert line.changes == {"title": ["事项1", "新的名称"]}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([row("1", 所属清单="没有的清单")], [(2, "所属清单", "没有找到“没有的清单”，")]),
        (
            [row("1", 重庆牵头单位="无名大学", 参与单位="西南大学；无名学院")],
            [(2, "参与单位", "没有找到"), (2, "重庆牵头单位", "没有找到")],
        ),
        (
            [row("一", 所属清单="没有的清单", 重庆牵头单位="无名大学", 所涉区划="无名县", 完成期限="2026-13-01")],
            [
                (2, "完成期限", "日期不存在"), (2, "所属清单", "没有找到"), (2, "所涉区划", "没有找到"),
                (2, "编号", "填写有误"), (2, "重庆牵头单位", "没有找到"),
            ],
        ),
        (
            [row("1", 所属清单="", 重庆牵头单位="无名大学")],
            [(2, "所属清单", "没有填写"), (2, "重庆牵头单位", "没有找到")],
        ),
        ([row("1.1", 层级="项目", 上级编号="9")], [(2, "上级编号", "没有编号为“9”的上级事项")]),
        ([row("1.1", 层级="节点")], [(2, "上级编号", "节点必须填写上级编号。")]),
        ([row("1"), row("1")], [(2, "编号", "与第 3 行重复"), (3, "编号", "与第 2 行重复")]),
        ([row("1", 完成期限="2026-13-01")], [(2, "完成期限", "日期不存在")]),
        ([row("一")], [(2, "编号", "填写有误")]),
        ([row("1", 领域="烹饪")], [(2, "领域", "只能从以下各项中选")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_row_and_column(
    world: World, plan: Plan, rows: list[tuple[object, ...]], told: list[tuple[int, str, str]]
) -> None:
    item = uploaded(*rows, by=world.cq_officer.actor)
    found = sorted(errors(item))
    assert [(number, column) for number, column, _text in found] == [(number, column) for number, column, _t in told]
    assert all(part in text for (_n, _c, text), (_m, _d, part) in zip(found, told, strict=True)), found
    assert not Item.objects.exists()


def test_circular_parents_are_refused(world: World, plan: Plan) -> None:
    by = world.cq_officer.actor
    item = uploaded(
        row("1", 层级="节点", 上级编号="3"), row("2", 层级="节点", 上级编号="1"),
        row("3", 层级="节点", 上级编号="2"), by=by,
    )  # fmt: skip
    assert [(number, text) for number, _column, text in errors(item)] == [
        (number, "事项不能成为自己的下级，请另选上级编号。") for number in (2, 3, 4)
    ]


def test_a_kind_that_items_below_do_not_fit_is_refused(world: World, plan: Plan) -> None:
    made(plan)
    made(plan, number="1.1", kind="project", parent="1")
    [error] = errors(uploaded(row("1", 层级="项目"), by=world.cq_officer.actor))
    assert error == (2, "层级", "下级“1.1”是项目，这一事项不能改为项目。")


def test_a_plan_of_the_other_side_is_not_written(world: World, plan: Plan) -> None:
    Plan.objects.update(side="cq")
    [error] = errors(uploaded(row("1"), by=world.sc_officer.actor))
    assert "不在您的管理范围内" in error[2]


def test_what_was_entered_meanwhile_is_checked_again(world: World, plan: Plan) -> None:
    by = world.cq_officer.actor
    item = uploaded(row("1.1", 层级="项目", 上级编号="1"), row("1"), by=by)
    items.create(
        plan=plan, by=SYSTEM, at=AT,
        data=read(ItemInput, {"number": "1.1.1", "title": "别人的节点", "field": "职业教育", "kind": "measure"}),
    )  # fmt: skip
    assert written(item, by=by).state == ImportState.DONE
    again = uploaded(row("1.1", 层级="项目", 上级编号="1.1.1"), by=by)
    actions.confirm(item=again, valid_only=False, by=by, at=AT)
    Item.objects.filter(number="1.1.1").delete()
    actions.write(import_id=again.id, at=AT)
    again.refresh_from_db()
    assert again.state == ImportState.UPLOADED, "its parent is gone: nothing is written, and it is checked again"


def test_the_template_is_the_table(world: World) -> None:
    from shuangcheng.core.sheets.forms import template
    from shuangcheng.plan.tables import TABLES

    [table] = [table for table in TABLES if table.name == "item"]
    sheet = openpyxl.load_workbook(io.BytesIO(template(table))).worksheets[0]
    assert [cell.value for cell in sheet[3]][:3] == ["所属清单*", "编号*", "层级"]
    assert RowState.NEW
