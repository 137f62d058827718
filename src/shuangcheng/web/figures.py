"""Observed values in a form: one more field for each target of an item."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as t
from pydantic import Field, create_model

from shuangcheng.core.schema import Input
from shuangcheng.plan.inputs.items import Figure
from shuangcheng.plan.models import Target

from .templatetags.plan import aim, figure


def _name(target: Target) -> str:
    return f"figure_{target.pk.hex}"


def with_figures(model: type[Input], targets: Iterable[Target]) -> type[Any]:
    """The input with a field for each target."""
    fields: dict[str, Any] = {
        _name(row): (
            Figure | None,
            Field(None, title=f"{row.subject}（{row.unit}）" if row.unit else row.subject, description=_known(row)),
        )
        for row in targets
    }
    return create_model(model.__name__, __base__=model, **fields) if fields else model


def _known(row: Target) -> str:
    parts = [t("目标：%(text)s") % {"text": aim(row)}]
    if row.observed is not None:
        parts.append(t("上次：%(text)s（%(on)s）") % {"text": figure(row.observed), "on": row.observed_on})
    return "；".join(parts)


def parted(data: Input, model: type[Input], targets: Iterable[Target]) -> tuple[dict[str, Any], dict[str, Decimal]]:
    """What was read by `with_figures`: the values of the input without them, and the figures by the target's id."""
    given = dict(data)
    figures = {str(row.pk): given[_name(row)] for row in targets if given.get(_name(row)) is not None}
    return {name: given[name] for name in model.model_fields}, figures


def shown(figures: Iterable[dict[str, str]]) -> dict[str, Any]:
    """Kept figures as the form begins with them."""
    return {f"figure_{entry['target'].replace('-', '')}": entry["value"] for entry in figures}
