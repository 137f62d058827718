"""Search, the audit trail, closed lists, and oneself."""

from django.urls import reverse
from django.utils.translation import gettext
from ninja import Query
from pydantic import AwareDatetime, Field

from shuangcheng.core.schema import Choice, Input
from shuangcheng.desk import search
from shuangcheng.desk.models import ImportState, SearchEntry
from shuangcheng.directory import terms
from shuangcheng.directory.models import AuditLine, Grant
from shuangcheng.directory.policy import require

from ..asked import Asked
from ..outputs.desk import AuditOut, AuditPage, Hit, Hits, MeOut, Term, Terms
from ..outputs.people import GrantOut
from ..paging import Paging, page
from ..section import AUDIT, Section

section = Section("Search and audit", "Search over everything one may see, the audit trail, closed lists, oneself.")

VIEWS = {
    "organisation": "get_organisation",
    "alliance": "get_alliance",
    "zone": "get_zone",
    "agreement": "get_agreement",
    "expert": "get_expert",
    "division": "get_division",
}


class SearchFilters(Input):
    """What to find."""

    q: str = Field(min_length=1, max_length=64, description="Chinese words, pinyin or initials.", examples=["cqdx"])
    kind: str = Field("", max_length=20, description="Only things of this kind, such as organisation.")
    limit: int = Field(20, ge=1, le=50, description="How many.")


@section.reads("/search", Hits)
def search_everything(request: Asked, filters: Query[SearchFilters]) -> Hits:
    """Search.

    Whole names first, then their beginnings, then words and initials: `cqdx` finds 重庆大学.
    """
    found = search.find(filters.q, actor=request.actor, limit=filters.limit, kind=filters.kind)
    return Hits(items=[_hit(entry) for entry in found.entries], more=found.more)


def _hit(entry: SearchEntry) -> Hit:
    view = VIEWS.get(entry.kind)
    return Hit(
        kind=entry.kind, id=entry.id, title=entry.title, subtitle=entry.subtitle, side=entry.side,
        address=reverse(f"api:{view}", args=[entry.id]) if view else None,
    )  # fmt: skip


class AuditFilters(Paging):
    """Which lines."""

    since: AwareDatetime | None = Field(None, description="Not before this moment, with its time zone.")
    until: AwareDatetime | None = Field(None, description="Before this moment, with its time zone.")
    actor_id: str = Field("", max_length=36, description="Id of the person who acted.")
    verb: str = Field("", max_length=60, description="What was done, or its first part, such as organisation.")
    subject_kind: str = Field("", max_length=30, description="Kind of the thing.")
    subject_id: str = Field("", max_length=36, description="Id of the thing.")
    side: terms.Side | None = Field(None, description="The actor's side.")
    door: str = Field("", max_length=10, description="`web`, `api`, `cli` or `system`.")


@section.reads("/audit", AuditPage, scope=AUDIT, open=False)
def list_audit_lines(request: Asked, filters: Query[AuditFilters]) -> AuditPage:
    """List the audit trail.

    The newest first. For auditors and the node's administrator, with a token of the scope `audit:read`.
    """
    require(request.actor, "audit.read")
    rows = AuditLine.objects.visible_to(request.actor)
    bounds = {"at__gte": filters.since, "at__lt": filters.until, "verb__startswith": filters.verb or None}
    equal = {
        name: getattr(filters, name) or None for name in ("actor_id", "subject_kind", "subject_id", "side", "door")
    }
    rows = rows.filter(**{name: value for name, value in (bounds | equal).items() if value is not None})
    return page(
        rows, order=("-at", "-id"), asked=request, paging=filters, gives=AuditPage, each=AuditOut.each
    )  # fmt: skip


@section.reads("/me", MeOut, scope="", open=False)
def get_me(request: Asked) -> MeOut:
    """Say whom the token stands for.

    And what it may do: the roles in force today, and the scopes of the token.
    """
    actor = request.actor
    grants = Grant.objects.current(request.at.date()).filter(person=actor.person_id).select_related("organisation")
    return MeOut(
        person_id=actor.person_id, name=actor.name, side=actor.side, roles=[GrantOut.each(row) for row in grants],
        scopes=sorted(actor.scopes or ()),
    )  # fmt: skip


CLOSED = (
    terms.Side, terms.DivisionLevel, terms.OrganisationType, terms.OrganisationStatus, terms.ProgrammeState,
    terms.Catalogue, terms.AllianceKind, terms.MemberRole, terms.MemberState, terms.BallotKind, terms.BallotState,
    terms.VoteChoice, terms.AgreementState, terms.ReportState, terms.ZoneKind, terms.Level, terms.Field,
    terms.ExpertState, terms.ServiceState, terms.Role, terms.NumberKind, ImportState,
)  # fmt: skip


@section.reads("/terms", Terms)
def list_terms(request: Asked) -> Terms:
    """List the closed lists.

    The values that fields of requests and answers take, with what people call them, and the ten action plans.
    """
    plans = [Term(value=str(number), label=gettext(name)) for number, name, _field in terms.ACTION_PLANS]
    return Terms(lists={**{choice.__name__: _terms(choice) for choice in CLOSED}, "ActionPlan": plans})


def _terms(choice: type[Choice]) -> list[Term]:
    return [Term(value=value, label=gettext(label)) for value, label in choice.pairs()]
