"""The changes of an item in words: which field, from what, to what."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as t
from pydantic import BaseModel

from shuangcheng.core.schema import Choice
from shuangcheng.core.standing import Comparator
from shuangcheng.core.text import _
from shuangcheng.directory import terms as directory
from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.inputs.items import ItemInput, ObservationInput, ProgressInput, TargetInput
from shuangcheng.plan.models import Target
from shuangcheng.plan.terms import ItemKind, Sides, TargetKind, Told

TITLES = {
    "told_reason": _("原因"), "disputed": _("有分歧"), "observed": _("观测值"),
    "clause_label": _("依据条款"), "sha256": _("文件摘要"),
}  # fmt: skip
INPUTS: dict[str, type[BaseModel]] = {"item": ItemInput, "target": TargetInput, "progress": ProgressInput}
CHOICES: dict[str, type[Choice]] = {"field": directory.Field, "told": Told, "comparator": Comparator, "side": Sides}


def _title(name: str, about: str, subjects: Mapping[str, str]) -> str:
    for model in (INPUTS.get(about, ItemInput), ItemInput, ProgressInput, TargetInput, ObservationInput):
        field = model.model_fields.get(name)
        if field and field.title:
            return t(field.title)
    return t(TITLES[name]) if name in TITLES else subjects.get(name, name)


def _word(name: str, about: str, value: Any) -> str:
    """A value of a change as people read it."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return t("是") if value else t("否")
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    closed = CHOICES.get(name) or ((TargetKind if about == "target" else ItemKind) if name == "kind" else None)
    label = dict(closed.pairs()).get(str(value)) if closed else None
    if name == "action_plan":
        label = next((plan for number, plan, _field in directory.ACTION_PLANS if number == value), None)
    return t(label) if label else str(value)


def told(line: AuditLine, targets: Iterable[Target]) -> list[tuple[str, str, str]]:
    """Title, old and new of every field that a line tells."""
    subjects = {str(target.pk): target.subject for target in targets}
    return changed(line.changes, about=line.verb.partition(".")[0], subjects=subjects)


def changed(
    changes: Mapping[str, Any], *, about: str = "item", subjects: Mapping[str, str] | None = None
) -> list[tuple[str, str, str]]:
    """Title, old and new of every field; `subjects` are what figures are called by the id of their target."""
    subjects = subjects or {}
    return [
        (_title(name, about, subjects), _word(name, about, change[0]), _word(name, about, change[1]))
        for name, change in changes.items()
        if isinstance(change, list) and len(change) == 2
    ]
