"""Writes of agreements."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import rfc8785
from django.core.files.base import ContentFile
from django.db import transaction

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key

from .. import audit, lookup
from ..actor import Actor
from ..inputs import AgreementInput
from ..models import Agreement, AgreementVersion, Organisation
from ..policy import require
from ..terms import AgreementState
from ..versions import locked
from .organisations import dates_in_order

_REFERENCES = {"parties", "alliance", "zone"}


def _facts(data: AgreementInput) -> dict[str, Any]:
    dates_in_order(data.signed, data.expires, where="expires")
    return data.model_dump(exclude=_REFERENCES) | {
        "pinyin": pinyin_key(data.title),
        "alliance": lookup.alliance(data.alliance) if data.alliance else None,
        "zone": lookup.zone(data.zone) if data.zone else None,
    }


def _parties(data: AgreementInput) -> list[Organisation]:
    """The parties, each once; two spellings of one organisation are one party."""
    parties = list(dict.fromkeys(lookup.all_of(data.parties, lookup.organisation, where="parties")))
    if len(parties) < 2:
        raise refusal("one_party", _("签约各方至少要有两个不同的单位。"), where="parties")
    return parties


@transaction.atomic
def draft(*, data: AgreementInput, by: Actor, at: datetime, source: str = "", invented: bool = False) -> Agreement:
    """Begin an agreement."""
    require(by, "agreement.create")
    values = _facts(data)
    parties = _parties(data)
    agreement = Agreement.objects.create(**values, source=source, invented=invented, created_at=at, updated_at=at)
    agreement.parties.set(parties)
    require(by, "agreement.edit", agreement)
    audit.record(
        by=by,
        at=at,
        verb="agreement.create",
        kind="agreement",
        subject=agreement,
        changes=audit.differences({}, data.model_dump(exclude={"text"}, exclude_defaults=True)),
    )
    return agreement


def _names(parties: Iterable[Organisation]) -> list[str]:
    return sorted(party.name for party in parties)


@transaction.atomic
def edit(*, agreement: Agreement, data: AgreementInput, version: int, by: Actor, at: datetime) -> Agreement:
    """Change a draft; the change of an approved agreement is a draft of its own, until it is approved in its place."""
    require(by, "agreement.edit", agreement)
    if agreement.revises:
        require(by, "agreement.edit", agreement.revises)
    agreement = locked(Agreement.objects.all(), agreement, version=version)
    if agreement.state == AgreementState.ENDED:
        raise refusal("ended", _("协议已终止，不能再修改。"), why=Why.CONFLICT)
    values = _facts(data)
    parties = _parties(data)
    before = {name: getattr(agreement, name) for name in values} | {"parties": _names(agreement.parties.all())}
    verb = "agreement.revise" if agreement.state == AgreementState.APPROVED else "agreement.edit"
    if agreement.state == AgreementState.APPROVED:
        agreement = _revision(agreement, at)
    for name, value in values.items():
        setattr(agreement, name, value)
    agreement.updated_at = at
    agreement.save()
    agreement.parties.set(parties)
    require(by, "agreement.edit", agreement)
    changes = _changes(before, values | {"parties": _names(parties)})
    audit.record(by=by, at=at, verb=verb, kind="agreement", subject=agreement, changes=changes)
    return agreement


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What changed, the text by its digest."""
    changes = audit.differences(before, after)
    if "text" in changes:
        changes["text"] = [text_digest(before["text"]), text_digest(after["text"])]
    return changes


def _revision(agreement: Agreement, at: datetime) -> Agreement:
    """The draft that is to take the place of an approved agreement; it begins with its file."""
    if Agreement.objects.filter(revises=agreement).exists():
        text = _("这份协议已有一份修改稿。请在修改稿上修改，或先删除修改稿。")
        raise refusal("revision_there", text, why=Why.CONFLICT)
    return Agreement(
        revises=agreement,
        file=agreement.file.name,
        file_name=agreement.file_name,
        file_sha256=agreement.file_sha256,
        invented=agreement.invented,
        source=agreement.source,
        created_at=at,
    )


@transaction.atomic
def attach(*, agreement: Agreement, name: str, content: bytes, text: str, by: Actor, at: datetime) -> Agreement:
    """Attach the signed file, inspected by the caller; `text` fills the agreement's text when that is empty."""
    require(by, "agreement.edit", agreement)
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if agreement.state == AgreementState.APPROVED:
        raise refusal("approved", _("协议已签署。如需更换文件，请先修改协议。"), why=Why.CONFLICT)
    if agreement.state == AgreementState.ENDED:
        raise refusal("ended", _("协议已终止，不能再修改。"), why=Why.CONFLICT)
    agreement.file.save(f"{agreement.id}", ContentFile(content), save=False)
    agreement.file_name, agreement.file_sha256 = name[:200], hashlib.sha256(content).hexdigest()
    agreement.text = agreement.text or text
    agreement.version += 1
    agreement.updated_at = at
    agreement.save(update_fields=["file", "file_name", "file_sha256", "text", "version", "updated_at"])
    audit.record(by=by, at=at, verb="agreement.attach", kind="agreement", subject=agreement, note=name[:200])
    return agreement


