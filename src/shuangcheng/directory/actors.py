"""From an account or a token to the actor it stands for."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _

from .actions.tokens import token_digest
from .actor import Actor, Held
from .models import Account, ApiToken
from .terms import Role

SECOND_FACTOR_ROLES = (Role.OFFICER, Role.NODE_ADMIN, Role.AUDITOR)
"""Who sees what others must not; a guessed password alone must not open it."""


def needs_second_factor(actor: Actor | None) -> bool:
    """Whether a person of these roles must use a one-time password on this node."""
    return actor is not None and settings.SHUANGCHENG.second_factor_required and actor.has(*SECOND_FACTOR_ROLES)


def of_account(account: Account, *, door: str, at: datetime, scopes: frozenset[str] | None = None) -> Actor:
    """The actor an account stands for today: its person and the roles in force."""
    grants = account.person.grants.current(at.date())
    held = tuple(Held(Role(grant.role), grant.organisation_id, grant.side) for grant in grants)
    return Actor(
        kind="person",
        name=account.person.name,
        door=door,
        person_id=account.person_id,
        account_id=account.id,
        held=held,
        scopes=scopes,
        day=at.date(),
    )


def of_token(clear: str, *, at: datetime) -> Actor | None:
    """The actor a token stands for, None when it is unknown, expired, revoked or its account closed."""
    token = (
        ApiToken.objects.select_related("account__person")
        .filter(digest=token_digest(clear), revoked_at__isnull=True, expires_at__gt=at, account__is_active=True)
        .first()
    )
    if token is None:
        return None
    actor = of_account(token.account, door="api", at=at, scopes=frozenset(token.scopes))
    actor = replace(actor, second_factor=token.second_factor)
    if needs_second_factor(actor) and not actor.second_factor:
        text = _("您的角色须使用动态口令，而这个接口令牌创建时没有用动态口令登录。请用动态口令登录后另建令牌。")
        raise refusal("second_factor_missing", text, why=Why.FORBIDDEN)
    if token.last_used_at is None or token.last_used_at < at.replace(minute=0, second=0, microsecond=0):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return actor
