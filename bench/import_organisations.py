"""100,000 organisations from a spreadsheet: checked, indexed, audited, committed; beside django-import-export.

Ours is everything from the bytes to the commit: upload, check with preview, confirmation, writing. The peer does what
its confirmation page does: reads the file and imports it on trial for the preview, then reads and imports it for good.
Its rows pass the same checks and go to a table with the same columns and indexes; it makes no search index. It is
measured as its documentation begins, and in its fastest documented setting (bulk, cached instances, no diff), on fewer
rows, because it is slow.
"""

import gc
import time
from itertools import pairwise

from bench import invented
from bench.figures import tell
from bench.node import load_reference, node

ROWS = 100_000
PEER_ROWS = 5_000
PEER = "django-import-export 4.4"


def ours(data: bytes) -> dict[str, float]:
    """Seconds of each step."""
    from django.utils import timezone

    from shuangcheng.desk.importing import actions
    from shuangcheng.desk.models import ImportState, SearchEntry
    from shuangcheng.directory.actor import system
    from shuangcheng.directory.models import Organisation

    by, before = system("bench"), Organisation.objects.count()
    gc.collect()
    marks = [time.perf_counter()]
    item = actions.upload(table="organisation", name="机构.xlsx", data=data, by=by, at=timezone.now())
    marks.append(time.perf_counter())
    actions.check(import_id=item.id, at=timezone.now())
    item.refresh_from_db()
    assert (item.state, item.new, item.wrong) == (ImportState.CHECKED, ROWS, 0), (
        item.state,
        item.notes,
        item.errors[:3],
    )
    marks.append(time.perf_counter())
    actions.confirm(item=item, valid_only=False, by=by, at=timezone.now())
    actions.write(import_id=item.id, at=timezone.now())
    marks.append(time.perf_counter())
    item.refresh_from_db()
    assert item.state == ImportState.DONE
    assert Organisation.objects.count() == before + ROWS
    assert SearchEntry.objects.filter(kind="organisation").count() >= ROWS
    steps = [after - before for before, after in pairwise(marks)]
    return dict(zip(("upload", "check", "write"), steps, strict=True))


def main() -> None:
    """Measure both on the same database."""
    data = invented.workbook(ROWS)
    with node():
        load_reference()
        seconds = ours(data)
        from bench.import_export_peer import DefaultResource, FastResource, peer

        fewer = invented.workbook(PEER_ROWS)
        default, fast = peer(DefaultResource, fewer, rows=PEER_ROWS), peer(FastResource, fewer, rows=PEER_ROWS)
    total = sum(seconds.values())
    parts = {f"{step}_seconds": round(taken, 2) for step, taken in seconds.items()}
    for name, (trial, final), setting in (
        ("import_organisations", default, "its default setting"),
        ("import_organisations_fastest_peer", fast, "bulk, cached instances, no diff"),
    ):
        tell(
            name, ROWS / total, "rows/s", peer=f"{PEER}, {setting}, no search index", peer_rows=PEER_ROWS,
            peer_value=PEER_ROWS / (trial + final), peer_import_only=round(PEER_ROWS / final, 2), rows=ROWS,
            seconds=round(total, 2), **parts,
        )  # fmt: skip


if __name__ == "__main__":
    main()
