"""Subject-matter commands of shuangcheng; the node's own commands live in site."""

from .administrator import administrator
from .exchange import conformance, log
from .importing import import_file
from .plan import plan
from .policies import import_policy
from .registers import registers

plan.add_command(import_policy)
commands = [administrator, import_file, plan, registers, log, conformance]
# Commands that only read files, and so need no database
offline = frozenset({"plan extract"})
