"""What a node publishes of itself for the others to pull 公共数据同步: pages of public things, signed, with a cursor.

A page holds the newest state of each thing after a cursor, in the order of the cursors; a thing without a body is gone
(a tombstone). The page is signed by the node, so that it may be carried by anybody.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from . import signed
from .keys import PrivateKey
from .manifest import Manifest
from .outcome import Refused, Why, refusal
from .schema import read
from .strict_json import read_object
from .text import _
from .wire import Authority, Count, Name, Seconds, Wire, canonical, not_from_the_future

TYP = "shuangcheng-feed"
LARGEST = 8 * 1024 * 1024
MOST = 500
"""Things on a page."""

Ref = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class Thing(Wire):
    """The newest public state of a thing, or its tombstone."""

    cursor: Annotated[Count, Field(ge=1)] = Field(title=_("位置"))
    kind: Name = Field(title=_("类别"))
    ref: Ref = Field(title=_("编号"))
    body: dict[str, Any] | None = Field(None, title=_("内容"))


class Page(Wire):
    """A page of the feed; `last` says that there is no more for now."""

    iss: Authority = Field(title=_("发布节点"))
    at: Seconds = Field(title=_("发布时间"))
    after: Count = Field(title=_("起始位置"))
    things: tuple[Thing, ...] = Field(title=_("内容"), max_length=MOST)
    last: bool = Field(title=_("已到末尾"))


def sign_page(page: Page, *, keys: Iterable[PrivateKey]) -> bytes:
    """The page as it is published."""
    return signed.sign(canonical(page.model_dump(mode="json")), typ=TYP, keys=keys)


def open_page(raw: bytes, *, issuer: Manifest, after: int, at: datetime) -> Page:
    """The page in `raw`, which must be `issuer`'s and begin after `after`; `Refused` otherwise."""
    parts = signed.take_apart(raw, typ=TYP, largest=LARGEST)
    for key in signed.verify(parts, issuer.key):
        if objection := key.objection(at=at):
            raise Refused(objection, why=Why.FORBIDDEN)
    page = read(Page, read_object(parts.content))
    not_from_the_future(page.at, at=at)
    if page.iss != issuer.authority:
        text = _("同步页自称由 %(told)s 发布，签名的密钥却属于 %(found)s。")
        raise refusal("wrong_issuer", text, where="iss", told=page.iss, found=issuer.authority)
    cursors = [after, *(thing.cursor for thing in page.things)]
    if page.after != after or cursors != sorted(set(cursors)):
        text = _("同步页应从位置 %(after)d 之后依次排列。")
        raise refusal("feed_order", text, where="after", after=after)
    return page
