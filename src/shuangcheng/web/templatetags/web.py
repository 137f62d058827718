"""Marks and formats of the pages."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext
from markdown_it import MarkdownIt

from shuangcheng.core.outcome import Message
from shuangcheng.directory import policy, terms

from ..maps import County
from ..say import say, say_kept
from ..verbs import DOORS, VERBS

register = template.Library()

TONES = {
    "active": "ok",
    "preparing": "now",
    "merged": "",
    "closed": "",
    "open": "now",
    "suspended": "warn",
    "admitted": "ok",
    "applied": "warn",
    "returned": "warn",
    "refused": "bad",
    "withdrawn": "",
    "left": "",
    "passed": "ok",
    "failed": "bad",
    "no_quorum": "warn",
    "cancelled": "",
    "draft": "warn",
    "approved": "ok",
    "ended": "",
    "filed": "now",
    "accepted": "ok",
    "nominated": "warn",
    "vetted": "ok",
    "retired": "",
    "invited": "warn",
    "declined": "",
    "served": "ok",
    "uploaded": "now",
    "checking": "now",
    "checked": "warn",
    "unreadable": "bad",
    "writing": "now",
    "done": "ok",
    "late": "bad",
    "blocked": "bad",
    "at_risk": "warn",
    "on_track": "ok",
    "not_started": "",
    "dropped": "",
    "pending": "warn",
    "confirmed": "ok",
    "in_force": "ok",
    "lapsed": "",
    "replaced": "",
    "due": "bad",
    "submitted": "now",
    "granted": "ok",
    "partly": "warn",
    "held": "now",
    "minutes": "warn",
    "agreed": "ok",
    "referred": "now",
    "proposed": "warn",
    "disputed": "warn",
    "carried": "warn",
    "raised": "now",
    "introduced": "warn",
    "waiting": "now",
    "delivered": "ok",
    "parked": "warn",
    "dead": "bad",
    "handled": "ok",
}


@register.filter
def tr(text: Any) -> str:
    """Interface text that comes from a declaration, in the reader's language."""
    if isinstance(text, Message):
        return say(text)
    return gettext(str(text)) if text else ""


@register.filter
def kept(row: Any, field: str) -> str:
    """The sentence that an action kept in a field of a row, in the reader's language."""
    return say_kept(row.said, getattr(row, field))


@register.filter
def subtitle(text: str) -> str:
    """What the search index says under a title: a label in the reader's language, then names as they are."""
    first, mark, rest = text.partition(" · ")
    return f"{tr(first)}{mark}{rest}"


@register.filter
def label(value: str, enum: str) -> str:
    """The label of a member of one of the directory's closed lists, in the reader's language."""
    return gettext(getattr(terms, enum)(value).label) if value else ""


@register.simple_tag
def side(value: str) -> SafeString:
    """The badge 渝 or 川."""
    if value not in ("cq", "sc"):
        return SafeString("")
    text = pgettext("side", "渝") if value == "cq" else pgettext("side", "川")
    return format_html('<span class="side {}" title="{}">{}</span>', value, label(value, "Side"), text)


@register.simple_tag
def state(value: str, text: str) -> SafeString:
    """A state by dot and word."""
    return format_html('<span class="tag {}">{}</span>', TONES.get(value, ""), gettext(text))


@register.simple_tag
def county_links(shapes: Iterable[County], file: str) -> SafeString:
    """The map's counties as links, each with its shape from `file`; the keyboard stops at those with a colour."""
    return format_html_join(
        "",
        '<a href="{}"{}><title>{}{}</title><use href="{}#c{}"{}/></a>',
        (
            (
                shape.address,
                "" if shape.shade else SafeString(' tabindex="-1"'),
                shape.name,
                f" {shape.count}" if shape.count else "",
                file,
                shape.code,
                format_html(' class="{}"', shape.shade) if shape.shade else "",
            )
            for shape in shapes
        ),
    )


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as 2026-11-22, the year alone when only the year is known, a dash when nothing is."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat()


@register.filter
def action_plan(number: int | None) -> str:
    """Short name of an action plan."""
    names = {no: name for no, name, _field in terms.ACTION_PLANS}
    return gettext(names[number]) if number in names else ""


@register.simple_tag(takes_context=True)
def may(context: template.Context, verb: str, target: Any = None) -> bool:
    """Whether the reader has a right, for showing a control."""
    actor = context.get("actor")
    return bool(actor and policy.may(actor, verb, target))


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The address's query with `changes`; None removes a parameter, the page number is dropped."""
    parameters = context["request"].GET.copy()
    parameters.pop("page", None)
    for name, value in changes.items():
        parameters.pop(name, None)
        if value not in (None, ""):
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@register.filter
def verb(name: str) -> str:
    """What a verb of the audit trail is called."""
    return gettext(VERBS[name]) if name in VERBS else name


@register.filter
def door(name: str) -> str:
    """What the way in is called by which somebody acted."""
    return gettext(DOORS[name]) if name in DOORS else name


@register.filter
def number(value: int | str | None) -> str:
    """A whole number with thousands separators, empty for nothing."""
    return f"{int(value):,}" if value not in (None, "") else ""


@register.filter
def moment(value: datetime, now: datetime | None) -> str:
    """A time as today's hour, this year's day or an older date."""
    value = timezone.localtime(value)
    if now is None or value.year != now.year:
        return value.strftime("%Y-%m-%d")
    return value.strftime("%H:%M" if value.date() == now.date() else "%m-%d %H:%M")


def _end(value: date, first: tuple[int, int]) -> str:
    """A day, or its year alone when that is all that is known."""
    return str(value.year) if (value.month, value.day) == first else value.isoformat()


@register.simple_tag
def period(begin: date | None, end: date | None) -> str:
    """A term from–until; an unknown end is left open."""
    parts = [_end(begin, (1, 1)) if begin else "", _end(end, (12, 31)) if end else ""]
    return "—".join(parts) if any(parts) else "—"


@register.filter
def markdown(text: str, below: int = 0) -> SafeString:
    """A text with headings and lists as HTML, its first heading `below` others; HTML inside it is shown, not obeyed."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + below)}"
    return mark_safe(parser.renderer.render(tokens, parser.options, {}))  # noqa: S308
