"""The supervisor: database, web server and background worker start together, and stop together."""

import os
import socket
import sys
import time
from collections.abc import Callable

from shuangcheng.site.children import Child
from shuangcheng.site.config import Settings, SettingsError
from shuangcheng.site.node import NotReady, Say, check_port, database, only_one, prepare, set_up_django
from shuangcheng.site.postgres import Cluster
from shuangcheng.site.postgres_host import PostgresError
from shuangcheng.site.sentences import Sentence
from shuangcheng.site.signals import Interrupted, Signals

TICK = 0.2
PATIENCE = 20.0

STOPPED_EARLY = Sentence(
    zh="准备工作还没做完就停下了，下次启动会接着做。", en="Stopped while preparing; the next start goes on."
)
REVIVED = Sentence(zh="数据库意外停止，已重新启动。", en="The database had stopped unexpectedly and was started again.")
STOPPING = Sentence(zh="正在停止……", en="Stopping …")
STOPPED = Sentence(zh="已停止。", en="Stopped.")


def serve(
    settings: Settings,
    *,
    say: Say,
    load: Callable[[], None] | None = None,
    ready: Callable[[], None] | None = None,
) -> int:
    """Run the node until it is asked to stop; return the exit code."""
    with Signals() as signals:
        try:
            with only_one(settings):
                check_port(settings)
                with database(settings, say=say) as cluster:
                    set_up_django(settings)
                    prepare(say=say)
                    if load is not None:
                        load()
                    signals.wait_for()
                    return supervise(settings, signals, cluster=cluster, say=say, ready=ready)
        except Interrupted:
            say(STOPPED_EARLY)
            return 0
        except (NotReady, PostgresError) as problem:
            say(problem.sentence)
            return 1
        except SettingsError as problem:
            for sentence in problem.problems:
                say(sentence)
            return 1


def supervise(
    settings: Settings, signals: Signals, *, cluster: Cluster | None, say: Say, ready: Callable[[], None] | None
) -> int:
    """Keep the children running; return 0 when asked to stop, 1 when one of them cannot be kept."""
    children = [
        Child(name, [sys.executable, "-m", "shuangcheng.site.main", f"{name}-process"], os.environ)
        for name in ("web", "worker")
    ]
    code = 0
    waiting = True
    try:
        for child in children:
            child.start()
        while not signals.count and not code:
            if cluster is not None and cluster.revive():
                say(REVIVED)
            for child in children:
                if (failure := child.look_after()) is not None:
                    say(_gave_up(child, failure))
                    code = 1
            if waiting and _listens(settings):
                waiting = False
                say(_serving(settings))
                if ready is not None:
                    ready()
            time.sleep(TICK)
    finally:
        say(STOPPING)
        _stop(children, signals)
    say(STOPPED)
    return code


def _stop(children: list[Child], signals: Signals) -> None:
    """Let the children finish what they are doing; a second signal or a long wait ends them at once."""
    asked = signals.count
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + PATIENCE
    while any(child.alive for child in children) and time.monotonic() < deadline and signals.count <= max(asked, 1):
        time.sleep(TICK / 4)
    for child in children:
        child.sweep()


def _listens(settings: Settings) -> bool:
    try:
        with socket.create_connection((settings.host, settings.port), timeout=1):
            return True
    except OSError:
        return False


def _serving(settings: Settings) -> Sentence:
    return Sentence(
        zh=f"{settings.node_title}已就绪：{settings.url}（按 Ctrl-C 停止）",
        en=f"{settings.node_title} is ready: {settings.url} (Ctrl-C stops it)",
    )


def _gave_up(child: Child, code: int) -> Sentence:
    name = {"web": ("网页服务", "web server"), "worker": ("后台任务", "background worker")}[child.name]
    return Sentence(
        zh=f"{name[0]}接连 {len(child.crashes)} 次意外退出（代码 {code}），节点停止运行。请看上面的日志，"
        "或执行 shuangcheng doctor。",
        en=f"The {name[1]} ended {len(child.crashes)} times in a row (code {code}), so the node stops. "
        "See the log above, or run: shuangcheng doctor",
    )
