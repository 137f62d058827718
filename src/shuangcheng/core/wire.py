"""What authorities send each other: its models, its one canonical spelling and its times.

Canonical JSON is RFC 8785, base64url is RFC 4648 section 5 without filling, times are POSIX seconds.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

import rfc8785
from pydantic import ConfigDict, Field, StringConstraints

from .outcome import refusal
from .schema import Input
from .text import _

SKEW = 60
"""Seconds by which two clocks may differ."""

LATEST = 2**37
"""No time after this, in the year 6325, is meant; calendars end in 9999."""

_CHINA = timezone(timedelta(hours=8))


class Wire(Input):
    """Base of what crosses the border: frozen, unknown fields refused, nothing trimmed or guessed."""

    model_config = ConfigDict(str_strip_whitespace=False)


Seconds = Annotated[int, Field(strict=True, ge=0, le=LATEST)]
"""A POSIX time."""

Count = Annotated[int, Field(strict=True, ge=0, le=2**53)]
"""A whole number that JSON carries exactly."""

Authority = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,19}$")]
"""The short name of an authority: cq, sc."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in lower-case hexadecimal digits."""

UUID7 = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
]
"""A UUID of version 7 in its one spelling, RFC 9562 section 5.7."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
"""The name of a declaration or of one of its fields."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{1,39}$")]
"""The code of an objection, such as id_card.check."""

Random = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{21}[AQgw]$")]
"""Sixteen random bytes in base64url."""


def canonical(values: Mapping[str, Any]) -> bytes:
    """The canonical JSON of `values`, RFC 8785; ValueError where JSON has no exact form."""
    return rfc8785.dumps(dict(values))


def sha256(raw: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(raw).hexdigest()


def base64url(raw: bytes) -> str:
    """Bytes as base64url without filling."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_base64url(text: str) -> bytes:
    """The bytes of the one spelling that `base64url` gives them; ValueError for any other."""
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url(raw) != text:
        raise ValueError(f"{text!r}, want {base64url(raw)!r}")
    return raw


def seconds(at: datetime) -> int:
    """A moment as POSIX seconds."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return int(at.timestamp())


def moment(at: int) -> str:
    """POSIX seconds as people read them in China's time."""
    return datetime.fromtimestamp(at, _CHINA).strftime("%Y-%m-%d %H:%M:%S")


def not_from_the_future(issued: int, *, at: datetime) -> None:
    """Refuse with `clock_off` what is dated later than clocks may differ."""
    if issued > seconds(at) + SKEW:
        text = _("来件的时间是 %(told)s，而本节点现在是 %(now)s。请核对双方的时钟后重发。")
        raise refusal("clock_off", text, where="iat", told=moment(issued), now=moment(seconds(at)))
