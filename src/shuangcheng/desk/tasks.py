"""Background work of the desk: jobs pass an id to an action, and the row's own state says what is to do."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from .importing import actions


@app.task(name=actions.CHECK, queue="imports")
def check_import(import_id: str) -> None:
    """Check an uploaded file."""
    actions.check(import_id=UUID(import_id), at=timezone.localtime())


@app.task(name=actions.WRITE, queue="imports")
def write_import(import_id: str) -> None:
    """Write a confirmed import."""
    actions.write(import_id=UUID(import_id), at=timezone.localtime())


@app.periodic(cron="*/5 * * * *")
@app.task(name="desk.sweep_imports", queue="imports")
def sweep_imports(timestamp: int) -> None:
    """Begin again what fell silent."""
    actions.sweep(at=timezone.localtime())
