"""Asking other nodes who looked at one's own records."""

from datetime import datetime

from django.db import transaction

from shuangcheng.core.basis import Purpose
from shuangcheng.core.letter import Sealed
from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require
from shuangcheng.exchange import outbox
from shuangcheng.exchange.models import Outgoing, Peer

from .. import subjects


@transaction.atomic
def begin(*, node: str, by: Actor, at: datetime, prove: str | None = None) -> tuple[Outgoing, Sealed]:
    """Ask another node who looked at one's own records there."""
    require(by, "lookup.own")
    peer = Peer.objects.active().filter(authority=node).first()
    if peer is None:
        text = _("没有已互联的节点“%(name)s”。")
        raise refusal("peer", text, where="node", why=Why.MISSING, name=node[:20])
    own = subjects.own(by)
    if not own:
        text = _("您的账号还没有核验过证件号码，不能向对方查询。请联系节点管理员登记。")
        raise refusal("no_number", text, why=Why.CONFLICT)
    numbers = [{"kind": each.kind.value, "number": each.number} for each in own]
    says = {"numbers": numbers} | ({"prove": prove} if prove else {})
    letter, sealed = outbox.send_at_once(
        to=peer, type="accesses.v1", says=says, by=by, at=at, kind="proof" if prove else "accesses",
        reference=by.person_id, outside={"purpose": Purpose.OWN_RECORD.value},
    )  # fmt: skip
    audit.record(by=by, at=at, verb="access.ask", kind="peer", subject=peer)
    return letter, sealed
