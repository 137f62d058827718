"""Policy documents, their texts, clauses, differences and links."""

from collections import defaultdict
from uuid import UUID

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from shuangcheng.core.policy.difference import Fate, compare
from shuangcheng.core.schema import Input
from shuangcheng.desk.search import narrow
from shuangcheng.directory import terms as directory
from shuangcheng.plan import terms
from shuangcheng.plan.actions import policies
from shuangcheng.plan.inputs.policies import LinkInput, PolicyInput
from shuangcheng.plan.models import Clause, Item, Policy, PolicyVersion

from ..asked import Asked
from ..outputs.base import Ref
from ..outputs.plan_policies import (
    Change,
    ClauseList,
    ClauseOut,
    PolicyLinkOut,
    PolicyLinks,
    PolicyOut,
    PolicyPage,
    TextDifference,
    TextList,
    TextOut,
)
from ..paging import Paging, page
from ..section import PLAN_READ, PLAN_WRITE, Section
from .common import Read, Words, one, version_read

section = Section(
    "Policies", "Policy documents 政策文件, their versions and clauses 条款.", read=PLAN_READ, write=PLAN_WRITE
)


class PolicyFilters(Paging):
    """Which documents."""

    state: terms.PolicyState | None = Field(None, description="Whether they hold.")
    side: terms.Sides | None = Field(None, description="For whom.")
    field: directory.Field | None = Field(None, description="Field 领域.")
    issuer: str = Field("", max_length=200, description="One of their issuers, as printed.")
    year: int | None = Field(None, ge=1900, le=2200, description="Year of signing.")
    q: Words = Field("", description="Words, pinyin or initials of the title.")


class TextChoice(Input):
    """Which text of a document."""

    number: int | None = Field(None, ge=1, le=10_000, description="Number of the text; the newest unless named.")


def found(request: Asked, id: UUID) -> Policy:
    """The document that an address means."""
    return one(Policy.objects.visible_to(request.actor), id=id)


def text_of(request: Asked, policy: Policy, number: int | None = None) -> PolicyVersion:
    """A text of a document, the newest unless a number is named."""
    rows = PolicyVersion.objects.visible_to(request.actor).filter(policy=policy)
    return one(rows, number=number) if number else one(rows)


def _resting(request: Asked, policy: Policy) -> dict[str, list[Item]]:
    """Anchor -> the visible items that rest on the clause."""
    rows = Item.objects.visible_to(request.actor).filter(clause__version__policy=policy).select_related("clause")
    resting: dict[str, list[Item]] = defaultdict(list)
    for item in rows.order_by("plan", "position"):
        if item.clause:
            resting[item.clause.anchor].append(item)
    return resting


@section.reads("/policies", PolicyPage)
def list_policies(request: Asked, filters: Query[PolicyFilters]) -> PolicyPage:
    """List policy documents.

    The newest entry first. Drafts for comment are for officers.
    """
    given = {name: getattr(filters, name) for name in ("state", "side", "field")}
    rows: QuerySet[Policy] = Policy.objects.visible_to(request.actor)
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    if filters.issuer:
        rows = rows.filter(issuers__contains=filters.issuer)
    if filters.year:
        rows = rows.filter(issued__year=filters.year)
    rows = narrow(rows, "policy", filters.q)
    return page(rows, order=("-id",), asked=request, paging=filters, gives=PolicyPage, each=PolicyOut.each)


@section.reads("/policies/{uuid:id}", PolicyOut)
def get_policy(request: Asked, id: UUID) -> PolicyOut:
    """Get a policy document.

    Its texts and clauses have addresses of their own; `version` is named when changing it.
    """
    row = found(request, id)
    request.version = row.version
    return PolicyOut.each(row)


@section.writes("/policies/{uuid:id}", PolicyOut, method="PUT", also=(412, 428))
def edit_policy(request: Asked, id: UUID, data: PolicyInput, read: Query[Read]) -> PolicyOut:
    """Correct what stands on the title page.

    Give all of it and name the version that was read, by `If-Match` with the `ETag` (412 when somebody has changed it
    since) or by `version` (409). The text is renewed, never edited.
    """
    row = found(request, id)
    policies.edit(policy=row, data=data, by=request.actor, at=request.at, seen=version_read(request, row, read))
    return get_policy(request, id)


@section.reads("/policies/{uuid:id}/texts", TextList)
def list_policy_texts(request: Asked, id: UUID) -> TextList:
    """List the texts of a document.

    The newest first; lists rest on one of them.
    """
    rows = PolicyVersion.objects.visible_to(request.actor).filter(policy=found(request, id))
    return TextList(items=[TextOut.each(row) for row in rows.defer("text", "reading")])


@section.reads("/policies/{uuid:id}/clauses", ClauseList)
def list_policy_clauses(request: Asked, id: UUID, text: Query[TextChoice]) -> ClauseList:
    """List the clauses of a text.

    Of the newest, or of the one with `number`; each with the items that rest on it.
    """
    policy = found(request, id)
    version = text_of(request, policy, text.number)
    resting = _resting(request, policy)
    rows = Clause.objects.visible_to(request.actor).filter(version=version)
    clauses = [ClauseOut.each(row, resting.get(row.anchor, [])) for row in rows]
    return ClauseList(number=version.number, items=clauses)


@section.reads("/policies/{uuid:id}/texts/{int:number}/difference", TextDifference)
def get_policy_difference(request: Asked, id: UUID, number: int) -> TextDifference:
    """Get what a text changes.

    Against the one before it, clause by clause, with the items that rest on what changed.
    """
    policy = found(request, id)
    newer, older = text_of(request, policy, number), text_of(request, policy, max(number - 1, 1))
    clauses = Clause.objects.visible_to(request.actor)
    pairs = compare(list(clauses.filter(version=older)), list(clauses.filter(version=newer)))
    resting = _resting(request, policy)
    changes = [Change.each(pair, resting) for pair in pairs if pair.fate != Fate.SAME]
    return TextDifference(older=older.number, newer=newer.number, changes=changes)


def _links(request: Asked, policy: Policy) -> PolicyLinks:
    seen = set(Policy.objects.visible_to(request.actor).values_list("pk", flat=True))
    rows = policy.links.select_related("other")
    others = policy.linked_from.select_related("policy")
    return PolicyLinks(
        items=[PolicyLinkOut.each(row, other=row.other if row.other_id in seen else None) for row in rows],
        linked_from=[_ref(row.policy) for row in others if row.policy_id in seen],
    )


def _ref(policy: Policy) -> Ref:
    return Ref(id=policy.id, name=policy.title)


@section.reads("/policies/{uuid:id}/links", PolicyLinks)
def list_policy_links(request: Asked, id: UUID) -> PolicyLinks:
    """List how a document hangs together with others.

    Both ways.
    """
    return _links(request, found(request, id))


@section.writes("/policies/{uuid:id}/links", PolicyLinks, status=201)
def link_policy(request: Asked, id: UUID, data: LinkInput) -> PolicyLinks:
    """Say what a document does with another.

    By its title or number, whether or not it is in the library. One that is replaced is marked so. Officers do this.
    """
    policies.link(policy=found(request, id), data=data, by=request.actor, at=request.at)
    return _links(request, found(request, id))


@section.writes("/policies/{uuid:id}/links/{uuid:item}", PolicyLinks, method="DELETE")
def unlink_policy(request: Asked, id: UUID, item: UUID) -> PolicyLinks:
    """Take a link back.

    For one that was entered by mistake.
    """
    policies.unlink(link=one(found(request, id).links.all(), id=item), by=request.actor, at=request.at)
    return _links(request, found(request, id))
