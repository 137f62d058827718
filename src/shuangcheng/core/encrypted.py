"""Encryption to one receiver: JWE (RFC 7516) with ECDH-ES+A256KW on X25519 (RFC 8037) and A256GCM."""

from collections.abc import Iterable

from joserfc import jwe
from joserfc.errors import JoseError

from .keys import PrivateKey, PublicKey, Use
from .outcome import Refused, refusal
from .signed import decoded
from .strict_json import read_object
from .text import _

_ENCRYPTION = ["ECDH-ES+A256KW", "A256GCM"]
_JWE_HEADER = {"alg", "enc", "kid", "epk"}


class _Registry(jwe.JWERegistry):
    """The two algorithms, and no limit of joserfc's own: the letter around it was measured."""

    max_ciphertext_length = 64 * 1024 * 1024


_REGISTRY = _Registry(algorithms=_ENCRYPTION)


def encrypt(content: bytes, receiver: PublicKey) -> str:
    """`content` so that only the holder of `receiver` reads it: a compact JWE."""
    header = {"alg": _ENCRYPTION[0], "enc": _ENCRYPTION[1], "kid": receiver.kid}
    return jwe.encrypt_compact(header, content, receiver.jose, registry=_REGISTRY)


def decrypt(sealed: str, keys: Iterable[PrivateKey]) -> bytes:
    """The plain bytes of a JWE whose header holds what `encrypt` writes and nothing else, or `Refused`."""
    try:
        header = read_object(decoded(sealed.split(".")[0]))
        if header.keys() != _JWE_HEADER or [header["alg"], header["enc"]] != _ENCRYPTION:
            text = _("加密内容用的算法不被接受，只接受 %(allowed)s。")
            raise refusal("algorithm", text, where="sealed_body", allowed=" + ".join(_ENCRYPTION))
        key = next((key for key in keys if key.use == Use.ENCRYPT and key.kid == header["kid"]), None)
        if key is None:
            text = _("内容不是加密给本节点现用密钥的。请对方按本节点的最新公告重发。")
            raise refusal("not_for_our_key", text, where="sealed_body")
        plain = jwe.decrypt_compact(sealed, key.jose, registry=_REGISTRY).plaintext
    except (JoseError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise refusal("sealed_body", _("加密内容打不开：密文被改动过或残缺。"), where="sealed_body") from None
    return plain or b""
