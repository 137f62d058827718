"""One's own notices."""

from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from shuangcheng.core.schema import Input
from shuangcheng.core.text import _
from shuangcheng.desk import notices
from shuangcheng.desk.models import Notice

from ..asked import Asked
from ..outputs.notices import NoticeOut, NoticePage, NoticesRead
from ..paging import Paging, page
from ..section import PLAN_READ, PLAN_WRITE, Section

section = Section("Notices", "What the node told oneself 通知.", read=PLAN_READ, write=PLAN_WRITE)


class NoticeFilters(Paging):
    """Which notices."""

    unread: bool = Field(False, description="Only those that are not read.")


class ReadInput(Input):
    """What was read 已读."""

    ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200, title=_("通知"))]


@section.reads("/notices", NoticePage, open=False)
def list_notices(request: Asked, filters: Query[NoticeFilters]) -> NoticePage:
    """List one's notices.

    The newest first.
    """
    rows = Notice.objects.visible_to(request.actor)
    rows = rows.unread() if filters.unread else rows
    return page(rows, order=("-at", "-id"), asked=request, paging=filters, gives=NoticePage, each=NoticeOut.each)


@section.writes("/notices/read", NoticesRead)
def read_notices(request: Asked, data: ReadInput) -> NoticesRead:
    """Mark notices as read.

    Those of others, and those that are read already, are passed over.
    """
    rows = Notice.objects.visible_to(request.actor).filter(pk__in=data.ids)
    return NoticesRead(read=notices.read(notices=rows, by=request.actor, at=request.at))
