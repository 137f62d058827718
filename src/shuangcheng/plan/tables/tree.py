"""Whether a file of items makes a tree: who stands under whom, as it would be after the import."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from shuangcheng.core.outcome import Message
from shuangcheng.core.text import _

from ..terms import UNDER, ItemKind


class Node(NamedTuple):
    """An item in the tree."""

    kind: str
    parent: str
    number: str


Key = tuple[str, str]
Fault = tuple[str, Message, str]


def faults(nodes: Mapping[Key, Node]) -> dict[Key, list[Fault]]:
    """By plan and number what is wrong: the field it is about, the sentence, the code."""
    found: dict[Key, list[Fault]] = defaultdict(list)
    for key, node in nodes.items():
        above = nodes.get((key[0], node.parent))
        if not node.parent:
            if node.kind == ItemKind.MILESTONE:
                found[key].append(("parent", Message(_("节点必须填写上级编号。")), "parent.missing"))
        elif above is None:
            text = _("没有编号为“%(number)s”的上级事项，请核对。")
            found[key].append(("parent", Message(text, {"number": node.parent}), "not_found"))
        elif _circular(key, nodes):
            text = _("事项不能成为自己的下级，请另选上级编号。")
            found[key].append(("parent", Message(text), "parent.circle"))
        elif above.kind not in UNDER[node.kind]:
            _unfit(found, key, node, above)
    return found


def _unfit(found: dict[Key, list[Fault]], key: Key, node: Node, above: Node) -> None:
    """A kind that does not fit is told at both ends, since only one of them may be in the file."""
    kind, child = Message(ItemKind(above.kind).label), Message(ItemKind(node.kind).label)
    text = _("“%(number)s”是%(kind)s，不能作为%(child)s的上级。")
    values = {"number": above.number, "kind": kind, "child": child}
    found[key].append(("parent", Message(text, values), "parent.kind"))
    text = _("下级“%(number)s”是%(child)s，这一事项不能改为%(kind)s。")
    values = {"number": node.number, "kind": kind, "child": child}
    found[key[0], node.parent].append(("kind", Message(text, values), "children.kind"))


def _circular(key: Key, nodes: Mapping[Key, Node]) -> bool:
    """Whether the way up from an item comes back to it."""
    seen = {key}
    step = nodes.get((key[0], nodes[key].parent))
    while step is not None and step.number:
        at = (key[0], step.number)
        if at == key:
            return True
        if at in seen:
            return False
        seen.add(at)
        step = nodes.get((key[0], step.parent)) if step.parent else None
    return False
