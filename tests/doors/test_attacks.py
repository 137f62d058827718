"""Attacks by visitors, by signed-in users and by officers of the other side; each of them once worked."""

import hashlib
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shuangcheng.core.outcome import Refused
from shuangcheng.directory.actions import agreements, alliances, ballots, experts, people, zones
from shuangcheng.directory.inputs import (
    AgreementInput,
    AllianceInput,
    AvoidanceInput,
    BallotInput,
    ExpertInput,
    InvitationInput,
    JoinInput,
    VoteInput,
    ZoneInput,
)
from shuangcheng.directory.models import Agreement, Alliance, Ballot, Membership, Organisation
from shuangcheng.directory.people_inputs import GrantInput
from shuangcheng.directory.terms import AgreementState, MemberState, Role
from tests.world import SYSTEM, Someone, World, organisation

pytestmark = pytest.mark.django_db


def sign_in(client: Client, someone: Someone | None) -> Client:
    client.logout()
    if someone:
        client.force_login(someone.account)
    return client


def page(client: Client, someone: Someone | None, path: str) -> str:
    return str(sign_in(client, someone).get(path).content.decode())


def alliance_facts(alliance: Alliance, **changes: object) -> AllianceInput:
    """What the form of an alliance holds, with changes."""
    facts = {name: getattr(alliance, name) for name in AllianceInput.model_fields if hasattr(alliance, name)}
    facts |= {"name": alliance.organisation.name, "division": "500106", "lead": "重庆大学"}
    return AllianceInput.model_validate(facts | changes)


def cq_alliance() -> Alliance:
    """An alliance in Chongqing with members from there only."""
    data = AllianceInput(name="示例渝内联盟", kind="alliance", field="higher", division="500106", lead="重庆大学")
    return alliances.found(data=data, by=SYSTEM, at=timezone.now())


def terms_of(*parties: str, **changes: object) -> AgreementInput:
    facts = {"title": "示例渝内协议", "parties": parties, "field": "higher", "text": "正文甲", "signed": "2026-01-05"}
    return AgreementInput.model_validate(facts | changes)


def approved(*parties: str) -> Agreement:
    at = timezone.now()
    row = agreements.draft(data=terms_of(*parties), by=SYSTEM, at=at)
    agreements.approve(agreement=row, version=row.version, by=SYSTEM, at=at)
    row.refresh_from_db()
    return row


def apply(world: World) -> Membership:
    data = JoinInput(organisation="西南财经大学", statement="愿意一起培养教师。")
    return alliances.apply_to_join(alliance=world.alliance, data=data, by=world.outsider.actor, at=timezone.now())


# Officers of the other side


def test_an_officer_moves_an_alliance_to_his_side_to_rule_its_accounts(world: World) -> None:
    carrier = world.alliance.organisation
    for who in (world.sc_officer, world.cqu_admin):
        data = alliance_facts(world.alliance, division="510107")
        with pytest.raises(Refused):
            alliances.edit(
                alliance=world.alliance, version=world.alliance.version, data=data, by=who.actor, at=timezone.now()
            )
    carrier.refresh_from_db()
    assert carrier.side == "cq"
    alliances.edit(
        alliance=world.alliance, version=world.alliance.version,
        data=alliance_facts(world.alliance, division="500109"), by=world.cqu_admin.actor,
        at=timezone.now(),
    )  # fmt: skip


def test_an_officer_manages_an_alliance_without_anybody_of_his_side(client: Client, world: World) -> None:
    alliance = cq_alliance()
    sign_in(client, world.sc_officer)
    assert client.get(f"/alliances/{alliance.id}/edit/").status_code == 403
    assert client.get(f"/alliances/{alliance.id}/members/new/").status_code == 403
    assert sign_in(client, world.cq_officer).get(f"/alliances/{alliance.id}/edit/").status_code == 200
    # With a member from Sichuan it concerns Sichuan's officers too.
    assert sign_in(client, world.sc_officer).get(f"/alliances/{world.alliance.id}/edit/").status_code == 200


def test_an_officer_takes_an_agreement_of_the_other_side_out_of_force(client: Client, world: World) -> None:
    row = approved("重庆大学", "西南大学")
    sign_in(client, world.sc_officer)
    assert client.get(f"/agreements/{row.id}/edit/").status_code == 403
    client.post(f"/agreements/{row.id}/decide/", {"do": "end", "reason": "示例理由"})
    row.refresh_from_db()
    assert row.state == AgreementState.APPROVED


