"""Registers by the spreadsheet: checked by row and column, previewed masked, written once, updated by key."""

from typing import Any

import pytest
from django.core.files.storage import default_storage

from shuangcheng.core.outcome import Refused
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.sheets import forms
from shuangcheng.desk.importing import actions, keeping, queries
from shuangcheng.desk.importing.registry import table_named
from shuangcheng.desk.models import Import, ImportState
from shuangcheng.registers import holdings
from shuangcheng.registers.models import Holding
from tests.world import AT, World

CERTIFICATES = REGISTERS["teacher_certificate"]
HEAD = "教师资格证书号码,姓名,身份证号码,资格种类,任教学科,认定机构,认定日期,证书状态,定期注册有效期至"
ID, OTHER_ID = "999999198503070014", "999999198503070030"


def line(number: int, name: str = "李老师", id_number: str = ID, status: str = "有效") -> str:
    return f"201550000310001{number:02},{name},{id_number},初级中学教师资格,数学,某某区教育委员会,2015-06-30,{status},"


def uploaded(world: World, *lines: str) -> Import:
    data = "\n".join((HEAD, *lines)).encode()
    item = actions.upload(table="teacher_certificate", name="证书.csv", data=data, by=world.cq_officer.actor, at=AT)
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    return item


def written(world: World, item: Import, *, valid_only: bool = False) -> Import:
    actions.confirm(item=item, valid_only=valid_only, by=world.cq_officer.actor, at=AT)
    actions.write(import_id=item.id, at=AT)
    item.refresh_from_db()
    return item


def test_a_file_is_written_and_its_people_are_found(world: World) -> None:
    item = uploaded(world, line(1), line(2, "赵老师", OTHER_ID))
    assert (item.state, item.new, item.wrong) == (ImportState.CHECKED, 2, 0)
    assert not Holding.objects.exists()
    assert written(world, item).state == ImportState.DONE
    found = holdings.find(CERTIFICATES, {"name": "赵老师", "id_number": OTHER_ID}, today=AT.date())
    assert found is not None
    assert found.record["certificate_number"] == "20155000031000102"
    assert found.record["kind"] == "junior"
    assert found.record["registered_until"] == ""


def test_importing_again_updates_by_key_and_shows_before_and_after_masked(world: World) -> None:
    written(world, uploaded(world, line(1), line(2)))
    first = Holding.objects.order_by("id").first()
    item = uploaded(world, line(1, status="撤销"), line(2), line(3))
    assert (item.new, item.changed, item.same) == (1, 1, 1)
    shown = next(row for row in queries.sample(item) if row.state == "changed")
    assert [(cell.text, cell.before) for cell in shown.cells if cell.before is not None] == [("撤销", "有效")]
    assert shown.cells[0].text == "201**********0101"
    assert shown.cells[2].text == "999***********0014"
    done = written(world, item)
    assert (done.new, done.changed) == (1, 1)
    assert Holding.objects.count() == 3
    found = holdings.find(CERTIFICATES, {"name": "李老师", "certificate_number": "20155000031000101"}, today=AT.date())
    assert found is not None
    assert found.record["status"] == "revoked"
    assert first is not None
    assert Holding.objects.filter(pk=first.pk).exists()


def test_every_wrong_cell_is_told_by_row_and_column_with_numbers_masked(world: World) -> None:
    item = uploaded(
        world, line(1), line(2, id_number="999999198503070010"), line(3, status="作废"), line(3), line(4, name="")
    )
    told = [(error.row, error.column, error.code) for error in queries.errors(item)]
    assert told == [
        (3, "身份证号码", "id_card.check"),
        (4, "证书状态", "enum"),
        (6, "姓名", "missing"),
    ]
    assert "999999198503070010" not in repr(list(Import.objects.values()))
    assert item.wrong == 3


def test_repeated_keys_name_each_other(world: World) -> None:
    item = uploaded(world, line(1), line(2), line(1, "赵老师"))
    assert [(error.row, error.column) for error in queries.errors(item)] == [
        (2, "教师资格证书号码"),
        (4, "教师资格证书号码"),
    ]
    assert "第 4 行重复" in str(queries.errors(item)[0].message)


def test_all_or_nothing_or_the_right_rows_only(world: World) -> None:
    item = uploaded(world, line(1), line(2, status="作废"))
    with pytest.raises(Refused, match="还有 1 行有错误"):
        written(world, item)
    assert not Holding.objects.exists()
    assert written(world, item, valid_only=True).state == ImportState.DONE
    assert Holding.objects.count() == 1
    report = queries.report(item, say=str)
    assert report.startswith(b"PK")


def test_only_those_who_keep_the_registers_import(world: World) -> None:
    for someone in (world.sc_officer, world.cqu_admin, world.teacher):
        with pytest.raises(Refused):
            actions.upload(table="teacher_certificate", name="证书.csv", data=HEAD.encode(), by=someone.actor, at=AT)


def test_the_file_and_what_was_checked_are_stored_sealed_and_go_when_it_is_over(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    item = uploaded(world, line(1), line(2, id_number="999999198503070010"))
    for name in (item.file.name, keeping.path(item)):
        with default_storage.open(name) as file:
            stored = file.read()
        assert b"99999919850307" not in stored
        assert "李老师".encode() not in stored
    name = item.file.name
    with django_capture_on_commit_callbacks(execute=True):
        written(world, item, valid_only=True)
    assert not default_storage.exists(name)


def test_a_stored_file_that_was_altered_is_not_used(world: World) -> None:
    data = "\n".join((HEAD, line(1))).encode()
    item = actions.upload(table="teacher_certificate", name="证书.csv", data=data, by=world.cq_officer.actor, at=AT)
    with open(item.file.path, "r+b") as stored:
        stored.write(b"x")
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert item.state == ImportState.UNREADABLE
    assert "不一致" in str(queries.notes(item)[0])


@pytest.mark.parametrize("name", sorted(REGISTERS))
def test_the_template_of_a_register_can_be_filled_in_and_imported(world: World, name: str) -> None:
    table: Any = table_named(name)
    rows = [{**REGISTERS[name].sample, "name": "某某某"}]  # the sample itself is the example, which is skipped
    data = forms.template(table, rows=rows)
    item = actions.upload(table=name, name="模板.xlsx", data=data, by=world.cq_officer.actor, at=AT)
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert (item.state, queries.errors(item)) == (ImportState.CHECKED, [])
    assert written(world, item).state == ImportState.DONE
    assert Holding.objects.get().register == name
