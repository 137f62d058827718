"""A register from a terminal."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shuangcheng.cli.registers import registers
from shuangcheng.registers import workers
from shuangcheng.registers.models import Holding
from tests.rooms.test_import_holdings import HEAD, line
from tests.world import World


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 1)


def run(file: Path, *lines: str, login: str = "cq.officer", more: tuple[str, ...] = ()) -> Result:
    file.write_text("\n".join((HEAD, *lines)), encoding="utf-8")
    return CliRunner().invoke(registers, ["import", "teacher_certificate", str(file), "--as", login, *more])


def test_a_file_is_imported(world: World, tmp_path: Path) -> None:
    result = run(tmp_path / "证书.csv", line(1), line(2))
    assert result.exit_code == 0, result.output
    assert "新增 2" in result.output
    assert Holding.objects.count() == 2


def test_what_is_wrong_is_told_and_written_down_without_numbers(world: World, tmp_path: Path) -> None:
    report = tmp_path / "错误.csv"
    wrong = line(2, id_number="999999198503070010")
    result = run(tmp_path / "证书.csv", line(1), wrong, more=("--errors", str(report)))
    assert result.exit_code == 1
    assert "没有写入：共 2 行" in result.output
    assert "3,身份证号码,999***********0010," in report.read_text(encoding="utf-8-sig")
    assert "999999198503070010" not in result.output + report.read_text(encoding="utf-8-sig")
    assert not Holding.objects.exists()
    assert run(tmp_path / "证书.csv", line(1), wrong, more=("--valid-only",)).exit_code == 0
    assert Holding.objects.count() == 1


@pytest.mark.parametrize("login", ["learner", "sc.officer", "nobody"])
def test_who_does_not_keep_the_registers_is_refused(world: World, tmp_path: Path, login: str) -> None:
    assert run(tmp_path / "证书.csv", line(1), login=login).exit_code != 0
    assert not Holding.objects.exists()
