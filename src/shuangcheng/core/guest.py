"""A guest of the gate 检验身份: a throw-away authority that a known node vouches for, so that it can be examined by it.

The host signs a document that carries the guest's manifest. Whoever admits the guest treats it as a sender of letters
for a few minutes, and gives it nothing that is real.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from . import signed
from .keys import PrivateKey
from .manifest import LARGEST as LARGEST_MANIFEST
from .manifest import Manifest, open_manifest, published_fingerprint
from .opened import VERIFIED, Opened
from .outcome import Refused, Why, refusal
from .schema import read
from .strict_json import read_object
from .text import _
from .wire import SKEW, Authority, Seconds, Wire, canonical, moment, not_from_the_future, seconds

TYP = "shuangcheng-guest"
LARGEST = 2 * LARGEST_MANIFEST
PREFIX = "gate-"
"""What every guest's authority begins with, and no other's."""
LIFETIME = 300
"""Seconds for which the document may be used."""


class Introduction(Wire):
    """The words of the document: who vouches for whom, towards whom, and when."""

    iss: Authority = Field(title=_("检验方"))
    aud: Authority = Field(title=_("受检方"))
    iat: Seconds = Field(title=_("签发时间"))
    manifest: Annotated[str, StringConstraints(max_length=LARGEST_MANIFEST)] = Field(title=_("检验身份的公告"))


@dataclass(frozen=True, kw_only=True)
class Guest(Opened):
    """A verified introduction; only `open_guest` makes one."""

    host: str
    manifest: Manifest


def sign_guest(manifest: bytes, *, iss: str, aud: str, at: datetime, keys: Iterable[PrivateKey]) -> bytes:
    """The document with which the host `iss` introduces its guest to `aud`."""
    told = Introduction(iss=iss, aud=aud, iat=seconds(at), manifest=manifest.decode())
    return signed.sign(canonical(told.model_dump(mode="json")), typ=TYP, keys=keys)


def open_guest(raw: bytes, *, me: Manifest, hosts: Mapping[str, Manifest], at: datetime) -> Guest:
    """The guest whom one of `hosts` introduces in `raw`, or `Refused`."""
    parts = signed.take_apart(raw, typ=TYP, largest=LARGEST)
    kid = parts.signatures[0].kid
    host = next((host for host in hosts.values() if host.key(kid) is not None), None)
    if host is None:
        raise signed.unknown_key(kid)
    for key in signed.verify(parts, host.key):
        if objection := key.objection(at=at):
            raise Refused(objection, why=Why.FORBIDDEN)
    told = read(Introduction, read_object(parts.content))
    if (told.iss, told.aud) != (host.authority, me.authority):
        text = _("检验申请写明由 %(iss)s 检验 %(aud)s，应是 %(host)s 检验 %(me)s。")
        raise refusal(
            "wrong_audience", text, where="aud", iss=told.iss, aud=told.aud, host=host.authority, me=me.authority
        )
    not_from_the_future(told.iat, at=at)
    if told.iat < seconds(at) - LIFETIME - SKEW:
        text = _("检验申请签发于 %(told)s，已经失效。请重新开始检验。")
        raise refusal("clock_off", text, where="iat", told=moment(told.iat))
    manifest = open_manifest(told.manifest.encode(), at=at, fingerprint=published_fingerprint(told.manifest.encode()))
    if not manifest.authority.startswith(PREFIX):
        text = _("检验身份的代号应以 %(prefix)s 开头。")
        raise refusal("not_a_guest", text, where="manifest", prefix=PREFIX)
    return Guest(host=host.authority, manifest=manifest, verified=VERIFIED)
