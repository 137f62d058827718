"""Writes of council votes."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from shuangcheng.core.ballot import Count, Result
from shuangcheng.core.outcome import Message, Why, refusal
from shuangcheng.core.table import pack
from shuangcheng.core.text import _

from .. import audit, lookup
from ..actor import Actor, system
from ..inputs import BallotInput, VoteInput
from ..models import Alliance, Ballot, Membership, Vote
from ..policy import council_of, is_last_lead, require
from ..terms import BallotKind, BallotState, MemberRole, MemberState, VoteChoice

REASONS = {
    Result.PASSED: _("应到 %(council)d，参加 %(cast)d，赞成 %(yes)d，反对 %(no)d，弃权 %(abstained)d：通过。"),
    Result.FAILED: _("应到 %(council)d，参加 %(cast)d，赞成 %(yes)d，反对 %(no)d，弃权 %(abstained)d：未通过。"),
    Result.NO_QUORUM: _("应到 %(council)d，至少须 %(needed)d 参加，实际参加 %(cast)d：未达法定人数。"),
}


def hold(alliance_id: UUID) -> Alliance:
    """The alliance under its lock; every write of its members and votes takes it first, so none waits in a circle."""
    return Alliance.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=alliance_id)


@transaction.atomic
def propose(*, alliance: Alliance, data: BallotInput, by: Actor, at: datetime) -> Ballot:
    """Put a proposal to the council."""
    require(by, "alliance.edit", alliance)
    if data.kind == BallotKind.ADMISSION:
        raise refusal("admission_by_application", _("吸收新成员请由对方提交入会申请。"), where="kind")
    if not council_of(alliance):
        raise refusal("no_council", _("还没有理事单位，无法表决。请先指定理事。"))
    if data.kind == BallotKind.CHARTER and not data.text:
        raise refusal("text_missing", _("修订章程须附修订后的全文。"), where="text")
    closes_on = data.closes_on or at.date() + timedelta(days=alliance.voting_days)
    if closes_on < at.date():
        raise refusal("date_past", _("截止日期已经过去。"), where="closes_on")
    alliance = hold(alliance.pk)
    return open_ballot(
        alliance=alliance,
        kind=data.kind,
        title=data.title,
        text=data.text,
        closes_on=closes_on,
        membership=_seated(alliance, data),
        role=data.role or "",
        by=by,
        at=at,
    )


def _seated(alliance: Alliance, data: BallotInput) -> Membership | None:
    """The member whose role is voted on."""
    if data.kind != BallotKind.SEAT:
        if data.member or data.role:
            raise refusal("seat_only", _("只有表决“调整职务”时才填写成员单位和拟任职务。"), where="member")
        return None
    if not data.member or not data.role:
        raise refusal("seat_missing", _("请写明成员单位和拟任职务。"), where="role" if data.member else "member")
    organisation = lookup.organisation(data.member, where="member")
    membership = alliance.memberships.current().filter(organisation=organisation).first()
    if membership is None:
        raise refusal("not_a_member", _("这个单位不是在册成员。"), where="member", why=Why.CONFLICT)
    if alliance.ballots.filter(membership=membership, kind=BallotKind.SEAT, state=BallotState.OPEN).exists():
        text = _("这个单位的职务正在表决，请等表决结束。")
        raise refusal("seat_voted_on", text, where="member", why=Why.CONFLICT)
    return membership


def open_ballot(
    *,
    alliance: Alliance,
    kind: BallotKind,
    title: str,
    text: str,
    closes_on: date,
    membership: Membership | None,
    role: str = "",
    by: Actor,
    at: datetime,
) -> Ballot:
    """Open a ballot for today's council, which later changes do not touch; one revision of the charter at a time."""
    if kind == BallotKind.CHARTER and alliance.ballots.filter(kind=kind, state=BallotState.OPEN).exists():
        told = _("章程的另一份修订正在表决。请等表决结束，再按表决后的章程提请修订。")
        raise refusal("charter_voted_on", told, where="kind", why=Why.CONFLICT)
    ballot = Ballot.objects.create(
        alliance=alliance,
        kind=kind,
        title=title,
        text=text,
        membership=membership,
        role=role,
        closes_on=closes_on,
        council=[str(member.id) for member in council_of(alliance)],
        created_at=at,
        updated_at=at,
    )
    audit.record(by=by, at=at, verb="ballot.open", kind="alliance", subject=alliance, note=title)
    return ballot


@transaction.atomic
def vote(*, ballot: Ballot, data: VoteInput, by: Actor, at: datetime) -> Ballot:
    """Vote for a council member, or change its vote; the last vote closes the ballot."""
    organisation = lookup.organisation(data.organisation)
    require(by, "ballot.vote", organisation)
    hold(ballot.alliance_id)
    ballot = Ballot.objects.select_for_update(of=("self",)).select_related("alliance").get(pk=ballot.pk)
    if ballot.state != BallotState.OPEN or ballot.closes_on < at.date():
        raise refusal("ballot_closed", _("表决已经截止。"), why=Why.CONFLICT)
    if str(organisation.id) not in ballot.council:
        text = _("“%(name)s”不是本次表决的理事单位。")
        raise refusal("not_council", text, why=Why.FORBIDDEN, name=organisation.name)
    Vote.objects.update_or_create(
        ballot=ballot,
        organisation=organisation,
        defaults={"choice": data.choice, "comment": data.comment, "by_name": by.name, "at": at},
    )
    audit.record(
        by=by,
        at=at,
        verb="ballot.vote",
        kind="alliance",
        subject=ballot.alliance,
        changes={"choice": [None, str(data.choice)]},
        note=f"{ballot.title}：{organisation.name}",
    )
    if count(ballot).settled:
        close(ballot=ballot, by=by, at=at)
    return ballot


