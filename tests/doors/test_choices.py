"""What a field suggests while somebody types."""

import pytest
from django.test import Client

from shuangcheng.directory.actions import organisations
from shuangcheng.directory.inputs import OrganisationInput
from tests.world import AT, World

pytestmark = pytest.mark.django_db


def test_schools_of_one_name_are_told_apart(client: Client, world: World) -> None:
    for name, division in (("示例实验小学", "500153"), ("示例实验小学", "500106"), ("示例实验小学分校", "500106")):
        data = OrganisationInput(name=name, type="school", division=division)
        organisations.create(data=data, by=world.cq_officer.actor, at=AT)
    page = client.get("/choices/organisation/", {"employer": "示例实验小学"}).content.decode()
    assert '<option value="500153/示例实验小学">' in page
    assert '<option value="500106/示例实验小学">' in page
    assert '<option value="示例实验小学分校">' in page


def test_browsers_which_filter_options_by_what_was_typed_show_those_found_by_initials(
    client: Client, world: World
) -> None:
    page = client.get("/choices/organisation/", {"employer": "cqdx"}).content.decode()
    assert '<option value="重庆大学">' in page
    assert all("cqdx" in option for option in page.split("<option")[1:])
    page = client.get("/choices/organisation/", {"employer": "重庆大"}).content.decode()
    assert '<option value="重庆大学">本科高校 · 沙坪坝区</option>' in page
