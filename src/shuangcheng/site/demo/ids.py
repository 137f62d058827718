"""Ids of what both nodes of the demonstration have: each makes the same things, and they are one thing."""

import hashlib
from uuid import UUID

BEGINNING = 1_735_660_800_000
"""Milliseconds, 2025-01-01 in China: the time that these ids tell."""


def steady(kind: str, name: str) -> UUID:
    """The UUIDv7 of a thing of the demonstration, on every node the same."""
    digest = int.from_bytes(hashlib.sha256(f"{kind}\0{name}".encode()).digest()[:10], "big")
    return UUID(int=BEGINNING << 80 | 7 << 76 | digest >> 68 << 64 | 2 << 62 | digest & (2**62 - 1))
