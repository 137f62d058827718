"""Marks of the plan's pages."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as t

from shuangcheng.core.schema import Choice
from shuangcheng.core.standing import Comparator, Standing
from shuangcheng.directory import terms as directory
from shuangcheng.directory.audit import plain
from shuangcheng.plan import terms
from shuangcheng.plan.inputs.items import ItemInput
from shuangcheng.plan.snapshots import PROMISED

from .web import TONES

register = template.Library()

LISTS: dict[str, type[Choice]] = {"kind": terms.ItemKind, "field": directory.Field, "side": terms.Sides}


@register.simple_tag
def standing(value: str) -> SafeString:
    """Where an item stands, by dot and word."""
    return format_html('<span class="tag {}">{}</span>', TONES.get(value, ""), t(Standing(value).label))


@register.filter
def field_title(name: str) -> str:
    """What a form calls a field of an item or a plan."""
    info = ItemInput.model_fields.get(name)
    others = {"targets": t("目标"), "clause_label": t("依据条款"), "name": t("清单名称"), "policy": t("依据文件")}
    others |= {"first_year": t("起始年份"), "last_year": t("截止年份"), "purpose": t("说明"), "side": t("适用")}
    others |= {"policy_sha256": t("依据文件的文本")}
    return t(info.title or name) if info else others.get(name, name)


def _said(name: str, value: Any) -> str:
    if value in (None, "", [], ()):
        return "—"
    if isinstance(value, list | tuple):
        return "、".join(str(part) for part in value)
    choices = LISTS.get(name)
    if choices and value in {member.value for member in choices}:
        return t(choices(value).label)
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
    about = t("左右") if comparator is Comparator.ABOUT else ""
    return f"{kept['subject']} {sign}{plain(kept['value'])}{most} {kept['unit']}{about}".strip()
