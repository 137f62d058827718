"""As whom somebody asks: the authority for its officers, an organisation for who works there, oneself."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.register import Asker
from shuangcheng.core.text import _
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.terms import WORKERS, OrganisationType, Role

ASKERS = {
    OrganisationType.AUTHORITY: Asker.AUTHORITY,
    OrganisationType.UNIVERSITY: Asker.UNIVERSITY,
    OrganisationType.COLLEGE: Asker.UNIVERSITY,
    OrganisationType.SECONDARY_VOCATIONAL: Asker.SCHOOL,
    OrganisationType.SCHOOL: Asker.SCHOOL,
    OrganisationType.KINDERGARTEN: Asker.SCHOOL,
}
"""What sort of asker an organisation is; the others do not ask registers."""


@dataclass(frozen=True)
class Standing:
    """As whom somebody asks."""

    asker: Asker
    organisation: UUID | None
    name: str


def standings(by: Actor) -> list[Standing]:
    """All as whom somebody may ask, the organisations by name; those of the other side ask through their own node."""
    ids = by.organisations(Role.OFFICER, *WORKERS)
    rows = Organisation.objects.filter(pk__in=ids, side=settings.SHUANGCHENG.side).in_order()
    return [
        Standing(ASKERS[OrganisationType(row.type)], row.pk, row.name)
        for row in rows
        if OrganisationType(row.type) in ASKERS
    ]


def standing(by: Actor, organisation: str) -> Standing:
    """As whom somebody asks; which organisation must be told where there are several."""
    found = standings(by)
    chosen = [one for one in found if organisation in (str(one.organisation), one.name)] if organisation else found
    if len(chosen) == 1:
        return chosen[0]
    if not found:
        text = _("您任职的单位不是本方的教育行政部门、学校或高校，不能在本节点查询登记簿。")
        raise refusal("no_standing", text, where="organisation", why=Why.FORBIDDEN)
    text = _("请选择以哪个单位的名义查询。")
    raise refusal("organisation", text, where="organisation")


def own(by: Actor) -> Standing:
    """As oneself."""
    return Standing(Asker.PERSON, None, by.name)
