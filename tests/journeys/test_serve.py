"""The server as a person starts and stops it, and as misfortune ends it: real processes."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from shuangcheng.site.postgres import Cluster

pytestmark = pytest.mark.journey
SOON = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], *, seconds: float = SOON, what: str = "") -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what or condition
        time.sleep(0.1)


@dataclass
class Served:
    """A server of its own folder and port."""

    var: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHUANGCHENG_", "DATABASE_"))}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "shuangcheng.site.django_settings",
            "LANG": "zh_CN.UTF-8",
            "SHUANGCHENG_VAR_DIR": str(self.var),
            "SHUANGCHENG_PORT": str(self.port),
            "SHUANGCHENG_WEB_WORKERS": "1",
        }

    @property
    def log(self) -> str:
        return (self.var / "test.log").read_text()

    def start(self, *command: str) -> None:
        with (self.var / "test.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, sys.executable, "-m", "shuangcheng.site.main", "serve"],
                env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def wait_until_ready(self) -> None:
        assert self.process is not None
        until(lambda: "已就绪" in self.log or self.process.poll() is not None, what=self.log)  # type: ignore[union-attr]
        assert self.process.poll() is None, self.log

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def processes(self) -> dict[int, str]:
        """Every living process that was given this folder: ours by their environment, PostgreSQL by its argument."""
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                command, environ = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
            except OSError:
                continue
            if command and (f"SHUANGCHENG_VAR_DIR={self.var}".encode() in environ or os.fsencode(self.var) in command):
                found[int(entry.name)] = command.replace(b"\0", b" ").decode()
        return found

    def named(self, word: str) -> list[int]:
        return [pid for pid, command in self.processes().items() if word in command]

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(SOON)


@pytest.fixture
def served() -> Iterator[Served]:
    folder = Path(tempfile.mkdtemp(prefix="shuangcheng-serve-"))
    server = Served(folder)
    yield server
    for pid in server.processes():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    if server.process is not None:
        server.process.wait(SOON)
    until(lambda: not server.processes())
    shutil.rmtree(folder)


def test_from_the_first_start_to_the_second(served: Served) -> None:
    served.start()
    until(lambda: "正在更新数据表" in served.log, what=served.log)
    assert served.end(signal.SIGINT) == 0, served.log
    assert "准备工作还没做完" in served.log
    assert served.processes() == {}, "interrupted while it prepared"

    served.start()
    served.wait_until_ready()
    status, page = served.get("/")
    assert status == 200
    assert 'lang="zh' in page
    until(lambda: workers(served) == 1, what="the background worker reports to the database")
    done = subprocess.run(
        [sys.executable, "-m", "shuangcheng.site.main", "serve"],
        env=Served(served.var).environ, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1, "a second server on the same folder"
    assert re.search(r"已经在运行（进程 \d+）", done.stderr)
    assert served.end(signal.SIGTERM) == 0, served.log
    assert served.processes() == {}

    served.start()
    until(lambda: served.log.count("已就绪") == 2, what=served.log)
    # Twenty seconds of a person's time, counted in processor time: the machine may be busy with other tests.
    assert sum(map(processor_seconds, served.processes())) < 20
    assert served.end(signal.SIGTERM) == 0
    for line in served.log.splitlines():
        assert {"event", "level", "time"} <= set(json.loads(line)), line


def test_a_killed_supervisor_leaves_no_web_and_no_worker(served: Served) -> None:
    served.start()
    served.wait_until_ready()
    assert served.named("web-process")
    assert served.named("worker-process")
    assert served.end(signal.SIGKILL) == -signal.SIGKILL
    until(lambda: not served.named("-process"), what=str(served.processes()))

    # As a shell script starts `shuangcheng serve &`: with SIGINT ignored.
    served.start("env", "--ignore-signal=INT")
    until(lambda: served.log.count("已就绪") == 2, what=served.log)
    assert served.end(signal.SIGINT) == 0, served.log
    assert served.processes() == {}, "the clean exit also ends the PostgreSQL that the killed one had left"


def test_what_crashes_comes_back_until_it_crashes_too_often(served: Served) -> None:
    served.start()
    served.wait_until_ready()
    assert served.process is not None
    for word in ("web-process", "worker-process"):
        before = served.named(word)
        # Only the supervisor's own child: a web server that dies leaves its workers on the port.
        [child] = [pid for pid in before if parent_of(pid) == served.process.pid]
        os.kill(child, signal.SIGKILL)
        until(lambda word=word, before=before: set(served.named(word)) - set(before), what=word)  # type: ignore[misc]
        assert not set(served.named(word)) & set(before)
    until(lambda: answers(served), what=served.log)

    postmaster = Cluster(served.var)._postmaster()
    assert postmaster
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: "数据库意外停止，已重新启动" in served.log, what=served.log)
    until(lambda: answers(served), what=served.log)

    (served.var / "keys" / "digest_key.key").write_text("damaged")
    for pid in served.named("worker-process"):
        os.kill(pid, signal.SIGKILL)
    assert served.process.wait(120) == 1
    assert "后台任务接连" in served.log
    assert served.processes() == {}


def test_a_taken_port_is_told_and_nothing_is_left_running(served: Served) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", served.port))
        other.listen()
        served.start()
        assert served.process is not None
        assert served.process.wait(SOON) == 1
    assert f"127.0.0.1:{served.port} 用不了" in served.log
    assert f"SHUANGCHENG_PORT={served.port + 1}" in served.log
    assert served.processes() == {}


def test_a_server_that_does_not_answer_is_told_without_a_traceback(served: Served) -> None:
    served.start("env", "DATABASE_URL=postgresql://officer:geheim@127.0.0.1:1/node")
    assert served.process is not None
    assert served.process.wait(SOON) == 1
    [line] = served.log.splitlines()
    assert "数据库 postgresql://officer:***@127.0.0.1:1/node 连不上" in line
    assert "请检查数据库服务器是否在运行" in line


def answers(served: Served) -> bool:
    try:
        return served.get("/")[0] < 500
    except OSError:
        return False


def workers(served: Served) -> int:
    with psycopg.connect(Cluster(served.var).url) as connection:
        row = connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone()
    return int(row[0]) if row else 0


def processor_seconds(pid: int) -> float:
    """What a process and its ended children have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
