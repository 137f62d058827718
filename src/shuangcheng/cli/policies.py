"""A policy document from a terminal into the library and a list: the same checks as on the pages."""

from datetime import datetime
from pathlib import Path

import click
from django.db import transaction
from django.utils import timezone

from shuangcheng.core.policy.packing import unpack
from shuangcheng.core.schema import read
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.actors import of_account
from shuangcheng.directory.models import Account
from shuangcheng.directory.terms import Field
from shuangcheng.plan.actions import intakes, plans, policies, proposals
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.inputs.policies import PolicyInput
from shuangcheng.plan.models import Intake
from shuangcheng.plan.reading import title_page

from .refusals import told


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--plan", "name", help="Begin a list of this name and propose what was read for it.")
@click.option("--field", type=click.Choice([field.value for field in Field]), required=True, help="领域")
@click.option("--years", nargs=2, type=int, help="First and last year of the list; by default that of the document.")
@click.option("--article", type=int, default=0, help="Which document of a compilation, from 0.")
@click.option("--as", "login", required=True, help="Login of the officer who takes the document in.")
@transaction.atomic
def import_policy(
    file: Path, name: str | None, field: str, years: tuple[int, int] | None, article: int, login: str
) -> None:
    """Take a policy document into the library, and read it into a list."""
    account = Account.objects.select_related("person").filter(login=login.lower(), is_active=True).first()
    if account is None:
        raise click.UsageError(f"没有启用的账号“{login}”。")
    at = timezone.localtime()
    by = of_account(account, door="cli", at=at)
    with told():
        intake = intakes.receive_file(name=file.name, data=file.read_bytes(), by=by, at=at)
        try:
            _take(intake, article, field=field, name=name, years=years, by=by, at=at)
        except BaseException:
            intake.file.delete(save=False)  # the row goes with the transaction
            raise


def _take(
    intake: Intake, article: int, *, field: str, name: str | None, years: tuple[int, int] | None, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    if not 0 <= article < len(intake.readings):
        raise click.UsageError(f"文件里读到 {len(intake.readings)} 篇，--article 从 0 数起。")
    document = unpack(intake.readings[article])
    for doubt in document.doubts:
        click.echo(f"存疑：{doubt}", err=True)
    data = read(PolicyInput, title_page(intake, document) | {"field": field})
    policy = policies.take(intake=intake, article=article, data=data, by=by, at=at)
    click.echo(f"已收录《{policy.title}》：{policy.id}")
    if name is None:
        return
    year = (policy.issued or at).year
    first, last = years or (year, year)
    facts = {"name": name, "policy": str(policy.id), "side": policy.side, "field": field}
    plan = plans.create(data=read(PlanInput, facts | {"first_year": first, "last_year": last}), by=by, at=at)
    found = proposals.read(plan=plan, version=policy.versions.get(), by=by, at=at)
    click.echo(f"清单“{plan.name}”（{plan.id}）：{len(found)} 项待核定")
