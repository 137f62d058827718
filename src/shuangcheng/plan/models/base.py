"""What the tables of the plan share."""

from shuangcheng.directory.models.base import Versioned

__all__ = ["Versioned"]
