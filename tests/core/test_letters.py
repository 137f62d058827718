"""Letters: what was sealed is opened, what is broken is refused with its own reason, nothing opens by hand."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangcheng.core import letter, sm
from shuangcheng.core.attacks import ATTACKS, Attack
from shuangcheng.core.keys import PrivateKey, Use
from shuangcheng.core.letter import Draft, Letter, LetterType, open_letter, seal
from shuangcheng.core.letters import LETTERS
from shuangcheng.core.manifest import Manifest, open_manifest, published_fingerprint
from shuangcheng.core.outcome import Refused
from tests.core.exchange_cast import CQ, NOW, SC, SC_SEAL, kit, opened, private, public

VECTORS = Path(__file__).parent.parent / "vectors" / "letters"
CASES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(VECTORS.glob("*.json"))}
WORLD = CASES.pop("world")
NONCE, SALT = "A" * 22, "B" * 21 + "A"
JTI = "019ab000-0000-7000-8000-000000000001"
LOOKUP = {"register_name": "school_licence", "asker": "authority", "rows": [{"ref": "1", "by": {"name": "某校"}}]}
OUTSIDE = {"purpose": "supervision", "legal_basis": "statutory_duty", "agreement": "0" * 64, "fields": ["status"]}
SEAL = SC.usable(Use.ENCRYPT, at=NOW)


def open_in_sichuan(
    raw: bytes,
    *,
    at: datetime = NOW,
    me: Manifest = SC,
    peer: Manifest = CQ,
    types: Mapping[str, LetterType] = LETTERS,
    answers: Collection[str] | None = None,
) -> Letter:
    return open_letter(raw, me=me, peers={"cq": peer}, keys=SC_SEAL, types=types, at=at, in_reply_to=answers)


def refused_codes(refused: Refused) -> list[str]:
    for objection in refused.objections:
        assert str(objection).endswith(("。", "；")), str(objection)
        assert "%(" not in str(objection)
    return [objection.code for objection in refused.objections]


def draft(**changes: Any) -> Draft:
    values = {"iss": "cq", "aud": "sc", "jti": JTI, "type": "lookup.v1", "body": LOOKUP, "salt": SALT,
              "private": True, "outside": OUTSIDE}  # fmt: skip
    return Draft(**values | changes)


def sealed(given: Draft | None = None, *, keys: Collection[PrivateKey] = (), nonce: str = NONCE) -> letter.Sealed:
    given = given or draft()
    return seal(given, nonce=nonce, at=NOW, keys=keys or [private("cq good")], receiver=SEAL if given.private else None)


# Vectors


@pytest.mark.parametrize("name", CASES)
def test_vector(name: str) -> None:
    at = datetime.fromisoformat(WORLD["at"])
    cq, sc = (
        open_manifest(WORLD[side].encode(), at=at, fingerprint=published_fingerprint(WORLD[side].encode()))
        for side in ("cq", "sc")
    )
    keys = [PrivateKey(Use.ENCRYPT, bytes.fromhex(WORLD["sc_seal"]))]
    case = CASES[name]

    def open_it() -> Letter:
        return open_letter(case["letter"].encode(), me=sc, peers={"cq": cq}, keys=keys, types=LETTERS, at=at)

    if "wantErr" not in case:
        assert open_it().envelope.iss == "cq"
        return
    with pytest.raises(Refused) as refused:
        open_it()
    assert refused_codes(refused.value)[0] == case["wantErr"]


def test_every_attack_has_a_vector() -> None:
    assert {attack.name: attack.code for attack in ATTACKS} == {
        name: case["wantErr"] for name, case in CASES.items() if "wantErr" in case
    }
    assert len(ATTACKS) > 40


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_made_now_is_refused_for_its_flaw_alone(attack: Attack) -> None:
    with pytest.raises(Refused) as refused:
        open_in_sichuan(attack.make(kit()))
    assert refused_codes(refused.value) == [attack.code]


def test_without_a_flaw_the_attacker_is_heard() -> None:
    held = kit()
    assert open_in_sichuan(held.send(held.notice())).body is not None
    assert open_in_sichuan(held.send(held.lookup())).body is not None


# Sealing and opening


def test_what_was_sealed_is_opened() -> None:
    made = sealed()
    found = open_in_sichuan(made.raw)
    assert found.says == LOOKUP
    assert found.body == LETTERS["lookup.v1"].body.model_validate(LOOKUP)
    assert found.digest == made.digest
    assert found.envelope.jti == JTI
    assert found.signed_by == (private("cq good").kid,)
    assert "某校" not in made.raw.decode()


def test_each_attempt_is_new_around_the_same_matter() -> None:
    first, second = sealed(), sealed(nonce="C" * 21 + "A")
    one, two = open_in_sichuan(first.raw), open_in_sichuan(second.raw)
    assert first.digest != second.digest
    assert (one.envelope.jti, one.envelope.body_hash) == (two.envelope.jti, two.envelope.body_hash)
    assert one.envelope.sealed_body != two.envelope.sealed_body


def test_the_salt_hides_what_could_be_guessed() -> None:
    one, two = (open_in_sichuan(sealed(draft(salt=salt)).raw) for salt in ("A" * 22, "C" * 21 + "A"))
    assert one.says == two.says
    assert one.envelope.body_hash != two.envelope.body_hash


def test_a_reply_names_its_request() -> None:
    request = sealed()
    receipt = {"type": "receipt.v1", "body": {"standing": "handled"}, "private": False}
    answer = draft(**receipt, outside={"in_reply_to": request.digest})
    assert open_in_sichuan(sealed(answer).raw, answers=[request.digest]).envelope.in_reply_to == request.digest
    with pytest.raises(Refused) as refused:
        open_in_sichuan(sealed(answer).raw, answers=["0" * 64])
    assert refused_codes(refused.value) == ["another_request"]
    with pytest.raises(Refused) as refused:
        open_in_sichuan(sealed(draft(**receipt, outside={})).raw)
    assert refused_codes(refused.value) == ["outside"]


def test_ten_thousand_rows_are_one_letter() -> None:
    rows = [{"ref": str(number), "by": {"name": f"学校{number}"}} for number in range(10_000)]
    body = {"register_name": "school_licence", "asker": "authority", "rows": rows}
    assert open_in_sichuan(sealed(draft(body=body)).raw).says == body
    with pytest.raises(Refused) as refused:
        open_in_sichuan(sealed(draft(body={**body, "rows": [*rows, rows[0]]})).raw)
    assert refused_codes(refused.value) == ["too_long"]
    with pytest.raises(Refused) as refused:
        open_in_sichuan(sealed(draft(body={"register_name": "x" * 10_000_000})).raw)
    assert refused_codes(refused.value) == ["too_large"]


def test_a_letter_of_an_unknown_type_is_opened_and_parked() -> None:
    found = open_in_sichuan(sealed(draft(type="weather.v3", body={"rain": 1})).raw)
    assert found.body is None
    assert found.says == {"rain": 1}


@pytest.mark.parametrize("seconds_off", [-59, 0, 300, 359])
def test_clocks_may_differ_a_little(seconds_off: int) -> None:
    assert open_in_sichuan(sealed().raw, at=NOW + timedelta(seconds=seconds_off)).says == LOOKUP


@pytest.mark.parametrize("seconds_off", [-61, 361])
def test_clocks_may_not_differ_much(seconds_off: int) -> None:
    good = public("cq good")
    assert good.objection(at=NOW + timedelta(seconds=seconds_off)) is None
    with pytest.raises(Refused) as refused:
        open_in_sichuan(sealed().raw, at=NOW + timedelta(seconds=seconds_off))
    assert refused_codes(refused.value) == ["clock_off"]
    assert "2026-11-24 10:0" in str(refused.value), "both times are told, in China's time"


GOOD = sealed().raw


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_no_changed_byte_passes(place: int, value: int) -> None:
    broken = bytearray(GOOD)
    broken[place] = value
    if broken == GOOD:
        assert open_in_sichuan(bytes(broken)).says == LOOKUP
        return
    with pytest.raises(Refused):
        open_in_sichuan(bytes(broken))


@settings(deadline=None)
@given(st.binary(max_size=300) | st.dictionaries(st.text(), st.lists(st.text())).map(json.dumps).map(str.encode))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(Refused):
        open_in_sichuan(noise)


def test_nobody_makes_a_letter_by_hand() -> None:
    found = open_in_sichuan(GOOD)
    values = {name: getattr(found, name) for name in ("envelope", "says", "body", "content", "digest", "signed_by")}
    with pytest.raises(TypeError, match="Letter is made only"):
        Letter(**values, verified=object())
    with pytest.raises(ValueError, match="without the receiver's key"):
        seal(draft(), nonce=NONCE, at=NOW, keys=[private("cq good")])
    with pytest.raises(ValueError, match="zone"):
        seal(draft(private=False), nonce=NONCE, at=datetime(2026, 1, 1), keys=[private("cq good")])


# SM2 beside Ed25519

NO_SM = pytest.mark.skipif(not sm.AVAILABLE, reason="the extra `sm` (gmssl-pyx) is not installed: SM2 is NOT tested")


def sm2_pair(name: str) -> PrivateKey:
    import gmssl_pyx

    public_half, private_half = gmssl_pyx.sm2_key_generate()
    return PrivateKey(Use.SIGN_SM2, private_half + public_half)


@pytest.fixture(scope="module")
def both() -> tuple[PrivateKey, Manifest, Manifest]:
    """Chongqing's SM2 key, and manifests in which both sides name one."""
    cq, sc = sm2_pair("cq"), sm2_pair("sc")
    start, end = public("any").not_before, public("any").not_after
    return (
        cq,
        opened("cq", cq, extra=(cq.published(not_before=start, not_after=end),)),
        opened("sc", sc, extra=(sc.published(not_before=start, not_after=end),)),
    )


