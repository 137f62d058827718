"""1,000,000 certificates of teachers from a CSV file into the register: checked, sealed, indexed, committed.

Ours is the command `shuangcheng registers import`: from the bytes of the file to the commit. The peer is what a Django
programmer would write first: csv.DictReader, the same checks, digests and seals row by row, bulk_create in batches with
update_conflicts; on fewer rows, because it is slow. Bound by Python's checks and hashes on every core, beside it by
PostgreSQL's keeping of six indexes of random digests.
"""

import csv
import json
import resource
import tempfile
import time
from pathlib import Path

from bench.figures import tell
from bench.invented import certificates
from bench.node import node

ROWS = 1_000_000
PEER_ROWS = 50_000
AGAIN = 1000
"""Every so many rows one is different when the file is imported again."""


def ours(path: Path) -> float:
    """Seconds of one import."""
    from django.utils import timezone

    from shuangcheng.core.registers import REGISTERS
    from shuangcheng.directory.actor import system
    from shuangcheng.registers.actions import streaming

    start = time.perf_counter()
    loaded = streaming.load(
        register=REGISTERS["teacher_certificate"], path=path, valid_only=False, by=system("bench"),
        at=timezone.localtime(),
    )  # fmt: skip
    taken = time.perf_counter() - start
    assert loaded.written, loaded.errors[:3]
    assert loaded.rows == ROWS
    return taken


def peer(path: Path, rows: int) -> float:
    """Seconds of the plain way."""
    from django.db import transaction
    from django.utils import timezone

    from shuangcheng.core.registers import REGISTERS
    from shuangcheng.core.schema import read
    from shuangcheng.registers import records
    from shuangcheng.registers.models import Holding

    register, at = REGISTERS["teacher_certificate"], timezone.localtime()
    names = {info.title: name for name, info in register.record.model_fields.items()}
    columns = [*records.COLUMNS, "updated_at", "source"]
    start = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file, transaction.atomic():
        made = []
        for line, _number in zip(csv.DictReader(file), range(rows), strict=False):
            record = read(register.record, {names[title]: cell for title, cell in line.items()})
            stored = records.columns(register, register.texts(record, today=at.date()))
            values = dict(zip(records.COLUMNS, stored, strict=True))
            values["record"] = json.loads(str(values["record"]))
            made.append(Holding(register=register.name, **values, updated_at=at, source="peer"))
        Holding.objects.bulk_create(
            made, batch_size=1000, update_conflicts=True, unique_fields=["key"],
            update_fields=[name for name in columns if name != "key"],
        )  # fmt: skip
    return time.perf_counter() - start


def cpu() -> float:
    """Processor seconds of this process and of its workers that ended."""
    return sum(
        resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def main() -> None:
    """Measure both on the same database."""
    with tempfile.TemporaryDirectory() as folder, node():
        from shuangcheng.registers.models import Holding

        first, second = Path(folder, "first.csv"), Path(folder, "second.csv")
        certificates(first, ROWS)
        certificates(second, ROWS, different=AGAIN)
        fewer = peer(first, PEER_ROWS)
        Holding.objects.all().delete()
        before = cpu()
        new = ours(first)
        busy = cpu() - before
        again = ours(second)
        assert Holding.objects.count() == ROWS
    tell(
        "import_holdings", ROWS / new, "rows/s", peer="csv.DictReader and Django's bulk_create, the same checks",
        peer_value=PEER_ROWS / fewer, peer_rows=PEER_ROWS, rows=ROWS, seconds=round(new, 1),
        python_cpu_seconds=round(busy, 1), again_rows_per_second=round(ROWS / again), again_changed=ROWS // AGAIN,
    )  # fmt: skip


if __name__ == "__main__":
    main()
