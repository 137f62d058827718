"""Registers from a terminal."""

import csv
from pathlib import Path

import click
from django.utils import timezone

from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.table import Flaw
from shuangcheng.directory.actors import of_account
from shuangcheng.directory.models import Account
from shuangcheng.registers.actions import streaming

from .refusals import told

SHOWN = 20


@click.group()
def registers() -> None:
    """Authoritative registers that this authority holds."""


@registers.command("import")
@click.argument("register", type=click.Choice(sorted(REGISTERS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "login", required=True, help="Login of the officer in whose name the records are entered.")
@click.option("--valid-only", is_flag=True, help="Write the right rows although others are wrong.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write what is wrong to this CSV file.")
def import_register(register: str, file: Path, login: str, valid_only: bool, errors: Path | None) -> None:
    """Import a CSV FILE of any size into REGISTER, on all cores."""
    account = Account.objects.select_related("person").filter(login=login.lower(), is_active=True).first()
    if account is None:
        raise click.UsageError(f"没有启用的账号“{login}”。")
    at = timezone.localtime()
    by = of_account(account, door="cli", at=at)
    with told():
        loaded = streaming.load(register=REGISTERS[register], path=file, valid_only=valid_only, by=by, at=at)
    for row, flaw in loaded.errors[:SHOWN]:
        click.echo(f"第 {row} 行 {flaw.column} {flaw.message}", err=True)
    if errors is not None:
        _write(errors, loaded.errors)
    done, merged = "已写入" if loaded.written else "没有写入", loaded.merged
    counts = f"新增 {merged.new:,}，更新 {merged.changed:,}，有误 {loaded.wrong:,}"
    click.echo(f"{done}：共 {loaded.rows:,} 行，{counts}")
    raise SystemExit(0 if loaded.written else 1)


def _write(path: Path, errors: list[tuple[int, Flaw]]) -> None:
    """The errors as a table that Excel opens."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(("行号", "列", "内容", "错误"))
        out.writerows((row, flaw.column, flaw.value, str(flaw.message)) for row, flaw in errors)
