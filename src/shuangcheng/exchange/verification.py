"""Checking the whole log again: every entry, hash, checkpoint and cosignature; the first that is wrong is named.

Entries and hashes are read once, in order, by cursors on the server, so that a log of any length takes little memory.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max
from pydantic_core import from_json

from shuangcheng.core import merkle
from shuangcheng.core.checkpoint import LARGEST, CheckpointError, Verifier, open_checkpoint
from shuangcheng.core.checkpoint import Checkpoint as Opened
from shuangcheng.core.keys import Use
from shuangcheng.core.manifest import Manifest
from shuangcheng.core.outcome import Message
from shuangcheng.core.text import _

from . import client, trust
from .models import Checkpoint, Entry, Node, Peer, Tree, Witnessed

BATCH = 5_000


class Wrong(Exception):
    """The first thing that is wrong: in which year, at which entry, and what."""

    def __init__(self, text: str, *, year: int, index: int | None = None, **values: object) -> None:
        self.year, self.index = year, index
        place = _("%(year)d 年日志") if index is None else _("%(year)d 年日志第 %(index)d 条")
        where = Message(place, {"year": year} | ({} if index is None else {"index": index}))
        self.message = Message(_("%(where)s：%(what)s"), {"where": where, "what": Message(text, values)})
        super().__init__(str(self.message))


@dataclass(frozen=True)
class Checked:
    """What was checked and found right."""

    year: int
    entries: int
    checkpoints: int
    cosignatures: int


class _Row(NamedTuple):
    place: int
    data: bytes
    seconds: int
    direction: str
    type: str
    jti: str | None


def years() -> list[int]:
    """The years that have a log, the first first."""
    found = set(Tree.objects.values_list("year", flat=True)) | set(
        Entry.objects.order_by().values_list("year", flat=True).distinct()
    )
    return sorted(found | set(Checkpoint.objects.order_by().values_list("year", flat=True).distinct()))


def verify_year(year: int, *, at: datetime) -> Checked:
    """Check the log of a year from its first entry; raises `Wrong`."""
    known = trust.current(at=at)
    with _snapshot() as stack:
        tree = Tree.objects.filter(year=year).first() or Tree(year=year)
        checkpoints = list(Checkpoint.objects.filter(year=year).order_by("size"))
        walk = _Walk(year, checkpoints, known, stack)
        for row in _entries(year, stack):
            walk.take(row)
        walk.end(tree)
    return Checked(year, walk.frontier.size, len(checkpoints), walk.cosignatures)


@contextmanager
def _snapshot() -> Iterator[ExitStack]:
    """One moment of the database for all cursors, while the node goes on working."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), ExitStack() as stack:
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield stack


def _stream(name: str, query: str, values: tuple[object, ...], stack: ExitStack) -> Iterator[tuple[Any, ...]]:
    """The rows of a query by a cursor on the server."""
    connection.ensure_connection()
    cursor = stack.enter_context(connection.connection.cursor(name=name, binary=True))
    cursor.itersize = BATCH
    cursor.execute(query, values)
    return iter(cursor)


def _entries(year: int, stack: ExitStack) -> Iterator[_Row]:
    query = (
        "SELECT index, data, floor(extract(epoch FROM at))::bigint, direction, type, jti::text FROM exchange_entry"
        " WHERE year = %s AND index IS NOT NULL ORDER BY index"
    )
    return map(_Row._make, _stream(f"entries_{year}", query, (year,), stack))


