"""Manifests: the first by its fingerprint, each later one by a key of the one before."""

from datetime import timedelta

import pytest

from shuangcheng.core.keys import PublicKey, Use
from shuangcheng.core.manifest import (
    Manifest,
    Statement,
    digest_of,
    fingerprint_of,
    open_manifest,
    published_fingerprint,
    sign_manifest,
)
from shuangcheng.core.outcome import Refused
from shuangcheng.core.schema import read
from shuangcheng.core.wire import seconds
from tests.core.exchange_cast import CQ, NOW, YEAR, all_signing, private, public, statement

NEW = public("cq new")
LATER = {"number": 2, "issued": seconds(NOW)}


def codes(raw: bytes, **how: object) -> list[str]:
    """Why a manifest is refused."""
    with pytest.raises(Refused) as refused:
        open_manifest(raw, at=NOW, **how)  # type: ignore[arg-type]
    return [objection.code for objection in refused.value.objections]


def next_one(
    *keys: PublicKey, names: tuple[str, ...] = ("good", "new"), dropped: tuple[str, ...] = (), **changes: object
) -> bytes:
    """Chongqing's next manifest: with more keys, signed by those named, without those dropped or replaced."""
    gone = {private(f"cq {name}").kid for name in dropped} | {key.kid for key in keys}
    kept = tuple(key for key in CQ.statement.keys if key.kid not in gone)
    said = statement("cq", **{**LATER, "keys": (*kept, *keys), **changes})
    return sign_manifest(said, keys=[private(f"cq {name}") for name in names])


def test_a_first_manifest_is_believed_by_its_fingerprint() -> None:
    assert open_manifest(CQ.raw, at=NOW, fingerprint=CQ.fingerprint.replace(" ", "-")).statement == CQ.statement
    assert published_fingerprint(CQ.raw) == CQ.fingerprint
    assert [len(group) for group in CQ.fingerprint.split(" ")] == [5] * 8
    assert len(digest_of(CQ)) == 64


@pytest.mark.parametrize("told", ["", "00000", CQ.fingerprint[:-5], CQ.fingerprint[::-1]])
def test_another_fingerprint_is_refused(told: str) -> None:
    assert codes(CQ.raw, fingerprint=told) == ["fingerprint"]


def test_the_fingerprint_is_of_every_word() -> None:
    assert fingerprint_of(b"a") == "70932 70930 49952 10323 99094 98502 49807 38101"
    other = sign_manifest(statement("cq", base_url="https://cq.evil.example"), keys=all_signing("cq"))
    assert codes(other, fingerprint=CQ.fingerprint) == ["fingerprint"]


def test_every_key_has_signed() -> None:
    for left_out in range(4):
        keys = all_signing("cq")
        del keys[left_out]
        raw = sign_manifest(statement("cq"), keys=keys)
        assert codes(raw, fingerprint=published_fingerprint(raw)) == ["key_not_proven"]


def test_a_stranger_does_not_sign() -> None:
    raw = sign_manifest(statement("cq"), keys=[*all_signing("cq"), private("nobody")])
    assert codes(raw, fingerprint=published_fingerprint(raw)) == ["unknown_key"]


def test_a_manifest_from_the_future_is_refused() -> None:
    raw = sign_manifest(statement("cq", issued=seconds(NOW) + 61), keys=all_signing("cq"))
    assert codes(raw, fingerprint=published_fingerprint(raw)) == ["clock_off"]


def test_keys_rotate_with_overlap() -> None:
    found = open_manifest(next_one(NEW), at=NOW, previous=CQ)
    assert found.key(NEW.kid) == NEW
    good = private("cq good")
    assert found.key(good.kid), "the old one goes on beside the new one"
    last = next_one(NEW, names=("new",), dropped=("good",), number=3)
    assert open_manifest(last, at=NOW, previous=found).key(good.kid) is None


def test_revoking_a_key() -> None:
    revoked = public("cq good").model_copy(update={"revoked": seconds(NOW)})
    found = open_manifest(next_one(revoked, names=("second",)), at=NOW, previous=CQ)
    assert found.usable(Use.SIGN, at=NOW) == public("cq second")
    restored = next_one(public("cq good"), names=("second",), number=3)
    assert codes(restored, previous=found) == ["key_restored"]
    dropped = next_one(names=("second",), dropped=("good",), number=3)
    assert codes(dropped, previous=found) == ["key_restored"]
    again = next_one(revoked, names=("good",), number=3)
    assert codes(again, previous=found) == ["not_endorsed"]


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (next_one(NEW, names=("new",)), "not_endorsed"),
        (next_one(NEW, names=("new", "expired")), "not_endorsed"),
        (next_one(NEW, names=("new", "early")), "not_endorsed"),
        (next_one(NEW, names=("good",)), "key_not_proven"),
        (next_one(NEW, number=1), "manifest_old"),
        (next_one(NEW, issued=seconds(NOW) - 2 * 86_400), "manifest_old"),
        (next_one(NEW, authority="sc"), "another_authority"),
        (next_one(public("cq second", end=seconds(NOW) + 2 * YEAR), names=("good",)), "key_prolonged"),
        (CQ.raw, "manifest_old"),
        (next_one(NEW).replace(b"signature", b"signatura", 1), "not_signed"),
    ],
)  # fmt: skip
def test_what_does_not_follow_is_refused(raw: bytes, wanted: str) -> None:
    assert codes(raw, previous=CQ) == [wanted]


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "http://cq.example"},
        {"base_url": "https://user:secret@cq.example"},
        {"base_url": "https://cq.example/"},
        {"base_url": "file:///etc/passwd"},
        {"authority": "CQ"},
        {"number": 0},
        {"number": "1"},
        {"keys": (public("a"), public("b"))},
        {"keys": (public("a"), public("a"), public("c", Use.ENCRYPT))},
        {"letters": ("lookup",)},
        {"owner": "x"},
    ],
)
def test_a_statement_that_says_nonsense_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Refused):
        read(Statement, statement("cq").model_dump() | changes)
    assert read(Statement, statement("cq").model_dump() | {"base_url": "http://127.0.0.1:8410"})


@pytest.mark.parametrize(
    "changes",
    [{"kid": "A" * 43}, {"public": public("other").public}, {"use": "X25519"}, {"public": "AAAA"}, {"not_after": 0},
     {"public": public("cq good").public + "="}],
)  # fmt: skip
def test_a_key_is_what_it_says(changes: dict[str, object]) -> None:
    with pytest.raises(Refused):
        read(PublicKey, public("cq good").model_dump() | changes)


def test_the_newest_usable_key_is_used() -> None:
    assert CQ.usable(Use.SIGN, at=NOW - timedelta(days=60)) is None
    assert CQ.usable(Use.SIGN, at=NOW + timedelta(seconds=1)) == public("cq early", start=seconds(NOW) + 1)
    assert CQ.usable(Use.SIGN_SM2, at=NOW) is None


def test_nobody_makes_a_manifest_by_hand() -> None:
    with pytest.raises(TypeError, match="Manifest is made only"):
        Manifest(statement=CQ.statement, raw=CQ.raw, fingerprint=CQ.fingerprint, verified=object())
    for how in ({}, {"fingerprint": CQ.fingerprint, "previous": CQ}):
        with pytest.raises(ValueError, match="either"):
            open_manifest(CQ.raw, at=NOW, **how)  # type: ignore[arg-type]
