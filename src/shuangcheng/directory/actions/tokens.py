"""Writes of the tokens with which programs act for people."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from shuangcheng.core.outcome import Why, listed, refusal
from shuangcheng.core.text import _

from .. import audit
from ..actor import Actor
from ..models import Account, ApiToken
from ..people_inputs import TokenInput
from ..policy import SCOPES, require


def has_second_factor(account: AbstractBaseUser | AnonymousUser) -> bool:
    """Asked of the database each time, so that a factor that was switched off counts at once."""
    return bool(Authenticator.objects.filter(user=account.pk, type=Authenticator.Type.TOTP).exists())


def token_digest(token: str) -> str:
    """What is kept of a token; it has 256 random bits, so that a plain digest suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create_token(*, account: Account, data: TokenInput, by: Actor, at: datetime) -> tuple[ApiToken, str]:
    """Make a token for one's own account; the clear token is told once."""
    require(by, "token.create")
    if account.id != by.account_id:
        raise refusal("not_own_account", _("只能为自己的账号创建接口令牌。"), why=Why.FORBIDDEN)
    if unknown := [scope for scope in data.scopes if scope not in SCOPES]:
        raise refusal("scope_unknown", _("没有“%(scope)s”这项权限。"), where="scopes", scope=unknown[0])
    if by.scopes is not None and not set(data.scopes) <= by.scopes:
        raise refusal("scope_wider", _("不能用令牌创建权限更大的令牌。"), where="scopes", why=Why.FORBIDDEN)
    # A page sends nobody here who must use a one-time password and did not; a token passes on what it has.
    second_factor = by.second_factor if by.scopes is not None else has_second_factor(account)
    clear = f"sct_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        account=account,
        name=data.name,
        hint=clear[:8],
        digest=token_digest(clear),
        scopes=sorted(set(data.scopes)),
        second_factor=second_factor,
        created_at=at,
        expires_at=at + timedelta(days=data.days),
    )
    note = listed([SCOPES[scope] for scope in data.scopes])
    audit.record(by=by, at=at, verb="token.create", kind="token", subject=token, note=note)
    return token, clear


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Actor, at: datetime) -> ApiToken:
    """Make a token useless from now on."""
    if token.account_id != by.account_id:
        require(by, "person.number")
    token.revoked_at = token.revoked_at or at
    token.save(update_fields=["revoked_at"])
    audit.record(by=by, at=at, verb="token.revoke", kind="token", subject=token)
    return token
