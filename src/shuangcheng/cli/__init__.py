"""Subject-matter commands of shuangcheng; the node's own commands live in site."""

from .administrator import administrator
from .importing import import_file

commands = [administrator, import_file]
