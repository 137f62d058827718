"""Making a node ready to work: its folder, its database, its tables, its static files."""

import fcntl
import hashlib
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from shuangcheng.site import database_server
from shuangcheng.site.config import Settings
from shuangcheng.site.postgres import Cluster
from shuangcheng.site.sentences import Sentence

Say = Callable[[Sentence], None]
# Any number will do, as long as every process of a node takes the same.
MIGRATION_LOCK = 7_205_759_403


class NotReady(Exception):
    """The node cannot be started; the sentence says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.en)


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Refuse a second server on the same folder."""
    settings.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.var_dir / "server.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise NotReady(_already(settings, file.read().strip())) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def check_port(settings: Settings) -> None:
    """Refuse when something else already listens where the node should."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise NotReady(_cannot_listen(settings, error)) from error


@contextmanager
def database(settings: Settings, *, say: Say) -> Iterator[Cluster | None]:
    """Keep the embedded PostgreSQL running while inside; a server of the operator's own must answer."""
    if settings.database_url is not None:
        _check_server(settings.database_url.get_secret_value())
        yield None
        return
    cluster = Cluster(settings.var_dir, say=say)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def _check_server(url: str) -> None:
    try:
        database_server.connect(url).close()
    except psycopg.Error as error:
        what, remedy = database_server.unreachable(url, error), database_server.REMEDY
        raise NotReady(Sentence(zh=f"{what.zh}。{remedy.zh}", en=f"{what.en}. {remedy.en}")) from error


def set_up_django(settings: Settings) -> None:
    """Load the applications, whatever the folder we were started in."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get("DJANGO_SETTINGS_MODULE", "shuangcheng.site.django_settings")
    os.environ["SHUANGCHENG_VAR_DIR"] = str(settings.var_dir)
    django.setup()


def prepare(*, say: Say) -> None:
    """Bring tables and static files up to date."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        # Two nodes' servers on one database migrate one after the other.
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            say(Sentence(zh=f"正在更新数据表（{waiting} 步）……", en=f"Updating the tables ({waiting} steps) …"))
            call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
    _ensure_keys()
    collect_static(say=say)
    connection.close()


def _ensure_keys() -> None:
    """Give the node its keys and its manifest, or replace what has grown old."""
    from django.utils import timezone

    from shuangcheng.directory.actor import system
    from shuangcheng.exchange.actions import keys

    keys.ensure(by=system("节点"), at=timezone.localtime())


def collect_static(*, say: Say) -> None:
    """Gather and compress the static files when they have changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    mark = root.parent / "static.collected"
    if mark.exists() and mark.read_text() == digest.hexdigest() and root.exists():
        return
    say(Sentence(zh="正在整理页面所用的静态文件……", en="Collecting the static files …"))
    mark.unlink(missing_ok=True)
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(digest.hexdigest())


def _already(settings: Settings, pid: str) -> Sentence:
    return Sentence(
        zh=f"文件夹 {settings.var_dir} 的节点已经在运行（进程 {pid}）。请先停下它，或换一个 SHUANGCHENG_VAR_DIR。",
        en=f"The node of {settings.var_dir} already runs (process {pid}). "
        "Stop it first, or choose another SHUANGCHENG_VAR_DIR.",
    )


def _cannot_listen(settings: Settings, error: OSError) -> Sentence:
    place = f"{settings.host}:{settings.port}"
    return Sentence(
        zh=f"{place} 用不了（{error.strerror}），多半是别的程序占着这个端口。请停下它，或换一个端口，"
        f"例如 SHUANGCHENG_PORT={settings.port + 1}。",
        en=f"{place} cannot be used ({error.strerror}); most likely another program has that port. "
        f"Stop it, or take another one, such as SHUANGCHENG_PORT={settings.port + 1}.",
    )
