"""Writes of consultations 会商 between sessions."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from shuangcheng.core.outcome import Message, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.desk import notices
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from .. import hearers, lookup
from ..inputs.bodies import ConclusionInput, ConsultationInput, OpinionInput
from ..locks import held
from ..models import Body, Consultation, Remark
from ..terms import ConsultationState
from .bodies import alive

KIND = "consultation"
OPENED = _("“%(body)s”就“%(topic)s”发起会商，请发表意见。")
ENDED = _("“%(body)s”关于“%(topic)s”的会商已办结：%(state)s。")


def _tell(row: Consultation, message: Message, by: Actor, at: datetime) -> None:
    address = reverse("consultation", args=[row.pk])
    people = hearers.of_body(row.body, day=at.date())
    notices.tell(people=people, message=message, kind=KIND, address=address, by=by, at=at)


@transaction.atomic
def begin(*, body: Body, data: ConsultationInput, by: Actor, at: datetime) -> Consultation:
    """Begin to talk a matter over; those who sit in the body are told."""
    require(by, "body.consult", body)
    body = held(body, seen=None)
    alive(body)
    if data.answer_by and data.answer_by < at.date():
        raise refusal("past", _("答复日期已经过去，请核对。"), where="answer_by")
    item = lookup.item(data.item) if data.item else None
    row = Consultation.objects.create(
        body=body, topic=data.topic, text=data.text, item=item, answer_by=data.answer_by, side=by.side,
        by_name=by.name, created_at=at, updated_at=at,
    )  # fmt: skip
    changes = audit.differences({}, {"answer_by": data.answer_by, "item": item})
    audit.record(by=by, at=at, verb="consultation.open", kind=KIND, subject=row, changes=changes, note=body.name)
    _tell(row, Message(OPENED, {"body": body.name, "topic": row.topic}), by, at)
    return row


def _open(consultation: Consultation) -> Consultation:
    row = Consultation.objects.select_for_update(of=("self",)).select_related("body").get(pk=consultation.pk)
    if row.state != ConsultationState.OPEN:
        raise refusal("consultation.closed", _("会商已办结，不能再发表意见。"), why=Why.CONFLICT)
    return row


@transaction.atomic
def say(*, consultation: Consultation, data: OpinionInput, by: Actor, at: datetime) -> Remark:
    """Give an opinion."""
    require(by, "body.consult", consultation.body)
    row = _open(consultation)
    remark = Remark.objects.create(
        consultation=row, text=data.text, by_person=by.person_id, by_name=by.name, side=by.side, at=at
    )
    audit.record(by=by, at=at, verb="remark.add", kind=KIND, subject=row)
    return remark


@transaction.atomic
def conclude(*, consultation: Consultation, data: ConclusionInput, by: Actor, at: datetime) -> Consultation:
    """End a consultation: agreed, referred to the next session, or closed."""
    require(by, "body.edit", consultation.body)
    row = _open(consultation)
    if data.state == ConsultationState.OPEN:
        raise refusal("no_result", _("请选择会商结果。"), where="state")
    if data.state != ConsultationState.REFERRED and not data.conclusion:
        raise refusal("conclusion_missing", _("请写明会商达成的意见或结束的理由。"), where="conclusion")
    row.state, row.conclusion, row.updated_at = data.state, data.conclusion, at
    row.save(update_fields=["state", "conclusion", "updated_at"])
    changes = audit.differences({"state": ConsultationState.OPEN}, {"state": data.state})
    audit.record(by=by, at=at, verb="consultation.close", kind=KIND, subject=row, changes=changes)
    ended = {"body": row.body.name, "topic": row.topic, "state": Message(data.state.label)}
    _tell(row, Message(ENDED, ended), by, at)
    return row
