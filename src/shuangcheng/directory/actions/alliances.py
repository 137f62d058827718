"""Writes of alliances and their members."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key

from .. import audit, lookup
from ..actor import Actor
from ..inputs import AllianceInput, AnswerInput, JoinInput, MemberInput
from ..models import Alliance, Membership, Organisation
from ..models.base import uuid7
from ..places import place_fits, side_of
from ..policy import council_of, is_last_lead, may, require
from ..terms import BallotKind, BallotState, MemberRole, MemberState, OrganisationType
from ..versions import locked
from .ballots import hold, open_ballot

_OF_ORGANISATION = {"name", "division", "lead"}


@transaction.atomic
def found(
    *,
    data: AllianceInput,
    by: Actor,
    at: datetime,
    source: str = "",
    year_only: bool = False,
    reported: Sequence[Mapping[str, str]] = (),
    id: UUID | None = None,
) -> Alliance:
    """Enter an alliance with its leading member, and the figures that sources report; `id` where it has one already."""
    require(by, "alliance.create")
    division = lookup.division(data.division)
    lead = lookup.organisation(data.lead, where="lead") if data.lead else None
    if Organisation.objects.filter(name=data.name, type=OrganisationType.ALLIANCE).exists():
        raise refusal("name_taken", _("已有同名的联盟或共同体。"), where="name", why=Why.CONFLICT)
    organisation = Organisation.objects.create(
        name=data.name,
        pinyin=pinyin_key(data.name),
        type=OrganisationType.ALLIANCE,
        division=division,
        side=side_of(division),
        source=source,
        created_at=at,
        updated_at=at,
    )
    alliance = Alliance.objects.create(
        id=id or uuid7(),
        organisation=organisation,
        charter_version=1 if data.charter else 0,
        founded_year_only=year_only,
        reported=list(reported),
        created_at=at,
        updated_at=at,
        **data.model_dump(exclude=_OF_ORGANISATION),
    )
    if lead:
        joined = None if year_only else data.founded
        _admit(alliance, lead, role=MemberRole.LEAD, joined=joined, at=at, source=source)
    _audit(
        alliance,
        verb="alliance.create",
        by=by,
        at=at,
        changes=audit.differences({}, data.model_dump(exclude_defaults=True)),
    )
    return alliance


@transaction.atomic
def edit(*, alliance: Alliance, data: AllianceInput, version: int, by: Actor, at: datetime) -> Alliance:
    """Change an alliance's facts; a charter in force changes only by a vote of its council."""
    require(by, "alliance.edit", alliance)
    alliance = locked(Alliance.objects.select_related("organisation"), alliance, version=version)
    _rules_stay(alliance, data, by)
    if alliance.charter and data.charter != alliance.charter and len(council_of(alliance)) > 1:
        raise refusal("charter_by_vote", _("章程已生效，修订须由理事会表决。请提请“修订章程”的表决。"), where="charter")
    if data.name != alliance.organisation.name:
        raise refusal("rename", _("更改名称请使用“更名”，以便保留曾用名。"), where="name")
    values = data.model_dump(exclude=_OF_ORGANISATION)
    changes = audit.differences({name: getattr(alliance, name) for name in values}, values)
    if "charter" in changes:
        alliance.charter_version += 1
    for name, value in values.items():
        setattr(alliance, name, value)
    alliance.updated_at = at
    alliance.save()
    organisation, division = alliance.organisation, lookup.division(data.division)
    if side_of(division) != organisation.side:
        # Whose side it is decides which officers rule the accounts of its secretariat.
        place_fits(division, by=by, at=at)
        require(by, "organisation.rename", organisation)
    organisation.division, organisation.side, organisation.updated_at = division, side_of(division), at
    organisation.save(update_fields=["division", "side", "updated_at"])
    _audit(alliance, verb="alliance.edit", by=by, at=at, changes=changes)
    return alliance


