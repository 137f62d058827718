"""Agreements: drafts, files, approved versions and their digests."""

import hashlib
from datetime import date

import pytest
import rfc8785
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.directory.actions import agreements, removals
from shuangcheng.directory.actions.agreements import text_digest
from shuangcheng.directory.inputs import AgreementInput
from shuangcheng.directory.models import Agreement, AgreementVersion
from shuangcheng.directory.terms import AgreementState
from tests.rooms.checks import newest, refused, titles
from tests.world import AT, World


def data(**changes: object) -> AgreementInput:
    values = {
        "title": "实训基地共享协议", "parties": ("重庆大学", "西南大学"), "field": "vocational",
        "signed": "2026-01-01", "expires": "2028-12-31", "text": "双方共享实训基地。",
    }  # fmt: skip
    return AgreementInput.model_validate(values | changes)


def draft(world: World, **changes: object) -> Agreement:
    by = changes.pop("by", world.cqu_admin.actor)
    return agreements.draft(data=data(**changes), by=by, at=AT)


@pytest.mark.parametrize("who", ["outsider", "staff", "learner", "employer", "node_admin", "auditor"])
def test_only_officers_and_the_parties_draft(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        draft(world, by=getattr(world, who).actor)
    assert Agreement.objects.count() == 1, "nothing half-written"


def test_every_party_that_is_not_found_is_told(world: World):
    with pytest.raises(Refused) as caught:
        draft(world, parties=("重庆大学", "没有一", "没有二"))
    assert [objection.where for objection in caught.value.objections] == ["parties", "parties"]
    assert "没有一" in str(caught.value)
    assert "没有二" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"expires": "2025-12-31"}, "dates_reversed", "expires"),
        ({"parties": ("重庆大学", "4150010611")}, "one_party", "parties"),
        ({"alliance": "没有的联盟"}, "not_found", "alliance"),
        ({"zone": "没有的试点"}, "not_found", "zone"),
    ],
)
def test_a_draft_that_cannot_be(world: World, changes: dict[str, str], code: str, where: str):
    with refused(code, where=where):
        draft(world, **changes)


def test_a_draft_is_for_officers_and_parties(world: World):
    row = draft(world, alliance="示例教师教育联盟", zone="潼南—遂宁教育一体化")
    assert (row.state, row.alliance, row.zone) == (AgreementState.DRAFT, world.alliance, world.zone)
    assert newest().verb == "agreement.create"
    assert "text" not in newest().changes
    for who in ("cqu_admin", "staff", "swu_admin", "sc_officer", "node_admin"):
        assert row in Agreement.objects.visible_to(getattr(world, who).actor), who
    for actor in (world.anyone, world.outsider.actor, world.learner.actor):
        assert row not in Agreement.objects.visible_to(actor)
    assert titles("实训基地共享协议") == []
    assert titles("实训基地共享协议", actor=world.cq_officer.actor) == ["实训基地共享协议"]


@pytest.mark.parametrize("who", ["outsider", "staff", "learner"])
def test_others_do_not_edit(world: World, who: str):
    row = draft(world)
    with refused("no_right"):
        agreements.edit(agreement=row, version=row.version, data=data(), by=getattr(world, who).actor, at=AT)


def test_an_edit_tells_what_changed(world: World):
    row = draft(world)
    row = agreements.edit(
        agreement=row, version=row.version, data=data(parties=("西南大学", "重庆大学"), number="渝示〔2026〕1号"),
        by=world.swu_admin.actor, at=AT,
    )  # fmt: skip
    assert newest().changes == {"number": ["", "渝示〔2026〕1号"]}, "another order of the parties is no change"
    agreements.edit(
        agreement=row,
        version=row.version,
        data=data(parties=("西南大学", "四川大学"), text="改了。"),
        by=world.swu_admin.actor,
        at=AT,
    )
    changes = newest().changes
    assert changes["parties"] == [["西南大学", "重庆大学"], ["四川大学", "西南大学"]]
    assert changes["text"] == [text_digest("双方共享实训基地。"), text_digest("改了。")]


