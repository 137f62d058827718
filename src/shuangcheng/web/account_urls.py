"""Addresses of signing in: only what the node uses of allauth. No sign-up, no e-mail pages, no reset by mail."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from django.urls import path
from django.views.generic import RedirectView

from . import sso

SSO = {"provider_id": sso.PROVIDER}

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/", account.password_change, name="account_change_password"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("code/", mfa.authenticate, name="mfa_authenticate"),
    path("code/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("code/settings/", RedirectView.as_view(pattern_name="my_security"), name="mfa_index"),
    path("code/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("code/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("recovery/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("sso/login/", sso.begin, SSO, name="openid_connect_login"),
    path("sso/callback/", sso.callback, SSO, name="openid_connect_callback"),
    path("sso/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("sso/error/", social.login_error, name="socialaccount_login_error"),
]
