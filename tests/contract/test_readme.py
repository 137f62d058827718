"""The commands that the documents show are there, and the demonstration does what the READMEs say."""

import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from shuangcheng import cli
from shuangcheng.site.main import main
from shuangcheng.site.postgres import Cluster
from tests.contract.source import ROOT
from tests.journeys.test_serve import SOON, Served, free_port, until

READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = (*READMES, "CONTRIBUTING.md", "docs/guide/operators.md", "docs/guide/operators.zh-CN.md")
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
# What a person may be told to run that is not ours.
OTHERS = {"createdb", "$PG/pg_dump", "$PG/pg_restore"}
LOADED = 300.0


def commands(document: str) -> list[str]:
    blocks = BLOCK.findall((ROOT / document).read_text(encoding="utf-8"))
    return [line.strip() for block in blocks for line in block.split("\n") if line.strip()]


def unknown(command: str) -> str:
    """What in a command does not exist, nothing when all of it does."""
    words = [word for word in shlex.split(command) if not re.match(r"^\w+=", word)]
    if not words or words[0] in OTHERS:
        return ""
    if words[0] == "make":
        targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
        return " ".join(word for word in words[1:] if word not in targets)
    if words[0] == ".venv/bin/shuangcheng":
        return "" if words[1] in {*main.commands, *(command.name for command in cli.commands)} else words[1]
    return words[0]


def test_the_readmes_show_the_two_commands() -> None:
    for document in READMES:
        assert commands(document) == ["make demo", "make test"], document


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_is_shown_exists(document: str) -> None:
    assert commands(document)
    assert [command for command in commands(document) if unknown(command)] == []


def test_the_watch_sees_a_command_that_is_not_there() -> None:
    assert unknown("make demonstration") == "demonstration"
    assert unknown(".venv/bin/shuangcheng surf") == "surf"
    assert unknown("npm install") == "npm"
    assert unknown("A=1 make demo") == ""


class Demonstration(Served):
    """What `make demo` starts."""

    def start(self, *command: str) -> None:
        with (self.var / "test.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def peer(self, node: str) -> str:
        """How a node of the two stands with the other."""
        with psycopg.connect(Cluster(self.var / node).url) as connection:
            row = connection.execute("SELECT state FROM exchange_peer WHERE guest_of_id IS NULL").fetchone()
        return str(row[0]) if row else ""

    @property
    def loaded(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log
        return self.log.count("演示账号") == 2

    def home(self, *, of: int = 0) -> tuple[int, str, str]:
        """Status, language and content of a node's home page as it comes, wherever it might lead on to."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port + of, timeout=30)
        try:
            connection.request("GET", "/")
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Language", ""), answer.read().decode()
        finally:
            connection.close()


def free_pair() -> int:
    """A port that is free with the one after it."""
    while True:
        port = free_port()
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port + 1))
            return port


@pytest.fixture
def demonstration() -> Iterator[Demonstration]:
    folder = Path(tempfile.mkdtemp(prefix="shuangcheng-demo-"))
    shown = Demonstration(folder, port=free_pair())
    yield shown
    for pid in shown.processes():
        os.kill(pid, signal.SIGKILL)
    if shown.process is not None:
        shown.process.wait(SOON)
    until(lambda: not shown.processes())
    shutil.rmtree(folder)


@pytest.mark.journey
def test_the_demonstration_runs_as_the_readme_says(demonstration: Demonstration) -> None:
    [command] = [command for command in commands("README.md") if command.endswith("demo")]
    demonstration.start(*shlex.split(command))
    until(lambda: demonstration.loaded, seconds=LOADED, what=demonstration.log)
    for place, side in enumerate(("cq", "sc")):
        status, language, page = demonstration.home(of=place)
        assert (status, language) == (200, "zh-hans")
        assert 'lang="zh' in page
        assert "十大行动计划" in page
        assert f"http://127.0.0.1:{demonstration.port + place} 演示账号" in demonstration.log
        assert re.search(rf"{side}\.officer +\S+ +教育行政部门干部", demonstration.log), demonstration.log
        until(lambda side=side: demonstration.peer(side) == "active", what=demonstration.log)  # type: ignore[misc]
    # A pupil's record, a batch of certificates and progress on a joint list, each with a proof that the other cosigned.
    until(lambda: demonstration.log.count("sc 已会签") == 3, seconds=LOADED, what=demonstration.log)

    [both] = demonstration.named("bin/shuangcheng demo")
    os.kill(both, signal.SIGTERM)
    assert demonstration.process is not None
    assert demonstration.process.wait(SOON) == 0, demonstration.log
    assert demonstration.processes() == {}, "nothing is left running"
