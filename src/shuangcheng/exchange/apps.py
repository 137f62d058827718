"""The exchange as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ExchangeConfig(AppConfig):
    """Room `exchange`: collects the letters that the other rooms handle and the public data that they feed."""

    name = "shuangcheng.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring the room's rights, and load what the rooms declare."""
        from shuangcheng.directory import policy

        from . import feed, rights, witness  # noqa: F401 listen and handle

        policy.add(rights.READING, write=rights.READ, scopes={})
        policy.add(rights.RIGHTS, write=rights.WRITE, scopes=rights.SCOPES)
        autodiscover_modules("letters", "feeds")
