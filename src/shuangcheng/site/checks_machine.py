"""Checks of the machine: settings, folder, keys, clock, port, translations, time zones."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shuangcheng.site import keys, safety
from shuangcheng.site.config import Settings
from shuangcheng.site.findings import Finding, good, problem, skipped
from shuangcheng.site.node import NotReady, check_port
from shuangcheng.site.sentences import Sentence

LEAST_FREE = 1024**3
LOCALE = Path(__file__).resolve().parents[3] / "locale"


def folder(settings: Settings) -> Iterator[Finding]:
    """The var folder: there, writable, with room left."""
    place = settings.var_dir
    if not place.exists():
        yield skipped(
            f"文件夹 {place} 还没有，首次启动时会建立",
            f"The folder {place} is not there yet; the first start makes it",
        )
        return
    try:
        with tempfile.TemporaryFile(dir=place) as probe:
            probe.write(b"x")
    except OSError as error:
        yield problem(
            Sentence(
                zh=f"文件夹 {place} 写不进去（{error.strerror}）", en=f"{place} cannot be written ({error.strerror})"
            ),
            Sentence(
                zh=f"请检查它的属主和权限（现在是用户 {os.geteuid()} 在运行），以及磁盘是否只读或已满。",
                en=f"Check its owner and rights (this is user {os.geteuid()}), and the disk.",
            ),
        )
        return
    yield good(f"文件夹 {place} 可以写入", f"The folder {place} is writable")
    free = shutil.disk_usage(place).free
    if free < LEAST_FREE:
        yield problem(
            Sentence(zh=f"磁盘只剩 {free // 1024**2} MB", en=f"Only {free // 1024**2} MB of disk are left"),
            Sentence(zh="请清理磁盘或换一个更大的盘。", en="Free some space, or move to a larger disk."),
        )
    else:
        yield good(f"磁盘剩余 {free / 1024**3:.1f} GB", f"{free / 1024**3:.1f} GB of disk are free")


def key_files(settings: Settings) -> Iterator[Finding]:
    """The key files: for their owner only, undamaged."""
    given = {name for name in keys.NAMES if getattr(settings, name) is not None}
    for name in keys.NAMES:
        path = keys.folder(settings) / f"{name}.key"
        if name in given:
            yield good(f"密钥 {name} 由设置给出", f"The key {name} comes from the settings")
        elif not path.exists():
            yield skipped(
                f"密钥文件 {path} 还没有，首次启动时会生成",
                f"The key file {path} is not there yet; the first start makes it",
            )
        elif safety.readable_by_others(path):
            yield problem(
                Sentence(zh=f"密钥文件 {path} 其他用户也能读", en=f"The key file {path} can be read by other users"),
                Sentence(zh=f"请执行 chmod 600 {path}。", en=f"Run: chmod 600 {path}"),
            )
        else:
            yield _content(name, path)


def _content(name: str, path: Path) -> Finding:
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        return problem(
            Sentence(zh=f"密钥文件 {path} 读不出来（{error}）", en=f"The key file {path} cannot be read ({error})"),
            Sentence(zh="请检查它的属主，或从备份恢复。", en="Check its owner, or restore it from a backup."),
        )
    if len(text) < 40 if name == "secret_key" else safety.decode_key(text) is None:
        return problem(
            Sentence(zh=f"密钥文件 {path} 内容已损坏", en=f"The key file {path} is damaged"),
            Sentence(zh="请从备份恢复，不要重新生成。", en="Restore it from a backup; do not make a new one."),
        )
    return good(f"密钥文件 {path} 只有属主能读", f"Only its owner can read the key file {path}")


def clock(_settings: Settings) -> Iterator[Finding]:
    """This machine's clock: not before the program was written."""
    moment = datetime.now(UTC)
    now = f"{moment:%Y-%m-%d %H:%M} UTC"
    newest = max(path.stat().st_mtime for path in Path(__file__).parent.glob("*.py"))
    written = datetime.fromtimestamp(newest, UTC)
    if moment < written - timedelta(days=1):
        yield problem(
            Sentence(
                zh=f"本机时钟是 {now}，比程序文件的日期 {written:%Y-%m-%d} 还早",
                en=f"The clock says {now}, before the date of the program's files, {written:%Y-%m-%d}",
            ),
            Sentence(zh="请校准时钟，例如开启 NTP。", en="Set the clock, for example by NTP."),
        )
    else:
        yield good(f"本机时钟 {now} 可信", f"This machine's clock is plausible: {now}")


def time_zones(settings: Settings) -> Iterator[Finding]:
    """The time zone data that pages and deadlines need."""
    name = settings.time_zone
    try:
        ZoneInfo(name)
    except ZoneInfoNotFoundError:
        yield problem(
            Sentence(zh=f"没有时区数据 {name}", en=f"There is no time zone data for {name}"),
            Sentence(zh="请安装系统软件包 tzdata。", en="Install the system's package tzdata."),
        )
    else:
        yield good(f"时区数据 {name} 可用", f"The time zone data for {name} is there")


def port(settings: Settings) -> Iterator[Finding]:
    """The port: free, or held by this node."""
    place = f"{settings.host}:{settings.port}"
    try:
        check_port(settings)
    except NotReady as error:
        if serving(settings):
            yield good(f"节点正在 {place} 上运行", f"The node is running on {place}")
        else:
            yield problem(error.sentence)
    else:
        yield good(f"端口 {place} 空闲", f"The port {place} is free")


def serving(settings: Settings) -> bool:
    """Say whether a server of this folder is running."""
    try:
        with (settings.var_dir / "server.lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def translations(_settings: Settings) -> Iterator[Finding]:
    """The compiled translations, newer than their sources."""
    sources = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
    if not sources:
        yield skipped("没有译文文件", "There are no translation files")
    for source in sources:
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            yield problem(
                Sentence(
                    zh=f"译文 {source.parts[-3]}/{source.name} 没有编译，或已过时",
                    en=f"The translation {source.parts[-3]}/{source.name} is not compiled, or out of date",
                ),
                Sentence(zh="请执行 make install。", en="Run: make install"),
            )
        else:
            yield good(f"译文 {source.parts[-3]}/{source.name} 已编译", f"{source.parts[-3]}/{source.name} is compiled")
