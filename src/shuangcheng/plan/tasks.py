"""What the plan does by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from .actions import decisions


@app.periodic(cron="30 0 * * *")
@app.task(name="plan.remind_filings", queueing_lock="remind_filings")
def remind_filings(timestamp: int) -> int:
    """Remind who has not filed, when it is the day for it."""
    return decisions.remind_by_itself(at=timezone.localtime())
