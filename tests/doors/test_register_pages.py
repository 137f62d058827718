"""Pages of agreements, look-ups, consents and 谁查过我: refusals first, then the work from end to end."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shuangcheng.core.basis import Purpose
from shuangcheng.core.merkle import leaf_hash, verify_inclusion
from shuangcheng.core.sheets import workbook
from shuangcheng.core.wire import read_base64url
from shuangcheng.exchange.models import Outgoing, Peer
from shuangcheng.registers.models import Access, Consent, LookUp, Sharing
from tests.doors.plan_cast import enter
from tests.partner import Partner, problem
from tests.rooms.sharing import agreed, deliver, drafted, joined, signed
from tests.rooms.test_lookups import BY, BY_ID, CERTIFICATE, ID, answers
from tests.world import World

NEW = "/lookups/new/teacher_certificate/"
FORM = {"node": "sc", "purpose": "recruitment", "by": "0", "basis": "statutory_duty", "fields": ["kind", "status"]}


@pytest.fixture
def sharing(world: World, peer: Peer, partner: Partner) -> Sharing:
    row = agreed(world, peer, partner)
    partner.received.clear()
    return row


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("address", ["/sharing/", "/lookups/", "/consents/", "/my/lookups/", "/my/consents/", NEW])
def test_nobody_sees_anything_without_signing_in(client: Client, world: World, address: str) -> None:
    response = client.get(address)
    assert response.status_code in (302, 403) or "登录" in text(response)
    assert LookUp.objects.count() == 0


@pytest.mark.parametrize("who", ["learner", "teacher", "employer", "auditor", "sc_officer"])
def test_who_may_not_ask_or_sign(client: Client, world: World, sharing: Sharing, who: str) -> None:
    enter(client, world, who)
    if who != "sc_officer":
        assert client.post(NEW, FORM | BY).status_code == 403
        assert client.get("/consents/new/").status_code == 403
    assert client.get("/sharing/new/").status_code == 403
    assert (
        client.post(f"/sharing/{sharing.pk}/decide/", {"do": "end", "reason": "不要了吧", "version": 1}).status_code
        == 403
    )
    sharing.refresh_from_db()
    assert sharing.state == "in_force"
    assert not LookUp.objects.exists()


def test_others_look_ups_are_not_found(client: Client, world: World, sharing: Sharing, partner: Partner) -> None:
    partner.answer = answers("found")
    enter(client, world, "cqu_admin").post(NEW, FORM | BY)
    row = LookUp.objects.get()
    assert enter(client, world, "outsider").get(f"/lookups/{row.pk}/").status_code == 404
    assert client.get(f"/lookups/{row.pk}/results.xlsx").status_code == 404
    page = enter(client, world, "cq_officer").get(f"/lookups/{row.pk}/")
    assert page.status_code == 200
    assert CERTIFICATE not in text(page), "an officer sees that it was, not what"
    assert client.get(f"/lookups/{row.pk}/results.xlsx").status_code == 403


def test_one_certificate_is_looked_up_and_shown(
    client: Client, world: World, sharing: Sharing, partner: Partner
) -> None:
    partner.answer = answers("found")
    enter(client, world, "staff")
    page = text(client.get(NEW))
    assert "教师资格证书号码" in page
    assert 'value="kind" checked' in page, "preset to what the purpose needs and the agreement allows"
    assert 'value="issuer"' not in page
    response = client.post(NEW, FORM | BY, follow=True)
    row = LookUp.objects.get()
    assert response.redirect_chain == [(f"/lookups/{row.pk}/", 302)]
    assert "有效" in text(response)
    assert CERTIFICATE in text(response)
    assert client.get(f"/lookups/{row.pk}/results.xlsx").status_code == 200
    assert "查到" in text(client.get("/lookups/"))


def test_what_is_wrong_stands_at_its_field(client: Client, world: World, sharing: Sharing) -> None:
    enter(client, world, "staff")
    response = client.post(NEW, FORM | {"name": "李老师", "certificate_number": "123"})
    assert response.status_code == 422
    assert 'id="e-certificate_number"' in text(response)
    assert 'value="李老师"' in text(response), "typed text is not lost"
    response = client.post(NEW, FORM | BY_ID | {"by": "1", "basis": "separate_consent"})
    assert "没有此人对这项用途的有效同意" in text(response)
    assert not LookUp.objects.exists()


def test_while_the_other_node_is_away_the_page_says_so_and_updates(
    client: Client, world: World, sharing: Sharing, partner: Partner
) -> None:
    partner.answer = lambda _partner, _raw: problem(503, "down")
    enter(client, world, "staff")
    response = client.post(NEW, FORM | BY, follow=True)
    assert "对方暂时不可达，恢复后自动送达" in text(response)
    row = LookUp.objects.get()
    assert 'hx-trigger="every 2s"' in text(client.get(f"/lookups/{row.pk}/", headers={"HX-Request": "true"}))
    partner.answer = answers("no_match")
    Outgoing.objects.update(next_at=timezone.localtime())
    deliver()
    assert client.get(f"/lookups/{row.pk}/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "没有查到与所填各项完全一致的记录" in text(client.get(f"/lookups/{row.pk}/"))


def sheet(*rows: tuple[str, str]) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = workbook(title="查询", columns=["教师资格证书号码", "姓名"], rows=[(b, a) for a, b in rows])
    return SimpleUploadedFile("查询.xlsx", content)


def test_a_spreadsheet_is_one_letter_and_comes_back_row_by_row(
    client: Client, world: World, sharing: Sharing, partner: Partner
) -> None:
    enter(client, world, "staff")
    address = "/lookups/batch/teacher_certificate/"
    assert client.get("/lookups/template/teacher_certificate/0.xlsx").status_code == 200
    wrong = client.post(address, FORM | {"file": sheet(("李老师", CERTIFICATE), ("王老师", "12"))})
    assert wrong.status_code == 422
    assert "有 1 处需要改正" in text(wrong)
    assert not LookUp.objects.exists()
    partner.answer = answers("found", "no_match")
    rows = [("张老师", CERTIFICATE), ("王老师", "20155000031000002")]
    response = client.post(address, FORM | {"file": sheet(*rows)}, follow=True)
    assert "正在等待对方答复" in text(response)
    deliver()
    assert len(partner.received) == 1
    row = LookUp.objects.get()
    page = text(client.get(f"/lookups/{row.pk}/"))
    assert "查到" in page
    assert "没有查到" in page
    assert client.get(f"/lookups/{row.pk}/results.xlsx")["Content-Type"].endswith("sheet")


def test_an_agreement_is_drafted_signed_and_ended_in_the_browser(
    client: Client, world: World, peer: Peer, partner: Partner
) -> None:
    enter(client, world, "cq_officer")
    scope = {"peer": "sc", "register_name": "student_status", "part": "provider"}
    step = client.post("/sharing/new/", scope)
    assert step.status_code == 302
    today = timezone.localdate()
    terms = {
        "purposes": ["enrolment"], "bases": ["statutory_duty"], "askers": ["school"], "fields": ["stage", "status"],
        "rows_a_letter": "100", "rows_a_day": "1000", "starts": f"{today}", "ends": f"{today.year + 1}-01-31",
    }  # fmt: skip
    page = text(client.get(step["Location"]))
    assert "随迁子女入学" in page
    assert "教师招聘" not in page, "only what the register allows"
    wrong = client.post(step["Location"], terms | {"fields": ["id_number"]})
    assert wrong.status_code == 422
    client.post(step["Location"], terms)
    row = Sharing.objects.get()
    page = text(client.get(f"/sharing/{row.pk}/"))
    assert "学段、学籍状态" in page
    client.post(f"/sharing/{row.pk}/decide/", {"do": "sign", "version": row.version})
    row.refresh_from_db()
    assert row.state == "offered"
    assert json.loads(client.get(f"/sharing/{row.pk}/agreement.json").content)["digest"] == row.digest
    partner.ask("agreement.v1", {"document": joined(row, partner).decode()})
    assert "双方已签署" in text(client.get(f"/sharing/{row.pk}/"))
    found = text(client.post("/verify/", {"digest": row.digest}))
    assert f"/sharing/{row.pk}/" in found
    row.refresh_from_db()
    client.post(f"/sharing/{row.pk}/decide/", {"do": "end", "version": row.version, "reason": "试点已经结束"})
    row.refresh_from_db()
    assert row.state == "ended"


def test_two_officers_do_not_sign_what_the_other_changed(client: Client, world: World, peer: Peer) -> None:
    row = drafted(world)
    enter(client, world, "cq_officer")
    response = client.post(f"/sharing/{row.pk}/decide/", {"do": "sign", "version": 0}, follow=True)
    assert "别人已修改过" in text(response)
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_consent_is_taken_printed_and_withdrawn(client: Client, world: World, peer: Peer) -> None:
    enter(client, world, "staff")
    sent = {
        "register_name": "teacher_certificate",
        "purpose": "recruitment",
        "days": "30",
        "name": "李老师",
        "number": ID,
    }
    wrong = client.post("/consents/new/", sent | {"number": "12"})
    assert wrong.status_code == 422
    assert 'id="e-number"' in text(wrong)
    response = client.post("/consents/new/", sent, follow=True)
    row = Consent.objects.get()
    assert "李*师" in text(response)
    assert ID not in text(response)
    assert enter(client, world, "outsider").get(f"/consents/{row.pk}/").status_code == 404
    enter(client, world, "staff").post(f"/consents/{row.pk}/withdraw/", {"version": row.version})
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert Outgoing.objects.filter(type="withdrawals.v1").count() == 1


def test_a_person_gives_and_sees_own_consents(client: Client, world: World, peer: Peer) -> None:
    enter(client, world, "learner")
    sent = {"register_name": "teacher_certificate", "purpose": "recruitment", "days": "30"}
    client.post("/my/consents/new/", sent)
    row = Consent.objects.get()
    assert (row.person_id, row.taken_by) == (world.learner.actor.person_id, "")
    assert "教师招聘与聘用" in text(client.get("/my/consents/"))
    client.post(f"/consents/{row.pk}/withdraw/", {"version": row.version})
    assert "已撤回" in text(client.get("/my/consents/"))
    assert "没有核验过证件号码" in text(enter(client, world, "staff").post("/my/consents/new/", sent))


def number_of(world: World) -> str:
    """The invented number of the learner."""
    from shuangcheng.registers import subjects

    return subjects.own(world.learner.actor)[0].number


def test_a_person_sees_who_looked_here_with_a_proof(
    client: Client, world: World, sharing: Sharing, partner: Partner
) -> None:
    partner.answer = answers("no_match")
    enter(client, world, "cqu_admin").post(NEW, FORM | {"by": "1", "name": "薛小生", "id_number": number_of(world)})
    row = LookUp.objects.get()
    assert Access.objects.count() == 1
    page = text(enter(client, world, "learner").get("/my/lookups/"))
    assert "重庆大学" in page
    assert "教师招聘与聘用" in page
    told = json.loads(client.get(f"/my/lookups/cq/{row.letter}/proof.json").content)["proof"]
    verify_inclusion(
        leaf_hash=leaf_hash(read_base64url(told["data"])), index=told["index"], size=told["size"],
        proof=[bytes.fromhex(each) for each in told["proof"]], root=bytes.fromhex(told["root"]),
    )  # fmt: skip
    assert str(row.letter) in read_base64url(told["data"]).decode()
    assert "重庆大学" not in text(enter(client, world, "teacher").get("/my/lookups/"))
    assert enter(client, world, "expert_person").get(f"/my/lookups/cq/{row.letter}/proof.json").status_code == 404


def test_a_person_asks_the_other_node_who_looked_there(
    client: Client, world: World, peer: Peer, partner: Partner
) -> None:
    line = {
        "relation": "own", "jti": "019ab000-0000-7000-8000-000000000001", "at": 1_790_000_000,
        "register_name": "student_status", "purpose": "enrolment", "legal_basis": "statutory_duty", "authority": "sc",
        "asker": "school", "organisation": "成都某小学", "fields": ["stage"], "outcome": "found",
    }  # fmt: skip

    def answer(partner: Partner, raw: bytes) -> tuple[int, str, bytes]:
        letter = partner.open(raw)
        partner.received.append(letter)
        return partner.reply(letter, "accesses_reply.v1", {"lines": [line], "more": False})

    partner.answer = answer
    enter(client, world, "learner")
    assert "还没有向对方查询过" in text(client.get("/my/lookups/"))
    client.post("/my/lookups/ask/", {"node": "sc"})
    [letter] = partner.received
    assert letter.says["numbers"] == [{"kind": "id_card", "number": number_of(world)}]
    assert "成都某小学" in text(client.get("/my/lookups/"))
    assert enter(client, world, "auditor").get("/lookups/alerts/").status_code == 200


def test_another_node_hears_who_looked_here(world: World, peer: Peer, partner: Partner) -> None:
    row = agreed(world, peer, partner, part="provider")
    says = {
        "register_name": "teacher_certificate", "asker": "school", "organisation": "成都某中学",
        "rows": [{"ref": "1", "by": {"name": "薛小生", "id_number": number_of(world)}}],
    }  # fmt: skip
    outside = {
        "purpose": Purpose.RECRUITMENT.value, "legal_basis": "statutory_duty", "fields": ["status"],
        "agreement": row.digest,
    }  # fmt: skip
    partner.ask("lookup.v1", says, **outside)
    numbers = [{"kind": "id_card", "number": number_of(world)}]
    told = partner.ask("accesses.v1", {"numbers": numbers})
    [line] = told.says["lines"]
    assert (line["organisation"], line["authority"], line["outcome"]) == ("成都某中学", "sc", "no_match")
    assert "proof" not in line
    proved = partner.ask("accesses.v1", {"numbers": numbers, "prove": line["jti"]})
    assert proved.says["lines"][0]["proof"]["size"] > 0
    assert partner.ask("accesses.v1", {"numbers": [{"kind": "id_card", "number": ID}]}).says["lines"] == []


def test_signed_agreements_are_for_all_who_sign_in_drafts_are_not(client: Client, world: World, peer: Peer) -> None:
    row = signed(drafted(world), world)
    assert enter(client, world, "learner").get(f"/sharing/{row.pk}/").status_code == 404
    assert enter(client, world, "auditor").get(f"/sharing/{row.pk}/").status_code == 200
