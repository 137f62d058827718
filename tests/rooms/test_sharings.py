"""Data-sharing agreements: drafted by one side, signed by both, handed back or ended by either."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shuangcheng.core.agreement import Terms, sign_agreement
from shuangcheng.core.outcome import Refused
from shuangcheng.core.schema import read
from shuangcheng.desk.models import Notice
from shuangcheng.directory.models import AuditLine
from shuangcheng.exchange.models import Peer
from shuangcheng.registers import agreements
from shuangcheng.registers.actions import sharings
from shuangcheng.registers.inputs.sharings import SharingReasonInput
from shuangcheng.registers.models import Sharing
from tests.partner import Partner, problem
from tests.rooms.sharing import agreed, deliver, drafted, joined, signed, terms
from tests.world import World

REASON = SharingReasonInput(reason="试点已经结束")


def offered(partner: Partner, **changes: object) -> str:
    """What the partner offers: our register, signed by it alone."""
    values = {
        "id": "019ab000-0000-7000-8000-0000000000aa", "version": 1, "provider": "cq", "recipient": "sc",
        "register_name": "student_status", "purposes": ["enrolment"], "bases": ["statutory_duty"],
        "askers": ["school"], "fields": ["stage", "status"], "rows_a_letter": 100, "rows_a_day": 1000,
        "starts": 0, "ends": 2_000_000_000,
    }  # fmt: skip
    return sign_agreement(read(Terms, values | changes), keys=[partner.signer]).decode()


def codes(refused: Refused) -> list[str]:
    return [objection.code for objection in refused.objections]


@pytest.mark.parametrize("name", ["sc_officer", "cqu_admin", "learner", "auditor", "anyone"])
def test_only_an_officer_of_this_side_keeps_agreements(world: World, peer: Peer, name: str) -> None:
    someone = getattr(world, name)
    actor = getattr(someone, "actor", someone)
    row = drafted(world)
    with pytest.raises(Refused):
        sharings.sign(sharing=row, version=row.version, by=actor, at=timezone.localtime())
    row.refresh_from_db()
    assert (row.state, row.ours) == ("draft", None)


def test_our_draft_is_in_force_when_both_have_signed(world: World, peer: Peer, partner: Partner) -> None:
    row = signed(drafted(world), world)
    deliver()
    [letter] = partner.received
    assert (letter.envelope.type, row.state) == ("agreement.v1", "offered")
    answer = partner.ask("agreement.v1", {"document": joined(row, partner).decode()})
    assert answer.says["standing"] == "handled"
    row.refresh_from_db()
    at = timezone.localtime()
    assert row.state == "in_force"
    assert agreements.opened(row, at=at).digest == row.digest
    assert agreements.under(peer, "teacher_certificate", at=at) == row
    assert agreements.having(row.digest) == [row]
    assert Notice.objects.filter(person=world.cq_officer.actor.person_id, kind="sharing").count() == 1
    verbs = AuditLine.objects.filter(subject_kind="sharing").order_by("at", "id").values_list("verb", flat=True)
    assert list(verbs) == ["sharing.draft", "sharing.sign", "sharing.complete"]


def test_their_offer_is_shown_and_signed_here(world: World, peer: Peer, partner: Partner) -> None:
    assert partner.ask("agreement.v1", {"document": offered(partner)}).says["standing"] == "handled"
    row = Sharing.objects.get()
    assert (row.state, row.register, row.provider) == ("received", "student_status", "cq")
    row = signed(row, world)
    assert row.state == "in_force"
    deliver()
    [letter] = partner.received
    assert letter.says == {"document": bytes(row.document or b"").decode()}


def test_an_offer_is_handed_back_with_a_reason(world: World, peer: Peer, partner: Partner) -> None:
    partner.ask("agreement.v1", {"document": offered(partner)})
    row = Sharing.objects.get()
    at = timezone.localtime()
    sharings.give_back(sharing=row, data=REASON, version=row.version, by=world.cq_officer.actor, at=at)
    deliver()
    [letter] = partner.received
    assert (letter.envelope.type, letter.says["act"], letter.says["digest"]) == (
        "agreement_notice.v1", "return", row.digest,
    )  # fmt: skip


def test_the_other_side_hands_ours_back(world: World, peer: Peer, partner: Partner) -> None:
    row = signed(drafted(world), world)
    says = {"agreement": str(row.family), "version": 1, "digest": row.digest, "act": "return", "reason": "字段过多"}
    partner.ask("agreement_notice.v1", says)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("returned", "字段过多")
    with pytest.raises(Refused):
        sharings.sign(sharing=row, version=row.version, by=world.cq_officer.actor, at=timezone.localtime())


def test_either_side_ends_it_early(world: World, peer: Peer, partner: Partner) -> None:
    row, at = agreed(world, peer, partner), timezone.localtime()
    says = {"agreement": str(row.family), "version": 1, "digest": row.digest, "act": "end", "reason": "试点结束"}
    partner.ask("agreement_notice.v1", says)
    row.refresh_from_db()
    assert row.state == "ended"
    assert agreements.under(peer, row.register, at=at) is None
    other = agreed(world, peer, partner)
    sharings.end(sharing=other, data=REASON, version=other.version, by=world.cq_officer.actor, at=at)
    deliver()
    assert partner.received[-1].says["act"] == "end"


def test_a_new_version_replaces_the_old_once_both_have_signed(world: World, peer: Peer, partner: Partner) -> None:
    first, at = agreed(world, peer, partner), timezone.localtime()
    by = world.cq_officer.actor
    second = sharings.revise(sharing=first, data=terms(fields=["status"]), by=by, at=at)
    with pytest.raises(Refused) as refused:
        sharings.revise(sharing=first, data=terms(), by=by, at=at)
    assert codes(refused.value) == ["version_open"]
    second = signed(second, world)
    first.refresh_from_db()
    assert first.state == "in_force", "until both have signed"
    partner.ask("agreement.v1", {"document": joined(second, partner).decode()})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.number) == ("replaced", "in_force", 2)
    assert agreements.under(peer, second.register, at=at) == second


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"purposes": ["enrolment"]}, "purposes"),
        ({"fields": ["registered_until", "id_number"]}, "fields"),
        ({"bases": ["guardian_consent"]}, "purpose_empty"),
        ({"askers": ["person"]}, "purpose_empty"),
        ({"ends": timezone.localdate() - timedelta(days=1)}, "ends"),
    ],
)
def test_a_draft_stays_within_the_registers_declaration(
    world: World, peer: Peer, changes: dict[str, object], wanted: str
) -> None:
    with pytest.raises(Refused) as refused:
        drafted(world, **changes)
    assert wanted in codes(refused.value)
    assert not Sharing.objects.exists()


def test_what_the_partner_may_not_do(world: World, peer: Peer, partner: Partner) -> None:
    def refused_with(type: str, says: dict[str, object]) -> str:
        answer = partner.ask(type, says)
        assert answer.says["standing"] == "refused"
        return str(answer.says["reasons"][0]["code"])

    row = drafted(world)
    unsigned = sign_agreement(read(Terms, row.terms), keys=[partner.signer]).decode()
    assert refused_with("agreement.v1", {"document": offered(partner, recipient="gz")}) == "another_party"
    assert refused_with("agreement.v1", {"document": offered(partner, register_name="marks")}) == "register"
    assert refused_with("agreement.v1", {"document": unsigned}) == "version_taken"
    row = signed(row, world)
    document = joined(row, partner).decode()
    sharings.end(sharing=row, data=REASON, version=row.version, by=world.cq_officer.actor, at=timezone.localtime())
    assert refused_with("agreement.v1", {"document": document}) == "not_offered"
    says = {"agreement": str(row.family), "version": 1, "digest": "0" * 64, "act": "end", "reason": "试点结束"}
    assert refused_with("agreement_notice.v1", says) == "unknown_version"


def test_what_the_other_node_does_not_take_comes_back(world: World, peer: Peer, partner: Partner) -> None:
    row = signed(drafted(world), world)
    partner.answer = lambda _partner, _raw: problem(403, "unknown_type")
    deliver()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("returned", "unknown_type")


def test_a_draft_is_changed_and_deleted_by_who_has_seen_it(world: World, peer: Peer) -> None:
    row, by, at = drafted(world), world.cq_officer.actor, timezone.localtime()
    changed = sharings.edit(sharing=row, data=terms(rows_a_day=10), version=row.version, by=by, at=at)
    assert changed.terms["rows_a_day"] == 10
    assert changed.digest != row.digest
    with pytest.raises(Refused):
        sharings.discard(sharing=row, version=row.version, by=by, at=at)
    sharings.discard(sharing=changed, version=changed.version, by=by, at=at)
    assert not Sharing.objects.exists()
