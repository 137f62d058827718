"""Marks and formats of the list."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shuangcheng.core.schema import Choice
from shuangcheng.core.standing import Comparator, Standing, overdue, part, reached
from shuangcheng.directory import terms as directory
from shuangcheng.directory.audit import plain
from shuangcheng.plan import terms
from shuangcheng.plan.inputs.items import ItemInput
from shuangcheng.plan.models import Item, Target
from shuangcheng.plan.snapshots import PROMISED

from .web import TONES

register = template.Library()

LISTS: dict[str, type[Choice]] = {"kind": terms.ItemKind, "field": directory.Field, "side": terms.Sides}


@register.filter
def figure(value: Decimal | None) -> str:
    """A figure with thousands separators and no needless zeros, a dash for nothing."""
    if value is None:
        return "—"
    whole, mark, rest = f"{value:,.4f}".partition(".")
    rest = rest.rstrip("0")
    return f"{whole}{mark}{rest}" if rest else whole


@register.filter
def aim(target: Target) -> str:
    """What is promised: 不低于 10 个."""
    value = figure(target.value)
    if target.comparator == Comparator.RANGE:
        value = f"{value}–{figure(target.value_max)}"
    elif target.comparator == Comparator.ABOUT:
        return f"{value} {target.unit} {gettext(Comparator.ABOUT.label)}"
    else:
        value = f"{gettext(Comparator(target.comparator).label)} {value}"
    return f"{value} {target.unit}".strip()


@register.filter
def amount(target: Target) -> str:
    """How far a target is: 8 / 10 个."""
    wanted = figure(target.value) if target.value_max is None else f"{figure(target.value)}–{figure(target.value_max)}"
    return f"{figure(target.observed)} / {wanted} {target.unit}".strip()


@register.simple_tag
def bar(percent: int, tone: str = "", label: str = "") -> SafeString:
    """A bar of percent done."""
    return format_html('<progress class="{}" max="100" value="{}" aria-label="{}">{}%</progress>',
                       tone, percent, label or gettext("完成进度"), percent)  # fmt: skip


@register.simple_tag
def target_bar(target: Target, tone: str = "") -> SafeString:
    """A bar of how far a target is."""
    if target.observed is None:
        return SafeString("")
    done = reached(
        comparator=target.comparator, value=target.value, value_max=target.value_max, observed=target.observed
    )
    percent = 100 if done else part(value=target.value, baseline=target.baseline, observed=target.observed)
    return bar(percent, "ok" if done else tone, target.subject)


@register.simple_tag(takes_context=True)
def standing(context: template.Context, item: Item) -> SafeString:
    """Where an item stands by dot and word; for a late one, by how many working days."""
    value = item.standing  # type: ignore[attr-defined]
    text = gettext(Standing(value).label)
    if value == Standing.LATE and item.due:
        text = gettext("逾期 %(n)d 个工作日") % {"n": overdue(item.due, context["at"].date())}
    return format_html('<span class="tag {}">{}</span>', TONES.get(value, ""), text)


@register.filter
def tone(item: Item) -> str:
    """The colour of where an item stands."""
    return TONES.get(item.standing, "")  # type: ignore[attr-defined]


@register.filter
def money(value: Decimal | None) -> str:
    """An amount in 万元."""
    return f"{figure(value)} {gettext('万元')}" if value is not None else "—"


@register.filter
def size(count: int) -> str:
    """The size of a file."""
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(1, count // 1024)} KB"


@register.filter
def field_title(name: str) -> str:
    """What a form calls a field of an item or a plan."""
    info = ItemInput.model_fields.get(name)
    others = {
        "targets": gettext("目标"),
        "clause_label": gettext("依据条款"),
        "name": gettext("清单名称"),
        "policy": gettext("依据文件"),
    }
    others |= {
        "first_year": gettext("起始年份"),
        "last_year": gettext("截止年份"),
        "purpose": gettext("说明"),
        "side": gettext("适用"),
    }
    others |= {"policy_sha256": gettext("依据文件的文本")}
    return gettext(info.title or name) if info else others.get(name, name)


def _said(name: str, value: Any) -> str:
    if value in (None, "", [], ()):
        return "—"
    if isinstance(value, list | tuple):
        return "、".join(str(part) for part in value)
    choices = LISTS.get(name)
    if choices and value in {member.value for member in choices}:
        return gettext(choices(value).label)
    return f"{value[:16]}…" if name == "policy_sha256" else str(value)


@register.simple_tag
def change(name: str, pair: tuple[Any, Any]) -> SafeString:
    """What stood in a field and what stands there now."""
    return format_html("<del>{}</del> → <ins>{}</ins>", _said(name, pair[0]), _said(name, pair[1]))


@register.simple_tag
def target_line(target: Any) -> str:
    """A target in words: a row, or what a snapshot keeps of one."""
    kept = target if isinstance(target, dict) else {name: getattr(target, name) for name in PROMISED}
    comparator = Comparator(kept["comparator"])
    sign = {Comparator.AT_LEAST: "≥ ", Comparator.AT_MOST: "≤ "}.get(comparator, "")
    most = f"–{plain(kept['value_max'])}" if kept["value_max"] else ""
    about = gettext("左右") if comparator is Comparator.ABOUT else ""
    return f"{kept['subject']} {sign}{plain(kept['value'])}{most} {kept['unit']}{about}".strip()


@register.filter
def told_label(value: str) -> str:
    """What a report tells of an item, in the reader's language."""
    return gettext(terms.Told(value).label)
