"""The ledger by spreadsheet."""

from io import BytesIO

import xlsxwriter

from shuangcheng.desk.importing import actions
from shuangcheng.desk.models import Import
from shuangcheng.directory.actor import Actor
from shuangcheng.plan.models import Activity
from tests.world import AT, World

HEAD = ("类别", "名称", "日期", "主办单位", "参与方", "领域", "参与人数", "次数")


def book(*rows: tuple[object, ...]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as file:
        sheet = file.add_worksheet()
        for number, row in enumerate((HEAD, *rows)):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def checked(data: bytes, by: Actor) -> Import:
    item = actions.upload(table="activity", name="台账.xlsx", data=data, by=by, at=AT)
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    return item


def written(item: Import, by: Actor) -> Import:
    actions.confirm(item=item, valid_only=False, by=by, at=AT)
    actions.write(import_id=item.id, at=AT)
    item.refresh_from_db()
    return item


ROWS = (
    ("重要会议", "联席会议", "2026-03-01", "重庆市教育委员会；四川省教育厅", "川渝共同", "体制机制", 40, ""),
    ("重要活动", "其他活动（汇总）", "2026年6月30日", "", "川渝共同", "基础教育", "", 12),
)


def test_rows_come_in_once_and_change_what_is_there(world: World):
    by = world.cq_officer.actor
    item = checked(book(*ROWS), by)
    assert (item.new, item.wrong) == (2, 0), item.errors
    assert written(item, by).state == "done"
    meeting = Activity.objects.get(kind="meeting")
    assert sorted(host.name for host in meeting.hosts.all()) == ["四川省教育厅", "重庆市教育委员会"]
    assert Activity.objects.get(kind="event").quantity == 12
    again = checked(book(*ROWS), by)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    changed = checked(book((*ROWS[0][:6], 45, "")), by)
    assert (changed.changed, changed.same) == (1, 0)
    written(changed, by)
    meeting.refresh_from_db()
    assert (meeting.people, meeting.hosts.count(), meeting.version) == (45, 2, 2)


def test_what_is_wrong_is_told_by_row_and_column(world: World):
    item = checked(
        book(
            ("重要会", "甲甲", "2026-03-01", "", "川渝共同", "体制机制", "", ""),
            ("重要会议", "乙乙", "2036-03-01", "没有的单位", "川渝共同", "体制机制", "", ""),
        ),
        world.cq_officer.actor,
    )
    assert (item.new, item.wrong) == (0, 2)
    told = {(row[0], row[1]) for row in item.errors}
    assert {(2, "类别"), (3, "主办单位"), (3, "日期")} <= told, item.errors
    assert not Activity.objects.exists()


def test_another_units_entry_is_not_changed(world: World):
    written(checked(book(*ROWS), world.cq_officer.actor), world.cq_officer.actor)
    item = checked(book((*ROWS[0][:6], 99, "")), world.cqu_admin.actor)
    assert (item.changed, item.wrong) == (0, 1)
