"""Writes of connectors."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shuangcheng.core.outcome import refusal
from shuangcheng.core.register import Register
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require
from shuangcheng.directory.versions import locked
from shuangcheng.exchange.vault import seal_text

from .. import upstream
from ..inputs.connectors import ConnectorInput, names_of
from ..models import Connector

KEPT = ("enabled", "url", "names", "within", "header", "seconds")


@transaction.atomic
def save(*, register: Register, data: ConnectorInput, by: Actor, at: datetime, seen: int) -> Connector:
    """Say which system answers for a register, and whether it is asked; `seen` is 0 when there was none."""
    require(by, "connector.keep")
    row = Connector.objects.filter(register=register.name).first()
    row = locked(Connector.objects.all(), row, version=seen) if row else _new(register, at=at)
    before = {} if row._state.adding else {name: getattr(row, name) for name in KEPT}
    row.enabled, row.url, row.within = data.enabled, data.url, data.within
    row.header, row.seconds, row.names = data.header, data.seconds, names_of(register, data.names)
    if not data.header:
        row.sealed = None
    elif data.secret:
        row.sealed = seal_text(data.secret, bound_to=f"connector:{row.pk}")
    row.updated_at = at
    row.save()
    changes = audit.differences(before, {name: getattr(row, name) for name in KEPT})
    if data.secret:
        changes["secret"] = [None, None]
    audit.record(
        by=by, at=at, verb="connector.save", kind="connector", subject=row, title=register.title, changes=changes
    )
    return row


def _new(register: Register, *, at: datetime) -> Connector:
    return Connector(register=register.name, created_at=at)


@transaction.atomic
def test(*, connector: Connector, register: Register, question: Mapping[str, str], by: Actor, at: datetime) -> str:
    """Ask the other system one question; `Refused` when it does not answer, else whether a record came."""
    require(by, "connector.keep")
    wrong = upstream.trial(connector, register, register.question(question, today=at.date()), today=at.date())
    audit.record(by=by, at=at, verb="connector.test", kind="connector", subject=connector, title=register.title)
    if wrong and wrong != "no_match":
        raise refusal(
            "connector", _("对方系统没有给出可用的回答（%(reason)s）。请核对地址、凭据和数据项对照。"), reason=wrong
        )
    return wrong
