"""Background work of the desk: jobs pass an id to an action, and the row's own state says what is to do."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from shuangcheng.directory.jobs import own_connection

from .importing import actions


@app.task(name=actions.CHECK, queue="imports")
@own_connection()
def check_import(import_id: str) -> None:
    """Check an uploaded file."""
    actions.check(import_id=UUID(import_id), at=timezone.localtime())


@app.task(name=actions.WRITE, queue="imports")
@own_connection()
def write_import(import_id: str) -> None:
    """Write a confirmed import."""
    actions.write(import_id=UUID(import_id), at=timezone.localtime())


@app.periodic(cron="*/5 * * * *")
@app.task(name="desk.sweep_imports", queue="imports")
@own_connection()
def sweep_imports(timestamp: int) -> None:
    """Begin again what fell silent."""
    actions.sweep(at=timezone.localtime())
