"""Large files: cut into blocks, checked by several processes, written as one."""

from pathlib import Path
from typing import Any

import pytest

from shuangcheng.core.outcome import Refused
from shuangcheng.core.registers import REGISTERS
from shuangcheng.desk.models import Import, ImportState
from shuangcheng.directory.models import AuditLine
from shuangcheng.registers import csv_file, holdings
from shuangcheng.registers.actions import streaming
from shuangcheng.registers.actions.streaming import Loaded
from shuangcheng.registers.models import Holding
from tests.rooms.test_import_holdings import HEAD, OTHER_ID, line
from tests.world import AT, SYSTEM, World

CERTIFICATES = REGISTERS["teacher_certificate"]


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row or two is a block, so that a few rows cross many borders."""
    monkeypatch.setattr(csv_file, "BLOCK_BYTES", 400)
    monkeypatch.setattr(streaming, "MERGED_ROWS", 5)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "证书.csv"


def load(file: Path, *lines: str, encoding: str = "utf-8", **more: Any) -> Loaded:
    file.write_bytes("\r\n".join((HEAD, *lines, "")).encode(encoding))
    given = {"valid_only": False, "by": SYSTEM, "at": AT, "processes": 1} | more
    return streaming.load(register=CERTIFICATES, path=file, **given)


def status(number: int) -> str | None:
    question = {"name": "李老师", "certificate_number": f"201550000310001{number:02}"}
    found = holdings.find(CERTIFICATES, question, today=AT.date(), fields=["status"])
    return found and found.record["status"]


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_of_many_blocks_is_written_whole(file: Path, encoding: str) -> None:
    loaded = load(file, *(line(number) for number in range(1, 41)), encoding=encoding)
    assert (loaded.rows, loaded.merged.new, loaded.wrong, loaded.written) == (40, 40, 0, True)
    assert Holding.objects.count() == 40
    assert status(33) == "valid"


@pytest.mark.django_db
def test_a_break_inside_quotation_marks_does_not_end_a_row(file: Path) -> None:
    quoted = [line(number).replace("数学", '"数\n学"') for number in range(1, 21)]
    assert load(file, *quoted).merged.new == 20
    assert {row["subject"] for row in Holding.objects.values_list("record", flat=True)} == {"数学"}


@pytest.mark.django_db
def test_loading_again_changes_only_what_is_different(file: Path) -> None:
    load(file, *(line(number) for number in range(1, 21)))
    loaded = load(file, *(line(number, status="撤销" if number == 7 else "有效") for number in range(1, 23)))
    assert (loaded.merged.new, loaded.merged.changed) == (2, 1)
    assert status(7) == "revoked"
    item = Import.objects.order_by("id").last()
    assert item is not None
    assert (item.state, item.rows, item.new, item.changed, item.same) == (ImportState.DONE, 22, 2, 1, 19)
    assert AuditLine.objects.filter(verb="import.write").count() == 2


@pytest.mark.django_db
def test_one_wrong_row_and_nothing_is_written(file: Path) -> None:
    loaded = load(file, *(line(number) for number in range(1, 21)), line(21, id_number="999999198503070010"))
    assert not loaded.written
    assert [(row, flaw.column, flaw.value) for row, flaw in loaded.errors] == [(22, "身份证号码", "999***********0010")]
    assert not Holding.objects.exists()
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_or_the_right_rows_only(file: Path) -> None:
    loaded = load(file, line(1), line(2, status="作废"), line(3), valid_only=True)
    assert (loaded.written, loaded.merged.new, loaded.wrong) == (True, 2, 1)
    assert status(2) is None


@pytest.mark.django_db
def test_all_rows_of_a_repetition_are_wrong_however_far_apart(file: Path) -> None:
    rows = [line(number) for number in range(1, 21)]
    loaded = load(file, *rows, line(3, "赵老师", OTHER_ID), valid_only=True)
    assert [(row, flaw.code) for row, flaw in loaded.errors] == [(4, "repeated"), (22, "repeated")]
    assert (loaded.merged.new, loaded.wrong) == (19, 2)
    assert status(3) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ending", "encoding"), [('"开了没有关,', "utf-8"), (line(5).replace("数学", "\udce4\udcb8"), "utf-8")]
)
def test_a_damaged_file_writes_nothing(file: Path, ending: str, encoding: str) -> None:
    rows = [line(number) for number in range(1, 31)]
    file.write_bytes("\n".join((HEAD, *rows, ending)).encode(encoding, "surrogateescape"))
    with pytest.raises(Refused, match=r"第 3\d 行附近"):
        streaming.load(register=CERTIFICATES, path=file, valid_only=True, by=SYSTEM, at=AT, processes=1)
    assert not Holding.objects.exists()


@pytest.mark.django_db
def test_several_processes_do_the_same(file: Path) -> None:
    rows = [line(number) for number in range(1, 61)]
    loaded = load(file, *rows, line(61, status="作废"), processes=2, valid_only=True)
    assert (loaded.merged.new, [row for row, _flaw in loaded.errors]) == (60, [62])
    assert status(44) == "valid"


def test_only_those_who_keep_the_registers_load(world: World, file: Path) -> None:
    for someone in (world.sc_officer, world.cqu_admin, world.teacher):
        with pytest.raises(Refused):
            load(file, line(1), by=someone.actor)
    assert load(file, line(1), by=world.cq_officer.actor).written
