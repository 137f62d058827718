"""The tables of the exchange."""

from .feed import Change, FeedItem, Mirror
from .letters import Incoming, Nonce, Outgoing
from .log import Checkpoint, Entry, Node, Tree, Witnessed
from .trust import OwnKey, OwnManifest, Peer

__all__ = [
    "Change",
    "Checkpoint",
    "Entry",
    "FeedItem",
    "Incoming",
    "Mirror",
    "Node",
    "Nonce",
    "Outgoing",
    "OwnKey",
    "OwnManifest",
    "Peer",
    "Tree",
    "Witnessed",
]
