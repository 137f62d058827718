"""The subject-matter commands: refusals first."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from shuangcheng.cli import commands
from shuangcheng.core.sheets import workbook
from shuangcheng.directory.models import Account, AuditLine, Organisation
from tests.world import World

pytestmark = pytest.mark.django_db
COMMANDS = {command.name: command for command in commands}


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(COMMANDS[arguments[0]], list(arguments[1:]))
    return result.exit_code, result.output


def test_an_administrator_needs_a_known_authority_and_a_free_login(world: World) -> None:
    accounts = Account.objects.count()
    code, said = run("administrator", "new.admin", "--name", "王小明", "--organisation", "火星教育局")
    assert code == 1
    assert "没有找到“火星教育局”" in said
    code, said = run("administrator", "node.admin", "--name", "王小明", "--organisation", "重庆市教育委员会")
    assert code == 1
    assert "登录名已有人使用" in said
    assert Account.objects.count() == accounts


def test_an_administrator_signs_in_with_the_printed_password(world: World) -> None:
    code, said = run("administrator", "New.Admin", "--name", "王小明", "--organisation", "重庆市教育委员会")
    assert code == 0
    login, password = said.split()
    assert Account.objects.get(login=login).check_password(password)
    assert AuditLine.objects.filter(verb="person.create", actor_name="命令行").count() == 1


HEAD = ["机构名称", "机构类型", "所在区划"]


def sheet(folder: Path, *rows: list[str]) -> str:
    file = folder / "机构.xlsx"
    file.write_bytes(workbook(title="机构", columns=HEAD, rows=rows))
    return str(file)


@pytest.mark.django_db(transaction=True)
def test_a_spreadsheet_is_imported_in_somebodys_name(world: World, tmp_path: Path) -> None:
    good = ["示例区第一职业学校", "中等职业学校", "500153"]
    code, said = run("import", "organisation", sheet(tmp_path, good), "--as", "nobody")
    assert code == 2
    assert "没有启用的账号" in said
    code, said = run("import", "organisation", sheet(tmp_path, good), "--as", "learner")
    assert code == 1
    assert "没有办理这项业务的权限" in said
    code, said = run("import", "organisation", sheet(tmp_path, good, ["坏", "飞船", "1"]), "--as", "cq.officer")
    assert code == 1
    assert "还有 1 行有错误" in said
    assert not Organisation.objects.filter(name="示例区第一职业学校").exists()
    code, said = run("import", "organisation", sheet(tmp_path, good), "--as", "cq.officer")
    assert code == 0, said
    assert "新增 1" in said
    assert Organisation.objects.filter(name="示例区第一职业学校").exists()
