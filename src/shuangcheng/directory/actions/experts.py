"""Writes of the expert pool."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key

from .. import audit, lookup
from ..actor import Actor
from ..inputs import AnswerInput, AvoidanceInput, ExpertEditInput, ExpertInput, InvitationInput, ServiceResultInput
from ..models import Avoidance, Expert, Person, Service
from ..policy import may, require
from ..terms import ExpertState, ServiceState
from ..versions import locked
from .organisations import dates_in_order

TERM_DAYS = 3 * 365


@transaction.atomic
def nominate(
    *, data: ExpertInput, by: Actor, at: datetime, person: Person | None = None, invented: bool = False
) -> Expert:
    """Nominate a person for the pool."""
    employer = lookup.organisation(data.employer, where="employer")
    nominator = lookup.organisation(data.nominated_by, where="nominated_by")
    require(by, "expert.nominate", nominator)
    if data.login:
        person = _holder(data, by)
    if person is None:
        person = Person.objects.create(
            name=data.name, pinyin=pinyin_key(data.name), invented=invented, created_at=at, updated_at=at
        )
    if Expert.objects.filter(person=person).exists():
        raise refusal("expert_there", _("这位专家已在库中或正在审核。"), where="name", why=Why.CONFLICT)
    expert = Expert.objects.create(
        person=person,
        employer=employer,
        nominated_by=nominator,
        side=employer.side,
        title=data.title,
        field=data.field,
        specialities=data.specialities,
        state=ExpertState.NOMINATED,
        created_at=at,
        updated_at=at,
    )
    audit.record(
        by=by, at=at, verb="expert.nominate", kind="expert", subject=expert, note=f"{employer}：{data.specialities}"
    )
    return expert


def _holder(data: ExpertInput, by: Actor) -> Person:
    """The person of that name with the login, among those that whoever nominates may see."""
    found = Person.objects.visible_to(by).filter(name=data.name, account__login__iexact=data.login).first()
    if found is None:
        text = _("在您可以查看的人员中，没有登录名为“%(login)s”的%(name)s。请核对姓名和登录名，或不填登录名。")
        raise refusal("holder_missing", text, where="login", login=data.login, name=data.name)
    return found


@transaction.atomic
def vet(*, expert: Expert, data: AnswerInput, by: Actor, at: datetime) -> Expert:
    """Take a nominated person into the pool for three years, or refuse with the reason."""
    require(by, "expert.vet", expert)
    expert = Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)
    if expert.state != ExpertState.NOMINATED:
        raise refusal("already_vetted", _("这位专家已审核过。"), why=Why.CONFLICT)
    if not data.accept and not data.answer:
        raise refusal("reason_missing", _("请写明不入库的理由。"), where="answer")
    expert.state = ExpertState.VETTED if data.accept else ExpertState.REFUSED
    expert.answer, expert.vetted_at, expert.updated_at = data.answer, at, at
    expert.term_until = at.date() + timedelta(days=TERM_DAYS) if data.accept else None
    expert.save()
    verb = "expert.accept" if data.accept else "expert.refuse"
    audit.record(by=by, at=at, verb=verb, kind="expert", subject=expert, note=data.answer)
    return expert


@transaction.atomic
def edit(*, expert: Expert, data: ExpertEditInput, version: int, by: Actor, at: datetime) -> Expert:
    """Correct what is known of an expert in the pool; where the expert works decides the side."""
    require(by, "expert.edit", expert)
    expert = locked(Expert.objects.select_related("person", "employer"), expert, version=version)
    if expert.state != ExpertState.VETTED:
        raise refusal("not_in_pool", _("只能修改在库专家的信息。"), why=Why.CONFLICT)
    employer = lookup.organisation(data.employer, where="employer")
    if employer != expert.employer and not (may(by, "expert.vet", expert) or may(by, "expert.nominate", employer)):
        text = _("变更所在单位请由新单位的管理员或教育行政部门办理。")
        raise refusal("employer_moves", text, where="employer")
    values = data.model_dump(exclude={"employer"}) | {"employer": employer, "side": employer.side}
    changes = audit.differences({name: getattr(expert, name) for name in values}, values)
    for name, value in values.items():
        setattr(expert, name, value)
    expert.updated_at = at
    expert.save(update_fields=[*values, "version", "updated_at"])
    audit.record(by=by, at=at, verb="expert.edit", kind="expert", subject=expert, changes=changes)
    return expert


@transaction.atomic
def retire(*, expert: Expert, reason: str, by: Actor, at: datetime) -> Expert:
    """Take an expert out of the pool; the record of service stays."""
    require(by, "expert.vet", expert)
    if not reason.strip():
        raise refusal("reason_missing", _("请写明出库的理由。"), where="reason")
    expert.state, expert.answer, expert.updated_at = ExpertState.RETIRED, reason.strip()[:300], at
    expert.save(update_fields=["state", "answer", "updated_at"])
    audit.record(by=by, at=at, verb="expert.retire", kind="expert", subject=expert, note=reason.strip())
    return expert


@transaction.atomic
def avoid(*, expert: Expert, data: AvoidanceInput, by: Actor, at: datetime) -> Avoidance:
    """Declare that an expert keeps out of what concerns an organisation or another expert."""
    require(by, "expert.avoid", expert)
    if bool(data.organisation) == bool(data.person):
        raise refusal("avoid_one", _("回避单位和回避专家请填一项，且只填一项。"), where="organisation")
    organisation = lookup.organisation(data.organisation) if data.organisation else None
    other = lookup.expert(data.person, among=Expert.objects.visible_to(by)).person if data.person else None
    if other and other.pk == expert.person_id:
        raise refusal("avoid_self", _("不能与本人回避。"), where="person")
    avoidance = Avoidance.objects.create(
        expert=expert,
        organisation=organisation,
        person=other,
        reason=data.reason,
        valid_from=at.date(),
        valid_until=data.valid_until,
    )
    audit.record(
        by=by, at=at, verb="expert.avoid", kind="expert", subject=expert, note=f"{organisation or other}：{data.reason}"
    )
    return avoidance


@transaction.atomic
def end_avoidance(*, avoidance: Avoidance, by: Actor, at: datetime) -> Avoidance:
    """End a relation of avoidance today; it stays on record."""
    require(by, "expert.avoid", avoidance.expert)
    if avoidance.valid_until and avoidance.valid_until < at.date():
        raise refusal("avoidance_over", _("这项回避关系早已解除，不必再办。"), why=Why.CONFLICT)
    avoidance.valid_until = at.date() - timedelta(days=1)
    avoidance.save(update_fields=["valid_until"])
    audit.record(by=by, at=at, verb="expert.avoid_end", kind="expert", subject=avoidance.expert, note=avoidance.reason)
    return avoidance


def _must_not_judge(expert: Expert, host_id: UUID, at: datetime) -> bool:
    standing = Q(valid_until__isnull=True) | Q(valid_until__gte=at.date())
    return expert.avoidances.filter(standing, organisation_id=host_id).exists()


@transaction.atomic
def invite(*, expert: Expert, data: InvitationInput, by: Actor, at: datetime) -> Service:
    """Invite an expert of the pool; refused where a relation of avoidance stands against the host."""
    host = lookup.organisation(data.host, where="host")
    require(by, "expert.invite", host)
    dates_in_order(data.begins, data.ends, where="ends")
    if expert.state != ExpertState.VETTED or (expert.term_until and expert.term_until < at.date()):
        raise refusal("not_in_pool", _("这位专家不在库或任期已满，不能邀请。"), why=Why.CONFLICT)
    if _must_not_judge(expert, host.id, at):
        # Why is for those who keep the expert's record, not for whoever invites.
        text = _("专家与“%(host)s”有回避关系，不能邀请。")
        raise refusal("avoids", text, where="host", why=Why.CONFLICT, host=host.name)
    service = Service.objects.create(
        expert=expert,
        host=host,
        task=data.task,
        begins=data.begins,
        ends=data.ends,
        state=ServiceState.INVITED,
        created_at=at,
        updated_at=at,
    )
    audit.record(by=by, at=at, verb="expert.invite", kind="expert", subject=expert, note=f"{host}：{data.task}")
    return service


@transaction.atomic
def answer(*, service: Service, accept: bool, by: Actor, at: datetime) -> Service:
    """The expert accepts or declines an invitation."""
    require(by, "expert.answer", service.expert)
    service = Service.objects.select_for_update(of=("self",)).select_related("expert__person").get(pk=service.pk)
    if service.state != ServiceState.INVITED:
        raise refusal("already_answered", _("这份邀请已答复。"), why=Why.CONFLICT)
    service.state = ServiceState.ACCEPTED if accept else ServiceState.DECLINED
    service.updated_at = at
    service.save(update_fields=["state", "updated_at"])
    verb = "expert.accept_invitation" if accept else "expert.decline_invitation"
    audit.record(by=by, at=at, verb=verb, kind="expert", subject=service.expert, note=service.task)
    return service


@transaction.atomic
def withdraw_invitation(*, service: Service, by: Actor, at: datetime) -> Service:
    """The host takes an invitation back, also an accepted one; it stays on record."""
    require(by, "expert.invite", service.host)
    service = Service.objects.select_for_update(of=("self",)).select_related("expert__person").get(pk=service.pk)
    if service.state not in (ServiceState.INVITED, ServiceState.ACCEPTED):
        raise refusal("not_open", _("这份邀请已谢绝、撤回或完成，不能再撤回。"), why=Why.CONFLICT)
    service.state, service.updated_at = ServiceState.WITHDRAWN, at
    service.save(update_fields=["state", "updated_at"])
    audit.record(
        by=by, at=at, verb="expert.withdraw_invitation", kind="expert", subject=service.expert, note=service.task
    )
    return service


@transaction.atomic
def record_service(*, service: Service, data: ServiceResultInput, by: Actor, at: datetime) -> Service:
    """Record what an expert did; the host does it."""
    require(by, "expert.invite", service.host)
    service = Service.objects.select_for_update(of=("self",)).select_related("expert__person").get(pk=service.pk)
    if service.state != ServiceState.ACCEPTED:
        raise refusal("not_accepted", _("专家接受邀请以后才能登记服务。"), why=Why.CONFLICT)
    if service.begins > at.date():
        raise refusal("not_begun", _("任务尚未开始，不能登记服务。"), why=Why.CONFLICT)
    service.state, service.hours, service.result = ServiceState.SERVED, data.hours, data.result
    service.updated_at = at
    service.save()
    audit.record(
        by=by, at=at, verb="expert.served", kind="expert", subject=service.expert, note=f"{service.task} {data.hours}"
    )
    return service
