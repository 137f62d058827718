"""Organisations, their names, programmes and titles: who may write them, what is refused, what is kept."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangcheng.core.outcome import Why
from shuangcheng.directory import lookup
from shuangcheng.directory.actions import organisations
from shuangcheng.directory.inputs import DesignationInput, OrganisationInput, ProgrammeInput, RenameInput
from shuangcheng.directory.models import Division
from tests.rooms.checks import newest, refused, titles
from tests.world import AT, CHINA, World


def data(**changes: object) -> OrganisationInput:
    values = {"name": "荣昌示例职业学校", "type": "secondary_vocational", "division": "500153"}
    return OrganisationInput.model_validate(values | changes)


def facts_of(row, **changes: object) -> OrganisationInput:
    same = ("name", "type", "code", "authority", "level", "private", "status")
    values = {name: getattr(row, name) for name in same} | {"division": row.division.code}
    return data(**(values | changes))


@pytest.mark.parametrize("who", ["outsider", "cqu_admin", "staff", "learner", "auditor", "node_admin"])
def test_only_an_officer_of_the_side_enters_an_organisation(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        organisations.create(data=data(), by=getattr(world, who).actor, at=AT)


def test_the_public_is_asked_to_sign_in(world: World):
    with refused("sign_in", why=Why.SIGN_IN):
        organisations.create(data=data(), by=world.anyone, at=AT)


def test_a_place_that_does_not_exist_is_refused(world: World):
    with refused("not_found", where="division"):
        organisations.create(data=data(division="999999"), by=world.cq_officer.actor, at=AT)


@pytest.mark.parametrize("code", ["4150010611", " 4150010611 "])
def test_a_school_code_is_given_once(world: World, code: str):
    with refused("code_taken", why=Why.CONFLICT, where="code"):
        organisations.create(data=data(code=code), by=world.cq_officer.actor, at=AT)


def test_a_credit_code_is_given_once(world: World):
    code = "91350100M000100Y43"
    organisations.create(data=data(credit_code=code), by=world.cq_officer.actor, at=AT)
    with refused("code_taken", where="credit_code"):
        organisations.create(data=data(name="另一学校", credit_code=code), by=world.cq_officer.actor, at=AT)


def test_a_name_is_entered_once_in_a_division(world: World):
    def enter(**changes: object):
        return organisations.create(data=data(**changes), by=world.cq_officer.actor, at=AT)

    first = enter()
    with refused("name_taken", why=Why.CONFLICT, where="name"):
        enter()
    other = enter(name="另一学校")
    with refused("name_taken", where="name"):
        organisations.rename(
            organisation=other, data=RenameInput(name=first.name, since="2026-01-01"), by=world.cq_officer.actor, at=AT
        )
    moved = enter(division="500106")
    with refused("name_taken", where="name"):
        organisations.edit(
            organisation=moved, data=facts_of(moved, division="500153"), version=1, by=world.cq_officer.actor, at=AT
        )
    with refused("ambiguous", where="organisation"):
        lookup.organisation(first.name)
    assert lookup.organisation(f"{moved.division.code}/{moved.name}") == moved
    with refused("not_found", where="organisation"):
        lookup.organisation(f"{moved.division.code}/没有的学校")


def test_an_alliance_is_not_entered_as_an_organisation(world: World):
    with refused("alliance", where="type"):
        organisations.create(data=data(type="alliance"), by=world.cq_officer.actor, at=AT)
    row = world.alliance.organisation
    with refused("alliance", where="type"):
        organisations.edit(
            organisation=row, data=facts_of(row, type="base"), version=row.version, by=world.cq_officer.actor, at=AT
        )


def test_an_organisation_is_entered_audited_and_found(world: World):
    row = organisations.create(
        data=data(former_names="荣昌农校、荣昌卫校"), by=world.cq_officer.actor, at=AT, source="测试"
    )
    assert (row.side, row.pinyin, row.created_at, row.version) == ("cq", "rongchang shili zhiye xuexiao", AT, 1)
    line = newest()
    assert (line.verb, line.subject_title, line.actor_name) == ("organisation.create", "荣昌示例职业学校", "余小安")
    assert (line.actor_id, line.side, line.door) == (str(world.cq_officer.account.person_id), "cq", "web")
    assert line.changes["division"] == [None, "500153"]
    for text in ("荣昌示例", "rcslzyxx", "荣昌卫校"):
        assert "荣昌示例职业学校" in titles(text)
    assert lookup.organisation("荣昌农校") == row


def test_a_place_on_the_other_side_is_the_other_officers(world: World):
    with refused("other_side", why=Why.FORBIDDEN, where="division"):
        organisations.create(data=data(division="510107"), by=world.cq_officer.actor, at=AT)
    assert organisations.create(data=data(division="510107"), by=world.sc_officer.actor, at=AT).side == "sc"
    assert organisations.create(data=data(division="110000"), by=world.sc_officer.actor, at=AT).side == "other"


def test_a_division_that_has_ended_takes_nobody_in(world: World):
    with refused("division_ended", where="division"):
        organisations.create(data=data(division="500105"), by=world.cq_officer.actor, at=AT)
    with refused("division_ended", where="division"):
        organisations.edit(
            organisation=world.cqu, data=facts_of(world.cqu, division="500105"), version=1, by=world.cqu_admin.actor,
            at=AT,
        )  # fmt: skip
    before = datetime(2025, 12, 31, 9, tzinfo=CHINA)
    row = organisations.create(data=data(division="500105"), by=world.cq_officer.actor, at=before)
    facts = facts_of(row, website="https://a.cn")
    assert organisations.edit(organisation=row, data=facts, version=1, by=world.cq_officer.actor, at=AT).website, (
        "what lies there already is edited"
    )


def test_nobody_edits_what_others_have_changed_meanwhile(world: World):
    for text in ("一", "二"):
        organisations.edit(
            organisation=world.cqu, data=facts_of(world.cqu, remark=text), by=world.cqu_admin.actor, at=AT,
            version=1 if text == "一" else 2,
        )  # fmt: skip
    with refused("changed_meanwhile", why=Why.CONFLICT):
        organisations.edit(organisation=world.cqu, data=facts_of(world.cqu), version=1, by=world.cqu_admin.actor, at=AT)


@pytest.mark.parametrize("who", ["outsider", "staff", "sc_officer", "node_admin"])
def test_others_do_not_edit(world: World, who: str):
    with refused("no_right"):
        organisations.edit(
            organisation=world.cqu, data=facts_of(world.cqu), version=1, by=getattr(world, who).actor, at=AT
        )


def test_an_edit_does_not_rename(world: World):
    with refused("rename", where="name"):
        organisations.edit(
            organisation=world.cqu, data=facts_of(world.cqu, name="新名"), version=1, by=world.cqu_admin.actor, at=AT
        )


def test_an_administrator_does_not_move_the_school_to_the_other_side(world: World):
    with refused("other_side", why=Why.FORBIDDEN, where="division"):
        organisations.edit(
            organisation=world.cqu, data=facts_of(world.cqu, division="510107"), version=1, by=world.cqu_admin.actor,
            at=AT,
        )  # fmt: skip


def test_an_edit_tells_what_changed_and_nothing_else(world: World):
    row = organisations.edit(
        organisation=world.cqu, data=facts_of(world.cqu, website="https://example.edu", division="500157"), version=1,
        by=world.cqu_admin.actor, at=AT,
    )  # fmt: skip
    assert row.version == 2
    assert newest().changes == {"website": ["", "https://example.edu"], "division": ["沙坪坝区", "两江新区"]}
    assert newest().verb == "organisation.edit"


def test_former_names_are_replaced_but_dated_ones_stay(world: World):
    by = world.cq_officer.actor
    organisations.rename(
        organisation=world.swu, data=RenameInput(name="西南示例大学", since=date(2026, 1, 1)), by=by, at=AT
    )
    row = lookup.organisation(str(world.swu.id))
    organisations.edit(organisation=row, data=facts_of(row, former_names="西农"), version=row.version, by=by, at=AT)
    assert sorted(row.names.values_list("name", flat=True)) == ["西农", "西南大学"]


def test_a_school_does_not_rename_itself(world: World):
    with refused("no_right"):
        organisations.rename(
            organisation=world.cqu, data=RenameInput(name="新名大学", since=date(2026, 1, 1)),
            by=world.cqu_admin.actor, at=AT,
        )  # fmt: skip


def test_the_same_name_is_no_new_name(world: World):
    with refused("same_name", where="name"):
        organisations.rename(
            organisation=world.cqu, data=RenameInput(name="重庆大学", since=date(2026, 1, 1)),
            by=world.cq_officer.actor, at=AT,
        )  # fmt: skip


def test_a_renamed_school_is_found_by_both_names(world: World):
    renamed = RenameInput(name="重庆示例科技大学", since=date(2026, 6, 1), basis="教发函1号")
    row = organisations.rename(organisation=world.cqu, data=renamed, by=world.cq_officer.actor, at=AT)
    assert lookup.organisation("重庆大学") == lookup.organisation("重庆示例科技大学") == row
    assert titles("重庆大学", kind="organisation") == titles("cqslkjdx") == ["重庆示例科技大学"]
    assert row.names.get().valid_until == date(2026, 5, 31)
    assert newest().changes["name"] == ["重庆大学", "重庆示例科技大学"]


def test_a_renamed_alliance_is_found_by_both_names(world: World):
    renamed = RenameInput(name="西部教师教育联盟", since=date(2026, 6, 1))
    organisations.rename(organisation=world.alliance.organisation, data=renamed, by=world.cq_officer.actor, at=AT)
    assert titles("西部教师教育联盟") == titles("示例教师教育联盟") == ["西部教师教育联盟"]
    assert (newest().subject_kind, newest().subject_id) == ("alliance", str(world.alliance.id))


def programme(**changes: object) -> ProgrammeInput:
    return ProgrammeInput.model_validate({"catalogue": "undergraduate_2026", "code": "080717T", "years": "4"} | changes)


@pytest.mark.parametrize(
    ("changes", "code"), [({"code": "0809"}, "not_a_programme"), ({"code": "999999"}, "not_found"),
                          ({"code": "080901"}, "programme_there")],
)  # fmt: skip
def test_a_programme_that_cannot_be(world: World, changes: dict[str, str], code: str):
    with refused(code, where="code"):
        organisations.add_programme(organisation=world.cqu, data=programme(**changes), by=world.cqu_admin.actor, at=AT)


def test_others_do_not_enter_programmes(world: World):
    with refused("no_right"):
        organisations.add_programme(organisation=world.cqu, data=programme(), by=world.outsider.actor, at=AT)


def test_a_programme_is_entered_and_corrected(world: World):
    by = world.cqu_admin.actor
    row = organisations.add_programme(organisation=world.cqu, data=programme(quota=60), by=by, at=AT)
    assert (row.entry.name, row.quota, row.invented) == ("人工智能", 60, False)
    assert (newest().verb, newest().note) == ("programme.create", "080717T 人工智能")
    organisations.edit_programme(
        programme=row, data=programme(quota=80, state="suspended"), version=row.version, by=by, at=AT
    )
    assert newest().changes == {"quota": [60, 80], "state": ["open", "suspended"]}, "4 and 4.0 years are the same"
    with refused("changed_meanwhile", why=Why.CONFLICT):
        organisations.edit_programme(programme=row, data=programme(), version=1, by=by, at=AT)


def test_a_programme_keeps_its_code_and_its_directions_differ(world: World):
    by = world.cqu_admin.actor
    with refused("code_stays", where="code"):
        organisations.edit_programme(programme=world.programme, data=programme(), version=1, by=by, at=AT)
    second = organisations.add_programme(
        organisation=world.cqu, data=programme(code="080901", direction="智能方向"), by=by, at=AT
    )
    with refused("programme_there", why=Why.CONFLICT):
        organisations.edit_programme(programme=second, data=programme(code="080901"), version=1, by=by, at=AT)


def title(**changes: object) -> DesignationInput:
    values = {"title": "产教融合型企业", "level": "provincial", "valid_from": "2024-01-01", "valid_until": "2026-12-31"}
    return DesignationInput.model_validate(values | changes)


def test_an_enterprise_does_not_certify_itself(world: World):
    with refused("no_right"):
        organisations.designate(organisation=world.enterprise, data=title(), by=world.employer.actor, at=AT)


def test_a_term_does_not_end_before_it_begins(world: World):
    with refused("dates_reversed", where="valid_until"):
        organisations.designate(
            organisation=world.enterprise, data=title(valid_until="2023-12-31"), by=world.cq_officer.actor, at=AT
        )


@pytest.mark.parametrize("begin", ["2024-01-01", None])
def test_a_title_is_held_once_for_a_term(world: World, begin: str | None):
    by = world.cq_officer.actor
    row = organisations.designate(organisation=world.enterprise, data=title(valid_from=begin), by=by, at=AT)
    with refused("designation_there", where="title"):
        organisations.designate(organisation=world.enterprise, data=title(valid_from=begin), by=by, at=AT)
    other = organisations.designate(organisation=world.enterprise, data=title(valid_from="2020-01-01"), by=by, at=AT)
    with refused("designation_there", where="title"):
        organisations.edit_designation(designation=other, data=title(valid_from=begin), version=1, by=by, at=AT)
    changed = organisations.edit_designation(
        designation=row, data=title(valid_from=begin, incentives="减免附加"), version=1, by=by, at=AT
    )
    assert changed.incentives == "减免附加"
    assert newest().changes == {"incentives": ["", "减免附加"]}
    with refused("changed_meanwhile", why=Why.CONFLICT):
        organisations.edit_designation(designation=row, data=title(valid_from=begin), version=1, by=by, at=AT)


@given(st.lists(st.text(alphabet="甲乙丙、，,；;| ", max_size=6), max_size=5))
def test_former_names_come_in_any_separator(parts: list[str]):
    names = organisations.former_names("、".join(parts))
    assert all(name and not set(name) & set("、，,；;|") for name in names)
    assert "".join(names).replace(" ", "") == "".join(c for part in parts for c in part if c in "甲乙丙")


def test_a_code_that_was_used_twice_means_the_later_division(world: World):
    """元坝区 of unknown beginning became 昭化区 in 2013 and kept its code."""
    at = {"code": "510811", "level": "county", "path": "510000/510811/", "pinyin": "x"}
    Division.objects.create(name="元坝区", valid_until=date(2013, 12, 31), successor_code="510811", **at)
    later = Division.objects.create(name="昭化区", valid_from=date(2014, 1, 1), **at)
    assert lookup.division("510811") == later
    made = organisations.create(data=data(division="510811"), by=world.sc_officer.actor, at=AT)
    assert made.division == later
