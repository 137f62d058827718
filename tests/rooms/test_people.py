"""People, accounts, roles, numbers and tokens."""

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from hypothesis import given
from hypothesis import strategies as st

from shuangcheng.core.identifiers import Sex, invented_id_number
from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.seal import SealBroken
from shuangcheng.directory import actors
from shuangcheng.directory.actions import people, tokens
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Account, ApiToken, AuditLine, Person, PersonNumber
from shuangcheng.directory.people_inputs import AccountInput, GrantInput, NameInput, PersonInput, TokenInput
from shuangcheng.directory.policy import RIGHTS, SCOPES, may, scope_of
from shuangcheng.directory.terms import NumberKind, Role
from tests.rooms.checks import newest, refused, titles
from tests.world import AT, PASSWORD, World

NUMBER = invented_id_number(serial=7, birth=date(1988, 8, 8), sex=Sex.MALE)


def create(world: World, **changes: object) -> Account:
    by = changes.pop("by", world.cqu_admin.actor)
    values = {"name": "辛小人", "login": "New.Person", "role": "teacher", "organisation": "重庆大学"}
    data = PersonInput.model_validate(values | changes)
    return people.create(data=data, password="a-long-password", by=by, at=AT)


def actor_of(account: Account, *, at=AT) -> Actor:
    return actors.of_account(Account.objects.get(pk=account.pk), door="web", at=at)


@pytest.mark.parametrize("who", ["outsider", "staff", "teacher", "sc_officer", "auditor"])
def test_only_administrators_and_officers_enter_people(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        create(world, by=getattr(world, who).actor)


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("cqu_admin", "node_admin"), ("cqu_admin", "auditor"), ("cqu_admin", "officer"),
        ("cq_officer", "node_admin"), ("cq_officer", "auditor"),
    ],
)  # fmt: skip
def test_nobody_gives_more_than_he_may(world: World, who: str, role: str):
    with refused("role_too_high", why=Why.FORBIDDEN, where="role"):
        create(world, by=getattr(world, who).actor, role=role)
    data = GrantInput(role=role, organisation="重庆大学")
    with refused("role_too_high", where="role"):
        people.grant(person=world.teacher.account.person, data=data, by=getattr(world, who).actor, at=AT)


def open_account(world: World, person: Person, *, by: Actor, login: str = "New.Expert") -> Account:
    return people.open_account(
        person=person, data=AccountInput(login=login), role=Role.EXPERT, organisation=world.cqu,
        password="a-long-password", by=by, at=AT,
    )  # fmt: skip


def test_a_person_without_an_account_gets_one(world: World):
    person = Person.objects.create(name="陆小新", pinyin="lu xiao xin", created_at=AT, updated_at=AT)
    for who in ("outsider", "staff", "teacher", "sc_officer", "auditor"):
        with refused("no_right", why=Why.FORBIDDEN):
            open_account(world, person, by=getattr(world, who).actor)
    with refused("login_taken", why=Why.CONFLICT, where="login"):
        open_account(world, person, by=world.cqu_admin.actor, login="Auditor")
    account = open_account(world, person, by=world.cqu_admin.actor)
    assert (account.login, account.check_password("a-long-password")) == ("new.expert", True)
    assert actor_of(account).has(Role.EXPERT)
    assert AuditLine.objects.filter(verb="account.create", subject_title="陆小新", note="new.expert").count() == 1
    with refused("account_there", why=Why.CONFLICT):
        open_account(world, person, by=world.cqu_admin.actor, login="second")


@pytest.mark.parametrize("login", ["auditor", "AUDITOR"])
def test_a_login_is_taken_once(world: World, login: str):
    with refused("login_taken", why=Why.CONFLICT, where="login"):
        create(world, login=login)


