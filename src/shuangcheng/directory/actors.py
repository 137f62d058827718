"""From an account or a token to the actor it stands for."""

from datetime import datetime

from django.db.models import Q

from .actions.people import token_digest
from .actor import Actor, Held
from .models import Account, ApiToken
from .terms import Role


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
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at.replace(minute=0, second=0, microsecond=0))
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)
    return of_account(token.account, door="api", at=at, scopes=frozenset(token.scopes))