@NO_SM
def test_where_both_have_sm2_both_signatures_are_verified(both: tuple[PrivateKey, Manifest, Manifest]) -> None:
    pair, cq, sc = both
    found = open_in_sichuan(sealed(keys=[private("cq good"), pair]).raw, me=sc, peer=cq)
    assert found.signed_by == (private("cq good").kid, pair.kid)


@NO_SM
@pytest.mark.parametrize(("names", "code"), [("good", "sm2_required"), ("sm2", "signatures")])
def test_one_signature_is_not_enough(both: tuple[PrivateKey, Manifest, Manifest], names: str, code: str) -> None:
    pair, cq, sc = both
    with pytest.raises(Refused) as refused:
        open_in_sichuan(sealed(keys=[pair if names == "sm2" else private("cq good")]).raw, me=sc, peer=cq)
    assert refused_codes(refused.value) == [code]


@NO_SM
def test_a_wrong_sm2_signature_spoils_the_letter(both: tuple[PrivateKey, Manifest, Manifest]) -> None:
    pair, cq, sc = both
    whole = json.loads(sealed(keys=[private("cq good"), pair]).raw)
    other = json.loads(sealed(keys=[pair], nonce="D" * 21 + "A").raw)
    whole["signatures"][1] = other["signatures"][0]
    with pytest.raises(Refused) as refused:
        open_in_sichuan(json.dumps(whole).encode(), me=sc, peer=cq)
    assert refused_codes(refused.value) == ["signature"]
    raw = sealed(keys=[private("cq good"), pair]).raw
    assert open_in_sichuan(raw, peer=cq).signed_by[1] == pair.kid, "checked also where it is not demanded"


