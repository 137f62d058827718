"""How the node wants django-allauth to behave."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render

from shuangcheng.directory.models import Account


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SocialAdapter(DefaultSocialAccountAdapter):
    """Single sign-on enters the account whose login the provider vouches for; nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        login = str(claims.get("preferred_username") or "").lower()
        account = Account.objects.filter(login=login, is_active=True).first() if login else None
        if account is None:
            raise ImmediateHttpResponse(render(request, "account/no_account.html", {"login": login}, status=403))
        sociallogin.connect(request, account)
