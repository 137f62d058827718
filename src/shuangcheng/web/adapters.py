"""How the node wants django-allauth to behave."""

import base64
import secrets
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as t
from django.utils.translation import gettext_lazy as later
from requests import RequestException

from shuangcheng.core import seal
from shuangcheng.directory.models import Account

from . import lockout, signin, sso

BOUND_TO = "second factor"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator, never by signing up, and are locked after repeated failures."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": later("登录名或密码不正确。"),
        "incorrect_password": later("密码不正确。"),
        "enter_current_password": later("当前密码不正确。"),
        "too_many_login_attempts": later("从您所在的网络登录失败的次数过多，请一分钟后再试。"),
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
        """In place of allauth's limits."""
        try:
            lockout.check_address(get_ip(request), at=timezone.now())
        except lockout.LockedOut as refused:
            raise self.validation_error("too_many_login_attempts") from refused
        self.attempt = begin("password", login_of(credentials))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        account: Account | None = super().authenticate(request, **credentials)
        if account is not None:
            lockout.clear("password", login_of(credentials))
            return account
        lockout.count_address(get_ip(request), at=timezone.now())
        if self.attempt.last:
            signin.locked(Account.objects.filter(login=login_of(credentials)).first(), note=signin.METHODS["password"])
            raise locked("password", minutes=settings.SHUANGCHENG.lockout_minutes)
        return None


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of one-time passwords are sealed with the key that also seals personal numbers."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": later("动态口令或备用码不正确，或者已经用过。"),
    }

    def get_totp_label(self, user: Account) -> str:
        return user.login

    def build_totp_svg(self, url: str) -> str:
        """A square with a white ground, so that it can be scanned from a dark page as well."""
        import qrcode  # type: ignore[import-untyped]
        from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")

    def encrypt(self, text: str) -> str:
        sealed = seal.seal(text, key=settings.IDENTITY_KEY, bound_to=BOUND_TO, nonce=secrets.token_bytes(12))
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return seal.unseal(base64.b64decode(encrypted_text), key=settings.IDENTITY_KEY, bound_to=BOUND_TO)


class SocialAdapter(DefaultSocialAccountAdapter):
    """Single sign-on enters the account whose login the provider vouches for; nobody else, and no account is made.

    The first time, `preferred_username` names the account. OpenID Connect does not promise that this claim is unique or
    stays with one person (Core section 5.7), so this is safe only because there is exactly one provider, chosen by the
    node's operator, that speaks for the same staff as the node: whoever runs it could enter as anybody, as with any
    single sign-on. It must assign usernames itself and not let people edit them; the manual says so. From then on the
    account belongs to the provider's `sub`, which never passes to another person: a user name that is given to somebody
    else later does not give them the account. E-mail addresses are neither asked for nor looked at. An account with a
    one-time password is asked for it here as well.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Raise unless the sign-on is ours, fresh, and leads to one account."""
        claims = sociallogin.account.extra_data
        token, person = claims.get("id_token") or {}, claims.get("userinfo") or {}
        if sociallogin.account.provider != sso.PROVIDER or person.get("sub", token.get("sub")) != token.get("sub"):
            raise OAuth2Error("not the configured provider, or its answers speak of two people")
        if not secrets.compare_digest(str(token.get("nonce", "")), str(sociallogin.state.get("nonce"))):
            raise OAuth2Error("the nonce is not ours")
        login = str({**token, **person}.get("preferred_username") or "")
        # The claims have served; names, numbers and addresses in them are not the node's to keep.
        sociallogin.account.extra_data = {"preferred_username": login}
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
            return
        account = self._account(login)
        if account is None:
            signin.failed(None, note=signin.SINGLE_SIGN_ON)
            raise ImmediateHttpResponse(render(request, "account/no_account.html", {"login": login}, status=403))
        sociallogin.connect(request, account)

    @staticmethod
    def _account(login: str) -> Account | None:
        """The account of that login, unless it is closed or already belongs to somebody at the provider."""
        account = Account.objects.filter(login=login.lower(), is_active=True).first() if login else None
        taken = account is not None and SocialAccount.objects.filter(user=account, provider=sso.PROVIDER).exists()
        return None if taken else account

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Say in the log what the page does not."""
        if isinstance(exception, RequestException):
            raise ImmediateHttpResponse(sso.unreachable(request, exception))
        sso.log.warning("single_sign_on_refused", error=str(error), reason=repr(exception))


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
        "code": t("动态口令连续输错，已暂停登录。请 %(n)d 分钟后再试；手机遗失又没有备用码的，请联系节点管理员。"),
    }[kind]
    return ValidationError(text % {"n": minutes}, code="locked")
