"""An agreement of our node with the partner, for the tests of look-ups."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from shuangcheng.core.agreement import Terms, join, sign_agreement
from shuangcheng.core.schema import read
from shuangcheng.exchange import outbox
from shuangcheng.exchange.models import Outgoing, Peer
from shuangcheng.registers.actions import sharings
from shuangcheng.registers.inputs.sharings import ScopeInput, TermsInput
from shuangcheng.registers.models import Sharing
from tests.partner import Partner
from tests.world import World


def terms(**changes: Any) -> TermsInput:
    today = timezone.localdate()
    values = {
        "purposes": ["recruitment", "title_review"], "bases": ["statutory_duty", "separate_consent"],
        "askers": ["authority", "school", "university"], "fields": ["name", "kind", "subject", "status"],
        "rows_a_letter": 1000, "rows_a_day": 5000, "starts": today, "ends": today + timedelta(days=365),
    }  # fmt: skip
    return read(TermsInput, values | changes)


def drafted(world: World, *, part: str = "recipient", register: str = "teacher_certificate", **more: Any) -> Sharing:
    scope = read(ScopeInput, {"peer": "sc", "register_name": register, "part": part})
    return sharings.draft(scope=scope, data=terms(**more), by=world.cq_officer.actor, at=timezone.localtime())


def signed(sharing: Sharing, world: World) -> Sharing:
    return sharings.sign(sharing=sharing, version=sharing.version, by=world.cq_officer.actor, at=timezone.localtime())


def joined(row: Sharing, partner: Partner) -> bytes:
    """What the partner sends back when it has signed our offer."""
    theirs = sign_agreement(read(Terms, row.terms), keys=[partner.signer])
    return join(bytes(row.ours or b""), theirs)


def deliver() -> None:
    """Deliver what waits in the outbox."""
    for letter in Outgoing.objects.filter(state="waiting"):
        outbox.deliver(letter.pk, at=timezone.localtime())


def agreed(world: World, peer: Peer, partner: Partner, **more: Any) -> Sharing:
    """An agreement in force."""
    row = signed(drafted(world, **more), world)
    partner.ask("agreement.v1", {"document": joined(row, partner).decode()})
    deliver()
    row.refresh_from_db()
    assert row.state == "in_force"
    return row
