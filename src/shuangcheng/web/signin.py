"""Signing in and out leaves audit lines, and what ends an account's sessions or its lock takes effect at once."""

from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from shuangcheng.core.outcome import Message, listed
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor, public
from shuangcheng.directory.models import Account, AuditLine

from . import lockout

UNTIL = "signed_in_until"
"""Session key: the second at which the session is over, whatever was done in it."""

SINGLE_SIGN_ON = _("统一身份认证")
METHODS = {
    "password": _("密码"),
    "totp": _("动态口令"),
    "recovery_codes": _("备用码"),
    "socialaccount": SINGLE_SIGN_ON,
}
"""How somebody signed in, as the audit trail notes it."""


def _line(account: Account, verb: str, note: str | Message = "") -> None:
    by = Actor(kind="person", name=account.person.name, door="web", person_id=account.person_id)
    audit.record(by=by, at=timezone.localtime(), verb=verb, kind="account", subject=account, note=note)


def _public_line(account: Account | None, verb: str, note: str) -> None:
    """Somebody at the door; an account that was not entered is only spoken of."""
    by, at = public(door="web"), timezone.localtime()
    audit.record(by=by, at=at, verb=verb, kind="account", subject=account, note=Message(note))


def failed(account: Account | None, *, note: str) -> None:
    """Keep a failed sign-in, naming an existing account only: people type passwords into the wrong field."""
    _public_line(account, "account.sign_in_failed", note)


def locked(account: Account | None, *, note: str) -> None:
    """Keep the moment from which an account is locked; an unknown login is locked too, without a line."""
    if account is not None:
        _public_line(account, "account.locked", note)


def end_sessions(account: Account) -> None:
    """Sign an account out everywhere. Sessions are opaque to the database, so each is opened; this is rare."""
    rows = Session.objects.filter(expire_date__gt=timezone.localtime()).iterator()
    mine = [row.pk for row in rows if row.get_decoded().get(SESSION_KEY) == str(account.pk)]
    Session.objects.filter(pk__in=mine).delete()


def _signed_in(sender: Any, request: HttpRequest, user: Account, **_rest: Any) -> None:
    until = timezone.localtime() + timedelta(hours=settings.SHUANGCHENG.session_hours)
    request.session[UNTIL] = until.timestamp()
    records = get_authentication_records(request, user)
    ways = [METHODS.get(record.get("type", record["method"]), "") for record in records]
    _line(user, "account.sign_in", listed([way for way in ways if way]))


def _signed_out(sender: Any, request: HttpRequest, user: Account | None, **_rest: Any) -> None:
    if user is not None:
        _line(user, "account.sign_out")


def _wrong_password(sender: Any, credentials: dict[str, Any], **_rest: Any) -> None:
    login = str(credentials.get("username") or "").lower()
    failed(Account.objects.filter(login=login).first(), note=METHODS["password"])


def _wrong_code(sender: Any, user: Account, **_rest: Any) -> None:
    failed(user, note=METHODS["totp"])


def _password_changed(sender: Any, user: Account, **_rest: Any) -> None:
    _line(user, "account.password_change")


def _factor_added(sender: Any, user: Account, authenticator: Authenticator, **_rest: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        _line(user, "account.second_factor_on")


def _factor_removed(sender: Any, user: Account, authenticator: Authenticator, **_rest: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        _line(user, "account.second_factor_off")


def _codes_renewed(sender: Any, user: Account, **_rest: Any) -> None:
    _line(user, "account.recovery_codes")


def _heed(line: AuditLine) -> None:
    """An administrator's help lifts the locks; that and closing an account end its sessions."""
    if line.verb not in ("account.password", "account.second_factor_reset", "account.close"):
        return
    account = Account.objects.filter(person_id=line.subject_id).first()
    if account is None:
        return
    if line.verb != "account.close":
        lockout.clear("password", account.login)
        lockout.clear("code", str(account.pk))
    end_sessions(account)


def connect() -> None:
    """Listen to the framework's sign-in and to what administrators do with accounts."""
    listeners = {
        user_logged_in: _signed_in,
        user_logged_out: _signed_out,
        user_login_failed: _wrong_password,
        authentication_failed: _wrong_code,
        password_changed: _password_changed,
        authenticator_added: _factor_added,
        authenticator_removed: _factor_removed,
        authenticator_reset: _codes_renewed,
    }
    for signal, listener in listeners.items():
        signal.connect(listener, dispatch_uid=f"web.signin.{listener.__name__}")
    audit.listen(_heed)
