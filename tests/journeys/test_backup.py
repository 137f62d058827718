"""Backup and restore as an operator does them: real processes, a damaged archive, a folder that is taken."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

PLANT = """
from django.utils import timezone
from shuangcheng.directory.actor import system
from shuangcheng.exchange import log
from shuangcheng.exchange.terms import Direction
at = timezone.localtime()
for n in range(20):
    log.append(direction=Direction.HERE, type="test.v1", at=at, says={"n": n})
log.sequence(at=at)
"""
LOOK = """
from django.utils import timezone
from shuangcheng.exchange import log, trust
from shuangcheng.exchange.models import Entry, Tree
at = timezone.localtime()
tree = Tree.objects.get()
trust.current(at=at).signing(at=at)
proof = log.prove(Entry.objects.get(index=7), at=at)
print(tree.size, bytes(tree.root).hex(), proof.index)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="shuangcheng-backup-"))
    yield made
    shutil.rmtree(made)


def run(var: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHUANGCHENG_", "DATABASE_"))}
    environ = kept | {"SHUANGCHENG_VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "shuangcheng.site.django_settings",
                      "LANG": "zh_CN.UTF-8", **settings}  # fmt: skip
    command = [sys.executable, "-m", "shuangcheng.site.main", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=300)


def test_a_node_goes_on_from_its_backup(folder: Path) -> None:
    var, archive, fresh = folder / "node", folder / "node.tar", folder / "fresh"
    var.mkdir()
    assert run(var, "manage", "migrate", "-v0").returncode == 0
    # The first start makes the keys; `manage` prepares nothing.
    ensure = "from shuangcheng.site.node import _ensure_keys; _ensure_keys()"
    before = run(var, "manage", "shell", "-v0", "-c", ensure + PLANT + LOOK).stdout
    (var / "files" / "2026").mkdir(parents=True)
    (var / "files" / "2026" / "证明.txt").write_text("证明")

    made = run(var, "backup", str(archive))
    assert made.returncode == 0, made.stderr
    assert archive.stat().st_mode & 0o777 == 0o600
    again = run(var, "backup", str(archive))
    assert again.returncode == 1
    assert "已经存在" in again.stderr

    taken = run(var, "restore", str(archive))
    assert (taken.returncode, "已有节点的数据" in taken.stderr) == (1, True)
    another = run(fresh, "restore", str(archive), SHUANGCHENG_NODE="sc", SHUANGCHENG_SIDE="sc")
    assert (another.returncode, "备份属于节点 cq" in another.stderr) == (1, True)

    restored = run(fresh, "restore", str(archive))
    assert restored.returncode == 0, restored.stderr
    assert run(fresh, "manage", "shell", "-v0", "-c", LOOK).stdout == before
    assert before.split()[0] == "20"
    assert (fresh / "files" / "2026" / "证明.txt").read_text() == "证明"
    assert (fresh / "keys" / "identity_key.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["bit", "member", "cut", "nothing"])
def test_a_damaged_backup_restores_nothing(folder: Path, damage: str) -> None:
    archive, fresh = folder / "node.tar", folder / "fresh"
    _damaged(archive, damage)
    done = run(fresh, "restore", str(archive))
    assert done.returncode == 1
    assert "备份" in done.stderr
    assert not (fresh / "postgres").exists()
    assert not (fresh / "keys").exists()


def _damaged(archive: Path, damage: str) -> None:
    """A small archive of the right shape with one thing wrong."""
    import hashlib
    import io
    import json

    dump = b"dump" * 1000
    sums = {"database.dump": hashlib.sha256(dump).hexdigest()}
    members = {"about.json": json.dumps({"node": "cq", "at": "x"}).encode(), "database.dump": dump,
               "sums.json": json.dumps(sums).encode()}  # fmt: skip
    if damage == "bit":
        members["database.dump"] = b"D" + dump[1:]
    if damage == "member":
        members["keys/extra.key"] = b"x"
    if damage == "nothing":
        archive.write_bytes(b"not an archive")
        return
    with tarfile.open(archive, "w") as made:
        for name, raw in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            made.addfile(info, io.BytesIO(raw))
    if damage == "cut":
        archive.write_bytes(archive.read_bytes()[:3000])
