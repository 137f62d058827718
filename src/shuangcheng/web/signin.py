"""Signing in and out leaves audit lines."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor, public
from shuangcheng.directory.models import Account


def _line(account: Account, verb: str) -> None:
    by = Actor(kind="person", name=account.person.name, door="web", person_id=account.person_id)
    audit.record(by=by, at=timezone.now(), verb=verb, kind="account", subject=account)


def _signed_in(sender: Any, request: HttpRequest, user: Account, **_rest: Any) -> None:
    _line(user, "account.sign_in")


def _signed_out(sender: Any, request: HttpRequest, user: Account | None, **_rest: Any) -> None:
    if user is not None:
        _line(user, "account.sign_out")


def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_rest: Any) -> None:
    """Keep the login of an existing account only: people type passwords into the wrong field."""
    login = str(credentials.get("username") or "")
    account = Account.objects.filter(login__iexact=login).first()
    audit.record(
        by=public(door="web"), at=timezone.now(), verb="account.sign_in_failed", kind="account", subject=account
    )


def connect() -> None:
    """Listen to the framework's sign-in."""
    user_logged_in.connect(_signed_in, dispatch_uid="signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="signed_out")
    user_login_failed.connect(_failed, dispatch_uid="sign_in_failed")
