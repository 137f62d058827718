"""Two authorities with fixed keys, known to nobody else: what the tests of letters share."""

from datetime import UTC, datetime
from hashlib import sha256

from shuangcheng.core.attacks import Kit
from shuangcheng.core.keys import PrivateKey, PublicKey, Use
from shuangcheng.core.manifest import Manifest, Statement, open_manifest, published_fingerprint, sign_manifest
from shuangcheng.core.wire import seconds

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
YEAR = 365 * 86_400
START, END = seconds(NOW) - 30 * 86_400, seconds(NOW) + YEAR


def private(name: str, use: Use = Use.SIGN) -> PrivateKey:
    """The key of that name, the same in each run."""
    return PrivateKey(use, sha256(f"test key {name}".encode()).digest())


def public(name: str, use: Use = Use.SIGN, *, start: int = START, end: int = END) -> PublicKey:
    return private(name, use).published(not_before=start, not_after=end)


def signing(authority: str) -> list[PrivateKey]:
    """The good signing keys of an authority."""
    return [private(f"{authority} good"), private(f"{authority} second")]


def statement(authority: str, /, *, extra: tuple[PublicKey, ...] = (), **changes: object) -> Statement:
    """What an authority says of itself."""
    names = {"cq": "重庆市教育委员会", "sc": "四川省教育厅"}
    values = {
        "authority": authority,
        "name": names.get(authority, authority + "教育厅"),
        "base_url": f"https://{authority}.example",
        "number": 1,
        "issued": seconds(NOW) - 86_400,
        "keys": (
            public(f"{authority} good"),
            public(f"{authority} second"),
            public(f"{authority} seal", Use.ENCRYPT),
            public(f"{authority} revoked").model_copy(update={"revoked": seconds(NOW) - 3600}),
            public(f"{authority} expired", end=seconds(NOW) - 1),
            public(f"{authority} early", start=seconds(NOW) + 1),
            *extra,
        ),
        "registers": ("teacher_certificate", "school_licence"),
        "letters": ("lookup.v1", "receipt.v1"),
    }
    return Statement.model_validate(values | changes)


def all_signing(authority: str) -> list[PrivateKey]:
    """Every key that a first manifest must be signed with."""
    return [private(f"{authority} {name}") for name in ("good", "second", "expired", "early")]


def opened(authority: str, *more: PrivateKey, extra: tuple[PublicKey, ...] = (), **changes: object) -> Manifest:
    """The verified manifest of an authority."""
    raw = sign_manifest(statement(authority, extra=extra, **changes), keys=[*all_signing(authority), *more])
    return open_manifest(raw, at=NOW, fingerprint=published_fingerprint(raw))


CQ, SC = opened("cq"), opened("sc")
PEERS = {"cq": CQ, "sc": SC}
SC_SEAL = [private("sc seal", Use.ENCRYPT)]


class Counter:
    """Random bytes and ids that are the same in each run."""

    def __init__(self) -> None:
        self.count = 0

    def random(self, length: int) -> bytes:
        self.count += 1
        return sha256(f"random {self.count}".encode()).digest()[:length]

    def jti(self) -> str:
        self.count += 1
        return f"019ab000-0000-7000-8000-{self.count:012d}"


def kit(at: datetime = NOW) -> Kit:
    """An attacker who holds all of Chongqing's keys and writes to Sichuan."""
    counter = Counter()
    seal = SC.usable(Use.ENCRYPT, at=at)
    assert seal is not None
    return Kit(
        iss="cq", aud="sc",
        good=private("cq good"), second=private("cq second"), revoked=private("cq revoked"),
        expired=private("cq expired"), early=private("cq early"), unknown=private("nobody"),
        receiver=seal, elsewhere=public("nobody seal", Use.ENCRYPT),
        jti=counter.jti, random=counter.random, at=at,
    )  # fmt: skip