def _rules_stay(alliance: Alliance, data: AllianceInput, by: Actor) -> None:
    """Votes are counted by the rules under which they were opened, and a lead does not loosen them alone."""
    changed = [
        name for name in ("quorum_percent", "majority_percent") if getattr(data, name) != getattr(alliance, name)
    ]
    if changed and alliance.ballots.filter(state=BallotState.OPEN).exists():
        text = _("还有表决没有结束，法定人数和通过比例不能修改。请等表决结束后再改。")
        raise refusal("votes_open", text, where=changed[0], why=Why.CONFLICT)
    if changed and not may(by, "alliance.members", alliance):
        text = _("理事会已不止一家单位，表决规则不能由牵头单位单独修改，请由教育行政部门按章程登记。")
        raise refusal("council_decides", text, where=changed[0], why=Why.FORBIDDEN)


def _audit(
    alliance: Alliance, *, verb: str, by: Actor, at: datetime, changes: dict[str, Any] | None = None, note: str = ""
) -> None:
    audit.record(by=by, at=at, verb=verb, kind="alliance", subject=alliance, changes=changes, note=note)


def _rules_members(by: Actor, alliance: Alliance) -> None:
    """Who sits in a council of several, and who is in, is not for its lead alone to say."""
    require(by, "alliance.edit", alliance)
    if not may(by, "alliance.members", alliance):
        text = _(
            "理事会已不止一家单位，成员和职务不能由牵头单位单独决定：新成员请提交入会申请，职务请提请“调整职务”的表决，"
            "或请教育行政部门登记。"
        )
        raise refusal("council_decides", text, why=Why.FORBIDDEN)


def _admit(
    alliance: Alliance, organisation: Organisation, *, role: MemberRole, joined: date | None, at: datetime, source: str
) -> Membership:
    try:
        with transaction.atomic():
            return Membership.objects.create(
                alliance=alliance,
                organisation=organisation,
                role=role,
                state=MemberState.ADMITTED,
                joined=joined,
                source=source,
                created_at=at,
                updated_at=at,
            )
    except IntegrityError as error:
        text = _("“%(name)s”已是成员，或已有待审议的申请。")
        raise refusal("member_there", text, where="organisation", why=Why.CONFLICT, name=organisation.name) from error


@transaction.atomic
def enter_member(*, alliance: Alliance, data: MemberInput, by: Actor, at: datetime, source: str = "") -> Membership:
    """Enter a member from a list that was decided elsewhere."""
    _rules_members(by, alliance)
    organisation = lookup.organisation(data.organisation)
    membership = _admit(alliance, organisation, role=data.role, joined=data.joined, at=at, source=source)
    _audit(alliance, verb="alliance.member", by=by, at=at, note=organisation.name)
    return membership


@transaction.atomic
def set_role(*, membership: Membership, role: MemberRole, by: Actor, at: datetime) -> Membership:
    """Give a member another role; one leading member must remain."""
    _rules_members(by, membership.alliance)
    membership = _held(membership)
    _in_good_standing(membership)
    _keep_a_lead(membership, leaving=role != MemberRole.LEAD)
    changes = audit.differences({"role": membership.role}, {"role": role})
    membership.role, membership.updated_at = role, at
    membership.save(update_fields=["role", "updated_at"])
    _audit(membership.alliance, verb="alliance.role", by=by, at=at, changes=changes, note=membership.organisation.name)
    return membership


def _held(membership: Membership) -> Membership:
    """The membership as it stands, after the lock of its alliance."""
    alliance = hold(membership.alliance_id)
    membership = Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership.pk)
    membership.alliance = alliance
    return membership


def _in_good_standing(membership: Membership) -> None:
    if membership.state != MemberState.ADMITTED:
        raise refusal("not_a_member", _("这个单位不是在册成员。"), why=Why.CONFLICT)


def _keep_a_lead(membership: Membership, *, leaving: bool) -> None:
    if leaving and is_last_lead(membership):
        raise refusal("last_lead", _("至少要有一个牵头单位。请先指定另一个牵头单位。"), where="role")


