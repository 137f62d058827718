"""A whole register from one CSV file of any size, checked on every core while PostgreSQL takes the rows in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from shuangcheng.core.outcome import Message, refusal
from shuangcheng.core.register import Register
from shuangcheng.core.table import Flaw, pack_flaw
from shuangcheng.core.text import _
from shuangcheng.desk.importing.actions import SHOWN_ERRORS
from shuangcheng.desk.models import Import, ImportState
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from .. import loading, workers
from ..csv_file import CsvFile
from ..loading import Merged, Staging
from ..tables import TABLES_BY_NAME

KEY_BYTES = 16
MERGED_ROWS = 50_000
"""How many rows are copied before they are merged: workers go on meanwhile."""

MOST_ERRORS = 100_000
"""How many errors are told; all are counted."""


@dataclass
class Loaded:
    """What became of a file; nothing was written unless `written`."""

    rows: int = 0
    wrong: int = 0
    merged: Merged = field(default_factory=lambda: Merged(0, 0))
    errors: list[tuple[int, Flaw]] = field(default_factory=list)
    sha256: str = ""
    written: bool = False


@transaction.atomic
def load(
    *, register: Register, path: Path, valid_only: bool, by: Actor, at: datetime, processes: int | None = None
) -> Loaded:
    """Write a register from a file: all of it or nothing, or what is right when `valid_only`."""
    require(by, "import.holding")
    file = CsvFile(path, TABLES_BY_NAME[register.name])
    task = workers.Task(register.name, file.head, file.encoding, file.delimiter, at.date())
    source = f"批量导入 {at:%Y-%m-%d} {path.name}"[:200]
    processes = processes or workers.cores()
    loading.hold()
    loaded, repeated = _attempt(register, file, task, processes=processes, source=source, at=at)
    if repeated:
        again = workers.Task(register.name, file.head, file.encoding, file.delimiter, at.date(), frozenset(repeated))
        loaded, _none = _attempt(register, file, again, processes=processes, source=source, at=at)
    loaded.written = valid_only or not loaded.wrong
    if not loaded.written:
        transaction.set_rollback(True)
        return loaded
    _keep(register, path, loaded, valid_only=valid_only, by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registers_holding")
    return loaded


def _attempt(
    register: Register, file: CsvFile, task: workers.Task, *, processes: int, source: str, at: datetime
) -> tuple[Loaded, set[bytes]]:
    """Write what is right; undone when keys are repeated, which are then known."""
    loaded = Loaded()
    seen: set[bytes] = set()
    repeated: set[bytes] = set()
    line = 0

    def rows() -> Iterator[tuple[bytes, int]]:
        nonlocal line
        for part in workers.parts(file.blocks(), task, processes=processes):
            if part.damaged:
                text = _(
                    "第 %(line)d 行附近有残缺的字符或不成对的引号，读不下去，没有写入。请另存为 UTF-8 的 CSV 后再导入。"
                )
                raise refusal("sheet.csv", text, where="file", line=line + part.read + 1)
            loaded.errors += [(line + row, flaw) for row, flaw in part.flaws[: MOST_ERRORS - len(loaded.errors)]]
            loaded.wrong += part.wrong
            line += part.read
            for start in range(0, len(part.keys), KEY_BYTES):
                key = part.keys[start : start + KEY_BYTES]
                if key in seen:
                    repeated.add(key)
                seen.add(key)
            count = len(part.keys) // KEY_BYTES
            loaded.rows += count + part.wrong
            if count and not repeated:
                yield part.packed, count

    save = transaction.savepoint()
    with Staging() as staging:
        coming = rows()
        while staging.copy(coming, most=MERGED_ROWS):
            loaded.merged += staging.merge(register, source=source, at=at)
    loaded.sha256 = file.sha256
    if repeated:
        transaction.savepoint_rollback(save)
    return loaded, repeated


def _keep(register: Register, path: Path, loaded: Loaded, *, valid_only: bool, by: Actor, at: datetime) -> None:
    """The import among the others, and the audit line."""
    item = Import.objects.create(
        created_at=at, updated_at=at, table=register.name, file_name=path.name[:200], sha256=loaded.sha256,
        state=ImportState.DONE, progress=100, rows=loaded.rows, new=loaded.merged.new, changed=loaded.merged.changed,
        same=loaded.rows - loaded.wrong - loaded.merged.new - loaded.merged.changed, wrong=loaded.wrong,
        errors=[[row, *pack_flaw(flaw)] for row, flaw in loaded.errors[:SHOWN_ERRORS]], valid_only=valid_only,
        side=by.side, by_person=by.person_id, by_name=by.name,
    )  # fmt: skip
    counts = {"new": [0, loaded.merged.new], "changed": [0, loaded.merged.changed]}
    note = Message(
        "%(table)s · %(name)s · sha256 %(digest)s",
        {"table": Message(register.title), "name": path.name, "digest": loaded.sha256},
    )
    audit.record(by=by, at=at, verb="import.write", kind="import", subject=item, changes=counts, note=note)
