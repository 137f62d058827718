"""What the demonstration's two nodes play once they have met, over real letters, with the proof of each at the end.

Each node offers its registers to the other by an agreement that both sign. Chongqing then asks Sichuan for a pupil's
record and for a batch of teachers' certificates, both approve a joint list, and Chongqing reports progress on it.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import click
from django.utils import timezone, translation

from shuangcheng.site.sentences import Sentence, language_of

if TYPE_CHECKING:
    from uuid import UUID

    from shuangcheng.directory.actor import Actor
    from shuangcheng.plan.models import Plan
    from shuangcheng.registers.models import LookUp

PATIENCE, TICK = 600.0, 0.5
TEACHERS = 20
TITLE = "川渝教育协同示例清单（演示）"
T = TypeVar("T")


class Late(Exception):
    """The other node took too long."""


def play(partner: str) -> None:
    """Play this node's part, once."""
    from django.conf import settings

    asks = settings.SHUANGCHENG.node == "cq"
    _offer(partner)
    _until(lambda: _sign(partner), what="agreements")
    if asks:
        _ask(partner)
        _plan()
    else:
        _until(_approve_theirs, what="a joint list")


def _until(done: Callable[[], T | None], *, what: str) -> T:
    deadline = time.monotonic() + PATIENCE
    while not (found := done()):
        if time.monotonic() > deadline:
            raise Late(what)
        time.sleep(TICK)
    return found


def _officer() -> "Actor":
    from django.conf import settings

    from shuangcheng.site.demo.people import actor

    return actor(f"{settings.SHUANGCHENG.node}.officer", timezone.localtime())


def _offer(partner: str) -> None:
    """Draft and sign an agreement about each register, as its provider."""
    from shuangcheng.core.registers import REGISTERS
    from shuangcheng.registers.actions import sharings
    from shuangcheng.registers.inputs.sharings import Part, ScopeInput, TermsInput
    from shuangcheng.registers.models import Sharing

    at, by = timezone.localtime(), _officer()
    for name, register in REGISTERS.items():
        if Sharing.objects.filter(register=name, recipient=partner).exists():
            continue
        grants = register.purposes.values()
        terms = TermsInput(
            purposes=tuple(register.purposes), bases=tuple({basis: 0 for grant in grants for basis in grant.bases}),
            askers=tuple({asker: 0 for grant in grants for asker in grant.askers}),
            fields=tuple({field: 0 for grant in grants for field in grant.fields}),
            rows_a_letter=10_000, starts=at.date(), ends=at.date() + timedelta(days=365),
        )  # fmt: skip
        scope = ScopeInput(peer=partner, register_name=name, part=Part.PROVIDER)
        row = sharings.draft(scope=scope, data=terms, by=by, at=at)
        sharings.sign(sharing=row, version=row.version, by=by, at=at)


def _sign(partner: str) -> bool:
    """Sign what the other side has offered; whether every register is agreed both ways."""
    from shuangcheng.core.registers import REGISTERS
    from shuangcheng.registers.actions import sharings
    from shuangcheng.registers.models import Sharing
    from shuangcheng.registers.terms import SharingState

    for row in Sharing.objects.filter(peer__authority=partner, state=SharingState.RECEIVED):
        sharings.sign(sharing=row, version=row.version, by=_officer(), at=timezone.localtime())
    agreed = Sharing.objects.current(timezone.localtime()).filter(peer__authority=partner)
    return agreed.count() >= 2 * len(REGISTERS)


def _ask(partner: str) -> None:
    """A pupil who moves here, and a batch of teachers."""
    from shuangcheng.core.basis import LegalBasis, Purpose
    from shuangcheng.registers.models import LookUp
    from shuangcheng.site.demo import holdings

    if LookUp.objects.exists():
        return
    pupil = holdings.pupil(3)
    row = _looked_up(
        "student_status", Purpose.TRANSFER, LegalBasis.STATUTORY_DUTY, partner,
        [{"name": pupil["name"], "pupil_number": pupil["pupil_number"]}],
    )  # fmt: skip
    _tell_lookup(Sentence(zh="学籍查询（转学）", en="Pupil's record (transfer)"), row)
    teachers = [holdings.teacher(partner, place) for place in range(TEACHERS)]
    asked = [{"name": teacher["name"], "certificate_number": teacher["certificate_number"]} for teacher in teachers]
    row = _looked_up("teacher_certificate", Purpose.RECRUITMENT, LegalBasis.STATUTORY_DUTY, partner, asked)
    _tell_lookup(Sentence(zh="教师资格证书批量核验", en="Teachers' certificates, a batch"), row)