def count(ballot: Ballot) -> Count:
    """The votes so far, by the charter's rule."""
    choices = list(ballot.votes.values_list("choice", flat=True))
    return Count(
        council=len(ballot.council),
        yes=choices.count(VoteChoice.FOR),
        no=choices.count(VoteChoice.AGAINST),
        abstained=choices.count(VoteChoice.ABSTAIN),
        quorum_percent=ballot.alliance.quorum_percent,
        majority_percent=ballot.alliance.majority_percent,
    )


@transaction.atomic
def close(*, ballot: Ballot, by: Actor, at: datetime) -> Ballot:
    """Count the votes, say why, and do what was decided."""
    hold(ballot.alliance_id)
    rows = Ballot.objects.select_for_update(of=("self",)).select_related("alliance", "membership")
    ballot = rows.get(pk=ballot.pk)
    if ballot.state != BallotState.OPEN:
        return ballot
    counted = count(ballot)
    ballot.state = BallotState(counted.result.value)
    names = ("council", "cast", "yes", "no", "abstained", "needed")
    reason = Message(REASONS[counted.result], {name: getattr(counted, name) for name in names})
    ballot.reason, ballot.said = str(reason), pack(reason)
    ballot.closed_at = ballot.updated_at = at
    ballot.save()
    audit.record(
        by=by,
        at=at,
        verb="ballot.close",
        kind="alliance",
        subject=ballot.alliance,
        title=str(ballot.alliance),
        changes={"state": ["open", str(ballot.state)]},
        note=Message(_("%(title)s：%(text)s"), {"title": ballot.title, "text": reason}),
    )
    _carry_out(ballot, by=by, at=at)
    return ballot


def _carry_out(ballot: Ballot, *, by: Actor, at: datetime) -> None:
    membership = ballot.membership and Membership.objects.select_for_update().get(pk=ballot.membership.pk)
    if membership and membership.state == MemberState.APPLIED and ballot.state != BallotState.NO_QUORUM:
        admitted = ballot.state == BallotState.PASSED
        membership.state = MemberState.ADMITTED if admitted else MemberState.REFUSED
        membership.joined = at.date() if admitted else None
        membership.answer, membership.updated_at = ballot.reason, at
        membership.save()
        verb = "alliance.admit" if admitted else "alliance.refuse"
        audit.record(
            by=by, at=at, verb=verb, kind="alliance", subject=ballot.alliance, note=membership.organisation.name
        )
    if membership and ballot.kind == BallotKind.SEAT and ballot.state == BallotState.PASSED:
        _seat(ballot, membership, by=by, at=at)
    if ballot.kind == BallotKind.CHARTER and ballot.state == BallotState.PASSED:
        alliance = ballot.alliance
        alliance.charter, alliance.updated_at = ballot.text, at
        alliance.charter_version += 1
        alliance.version += 1
        alliance.save(update_fields=["charter", "charter_version", "version", "updated_at"])


def _seat(ballot: Ballot, membership: Membership, *, by: Actor, at: datetime) -> None:
    """Give the member the role, unless it has left meanwhile or no leading member would remain."""
    if membership.state != MemberState.ADMITTED or (ballot.role != MemberRole.LEAD and is_last_lead(membership)):
        return
    changes = audit.differences({"role": membership.role}, {"role": ballot.role})
    membership.role, membership.updated_at = ballot.role, at
    membership.save(update_fields=["role", "updated_at"])
    audit.record(
        by=by, at=at, verb="alliance.role", kind="alliance", subject=ballot.alliance, changes=changes,
        note=membership.organisation.name,
    )  # fmt: skip


@transaction.atomic
def close_now(*, ballot: Ballot, by: Actor, at: datetime) -> Ballot:
    """Close a ballot on request: when its day has passed, or when no outstanding vote could change the result."""
    require(by, "alliance.decide", ballot.alliance)
    counted = count(ballot)
    if ballot.closes_on >= at.date() and not counted.settled:
        raise refusal("too_early", _("表决尚未截止，还有理事单位未表决。"), why=Why.CONFLICT)
    return close(ballot=ballot, by=by, at=at)


def close_overdue(*, at: datetime) -> int:
    """Close every ballot whose day has passed; run daily by the worker."""
    overdue = Ballot.objects.filter(state=BallotState.OPEN, closes_on__lt=at.date())
    for ballot in overdue:
        close(ballot=ballot, by=system("表决到期"), at=at)
    return len(overdue)


@transaction.atomic
def vote_again(*, ballot: Ballot, by: Actor, at: datetime) -> Ballot:
    """Repeat a vote that missed its quorum."""
    require(by, "alliance.decide", ballot.alliance)
    if ballot.state != BallotState.NO_QUORUM:
        raise refusal("quorum_was_met", _("只有未达法定人数的表决可以重新进行。"), why=Why.CONFLICT)
    alliance = hold(ballot.alliance_id)
    later = alliance.ballots.filter(kind=ballot.kind, title=ballot.title, created_at__gt=ballot.created_at)
    if later.exists():
        raise refusal("repeated_already", _("这项表决已经重新提请过。"), why=Why.CONFLICT)
    if (
        ballot.membership_id
        and ballot.kind == BallotKind.ADMISSION
        and not alliance.memberships.filter(pk=ballot.membership_id, state=MemberState.APPLIED).exists()
    ):
        raise refusal("already_decided", _("这份入会申请已经办结，不必再表决。"), why=Why.CONFLICT)
    return open_ballot(
        alliance=alliance,
        kind=BallotKind(ballot.kind),
        title=ballot.title,
        text=ballot.text,
        closes_on=at.date() + timedelta(days=alliance.voting_days),
        membership=ballot.membership,
        role=ballot.role,
        by=by,
        at=at,
    )
