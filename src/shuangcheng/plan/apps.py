"""The plan as a Django app."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Room `plan`."""

    name = "shuangcheng.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring the room's rights to the directory's table of rights."""
        from shuangcheng.directory import policy

        from . import rights

        policy.add(rights.RIGHTS, write=rights.WRITE, scopes=rights.SCOPES, explanations=rights.EXPLANATIONS)
