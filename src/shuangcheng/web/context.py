"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shuangcheng.desk.models import Notice
from shuangcheng.directory.actors import needs_second_factor
from shuangcheng.directory.terms import Role

SEES_EXPERTS = (
    Role.OFFICER,
    Role.NODE_ADMIN,
    Role.AUDITOR,
    Role.ORGANISATION_ADMIN,
    Role.ORGANISATION_STAFF,
    Role.EXPERT,
)


def node(request: HttpRequest) -> dict[str, Any]:
    """The node, the actor and what the navigation shows."""
    actor = getattr(request, "actor", None)
    return {
        "node": settings.SHUANGCHENG,
        "actor": actor,
        "sees_audit": bool(actor and actor.has(Role.AUDITOR, Role.NODE_ADMIN)),
        "sees_exchange": bool(actor and actor.has(Role.NODE_ADMIN, Role.OFFICER, Role.AUDITOR)),
        "sees_people": bool(actor and actor.has(Role.NODE_ADMIN, Role.OFFICER, Role.ORGANISATION_ADMIN)),
        "sees_experts": bool(actor and actor.has(*SEES_EXPERTS)),
        "second_factor_due": needs_second_factor(actor),
        "at": getattr(request, "at", None),
        "unread": SimpleLazyObject(lambda: Notice.objects.visible_to(actor).unread().count() if actor else 0),
    }
