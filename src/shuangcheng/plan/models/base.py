"""What the tables of the plan share."""

from django.db import models

from shuangcheng.directory.models.base import Timed


class Versioned(Timed):
    """A row that several people edit: `version` grows with each change and is compared before one."""

    version = models.IntegerField(default=1)

    class Meta:
        abstract = True
