"""Who may do what in cases; the rules join the directory's table of rights."""

from shuangcheng.core.procedure import Side
from shuangcheng.core.text import _
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import Rule, own_officer
from shuangcheng.exchange.own import own_authority

from .models import Case

READ, WRITE = "cases:read", "cases:write"
SCOPES = {READ: _("查看联办事项"), WRITE: _("办理联办事项")}


def _opened(actor: Actor, case: Case) -> bool:
    return actor.person_id is not None and case.opened_by == actor.person_id


def _acts(actor: Actor, case: Case) -> bool:
    """An officer here when it is this side's turn; whoever opened it when it is the asker's."""
    mine = case.sides(own_authority())
    if not case.now.ways:
        return False
    if case.now.side == Side.ASKER:
        return Side.ASKER in mine and (own_officer(actor) or _opened(actor, case))
    return bool(mine) and case.now.side in (Side.BOTH, *mine) and own_officer(actor)


RIGHTS: dict[str, Rule] = {
    "case.open": lambda actor, _target: actor.kind == "person",
    "case.act": _acts,
    "case.number": own_officer,
}
"""The rights: verb -> rule(actor, target)."""