def test_an_officer_approves_an_agreement_of_the_other_side(world: World) -> None:
    row = agreements.draft(data=terms_of("重庆大学", "西南大学"), by=world.swu_admin.actor, at=timezone.now())
    with pytest.raises(Refused):
        agreements.approve(agreement=row, version=row.version, by=world.sc_officer.actor, at=timezone.now())
    agreements.approve(agreement=row, version=row.version, by=world.cq_officer.actor, at=timezone.now())


def test_an_officer_rewrites_a_pilot_of_the_other_side(world: World) -> None:
    at = timezone.now()
    data = ZoneInput(name="示例渝内试点", kind="pilot", level="local", divisions=("500103",))
    zone = zones.save(data=data, by=world.cq_officer.actor, at=at)
    grabbed = data.model_copy(update={"divisions": ("510107",)})
    for by, target, wanted in (
        (world.sc_officer.actor, zone, data),
        (world.sc_officer.actor, zone, grabbed),
        (world.cq_officer.actor, zone, grabbed),
        (world.sc_officer.actor, None, data.model_copy(update={"name": "另一试点"})),
    ):
        with pytest.raises(Refused):
            zones.save(data=wanted, by=by, at=at, zone=target, version=target.version if target else 0)


# What the public learns


def test_the_public_reads_applications_and_votes_in_the_list_of_changes(client: Client, world: World) -> None:
    membership = apply(world)
    ballot = membership.ballots.get()
    for choice, voter, name in (("against", world.cqu_admin, "重庆大学"), ("against", world.scu_admin, "四川大学")):
        data = VoteInput(organisation=name, choice=choice)
        ballots.vote(ballot=ballot, data=data, by=voter.actor, at=timezone.now())
    ballots.close(ballot=ballot, by=SYSTEM, at=timezone.now())
    assert "西南财经大学" not in page(client, None, f"/alliances/{world.alliance.id}/")
    for path in (f"/alliances/{world.alliance.id}/", "/"):
        assert "表决" not in page(client, None, path).partition("变更记录" if path != "/" else "最近动态")[2], path
    assert "西南财经大学" in page(client, world.cq_officer, f"/alliances/{world.alliance.id}/")


def test_the_public_finds_applicants_by_the_list_of_alliances(client: Client, world: World) -> None:
    apply(world)
    name = world.alliance.organisation.name
    assert name not in page(client, None, f"/alliances/?member={world.swufe.id}")
    assert name in page(client, None, f"/alliances/?member={world.scu.id}")


def test_nothing_is_verified_as_an_agreement(client: Client, world: World) -> None:
    row = agreements.draft(data=terms_of("重庆大学", "四川大学", text=""), by=SYSTEM, at=timezone.now())
    row = agreements.attach(agreement=row, name="a.txt", content=b"x", text="", by=SYSTEM, at=timezone.now())
    agreements.approve(agreement=row, version=row.version, by=SYSTEM, at=timezone.now())
    empty = hashlib.sha256(b"").hexdigest()
    assert row.title not in page(client, None, f"/verify/?digest={empty}")


def test_a_party_hides_the_proof_by_a_new_draft(client: Client, world: World) -> None:
    row = approved("重庆大学", "四川大学")
    digest = row.versions.get().digest
    data = terms_of("重庆大学", "四川大学", title="秘密新标题", text="正文乙")
    agreements.edit(agreement=row, version=row.version, data=data, by=world.cqu_admin.actor, at=timezone.now())
    shown = page(client, None, f"/verify/?digest={digest}")
    assert "示例渝内协议" in shown
    assert "秘密新标题" not in shown
    for path in ("/agreements/", f"/agreements/{row.id}/", "/search/?q=mmxbt", f"/organisations/{world.cqu.id}/"):
        assert "秘密新标题" not in page(client, None, path), path
    assert "正在商议修改" in page(client, None, f"/agreements/{row.id}/")
    assert "查看修改稿" not in page(client, None, f"/agreements/{row.id}/")
    assert "查看修改稿" in page(client, world.scu_admin, f"/agreements/{row.id}/")


