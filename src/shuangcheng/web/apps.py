"""The pages as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Door `web`."""

    name = "shuangcheng.web"
    label = "web"

    def ready(self) -> None:
        """Listen to sign-ins."""
        from . import signin

        signin.connect()
