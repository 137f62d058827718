"""Writes of the policy library: documents, their texts, and how documents hang together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.policy.clauses import clauses
from shuangcheng.core.policy.packing import alone, pack, unpack
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key
from shuangcheng.desk import search
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from ..inputs.policies import LinkInput, PolicyInput
from ..locks import held
from ..models import Clause, Intake, Policy, PolicyLink, PolicyVersion
from ..terms import LinkKind, PolicyState


def _values(data: PolicyInput) -> dict[str, Any]:
    given = data.model_dump() | {"issuers": [issuer for issuer in data.issuers if issuer]}
    if data.issued and data.lapses and data.lapses < data.issued:
        raise refusal("dates_reversed", _("有效期早于成文日期，请核对。"), where="lapses")
    return given | {"pinyin": pinyin_key(data.title)}


def _index(policy: Policy) -> None:
    """What search knows of the clauses follows the document; those of older texts leave it."""
    search.refresh("clause", Clause.objects.filter(version__policy=policy).values_list("id", flat=True))


def _article(intake: Intake, number: int) -> tuple[Intake, dict[str, Any]]:
    """The intake, locked, and the reading of one document in it that has not been taken in yet."""
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if not 0 <= number < len(intake.readings):
        raise refusal("article.missing", _("这份文本里没有这一篇，请从列表里选。"), where="article", why=Why.MISSING)
    if str(number) in intake.taken:
        raise refusal("article.taken", _("这一篇已经收录。"), where="article", why=Why.CONFLICT)
    there = PolicyVersion.objects.filter(text_sha256=intake.digests[number]).select_related("policy").first()
    if there:
        text = _("库中已有相同的文本：《%(title)s》。没有重复收录。")
        known = {"title": there.policy.title, "id": str(there.policy_id)}
        raise refusal("policy.there", text, where="article", why=Why.CONFLICT, **known)
    return intake, intake.readings[number]


def _version(policy: Policy, intake: Intake, number: int, *, note: str, by: Actor, at: datetime) -> PolicyVersion:
    """Keep the text of one document of an intake as the next version, with its clauses."""
    text, document = alone(intake.text, unpack(intake.readings[number]))
    last = policy.versions.aggregate(last=Max("number"))["last"] or 0
    version = PolicyVersion.objects.create(
        policy=policy, number=last + 1, text=text, text_sha256=intake.digests[number], reading=pack(document),
        file=intake.file.name or None, file_name=intake.name if intake.file else "", note=note, at=at, by_name=by.name,
    )  # fmt: skip
    made, _anchors = clauses(text, document)
    Clause.objects.bulk_create(
        Clause(
            version=version, order=order, anchor=clause.anchor, level=clause.level, number=clause.number[:40],
            title=clause.title[:300], text=clause.text, start=clause.start, end=clause.end,
        )
        for order, clause in enumerate(made)
    )  # fmt: skip
    intake.taken[str(number)] = str(policy.id)
    intake.closed = len(intake.taken) == len(intake.readings)
    intake.updated_at = at
    intake.save()
    return version


@transaction.atomic
def take(*, intake: Intake, article: int, data: PolicyInput, by: Actor, at: datetime) -> Policy:
    """Take a document of an intake into the library."""
    require(by, "policy.edit", None)
    intake, _reading = _article(intake, article)
    policy = Policy.objects.create(created_at=at, updated_at=at, **_values(data))
    _version(policy, intake, article, note="", by=by, at=at)
    changes = audit.differences({}, data.model_dump(exclude_defaults=True))
    audit.record(by=by, at=at, verb="policy.create", kind="policy", subject=policy, changes=changes)
    _index(policy)
    return policy


@transaction.atomic
def renew(*, intake: Intake, article: int, policy: Policy, by: Actor, at: datetime, note: str = "") -> PolicyVersion:
    """Take a document of an intake in as the newer text of one that is there; lists follow when they adopt it."""
    require(by, "policy.edit", policy)
    policy = held(policy, seen=None)
    intake, _reading = _article(intake, article)
    version = _version(policy, intake, article, note=note, by=by, at=at)
    policy.version += 1
    policy.updated_at = at
    policy.save()
    changes = audit.differences({}, {"number": version.number})
    audit.record(by=by, at=at, verb="policy.version", kind="policy", subject=policy, changes=changes, note=note)
    _index(policy)
    return version


@transaction.atomic
def edit(*, policy: Policy, data: PolicyInput, by: Actor, at: datetime, seen: int | None = None) -> Policy:
    """Correct what stands on the title page; the text is renewed, never edited."""
    require(by, "policy.edit", policy)
    policy = held(policy, seen=seen)
    return _change(policy, _values(data), by=by, at=at)


def _change(policy: Policy, values: Mapping[str, Any], *, by: Actor, at: datetime) -> Policy:
    told = {name: value for name, value in values.items() if name != "pinyin"}
    changes = audit.differences({name: getattr(policy, name) for name in told}, told)
    for name, value in values.items():
        setattr(policy, name, value)
    policy.version += 1
    policy.updated_at = at
    policy.save()
    audit.record(by=by, at=at, verb="policy.edit", kind="policy", subject=policy, changes=changes)
    _index(policy)
    return policy


@transaction.atomic
def link(*, policy: Policy, data: LinkInput, by: Actor, at: datetime) -> PolicyLink:
    """Say what a document does with another; one that is replaced is marked so."""
    require(by, "policy.edit", policy)
    wanted = Q(title=data.title)
    if data.doc_number:
        wanted |= Q(doc_number=data.doc_number)
    other = Policy.objects.filter(wanted).order_by("-issued").first()
    if other == policy:
        raise refusal("link.itself", _("文件不能与自己建立关系。"), where="title")
    if policy.links.filter(kind=data.kind, title=data.title).exists():
        raise refusal("link.there", _("这一关系已经登记。"), where="title", why=Why.CONFLICT)
    row = PolicyLink.objects.create(
        policy=policy, kind=data.kind, other=other, title=data.title, doc_number=data.doc_number
    )
    changes = audit.differences({}, {"kind": data.kind.label, "title": data.title})
    audit.record(by=by, at=at, verb="policy.link", kind="policy", subject=policy, changes=changes)
    if other and data.kind == LinkKind.REPLACES and other.state == PolicyState.IN_FORCE:
        _change(held(other, seen=None), {"state": PolicyState.REPLACED}, by=by, at=at)
    return row


@transaction.atomic
def unlink(*, link: PolicyLink, by: Actor, at: datetime) -> None:
    """Take back a link that was entered by mistake."""
    require(by, "policy.edit", link.policy)
    changes = audit.differences({"title": link.title}, {"title": None})
    policy = link.policy
    link.delete()
    audit.record(by=by, at=at, verb="policy.link_end", kind="policy", subject=policy, changes=changes)
