"""Cases that the other side opens and moves on."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from shuangcheng.core import procedure
from shuangcheng.core.identifiers.masks import mask_id_number
from shuangcheng.core.outcome import Message, refusal
from shuangcheng.core.procedure import Side
from shuangcheng.core.procedures import PROCEDURES
from shuangcheng.core.text import _
from shuangcheng.core.wire import read_base64url
from shuangcheng.desk import notices
from shuangcheng.directory import audit
from shuangcheng.directory.actions.people import number_digest
from shuangcheng.directory.models.person import Grant
from shuangcheng.directory.terms import NumberKind, Role
from shuangcheng.exchange.handlers import Arrived, Later, failed, handles
from shuangcheng.exchange.models import Outgoing
from shuangcheng.exchange.own import own_authority
from shuangcheng.exchange.terms import PeerState
from shuangcheng.exchange.vault import seal_text

from .actions.cases import Paper, keep_step, move
from .models import Case
from .terms import OPEN

EARLY = timedelta(days=1)
"""How much later than here a step may be dated: another time zone, no more."""


def _when(told: int, *, at: datetime) -> datetime:
    when = datetime.fromtimestamp(told, at.tzinfo)
    if when > at + EARLY:
        raise refusal("future", _("办理时间晚于今天。"), where="at")
    return timezone.localtime(when)


def _papers(told: list[dict[str, str]]) -> list[Paper]:
    return [
        Paper(each["document"], each.get("text", ""), each.get("name", ""), read_base64url(each.get("content") or ""))
        for each in told
    ]


def _tell_officers(case: Case, message: Message, arrived: Arrived) -> None:
    officers = Grant.objects.people(Role.OFFICER, side=settings.SHUANGCHENG.side, day=arrived.at.date())
    people = {case.opened_by} if case.opened_by else officers
    notices.tell(
        people=people, message=message, kind="case", address=f"/cases/{case.pk}/", by=arrived.by, at=arrived.at
    )


@handles("case_open.v1")
def opened(arrived: Arrived) -> None:
    """Take in a case that the other side has opened."""
    says, peer, at = arrived.letter.says, arrived.peer, arrived.at
    if peer.state == PeerState.GUEST:
        raise refusal("guest", _("检验专用的节点不能提出事项。"))
    if says["procedure"] not in PROCEDURES:
        raise refusal("procedure", _("本节点不办理这类事项。"), where="procedure")
    if (says["asker"], says["holder"]) != (peer.authority, own_authority()):
        raise refusal("parties", _("事项的双方与来件的双方不符。"), where="asker")
    if not says["number"].startswith(f"{peer.authority}-") or Case.objects.filter(number=says["number"]).exists():
        raise refusal("number", _("事项号不属于对方，或已经用过。"), where="number")
    if Case.objects.filter(pk=says["case"]).exists():
        raise refusal("case", _("这件事项已经有了。"), where="case")
    when, number = _when(says["opened"], at=at), says.get("person_number", "")
    case = Case(
        id=says["case"], number=says["number"], procedure=says["procedure"], asker=says["asker"],
        holder=says["holder"], peer=peer, title=says["title"], register=says["register_name"],
        person=says.get("person", ""), masked=mask_id_number(number),
        sealed=seal_text(number, bound_to=f"case:{says['case']}") if number else None,
        subject=number_digest(number, NumberKind.ID_CARD) if number else None, told=says["told"],
        wanted=says.get("wanted", ""), opened_name=says["by"], opened_at=when, created_at=at, updated_at=at,
    )  # fmt: skip
    case.enter(procedure.begin(case.declared, on=when.date()))
    case.save(force_insert=True)
    keep_step(case, authority=peer.authority, way=OPEN, side=Side.ASKER, before=case.step,
              papers=_papers(says.get("papers", [])), remark="", by_name=says["by"], at=when,
              by=arrived.by)  # fmt: skip
    audit.record(by=arrived.by, at=at, verb="case.open", kind="case", subject=case)
    text = _("%(peer)s提出校核纠错“%(title)s”，请在 %(due)s 前受理。")
    _tell_officers(case, Message(text, {"peer": peer.name, "title": case.title, "due": str(case.due)}), arrived)


@handles("case_step.v1")
def moved(arrived: Arrived) -> None:
    """Move a case on as the other side has done."""
    says, peer, at = arrived.letter.says, arrived.peer, arrived.at
    case = Case.objects.select_for_update(of=("self",)).filter(pk=says["case"], peer=peer).first()
    if case is None:
        raise Later
    done = case.history.filter(authority=peer.authority).count()
    if says["number"] > done + 1:
        raise Later
    if says["number"] <= done:
        raise refusal("step_taken", _("这一步已经办过了。"), where="number")
    when, before = _when(says["at"], at=at), case.step
    parts = case.sides(peer.authority)
    side = case.now.side if case.now.side in parts else parts[0]
    papers = _papers(says.get("papers", []))
    move(case, way=says["way"], side=side, papers=papers, at=when)
    case.version += 1
    case.updated_at = at
    case.save()
    keep_step(case, authority=peer.authority, way=says["way"], side=side, before=before, papers=papers,
              remark=says.get("remark", ""), by_name=says["by"], at=when, by=arrived.by)  # fmt: skip
    audit.record(by=arrived.by, at=at, verb="case.step", kind="case", subject=case,
                 changes={"step": [before, case.step]} if before != case.step else {})  # fmt: skip
    text = _("%(peer)s办理了“%(title)s”，现为：%(step)s。")
    told = {"peer": peer.name, "title": case.title, "step": Message(case.now.title)}
    _tell_officers(case, Message(text, told), arrived)


@failed("case_open.v1")
@failed("case_step.v1")
def not_taken(row: Outgoing, at: datetime) -> None:
    """Say on the case why the other side did not take a step."""
    why = "；".join(reason.get("message", "") for reason in row.reasons)[:300]
    Case.objects.filter(pk=row.reference or row.pk).update(trouble=why or row.get_state_display(), updated_at=at)
