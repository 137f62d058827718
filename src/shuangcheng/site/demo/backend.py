"""Signing in to the demonstration: one well-known password that is nobody's own and good on a demonstration only."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from shuangcheng.directory.models import Account

PASSWORD = "shuangcheng-demo"  # noqa: S105  printed at the start of every demonstration


class DemoBackend(BaseBackend):
    """Lets the invented people in with the well-known password; the settings name it only when `demo` is on.

    Nobody knows the passwords of their accounts, so that data of a demonstration opens no door on another node.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Account | None:
        """The invented person's account, None for everybody else and on every other node."""
        if not settings.SHUANGCHENG.demo or credentials.get("password") != PASSWORD:
            return None
        login = str(credentials.get("username") or "")
        return Account.objects.filter(login__iexact=login, person__invented=True, is_active=True).first()

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session that began here."""
        return Account.objects.filter(pk=user_id, is_active=True).first()
