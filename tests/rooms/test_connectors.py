"""Registers that another system keeps: asked by the declared mapping, and never mistaken for "no match"."""

from typing import Any

import pytest

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import read
from shuangcheng.directory.models import AuditLine
from shuangcheng.registers import breaker, holdings, upstream
from shuangcheng.registers.actions import connectors as actions
from shuangcheng.registers.breaker import Breaker, Circuit, Open
from shuangcheng.registers.inputs.connectors import ConnectorInput
from shuangcheng.registers.models import Connector
from tests.upstream import Upstream
from tests.world import AT, SYSTEM, World

CERTIFICATES = REGISTERS["teacher_certificate"]
ID = "999999198503070014"
QUESTION = {"name": "李老师", "id_number": ID}
NAMES = """
教师资格证书号码=ZSBH
姓名=XM
id_number = SFZH
资格种类＝ZGZL
status=ZT
"""
RECORD = {
    "ZSBH": "20155000031000001", "XM": "李老师", "SFZH": ID, "ZGZL": "初级中学教师资格", "issuer": "某某区教育委员会",
    "issued_on": "20150630", "ZT": "有效", "remark": "此项不取",
}  # fmt: skip


def save(system: Upstream, *, seen: int = 0, **changes: Any) -> Connector:
    values = {"url": system.url, "names": NAMES, "within": "data.list", "seconds": 1, "enabled": True} | changes
    data = read(ConnectorInput, values)
    return actions.save(register=CERTIFICATES, data=data, by=SYSTEM, at=AT, seen=seen)


@pytest.fixture(autouse=True)
def fresh_breakers() -> None:
    upstream._breaker.cache_clear()


def find() -> Any:
    return holdings.find(CERTIFICATES, QUESTION, today=AT.date(), fields=["kind", "status", "issued_on", "id_number"])


@pytest.mark.django_db
def test_a_question_is_asked_in_the_other_systems_words(upstream: Upstream) -> None:
    upstream.records = [{**RECORD, "issued_on": "2015-06-30"}]
    save(upstream, header="X-Credential", secret="open sesame")
    found = find()
    assert found.record == {"kind": "junior", "status": "valid", "issued_on": "2015-06-30", "id_number": ID}
    assert found.subject is not None
    assert upstream.asked == [{"XM": "李老师", "SFZH": ID}]
    assert upstream.paths == ["/query"]
    assert upstream.credentials == ["open sesame"]


@pytest.mark.django_db
def test_no_record_is_no_match(upstream: Upstream) -> None:
    save(upstream)
    assert find() is None
    upstream.status = 404
    assert find() is None


@pytest.mark.django_db
def test_a_record_that_does_not_fit_the_question_is_no_match(upstream: Upstream) -> None:
    upstream.answer = lambda _question: Upstream(records=[  # type: ignore[method-assign]
        {**RECORD, "XM": "李老大", "issued_on": "2015-06-30"}
    ]).answer({})  # fmt: skip
    save(upstream)
    assert find() is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "mood",
    [
        {"status": 500},
        {"status": 302},
        {"raw": b"<html>"},
        {"raw": b"[]"},
        {"raw": b'{"data": {"list": 3}}'},
        {"records": [{"XM": "李老师", "SFZH": ID}]},
        {"records": [{**RECORD, "issued_on": "2015-06-30"}] * 2},
        {"delay": 1.6},
        {"raw": b" " * (1024 * 1024 + 1)},
    ],
    ids=["error", "redirect", "page", "list", "number", "half a record", "two records", "slow", "large"],
)
def test_silence_and_nonsense_are_never_no_match(upstream: Upstream, mood: dict[str, Any]) -> None:
    for name, value in mood.items():
        setattr(upstream, name, value)
    save(upstream)
    with pytest.raises(Refused, match="暂时不可用") as caught:
        find()
    assert caught.value.why is Why.UNAVAILABLE
    assert ID not in str(caught.value)


