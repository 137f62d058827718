"""What the API does by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shuangcheng.directory.jobs import own_connection

from .idempotency import purge


@app.periodic(cron="15 * * * *")
@app.task(name="api.purge_replies", queueing_lock="purge_replies")
@own_connection()
def purge_replies(timestamp: int) -> int:
    """Forget the replies that are too old to be asked for again."""
    return purge(at=timezone.localtime())
