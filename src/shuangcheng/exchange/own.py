"""This node among the others."""

from django.conf import settings

from .models import Peer


def own_authority() -> str:
    """The short name under which this node stands in letters."""
    return str(settings.SHUANGCHENG.node)


def authorities() -> list[tuple[str, str]]:
    """This node and those it exchanges letters with: short name and name."""
    return [
        (own_authority(), str(settings.SHUANGCHENG.node_title)),
        *Peer.objects.active().values_list("authority", "name"),
    ]