@pytest.mark.django_db
def test_what_fails_again_and_again_is_left_alone_for_a_while(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = save(upstream)
    upstream.status = 500
    for _ in range(breaker.FAILURES + 3):
        with pytest.raises(Refused, match="暂时不可用"):
            find()
    assert len(upstream.asked) == breaker.FAILURES
    monkeypatch.setattr(breaker, "REST_SECONDS", 0)
    upstream.status = 200
    assert find() is None
    monkeypatch.undo()
    assert find() is None
    upstream.status = 500
    row.refresh_from_db()
    save(upstream, seen=row.version)
    with pytest.raises(Refused):
        find()


def test_a_breaker_lets_one_caller_try() -> None:
    now = [0.0]
    made = Breaker(lambda: now[0])

    def fail() -> None:
        raise ValueError

    for _ in range(breaker.FAILURES):
        with pytest.raises(ValueError, match=r"^$"):
            made.call(fail, fails=ValueError)
    assert made.circuit is Circuit.OPEN
    with pytest.raises(Open):
        made.call(lambda: 1, fails=ValueError)
    now[0] += breaker.REST_SECONDS
    assert made.circuit is Circuit.HALF_OPEN

    def trial() -> int:
        with pytest.raises(Open):
            made.call(lambda: 1, fails=ValueError)
        return 2

    assert made.call(trial, fails=ValueError) == 2
    assert made.circuit is Circuit.CLOSED


@pytest.mark.django_db
def test_what_is_off_is_not_asked(upstream: Upstream) -> None:
    save(upstream, enabled=False)
    assert find() is None
    assert upstream.asked == []


@pytest.mark.django_db
def test_a_test_says_what_is_wrong(upstream: Upstream) -> None:
    row = save(upstream, enabled=False)
    given: dict[str, Any] = {"connector": row, "register": CERTIFICATES, "by": SYSTEM, "at": AT}
    assert actions.test(question=QUESTION, **given) == "no_match"
    upstream.records = [{**RECORD, "issued_on": "2015-06-30"}]
    assert actions.test(question=QUESTION, **given) == ""
    upstream.records = [{"XM": "李老师", "SFZH": ID}]
    with pytest.raises(Refused, match="NotARecord: certificate_number, issued_on, issuer, kind, status"):
        actions.test(question=QUESTION, **given)


@pytest.mark.django_db
def test_the_credential_is_sealed_and_kept_when_left_empty(upstream: Upstream) -> None:
    row = save(upstream, header="X-Credential", secret="open sesame")
    row = save(upstream, header="X-Credential", seen=row.version)
    find()
    assert upstream.credentials == ["open sesame"]
    assert b"sesame" not in bytes(Connector.objects.get().sealed or b"")
    assert "sesame" not in repr(list(AuditLine.objects.values()))
    row = save(upstream, seen=row.version)
    assert row.sealed is None


@pytest.mark.django_db
def test_a_mapping_that_cannot_be_read_is_told(upstream: Upstream) -> None:
    for wrong in ("姓名", "工资=GZ", "姓名="):
        with pytest.raises(Refused, match="读不懂"):
            save(upstream, names=wrong)
    with pytest.raises(Refused, match="https"):
        save(upstream, url="http://example.cn/query")


def test_only_the_nodes_administrator_sets_connectors(world: World, upstream: Upstream) -> None:
    data = read(ConnectorInput, {"url": upstream.url})
    row = save(upstream)
    for someone in (world.cq_officer, world.cqu_admin, world.learner):
        given: dict[str, Any] = {"register": CERTIFICATES, "by": someone.actor, "at": AT}
        with pytest.raises(Refused, match="权限"):
            actions.save(data=data, seen=row.version, **given)
        with pytest.raises(Refused, match="权限"):
            actions.test(connector=row, question=QUESTION, **given)
    actions.save(register=CERTIFICATES, data=data, by=world.node_admin.actor, at=AT, seen=row.version)
