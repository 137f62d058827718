"""What the supervisor's children run: the web server and the background worker."""

from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from shuangcheng.site import logs
from shuangcheng.site.config import Settings


def web(settings: Settings) -> None:
    """Serve the pages and the API until TERM."""
    config: dict[str, Any] = logs.logging_config(style=settings.log_format, level=settings.log_level)
    Granian(
        target="shuangcheng.site.wsgi:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=settings.web_threads,
        # An ended thread would take its database connection with it.
        blocking_threads_idle_timeout=600,
        websockets=False,
        log_level=LogLevels(settings.log_level.lower()),
        log_dictconfig=config,
        respawn_failed_workers=True,
        respawn_interval=1,
        workers_kill_timeout=10,
    ).serve()


def worker(settings: Settings) -> None:
    """Work off background jobs until TERM."""
    import django

    django.setup()
    from procrastinate.contrib.django import app

    # The connector of the pages uses Django's connection and cannot listen for new jobs.
    with app.replace_connector(app.connector.get_worker_connector()) as listening:  # type: ignore[attr-defined]
        listening.run_worker(concurrency=settings.job_concurrency, shutdown_graceful_timeout=15)
