"""Votes of councils, and yearly reports."""

from uuid import UUID

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from shuangcheng.directory import terms
from shuangcheng.directory.actions import ballots, reports
from shuangcheng.directory.inputs import AnswerInput, BallotInput, VoteInput, YearlyReportInput
from shuangcheng.directory.models import Ballot, YearlyReport

from ..asked import Asked
from ..outputs.alliances import BallotOut, BallotPage, ReportOut, ReportPage
from ..paging import Paging, page
from ..section import Section
from .alliances import found
from .common import Read, made, one, version_read

section = Section("Votes and reports", "Votes of an alliance's council 理事会表决, and its yearly reports 年度报告.")


class BallotFilters(Paging):
    """Which votes."""

    state: terms.BallotState | None = Field(None, description="Where they stand.")


def _shown(request: Asked) -> "QuerySet[Ballot]":
    """The visible votes; a subquery, because joins for the rights may repeat rows."""
    seen = Ballot.objects.visible_to(request.actor).order_by().values("pk")
    return Ballot.objects.filter(pk__in=seen).select_related("alliance").prefetch_related("votes__organisation")


def _answer(request: Asked, id: UUID) -> BallotOut:
    return BallotOut.each(one(_shown(request), id=id))


@section.reads("/alliances/{uuid:id}/ballots", BallotPage, open=False)
def list_ballots(request: Asked, id: UUID, filters: Query[BallotFilters]) -> BallotPage:
    """List the votes of an alliance's council.

    The newest first. Officers and members see them, and applicants those on their application.
    """
    rows = _shown(request).filter(alliance=found(request, id))
    if filters.state:
        rows = rows.filter(state=filters.state)
    return page(rows, order=("-id",), asked=request, paging=filters, gives=BallotPage, each=BallotOut.each)


@section.reads("/ballots/{uuid:id}", BallotOut, open=False)
def get_ballot(request: Asked, id: UUID) -> BallotOut:
    """Get a vote.

    With the votes handed in and the count by the rule of the charter.
    """
    return _answer(request, id)


@section.writes("/alliances/{uuid:id}/ballots", BallotOut, status=201)
def propose_ballot(request: Asked, id: UUID, data: BallotInput) -> BallotOut:
    """Put a proposal to the council.

    Today's council votes, later changes of it do not touch the vote. Admissions begin with an application instead.
    """
    row = ballots.propose(alliance=found(request, id), data=data, by=request.actor, at=request.at)
    made(request, "get_ballot", row.id)
    return _answer(request, row.id)


@section.writes("/ballots/{uuid:id}/votes", BallotOut)
def cast_vote(request: Asked, id: UUID, data: VoteInput) -> BallotOut:
    """Vote.

    For a council member, by its administrator. A vote may be changed while voting is open; the last vote closes it.
    """
    ballots.vote(ballot=one(_shown(request), id=id), data=data, by=request.actor, at=request.at)
    return _answer(request, id)


@section.writes("/ballots/{uuid:id}/close", BallotOut)
def close_ballot(request: Asked, id: UUID) -> BallotOut:
    """Close a vote.

    When its last day has passed or everybody has voted; the result is carried out at once.
    """
    ballots.close_now(ballot=one(_shown(request), id=id), by=request.actor, at=request.at)
    return _answer(request, id)


@section.writes("/ballots/{uuid:id}/again", BallotOut, status=201)
def repeat_ballot(request: Asked, id: UUID) -> BallotOut:
    """Repeat a vote that missed its quorum.

    A new vote opens for today's council.
    """
    row = ballots.vote_again(ballot=one(_shown(request), id=id), by=request.actor, at=request.at)
    made(request, "get_ballot", row.id)
    return _answer(request, row.id)


@section.reads("/alliances/{uuid:id}/reports", ReportPage)
def list_reports(request: Asked, id: UUID, filters: Query[Paging]) -> ReportPage:
    """List the yearly reports of an alliance.

    The newest year first. Accepted reports are public, the others are for officers and members.
    """
    seen = YearlyReport.objects.visible_to(request.actor).filter(alliance=found(request, id)).order_by().values("pk")
    rows = YearlyReport.objects.filter(pk__in=seen)
    return page(
        rows, order=("-year", "-id"), asked=request, paging=filters, gives=ReportPage, each=ReportOut.each
    )  # fmt: skip


@section.writes("/alliances/{uuid:id}/reports", ReportOut)
def file_report(request: Asked, id: UUID, data: YearlyReportInput, read: Query[Read]) -> ReportOut:
    """File the yearly report.

    By the alliance; also again until it is accepted, then with the `version` that was read.
    """
    row = reports.file(
        alliance=found(request, id), data=data, version=read.version or 0, by=request.actor, at=request.at
    )
    return ReportOut.each(row)


@section.writes("/reports/{uuid:id}/decision", ReportOut, also=(412, 428))
def decide_report(request: Asked, id: UUID, data: AnswerInput, read: Query[Read]) -> ReportOut:
    """Accept a yearly report or return it.

    By an officer, who names the `version` that was read; a return needs its reason in `answer`.
    """
    row = one(YearlyReport.objects.visible_to(request.actor).select_related("alliance"), id=id)
    stated = version_read(request, row, read)
    return ReportOut.each(reports.decide(report=row, data=data, version=stated, by=request.actor, at=request.at))
