"""What the room does by itself; the rows say what is due, the jobs only look."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shuangcheng.directory.actor import system
from shuangcheng.directory.jobs import own_connection

from .actions import watching


@app.periodic(cron="*/10 * * * *")
@app.task(name="registers.watch", queue="registers", queueing_lock="registers.watch")
@own_connection()
def watch(timestamp: int) -> None:
    """Tell auditors of odd look-ups, and erase contents past their term."""
    at = timezone.localtime()
    watching.alert(by=system("查询监测"), at=at)
    while watching.erase(by=system("期限清理"), at=at):
        pass
