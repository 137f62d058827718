"""Answers about other nodes, keys, letters and the log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from shuangcheng.core.keys import Use
from shuangcheng.core.manifest import published_statement
from shuangcheng.exchange import log, terms
from shuangcheng.exchange.models import Entry, Incoming, Outgoing, OwnManifest
from shuangcheng.exchange.standing import Key, Log, Standing

from .base import Output, Page, Ref


class PublishedKey(Output):
    """A key of a node."""

    kid: str = Field(description="Its name, the thumbprint of RFC 7638.")
    use: Use = Field(description="What it is for.")
    not_before: datetime = Field(description="From when it may be used.")
    not_after: datetime = Field(description="Until when it may be used.")
    objection: str | None = Field(
        description="Why it may not be used now: `key_revoked`, `key_expired`, `key_not_yet`."
    )
    id: UUID | None = Field(description="Its id, for keys of this node.")

    @classmethod
    def each(cls, row: Key, id: UUID | None = None) -> "PublishedKey":
        """The answer about a key."""
        why = row.objection.code if row.objection else None
        return cls(
            kid=row.key.kid, use=row.key.use, not_before=row.start, not_after=row.end, objection=why, id=id
        )  # fmt: skip


class OwnKeys(Output):
    """The manifest 公告 of this node and its keys."""

    number: int = Field(description="Number of the manifest.")
    fingerprint: str = Field(description="Eight groups of five digits, to be compared on the telephone.")
    issued_at: datetime = Field(description="When it was issued.")
    keys: list[PublishedKey] = Field(description="The keys, usable ones first.")

    @classmethod
    def each(cls, own: OwnManifest, keys: list[PublishedKey]) -> "OwnKeys":
        """The answer about a manifest."""
        return cls(number=own.number, fingerprint=own.fingerprint, issued_at=own.issued_at, keys=keys)


class Met(Output):
    """What a node that is not introduced says of itself; nothing of it may be believed yet."""

    authority: str = Field(description="Short name of the authority.")
    name: str = Field(description="Its name.")
    base_url: str = Field(description="Its address.")
    number: int = Field(description="Number of its manifest.")
    fingerprint: str = Field(description="The fingerprint to compare with what its operator reads out.")
    own_fingerprint: str = Field(description="The fingerprint of this node, to be read out to its operator.")


class GateRow(Output):
    """One thing that was examined."""

    name: str = Field(description="Its name.")
    title: str = Field(description="What was sent, in Chinese.")
    wanted: str = Field(description="What a sound node answers.")
    found: str = Field(description="What was answered.")
    right: bool = Field(description="Whether the two agree.")


class GateReport(Output):
    """What the gate 检验 found."""

    wrong: int = Field(description="How many answers were wrong; a node is activated only when none is.")
    rows: list[GateRow] = Field(description="Every letter with its answer.")


class NodeOut(Output):
    """Another node 互联节点, and how the exchange with it goes."""

    id: UUID = Field(description="Its id.")
    authority: str = Field(description="Short name of the authority.")
    name: str = Field(description="Its name.")
    base_url: str = Field(description="Its address.")
    state: terms.PeerState = Field(description="Where the trust in it stands.")
    reason: str = Field(description="Why it was suspended.")
    fingerprint: str = Field(description="The fingerprint of its manifest.")
    manifest_number: int = Field(description="The number of its manifest.")
    heard_at: datetime | None = Field(description="When its last letter came.")
    reached_at: datetime | None = Field(description="When it last answered.")
    failing_since: datetime | None = Field(description="Since when it cannot be reached.")
    failure: str = Field(description="Why not.")
    feed_at: datetime | None = Field(description="When its feed was last pulled.")
    feed_cursor: int = Field(description="How far its feed was read.")
    gate_at: datetime | None = Field(description="When it was last examined.")
    gate_wrong: int | None = Field(description="How many answers were wrong then.")
    waiting: int = Field(description="Letters to it that are not delivered yet.")
    retrying: int = Field(description="Those of them that were tried in vain.")
    refused: int = Field(description="Letters that it has refused.")
    dead: int = Field(description="Letters that were given up.")
    parked_there: int = Field(description="Letters that it has put aside.")
    parked_here: int = Field(description="Letters of its that this node has put aside.")
    version: int = Field(description="Give it back when activating or suspending.")

    @classmethod
    def each(cls, row: Standing) -> "NodeOut":
        """The answer about a node with its counts."""
        peer = row.peer
        plain = {name: getattr(peer, name) for name in cls.model_fields if hasattr(peer, name)}
        counts = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        return cls(**plain, **counts, gate_wrong=peer.gate["wrong"] if peer.gate else None)


class NodeList(Output):
    """The nodes that this one knows."""

    items: list[NodeOut] = Field(description="By their short names.")


class NodeDetail(NodeOut):
    """A node with its keys, what it serves, and the report of the gate."""

    keys: list[PublishedKey] = Field(description="Its keys, usable ones first.")
    registers: list[str] = Field(description="The registers that it answers about.")
    letters: list[str] = Field(description="The letter types that it takes.")
    gate: GateReport | None = Field(description="What the gate found last.")

    @classmethod
    def whole(cls, row: Standing, keys: list[PublishedKey]) -> "NodeDetail":
        """The answer about a node whose keys are at hand."""
        says = published_statement(bytes(row.peer.manifest))
        plain = NodeOut.each(row).model_dump()
        return cls(
            **plain, keys=keys, registers=list(says.registers), letters=list(says.letters),
            gate=GateReport.model_validate(row.peer.gate) if row.peer.gate else None,
        )  # fmt: skip


class LetterReason(Output):
    """Why a letter was not taken."""

    code: str = Field(description="The reason for programs.")
    message: str = Field(description="The reason in words, as the other node or this one gave it.")


class OutgoingOut(Output):
    """The outside of a letter that was sent 发件; what it says is not told."""

    id: UUID = Field(description="Its id, the jti of the letter.")
    peer: Ref = Field(description="To which node.")
    type: str = Field(description="Its type.")
    state: terms.OutState = Field(description="What became of it.")
    attempts: int = Field(description="How often it was sent.")
    next_at: datetime | None = Field(description="When it is to be sent again.")
    reasons: list[LetterReason] = Field(description="Why it was not taken.")
    reply_type: str = Field(description="The type of the answer, or empty.")
    body_hash: str = Field(description="SHA-256 of its salted body.")
    erased: bool = Field(description="Whether its body is erased.")
    by_name: str = Field(description="Who sent it.")
    created_at: datetime = Field(description="When it was written.")
    settled_at: datetime | None = Field(description="When it was settled.")

    @classmethod
    def each(cls, row: Outgoing) -> "OutgoingOut":
        """The answer about a row with its node."""
        names = set(cls.model_fields) - {"peer", "reasons", "erased"}
        plain = {name: getattr(row, name) for name in names}
        return cls(
            **plain, peer=Ref(id=row.peer.pk, name=row.peer.name), erased=row.content is None, reasons=_reasons(row)
        )  # fmt: skip


class OutgoingPage(Page[OutgoingOut]):
    """A page of letters that were sent, the newest first."""


class IncomingOut(Output):
    """The outside of a letter that came 收件; what it says is not told."""

    id: UUID = Field(description="Its id here.")
    jti: UUID = Field(description="The number that its sender gave it.")
    peer: Ref = Field(description="From which node.")
    type: str = Field(description="Its type.")
    state: terms.InState = Field(description="What became of it.")
    reasons: list[LetterReason] = Field(description="Why it was refused.")
    reply_type: str = Field(description="The type of the answer.")
    body_hash: str = Field(description="SHA-256 of its salted body.")
    digest: str = Field(description="SHA-256 of what was signed.")
    erased: bool = Field(description="Whether its body is erased.")
    received_at: datetime = Field(description="When it came.")

    @classmethod
    def each(cls, row: Incoming) -> "IncomingOut":
        """The answer about a row with its node."""
        names = set(cls.model_fields) - {"peer", "reasons", "erased"}
        plain = {name: getattr(row, name) for name in names}
        return cls(
            **plain, peer=Ref(id=row.peer.pk, name=row.peer.name), erased=row.content is None, reasons=_reasons(row)
        )  # fmt: skip


class IncomingPage(Page[IncomingOut]):
    """A page of letters that came, the newest first."""


def _reasons(row: Outgoing | Incoming) -> list[LetterReason]:
    return [LetterReason(code=reason["code"], message=reason["message"]) for reason in row.reasons]


class Erased(Output):
    """How many bodies were erased."""

    count: int = Field(description="How many letters.")


class LogOut(Output):
    """How far the log 日志 has come."""

    year: int | None = Field(description="The year of its newest tree.")
    size: int = Field(description="Entries in the tree.")
    root: str = Field(description="The root in hexadecimal digits.")
    checkpoint: str = Field(description="The newest signed checkpoint, a C2SP signed note.")
    cosigned_size: int = Field(description="The size that others have cosigned.")
    cosigned: dict[str, int] = Field(description="Who has cosigned it, and when in POSIX seconds.")
    waiting: int = Field(description="Entries that wait for their place.")

    @classmethod
    def each(cls, found: Log) -> "LogOut":
        """The answer about a log."""
        tree, newest, cosigned = found.tree, found.newest, found.cosigned
        return cls(
            year=tree.year if tree else None, size=tree.size if tree else 0,
            root=bytes(tree.root).hex() if tree else "", checkpoint=newest.note if newest else "",
            cosigned_size=cosigned.size if cosigned else 0, cosigned=cosigned.cosigned if cosigned else {},
            waiting=found.waiting,
        )  # fmt: skip


class EntryOut(Output):
    """An entry of the log."""

    id: UUID = Field(description="Its id.")
    year: int = Field(description="In the log of which year.")
    index: int | None = Field(description="Its place, from 0; null while it waits for one.")
    at: datetime = Field(description="When.")
    direction: terms.Direction = Field(description="Which way the letter went, or `here`.")
    type: str = Field(description="The type of the letter or act.")
    jti: UUID | None = Field(description="The number of the letter.")
    leaf: str = Field(description="The hash of its leaf.")
    says: dict[str, Any] = Field(description="What it says.")

    @classmethod
    def each(cls, row: Entry) -> "EntryOut":
        """The answer about a row."""
        plain = {name: getattr(row, name) for name in set(cls.model_fields) - {"leaf", "says"}}
        return cls(**plain, leaf=log.leaf_hash(row), says=log.read(row))


class EntryPage(Page[EntryOut]):
    """A page of the log, the newest first."""


class ProofOut(Output):
    """That an entry stands in a signed tree: anybody can check it with the node's public key, RFC 9162."""

    data: str = Field(description="The bytes that the leaf's hash covers, in base64url.")
    says: dict[str, Any] = Field(description="The same as JSON.")
    index: int = Field(description="The place of the leaf, from 0.")
    size: int = Field(description="Leaves in the tree.")
    proof: list[str] = Field(description="The hashes from the leaf to the root, in hexadecimal digits.")
    root: str = Field(description="The root.")
    checkpoint: str = Field(description="The signed checkpoint with this root.")
