"""What the plan publishes for other nodes: the approved lists that this node keeps."""

from collections.abc import Collection, Mapping
from uuid import UUID

from shuangcheng.core.wire import seconds
from shuangcheng.directory.feeding import Body, Source, feeds

from .models import Plan, PlanVersion


def plans(ids: Collection[UUID]) -> Mapping[UUID, Body]:
    """The public facts of lists, with the digest of the version in force."""
    versions = PlanVersion.objects.filter(plan__in=ids, plan__home="").select_related("plan")
    newest = versions.order_by("plan_id", "-number").distinct("plan_id")
    return {
        row.plan_id: {
            "name": row.plan.name, "side": row.plan.side, "field": row.plan.field, "first_year": row.plan.first_year,
            "last_year": row.plan.last_year, "closed": row.plan.closed, "number": row.number, "digest": row.digest,
            "approved": seconds(row.approved_at), "items": len(row.snapshot["items"]),
        }
        for row in newest
    }  # fmt: skip


feeds(
    Source(
        name="plan",
        bodies=plans,
        everything=lambda: Plan.objects.filter(home="").values_list("pk", flat=True),
        subjects=("plan",),
    )
)
