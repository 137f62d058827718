"""The embedded PostgreSQL through what happens to it, and a real server over TCP with a password."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from shuangcheng.site import postgres_host
from shuangcheng.site.postgres import Cluster
from shuangcheng.site.postgres_host import PostgresError

pytestmark = pytest.mark.journey

DEBIAN = Path("/usr/lib/postgresql/15/bin")
OWNER = """
import sys, time
from pathlib import Path
from shuangcheng.site.postgres import Cluster
Cluster(Path(sys.argv[1]), durable=False).start()
print("started", flush=True)
time.sleep(600)
"""


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder outside pytest's own, whose parents are closed to the database's user."""
    folder = Path(tempfile.mkdtemp(prefix="shuangcheng-pg-"))
    yield folder
    left = Cluster(folder)
    if pid := left._postmaster():
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder)


def the_answer(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT current_user, 6 * 7").fetchone()


def postmaster(cluster: Cluster) -> int:
    pid = cluster._postmaster()
    assert pid is not None
    return pid


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_starts_answers_and_stops(var: Path) -> None:
    cluster = Cluster(var, durable=False)
    url = cluster.start()
    assert the_answer(url) == ("shuangcheng", 42)
    with psycopg.connect(url) as connection:
        facts = connection.execute(
            "SELECT datlocale, datctype, pg_encoding_to_char(encoding), "
            "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user) "
            "FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert facts == ("C.UTF-8", "C.UTF-8", "UTF8", False)
    cluster.stop()
    assert not cluster.running()
    with pytest.raises(psycopg.OperationalError):
        the_answer(url)


def test_nobody_else_gets_at_its_files_and_socket(var: Path) -> None:
    cluster = Cluster(var, durable=False)
    cluster.start()
    try:
        assert cluster.data.stat().st_mode & 0o077 == 0
        assert cluster.sockets.stat().st_mode & 0o077 == 0
        assert (cluster.sockets / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0
    finally:
        cluster.stop()


def test_the_last_user_stops_it(var: Path) -> None:
    first, second = Cluster(var, durable=False), Cluster(var, durable=False)
    first.start()
    second.start()
    first.stop()
    assert the_answer(second.url) == ("shuangcheng", 42)
    second.stop()
    assert not second.running()


def test_a_killed_owner_leaves_nothing_that_a_clean_exit_does_not_end(var: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER, str(var)], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"started\n"
        before = postmaster(Cluster(var))
        owner.kill()
    cluster = Cluster(var, durable=False)
    cluster.start()
    assert postmaster(cluster) == before, "the running server is taken over, not started twice"
    cluster.stop()
    assert not cluster.running()


def test_a_killed_postmaster_is_started_again_with_all_that_was_committed(var: Path) -> None:
    cluster = Cluster(var)
    url = cluster.start()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    before = postmaster(cluster)
    assert not cluster.revive()
    kill(before)
    assert cluster.revive()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    assert postmaster(cluster) != before
    cluster.stop()
    assert not cluster.running()


def test_a_stale_process_number_that_belongs_to_another_process(var: Path) -> None:
    cluster = Cluster(var, durable=False)
    cluster.start()
    kill(postmaster(cluster))
    file = cluster.data / "postmaster.pid"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    cluster.stop()

    again = Cluster(var, durable=False)
    assert the_answer(again.start()) == ("shuangcheng", 42)
    again.stop()


def test_an_interrupted_first_start_is_begun_anew(var: Path) -> None:
    half = var / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    cluster = Cluster(var, durable=False)
    assert the_answer(cluster.start()) == ("shuangcheng", 42)
    cluster.stop()
    assert not half.exists()


def test_a_folder_with_other_things_is_left_alone(var: Path) -> None:
    (var / "postgres").mkdir()
    precious = var / "postgres" / "letter.txt"
    precious.write_text("dear")
    with pytest.raises(PostgresError) as refusal:
        Cluster(var).start()
    assert str(var / "postgres") in refusal.value.sentence.zh
    assert precious.read_text() == "dear"


def test_a_path_too_long_for_a_socket(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = var / "r"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    deep = var / ("很深的文件夹" * 5) / ("d" * 80)
    cluster = Cluster(deep, durable=False)
    assert the_answer(cluster.start()) == ("shuangcheng", 42)
    cluster.stop()
    assert cluster.sockets.parent == runtime
    assert not cluster.running()


def test_a_folder_with_odd_characters(var: Path) -> None:
    cluster = Cluster(var / "it's 100% 数据", durable=False)
    assert the_answer(cluster.start()) == ("shuangcheng", 42)
    cluster.stop()


def test_a_broken_configuration_is_told_not_waited_for(var: Path) -> None:
    cluster = Cluster(var, durable=False)
    cluster.start()
    cluster.stop()
    with (cluster.data / "postgresql.conf").open("a") as file:
        file.write("\nshared_buffers = 'much'\n")
    with pytest.raises(PostgresError) as refusal:
        Cluster(var, durable=False).start()
    assert str(cluster.data / "start.log") in refusal.value.sentence.zh


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user already runs all other tests")
def test_an_ordinary_user(var: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(var, nobody.pw_uid, nobody.pw_gid)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            cluster = Cluster(var, durable=False)
            good = the_answer(cluster.start()) == ("shuangcheng", 42)
            owned = cluster.data.stat().st_uid == nobody.pw_uid
            cluster.stop()
            code = 0 if good and owned and not cluster.running() else 2
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0


@pytest.fixture
def server(var: Path) -> Iterator[str]:
    """A PostgreSQL server that is not ours: TCP, passwords, no socket. Debian's version 15 where it is installed."""
    account = postgres_host.account_for(var / "none")
    binaries = DEBIAN if (DEBIAN / "postgres").exists() else postgres_host.binaries_for(var / "none")
    data, password = var / "data", secrets.token_urlsafe(12) + "/@:%"
    (var / "password").write_text(password)
    data.mkdir()
    if account:
        os.chmod(var, 0o711)
        for path in (data, var / "password"):
            os.chown(path, account.uid, account.gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(binaries / program), "-D", str(data), *arguments],
            check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=data,
            user=account.uid if account else None, group=account.gid if account else None,
            extra_groups=[] if account else None, start_new_session=True,
        )  # fmt: skip

    run(
        "initdb",
        "-U",
        "chief",
        f"--pwfile={var / 'password'}",
        "--auth=scram-sha-256",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories='' -c fsync=off"
    run("pg_ctl", "-w", "-l", str(data / "log"), "-o", options, "start")
    yield f"postgresql://chief:{quote(password, safe='')}@127.0.0.1:{port}/postgres"
    run("pg_ctl", "-w", "-m", "immediate", "stop")


def test_migrates_a_server_over_tcp_with_a_password(server: str, var: Path) -> None:
    environ = {**os.environ, "DATABASE_URL": server, "SHUANGCHENG_VAR_DIR": str(var / "node"), "LANG": "zh_CN.UTF-8"}
    environ["DJANGO_SETTINGS_MODULE"] = "shuangcheng.site.django_settings"

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "shuangcheng.site.main", *arguments], env=environ, capture_output=True, text=True
        )

    examined = command("doctor")
    assert examined.returncode == 1
    assert "数据表还差" in examined.stdout

    migrated = command("manage", "migrate", "--verbosity=0")
    assert migrated.returncode == 0, migrated.stderr
    assert not (var / "node" / "postgres").exists(), "no embedded server beside a real one"

    examined = command("doctor")
    assert f"数据库 {server.split(':')[0]}://chief:***@" in examined.stdout
    assert "数据表是最新的" in examined.stdout
    assert "连不上" not in examined.stdout
    password = server.split("@")[0].split(":")[-1]
    assert password not in examined.stdout
