"""One file after the other, each in a transaction of its own with one audit line."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import system
from shuangcheng.directory.models import LoadedFile

from . import catalogues, divisions, organisations, titles
from .rows import Table, read
from .write import Written

Progress = Callable[[str, int], None]
"""Told what is being loaded and how much of the whole is done, in percent."""

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
ACTOR = system(_("参考数据"))
LOCK = 0x73637264  # "scrd": two nodes' processes that start together load one after the other


@dataclass(frozen=True)
class Step:
    """A file, what it holds, its part of the work and how it is written."""

    name: str
    title: str
    weight: int
    write: Callable[[Table, datetime], Written]


STEPS = (
    Step("divisions.csv", _("行政区划"), 45, divisions.write),
    Step("catalogues.csv", _("专业目录与分类"), 15, catalogues.write),
    Step("authorities.csv", _("教育行政部门"), 1, organisations.write_authorities),
    Step("universities.csv", _("全国普通高等学校"), 30, organisations.write_universities),
    Step("university_names.csv", _("高等学校曾用名"), 3, organisations.write_names),
    Step("designations.csv", _("国家级称号"), 3, titles.write_designations),
    Step("key_disciplines.csv", _("双一流建设学科"), 3, titles.write_disciplines),
)
"""In the order in which they refer to each other."""


def load(progress: Progress, *, folder: Path = REFERENCE) -> list[tuple[str, int]]:
    """Load what is new or changed; returns what was loaded and how many rows each, nothing when all was there."""
    loaded, done, whole = [], 0, sum(step.weight for step in STEPS)
    for step in STEPS:
        progress(step.title, done * 100 // whole)
        if rows := _load(step, folder / step.name, at=timezone.localtime()):
            loaded.append((step.title, rows))
        done += step.weight
    progress(_("参考数据"), 100)
    return loaded


@transaction.atomic
def _load(step: Step, path: Path, *, at: datetime) -> int:
    """The number of rows loaded, 0 when the file is the one that was loaded before."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if LoadedFile.objects.filter(name=step.name, digest=digest).exists():
        return 0
    table = read(step.name, content)
    written = step.write(table, at)
    LoadedFile.objects.update_or_create(
        name=step.name, defaults={"digest": digest, "rows": len(table.rows), "loaded_at": at}
    )
    audit.record(
        by=ACTOR, at=at, verb="reference.load", kind="reference", title=step.title,
        changes={"new": [None, len(written.new)], "changed": [None, len(written.changed)]},
        note=f"{step.name} {digest}",
    )  # fmt: skip
    return len(table.rows)