@transaction.atomic
def leave(*, membership: Membership, on: date, by: Actor, at: datetime) -> Membership:
    """Take a member off from a day on; the record of its membership stays."""
    if not may(by, "alliance.withdraw", membership):
        _rules_members(by, membership.alliance)
    membership = _held(membership)
    _in_good_standing(membership)
    if membership.joined and on < membership.joined:
        raise refusal("left_before_joined", _("退出日期早于加入日期，请核对。"), where="on")
    _keep_a_lead(membership, leaving=True)
    membership.state, membership.left, membership.updated_at = MemberState.LEFT, on, at
    membership.save(update_fields=["state", "left", "updated_at"])
    _audit(membership.alliance, verb="alliance.leave", by=by, at=at, note=membership.organisation.name)
    return membership


@transaction.atomic
def apply_to_join(*, alliance: Alliance, data: JoinInput, by: Actor, at: datetime) -> Membership:
    """Apply for membership, again after a return; the council is asked to vote at once."""
    organisation = lookup.organisation(data.organisation)
    require(by, "alliance.apply", organisation)
    alliance = hold(alliance.pk)
    if not alliance.open_to_join:
        raise refusal("closed", _("“%(name)s”目前不接受入会申请。"), why=Why.CONFLICT, name=str(alliance))
    if not council_of(alliance):
        text = _("“%(name)s”还没有登记牵头单位或理事单位，没有人能审议申请。请联系教育行政部门先行登记。")
        raise refusal("no_council", text, why=Why.CONFLICT, name=str(alliance))
    membership = alliance.memberships.filter(organisation=organisation, state=MemberState.RETURNED).first()
    if membership:
        membership.statement, membership.state, membership.updated_at = data.statement, MemberState.APPLIED, at
        membership.save(update_fields=["statement", "state", "updated_at"])
    else:
        membership = _new_application(alliance, organisation, data.statement, at)
    _audit(alliance, verb="alliance.apply", by=by, at=at, note=organisation.name)
    open_ballot(
        alliance=alliance, kind=BallotKind.ADMISSION, title=organisation.name, text=data.statement,
        closes_on=at.date() + timedelta(days=alliance.voting_days), membership=membership, by=by, at=at,
    )  # fmt: skip
    return membership


def _new_application(alliance: Alliance, organisation: Organisation, statement: str, at: datetime) -> Membership:
    try:
        with transaction.atomic():
            return Membership.objects.create(
                alliance=alliance,
                organisation=organisation,
                state=MemberState.APPLIED,
                statement=statement,
                created_at=at,
                updated_at=at,
            )
    except IntegrityError as error:
        text = _("“%(name)s”已是成员，或已有待审议的申请。")
        raise refusal("member_there", text, where="organisation", why=Why.CONFLICT, name=organisation.name) from error


@transaction.atomic
def withdraw(*, membership: Membership, by: Actor, at: datetime) -> Membership:
    """Take an application back before it is decided."""
    require(by, "alliance.withdraw", membership)
    return _settle(membership, MemberState.WITHDRAWN, answer="", by=by, at=at, verb="alliance.withdraw")


@transaction.atomic
def return_application(*, membership: Membership, data: AnswerInput, by: Actor, at: datetime) -> Membership:
    """Send an application back for correction, with the reason."""
    require(by, "alliance.decide", membership.alliance)
    if not data.answer:
        raise refusal("reason_missing", _("请写明退回的理由。"), where="answer")
    return _settle(membership, MemberState.RETURNED, answer=data.answer, by=by, at=at, verb="alliance.return")


def _settle(
    membership: Membership, state: MemberState, *, answer: str, by: Actor, at: datetime, verb: str
) -> Membership:
    membership = _held(membership)
    if membership.state not in (MemberState.APPLIED, MemberState.RETURNED):
        raise refusal("already_decided", _("这份申请已经办结，不能再改动。"), why=Why.CONFLICT)
    membership.state, membership.answer, membership.updated_at = state, answer, at
    membership.save(update_fields=["state", "answer", "updated_at"])
    membership.ballots.filter(state="open").update(state="cancelled", closed_at=at, updated_at=at)
    _audit(membership.alliance, verb=verb, by=by, at=at, note=membership.organisation.name)
    return membership
