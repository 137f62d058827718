"""Backup and restore of a node: database, keys and files in one archive that proves itself whole.

The database is dumped first, in one snapshot; the files are copied after it, and since a file is never changed and its
bytes go only once its row has gone, every file that the snapshot names and that still has a row is there.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from shuangcheng import __version__
from shuangcheng.site import keys
from shuangcheng.site.config import Settings
from shuangcheng.site.node import NotReady, Say
from shuangcheng.site.postgres import Cluster
from shuangcheng.site.postgres_host import binaries_for
from shuangcheng.site.sentences import Sentence

ABOUT, SUMS, DUMP = "about.json", "sums.json", "database.dump"
FOLDERS = ("keys", "files")
VARIABLES = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT",
}  # fmt: skip


def _url(settings: Settings) -> str:
    return settings.database_url.get_secret_value() if settings.database_url else Cluster(settings.var_dir).url


def _program(settings: Settings, name: str) -> str:
    return str(binaries_for(Cluster(settings.var_dir).data) / name)


def _run(settings: Settings, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the address, which may hold a password, goes by the environment."""
    address = conninfo_to_dict(_url(settings))
    environ = os.environ | {variable: str(address[name]) for name, variable in VARIABLES.items() if address.get(name)}
    command = [_program(settings, program), *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise NotReady(Sentence(zh=f"{program} 没有成功：{why[0]}", en=f"{program} failed: {why[0]}"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _members(settings: Settings) -> list[tuple[str, Path]]:
    roots = {"keys": keys.folder(settings), "files": settings.var_dir / "files"}
    return [
        (f"{name}/{path.relative_to(roots[name]).as_posix()}", path)
        for name in FOLDERS
        for path in sorted(roots[name].rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]


def check_target(target: Path) -> None:
    """Refuse to write over what is there."""
    if target.exists():
        raise NotReady(Sentence(zh=f"{target} 已经存在，请换一个文件名。", en=f"{target} exists; choose another name."))


def backup(settings: Settings, target: Path, *, say: Say) -> int:
    """Write the archive; the database runs, and so may the node. Returns its size in bytes."""
    about = {"node": settings.node, "version": __version__, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    draft = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            dump = Path(folder) / DUMP
            say(Sentence(zh="正在导出数据库……", en="Dumping the database …"))
            _run(settings, "pg_dump", "--format=custom", "--no-owner", f"--file={dump}")
            say(Sentence(zh="正在复制密钥和文件……", en="Copying keys and files …"))
            _write(draft, about, [(DUMP, dump), *_members(settings)])
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def _write(draft: Path, about: dict[str, str], members: list[tuple[str, Path]]) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    sums: dict[str, str] = {}
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            _text(archive, ABOUT, about)
            for name, path in members:
                try:
                    sums[name] = _digest(path)
                    archive.add(path, arcname=name, recursive=False)
                except FileNotFoundError:
                    continue  # a file whose row was removed while we copied
            _text(archive, SUMS, sums)
        file.flush()
        os.fsync(file.fileno())


def _text(archive: tarfile.TarFile, name: str, values: dict[str, str]) -> None:
    raw = json.dumps(values, ensure_ascii=False, indent=1).encode()
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(raw), 0o600
    archive.addfile(info, io.BytesIO(raw))


def restore(settings: Settings, source: Path, *, say: Say) -> dict[str, str]:
    """Make a fresh node from an archive; nothing is touched before every byte of it was checked."""
    if any((settings.var_dir / name).exists() for name in ("postgres", *FOLDERS)):
        text = f"{settings.var_dir} 里已有节点的数据。请用 SHUANGCHENG_VAR_DIR 指向一个空文件夹再恢复。"
        raise NotReady(Sentence(zh=text, en=f"{settings.var_dir} holds a node already; restore into an empty folder."))
    settings.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.var_dir) as folder:
        say(Sentence(zh="正在核对备份……", en="Checking the backup …"))
        about = _unpack(source, Path(folder))
        if about["node"] != settings.node:
            raise NotReady(_another(about["node"], settings.node))
        for name in FOLDERS:
            if (Path(folder) / name).exists():
                shutil.move(Path(folder) / name, settings.var_dir / name)
        say(Sentence(zh="正在恢复数据库……", en="Restoring the database …"))
        _restore_database(settings, Path(folder) / DUMP, say=say)
    return about


def _restore_database(settings: Settings, dump: Path, *, say: Say) -> None:
    cluster = Cluster(settings.var_dir, say=say) if settings.database_url is None else None
    if cluster is not None:
        cluster.start()
    try:
        arguments = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _run(settings, "pg_restore", *arguments, f"--dbname={conninfo_to_dict(_url(settings))['dbname']}", str(dump))
    finally:
        if cluster is not None:
            cluster.stop()


def _unpack(source: Path, folder: Path) -> dict[str, str]:
    """Unpack what the archive says it holds, each file as its digest says."""
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        about: dict[str, str] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        sums: dict[str, str] = json.loads((folder / SUMS).read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, ValueError) as error:
        text = f"{source} 不是完整的备份（{type(error).__name__}）。"
        raise NotReady(Sentence(zh=text, en=f"{source} is no whole backup ({type(error).__name__}).")) from error
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {ABOUT, SUMS}
    wrong = sorted(found ^ sums.keys())
    wrong += [name for name in sorted(found & sums.keys()) if _digest(folder / name) != sums[name]]
    if wrong or DUMP not in found:
        first = wrong[0] if wrong else DUMP
        text = f"备份已损坏：{first} 与备份时不同。没有恢复任何内容。"
        raise NotReady(Sentence(zh=text, en=f"The backup is damaged: {first} differs. Nothing was restored."))
    return about


def _another(told: str, wanted: str) -> Sentence:
    return Sentence(
        zh=f"备份属于节点 {told}，而设置的节点是 {wanted}。请核对 SHUANGCHENG_NODE。",
        en=f"The backup is of the node {told}, and the settings say {wanted}. Check SHUANGCHENG_NODE.",
    )
