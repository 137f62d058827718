"""What the pages do by themselves."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from shuangcheng.directory.jobs import own_connection


@app.periodic(cron="30 19 * * *")
@app.task(name="web.clear_sessions", queueing_lock="clear_sessions")
@own_connection()
def clear_sessions(timestamp: int) -> None:
    """Remove sessions that are over."""
    call_command("clearsessions")
