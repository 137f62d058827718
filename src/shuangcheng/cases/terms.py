"""The closed lists of the cases."""

from shuangcheng.core.outcome import Message
from shuangcheng.core.procedures import PROCEDURES
from shuangcheng.core.text import _

OPEN = "open"
"""The way that begins a case."""
EXTEND = "extend"
"""The way that prolongs a step once."""


def procedures() -> list[tuple[str, str]]:
    """Name and title of every procedure."""
    return [(name, procedure.title) for name, procedure in PROCEDURES.items()]


def steps() -> list[tuple[str, str]]:
    """Name and title of every step of every procedure."""
    return [(name, step.title) for procedure in PROCEDURES.values() for name, step in procedure.steps.items()]


def way_title(procedure: str, step: str, way: str) -> Message:
    """What a way is called."""
    if way == OPEN:
        return Message(_("提出"))
    if way == EXTEND:
        return Message(_("延长期限"))
    return Message(PROCEDURES[procedure].steps[step].ways[way].title)
