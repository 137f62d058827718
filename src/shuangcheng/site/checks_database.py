"""Checks of the database: reachable, new enough, up to date, on time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg

from shuangcheng.site import database_server, keys, node
from shuangcheng.site.config import Settings, SettingsError
from shuangcheng.site.findings import Finding, good, problem, skipped
from shuangcheng.site.postgres import Cluster
from shuangcheng.site.postgres_host import PostgresError
from shuangcheng.site.sentences import Sentence

OLDEST = 15
DRIFT = 30.0


def database(settings: Settings) -> Iterator[Finding]:
    """The database as a whole; what needs it is not checked when it cannot be reached."""
    if settings.database_url is not None:
        yield from _contents(settings, settings.database_url.get_secret_value())
        return
    cluster = Cluster(settings.var_dir)
    if not cluster.data.exists():
        yield skipped(
            "内置数据库还没有，首次启动时会建立", "There is no embedded database yet; the first start makes it"
        )
        return
    try:
        yield from _contents(settings, cluster.start())
    except PostgresError as error:
        yield problem(error.sentence)
    finally:
        cluster.stop()


def _contents(settings: Settings, url: str) -> Iterator[Finding]:
    try:
        connection = database_server.connect(url)
    except psycopg.Error as error:
        yield problem(database_server.unreachable(url, error), database_server.REMEDY)
        return
    shown = database_server.without_password(url)
    with connection:
        yield good(f"数据库 {shown} 连得上", f"The database {shown} can be reached")
        yield _version(connection.info.server_version // 10000)
        yield _clock(connection)
    yield from _migrations(settings)


def _version(version: int) -> Finding:
    if version < OLDEST:
        return problem(
            Sentence(zh=f"数据库是 PostgreSQL {version}，太旧", en=f"The database is PostgreSQL {version}, too old"),
            Sentence(zh=f"请升级到 {OLDEST} 或更新。", en=f"Upgrade it to {OLDEST} or later."),
        )
    return good(f"PostgreSQL {version}", f"PostgreSQL {version}")


def _clock(connection: psycopg.Connection[tuple[Any, ...]]) -> Finding:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    apart = abs((row[0] - datetime.now(UTC)).total_seconds()) if row else 0.0
    if apart > DRIFT:
        return problem(
            Sentence(
                zh=f"本机时钟与数据库相差 {apart:.0f} 秒", en=f"This machine and the database differ by {apart:.0f} s"
            ),
            Sentence(zh="请在两台机器上都开启 NTP 校时。", en="Let both machines set their clocks by NTP."),
        )
    return good(f"本机时钟与数据库相差 {apart:.1f} 秒", f"The database's clock differs by {apart:.1f} s")


def _migrations(settings: Settings) -> Iterator[Finding]:
    if keys.missing(settings):
        yield skipped(
            "密钥还没有，数据表没有核对；首次启动时会生成密钥、更新数据表",
            "There are no keys yet, so the tables were not compared; the first start makes keys and tables",
        )
        return
    try:
        keys.ensure(settings)
        node.set_up_django(settings)
    except SettingsError:
        # Which key it is the check of the keys has told.
        yield skipped("密钥不可用，数据表没有核对", "The keys cannot be used, so the tables were not compared")
        return
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield problem(
            Sentence(zh=f"数据表还差 {len(waiting)} 步更新", en=f"The tables miss {len(waiting)} updates"),
            Sentence(
                zh="请重新启动节点，或执行 shuangcheng manage migrate。",
                en="Start the node again, or run: shuangcheng manage migrate",
            ),
        )
    else:
        yield good("数据表是最新的", "The tables are up to date")