@pytest.mark.parametrize("number", ["123", NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")])
def test_a_wrong_number_is_refused_and_nobody_entered(world: World, number: str):
    with pytest.raises(Refused):
        create(world, id_number=number)
    assert not Account.objects.filter(login="new.person").exists()


def test_a_number_belongs_to_one_person(world: World):
    create(world, id_number=NUMBER)
    with refused("number_taken", why=Why.CONFLICT, where="id_number"):
        create(world, login="second", id_number=NUMBER.lower())
    assert not Account.objects.filter(login="second").exists(), "nothing half-written"


def test_a_person_is_entered_with_a_role(world: World):
    account = create(world)
    assert (account.login, account.person.pinyin) == ("new.person", "xin xiaoren")
    assert account.check_password("a-long-password")
    assert actor_of(account).has(Role.TEACHER)
    assert (newest().verb, newest().note) == ("person.grant", "教师：重庆大学")


def test_a_person_without_a_password_does_not_sign_in_with_one(world: World):
    data = PersonInput(name="辛小人", login="sso.only", role="teacher", organisation="重庆大学")
    account = people.create(data=data, password=None, by=world.cqu_admin.actor, at=AT)
    assert not account.has_usable_password()
    assert not account.check_password("")


def test_a_number_is_sealed_digested_and_masked(world: World):
    row = create(world, id_number=f" {NUMBER} ").person.numbers.get()
    assert NUMBER.encode() not in bytes(row.sealed)
    assert bytes(row.digest) == people.number_digest(NUMBER, NumberKind.ID_CARD)
    assert bytes(row.digest) != people.number_digest(NUMBER, NumberKind.STAFF)
    assert NUMBER not in row.masked
    assert row.masked[:1] == NUMBER[:1]


@pytest.mark.parametrize("who", ["cq_officer", "cqu_admin", "auditor", "teacher"])
def test_only_the_node_administrator_sees_a_whole_number(world: World, who: str):
    number = world.learner.account.person.numbers.get()
    with refused("no_right"):
        people.reveal_number(number=number, reason="核对学籍", by=getattr(world, who).actor, at=AT)


def test_a_whole_number_is_shown_for_a_reason_that_is_kept(world: World):
    row = create(world, id_number=NUMBER).person.numbers.get()
    with refused("reason_missing", where="reason"):
        people.reveal_number(number=row, reason="看看", by=world.node_admin.actor, at=AT)
    assert people.reveal_number(number=row, reason="核对学籍", by=world.node_admin.actor, at=AT) == NUMBER
    line = newest()
    assert (line.verb, line.note, line.actor_name) == ("person.number", "核对学籍", "管小平")
    assert NUMBER not in str(line.changes) + line.note + line.subject_title


def test_a_sealed_number_does_not_open_in_another_row(world: World):
    row = create(world, id_number=NUMBER).person.numbers.get()
    other = world.learner.account.person.numbers.get()
    PersonNumber.objects.filter(pk=other.pk).update(sealed=row.sealed)
    other.refresh_from_db()
    with pytest.raises(SealBroken):
        people.reveal_number(number=other, reason="核对学籍", by=world.node_admin.actor, at=AT)


def test_a_role_is_given_once_and_ends_today(world: World):
    person, by = world.teacher.account.person, world.cqu_admin.actor
    with refused("grant_there", why=Why.CONFLICT, where="role"):
        people.grant(person=person, data=GrantInput(role="teacher", organisation="重庆大学"), by=by, at=AT)
    given = people.grant(
        person=person, data=GrantInput(role="organisation_staff", organisation="重庆大学"), by=by, at=AT
    )
    assert actor_of(world.teacher.account).has(Role.ORGANISATION_STAFF)
    with refused("no_right"):
        people.end_grant(grant=given, by=world.outsider.actor, at=AT)
    people.end_grant(grant=given, by=by, at=AT)
    assert not actor_of(world.teacher.account).has(Role.ORGANISATION_STAFF)
    assert (newest().verb, newest().note) == ("person.grant_end", "单位工作人员：重庆大学")


def test_a_role_for_a_term_ends_by_itself(world: World):
    data = GrantInput(role="organisation_admin", organisation="重庆大学", valid_until=AT.date())
    people.grant(person=world.teacher.account.person, data=data, by=world.cq_officer.actor, at=AT)
    assert actor_of(world.teacher.account).has(Role.ORGANISATION_ADMIN)
    assert not actor_of(world.teacher.account, at=AT + timedelta(days=1)).has(Role.ORGANISATION_ADMIN)


def test_the_administrator_does_not_lock_himself_out(world: World):
    own = world.node_admin.account.person.grants.get()
    with refused("last_admin", why=Why.CONFLICT):
        people.end_grant(grant=own, by=world.node_admin.actor, at=AT)
    with refused("own_account", why=Why.CONFLICT):
        people.set_active(account=world.node_admin.account, active=False, by=world.node_admin.actor, at=AT)


def test_an_officer_does_not_take_the_administrators_role(world: World):
    with refused("role_too_high"):
        people.end_grant(grant=world.node_admin.account.person.grants.get(), by=world.cq_officer.actor, at=AT)


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("outsider", "teacher"), ("staff", "teacher"), ("sc_officer", "teacher"), ("auditor", "teacher"),
        ("cq_officer", "node_admin"), ("cq_officer", "auditor"), ("sc_officer", "cq_officer"), ("teacher", "teacher"),
    ],
)  # fmt: skip
def test_nobody_takes_over_an_account_that_is_not_his_to_give(world: World, who: str, whose: str):
    account, by = getattr(world, whose).account, getattr(world, who).actor
    for act in (
        lambda: people.set_password(account=account, password="taken-over-1", by=by, at=AT),
        lambda: people.set_active(account=account, active=False, by=by, at=AT),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.why == Why.FORBIDDEN
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    assert account.is_active


def test_a_former_school_does_not_take_over_who_became_an_officer(world: World):
    person = world.teacher.account.person
    people.grant(
        person=person,
        data=GrantInput(role="officer", organisation="重庆市教育委员会"),
        by=world.cq_officer.actor,
        at=AT,
    )
    with refused("no_right"):
        people.set_password(account=world.teacher.account, password="taken-over-1", by=world.cqu_admin.actor, at=AT)


def test_an_account_without_a_role_is_the_node_administrators(world: World):
    people.end_grant(grant=world.teacher.account.person.grants.get(), by=world.cqu_admin.actor, at=AT)
    with refused("no_right"):
        people.set_active(account=world.teacher.account, active=False, by=world.cqu_admin.actor, at=AT)
    people.set_active(account=world.teacher.account, active=False, by=world.node_admin.actor, at=AT)
    assert newest().verb == "account.close"


def test_an_administrator_resets_and_closes(world: World):
    account, by = world.teacher.account, world.cqu_admin.actor
    people.set_password(account=account, password="another-password", by=by, at=AT)
    assert Account.objects.get(pk=account.pk).check_password("another-password")
    assert newest().verb == "account.password"
    assert "another-password" not in str(newest().changes) + newest().note
    people.set_active(account=account, active=False, by=by, at=AT)
    people.set_active(account=account, active=True, by=by, at=AT)
    assert newest().verb == "account.open"


def test_who_sees_whom(world: World):
    def seen(who: str) -> set[str]:
        actor = world.anyone if who == "anyone" else getattr(world, who).actor
        return set(Person.objects.visible_to(actor).values_list("name", flat=True))

    assert seen("anyone") == set()
    assert seen("learner") == {"薛小生"}
    assert seen("staff") == {"支小员"}
    assert seen("cqu_admin") == {"仲小大", "支小员", "焦小师"}
    assert seen("sc_officer") == {"川小宁", "思小川", "查小理", "薛小生"}
    assert seen("node_admin") == set(Person.objects.values_list("name", flat=True))


def token(world: World, *, scopes: tuple[str, ...] = ("directory:read",), by: Actor | None = None, who="cq_officer"):
    owner = getattr(world, who)
    data = TokenInput(name="导出程序", scopes=scopes, days=30)
    return tokens.create_token(account=owner.account, data=data, by=by or owner.actor, at=AT)


def test_a_token_is_made_for_oneself_only(world: World):
    with refused("not_own_account", why=Why.FORBIDDEN):
        token(world, by=world.node_admin.actor)
    with refused("sign_in", why=Why.SIGN_IN):
        token(world, by=world.anyone)


def test_a_token_has_known_scopes_and_no_wider_ones(world: World):
    with refused("scope_unknown", where="scopes"):
        token(world, scopes=("everything",))
    _row, clear = token(world, scopes=("directory:write",))
    narrow = actors.of_token(clear, at=AT)
    with refused("scope_wider", why=Why.FORBIDDEN, where="scopes"):
        token(world, scopes=("audit:read",), by=narrow)


def test_a_token_is_told_once_and_kept_as_a_digest(world: World):
    row, clear = token(world)
    assert clear.startswith(row.hint)
    assert clear not in str(ApiToken.objects.filter(pk=row.pk).values().get())
    assert newest().verb == "token.create"
    assert clear not in newest().note
    actor = actors.of_token(clear, at=AT)
    assert (actor.person_id, actor.door) == (world.cq_officer.account.person_id, "api")
    assert not may(actor, "alliance.create"), "the token is for reading"


def required(settings: Any) -> None:
    settings.SHUANGCHENG = settings.SHUANGCHENG.model_copy(update={"second_factor": "required"})


@pytest.mark.parametrize("who", ["cq_officer", "node_admin", "auditor"])
def test_a_token_made_without_a_second_factor_is_no_way_round_it(world: World, settings: Any, who: str):
    _row, clear = token(world, who=who)
    required(settings)
    with pytest.raises(Refused, match="动态口令"):
        actors.of_token(clear, at=AT)
    assert ApiToken.objects.get().last_used_at is None
    Authenticator.objects.create(user=getattr(world, who).account, type=Authenticator.Type.TOTP, data={})
    with pytest.raises(Refused, match="动态口令"):
        actors.of_token(clear, at=AT)
    _row, clear = token(world, who=who)
    assert actors.of_token(clear, at=AT) is not None


def test_a_token_passes_on_only_the_factor_that_it_has(world: World, settings: Any):
    _row, clear = token(world, scopes=("directory:write",), who="teacher")
    Authenticator.objects.create(user=world.teacher.account, type=Authenticator.Type.TOTP, data={})
    _row, child = token(world, scopes=("directory:write",), who="teacher", by=actors.of_token(clear, at=AT))
    required(settings)
    data = GrantInput(role="officer", organisation="重庆市教育委员会")
    people.grant(person=world.teacher.account.person, data=data, by=world.node_admin.actor, at=AT)
    with pytest.raises(Refused, match="动态口令"):
        actors.of_token(child, at=AT)


@pytest.mark.parametrize("who", ["cqu_admin", "sc_officer"])
def test_people_whose_roles_have_ended_are_no_longer_seen(world: World, who: str):
    person = (world.teacher if who == "cqu_admin" else world.learner).account.person
    actor = getattr(world, who).actor
    assert person in Person.objects.visible_to(actor)
    people.end_grant(grant=person.grants.get(), by=world.node_admin.actor, at=AT)
    assert person not in Person.objects.visible_to(actor)
    assert person in Person.objects.visible_to(world.node_admin.actor)
    assert person in Person.objects.visible_to(actor_of(person.account)), "oneself"


@pytest.mark.parametrize("case", ["unknown", "expired", "revoked", "closed"])
def test_a_token_that_is_no_longer_good(world: World, case: str):
    row, clear = token(world)
    at = AT
    if case == "unknown":
        clear = clear[:-1]
    elif case == "expired":
        at = row.expires_at
    elif case == "revoked":
        tokens.revoke_token(token=row, by=world.cq_officer.actor, at=AT)
    else:
        people.set_active(account=world.cq_officer.account, active=False, by=world.node_admin.actor, at=AT)
    assert actors.of_token(clear, at=at) is None


def test_a_token_loses_what_its_holder_loses(world: World):
    _row, clear = token(world, scopes=("directory:write",))
    assert may(actors.of_token(clear, at=AT), "alliance.create")
    people.end_grant(grant=world.cq_officer.account.person.grants.get(), by=world.node_admin.actor, at=AT)
    assert not may(actors.of_token(clear, at=AT), "alliance.create")


def test_only_the_holder_and_the_node_administrator_revoke(world: World):
    row, _clear = token(world)
    with refused("no_right"):
        tokens.revoke_token(token=row, by=world.sc_officer.actor, at=AT)
    tokens.revoke_token(token=row, by=world.node_admin.actor, at=AT)
    assert newest().verb == "token.revoke"


def test_every_right_asks_for_a_scope_that_exists():
    assert {scope_of(verb) for verb in RIGHTS} <= set(SCOPES)


@given(st.sampled_from(sorted(RIGHTS)))
def test_the_public_has_no_right_at_all(verb: str):
    assert not may(Actor(kind="public", name="", door="web"), verb, None)


def test_a_new_password_ends_the_tokens(world: World) -> None:
    _token, clear = tokens.create_token(
        account=world.staff.account,
        data=TokenInput(name="程序", scopes=("directory:read",)),
        by=world.staff.actor,
        at=AT,
    )
    assert actors.of_token(clear, at=AT) is not None
    people.set_password(account=world.staff.account, password="another-long-one", by=world.node_admin.actor, at=AT)
    assert actors.of_token(clear, at=AT) is None


def correct(world: World, person: Person, who: str, *, name: str = "温小名") -> Person:
    data = NameInput(name=name, basis="居民身份证")
    return people.correct_name(person=person, data=data, version=1, by=getattr(world, who).actor, at=AT)


@pytest.mark.parametrize("who", ["scu_admin", "staff", "teacher", "sc_officer", "auditor"])
def test_a_name_is_corrected_by_who_gives_the_roles(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        correct(world, world.teacher.account.person, who)


def test_a_corrected_name_is_found_and_the_old_one_kept(world: World):
    person = world.expert_person.account.person
    old = person.name
    with refused("same_name", where="name"):
        correct(world, person, "swu_admin", name=old)
    correct(world, person, "swu_admin")
    person.refresh_from_db()
    assert (person.name, person.pinyin[:3]) == ("温小名", "wen")
    assert (newest().changes, newest().note) == ({"name": [old, "温小名"]}, "居民身份证")
    assert titles("温小名", actor=world.cq_officer.actor) == ["温小名"]
    assert titles(old, actor=world.cq_officer.actor) == []
    with refused("changed_meanwhile", why=Why.CONFLICT):
        correct(world, person, "swu_admin", name=old)
