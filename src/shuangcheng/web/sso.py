"""Single sign-on at the operator's OpenID provider: the way there, the way back, and what can go wrong between."""

import secrets

import structlog
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.openid_connect.views import callback as allauth_callback
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

PROVIDER = "sso"
"""The one provider of the settings."""

FAILURES = (RequestException, KeyError, TypeError, ValueError)
"""What allauth raises when a provider is down or answers nonsense; not every step of its expects that."""

log = structlog.stdlib.get_logger("shuangcheng.signin")


@require_POST
@never_cache
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider with a state, a PKCE challenge and a nonce; nothing of it is taken from the address."""
    try:
        provider = get_adapter().get_provider(request, provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    nonce = secrets.token_urlsafe(24)
    try:
        response: HttpResponse = provider.redirect(
            request,
            AuthProcess.LOGIN,
            next_url=get_next_redirect_url(request),
            auth_params={"nonce": nonce},
            nonce=nonce,
        )
    except FAILURES as error:
        return unreachable(request, error)
    return response


@require_safe
@never_cache
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from the provider."""
    try:
        response: HttpResponse = allauth_callback(request, provider_id)
    except FAILURES as error:
        return unreachable(request, error)
    return response


def unreachable(request: HttpRequest, error: Exception) -> HttpResponse:
    """The provider does not answer, or not as one."""
    log.warning("single_sign_on_unreachable", error=repr(error), exc_info=not isinstance(error, RequestException))
    return render(request, "socialaccount/unreachable.html", status=503)
