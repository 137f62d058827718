"""What the resources share: fetching one visible thing, saying where a new one is, small inputs."""

import re
from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from django.urls import reverse
from pydantic import Field

from shuangcheng.core.schema import Day, Input
from shuangcheng.core.text import _
from shuangcheng.directory import terms
from shuangcheng.directory.fields import YesNo
from shuangcheng.directory.models.base import Versioned

from ..asked import Asked
from ..problems import declined, not_found

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


class Read(Input):
    """What the writer has read."""

    version: int | None = Field(None, ge=1, le=2_000_000_000, description="The version that was read.")


def version_read(request: Asked, row: Versioned, read: Read) -> int:
    """The version that the writer has seen; a stale `If-Match` ends here, a stale `version` in the action."""
    header = request.headers.get("If-Match")
    if header is None:
        if read.version is None:
            text = _("请说明所依据的版本：在请求头 If-Match 中放读取时得到的 ETag，或加上查询参数 version。")
            raise declined(428, "version_missing", text, where="If-Match")
        return read.version
    stated = re.fullmatch(r'\s*"(\d{1,9})(?:-[0-9a-f]{16})?"\s*', header)
    if stated is None or int(stated[1]) != row.version:
        text = _("“%(name)s”在您读取以后已被修改，或 If-Match 的值不对。请重新读取，核对后再保存。")
        raise declined(412, "changed_meanwhile", text, where="If-Match", name=str(row))
    return int(stated[1])


class EndReasonInput(Input):
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
