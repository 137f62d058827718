"""What of the plan has a digest: approved versions of plans, and minutes as all sides confirmed them."""

from shuangcheng.directory.actor import Actor

from .minutes import digest_of
from .models import PlanVersion, Session

MOST = 50


def plans(digest: str, *, actor: Actor) -> list[PlanVersion]:
    """Approved versions with the digest, the newest first; `later` tells that there is a newer one."""
    rows = PlanVersion.objects.visible_to(actor).having(digest).select_related("plan")
    return list(rows.order_by("-approved_at", "-id")[:MOST])


def minutes(digest: str, *, actor: Actor) -> list[Session]:
    """Sessions whose minutes as confirmed have the digest; a confirmation of an earlier text does not count."""
    rows = Session.objects.visible_to(actor).having(digest).select_related("body").prefetch_related("confirmations")
    return [row for row in rows[:MOST] if row.snapshot and digest_of(row.snapshot) == digest]
