"""What the resources share: fetching one visible thing, saying where a new one is, small inputs."""

from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from django.urls import reverse
from pydantic import Field

from shuangcheng.core.schema import Day, Input
from shuangcheng.core.text import _
from shuangcheng.directory import terms
from shuangcheng.directory.fields import YesNo

from ..asked import Asked
from ..problems import not_found

M = TypeVar("M", bound=Model)

ActionPlan = Annotated[int, Field(ge=1, le=10)]
"""Number of an action plan, as a filter."""

Words = Annotated[str, Field(max_length=64)]
"""What a person types to find something."""


def one(rows: "QuerySet[M]", **keys: Any) -> M:
    """The one row that is meant; 404 when it does not exist or is not visible."""
    row = rows.filter(**keys).first()
    if row is None:
        raise not_found()
    return row


def made(asked: Asked, view: str, *keys: object) -> None:
    """Say in `Location` where a new thing is."""
    asked.location = reverse(f"api:{view}", args=keys)


class ReasonInput(Input):
    """A reason for ending something 理由."""

    reason: Annotated[str, Field(min_length=1, max_length=300)] = Field(title=_("理由"))


class RoleInput(Input):
    """A role for a member 成员职务."""

    role: terms.MemberRole = Field(title=_("职务"))


class LeaveInput(Input):
    """A day of leaving 退出日期."""

    on: Day = Field(title=_("退出日期"))


class AcceptInput(Input):
    """An answer to an invitation 答复."""

    accept: YesNo = Field(title=_("接受"))
