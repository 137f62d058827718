"""`web` as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """App `web`."""

    name = "shuangcheng.web"
    label = "web"