def _looked_up(register: str, purpose: str, basis: str, partner: str, asked: list[dict[str, str]]) -> "LookUp":
    from shuangcheng.registers import asking
    from shuangcheng.registers.inputs.lookups import LookUpInput
    from shuangcheng.registers.terms import LookUpState

    values = {
        "register_name": register, "purpose": purpose, "basis": basis, "node": partner,
        "matter": "演示", "rows": [{"ref": str(number), "by": by} for number, by in enumerate(asked, start=1)],
    }  # fmt: skip
    row = asking.ask(data=LookUpInput.model_validate(values), by=_officer(), at=timezone.localtime())

    def answered() -> bool:
        row.refresh_from_db()
        return row.state == LookUpState.ANSWERED

    _until(answered, what="an answer")
    return row


def _tell_lookup(title: Sentence, row: "LookUp") -> None:
    found = Sentence(zh=f"{row.rows} 条中查到 {row.found} 条", en=f"{row.found} of {row.rows} found")
    assert row.letter is not None, "it went to the other node"
    _tell(title, found, row.letter)


def _tell(title: Sentence, what: Sentence, letter: "UUID") -> None:
    """Say what was done, with the proof of its first line in the log, once the other node has cosigned it."""
    from shuangcheng.directory.actor import system
    from shuangcheng.exchange import log, witness
    from shuangcheng.exchange.models import Entry

    entry = _until(lambda: Entry.objects.filter(jti=letter).order_by("id").first(), what="an entry")

    def cosigned() -> log.Proof | None:
        at = timezone.localtime()
        proof = log.prove(entry, at=at)
        if proof.cosigned:
            return proof
        witness.ask(by=system("日志"), at=at)
        return None

    proof = _until(cosigned, what="a cosignature")
    by = "、".join(proof.cosigned)
    said = Sentence(
        zh=f"{title.zh}：{what.zh}。日志第 {proof.index} 条，共 {proof.size} 条，证明 {len(proof.hashes)} 个哈希，"
        f"根 {proof.root.hex()[:16]}…，{by} 已会签。",
        en=f"{title.en}: {what.en}. Entry {proof.index} of {proof.size} in the log, "
        f"{len(proof.hashes)} hashes of proof, root {proof.root.hex()[:16]}…, cosigned by {by}.",
    )
    with translation.override("en" if language_of() == "en" else "zh-hans"):
        click.echo(said.text(language_of()))


def _plan() -> None:
    """A list of both sides: made and approved here, approved there, then progress on it."""
    from shuangcheng.directory.terms import Field
    from shuangcheng.exchange.models import Outgoing
    from shuangcheng.plan.actions import approvals, items, plans, progress
    from shuangcheng.plan.inputs.items import ItemInput, ProgressInput
    from shuangcheng.plan.inputs.plans import PlanInput
    from shuangcheng.plan.models import Plan
    from shuangcheng.plan.snapshots import digest_of, snapshot_of

    at, by = timezone.localtime(), _officer()
    if Plan.objects.filter(name=TITLE).exists():
        return
    data = PlanInput(name=TITLE, field=Field.BASIC, first_year=at.year, last_year=at.year + 1)
    plan = plans.create(data=data, by=by, at=at)
    item = ItemInput(number="1", title="建立学籍转接联办机制", field=Field.BASIC, due=at.date() + timedelta(days=200),
                     lead_cq="重庆市教育委员会", lead_sc="四川省教育厅")  # fmt: skip
    made = items.create(plan=plan, data=item, by=by, at=at)
    plan.refresh_from_db()
    approvals.approve(plan=plan, seen=digest_of(snapshot_of(plan)), by=by, at=at)
    _until(lambda: plan.versions.exists(), what="the other side's approval")
    report = ProgressInput(on=at.date(), percent=20, text="已商定联办流程，正在准备试运行。")
    made.refresh_from_db()
    told = progress.report(item=made, data=report, by=by, at=timezone.localtime())
    delivered = Outgoing.objects.filter(type="plan_progress.v1", state="delivered", reference=told.pk)
    letter = _until(delivered.first, what="the delivery")
    _tell(Sentence(zh="共同清单的进展", en="Progress on a joint list"),
          Sentence(zh=f"“{made.title}”完成 20%，已送达对方", en="reported and delivered"), letter.pk)  # fmt: skip


def _approve_theirs() -> "Plan | None":
    """Approve the other side's list, once it is here."""
    from shuangcheng.plan.actions import approvals
    from shuangcheng.plan.models import Plan
    from shuangcheng.plan.snapshots import digest_of, snapshot_of

    plan = Plan.objects.filter(name=TITLE).first()
    if plan is None or plan.versions.exists() or plan.approvals.filter(side="sc").exists():
        return plan
    seen = digest_of(snapshot_of(plan))
    approvals.approve(plan=plan, seen=seen, by=_officer(), at=timezone.localtime())
    return plan
