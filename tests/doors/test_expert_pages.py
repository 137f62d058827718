"""The pages of the expert pool: from the nomination to the answer."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from shuangcheng.directory import audit
from shuangcheng.directory.models import Account, Service
from tests.doors.test_pages import enter
from tests.world import AT, World

pytestmark = pytest.mark.django_db


def test_an_expert_nominated_here_can_answer(client: Client, world: World) -> None:
    """From the nomination through the account to the answer, each by whom it concerns."""
    enter(client, world, "cqu_admin")
    nomination = {"name": "陆小新", "employer": "重庆大学", "nominated_by": "重庆大学", "field": "higher"}
    page = client.post("/experts/new/", nomination | {"specialities": "桥梁工程"})["Location"]
    enter(client, world, "cq_officer")
    client.post(f"{page}act/", {"do": "accept"})
    assert "未开通，本人不能答复邀请" in client.get(page).content.decode()
    enter(client, world, "sc_officer")
    assert client.post(f"{page}account/", {"login": "lu.xiaoxin"}).status_code == 403
    enter(client, world, "cqu_admin")
    assert client.post(f"{page}account/", {"login": "陆"}).status_code == 422
    told = client.post(f"{page}account/", {"login": "lu.xiaoxin"})
    assert "no-store" in told["Cache-Control"]
    shown = re.findall(r">([a-z0-9]{4}(?:-[a-z0-9]{4}){3})<", told.content.decode())
    account = Account.objects.get(login="lu.xiaoxin")
    assert account.check_password(shown[0])
    assert "未开通" not in client.get(page).content.decode()
    enter(client, world, "cq_officer")
    today = timezone.localdate().isoformat()
    task = {"host": "重庆市教育委员会", "task": "评议专业", "begins": today, "ends": today}
    assert client.post(f"{page}invite/", task).status_code == 302
    client.force_login(account)
    service = Service.objects.get(expert__person=account.person)
    client.post(f"{page}act/", {"do": "come", "service": str(service.id)})
    service.refresh_from_db()
    assert service.state == "accepted"
    assert 'value="withdraw"' not in client.get(page).content.decode(), "the expert declines, the host takes back"
    enter(client, world, "cq_officer")
    assert 'value="withdraw"' in client.get(page).content.decode()
    client.post(f"{page}act/", {"do": "withdraw", "service": str(service.id)})
    service.refresh_from_db()
    assert service.state == "withdrawn"


@pytest.mark.parametrize(("who", "imports"), [("cqu_admin", True), ("teacher", False), ("learner", False)])
def test_the_desk_offers_what_one_may_do(client: Client, world: World, who: str, imports: bool) -> None:
    """And of what one did: signing in is no work."""
    someone = getattr(world, who)
    for verb in ("account.sign_in", "account.password_change"):
        audit.record(by=someone.actor, at=AT, verb=verb, kind="person", subject=someone.account.person)
    page = enter(client, world, who).get("/my/")
    assert ('href="/imports/"' in page.content.decode()) == imports
    done = [line.verb for line in page.context["done"]]
    assert "account.password_change" in done
    assert "account.sign_in" not in done
