"""What rooms declare is complete: closed lists, inputs, findable things, lists."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from uuid import uuid4

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

import shuangcheng
from shuangcheng.core.schema import Input
from shuangcheng.desk.search import searchables
from shuangcheng.directory.actor import Actor, Held
from shuangcheng.directory.models import Account, Person
from shuangcheng.directory.terms import Role
from shuangcheng.web.listing import Listing
from tests.contract.source import called, modules
from tests.world import World

OFFICER = Actor(kind="person", name="甲", door="web", person_id=uuid4(), held=(Held(Role.OFFICER, None, "cq"),))


def loaded(*rooms: str) -> Iterator[ModuleType]:
    """Every module of the rooms."""
    for found in pkgutil.walk_packages(shuangcheng.__path__, "shuangcheng."):
        if found.name.split(".")[1] in rooms and ".migrations" not in found.name:
            yield importlib.import_module(found.name)


def inputs(base: type[Input] = Input) -> Iterator[type[Input]]:
    for model in base.__subclasses__():
        yield model
        yield from inputs(model)


list(loaded("core", "directory", "desk", "web", "api"))
CHOICES = [
    pytest.param(part, id=f"{module.name}:{part.name}")
    for module in modules()
    for part in ast.walk(module.tree)
    if isinstance(part, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id == "Choice" for base in part.bases)
]
INPUTS = sorted({model for model in inputs() if model.__module__.startswith("shuangcheng")}, key=str)
LISTINGS = {
    listing.name: listing
    for module in loaded("web")
    for listing in vars(module).values()
    if isinstance(listing, Listing)
}
PAGES = [name for name, listing in LISTINGS.items() if listing.template]
ORDERS = [(name, order) for name in PAGES for order in LISTINGS[name].orders]
FACETS = [(name, facet.name) for name in PAGES for facet in LISTINGS[name].facets]


@pytest.mark.parametrize("declared", CHOICES)
def test_every_label_of_a_closed_list_is_marked(declared: ast.ClassDef) -> None:
    members = [part.value for part in declared.body if isinstance(part, ast.Assign)]
    assert members
    for member in members:
        assert isinstance(member, ast.Tuple), ast.unparse(member)
        assert called(member.elts[1]) == "_", ast.unparse(member)


@pytest.mark.parametrize("model", INPUTS, ids=lambda model: model.__name__)
def test_every_field_of_an_input_is_titled_or_described(model: type[Input]) -> None:
    """Forms and spreadsheets need a title; for the parameters of the API's addresses a description will do."""
    only_api = model.__module__.startswith("shuangcheng.api")
    fields = model.model_fields.items()
    assert [name for name, field in fields if not (field.title or (only_api and field.description))] == []


def test_the_declarations_were_found() -> None:
    assert len(CHOICES) > 20
    assert len(INPUTS) > 30
    assert len(PAGES) >= 8


@pytest.mark.parametrize("kind", searchables())
def test_every_findable_thing_has_an_address(kind: str) -> None:
    declared = searchables()[kind]
    assert declared.kind == kind
    assert declared.title
    assert resolve(declared.address(uuid4())).func is not None


def asked(name: str, **parameters: str) -> HttpRequest:
    request = RequestFactory().get(reverse(name), parameters)
    request.user = Account(login="a", person=Person(name="甲"))
    request.htmx = False  # type: ignore[attr-defined]
    request.actor, request.at = OFFICER, timezone.localtime()  # type: ignore[attr-defined]
    return request


def answer(name: str, **parameters: str) -> bytes:
    response = resolve(reverse(name)).func(asked(name, **parameters))
    assert response.status_code == 200
    return bytes(response.content)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_a_list_works_without_rows(name: str, order: str) -> None:
    page = answer(name, order=order).decode()
    assert "没有符合条件的记录" in page or 'class="empty"' in page
    assert answer(name, order=order, format="xlsx").startswith(b"PK")


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "facet"), FACETS)
def test_a_facet_works_without_rows(name: str, facet: str) -> None:
    [declared] = [one for one in LISTINGS[name].facets if one.name == facet]
    assert declared.title
    for value, label in declared.labels():
        assert label
        answer(name, **{facet: value})


@pytest.mark.parametrize("name", PAGES)
def test_a_list_works_with_rows(name: str, world: World) -> None:
    listing = LISTINGS[name]
    assert [column.title for column in listing.columns if not column.title] == []
    for order in listing.orders:
        answer(name, order=order)
        assert answer(name, order=order, format="xlsx").startswith(b"PK")
    for hidden in listing.hidden:
        answer(name, **{hidden: str(uuid4())})
        answer(name, **{hidden: "不是编号"})
