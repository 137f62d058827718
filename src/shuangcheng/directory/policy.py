"""Who may do what: one table of rights, asked by actions and by pages alike."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings

from shuangcheng.core.outcome import Refused, Why, refusal
from shuangcheng.core.text import _

from .actor import Actor
from .models import Agreement, Alliance, Expert, Membership, Organisation, Zone
from .terms import COUNCIL_ROLES, SIDES, MemberRole, MemberState, Role, Side

Rule = Callable[[Actor, Any], bool]
Explanation = Callable[[Actor, Any], Refused | None]


def _node_admin(actor: Actor, _target: object) -> bool:
    return actor.has(Role.NODE_ADMIN)


def own_officer(actor: Actor, _target: object = None) -> bool:
    """An officer of the authority whose node this is."""
    return any(held.role == Role.OFFICER and held.side == settings.SHUANGCHENG.side for held in actor.held)


def _officer(actor: Actor, _target: object) -> bool:
    return actor.has(Role.OFFICER)


def _same_side(actor: Actor, side: object) -> bool:
    """An officer for a thing of his own side, or of neither."""
    return actor.has(Role.OFFICER) and side in (actor.side, "other", None)


def _concerned(actor: Actor, sides: Iterable[str]) -> bool:
    """An officer for what takes in somebody or some place of his own side, or of neither."""
    known = set(sides)
    return actor.has(Role.OFFICER) and (actor.side in known or known <= {Side.OTHER})


def _runs(actor: Actor, organisation: Organisation) -> bool:
    """An officer of the organisation's side or its own administrator."""
    own = organisation.id in actor.organisations(Role.ORGANISATION_ADMIN)
    return own or _same_side(actor, organisation.side)


def _works_at(actor: Actor, organisation: Organisation) -> bool:
    return organisation.id in actor.organisations(Role.ORGANISATION_ADMIN, Role.ORGANISATION_STAFF)


def _oversees(actor: Actor, alliance: Alliance) -> bool:
    """An officer of the alliance's seat or of a member's side."""
    if not actor.has(Role.OFFICER):
        return False
    if _same_side(actor, alliance.organisation.side):
        return True
    return alliance.memberships.current().filter(organisation__side=actor.side).exists()


def _leads(actor: Actor, alliance: Alliance) -> bool:
    """An officer concerned, or the administrator of the alliance itself or of a leading member."""
    if _oversees(actor, alliance):
        return True
    own = actor.organisations(Role.ORGANISATION_ADMIN)
    return alliance.organisation_id in own or (
        bool(own) and alliance.memberships.current().filter(role=MemberRole.LEAD, organisation__in=own).exists()
    )


def _rules_members(actor: Actor, alliance: Alliance) -> bool:
    """An officer concerned; the lead only while there is nobody else in the council to ask."""
    return _oversees(actor, alliance) or (_leads(actor, alliance) and len(council_of(alliance)) <= 1)


def _council(actor: Actor, organisation: Organisation) -> bool:
    return organisation.id in actor.organisations(Role.ORGANISATION_ADMIN)


def _applicant(actor: Actor, membership: Membership) -> bool:
    return membership.organisation_id in actor.organisations(Role.ORGANISATION_ADMIN)


def _drafts(actor: Actor, agreement: Agreement) -> bool:
    """An officer of a party's side or the administrator of a party."""
    own = actor.organisations(Role.ORGANISATION_ADMIN)
    return _approves(actor, agreement) or (bool(own) and agreement.parties.filter(id__in=own).exists())


def _approves(actor: Actor, agreement: Agreement) -> bool:
    """An officer of a party's side."""
    return _concerned(actor, agreement.parties.values_list("side", flat=True))


def _keeps_zone(actor: Actor, zone: Zone | None) -> bool:
    """An officer on whose side the zone has a place; any officer may begin one."""
    if zone is None or not actor.has(Role.OFFICER):
        return actor.has(Role.OFFICER)
    return _concerned(actor, (SIDES.get(division.province_code, Side.OTHER) for division in zone.divisions.all()))


def _expert_self(actor: Actor, expert: Expert) -> bool:
    return actor.person_id == expert.person_id


def _expert_keeper(actor: Actor, expert: Expert) -> bool:
    """The expert, the nominating or employing organisation, or an officer of the side."""
    own = actor.organisations(Role.ORGANISATION_ADMIN)
    return (
        _expert_self(actor, expert)
        or expert.nominated_by_id in own
        or expert.employer_id in own
        or _same_side(actor, expert.side)
    )


def _reads_audit(actor: Actor, _target: object) -> bool:
    return actor.has(Role.AUDITOR, Role.NODE_ADMIN)


def _grants_in(actor: Actor, organisation: Organisation) -> bool:
    return actor.has(Role.NODE_ADMIN) or _runs(actor, organisation)