def test_ending_a_draft_publishes_it(client: Client, world: World) -> None:
    row = agreements.draft(data=terms_of("重庆大学", "四川大学"), by=SYSTEM, at=timezone.now())
    sign_in(client, world.cq_officer).post(f"/agreements/{row.id}/decide/", {"do": "end", "reason": "示例理由"})
    assert sign_in(client, None).get(f"/agreements/{row.id}/").status_code == 404


@pytest.mark.parametrize("path", ["/alliances/?member={}", "/agreements/?party={}", "/programmes/?organisation={}"])
@pytest.mark.parametrize("value", ["x", "x" * 36, "²"])
def test_a_misspelt_filter_breaks_the_page(client: Client, world: World, path: str, value: str) -> None:
    assert client.get(path.format(value)).status_code == 200


# Parties, leads and administrators


def test_a_party_replaces_the_file_of_an_ended_agreement(world: World) -> None:
    row = approved("重庆大学", "四川大学")
    agreements.end(agreement=row, reason="示例理由", by=SYSTEM, at=timezone.now())
    with pytest.raises(Refused):
        agreements.attach(
            agreement=row, name="b.txt", content=b"y", text="", by=world.cqu_admin.actor, at=timezone.now()
        )


def test_a_party_leaves_a_draft_to_two_others(world: World) -> None:
    row = agreements.draft(data=terms_of("重庆大学", "四川大学"), by=world.cqu_admin.actor, at=timezone.now())
    data = terms_of("西南大学", "四川大学")
    with pytest.raises(Refused):
        agreements.edit(agreement=row, version=row.version, data=data, by=world.cqu_admin.actor, at=timezone.now())


def test_a_lead_changes_the_rules_while_the_council_votes(world: World) -> None:
    data = BallotInput(kind="charter", title="修订", text="第一条　由牵头单位决定。")
    ballots.propose(alliance=world.alliance, data=data, by=world.cqu_admin.actor, at=timezone.now())
    for change in ({"quorum_percent": 1}, {"majority_percent": 1}):
        with pytest.raises(Refused):
            alliances.edit(
                alliance=world.alliance, version=world.alliance.version,
                data=alliance_facts(world.alliance, **change), by=world.cqu_admin.actor,
                at=timezone.now(),
            )  # fmt: skip
    alliances.edit(
        alliance=world.alliance, version=world.alliance.version,
        data=alliance_facts(world.alliance, purpose="别的宗旨"), by=world.cqu_admin.actor,
        at=timezone.now(),
    )  # fmt: skip


def test_a_repeated_vote_admits_whoever_withdrew_meanwhile(world: World) -> None:
    at = timezone.now()
    membership = apply(world)
    ballots.close(ballot=membership.ballots.get(), by=SYSTEM, at=at)
    stale = Ballot.objects.select_related("membership", "alliance").get(membership=membership)
    alliances.withdraw(membership=membership, by=world.outsider.actor, at=at)
    with pytest.raises(Refused):
        ballots.vote_again(ballot=stale, by=world.cqu_admin.actor, at=at)
    again = ballots.open_ballot(
        alliance=world.alliance, kind=stale.kind, title=stale.title, text="", closes_on=at.date(),
        membership=membership, by=SYSTEM, at=at,
    )  # fmt: skip
    for voter, name in ((world.cqu_admin, "重庆大学"), (world.scu_admin, "四川大学"), (world.swu_admin, "西南大学")):
        data = VoteInput(organisation=name, choice="for")
        ballots.vote(ballot=again, data=data, by=voter.actor, at=at)
    membership.refresh_from_db()
    assert membership.state == MemberState.WITHDRAWN


def test_a_role_that_ended_is_ended_anew_to_lengthen_it(world: World) -> None:
    at = timezone.now()
    given = world.staff.account.person.grants.get()
    given.valid_until = at.date() - timedelta(days=300)
    given.save()
    with pytest.raises(Refused):
        people.end_grant(grant=given, by=world.cqu_admin.actor, at=at)


def test_an_avoidance_that_ended_is_ended_anew_to_lengthen_it(world: World) -> None:
    at = timezone.now()
    data = AvoidanceInput(organisation="四川大学", reason="同事", valid_until=date(2020, 1, 1))
    row = experts.avoid(expert=world.expert, data=data, by=SYSTEM, at=at)
    with pytest.raises(Refused):
        experts.end_avoidance(avoidance=row, by=world.swu_admin.actor, at=at)


