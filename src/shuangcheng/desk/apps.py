"""The desk as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DeskConfig(AppConfig):
    """Room `desk`: collects what the other rooms declare as searchable and as importable."""

    name = "shuangcheng.desk"
    label = "desk"

    def ready(self) -> None:
        """Load the rooms' declarations and listen to the audit trail."""
        from . import search

        autodiscover_modules("search", "tables")
        search.listen()
