"""The API as one: its sections, how bodies are read, and what becomes of an error."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationErrorContext
from ninja.params.models import ParamModel
from ninja.parser import Parser
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from shuangcheng.core import strict_json
from shuangcheng.core.outcome import Objection, Refused
from shuangcheng.core.schema import objection_of

from . import problems
from .openapi import ABOUT, described
from .problems import Declined
from .render import Renderer
from .section import Section

PREFIX = "/api/v1"


class StrictParser(Parser):
    """Reads bodies as `strict_json` does."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        try:
            return strict_json.read_object(request.body)
        except Refused as refused:
            raise Declined(400, *refused.objections) from None


class Api(NinjaAPI):
    """NinjaAPI whose refusals are problems with every reason."""

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        return problems.answer(request, exc)

    def validation_error_from_error_contexts(self, error_contexts: list[ValidationErrorContext[Any]]) -> Any:
        """What pydantic found wrong, in the sentences that forms and spreadsheets use as well."""
        return Refused(
            *(
                _objection(context.model, error)
                for context in error_contexts
                for error in context.pydantic_validation_error.errors(include_url=False)
            )
        )


def _objection(model: type[ParamModel] | ParamModel, error: ErrorDetails) -> Objection:
    """ninja wraps the input in a model of one field; the sentences are those of the input."""
    outer = model if isinstance(model, type) else type(model)
    field = outer.model_fields.get(str(error["loc"][0]))
    inner = field.annotation if field else None
    if isinstance(inner, type) and issubclass(inner, BaseModel) and len(error["loc"]) > 1:
        return objection_of(inner, {**error, "loc": error["loc"][1:]})
    return objection_of(outer, error)


def _sections() -> tuple[Section, ...]:
    from .resources import SECTIONS

    return SECTIONS


@cache
def api() -> Api:
    """The API, put together once."""
    node = Api(
        title="Shuangcheng 双城", version="1", description=ABOUT, openapi_url=None, docs_url=None,
        urls_namespace="api", parser=StrictParser(), renderer=Renderer(),
    )  # fmt: skip
    for section in _sections():
        node.add_router("", section)
    return node


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI 3.1 description."""
    return described(api().get_openapi_schema(path_prefix=PREFIX.lstrip("/")), sections=_sections())
