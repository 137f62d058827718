"""Invented people with accounts in every role, and the expert pool."""

import secrets
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils.crypto import get_random_string

from shuangcheng.core.identifiers import Sex, invented_id_number
from shuangcheng.core.schema import read as read_input
from shuangcheng.directory import lookup
from shuangcheng.directory.actions import experts, people
from shuangcheng.directory.actor import Actor, Held
from shuangcheng.directory.actors import of_account
from shuangcheng.directory.inputs import AnswerInput, AvoidanceInput, ExpertInput, InvitationInput, ServiceResultInput
from shuangcheng.directory.models import Account, Expert, Person, Service
from shuangcheng.directory.people_inputs import PersonInput
from shuangcheng.directory.terms import Role

from . import read
from .clock import Clock

BORN = date(1985, 3, 12)
FACTS = ("name", "employer", "nominated_by", "title", "field", "specialities")


def own() -> list[read.Entry]:
    """The people of this node's side; the others have their accounts on the other node."""
    return [entry for entry in read.entries("people", "person") if entry["side"] == settings.SHUANGCHENG.side]


def enter(by: Actor, clock: Clock) -> int:
    """Enter the people of this node; nobody knows the passwords of their accounts."""
    count = 0
    for serial, entry in enumerate(own()):
        if Account.objects.filter(login=entry["login"]).exists():
            continue
        number = invented_id_number(serial=serial, birth=BORN, sex=Sex.FEMALE if serial % 2 else Sex.MALE)
        values = read.facts(entry, "name", "login", "role", "organisation") | {"id_number": number}
        data = read_input(PersonInput, values)
        account = people.create(data=data, password=None, by=by, at=clock.beginning, invented=True)
        # A password that nobody knows, so that pages which ask for one again work by `DemoBackend`.
        account.password = _unknown_password()
        account.save(update_fields=["password"])
        count += 1
    return count


def _unknown_password() -> str:
    """The hash of 256 random bits, which need no slow hashing."""
    return PBKDF2PasswordHasher().encode(secrets.token_urlsafe(32), get_random_string(22), iterations=1)


def actor(login: str, at: datetime) -> Actor:
    """The invented person who acts; one of the other side has no account here, but did what he did."""
    account = Account.objects.select_related("person").filter(login=login).first()
    if account is not None:
        return of_account(account, door="web", at=at)
    entry = next(entry for entry in read.entries("people", "person") if entry["login"] == login)
    person = Person.objects.filter(name=entry["name"]).first()
    role = Held(Role(entry["role"]), lookup.organisation(entry["organisation"]).pk, entry["side"])
    return Actor(
        kind="person", name=entry["name"], door="exchange", person_id=person.pk if person else None, held=(role,),
        day=at.date(),
    )  # fmt: skip


def nominate(by: Actor, clock: Clock) -> int:
    """Nominate the experts; the officers of both sides have vetted all but the last."""
    count = 0
    for entry in read.entries("people", "expert"):
        if Expert.objects.filter(person__name=entry["name"]).exists():
            continue
        account = Account.objects.filter(login=entry.get("login")).select_related("person").first()
        data = read_input(ExpertInput, read.facts(entry, *FACTS))
        at = clock.ago(200 if entry["vetted"] else 3)
        expert = experts.nominate(data=data, by=by, at=at, person=account.person if account else None, invented=True)
        if entry["vetted"]:
            officer = actor(f"{expert.side}.officer", clock.ago(190))
            experts.vet(expert=expert, data=AnswerInput(accept=True), by=officer, at=clock.ago(190))
        count += 1
    return count


def serve(by: Actor, clock: Clock) -> int:
    """Let the experts avoid, be invited and serve."""
    first, second, third = (Expert.objects.get(person__name=name) for name in ("章品文", "鲁匠成", "秦观澜"))
    experts.avoid(
        expert=first, data=AvoidanceInput(organisation="4151010636", reason="本单位"), by=by, at=clock.ago(180)
    )
    experts.avoid(
        expert=second, data=AvoidanceInput(person=third.person.name, reason="师生关系"), by=by, at=clock.ago(180)
    )
    experts.avoid(
        expert=third, data=AvoidanceInput(organisation="4151010610", reason="本单位"), by=by, at=clock.ago(180)
    )
    served = _invite(first, "重庆市教育委员会", "示例：教师教育基地评议", clock, days=-60)
    experts.answer(service=served, accept=True, by=actor("expert", clock.ago(70)), at=clock.ago(70))
    result = ServiceResultInput(hours="16", result="演示：评议12所学校，提交书面意见。")
    experts.record_service(service=served, data=result, by=actor("cq.officer", clock.ago(55)), at=clock.ago(55))
    _invite(first, "重庆市荣昌区教育委员会", "示例：学前教育研讨讲座", clock, days=12)
    return 3


def _invite(expert: Expert, host: str, task: str, clock: Clock, *, days: int) -> Service:
    """Invite for two days that begin `days` from today."""
    at = clock.ago(max(2, 20 - days))
    data = InvitationInput(host=host, task=task, begins=clock.day(days), ends=clock.day(days + 1))
    return experts.invite(expert=expert, data=data, by=actor("cq.officer", at), at=at)
