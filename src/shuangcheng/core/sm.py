"""SM2 signatures over SM3, GB/T 32918.2 and GB/T 32905, by the extra `sm`; signatures are r and s, 32 bytes each."""

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

try:
    import gmssl_pyx
except ImportError:
    gmssl_pyx = None

AVAILABLE = gmssl_pyx is not None
"""Whether the extra is installed."""

PRIVATE_BYTES, PUBLIC_BYTES, SIGNATURE_BYTES = 32, 64, 64


def public_of(pair: bytes) -> bytes:
    """The public half (64 bytes, x and y) of a pair of 96 bytes: private, then public."""
    return pair[PRIVATE_BYTES:]


def sign(message: bytes, *, pair: bytes) -> bytes:
    """The signature of `message` by a pair of 96 bytes; the signer's id is the standard's default."""
    made = gmssl_pyx.sm2_sign(pair[:PRIVATE_BYTES], public_of(pair), message)
    return b"".join(part.to_bytes(32, "big") for part in decode_dss_signature(made))


def verified(signature: bytes, message: bytes, *, public: bytes) -> bool:
    """Whether the holder of `public` (64 bytes) made the signature (64 bytes)."""
    if len(signature) != SIGNATURE_BYTES or len(public) != PUBLIC_BYTES:
        return False
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        return bool(gmssl_pyx.sm2_verify(public, message, der))
    except (gmssl_pyx.InvalidValueError, gmssl_pyx.GmsslInnerError):
        return False
