"""Who may do what in the room; the rules join the directory's table of rights."""

from shuangcheng.core.text import _
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import Rule

from .models.holdings import keeps_registers

READ, WRITE = "registers:read", "registers:write"
SCOPES = {READ: _("查询登记簿"), WRITE: _("维护登记簿与同意凭证")}


def _keeps(actor: Actor, _target: object) -> bool:
    return keeps_registers(actor)


RIGHTS: dict[str, Rule] = {
    "holding.keep": _keeps,
    "import.holding": _keeps,
}
"""The rights: verb -> rule(actor, target)."""
