"""What comes of letters about agreements; each runs in the transaction that takes the letter in or settles it."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from shuangcheng.core.agreement import Terms, digest_of, read_signed
from shuangcheng.core.letters.agreement import Body as Document
from shuangcheng.core.letters.agreement_notice import Act
from shuangcheng.core.letters.agreement_notice import Body as Notice
from shuangcheng.core.outcome import Message, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor, system
from shuangcheng.directory.terms import Role
from shuangcheng.exchange import trust
from shuangcheng.exchange.handlers import Arrived
from shuangcheng.exchange.models import Outgoing, Peer
from shuangcheng.exchange.terms import PeerState

from .actions.sharings import ENDABLE, of_family, title
from .agreements import complete, register_named
from .hearers import tell
from .models import Sharing
from .terms import SharingState


def agreement(arrived: Arrived) -> None:
    """Keep a version that the other side offers, or put in force one that both have signed now."""
    body = arrived.letter.body
    assert isinstance(body, Document)
    no_guest(arrived.peer)
    raw, known = body.document.encode(), trust.current(at=arrived.at)
    both = {name: known.manifest_of(name) for name in (known.me.authority, arrived.peer.authority)}
    terms, signers = read_signed(raw, parties=both, at=arrived.at)
    if {terms.provider, terms.recipient} != both.keys():
        raise refusal("another_party", _("这份协议不是双方之间的协议。"), where="provider")
    row = of_family(UUID(terms.id), terms.version)
    if signers == both.keys():
        _completed(row, terms, raw, arrived)
    elif signers == {arrived.peer.authority}:
        _offered(row, terms, raw, arrived)
    else:
        raise refusal("not_signed_by_you", _("协议没有发件方的签名。"), where="signatures")


def _completed(row: Sharing | None, terms: Terms, raw: bytes, arrived: Arrived) -> None:
    if row is not None and row.state == SharingState.IN_FORCE and row.digest == digest_of(terms):
        return
    if row is None or row.state != SharingState.OFFERED or row.digest != digest_of(terms):
        text = _("本方没有待签署的这个版本，可能已经收回。请与对方联系人核对。")
        raise refusal("not_offered", text, where="version", why=Why.CONFLICT)
    complete(row, raw, at=arrived.at)
    _saved(row, "sharing.complete", by=arrived.by, at=arrived.at)
    text = _("%(peer)s已签署“%(register)s”数据共享协议，协议生效。")
    _notify(row, text, by=arrived.by, at=arrived.at)


def _offered(row: Sharing | None, terms: Terms, raw: bytes, arrived: Arrived) -> None:
    if row is not None:
        if row.digest == digest_of(terms) and row.peer_id == arrived.peer.pk and row.theirs:
            return
        text = _("协议的第 %(number)d 版在本节点已有不同的内容。请核对后另起一个版本。")
        raise refusal("version_taken", text, where="version", why=Why.CONFLICT, number=terms.version)
    before = Sharing.objects.filter(family=terms.id).order_by("-number").first()
    scope = (terms.register_name, terms.provider, terms.recipient)
    if before is not None and (before.register, before.provider, before.recipient) != scope:
        raise refusal("another_scope", _("新版本不能换登记簿或换双方，请另立协议。"), where="register_name")
    register_named(terms.register_name)
    row = Sharing(
        family=UUID(terms.id), number=terms.version, peer=arrived.peer, provider=terms.provider,
        recipient=terms.recipient, register=terms.register_name, terms=terms.model_dump(mode="json"),
        digest=digest_of(terms), theirs=raw, state=SharingState.RECEIVED, drafted_by=arrived.peer.name,
        starts_at=_moment(terms.starts), ends_at=_moment(terms.ends), created_at=arrived.at, updated_at=arrived.at,
    )  # fmt: skip
    row.save(force_insert=True)
    audit.record(
        by=arrived.by, at=arrived.at, verb="sharing.receive", kind="sharing", subject=row, title=title(row)
    )  # fmt: skip
    _notify(row, _("%(peer)s请本方签署“%(register)s”数据共享协议。"), by=arrived.by, at=arrived.at)


def notice(arrived: Arrived) -> None:
    """The other side hands a version back unsigned, or ends it."""
    body = arrived.letter.body
    assert isinstance(body, Notice)
    no_guest(arrived.peer)
    row = of_family(UUID(body.agreement), body.version)
    if row is None or row.digest != body.digest or row.peer_id != arrived.peer.pk:
        raise refusal("unknown_version", _("本节点没有这个版本的协议。"), where="version", why=Why.MISSING)
    returned = body.act == Act.RETURN
    wanted = (SharingState.OFFERED,) if returned else (*ENDABLE, SharingState.RECEIVED)
    if row.state not in wanted:
        return
    row.state = SharingState.RETURNED if returned else SharingState.ENDED
    row.reason, row.ended_at = body.reason, None if returned else arrived.at
    _saved(row, "sharing.return" if returned else "sharing.end", by=arrived.by, at=arrived.at, note=body.reason)
    text = (
        _("%(peer)s退回了“%(register)s”数据共享协议。") if returned
        else _("%(peer)s终止了“%(register)s”数据共享协议。")
    )  # fmt: skip
    _notify(row, text, by=arrived.by, at=arrived.at)


def not_taken(letter: Outgoing, *, at: datetime) -> None:
    """The other node refused what this side signed: it is back on this side's desk, with the reason."""
    rows = Sharing.objects.select_for_update(of=("self",)).select_related("peer")
    row = rows.filter(pk=letter.reference).first() if letter.reference else None
    if row is None or row.state not in ENDABLE:
        return
    row.state, row.document, row.complete_at = SharingState.RETURNED, None, None
    row.reason = "；".join(str(reason.get("message", "")) for reason in letter.reasons)[:500]
    _saved(row, "sharing.return", by=system("互联"), at=at, note=row.reason)
    _notify(row, _("%(peer)s的节点没有收下“%(register)s”数据共享协议。"), by=system("互联"), at=at)


def no_guest(peer: Peer) -> None:
    """What changes real things is not for guests of the gate."""
    if peer.state == PeerState.GUEST:
        raise refusal("guest", _("检验用的节点不能办理这项业务。"), why=Why.FORBIDDEN)


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, timezone.get_default_timezone())


def _saved(row: Sharing, verb: str, *, by: Actor, at: datetime, note: str = "") -> None:
    row.updated_at, row.version = at, row.version + 1
    row.save()
    audit.record(by=by, at=at, verb=verb, kind="sharing", subject=row, title=title(row), note=note)


def _notify(row: Sharing, text: str, *, by: Actor, at: datetime) -> None:
    values = {"peer": row.peer.name, "register": Message(register_named(row.register).title)}
    tell(Role.OFFICER, Message(text, values), kind="sharing", address=f"/sharing/{row.pk}/", by=by, at=at)
