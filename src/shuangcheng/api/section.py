"""A part of the API: operations that declare their scope once, for the door and for the description alike."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from ninja import Router
from ninja.decorators import decorate_view

from .door import entrance

READ, WRITE, IMPORT, AUDIT = "directory:read", "directory:write", "import", "audit:read"
PLAN_READ, PLAN_WRITE = "plan:read", "plan:write"
CASES_READ, CASES_WRITE = "cases:read", "cases:write"
REGISTERS_READ, REGISTERS_WRITE = "registers:read", "registers:write"
EXCHANGE_READ, EXCHANGE_WRITE = "exchange:read", "exchange:write"

F = TypeVar("F", bound=Callable[..., Any])


class Section(Router):
    """Operations under one heading of the documentation."""

    def __init__(self, title: str, about: str, *, read: str = READ, write: str = WRITE) -> None:
        super().__init__(tags=[title])
        self.title, self.about, self.read, self.write = title, about, read, write

    def reads(
        self, path: str, gives: Any, *, scope: str | None = None, open: bool = True, also: tuple[int, ...] = ()
    ) -> Callable[[F], F]:
        """An operation that changes nothing; `open` to those without a token, unless said otherwise."""
        scope = self.read if scope is None else scope
        return self._operation("GET", path, {200: gives}, scope=scope, open=open, also=also)

    def writes(
        self, path: str, gives: Any, *, method: str = "POST", status: int = 200, scope: str | None = None,
        also: tuple[int, ...] = (),
    ) -> Callable[[F], F]:  # fmt: skip
        """An operation that changes something; never without a token."""
        scope = self.write if scope is None else scope
        return self._operation(method, path, {status: gives}, scope=scope, open=False, also=also)

    def _operation(
        self, method: str, path: str, response: dict[int, Any], *, scope: str, open: bool, also: tuple[int, ...]
    ) -> Callable[[F], F]:
        """`also` names problems beyond those that openapi.py adds to all operations of a sort."""

        def register(view: F) -> F:
            summary, _line, description = inspect.cleandoc(view.__doc__ or "").partition("\n\n")
            extra = {"x-scope": scope, "x-open": open, "x-also": list(also)}
            add = self.api_operation(
                [method], path, response=response, operation_id=_camel(view.__name__),
                summary=summary.removesuffix("."), description=" ".join(description.split()), openapi_extra=extra,
            )  # fmt: skip
            return add(decorate_view(entrance(scope=scope, open=open))(view))

        return register


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)
