"""Accounts of the demonstration: everybody gets in there, and nobody anywhere else."""

import pytest
from django.conf import settings as node
from django.contrib.auth import authenticate
from django.test import Client

from shuangcheng.directory.models import Account, Person
from shuangcheng.directory.terms import Role
from shuangcheng.site import demo
from shuangcheng.site.demo import read
from tests.demonstration import BACKEND, silent
from tests.rooms.checks import refused


@pytest.mark.django_db
def test_a_real_node_takes_no_demonstration():
    with refused("not_a_demo"):
        demo.load(silent)
    assert BACKEND not in node.AUTHENTICATION_BACKENDS


def test_every_role_has_an_account_that_gets_in(demo_world: None):
    rows = demo.accounts()
    assert {entry["role"] for entry in read.entries("people", "person")} == set(Role)
    assert {side for _login, _password, _role, side in rows} == {"重庆"}, "the others are on the other node"
    assert len(rows) == Account.objects.count()
    for login, password, _role, _side in rows:
        account = authenticate(None, username=login.upper(), password=password)
        assert account is not None, login
        assert account.login == login
        assert account.person.grants.get().side == "cq"
        assert authenticate(None, username=login, password=password + "!") is None


def test_the_published_password_opens_no_other_node(demo_world: None, settings):
    backends = list(settings.AUTHENTICATION_BACKENDS)
    settings.SHUANGCHENG = settings.SHUANGCHENG.model_copy(update={"demo": False})
    assert authenticate(None, username="cq.officer", password=demo.PASSWORD) is None
    settings.AUTHENTICATION_BACKENDS = [name for name in backends if name != BACKEND]
    assert authenticate(None, username="cq.officer", password=demo.PASSWORD) is None
    for account in Account.objects.all():
        assert not account.check_password(demo.PASSWORD)


def test_the_published_password_is_for_the_invented_only(demo_world: None):
    Person.objects.filter(account__login="cq.officer").update(invented=False)
    assert authenticate(None, username="cq.officer", password=demo.PASSWORD) is None
    Account.objects.filter(login="cqu.admin").update(is_active=False)
    assert authenticate(None, username="cqu.admin", password=demo.PASSWORD) is None
    assert authenticate(None, username="sc.officer", password=demo.PASSWORD) is None, "on the other node"


def test_signing_in_on_the_page(demo_world: None):
    client = Client()
    page = client.post("/account/login/", {"login": "cq.officer", "password": demo.PASSWORD})
    assert page.status_code == 302
    assert client.session["_auth_user_backend"] == BACKEND


def test_a_session_of_the_demonstration_ends_with_it(demo_world: None, settings):
    client = Client()
    client.force_login(Account.objects.get(login="cq.officer"), backend=BACKEND)
    settings.AUTHENTICATION_BACKENDS = [name for name in settings.AUTHENTICATION_BACKENDS if name != BACKEND]
    assert client.get("/").wsgi_request.user.is_authenticated is False
