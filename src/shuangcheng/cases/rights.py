"""Who may do what in the room; the rules join the directory's table of rights."""

from shuangcheng.core.text import _
from shuangcheng.directory.policy import Rule

READ, WRITE = "cases:read", "cases:write"
SCOPES = {READ: _("查看联办事项"), WRITE: _("办理联办事项")}

RIGHTS: dict[str, Rule] = {}
"""The rights: verb -> rule(actor, target)."""
