"""Who may do what in the exchange; the rules join the directory's table of rights."""

from shuangcheng.core.text import _
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import Rule
from shuangcheng.directory.terms import Role

READ, WRITE = "exchange:read", "exchange:write"
SCOPES = {READ: _("查看节点互联"), WRITE: _("维护节点互联")}


def _operates(actor: Actor, _target: object) -> bool:
    return actor.has(Role.NODE_ADMIN)


def _watches(actor: Actor, _target: object) -> bool:
    return actor.has(Role.NODE_ADMIN, Role.OFFICER, Role.AUDITOR)


READING: dict[str, Rule] = {"exchange.read": _watches}
"""The right to see how the exchange goes, for which a token needs the scope to read only."""

RIGHTS: dict[str, Rule] = {
    "peer.introduce": _operates,
    "peer.activate": _operates,
    "peer.suspend": _operates,
    "peer.refresh": _operates,
    "key.rotate": _operates,
    "key.revoke": _operates,
    "letter.again": _operates,
    "letter.erase": _operates,
    "letter.handle": _operates,
}
"""The rights: verb -> rule(actor, target)."""
