"""Another node with an inbox of its own, sound or wrong in one way, for the gate to find out."""

import json
import secrets
from datetime import datetime
from typing import Any

from django.utils import timezone

from shuangcheng.core.feed import Page, sign_page
from shuangcheng.core.guest import open_guest
from shuangcheng.core.letter import Draft, open_letter, seal
from shuangcheng.core.letters import LETTERS
from shuangcheng.core.manifest import Manifest
from shuangcheng.core.outcome import Refused
from shuangcheng.core.wire import base64url, read_base64url, seconds, sha256
from shuangcheng.directory.models.base import uuid7
from tests.partner import SEALED, Answer, Partner, problem

UNCHECKED = {
    "algorithms": "algorithm", "signatures": "signature", "clock": "clock_off", "lifetime": "lifetime",
    "audience": "wrong_audience", "sender": "wrong_issuer", "unknown_fields": "extra_forbidden",
    "body_hash": "body_hash", "revocation": "key_revoked", "expiry_of_keys": "key_expired", "privacy": "privacy",
    "duplicate_keys": "duplicate_key", "consent": "consent_missing",
}  # fmt: skip
"""Faults by the code of the refusal that such a node never gives."""

FAULTS: dict[str, set[str]] = {
    "algorithms": {"none", "hs256", "eddsa"},
    "signatures": {"flipped_bit", "another_payload"},
    "clock": {"expired", "future"},
    "lifetime": {"long_lived"},
    "audience": {"wrong_audience"},
    "sender": {"wrong_issuer"},
    "unknown_fields": {"unknown_field", "more_than_says"},
    "body_hash": {"another_body"},
    "revocation": {"revoked_key"},
    "expiry_of_keys": {"expired_key"},
    "privacy": {"private_in_the_clear"},
    "duplicate_keys": {"duplicate_key"},
    "consent": {"no_consent"},
    "nonces": {"same_bytes", "used_nonce"},
    "ids": {"used_jti"},
    "forgets": {"same_letter"},
    "unsigned_answers": {"good_public", "good_private", "after_all"},
    "unbound_answers": {"good_public", "after_all"},
    "refuses_the_unknown": {"unknown_type"},
    "breaks_down": {"deep", "not_utf8"},
    "media_types": {"media_type"},
    "unsigned_feed": {"feed"},
}
"""What is wrong with a node -> what the gate must find, at least."""


class Node:
    """Answers the partner's address; `faults` says what it does wrong."""

    def __init__(self, partner: Partner) -> None:
        self.partner, self.faults = partner, set[str]()
        self.guests: dict[str, Manifest] = {}
        self.nonces: set[str] = set()
        self.answers: dict[str, tuple[str, str, dict[str, Any]]] = {}
        partner.doors = {"/exchange/guests": self.admit, "/exchange/letters": self.receive}

    def admit(self, raw: bytes, _media_type: str) -> Answer:
        self._publish_feed()
        assert self.partner.us is not None
        hosts = {self.partner.us.authority: self.partner.us}
        guest = open_guest(raw, me=self.partner.opened, hosts=hosts, at=timezone.now())
        self.guests[guest.manifest.authority] = guest.manifest
        return 201, "text/plain", b""

    def _publish_feed(self) -> None:
        page = Page(iss=self.partner.authority, at=seconds(timezone.now()), after=0, things=(), last=True)
        signed = sign_page(page, keys=[self.partner.signer])
        page_or_lie = json.dumps(page.model_dump()).encode() if "unsigned_feed" in self.faults else signed
        self.partner.pages["/exchange/feed?after=0"] = page_or_lie

    def receive(self, raw: bytes, media_type: str) -> Answer:
        if media_type != SEALED and "media_types" not in self.faults:
            return problem(415, "media_type")
        at = timezone.now()
        try:
            letter = open_letter(
                raw, me=self.partner.opened, peers=self.guests, keys=[self.partner.sealer], types=LETTERS, at=at
            )
            envelope, digest = letter.envelope.model_dump(mode="json"), letter.digest
        except Refused as refused:
            code = refused.objections[0].code
            if "breaks_down" in self.faults and code in ("too_deep", "not_utf8"):
                return problem(500, "failure")
            if code not in {UNCHECKED[fault] for fault in self.faults & UNCHECKED.keys()}:
                return problem(422, code)
            payload = read_base64url(json.loads(raw)["payload"])
            envelope, digest = json.loads(payload), sha256(payload)
        return self._taken(envelope, digest, at)

    def _taken(self, envelope: dict[str, Any], digest: str, at: datetime) -> Answer:
        if envelope["nonce"] in self.nonces and "nonces" not in self.faults:
            return problem(409, "replayed")
        self.nonces.add(envelope["nonce"])
        known = self.answers.get(envelope["jti"])
        if known and known[0] != envelope["body_hash"] and "ids" not in self.faults:
            return problem(409, "jti_taken")
        if envelope["type"] not in LETTERS and "refuses_the_unknown" in self.faults:
            return problem(422, "type_unknown")
        standing = "handled" if envelope["type"] in LETTERS else "parked"
        if known is None or "forgets" in self.faults:
            known = (envelope["body_hash"], str(uuid7()), {"standing": standing, "leaf": "0" * 64})
            self.answers[envelope["jti"]] = known
        if "unsigned_answers" in self.faults:
            return 200, "application/json", json.dumps(known[2]).encode()
        bound = "0" * 64 if "unbound_answers" in self.faults else digest
        sender = envelope["iss"] if envelope["iss"] in self.guests else next(iter(self.guests))
        draft = Draft(
            iss=self.partner.authority, aud=sender, jti=known[1], type="receipt.v1", body=known[2],
            salt=base64url(secrets.token_bytes(16)), outside={"in_reply_to": bound},
        )  # fmt: skip
        nonce = base64url(secrets.token_bytes(16))
        return 200, SEALED, seal(draft, nonce=nonce, at=at, keys=[self.partner.signer]).raw
