"""Who may do what in the room; the rules join the directory's table of rights."""

from shuangcheng.core.text import _
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import Rule, own_officer
from shuangcheng.directory.terms import WORKERS, Role

from .models import Consent, LookUp
from .models.holdings import keeps_registers

READ, WRITE = "registers:read", "registers:write"
SCOPES = {READ: _("查询登记簿"), WRITE: _("维护登记簿与同意凭证")}


def _keeps(actor: Actor, _target: object) -> bool:
    return keeps_registers(actor)


def _works(actor: Actor, target: object) -> bool:
    return own_officer(actor, target) or bool(actor.organisations(*WORKERS))


def _is_person(actor: Actor, _target: object) -> bool:
    return actor.person_id is not None


def _reads_contents(actor: Actor, lookup: LookUp) -> bool:
    """Who asked, and who works at the same organisation; what was answered to others is nobody's here."""
    own = lookup.by_person is not None and lookup.by_person == actor.person_id
    return own or (lookup.organisation_id is not None and lookup.organisation_id in actor.organisations(*WORKERS))


def _withdraws(actor: Actor, consent: Consent) -> bool:
    """The person, or whoever takes consents where it was taken."""
    if consent.person_id is not None and consent.person_id == actor.person_id:
        return True
    return own_officer(actor, consent) or consent.organisation_id in actor.organisations(*WORKERS)


RIGHTS: dict[str, Rule] = {
    "holding.keep": _keeps,
    "import.holding": _keeps,
    "connector.keep": lambda actor, _target: actor.has(Role.NODE_ADMIN),
    "sharing.keep": own_officer,
    "lookup.ask": _works,
    "lookup.own": _is_person,
    "lookup.read": _reads_contents,
    "consent.take": _works,
    "consent.give": _is_person,
    "consent.withdraw": _withdraws,
    "alert.read": lambda actor, _target: actor.has(Role.AUDITOR),
    "employment.count": _works,
}
"""The rights: verb -> rule(actor, target)."""
