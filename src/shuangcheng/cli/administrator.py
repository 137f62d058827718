"""The first administrator of a node, who makes all other accounts on the pages."""

import click
from django.utils import timezone

from shuangcheng.core.passwords import first_password
from shuangcheng.core.schema import read
from shuangcheng.directory.actions import people
from shuangcheng.directory.actor import system
from shuangcheng.directory.people_inputs import PersonInput
from shuangcheng.directory.terms import Role

from .refusals import told


@click.command()
@click.argument("login")
@click.option("--name", required=True, help="Name of the person.")
@click.option("--organisation", required=True, help="Name or code of the authority, as in the directory.")
def administrator(login: str, name: str, organisation: str) -> None:
    """Make an account of a node administrator and print its first password."""
    password = first_password()
    with told():
        data = read(PersonInput, {"name": name, "login": login, "role": Role.NODE_ADMIN, "organisation": organisation})
        account = people.create(data=data, password=password, by=system("命令行"), at=timezone.localtime())
    click.echo(f"{account.login}  {password}")
