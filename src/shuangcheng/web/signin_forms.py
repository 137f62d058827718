"""The forms behind sign-in: allauth's, with our lock-out around everything that can be guessed."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as t

from . import lockout, signin
from .adapters import begin, locked


class ChangePasswordForm(AllauthChangePasswordForm):
    """The old password counts as an attempt to sign in: an unattended screen must not be a place to guess."""

    def clean_oldpassword(self) -> str:
        old = str(self.cleaned_data.get("oldpassword", ""))
        if not get_adapter().reauthenticate(self.user, old):
            raise get_adapter().validation_error("enter_current_password")
        return old


class ActivateForm(ActivateTOTPForm):
    """Turning the one-time password on: most wrong codes come from a clock."""

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError as error:
            if error.code != "incorrect_code":
                raise
            text = t("数字不正确。请核对手机的时间是否准确，再输入验证器现在显示的六位数字。")
            raise ValidationError(text, code=error.code) from error


class _Guarded:
    """Locks after repeated wrong codes, and takes each code once for as long as it would be valid."""

    user: Any

    def clean_code(self) -> str:
        who = str(self.user.pk)
        attempt = begin("code", who)
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            self._spend(code)
        except ValidationError:
            if not attempt.last:
                raise
            signin.locked(self.user, note=signin.METHODS["totp"])
            raise locked("code", minutes=settings.SHUANGCHENG.lockout_minutes) from None
        lockout.clear("code", who)
        return code

    def _spend(self, code: str) -> None:
        """Refuse a code a second time (RFC 6238 section 5.2); allauth forgets it before it stops being valid."""
        lives = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        if not cache.add(f"code-used:{self.user.pk}:{normalize_user_code(code)}", True, timeout=lives):
            raise get_mfa_adapter().validation_error("incorrect_code")


class AuthenticateForm(_Guarded, AllauthAuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(_Guarded, AllauthReauthenticateForm):
    """The code asked again before something delicate."""
