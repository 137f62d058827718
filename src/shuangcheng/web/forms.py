"""A form from an input: the fields, their kinds, help and errors come from the pydantic model."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from django.contrib import messages
from django.utils.translation import gettext
from pydantic.fields import FieldInfo

from shuangcheng.core.outcome import Objection, Refused, Why
from shuangcheng.core.schema import Choice, Input, read
from shuangcheng.directory.policy import SCOPES
from shuangcheng.directory.terms import ACTION_PLANS
from shuangcheng.directory.versions import CHANGED

from .request import Request
from .say import say

M = TypeVar("M", bound=Input)

CHOICES: dict[str, Callable[[], list[tuple[str, str]]]] = {
    "action_plan": lambda: [(str(number), f"{number} {gettext(name)}") for number, name, _field in ACTION_PLANS],
    "given": list,  # the page knows them
    "scopes": lambda: [(value, gettext(label)) for value, label in SCOPES.items()],
}
BLANK_REFERENCES = 2


@dataclass
class Box:
    """One field as the template draws it."""

    name: str
    title: str
    help: str
    kind: str
    required: bool
    values: list[str]
    choices: list[tuple[str, str]]
    reference: str
    maximum: int | None
    errors: list[str] = field(default_factory=list)

    @property
    def value(self) -> str:
        """The first value."""
        return self.values[0] if self.values else ""

    @property
    def wide(self) -> bool:
        """Whether it takes the whole width."""
        return self.kind in ("prose", "many", "checks")

    @property
    def inputs(self) -> list[str]:
        """The values and some empty inputs to add more."""
        return [*self.values, *[""] * BLANK_REFERENCES]


def _bare(annotation: Any) -> Any:
    """The annotation without `| None`."""
    if get_origin(annotation) in (Union, UnionType):
        return next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _bare_type(info: FieldInfo) -> Any:
    kind = _bare(info.annotation)
    while hasattr(kind, "__metadata__"):
        kind = _bare(get_args(kind)[0])
    return kind


def _kind(info: FieldInfo, extra: Mapping[str, Any]) -> str:
    kind = _bare_type(info)
    if get_origin(kind) is tuple:
        return "checks" if "choices" in extra else "many"
    if "choices" in extra or (isinstance(kind, type) and issubclass(kind, Choice)):
        return "choice"
    if kind is bool:
        return "bool"
    named = {date: "date", int: "number", Decimal: "decimal"}
    return str(named.get(kind, extra.get("widget", "line")))


def _written(value: Any) -> list[str]:
    """A value as inputs hold it."""
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["true"] if value else []
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    return [str(value)]


def _maximum(info: FieldInfo) -> int | None:
    return next((rule.max_length for rule in info.metadata if hasattr(rule, "max_length")), None)


class Form(Generic[M]):
    """The form of one input, empty, filled with `initial`, or with what was sent and what is wrong with it."""

    def __init__(
        self,
        model: type[M],
        initial: Mapping[str, Any] | None = None,
        *,
        hide: tuple[str, ...] = (),
        version: int | None = None,
        prefix: str = "",
    ) -> None:
        """`version` is that of the row whose facts `initial` holds; `prefix` tells the forms of one page apart."""
        self.model = model
        self.prefix = prefix
        self.hide = hide
        self.version = self._stored_version = version
        self.boxes = {
            name: self._box(name, info, (initial or {}).get(name))
            for name, info in model.model_fields.items()
            if name not in hide
        }
        self._stored = {name: box.values for name, box in self.boxes.items()}
        self.errors: list[str] = []

    def __iter__(self) -> Iterator[Box]:
        return iter(self.boxes.values())

    def _box(self, name: str, info: FieldInfo, value: Any) -> Box:
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        if value is None and not info.is_required():
            value = info.default
        kind = _kind(info, extra)
        choices: list[tuple[str, str]] = []
        if "choices" in extra:
            choices = CHOICES[str(extra["choices"])]()
        elif kind == "choice":
            choices = [(member.value, gettext(member.label)) for member in _bare_type(info)]
        return Box(
            name=f"{self.prefix}{name}",
            title=gettext(info.title or name),
            help=gettext(info.description) if info.description else "",
            kind=kind,
            required=info.is_required(),
            values=_written(value),
            choices=choices,
            reference=str(extra.get("reference", "")),
            maximum=_maximum(info),
        )

    def read(self, request: Request, **fixed: Any) -> M:
        """What was sent, as an input; raises `Refused` after taking the values and errors into the form."""
        sent: dict[str, Any] = dict(fixed)
        if self.version is not None:
            self.version = version_read(request)
        for name, box in self.boxes.items():
            given = [text for text in request.POST.getlist(box.name) if text.strip()]
            box.values = given
            if box.kind in ("many", "checks"):
                sent[name] = given
            elif box.kind == "bool":
                sent[name] = bool(given)
            elif given or box.required:
                sent[name] = request.POST.get(box.name, "")
            if box.kind in ("choice", "number", "decimal") and not given:
                sent.pop(name, None)
        try:
            return read(self.model, sent)
        except Refused as refused:
            self.refuse(refused)
            raise

    def refuse(self, refused: Refused) -> None:
        """Show each objection at its field, or above the form; who may do nothing here needs no form."""
        at_field = any(objection.where in self.boxes for objection in refused.objections)
        if refused.why in (Why.SIGN_IN, Why.MISSING) or (refused.why == Why.FORBIDDEN and not at_field):
            raise refused
        for objection in refused.objections:
            self._place(objection)
            if objection.code == CHANGED:
                self.show_stored()

    def show_stored(self) -> None:
        """Keep what was typed and say at each field what others have saved, so that the next attempt knows of it."""
        self.version = self._stored_version
        for name, box in self.boxes.items():
            stored = self._stored[name]
            if _lines(stored) != _lines(box.values):
                labels = dict(box.choices)
                text = "、".join(labels.get(value, value) for value in stored) or gettext("（空）")
                box.errors.append(gettext("现在保存的是：%(text)s") % {"text": text})

    def _place(self, objection: Objection) -> None:
        box = self.boxes.get(objection.where)
        target = box.errors if box else self.errors
        text = say(objection.message)
        if text not in target:
            target.append(text)

    @property
    def wrong(self) -> bool:
        """Whether anything was refused."""
        return bool(self.errors) or any(box.errors for box in self)


def version_read(request: Request) -> int:
    """The version that the page was made of, as its form sends it; 0 when it sends none."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) <= 9 else 0


def _lines(values: list[str]) -> list[str]:
    """Values as they compare: browsers send other line ends."""
    return [value.replace("\r\n", "\n").strip() for value in values]


def submit(form: "Form[M]", request: Request, action: Callable[[M], Any], **fixed: Any) -> Any:
    """Run `action` on what was sent; None when something was refused and stands in the form."""
    try:
        return action(form.read(request, **fixed))
    except Refused as refused:
        if not form.wrong:
            form.refuse(refused)
        return None


def attempt(request: Request, said: str, action: Callable[[], object]) -> bool:
    """Run a one-button action and say how it went at the top of the next page."""
    try:
        action()
    except Refused as refused:
        if refused.why == Why.SIGN_IN:
            raise
        for objection in refused.objections:
            messages.error(request, say(objection.message), extra_tags="bad")
        return False
    messages.success(request, said, extra_tags="ok")
    return True
