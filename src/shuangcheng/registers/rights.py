"""Who may do what in the room; the rules join the directory's table of rights."""

from shuangcheng.core.text import _
from shuangcheng.directory.policy import Rule

READ, WRITE = "registers:read", "registers:write"
SCOPES = {READ: _("查询登记簿"), WRITE: _("维护登记簿与同意凭证")}

RIGHTS: dict[str, Rule] = {}
"""The rights: verb -> rule(actor, target)."""
