"""`api` as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """App `api`."""

    name = "shuangcheng.api"
    label = "api"
