"""Doors read only what the reader may see: through `.visible_to(actor)`. The list of exceptions may only shrink."""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db.models import Model

from shuangcheng.directory.actor import public
from tests.contract.source import Module, called, modules

ABLE: dict[str, type[Model]] = {
    model.__name__: model for model in apps.get_models() if hasattr(model._default_manager, "visible_to")
}


def restricted(model: type[Model]) -> bool:
    """Whether the public sees less than all of it."""
    try:
        seen = str(model._default_manager.visible_to(public(door="web")).query)  # type: ignore[attr-defined]
    except EmptyResultSet:
        return True
    return seen != str(model._default_manager.all().query)


# What is seen by whoever sees the thing that it hangs on, which a door has fetched through `.visible_to`.
WITH_ITS_OWNER = {"PolicyVersion", "Clause"}
# The names under which other things lead to rows that not everybody may see: alliance.ballots.
RELATED = {
    relation.get_accessor_name(): name
    for name, model in ABLE.items()
    if restricted(model) and name not in WITH_ITS_OWNER
    for other in apps.get_models()
    for relation in other._meta.related_objects
    if relation.related_model is model and relation.get_accessor_name() and not relation.one_to_one
}

VISIBLE_TO_ALL = {
    "web/maps.py:_organisations Organisation",
    "web/maps.py:_shapes Division",
    "web/maps.py:_zones Zone",
    "web/pages/agreements.py:index Organisation",
    "web/pages/agreements.py:version AgreementVersion",
    "web/pages/alliances.py:index Organisation",
    "web/pages/home.py:choices CatalogueEntry",
    "web/pages/home.py:_keys Division",
    "web/pages/home.py:_keys Organisation",
    "web/lists_ledger.py:years Activity",
    "web/pages/organisations.py:index Division",
    "web/pages/organisations.py:programmes CatalogueEntry",
    "web/pages/places.py:catalogue CatalogueEntry",
    "web/pages/places.py:catalogues CatalogueEntry",
    "web/pages/places.py:division Division",
    "web/pages/places.py:divisions Division",
    "api/resources/places.py:_division Division",
    "api/resources/verification.py:verify_digest AgreementVersion",
    "api/resources/zones.py:list_zones Zone",
}
MEMBERS_IN_GOOD_STANDING = {
    "web/maps.py:_members Membership",
    "web/holdings.py:numbers Membership",
    "web/pages/alliances.py:_with_leads Membership",
    "web/pages/alliances.py:index Membership",
    "web/pages/alliances.py:edit Membership",
    "api/resources/alliances.py:list_alliances Membership",
    "api/resources/alliances.py:shown Membership",
}
THE_READERS_OWN = {
    "web/overview.py:_applications Membership",
    "web/overview.py:_invitations Service",
    "web/overview.py:_votes_due Ballot",
    "web/pages/alliances.py:_council_seats Organisation",
    "web/pages/alliances.py:join Membership",
    "web/pages/alliances.py:join Organisation",
    "web/pages/experts.py:_own Organisation",
    "web/pages/my.py:desk AuditLine",
    "web/pages/my.py:desk Expert",
    "web/pages/my.py:desk Organisation",
    "web/pages/my.py:security ApiToken",
    "web/pages/my.py:token_revoke ApiToken",
    "web/pages/people.py:_own Organisation",
    "api/resources/people.py:create_person Person",
}
AFTER_A_RIGHT = {
    "web/lists_exchange.py:_peers Peer",
    "web/pages/plan/filings.py:new Filing",
    "web/overview.py:_to_decide YearlyReport",
    "web/pages/people.py:_lines AuditLine",
    "web/pages/plan/intakes.py:_same PolicyVersion",
}
AROUND_A_VISIBLE_SUBQUERY = {
    "api/resources/agreements.py:list_agreements Agreement",
    "api/resources/agreements.py:visible Agreement",
    "api/resources/experts.py:edit_expert Expert",
    "api/resources/plans.py:_shown Plan",
    "api/resources/alliances.py:_memberships Membership",
    "api/resources/ballots.py:_shown Ballot",
    "api/resources/ballots.py:list_reports YearlyReport",
    "api/resources/people.py:_shown Person",
}
LINES_WITHOUT_WHO = {
    "web/pages/cases/cases.py:detail AuditLine",
    "web/pages/registers/connectors.py:_page AuditLine",
    "web/pages/registers/holdings.py:holding AuditLine",
    "web/pages/exchange/keys.py:index AuditLine",
    "web/pages/exchange/letters.py:_page AuditLine",
    "web/pages/exchange/nodes.py:_page AuditLine",
    "web/overview.py:news AuditLine",
    "web/pages/agreements.py:detail AuditLine",
    "web/pages/registers/sharings.py:detail AuditLine",
    "web/pages/plan/ledger.py:detail AuditLine",
    "web/pages/plan/library.py:detail AuditLine",
    "web/pages/plan/plans.py:detail AuditLine",
    "web/pages/plan/sought.py:detail AuditLine",
    "web/pages/alliances.py:detail AuditLine",
    "web/pages/organisations.py:detail AuditLine",
    "web/pages/people.py:detail AuditLine",
    "web/pages/plan/bodies.py:detail AuditLine",
    "web/pages/plan/consultations.py:detail AuditLine",
    "web/pages/plan/sessions.py:detail AuditLine",
    "web/pages/plan/filings.py:detail AuditLine",
    "web/pages/zones.py:detail AuditLine",
    "web/pages/plan/item.py:detail AuditLine",
}
OTHER_THINGS_OF_THAT_NAME = {
    "web/signin.py:end_sessions Session",
    "web/pages/places.py:division Item",  # the divisions below a division
}
"""Of the same name as one of ours: the sessions of those who are signed in."""
ALLOWED = (
    VISIBLE_TO_ALL
    | MEMBERS_IN_GOOD_STANDING
    | THE_READERS_OWN
    | AFTER_A_RIGHT
    | AROUND_A_VISIBLE_SUBQUERY
    | LINES_WITHOUT_WHO
    | OTHER_THINGS_OF_THAT_NAME
)


