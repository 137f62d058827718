"""Approved versions of agreements, and whether a digest is one of theirs."""

from typing import Literal
from uuid import UUID

from django.db.models import Exists, OuterRef
from ninja import Path

from shuangcheng.directory.fields import Digest
from shuangcheng.directory.models import AgreementVersion
from shuangcheng.plan import verification
from shuangcheng.registers import agreements

from ..asked import Asked
from ..outputs.agreements import Match, VersionDetail, VersionList, VersionOut
from ..outputs.base import Ref
from ..outputs.registers import SharingMatch
from ..outputs.verification import MinutesMatch, PlanMatch, Verification
from ..section import Section
from .agreements import visible
from .common import one

section = Section(
    "Verification", "Approved versions of agreements, and whether a file, text or digest is what was approved 核验."
)


@section.reads("/agreements/{uuid:id}/versions", VersionList)
def list_agreement_versions(request: Asked, id: UUID) -> VersionList:
    """List the approved versions of an agreement.

    The newest first.
    """
    return VersionList(items=[VersionOut.each(row) for row in one(visible(request), id=id).versions.all()])


@section.reads("/agreements/{uuid:id}/versions/{int:number}", VersionDetail)
def get_agreement_version(request: Asked, id: UUID, number: int) -> VersionDetail:
    """Get an approved version of an agreement.

    With the snapshot, whose canonical JSON (RFC 8785) has the digest of the version.
    """
    return VersionDetail.each(one(one(visible(request), id=id).versions.all(), number=number))


@section.reads("/verify/{digest}", Verification)
def verify_digest(request: Asked, digest: Path[Digest]) -> Verification:
    """Say which approved agreement, plan or minutes have a SHA-256.

    An agreement by its snapshot, its text (uniform line ends, no trailing space) or its file; a plan and minutes by
    their snapshot. Empty lists mean that nothing on this node has it. The file itself need not be sent.
    """
    later = AgreementVersion.objects.filter(agreement=OuterRef("agreement"), number__gt=OuterRef("number"))
    rows = AgreementVersion.objects.visible_to(request.actor).having(digest).annotate(later=Exists(later))
    found = rows.select_related("agreement").order_by("-approved_at", "-id")[:50]
    return Verification(
        digest=digest, matches=[_match(row, digest) for row in found],
        plans=[PlanMatch.each(row) for row in verification.plans(digest, actor=request.actor)],
        sharings=[SharingMatch.each(row) for row in agreements.having(digest)],
        minutes=[MinutesMatch.each(row) for row in verification.minutes(digest, actor=request.actor)],
    )  # fmt: skip


def _match(row: AgreementVersion, digest: str) -> Match:
    digests: dict[Literal["snapshot", "text", "file"], str] = {
        "snapshot": row.digest, "text": row.text_sha256, "file": row.file_sha256,
    }  # fmt: skip
    return Match(
        of=[part for part, value in digests.items() if value == digest],
        agreement=Ref(id=row.agreement_id, name=row.snapshot["title"]), parties=row.snapshot["parties"],
        version=VersionOut.each(row), newest=not row.later,  # type: ignore[attr-defined]
        state=row.agreement.state,
    )  # fmt: skip
