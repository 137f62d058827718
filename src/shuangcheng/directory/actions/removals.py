"""Taking back what was entered by mistake, and merging organisations; the audit trail keeps what was there."""

from datetime import datetime

from django.db import transaction

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _

from .. import audit, lookup
from ..actor import Actor
from ..inputs import MergeInput
from ..models import Agreement, Designation, Organisation, Programme
from ..policy import require
from ..terms import AgreementState, OrganisationStatus


@transaction.atomic
def merge(*, organisation: Organisation, data: MergeInput, by: Actor, at: datetime) -> Organisation:
    """Mark an organisation as merged into another 并入; both stay findable."""
    require(by, "organisation.rename", organisation)
    into = lookup.organisation(data.into, where="into")
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if into.pk == organisation.pk or into.merged_into_id == organisation.pk:
        raise refusal("merge_circle", _("不能并入自身，也不能互相并入。"), where="into")
    if into.status in (OrganisationStatus.MERGED, OrganisationStatus.CLOSED):
        raise refusal("merge_gone", _("“%(name)s”已并入其他机构或已撤销。"), where="into", name=into.name)
    changes = audit.differences(
        {"status": organisation.status, "merged_into": None}, {"status": OrganisationStatus.MERGED, "merged_into": into}
    )
    organisation.status, organisation.merged_into = OrganisationStatus.MERGED, into
    organisation.version += 1
    organisation.updated_at = at
    organisation.save(update_fields=["status", "merged_into", "version", "updated_at"])
    audit.record(
        by=by,
        at=at,
        verb="organisation.merge",
        kind="organisation",
        subject=organisation,
        changes=changes,
        note="：".join(filter(None, (into.name, data.basis))),
    )
    return organisation


@transaction.atomic
def remove_programme(*, programme: Programme, by: Actor, at: datetime) -> None:
    """Take back a programme that was entered by mistake; one that ran is closed instead."""
    organisation = programme.organisation
    require(by, "programme.edit", organisation)
    kept = audit.differences({}, {"quota": programme.quota, "opened": programme.opened, "state": programme.state})
    note = str(programme.entry)
    programme.delete()
    audit.record(
        by=by, at=at, verb="programme.remove", kind="organisation", subject=organisation, changes=kept, note=note
    )


@transaction.atomic
def remove_designation(*, designation: Designation, by: Actor, at: datetime) -> None:
    """Take back a title that was entered by mistake; one that has run out keeps its term."""
    organisation = designation.organisation
    require(by, "designation.edit", organisation)
    fields = ("title", "level", "valid_from", "valid_until", "basis")
    kept = audit.differences({}, {name: getattr(designation, name) for name in fields})
    note = designation.title
    designation.delete()
    audit.record(
        by=by, at=at, verb="designation.remove", kind="organisation", subject=organisation, changes=kept, note=note
    )


@transaction.atomic
def discard(*, agreement: Agreement, by: Actor, at: datetime) -> None:
    """Throw away a draft that was never approved, or a revision; what it revises stays as it is."""
    require(by, "agreement.edit", agreement)
    if agreement.revises:
        require(by, "agreement.edit", agreement.revises)
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if agreement.state != AgreementState.DRAFT or agreement.versions.exists():
        text = _("只有从未签署的草稿可以删除。已签署的协议请用“终止”。")
        raise refusal("was_approved", text, why=Why.CONFLICT)
    file, name = agreement.file, agreement.file.name
    if name and not Agreement.objects.exclude(pk=agreement.pk).filter(file=name).exists():
        transaction.on_commit(lambda: file.storage.delete(name))
    gone = Agreement(pk=agreement.pk, title=agreement.title)
    agreement.delete()
    audit.record(by=by, at=at, verb="agreement.discard", kind="agreement", subject=gone)