RIGHTS: dict[str, Rule] = {
    "organisation.create": _same_side,
    "organisation.edit": _runs,
    "organisation.rename": lambda actor, organisation: _same_side(actor, organisation.side),
    "programme.edit": _runs,
    "designation.edit": lambda actor, organisation: _same_side(actor, organisation.side),
    "alliance.create": _officer,
    "alliance.edit": _leads,
    "alliance.members": _rules_members,
    "alliance.apply": _council,
    "alliance.withdraw": _applicant,
    "alliance.decide": _leads,
    "ballot.vote": _council,
    "report.file": _leads,
    "report.decide": _oversees,
    "agreement.create": lambda actor, _target: actor.has(Role.OFFICER, Role.ORGANISATION_ADMIN),
    "agreement.edit": _drafts,
    "agreement.approve": _approves,
    "zone.edit": _keeps_zone,
    "expert.nominate": lambda actor, organisation: _runs(actor, organisation),
    "expert.edit": _expert_keeper,
    "expert.vet": lambda actor, expert: _same_side(actor, expert.side),
    "expert.invite": lambda actor, organisation: _works_at(actor, organisation) or _same_side(actor, organisation.side),
    "expert.answer": _expert_self,
    "expert.avoid": _expert_keeper,
    "expert.record": lambda actor, expert: actor.is_officer or actor.has(Role.AUDITOR) or _expert_keeper(actor, expert),
    "person.create": _grants_in,
    "person.grant": _grants_in,
    "person.find": lambda actor, _target: actor.has(Role.NODE_ADMIN, Role.OFFICER, Role.ORGANISATION_ADMIN),
    "person.number": _node_admin,
    "account.second_factor": _node_admin,
    "account.mail": lambda actor, account: actor.account_id == account.id,
    "import.organisation": _officer,
    "import.programme": lambda actor, _target: actor.has(Role.OFFICER, Role.ORGANISATION_ADMIN),
    "audit.read": _reads_audit,
    "token.create": lambda actor, _target: actor.kind == "person",
}
"""The rights: verb -> rule(actor, target). A verb that is not here is refused to everybody."""

SCOPES = {
    "directory:read": _("查看名录"),
    "directory:write": _("维护名录"),
    "import": _("批量导入"),
    "audit:read": _("查看审计记录"),
}
"""What a token may be limited to."""


READ_SCOPES = {"audit.read": "audit:read", "expert.record": "directory:read"}
WRITE_SCOPES = dict.fromkeys(RIGHTS, "directory:write") | READ_SCOPES
"""Verb -> the scope a token needs for it; imports have one of their own."""


EXPLANATIONS: dict[str, Explanation] = {}
"""Verb -> why somebody who would have the right on another thing has it not on this one."""


def add(
    rights: Mapping[str, Rule], *, write: str, scopes: Mapping[str, str],
    explanations: Mapping[str, Explanation] | None = None,
) -> None:  # fmt: skip
    """Join the rights of an upper room, which need the scope `write`, and the scopes that its tokens may have."""
    EXPLANATIONS.update(explanations or {})
    RIGHTS.update(rights)
    WRITE_SCOPES.update(dict.fromkeys(rights, write))
    SCOPES.update(scopes)


def scope_of(verb: str) -> str:
    """The scope a token needs for `verb`."""
    return "import" if verb.startswith("import.") else WRITE_SCOPES[verb]


def may(actor: Actor, verb: str, target: object = None) -> bool:
    """Whether `actor` has the right, for showing or hiding a control."""
    try:
        require(actor, verb, target)
    except Refused:
        return False
    return True


def require(actor: Actor, verb: str, target: object = None) -> None:
    """Raise `Refused` unless `actor` has the right `verb` on `target`."""
    if actor.kind == "system":
        return
    if not actor.signed_in:
        raise refusal("sign_in", _("请先登录，再办理这项业务。"), why=Why.SIGN_IN)
    if actor.scopes is not None and scope_of(verb) not in actor.scopes:
        raise refusal(
            "scope", _("这个接口令牌不含“%(scope)s”权限，请另建令牌。"), why=Why.FORBIDDEN, scope=scope_of(verb)
        )
    if not RIGHTS[verb](actor, target):
        if (explain := EXPLANATIONS.get(verb)) and (refused := explain(actor, target)):
            raise refused
        raise refusal(
            "no_right", _("您的账号没有办理这项业务的权限。需要时请联系本单位管理员或节点管理员。"), why=Why.FORBIDDEN
        )


def is_last_lead(membership: Membership) -> bool:
    """Whether it is a leading member and the only one."""
    others = membership.alliance.memberships.current().filter(role=MemberRole.LEAD).exclude(pk=membership.pk)
    return membership.role == MemberRole.LEAD and not others.exists()


def council_of(alliance: Alliance) -> list[Organisation]:
    """The members who vote 理事会."""
    members = alliance.memberships.filter(state=MemberState.ADMITTED, role__in=COUNCIL_ROLES)
    return [membership.organisation for membership in members.select_related("organisation")]