class _Walk:
    """The tree as it grows again from the entries, held against all that was stored of it."""

    def __init__(self, year: int, checkpoints: list[Checkpoint], known: trust.Trust, stack: ExitStack) -> None:
        self.year, self.known, self.frontier = year, known, merkle.Frontier()
        self.signed, self.good, self.cosignatures = 0, 0, 0
        self.checkpoints = checkpoints
        top = Node.objects.filter(year=year).aggregate(top=Max("level"))["top"]
        query = "SELECT place, hash FROM exchange_node WHERE year = %s AND level = %s ORDER BY place"
        self.levels = [_stream(f"nodes_{year}_{level}", query, (year, level), stack) for level in range((top or 0) + 1)]

    def take(self, row: _Row) -> None:
        """The next entry."""
        index = self.frontier.size
        if row.place != index:
            raise self._wrong(_("应有这一条，读到的却是第 %(found)d 条：有记录被删除或调换。"), index, found=row.place)
        data = bytes(row.data)
        if not self.signed < len(self.checkpoints):
            raise self._wrong(_("没有任何检查点包含这一条。"), index)
        for level, place, hash in self.frontier.append(merkle.leaf_hash(data)):
            # Almost every time: kept short, as there are two hashes for each entry.
            if level >= len(self.levels) or next(self.levels[level], None) != (place, hash):
                raise self._wrong_node(index, level, place)
        self._columns(index, row, data)
        while self.signed < len(self.checkpoints) and self.checkpoints[self.signed].size <= self.frontier.size:
            self._checkpoint(self.checkpoints[self.signed])
            self.signed += 1

    def _wrong(self, text: str, index: int | None = None, **values: object) -> Wrong:
        return Wrong(text, year=self.year, index=index, **values)

    def _wrong_node(self, index: int, level: int, place: int) -> Wrong:
        if not Node.objects.filter(year=self.year, level=level, place=place).exists():
            return self._wrong(_("第 %(level)d 层缺少摘要 %(place)d。"), index, level=level, place=place)
        text = _("内容与保存的摘要不符：这一条、或它在第 %(level)d 层的摘要被改动过。")
        return self._wrong(text, index, level=level)

    def _columns(self, index: int, row: _Row, data: bytes) -> None:
        """What is stored beside an entry for finding it says what the entry says."""
        said = from_json(data)
        if row[2:] != (said["at"], said["direction"], said["type"], said.get("jti")):
            raise self._wrong(_("检索用的时间、方向、类型或信件编号与记录内容不符。"), index)

    def _checkpoint(self, row: Checkpoint) -> None:
        """A checkpoint is of the tree as it was, signed by this node, and cosigned by whom it says."""
        if (row.size, bytes(row.root)) != (self.frontier.size, self.frontier.root()):
            text = _("检查点（%(size)d 条）的根与第 %(good)d 条以来的记录不符。")
            raise self._wrong(text, max(row.size - 1, 0), size=row.size, good=self.good)
        try:
            opened = _opened(row.note, self.known.me, year=self.year)
            if (opened.size, opened.root) != (row.size, bytes(row.root)):
                raise CheckpointError(f"{opened.size} leaves, want {row.size}")
            for name, when in row.cosigned.items():
                self._cosignature(row, name, when)
        except CheckpointError as error:
            text = _("检查点（%(size)d 条）的签名无效：%(reason)s")
            raise self._wrong(text, max(row.size - 1, 0), size=row.size, reason=str(error)) from error
        self.good = row.size

    def _cosignature(self, row: Checkpoint, name: str, when: int) -> None:
        if name not in self.known.peers:
            raise CheckpointError(f"a cosignature of {name!r}, want one of {sorted(self.known.peers)}")
        found = _opened(row.note, self.known.me, self.known.peers[name], year=self.year).cosigned.values()
        if when not in found:
            raise CheckpointError(f"no cosignature of {name!r} at {when}")
        self.cosignatures += 1

    def end(self, tree: Tree) -> None:
        """Nothing is missing at the end, and nothing is left over."""
        size, root = self.frontier.size, self.frontier.root()
        if self.signed < len(self.checkpoints) or tree.size > size:
            promised = max([tree.size, *(row.size for row in self.checkpoints)])
            raise self._wrong(_("应有 %(size)d 条，从这一条起缺少。"), size, size=promised)
        if tree.size != size or (size and bytes(tree.root) != root) or bytes(tree.frontier) != b"".join(
            self.frontier.hashes
        ):  # fmt: skip
            raise self._wrong(_("树的大小或根与记录不符。"), size - 1 if size else None)
        if size and self.good != size:
            raise self._wrong(_("没有任何检查点包含这一条。"), self.good)
        for level, rest in enumerate(self.levels):
            if (stored := next(rest, None)) is not None:
                text = _("第 %(level)d 层多出摘要 %(place)d。")
                raise self._wrong(text, stored[0] << level, level=level, place=stored[0])


def verify_peer(peer: Peer, year: int, *, at: datetime) -> int:
    """Check the checkpoint that another node publishes against what this one has cosigned; returns its size."""
    note = client.get(f"{peer.base_url}/exchange/log/{year}/checkpoint", largest=LARGEST).decode(errors="replace")
    try:
        opened = _opened(note, trust.current(at=at).peers[peer.authority], year=year)
    except CheckpointError as error:
        text = _("%(name)s 公布的检查点签名无效：%(reason)s")
        raise Wrong(text, year=year, name=peer.name, reason=str(error)) from error
    seen = Witnessed.objects.filter(peer=peer, year=year).first()
    if seen is not None:
        if opened.size < seen.size:
            text = _("%(name)s 公布的日志有 %(size)d 条，少于本节点会签过的 %(seen)d 条。")
            raise Wrong(text, year=year, name=peer.name, size=opened.size, seen=seen.size)
        if opened.size == seen.size and opened.root != bytes(seen.root):
            text = _("%(name)s 公布的日志与本节点会签过的（%(seen)d 条）不同。")
            raise Wrong(text, year=year, name=peer.name, seen=seen.size)
    return opened.size


def _named(note: str, manifest: Manifest) -> list[Verifier]:
    """Every key of a node under every name in a note: its address may have changed since, its keys have not."""
    lines = note.splitlines()
    names = {lines[0], *(line.split(" ")[1] for line in lines if line.startswith("— ") and line.count(" ") == 2)}
    keys = [key for key in manifest.statement.keys if key.use == Use.SIGN]
    return [Verifier(name, key.raw) for name in sorted(names) for key in keys]


def _opened(note: str, log: Manifest, cosigner: Manifest | None = None, *, year: int) -> Opened:
    """The checkpoint in a note, signed by any key of the log's node, and by the cosigner where there is one."""
    origin = note.split("\n", 1)[0]
    if not origin.endswith(f"/log/{year}"):
        raise CheckpointError(f"the log {origin!r}, want that of {year}")
    errors = []
    cosigners = _named(note, cosigner) if cosigner else []
    for verifier in [each for each in _named(note, log) if each.name == origin]:
        try:
            return open_checkpoint(note, log=verifier, cosigners=cosigners)
        except CheckpointError as error:
            errors.append(str(error))
    raise CheckpointError("; ".join(errors)[:300] or "no key of the log's node")