def test_without_the_extra_sm2_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    if not sm.AVAILABLE:
        pytest.skip("the extra `sm` (gmssl-pyx) is not installed: SM2 is NOT tested")
    pair = sm2_pair("cq")
    start, end = public("any").not_before, public("any").not_after
    cq = opened("cq", pair, extra=(pair.published(not_before=start, not_after=end),))
    raw = sealed(keys=[private("cq good"), pair]).raw
    monkeypatch.setattr(sm, "AVAILABLE", False)
    with pytest.raises(Refused) as refused:
        open_in_sichuan(raw, peer=cq)
    assert refused_codes(refused.value) == ["sm2_missing"]


@NO_SM
def test_the_standard_example_of_sm2() -> None:
    """GB/T 32918.5-2017, annex A.2; and signatures out of range, with parts swapped or on another point."""
    public_key = bytes.fromhex(
        "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
        "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
    )
    r = bytes.fromhex("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3")
    s = bytes.fromhex("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA")
    n = bytes.fromhex("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123")
    message = b"message digest"
    assert sm.verified(r + s, message, public=public_key)
    for wrong in (s + r, bytes(32) + s, r + bytes(32), n + s, r + n, r + s + b"\0", r, b""):
        assert not sm.verified(wrong, message, public=public_key)
    for elsewhere in (bytes(64), public_key[:-1] + b"\0", public_key[1:]):
        assert not sm.verified(r + s, message, public=elsewhere)
