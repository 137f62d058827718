"""What the directory does by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from .actions import ballots
from .jobs import own_connection


@app.periodic(cron="5 0 * * *")
@app.task(name="directory.close_overdue_ballots", queueing_lock="close_overdue_ballots")
@own_connection()
def close_overdue_ballots(timestamp: int) -> int:
    """Close and count the council votes whose last day is over."""
    return ballots.close_overdue(at=timezone.localtime())
