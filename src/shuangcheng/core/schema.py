"""What an action is told: one pydantic model serves the form, the API and the Excel template."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from .outcome import Message, Objection, Refused
from .text import _


class Input(BaseModel):
    """Base of all inputs: frozen, unknown fields refused, spaces trimmed, every field titled in Chinese."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, validate_default=False)


class Choice(StrEnum):
    """A closed list whose members carry the Chinese label: `HIGHER = "higher", "高等教育"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Choice":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value
        return member

    @classmethod
    def _missing_(cls, value: object) -> "Choice | None":
        """People and spreadsheets write the label; both are understood."""
        return cls._by_label().get(value) if isinstance(value, str) else None

    @classmethod
    def _by_label(cls) -> dict[str, "Choice"]:
        return {member.label: member for member in cls}

    @classmethod
    def pairs(cls) -> list[tuple[str, str]]:
        """Value and label of each member, for a model's `choices`."""
        return [(member.value, member.label) for member in cls]


FIRST_YEAR, LAST_YEAR = 1600, 2200


def _date_from_text(value: object) -> object:
    """Accept 2026-11-22, 2026/11/22, 2026.11.22, 2026年11月22日 and an Excel date; leave the rest to pydantic."""
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, str):
        return value
    if len(value) == 10 and value[4] == value[7] == "-":
        try:
            return date.fromisoformat(value)  # nearly always, and a tenth of the work
        except ValueError:
            pass
    text = value.strip().removesuffix("日").replace("年", "-").replace("月", "-").replace("/", "-").replace(".", "-")
    parts = text.split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts) and len(parts[0]) == 4:
        try:
            return date(int(parts[0]), int(parts[1]), int(parts[2]))
        except ValueError:
            raise PydanticCustomError("date_not_real", "no such day") from None
    raise PydanticCustomError("date_not_read", "not a date")


def _none_if_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""One line of text that must be given."""

OptionalLine = Annotated[str, StringConstraints(max_length=200)]
"""One line of text that may be empty."""

Prose = Annotated[str, StringConstraints(max_length=20_000)]
"""Text of several lines that may be empty."""


def _within_reason(value: date | None) -> date | None:
    """Keep days that cannot be meant away from what computes with them."""
    if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise PydanticCustomError("date_not_real", "no such day")
    return value


Day = Annotated[date, BeforeValidator(_date_from_text), AfterValidator(_within_reason)]
"""A date, also as people type it."""

OptionalDay = Annotated[
    date | None, BeforeValidator(_date_from_text), BeforeValidator(_none_if_blank), AfterValidator(_within_reason)
]
"""A date or nothing."""

OptionalNumber = Annotated[int | None, BeforeValidator(_none_if_blank)]
"""A whole number or nothing."""

SENTENCES: Mapping[str, str] = {
    "missing": _("“%(title)s”没有填写。"),
    "string_too_short": _("“%(title)s”没有填写。"),
    "string_too_long": _("“%(title)s”最多 %(max_length)s 个字，请缩短。"),
    "string_type": _("“%(title)s”应为文字。"),
    "extra_forbidden": _("没有“%(field)s”这一项，请删去或检查拼写。"),
    "date_not_read": _("“%(title)s”读不出日期，请写成 2026-11-22 这样的形式。"),
    "date_not_real": _("“%(title)s”的日期不存在，请核对年月日。"),
    "date_type": _("“%(title)s”读不出日期，请写成 2026-11-22 这样的形式。"),
    "int_parsing": _("“%(title)s”应为整数。"),
    "int_from_float": _("“%(title)s”应为整数。"),
    "int_type": _("“%(title)s”应为整数。"),
    "decimal_parsing": _("“%(title)s”应为数字。"),
    "decimal_max_places": _("“%(title)s”最多 %(decimal_places)s 位小数。"),
    "bool_parsing": _("“%(title)s”只能填“是”或“否”。"),
    "greater_than": _("“%(title)s”应大于 %(gt)s。"),
    "greater_than_equal": _("“%(title)s”不应小于 %(ge)s。"),
    "less_than": _("“%(title)s”应小于 %(lt)s。"),
    "less_than_equal": _("“%(title)s”不应大于 %(le)s。"),
    "too_short": _("“%(title)s”至少要有 %(min_length)s 项。"),
    "too_long": _("“%(title)s”最多 %(max_length)s 项。"),
    "uuid_parsing": _("“%(title)s”不是有效的编号。"),
    "enum": _("“%(title)s”只能从以下各项中选：%(choices)s。"),
    "null_character": _("“%(title)s”含有不可见的控制字符，请删去后重新填写。"),
    "string_unicode": _("“%(title)s”含有残缺的字符，请重新填写。"),
    "url_not_read": _("“%(title)s”应是以 https:// 或 http:// 开头的网址。"),
}
"""Chinese sentences for pydantic's error types; the title of the field is the subject."""

TOO_SHORT = _("“%(title)s”至少要写 %(min_length)s 个字。")
UNREAD = _("“%(title)s”填写有误，请核对。")


def title_of(model: type[BaseModel], name: str) -> Message:
    """The title of a field in the reader's language, or its name."""
    field = model.model_fields.get(name)
    return Message((field.title if field else None) or name)


def objection_of(model: type[BaseModel], error: ErrorDetails) -> Objection:
    """One pydantic error as an objection in office Chinese."""
    cause = (error.get("ctx") or {}).get("error")
    name = str(error["loc"][0]) if error["loc"] else ""
    if isinstance(cause, Refused):
        first = cause.objections[0]
        return Objection(first.code, first.message, name)
    values: dict[str, Any] = {"title": title_of(model, name), "field": name, **(error.get("ctx") or {})}
    if error["type"] == "enum":
        values["choices"] = "、".join(_choices(model, name))
    text = TOO_SHORT if error["type"] == "string_too_short" and error["input"] else SENTENCES.get(error["type"], UNREAD)
    return Objection(error["type"], Message(text, values), name)


def _choices(model: type[BaseModel], name: str) -> Iterable[str]:
    field = model.model_fields.get(name)
    annotation = field.annotation if field else None
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, Choice):
            return [member.label for member in candidate]
    return []


def objections_of(model: type[BaseModel], error: ValidationError) -> tuple[Objection, ...]:
    """Every reason why the input was refused, in the order of the fields."""
    return tuple(objection_of(model, detail) for detail in error.errors(include_url=False))


M = TypeVar("M", bound=Input)


def _holds_null(value: object) -> bool:
    """PostgreSQL stores every character but U+0000."""
    if isinstance(value, str):
        return "\0" in value
    return isinstance(value, list | tuple) and any(_holds_null(item) for item in value)


def _null_characters(model: type[BaseModel], values: Mapping[str, object]) -> list[Objection]:
    text = SENTENCES["null_character"]
    found = [name for name, value in values.items() if _holds_null(value)]
    return [Objection("null_character", Message(text, {"title": title_of(model, name)}), name) for name in found]


def read(model: type[M], values: Mapping[str, object]) -> M:
    """Make an input from untrusted values or raise `Refused` with every reason."""
    if objections := _null_characters(model, values):
        raise Refused(*objections)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Refused(*objections_of(model, error)) from None
