"""What the plan does by itself."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shuangcheng.core import calendar
from shuangcheng.desk import mail
from shuangcheng.directory.actor import system
from shuangcheng.directory.jobs import own_connection

from . import joint
from .actions import decisions, digest
from .models import Plan

SUBJECT = "【双城】每周提醒"
AGAIN = RetryStrategy(max_attempts=6, exponential_wait=5)


@app.periodic(cron="0 0 * * *")  # in UTC: 08:00 in China
@app.task(name="plan.weekly_digest", queueing_lock="weekly_digest", lock="weekly_digest")
@own_connection()
def weekly_digest(timestamp: int) -> int:
    """On the first working day of a week that this node is up, tell the leads what is late and what is due."""
    at = timezone.localtime()
    told = digest.send(by=system("每周提醒"), at=at) if calendar.is_working_day(at.date()) else 0
    if told:
        mail_digest.defer()
    return told


@app.task(name="plan.mail_digest", queueing_lock="mail_digest", lock="mail_digest", retry=AGAIN)
@own_connection()
def mail_digest() -> None:
    """Mail the digest to those who want it; what the server did not take is tried again."""
    if failed := mail.send(kind=digest.KIND, subject=SUBJECT, at=timezone.localtime()):
        raise ConnectionError(f"{failed} mails were not taken")


@app.periodic(cron="*/10 * * * *")
@app.task(name="plan.catch_up", queueing_lock="plan.catch_up")
@own_connection()
def catch_up(timestamp: int) -> int:
    """Tell the other node what could not be told before, of the lists that both have."""
    return sum(joint.catch_up(plan, at=timezone.localtime()) for plan in Plan.objects.exclude(sent=0, heard=0))


@app.periodic(cron="30 0 * * *")  # in UTC: 08:30 in China
@app.task(name="plan.remind_filings", queueing_lock="remind_filings")
@own_connection()
def remind_filings(timestamp: int) -> int:
    """Remind who has not filed, when it is the day for it."""
    return decisions.remind_by_itself(at=timezone.localtime())
