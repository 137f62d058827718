"""Keyed digests by which holdings are found, and the seal around their secret fields."""

import json
import secrets
import unicodedata
from collections.abc import Mapping

from django.conf import settings
from pydantic_core import to_json

from shuangcheng.core import seal
from shuangcheng.core.register import Register
from shuangcheng.directory.terms import NumberKind

SHORT = 16  # bytes: a thousand million records do not meet by chance
SUBJECTS = {"id_number": NumberKind.ID_CARD, "pupil_number": NumberKind.PUPIL}
"""The fields that say whose a record is, the better one first."""

_DOTS = {ord(dot): "·" for dot in "•‧∙⋅・･．․｡°."} | {ord(space): None for space in " \t\u3000\u00a0\u200b\ufeff"}
_ASIDE = str.maketrans(_DOTS)


def normalised(text: str) -> str:
    """A value as it is compared: spaces and case aside, one dot for all that names are written with, forms folded."""
    if text.isalnum() and unicodedata.is_normalized("NFKC", text):
        return text.upper()
    return unicodedata.normalize("NFKC", text.translate(_ASIDE)).translate(_ASIDE).upper()


def _digest(kind: str, text: str) -> bytes:
    return seal.digest(text, key=settings.DIGEST_KEY, kind=kind)


def digester(kind: str, key: bytes) -> seal.Digester:
    """What makes the digests of a kind."""
    return seal.digester(key=key, kind=kind)


def of_key(register: Register, value: str) -> bytes:
    """What names a record."""
    return _digest(f"{register.name}.key", normalised(value))[:SHORT]


def of_question(register: Register, place: int, compared: Mapping[str, str]) -> bytes | None:
    """All fields of a question at once, as they are compared; none when one of them is empty."""
    asked = [compared[name] for name in register.questions[place]]
    return _digest(f"{register.name}.q{place + 1}", "\0".join(asked))[:SHORT] if all(asked) else None


def of_subject(values: Mapping[str, str]) -> bytes | None:
    """Whose the record is, as the directory digests a person's number."""
    for name, kind in SUBJECTS.items():
        if values.get(name):
            return _digest(str(kind), values[name])
    return None


def seal_secrets(register: Register, values: Mapping[str, str], *, key: bytes) -> bytes:
    """The secret fields as they are stored: bound to the record's key, so that they open in no other record."""
    return seal.seal_bytes(
        to_json({name: values[name] for name in register.secret}), key=settings.IDENTITY_KEY,
        bound_to=_bound_to(register, key), nonce=secrets.token_bytes(seal.NONCE_BYTES),
    )  # fmt: skip


def open_secrets(register: Register, sealed: bytes | memoryview, *, key: bytes) -> dict[str, str]:
    """The secret fields of a record; raises `SealBroken`."""
    text = seal.unseal(bytes(sealed), key=settings.IDENTITY_KEY, bound_to=_bound_to(register, key))
    opened: dict[str, str] = json.loads(text)
    return opened


def _bound_to(register: Register, key: bytes) -> str:
    return f"{register.name}/{key.hex()}"