def text_digest(text: str) -> str:
    """SHA-256 of a text with uniform line ends and no trailing space, so that copying it keeps the digest."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n")]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def snapshot_of(agreement: Agreement) -> dict[str, Any]:
    """What an approval fixes."""
    return {
        "title": agreement.title,
        "number": agreement.number,
        "parties": sorted(agreement.parties.values_list("name", flat=True)),
        "signed": agreement.signed.isoformat() if agreement.signed else None,
        "expires": agreement.expires.isoformat() if agreement.expires else None,
        "text_sha256": text_digest(agreement.text),
        "file_sha256": agreement.file_sha256,
        "text": agreement.text,
    }


@transaction.atomic
def approve(*, agreement: Agreement, version: int, by: Actor, at: datetime) -> AgreementVersion:
    """Fix the `version` that was read, a revision in the place of what it revises: a snapshot with its digest."""
    require(by, "agreement.approve", agreement)
    original = None
    if agreement.revises:
        require(by, "agreement.approve", agreement.revises)
        original = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.revises.pk)
    agreement = locked(Agreement.objects.all(), agreement, version=version)
    if agreement.state != AgreementState.DRAFT:
        raise refusal("not_a_draft", _("只有起草中的协议可以签署。"), why=Why.CONFLICT)
    if not agreement.signed:
        raise refusal("signed_missing", _("请先填写签署日期。"), where="signed")
    if not (agreement.text or agreement.file):
        raise refusal("nothing_to_sign", _("请先填写协议正文或上传协议文件。"), where="text")
    changes = _take_over(original, agreement, by=by, at=at) if original else {}
    agreement = original or agreement
    snapshot = snapshot_of(agreement)
    approved = AgreementVersion.objects.create(
        agreement=agreement,
        number=agreement.versions.count() + 1,
        snapshot=snapshot,
        digest=hashlib.sha256(rfc8785.dumps(snapshot)).hexdigest(),
        text_sha256=snapshot["text_sha256"],
        file_sha256=agreement.file_sha256,
        approved_at=at,
        approved_by=by.name,
    )
    agreement.state, agreement.updated_at = AgreementState.APPROVED, at
    agreement.save()
    changes["digest"] = [None, approved.digest]
    note = f"v{approved.number}"
    audit.record(
        by=by, at=at, verb="agreement.approve", kind="agreement", subject=agreement, changes=changes, note=note
    )
    return approved


REVISED = (*(name for name in AgreementInput.model_fields if name != "parties"), "pinyin")


def _take_over(original: Agreement, revision: Agreement, *, by: Actor, at: datetime) -> dict[str, list[Any]]:
    """Put a revision in the place of what it revises; returns what changed."""
    before = {name: getattr(original, name) for name in REVISED} | {"parties": _names(original.parties.all())}
    after = {name: getattr(revision, name) for name in REVISED} | {"parties": _names(revision.parties.all())}
    for name in (*REVISED, "file", "file_name", "file_sha256"):
        setattr(original, name, getattr(revision, name))
    original.version += 1
    original.parties.set(revision.parties.all())
    gone = Agreement(pk=revision.pk, title=revision.title)
    revision.delete()
    audit.record(by=by, at=at, verb="agreement.adopt", kind="agreement", subject=gone)
    changes = _changes(before, after)
    changes.pop("pinyin", None)
    return changes


@transaction.atomic
def end(*, agreement: Agreement, reason: str, by: Actor, at: datetime) -> Agreement:
    """End an agreement before or at its day, with the reason."""
    require(by, "agreement.approve", agreement)
    if not reason.strip():
        raise refusal("reason_missing", _("请写明终止的理由。"), where="reason")
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if agreement.state == AgreementState.ENDED:
        raise refusal("ended", _("协议已经终止。"), why=Why.CONFLICT)
    if agreement.state == AgreementState.DRAFT:
        # What has ended is public; a draft is not.
        raise refusal("not_approved", _("起草中的协议还没有签署，不能终止；不再需要时请删除草稿。"), why=Why.CONFLICT)
    if Agreement.objects.filter(revises=agreement).exists():
        text = _("这份协议有一份修改稿正在商议。请先签署或删除修改稿，再终止。")
        raise refusal("revision_there", text, why=Why.CONFLICT)
    agreement.state, agreement.updated_at = AgreementState.ENDED, at
    agreement.version += 1
    agreement.save(update_fields=["state", "version", "updated_at"])
    audit.record(by=by, at=at, verb="agreement.end", kind="agreement", subject=agreement, note=reason.strip())
    return agreement
