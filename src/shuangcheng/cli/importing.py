"""Bulk entry from a terminal: the same checks and the same transaction as on the pages."""

from pathlib import Path

import click
from django.utils import timezone

from shuangcheng.desk.importing import actions, queries
from shuangcheng.desk.models import Import, ImportState
from shuangcheng.directory.actors import of_account
from shuangcheng.directory.models import Account

from .refusals import told

SHOWN = 20


@click.command("import")
@click.argument("table")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "login", required=True, help="Login of the officer in whose name the rows are entered.")
@click.option("--valid-only", is_flag=True, help="Write the right rows although others are wrong.")
def import_file(table: str, file: Path, login: str, valid_only: bool) -> None:
    """Import a spreadsheet FILE into TABLE (organisation, programme)."""
    account = Account.objects.select_related("person").filter(login=login.lower(), is_active=True).first()
    if account is None:
        raise click.UsageError(f"没有启用的账号“{login}”。")
    by = of_account(account, door="cli", at=timezone.localtime())
    with told():
        item = actions.upload(table=table, name=file.name, data=file.read_bytes(), by=by, at=timezone.localtime())
        actions.check(import_id=item.id, at=timezone.localtime())
        item.refresh_from_db()
        _report(item)
        actions.confirm(item=item, valid_only=valid_only, by=by, at=timezone.localtime())
        actions.write(import_id=item.id, at=timezone.localtime())
    item.refresh_from_db()
    click.echo(f"{item.get_state_display()}：新增 {item.new:,}，更新 {item.changed:,}")
    raise SystemExit(0 if item.state == ImportState.DONE else 1)


def _report(item: Import) -> None:
    """Counts, and the first errors by row and column."""
    click.echo(f"新增 {item.new:,}，更新 {item.changed:,}，无变化 {item.same:,}，有误 {item.wrong:,}")
    for note in queries.notes(item):
        click.echo(str(note), err=True)
    for error in queries.errors(item)[:SHOWN]:
        click.echo(str(error.message), err=True)
    if item.state == ImportState.UNREADABLE:
        raise SystemExit(1)
