"""The demonstration's two nodes: each is a node of its own, started, watched and stopped together."""

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shuangcheng.site.children import Child
from shuangcheng.site.config import PREFIX, Settings
from shuangcheng.site.meeting import manifest_of
from shuangcheng.site.node import Say
from shuangcheng.site.sentences import Sentence
from shuangcheng.site.signals import Interrupted, Signals

TICK = 0.2
PATIENCE = 60.0
OWN_SERVER = Sentence(
    zh="演示要运行两个节点，各用自带的数据库。请先去掉 DATABASE_URL；单独一个节点请用 shuangcheng demo --one。",
    en="The demonstration runs two nodes, each with its embedded database. Unset DATABASE_URL first; "
    "one node alone is shuangcheng demo --one.",
)
STOPPED = Sentence(zh="两个节点都已停止。", en="Both nodes have stopped.")
# What a small machine bears twice.
SMALL = {"WEB_WORKERS": "1", "WEB_THREADS": "4"}


@dataclass(frozen=True)
class Member:
    """One of the two nodes."""

    node: str
    title: str
    division: str

    def folder(self, settings: Settings) -> Path:
        """Where it keeps what is its own."""
        return settings.var_dir / self.node

    def environ(self, settings: Settings, *, port: int, environ: Mapping[str, str]) -> dict[str, str]:
        """The settings of the node; what the operator has set for both stays."""
        own = {
            "NODE": self.node, "SIDE": self.node, "NODE_TITLE": self.title, "HOME_DIVISION": self.division,
            "VAR_DIR": str(self.folder(settings)), "PORT": str(port), "BASE_URL": "",
        }  # fmt: skip
        shared = {PREFIX + name: value for name, value in SMALL.items()} | dict(environ)
        return shared | {PREFIX + name: value for name, value in own.items()}


MEMBERS = (Member("cq", "重庆节点", "500000"), Member("sc", "四川节点", "510000"))


def run(settings: Settings, *, say: Say) -> int:
    """Run both nodes until asked to stop or until one of them ends; return the exit code."""
    if settings.database_url is not None:
        say(OWN_SERVER)
        return 1
    for member in MEMBERS:
        # Each tells the other anew who it is, so that neither compares with what an earlier start has left.
        manifest_of(member.folder(settings)).unlink(missing_ok=True)
    with Signals() as signals:
        children = [_child(member, place, settings) for place, member in enumerate(MEMBERS)]
        code = 0
        try:
            for child in children:
                child.start()
            signals.wait_for()
            while not signals.count and all(child.alive for child in children):
                time.sleep(TICK)
        except Interrupted:
            pass
        finally:
            code = _stop(children, signals)
    say(STOPPED)
    return code


def _child(member: Member, place: int, settings: Settings) -> Child:
    partner = MEMBERS[1 - place].folder(settings)
    command = [sys.executable, "-m", "shuangcheng.site.main", "demo", "--one", "--partner", str(partner)]
    return Child(member.node, command, member.environ(settings, port=settings.port + place, environ=os.environ))


def _stop(children: list[Child], signals: Signals) -> int:
    """Ask both to stop and wait, since each still stops its database; a second signal is passed on."""
    for child in children:
        child.ask_to_stop()
    asked, deadline = max(signals.count, 1), time.monotonic() + PATIENCE
    while any(child.alive for child in children) and time.monotonic() < deadline:
        if signals.count > asked:
            asked = signals.count
            for child in children:
                child.ask_to_stop()
        time.sleep(TICK / 4)
    codes = [child.process.poll() if child.process else 0 for child in children]
    for child in children:
        child.sweep()
    return next((1 for code in codes if code != 0), 0)
