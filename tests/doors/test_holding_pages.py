"""Pages of registers, their records and their connectors: refusals first."""

from typing import Any

import pytest
from django.test import Client

from shuangcheng.core.registers import REGISTERS
from shuangcheng.directory.models import AuditLine
from shuangcheng.registers import upstream as upstreams
from shuangcheng.registers.models import Connector, Holding
from tests.doors.plan_cast import enter
from tests.rooms.test_connectors import NAMES, RECORD
from tests.rooms.test_holdings import ID, put
from tests.upstream import Upstream
from tests.world import World

HOME = "/registers/teacher_certificate/"
NUMBER = "20155000031000001"
FORM = {name: str(value) for name, value in REGISTERS["teacher_certificate"].sample.items()}


def text(response: Any) -> str:
    return str(response.content.decode())


def test_without_signing_in_nothing_is_shown(client: Client, world: World) -> None:
    row = put()
    for address in ("/registers/", HOME, f"{HOME}records/{row.pk}/", f"{HOME}new/", f"{HOME}connector/"):
        assert client.get(address).status_code == 302
    assert client.post(HOME, {"number": NUMBER}).status_code == 302


@pytest.mark.parametrize("who", ["sc_officer", "cqu_admin", "teacher", "learner", "auditor"])
def test_who_does_not_keep_the_registers_sees_what_may_be_asked_and_no_record(
    client: Client, world: World, who: str
) -> None:
    row = put()
    enter(client, world, who)
    page = text(client.get(HOME))
    assert "谁可以为什么查什么" in page
    assert "批量导入" not in page
    assert "本节点持有" not in page
    assert client.post(HOME, {"number": NUMBER}).status_code == 403
    assert client.get(f"{HOME}records/{row.pk}/").status_code == 404
    for address in (f"{HOME}new/", f"{HOME}records/{row.pk}/edit/", f"{HOME}connector/"):
        assert client.get(address).status_code == 403
        assert client.post(address, FORM).status_code == 403
    assert client.post(f"{HOME}records/{row.pk}/remove/", {"reason": "录入有误"}).status_code == 404
    assert Holding.objects.count() == 1


def test_a_record_is_found_by_its_number_and_shown_masked(client: Client, world: World) -> None:
    row = put()
    enter(client, world, "cq_officer")
    found = client.post(HOME, {"number": NUMBER})
    assert found["Location"] == f"{HOME}records/{row.pk}/"
    page = text(client.get(found["Location"]))
    assert "李老师" in page
    assert "初级中学教师资格" in page
    assert "999***********0014" in page
    assert ID not in page
    assert NUMBER not in page
    missed = client.post(HOME, {"number": "20155000031000009"})
    assert missed.status_code == 422
    assert "没有这个号码的记录" in text(missed)
    assert "应为 17 位" in text(client.post(HOME, {"number": "2015"}))
    lines = AuditLine.objects.filter(verb="holding.find")
    assert lines.count() == 2
    assert NUMBER not in repr(list(lines.values()))


def test_a_record_is_entered_corrected_and_removed(client: Client, world: World) -> None:
    enter(client, world, "cq_officer")
    wrong = client.post(f"{HOME}new/", FORM | {"id_number": "999999198503070010"})
    assert wrong.status_code == 422
    assert "校验码" in text(wrong)
    address = client.post(f"{HOME}new/", FORM)["Location"]
    row = Holding.objects.get()
    form = text(client.get(f"{address}edit/"))
    assert 'name="id_number"' not in form
    assert ID not in form
    change = {name: FORM[name] for name in ("name", "kind", "subject", "issuer", "issued_on")} | {"status": "revoked"}
    client.post(f"{address}edit/", change | {"version": row.version})
    row.refresh_from_db()
    assert row.record["status"] == "revoked"
    late = client.post(f"{address}edit/", change | {"status": "valid", "version": row.version + 1})
    assert late.status_code == 422
    assert "已被修改" in text(late)
    assert client.post(f"{address}remove/", {"reason": ""})["Location"] == address
    assert Holding.objects.exists()
    client.post(f"{address}remove/", {"reason": "重复录入"})
    assert not Holding.objects.exists()


def test_the_overview_counts(client: Client, world: World, django_assert_max_num_queries: Any) -> None:
    put()
    enter(client, world, "cq_officer")
    client.get("/registers/")
    with django_assert_max_num_queries(10):
        page = text(client.get("/registers/"))
    assert all(register.title in page for register in REGISTERS.values())
    assert '<td class="num">1</td>' in page


def test_an_unknown_register_is_not_found(client: Client, world: World) -> None:
    enter(client, world, "node_admin")
    assert client.get("/registers/salaries/").status_code == 404
    assert client.get("/registers/salaries/connector/").status_code == 404


def test_a_connector_is_set_up_tried_and_switched_on(client: Client, world: World, upstream: Upstream) -> None:
    upstreams._breaker.cache_clear()
    enter(client, world, "cq_officer")
    assert client.get(f"{HOME}connector/").status_code == 403
    enter(client, world, "node_admin")
    form = {"url": upstream.url, "names": NAMES, "within": "data.list", "seconds": "1", "version": "0"}
    assert client.post(f"{HOME}connector/", form | {"names": "工资=GZ"}).status_code == 422
    client.post(f"{HOME}connector/", form | {"header": "X-Credential", "secret": "open sesame"})
    row = Connector.objects.get()
    page = text(client.get(f"{HOME}connector/"))
    assert "sesame" not in page
    assert "尚未启用" in page
    asked = {"id": str(row.pk), "question": "1", "name": "李老师", "id_number": ID}
    assert "没有相符的记录" in text(client.post(f"{HOME}connector/test/", asked))
    upstream.records = [{**RECORD, "issued_on": "2015-06-30"}]
    told = text(client.post(f"{HOME}connector/test/", asked))
    assert "一条合格的记录" in told
    assert ID not in told
    upstream.status = 503
    failed = client.post(f"{HOME}connector/test/", asked)
    assert failed.status_code == 422
    assert "HTTP 503" in text(failed)
    assert client.post(f"{HOME}connector/test/", asked | {"question": "9"}).status_code == 422
    client.post(f"{HOME}connector/", form | {"enabled": "true", "version": str(row.version)})
    assert "由上游系统应答" in text(client.get("/registers/"))