def test_a_file_is_attached_with_its_digest(world: World):
    row = draft(world, text="")
    content = b"%PDF-1.7 signed"
    row = agreements.attach(
        agreement=row, name="协议.pdf", content=content, text="扫描的文字", by=world.cqu_admin.actor, at=AT
    )
    assert row.file_sha256 == hashlib.sha256(content).hexdigest()
    assert (row.text, row.file_name) == ("扫描的文字", "协议.pdf")
    with row.file.open() as file:
        assert file.read() == content
    with refused("no_right"):
        agreements.attach(agreement=row, name="x", content=b"x", text="", by=world.outsider.actor, at=AT)


def test_a_text_that_is_there_is_not_replaced_by_the_file(world: World):
    row = draft(world)
    row = agreements.attach(agreement=row, name="a.pdf", content=b"x", text="别的文字", by=world.cqu_admin.actor, at=AT)
    assert row.text == "双方共享实训基地。"


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "node_admin"])
def test_only_officers_approve(world: World, who: str):
    row = draft(world)
    with refused("no_right"):
        agreements.approve(agreement=row, version=row.version, by=getattr(world, who).actor, at=AT)


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [({"signed": None, "expires": None}, "signed_missing", "signed"), ({"text": ""}, "nothing_to_sign", "text")],
)
def test_an_approval_wants_day_and_text(world: World, changes: dict[str, object], code: str, where: str):
    row = draft(world, **changes)
    with refused(code, where=where):
        agreements.approve(agreement=row, version=row.version, by=world.cq_officer.actor, at=AT)


def test_an_approval_fixes_a_snapshot(world: World):
    row = draft(world)
    version = agreements.approve(agreement=row, version=row.version, by=world.cq_officer.actor, at=AT)
    assert version.snapshot["parties"] == ["西南大学", "重庆大学"]
    assert version.digest == hashlib.sha256(rfc8785.dumps(version.snapshot)).hexdigest()
    assert (version.number, version.text_sha256, version.approved_by) == (1, text_digest(row.text), "余小安")
    row.refresh_from_db()
    assert row.state == AgreementState.APPROVED
    assert row in Agreement.objects.visible_to(world.anyone)
    assert titles("sxjdgxxy") == ["实训基地共享协议"]
    assert newest().changes == {"digest": [None, version.digest]}
    with refused("not_a_draft", why=Why.CONFLICT):
        agreements.approve(agreement=row, version=row.version, by=world.cq_officer.actor, at=AT)
    with refused("approved", why=Why.CONFLICT):
        agreements.attach(agreement=row, name="x", content=b"x", text="", by=world.cqu_admin.actor, at=AT)


def test_a_changed_agreement_keeps_its_approved_version(world: World):
    row = world.agreement
    first = row.versions.get()
    changed = data(title=row.title, parties=("重庆大学", "四川大学"), text="改了。")
    revision = agreements.edit(agreement=row, version=row.version, data=changed, by=world.scu_admin.actor, at=AT)
    row.refresh_from_db()
    assert (row.state, row.text, revision.state) == (AgreementState.APPROVED, first.snapshot["text"], "draft")
    assert row in Agreement.objects.visible_to(world.anyone)
    assert revision not in Agreement.objects.visible_to(world.anyone)
    assert revision in Agreement.objects.visible_to(world.cqu_admin.actor)
    second = agreements.approve(agreement=revision, version=revision.version, by=world.sc_officer.actor, at=AT)
    row.refresh_from_db()
    assert (row.state, row.text, row.number) == (AgreementState.APPROVED, "改了。", changed.number)
    assert newest().changes["text"] == [first.text_sha256, second.text_sha256]
    assert not Agreement.objects.filter(revises=row).exists()
    assert titles(row.title, actor=world.cq_officer.actor) == [row.title], "the revision is no longer found"
    assert [version.number for version in row.versions.all()] == [2, 1]
    first.refresh_from_db()
    assert first.snapshot["text"] == "双方开放课程。\n学分互认。"
    assert first.digest != second.digest


