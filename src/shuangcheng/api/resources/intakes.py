"""What is handed in for the library: upload or paste, look at what was read, take in, renew, give up."""

from uuid import UUID

from django.conf import settings
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import Field

from shuangcheng.core.files import Limits, check_size
from shuangcheng.core.schema import Input
from shuangcheng.directory.policy import require
from shuangcheng.plan import lookup
from shuangcheng.plan.actions import intakes, policies
from shuangcheng.plan.inputs.policies import PolicyInput, RenewInput, TextInput
from shuangcheng.plan.models import Intake, Policy

from ..asked import Asked
from ..outputs.plan_policies import IntakeOut, IntakePage, PolicyOut, TextOut
from ..paging import Paging, page
from ..section import PLAN_READ, PLAN_WRITE, Section
from .common import made, one
from .policies import found
from .removals import Gone

section = Section(
    "Intakes", "Files and texts on their way into the policy library 待收录: read first, taken in when they are right.",
    read=PLAN_READ, write=PLAN_WRITE,
)  # fmt: skip


class Renewed(Input):
    """Which document this is a newer text of."""

    renews: UUID | None = Field(None, description="Id of the document that this is a newer text of.")


class IntakeFilters(Paging):
    """Which intakes."""

    closed: bool = Field(False, description="Those of which nothing waits any more.")


def _one(request: Asked, id: UUID) -> Intake:
    return one(Intake.objects.visible_to(request.actor), id=id)


def _renewed(request: Asked, asked: Renewed) -> Policy | None:
    return found(request, asked.renews) if asked.renews else None


@section.reads("/policy-intakes", IntakePage, open=False)
def list_intakes(request: Asked, filters: Query[IntakeFilters]) -> IntakePage:
    """List what was handed in.

    The newest first; for officers.
    """
    rows = Intake.objects.visible_to(request.actor).filter(closed=filters.closed).defer("text")
    return page(rows, order=("-id",), asked=request, paging=filters, gives=IntakePage, each=IntakeOut.each)


@section.reads("/policy-intakes/{uuid:id}", IntakeOut, open=False)
def get_intake(request: Asked, id: UUID) -> IntakeOut:
    """Get what was handed in.

    With each document that was read in it, and the doubts.
    """
    return IntakeOut.each(_one(request, id))


@section.writes("/policy-intakes", IntakeOut, status=201, also=(404,))
def upload_intake(request: Asked, asked: Query[Renewed], file: File[UploadedFile]) -> IntakeOut:
    """Hand in a file.

    As `multipart/form-data` with one part, `file`: Word, PDF, web page, Markdown or text. It is read at once and kept;
    nothing enters the library yet. A text that is there already is refused (409).
    """
    renews = _renewed(request, asked)
    require(request.actor, "policy.edit", renews)
    name, limits = file.name or "", Limits(max_bytes=settings.SHUANGCHENG.max_upload_mb * 1024 * 1024)
    check_size(name=name, size=file.size or 0, limits=limits)
    data = b"".join(file.chunks())
    row = intakes.receive_file(name=name, data=data, by=request.actor, at=request.at, renews=renews)
    made(request, "get_intake", row.id)
    return IntakeOut.each(row)


@section.writes("/policy-intakes/text", IntakeOut, status=201, also=(404,))
def paste_intake(request: Asked, data: TextInput, asked: Query[Renewed]) -> IntakeOut:
    """Hand in a text.

    It is read at once and kept; nothing enters the library yet.
    """
    renews = _renewed(request, asked)
    row = intakes.receive_text(data=data, by=request.actor, at=request.at, renews=renews)
    made(request, "get_intake", row.id)
    return IntakeOut.each(row)


@section.writes("/policy-intakes/{uuid:id}/articles/{int:number}/take", PolicyOut, status=201)
def take_article(request: Asked, id: UUID, number: int, data: PolicyInput) -> PolicyOut:
    """Take a document into the library.

    One of those that were read, by its place from 0, with its title page as it is right.
    """
    row = policies.take(intake=_one(request, id), article=number, data=data, by=request.actor, at=request.at)
    made(request, "get_policy", row.id)
    return PolicyOut.each(row)


@section.writes("/policy-intakes/{uuid:id}/articles/{int:number}/renew", TextOut, status=201)
def renew_from_article(request: Asked, id: UUID, number: int, data: RenewInput) -> TextOut:
    """Take a document in as the newer text of one that is there.

    `policy` is the id, title or number of that one. The older text stays; lists rest on it until they adopt the
    newer one.
    """
    policy = found(request, lookup.policy(data.policy).pk)
    row = policies.renew(
        intake=_one(request, id), article=number, policy=policy, note=data.note, by=request.actor, at=request.at
    )
    return TextOut.each(row)


@section.writes("/policy-intakes/{uuid:id}", Gone, method="DELETE")
def discard_intake(request: Asked, id: UUID) -> Gone:
    """Give up what has not been taken in.

    Documents that were taken in stay.
    """
    row = _one(request, id)
    gone = Gone(id=row.id, title=row.name)
    intakes.discard(intake=row, by=request.actor, at=request.at)
    return gone
