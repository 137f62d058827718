"""What the cases do by themselves."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shuangcheng.core import calendar
from shuangcheng.directory.actor import system
from shuangcheng.directory.jobs import own_connection

from .actions import cases, reminders


@app.periodic(cron="40 0 * * *")  # in UTC: 08:40 in China
@app.task(name="cases.look", queueing_lock="cases.look")
@own_connection()
def look(timestamp: int) -> int:
    """Count provisional deadlines anew; on working days remind of what is due."""
    at, by = timezone.localtime(), system("期限提醒")
    cases.recompute(by=by, at=at)
    return reminders.remind(by=by, at=at) if calendar.is_working_day(at.date()) else 0