def test_an_administrator_asks_for_experts_that_he_may_not_see(world: World) -> None:
    hidden = ExpertInput(
        name="莫小显", employer="四川大学", nominated_by="四川大学", field="higher", specialities="教师教育"
    )
    experts.nominate(data=hidden, by=SYSTEM, at=timezone.now())
    data = AvoidanceInput(person="莫小显", reason="示例事由")
    with pytest.raises(Refused, match="没有找到“莫小显”"):
        experts.avoid(expert=world.expert, data=data, by=world.swu_admin.actor, at=timezone.now())


def test_a_host_learns_why_an_expert_avoids_it(world: World) -> None:
    data = AvoidanceInput(organisation="重庆大学", reason="配偶在该单位任职")
    experts.avoid(expert=world.expert, data=data, by=SYSTEM, at=timezone.now())
    invitation = InvitationInput(host="重庆大学", task="评审", begins=date(2030, 1, 1), ends=date(2030, 1, 2))
    with pytest.raises(Refused) as refused:
        experts.invite(expert=world.expert, data=invitation, by=world.staff.actor, at=timezone.now())
    assert "配偶" not in str(refused.value.objections)


@pytest.mark.parametrize("sent", [{"do": "end", "grant": "x"}, {"do": "number", "number": "x"}])
def test_a_misspelt_id_breaks_a_person_s_page(client: Client, world: World, sent: dict[str, str]) -> None:
    sign_in(client, world.node_admin)
    assert client.post(f"/people/{world.learner.account.person_id}/act/", sent).status_code == 404


def test_a_strange_digit_breaks_a_form(client: Client, world: World) -> None:
    sign_in(client, world.cqu_admin)
    assert client.get(f"/alliances/{world.alliance.id}/reports/new/?year=²").status_code == 200
    assert client.post(f"/organisations/{world.cqu.id}/edit/", {"version": "²"}).status_code == 422


def test_a_place_of_a_thousand_parts_makes_a_query_of_a_thousand_tables(client: Client, world: World) -> None:
    sent = {"name": "示例机构", "type": "school", "division": "/".join("甲" * 100)}
    assert sign_in(client, world.cq_officer).post("/organisations/new/", sent).status_code == 422


# Attacks that never worked, kept so that they never will


def test_an_organisation_s_administrator_resets_the_password_of_an_officer(client: Client, world: World) -> None:
    officer = world.cq_officer.account.person
    people.grant(
        person=officer, data=GrantInput(role=Role.TEACHER, organisation="重庆大学"), by=SYSTEM, at=timezone.now()
    )
    sign_in(client, world.cqu_admin)
    before = world.cq_officer.account.password
    for do in ("password", "close"):
        client.post(f"/people/{officer.id}/act/", {"do": do})
    world.cq_officer.account.refresh_from_db()
    assert (world.cq_officer.account.password, world.cq_officer.account.is_active) == (before, True)


@pytest.mark.parametrize("target", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_charter_carries_a_script(client: Client, world: World, target: str) -> None:
    text = f"[看]({target}) <script>alert(1)</script> ![图]({target})"
    Alliance.objects.filter(pk=world.alliance.pk).update(charter=text)
    shown = page(client, None, f"/alliances/{world.alliance.id}/")
    assert f'href="{target}' not in shown
    assert f'src="{target}' not in shown
    assert "<script>alert" not in shown


@pytest.mark.parametrize("text", ["a' | b", "!!()&|<->", "\U0003ffff", "𠀀:*", "重庆'\\", "%_", "a:*&b" * 40])
def test_a_search_is_a_query_of_its_own(client: Client, world: World, text: str) -> None:
    assert client.get("/search/", {"q": text}).status_code == 200
    assert client.get("/organisations/", {"q": text}).status_code == 200


def test_an_organisation_with_a_formula_for_a_name(client: Client, world: World) -> None:
    name = '=HYPERLINK("http://x")'
    organisation(name, "enterprise", "500153")
    assert Organisation.objects.filter(name=name).exists()
    assert sign_in(client, None).get("/organisations/?format=xlsx").status_code == 200