def revise(world: World, **changes: object) -> Agreement:
    changed = data(**{"title": "秘密新标题", "parties": ("重庆大学", "四川大学")} | changes)
    row = world.agreement
    return agreements.edit(agreement=row, version=row.version, data=changed, by=world.scu_admin.actor, at=AT)


def test_there_is_one_revision_and_no_end_beside_it(world: World):
    revision = revise(world)
    with refused("revision_there", why=Why.CONFLICT):
        revise(world, text="另一份修改稿。")
    with refused("revision_there", why=Why.CONFLICT):
        agreements.end(agreement=world.agreement, reason="到期", by=world.cq_officer.actor, at=AT)
    with refused("no_right"):
        removals.discard(agreement=revision, by=world.outsider.actor, at=AT)
    removals.discard(agreement=revision, by=world.cqu_admin.actor, at=AT)
    assert agreements.end(agreement=world.agreement, reason="到期", by=world.cq_officer.actor, at=AT).state == "ended"


def test_who_is_no_party_of_the_agreement_does_not_revise_it(world: World):
    revision = revise(world, parties=("重庆大学", "四川大学", "西南大学"))
    again = data(parties=("西南大学", "四川大学"))
    with refused("no_right"):
        agreements.edit(
            agreement=revision, version=revision.version, data=again, by=world.swu_admin.actor, at=AT
        )  # fmt: skip
    with refused("no_right"):
        agreements.approve(agreement=revision, version=revision.version, by=world.cqu_admin.actor, at=AT)


def test_a_revision_begins_with_the_file_and_leaves_it_when_discarded(world: World):
    row = draft(world)
    row = agreements.attach(agreement=row, name="a.pdf", content=b"x", text="", by=world.cqu_admin.actor, at=AT)
    agreements.approve(agreement=row, version=row.version, by=world.cq_officer.actor, at=AT)
    row.refresh_from_db()
    revision = agreements.edit(agreement=row, version=row.version, data=data(), by=world.cqu_admin.actor, at=AT)
    assert revision.file_sha256 == row.file_sha256
    removals.discard(agreement=revision, by=world.cqu_admin.actor, at=AT)
    with row.file.open() as file:
        assert file.read() == b"x"


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_versions_as_they_are(world: World, change: str):
    rows = AgreementVersion.objects.filter(agreement=world.agreement)
    act = {"update": lambda: rows.update(digest="0" * 64), "delete": lambda: rows._raw_delete(rows.db)}[change]
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        act()


def test_an_end_has_its_reason_and_is_final(world: World):
    row = world.agreement
    with refused("no_right"):
        agreements.end(agreement=row, reason="到期", by=world.cqu_admin.actor, at=AT)
    with refused("reason_missing", where="reason"):
        agreements.end(agreement=row, reason="  ", by=world.cq_officer.actor, at=AT)
    row = agreements.end(agreement=row, reason="双方另签。", by=world.cq_officer.actor, at=AT)
    assert (row.state, newest().verb, newest().note) == (AgreementState.ENDED, "agreement.end", "双方另签。")
    with refused("ended", why=Why.CONFLICT):
        agreements.end(agreement=row, reason="再次", by=world.cq_officer.actor, at=AT)
    with refused("ended", why=Why.CONFLICT):
        agreements.edit(agreement=row, version=row.version, data=data(), by=world.cq_officer.actor, at=AT)


def test_it_has_run_out_on_the_day_after_its_last(world: World):
    assert not world.agreement.expired(date(2028, 2, 29))
    assert world.agreement.expired(date(2028, 3, 1))
    world.agreement.expires = None
    assert not world.agreement.expired(date(2099, 1, 1))


@given(st.text(alphabet="第一条 　ab\n", max_size=40))
def test_the_digest_of_a_text_survives_copying(text: str):
    windows = "\r\n".join(line + "  " for line in text.split("\n"))
    assert text_digest(f"\n{windows}\r\n\n") == text_digest(text)


def test_another_word_is_another_digest():
    assert text_digest("双方开放课程。") != text_digest("双方开放课程")
    assert text_digest("一\n二") != text_digest("一二")
