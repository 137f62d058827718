"""Who may do what in the plan; the rules join the directory's table of rights."""

from typing import Any

from shuangcheng.core.outcome import Message, Refused, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.desk.models import Attachment
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.policy import Explanation, Rule
from shuangcheng.directory.terms import WORKERS, Role, Side

from .models import Activity, Body, Filing, Item, Period, Plan, Progress, Session
from .terms import Sides

READ, WRITE = "plan:read", "plan:write"
SCOPES = {READ: _("查看清单、台账与会议"), WRITE: _("维护清单、台账与会议")}


def _officer(actor: Actor, _target: object) -> bool:
    return actor.has(Role.OFFICER)


def _party(actor: Actor, plan: Plan | None) -> bool:
    """An officer of a side whose plan it is."""
    return actor.has(Role.OFFICER) and (plan is None or plan.side in (Sides.BOTH, actor.side))


def _keeps(actor: Actor, plan: Plan | None) -> bool:
    """Such an officer on the node that keeps the plan."""
    return _party(actor, plan) and (plan is None or not plan.home)


def _keeps_item(actor: Actor, item: Item) -> bool:
    return _keeps(actor, item.plan)


def _kept_elsewhere(actor: Actor, target: Any) -> Refused | None:
    """Why an officer who would keep a plan cannot on this node."""
    plan = target.plan if isinstance(target, Item) else target
    if plan is None or not plan.home or not _party(actor, plan):
        return None
    text = _("这份清单由%(home)s的节点维护，本节点可以核定、退回和报告进展。需要修改时，请退回并写明理由。")
    home = Message(Side(plan.home).label) if plan.home in list(Side) else plan.home
    return refusal("kept_elsewhere", text, why=Why.FORBIDDEN, home=home)


def _own_officer(actor: Actor, organisation: Organisation) -> bool:
    return actor.has(Role.OFFICER) and organisation.side in (actor.side, "other")


def _works_for(actor: Actor, organisation: Organisation) -> bool:
    return organisation.id in actor.organisations(*WORKERS)


def _reports(actor: Actor, item: Item) -> bool:
    """An officer of a side that leads, or somebody who works at a lead or partner."""
    leads = [lead for lead in (item.lead_cq, item.lead_sc) if lead]
    if actor.has(Role.OFFICER):
        return _party(actor, item.plan) and (not leads or any(lead.side in (actor.side, "other") for lead in leads))
    own = set(actor.organisations(*WORKERS))
    return bool(own) and (any(lead.id in own for lead in leads) or item.partners.filter(id__in=own).exists())


def _discusses(actor: Actor, item: Item) -> bool:
    return _party(actor, item.plan) or _reports(actor, item)


def _withdraws(actor: Actor, progress: Progress) -> bool:
    """Who reported it, or an officer of the plan; what was reported on the other node is withdrawn there."""
    if progress.origin:
        return False
    own = actor.person_id is not None and progress.by_person == actor.person_id
    return own or _party(actor, progress.item.plan)


def _runs_period(actor: Actor, period: Period | None) -> bool:
    """An officer of a side whose organisations file."""
    return actor.has(Role.OFFICER) and (period is None or period.side in (Sides.BOTH, actor.side))


def _files(actor: Actor, filing: Filing) -> bool:
    return _works_for(actor, filing.organisation) or _own_officer(actor, filing.organisation)


def _keeps_activity(actor: Actor, activity: Activity | None) -> bool:
    """An officer, or somebody who works at a host."""
    if actor.has(Role.OFFICER):
        return activity is None or activity.side in (Sides.BOTH, actor.side)
    own = actor.organisations(*WORKERS)
    return bool(own) and (activity is None or activity.hosts.filter(id__in=own).exists())


def _sits(actor: Actor, body: Body) -> bool:
    """An officer of a side of the body, or somebody who works at a member."""
    if actor.has(Role.OFFICER):
        return body.side in (Sides.BOTH, actor.side)
    own = actor.organisations(*WORKERS)
    return bool(own) and body.seats.current().filter(organisation__in=own).exists()


def concerned(actor: Actor, body: Body) -> bool:
    """Whether the reader sees what a body has not made public: any officer, or somebody who works at a member."""
    return actor.is_officer or _sits(actor, body)


def _runs_body(actor: Actor, body: Body | None) -> bool:
    return actor.has(Role.OFFICER) and (body is None or body.side in (Sides.BOTH, actor.side))


def _runs_session(actor: Actor, session: Session) -> bool:
    return _runs_body(actor, session.body)


def takes_away(attachment: Attachment, item: Item, by: Actor) -> bool:
    """Whether it is their own file, or an officer's who keeps the item; partners do not remove each other's."""
    own = by.person_id is not None and attachment.by_person == by.person_id
    return own or _party(by, item.plan)


RIGHTS: dict[str, Rule] = {
    "policy.edit": _officer,
    "plan.edit": _keeps,
    "plan.approve": _party,
    "proposal.decide": _keeps,
    "item.edit": _keeps_item,
    "item.report": _reports,
    "item.discuss": _discusses,
    "target.observe": _reports,
    "progress.withdraw": _withdraws,
    "period.open": _runs_period,
    "filing.file": _files,
    "filing.decide": lambda actor, filing: _own_officer(actor, filing.organisation),
    "activity.edit": _keeps_activity,
    "sought.edit": _officer,
    "body.edit": _runs_body,
    "body.report": _sits,
    "body.consult": _sits,
    "session.edit": _runs_session,
    "session.read": lambda actor, session: concerned(actor, session.body),
    "session.raise": lambda actor, session: _sits(actor, session.body),
    "session.confirm": _runs_session,
    "import.item": _officer,
    "import.filing": lambda actor, _target: actor.has(Role.OFFICER, *WORKERS),
    "import.activity": lambda actor, _target: actor.has(Role.OFFICER, *WORKERS),
}
"""The rights: verb -> rule(actor, target)."""

EXPLANATIONS: dict[str, Explanation] = dict.fromkeys(("plan.edit", "item.edit", "proposal.decide"), _kept_elsewhere)
"""What is said instead of a plain refusal."""