def reads(module: Module) -> Iterator[str]:
    """Each read past `.visible_to(`, as function and model."""
    for name, function in [("", module.tree), *module.functions]:
        for node in _own_nodes(function):
            if model := _read(node):
                yield f"{name} {model}"


def _own_nodes(top: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function but not those of functions inside it."""
    for child in ast.iter_child_nodes(top):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from _own_nodes(child)


def _read(node: ast.AST) -> str:
    """The model that an expression reads without asking who looks."""
    if called(node) in ("get_object_or_404", "get_list_or_404"):
        [first, *_rest] = node.args  # type: ignore[attr-defined]
        return first.id if isinstance(first, ast.Name) and first.id in ABLE else ""
    if not isinstance(node, ast.Attribute) or node.attr == "visible_to":
        return ""
    manager = node.value
    if isinstance(manager, ast.Attribute) and manager.attr == "objects" and isinstance(manager.value, ast.Name):
        return manager.value.id if manager.value.id in ABLE else ""
    return RELATED.get(manager.attr, "") if isinstance(manager, ast.Attribute) else ""


def test_doors_read_only_what_the_reader_may_see() -> None:
    found = {f"{module.name}:{read}" for module in modules("web", "api", "cli") for read in reads(module)}
    assert sorted(found - ALLOWED) == [], "fetch through .visible_to(actor)"
    assert sorted(ALLOWED - found) == [], "mended: take it off the list"


def test_what_is_said_to_be_visible_to_all_is() -> None:
    assert {entry.split()[-1] for entry in VISIBLE_TO_ALL if restricted(ABLE[entry.split()[-1]])} == set()


def test_the_watch_sees_each_way_round() -> None:
    samples = {
        "Ballot.objects.filter(pk=1)": "Ballot",
        "Ballot.objects.select_related('alliance').visible_to(actor)": "Ballot",
        "alliance.ballots.prefetch_related('votes')": "Ballot",
        "get_object_or_404(Agreement, pk=id)": "Agreement",
        "Ballot.objects.visible_to(actor).filter(pk=1)": "",
        "get_object_or_404(Agreement.objects.visible_to(actor), pk=id)": "",
    }
    for text, expected in samples.items():
        [found] = {_read(node) for node in ast.walk(ast.parse(text))} - {""} or {""}
        assert found == expected, text


@pytest.mark.parametrize("name", ["Ballot", "Agreement", "AuditLine", "Expert", "Membership", "Person", "ApiToken"])
def test_what_is_not_for_the_public_is_restricted(name: str) -> None:
    assert restricted(ABLE[name])
