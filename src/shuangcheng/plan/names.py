"""From the names in another node's list to the organisations of this one."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from shuangcheng.core.letters import plan_version
from shuangcheng.core.outcome import refusal
from shuangcheng.core.text import _
from shuangcheng.core.wire import seconds
from shuangcheng.directory.models import Organisation
from shuangcheng.exchange.handlers import Later
from shuangcheng.exchange.models import Peer


@dataclass(frozen=True)
class Names:
    """The organisations that a list names; of several with a name the sender's side's are meant."""

    found: Mapping[str, Organisation]

    @classmethod
    def of(cls, snapshot: plan_version.Snapshot, peer: Peer, *, sent: int) -> "Names":
        """Find them all; `Later` while the sender's directory has not been read since the letter, then refused."""
        leads = {name for item in snapshot.items for name in (item.lead_cq, item.lead_sc) if name}
        wanted = leads | {name for item in snapshot.items for name in item.partners}
        rows = by_name(wanted)
        found = {name: row for name in wanted if (row := _pick(rows[name], peer.side))}
        if missing := sorted(wanted - found.keys()):
            if peer.feed_at is None or seconds(peer.feed_at) <= sent:
                raise Later("organisations that are not known yet")
            text = _("本节点的名录里没有：%(names)s。请先登记这些机构，或改用名录里的名称。")
            raise refusal("organisations_unknown", text, where="items", names="、".join(missing[:10]))
        return cls(found)

    def organisation(self, name: str | None) -> Organisation | None:
        """The organisation of a name."""
        return self.found[name] if name else None


def by_name(names: set[str]) -> Mapping[str, list[Organisation]]:
    """The organisations of each name."""
    rows: defaultdict[str, list[Organisation]] = defaultdict(list)
    for row in Organisation.objects.filter(name__in=names):
        rows[row.name].append(row)
    return rows


def _pick(rows: list[Organisation], side: str) -> Organisation | None:
    return next((row for row in rows if row.side == side), rows[0] if rows else None)


def named(name: str, side: str) -> Organisation | None:
    """The organisation of a name, of several the side's."""
    return _pick(by_name({name})[name], side) if name else None
