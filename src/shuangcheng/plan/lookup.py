"""From what a person or a program writes to the thing of the plan that is meant."""

from django.db.models import Q

from shuangcheng.core.outcome import refusal
from shuangcheng.core.text import _
from shuangcheng.directory.lookup import single, uuid_or_none

from .models import Body, Clause, Item, Plan, Policy, PolicyVersion


def policy(key: str, *, where: str = "policy") -> Policy:
    """A document by id, title or document number."""
    found = uuid_or_none(key)
    wanted = Q(id=found) if found else Q(title=key.strip()) | Q(doc_number=key.strip())
    return single(Policy.objects.filter(wanted), key=key, where=where)


def plan(key: str, *, where: str = "plan") -> Plan:
    """A plan by id or name."""
    found = uuid_or_none(key)
    return single(Plan.objects.filter(Q(id=found) if found else Q(name=key.strip())), key=key, where=where)


def item(key: str, *, plan: Plan | None = None, where: str = "item") -> Item:
    """An item by id, by its number in `plan`, or by its title."""
    found = uuid_or_none(key)
    rows = Item.objects.filter(plan=plan) if plan else Item.objects.all()
    if found:
        return single(rows.filter(id=found), key=key, where=where)
    numbered = rows.filter(number=key.strip()) if plan else rows.none()
    return single(numbered if numbered.exists() else rows.filter(title=key.strip()), key=key, where=where)


def clause(key: str, *, version: PolicyVersion | None, where: str = "clause") -> Clause:
    """A clause of a version by id, anchor, or number and title as printed."""
    if version is None:
        raise refusal("no_document", _("这份清单没有依据文件，不能填条款。"), where=where)
    found = uuid_or_none(key)
    if found:
        return single(version.clauses.filter(id=found), key=key, where=where)
    flat = key.replace(" ", "")
    rows = [row.pk for row in version.clauses.all() if flat in (row.anchor, row.number, f"{row.number}{row.title}")]
    return single(Clause.objects.filter(pk__in=rows), key=key, where=where)


def body(key: str, *, where: str = "body") -> Body:
    """A joint body by id or name."""
    found = uuid_or_none(key)
    return single(Body.objects.filter(Q(id=found) if found else Q(name=key.strip())), key=key, where=where)
