"""The room as a Django app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Room `cases`."""

    name = "shuangcheng.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring the room's rights to the directory's table of rights."""
        from shuangcheng.directory import policy

        from . import rights

        policy.add(rights.RIGHTS, write=rights.WRITE, scopes=rights.SCOPES)
