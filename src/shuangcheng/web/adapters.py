"""How the node wants django-allauth to behave."""

import base64
import secrets
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as t
from django.utils.translation import gettext_lazy as later

from shuangcheng.core import seal
from shuangcheng.directory.models import Account

from . import lockout, signin

BOUND_TO = "second factor"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator, never by signing up, and are locked after repeated failures."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": later("登录名或密码不正确。"),
        "incorrect_password": later("密码不正确。"),
        "enter_current_password": later("当前密码不正确。"),
        "too_many_login_attempts": later("从您所在的网络登录失败的次数过多，请一分钟后再试。"),
        "rate_limited": later("提交过于频繁，请一分钟后再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only this node, under the name by which it was called."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in need not type the password again."""
        records = get_authentication_records(self.request, self.request.user)
        just_now = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return super().is_reauthentication_required(app=app, **kwargs) and not any(
            record["at"] > just_now for record in records
        )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        self.attempt = begin("password", login_of(credentials))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        account: Account | None = super().authenticate(request, **credentials)
        if account is not None:
            lockout.clear("password", login_of(credentials))
        elif self.attempt.last:
            signin.locked(Account.objects.filter(login=login_of(credentials)).first(), note=t("密码"))
            raise locked("password", minutes=settings.SHUANGCHENG.lockout_minutes)
        return account


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of one-time passwords are sealed with the key that also seals personal numbers."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": later("验证码不正确或已用过。")}

    def get_totp_label(self, user: Account) -> str:
        return user.login

    def build_totp_svg(self, url: str) -> str:
        """A square with a white ground, so that it can be scanned from a dark page as well."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")

    def encrypt(self, text: str) -> str:
        sealed = seal.seal(text, key=settings.IDENTITY_KEY, bound_to=BOUND_TO, nonce=secrets.token_bytes(12))
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return seal.unseal(base64.b64decode(encrypted_text), key=settings.IDENTITY_KEY, bound_to=BOUND_TO)


def login_of(credentials: dict[str, Any]) -> str:
    """The login as it is stored and counted."""
    return str(credentials.get("username") or "").lower()


def begin(kind: str, who: str) -> lockout.Attempt:
    """Count an attempt, or refuse it with the sentence that tells how long to wait."""
    try:
        return lockout.begin(kind, who, at=timezone.now())
    except lockout.LockedOut as refused:
        raise locked(kind, minutes=refused.minutes) from refused


def locked(kind: str, *, minutes: int) -> ValidationError:
    """What a locked-out person reads: how long to wait, and whom to ask."""
    text = {
        "password": t("连续失败次数过多，已暂停登录。请 %(n)d 分钟后再试；急用请联系本单位管理员重置密码。"),
        "code": t("验证码连续输错，已暂停登录。请 %(n)d 分钟后再试；手机遗失请使用备用码，或联系节点管理员。"),
    }[kind]
    return ValidationError(text % {"n": minutes}, code="locked")
