"""Consents as they are held and checked: which receipt carries a question, and what speaks against one that came."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shuangcheng.core import consent as receipts
from shuangcheng.core.basis import LegalBasis, Purpose
from shuangcheng.core.consent import open_consent
from shuangcheng.core.letter import Envelope
from shuangcheng.core.letters.lookup import Row
from shuangcheng.core.outcome import Message, Objection, refusal
from shuangcheng.core.text import _
from shuangcheng.exchange import trust
from shuangcheng.exchange.models import Peer

from . import subjects
from .models import Consent, Withdrawn


def carrying(
    questions: Sequence[Mapping[str, str]], *, register: str, purpose: Purpose, basis: LegalBasis, at: datetime
) -> list[Consent | None]:
    """The consent that carries each question, none where there is none."""
    wanted = [subjects.digests(question) for question in questions]
    rows = Consent.objects.good(at).filter(register=register, purpose=purpose, subject__in=set().union(*wanted))
    rows = rows.filter(guardian="") if basis == LegalBasis.SEPARATE_CONSENT else rows.exclude(guardian="")
    held = {bytes(row.subject): row for row in rows.order_by("ends_at")}
    return [next((held[digest] for digest in each if digest in held), None) for each in wanted]


@dataclass(frozen=True)
class Presented:
    """The receipts that a letter brings, verified, by their digests; and which of them are withdrawn."""

    by_digest: Mapping[str, receipts.Consent]
    withdrawn: frozenset[str]

    def objections(
        self, row: Row, question: Mapping[str, str], envelope: Envelope, *, register: str,
        fields: Iterable[str], at: datetime,
    ) -> list[Objection]:  # fmt: skip
        """What speaks against answering a row on its consent."""
        held = self.by_digest.get(row.consent or "")
        number = subjects.number_of(question)
        if held is None or number is None:
            text = _("这一行没有同意凭证，或凭证没有随信送来。")
            return [Objection("consent_missing", Message(text), "consent")]
        assert envelope.purpose is not None, "a letter that asks names it"
        assert envelope.legal_basis is not None, "a letter that asks names it"
        return receipts.objections(
            held, register=register, purpose=envelope.purpose, basis=envelope.legal_basis, fields=tuple(fields),
            recipient=envelope.iss, number=number, withdrawn=self.withdrawn, at=at,
        )  # fmt: skip


def presented(raws: Sequence[str], envelope: Envelope, peer: Peer, *, at: datetime) -> Presented:
    """Open the receipts of a letter; `Refused` when one is not what it says."""
    encoded = [raw.encode() for raw in raws]
    if receipts.digest_of(encoded) != envelope.consent:
        text = _("随信的同意凭证与信封上写的摘要不符。")
        raise refusal("consent_digest", text, where="consent")
    known = trust.current(at=at)
    issuers = {name: known.manifest_of(name) for name in (known.me.authority, peer.authority)}
    opened = [open_consent(raw, issuers=issuers, at=at) for raw in encoded]
    ids = [UUID(each.receipt.id) for each in opened]
    told = Withdrawn.objects.filter(peer=peer, consent__in=ids).values_list("consent", flat=True)
    here = Consent.objects.filter(pk__in=ids, withdrawn_at__isnull=False).values_list("pk", flat=True)
    return Presented({each.digest: each for each in opened}, frozenset(str(id) for id in told.union(here)))
