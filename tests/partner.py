"""Another authority's node, as ours sees it: own keys, real HTTP on loopback, the pure core, no database."""

import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from shuangcheng.core.keys import PrivateKey, PublicKey, Use
from shuangcheng.core.letter import Draft, Letter, Sealed, open_letter, seal
from shuangcheng.core.letters import LETTERS
from shuangcheng.core.manifest import Manifest, Statement, open_manifest, published_fingerprint, sign_manifest
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.wire import base64url, seconds
from shuangcheng.directory.models.base import uuid7
from shuangcheng.exchange import inbox, trust
from shuangcheng.exchange.actions import keys, peers
from shuangcheng.exchange.models import Peer
from tests.world import SYSTEM

YEAR = 365 * 86_400
Answer = tuple[int, str, bytes]
SEALED, PROBLEM = "application/jose+json", "application/problem+json"


def fresh(use: Use = Use.SIGN) -> PrivateKey:
    return PrivateKey(use, secrets.token_bytes(32))


class Partner:
    """The node `sc`. `answer` says what it answers to a letter; by default a receipt for everything it can open."""

    def __init__(self, authority: str = "sc", name: str = "四川省教育厅") -> None:
        self.authority, self.name, self.number = authority, name, 0
        self.born = seconds(timezone.now())
        self.signer, self.sealer = fresh(), fresh(Use.ENCRYPT)
        self.other_keys: list[PublicKey] = []
        self.received: list[Letter] = []
        self.answer: Callable[[Partner, bytes], Answer] = Partner.receipt
        self.pages: dict[str, bytes] = {}
        self.doors: dict[str, Callable[[bytes, str], Answer]] = {}
        self.us: Manifest | None = None
        partner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                raw = partner.manifest() if self.path == "/exchange/manifest" else partner.pages.get(self.path)
                self._send(200 if raw else 404, SEALED, raw or b"")

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                door = partner.doors.get(self.path)
                self._send(*(door(raw, self.headers["Content-Type"]) if door else partner.answer(partner, raw)))

            def _send(self, status: int, media_type: str, raw: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_arguments: object) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def manifest(self, *, number: int = 1, extra: tuple[PrivateKey, ...] = (), **changes: Any) -> bytes:
        start, end = self.born - 86_400, self.born + YEAR
        published = [key.published(not_before=start, not_after=end) for key in (self.signer, self.sealer, *extra)]
        values = {
            "authority": self.authority, "name": self.name, "base_url": self.base_url, "number": number,
            "issued": start, "keys": [*published, *self.other_keys], "registers": sorted(REGISTERS),
            "letters": sorted(LETTERS),
        }  # fmt: skip
        statement = Statement.model_validate(values | changes)
        return sign_manifest(statement, keys=[self.signer, *(key for key in extra if key.use != Use.ENCRYPT)])

    @property
    def opened(self) -> Manifest:
        raw = self.manifest()
        return open_manifest(raw, at=timezone.now(), fingerprint=published_fingerprint(raw))

    def seal(
        self, type: str, says: Mapping[str, Any], *, jti: str = "", salt: str = "", at: datetime | None = None,
        **outside: Any,
    ) -> Sealed:  # fmt: skip
        """A letter to us."""
        at = at or timezone.now()
        us = self.us or trust.current(at=at).me
        private = LETTERS[type].private if type in LETTERS else False
        draft = Draft(
            iss=self.authority, aud=us.authority, jti=jti or str(uuid7()), type=type, body=says,
            salt=salt or base64url(secrets.token_bytes(16)), private=private, outside=outside,
        )  # fmt: skip
        receiver = us.usable(Use.ENCRYPT, at=at) if private else None
        return seal(draft, nonce=base64url(secrets.token_bytes(16)), at=at, keys=[self.signer], receiver=receiver)

    def open(self, raw: bytes, *, in_reply_to: list[str] | None = None) -> Letter:
        """A letter of ours."""
        assert self.us is not None
        return open_letter(
            raw, me=self.opened, peers={self.us.authority: self.us}, keys=[self.sealer], types=LETTERS,
            at=timezone.now(), in_reply_to=in_reply_to,
        )  # fmt: skip

    def ask(self, type: str, says: Mapping[str, Any], **outside: Any) -> Letter:
        """Our answer to a letter of the partner's, straight through the inbox."""
        sealed = self.seal(type, says, **outside)
        answered = inbox.receive(sealed.raw, at=timezone.now())
        return self.open(answered.raw, in_reply_to=[sealed.digest])

    def reply(self, letter: Letter, type: str, says: Mapping[str, Any], *, status: int = 200) -> Answer:
        return status, SEALED, self.seal(type, says, in_reply_to=letter.digest).raw

    def receipt(self, raw: bytes) -> Answer:
        letter = self.open(raw)
        self.received.append(letter)
        return self.reply(letter, "receipt.v1", {"standing": "handled"})


def problem(status: int, code: str) -> Answer:
    body = {"errors": [{"code": code, "detail": code, "where": ""}]}
    return status, PROBLEM, json.dumps(body).encode()


def introduced(partner: Partner, *, active: bool = True) -> Peer:
    """Make the partner known to our node, and our node to the partner."""
    at = timezone.localtime()
    keys.ensure(by=SYSTEM, at=at)
    raw, fingerprint = peers.published(partner.base_url)
    peer = peers.introduce(raw=raw, fingerprint=fingerprint, by=SYSTEM, at=at)
    if active:
        peer = peers.keep_gate(peer=peer, report={"wrong": 0, "rows": []}, by=SYSTEM, at=at)
        peer = peers.activate(peer=peer, version=peer.version, by=SYSTEM, at=at)
    partner.us = trust.current(at=at).me
    return peer


@pytest.fixture
def partner(db: None) -> Iterator[Partner]:
    """The other node, not introduced."""
    made = Partner()
    yield made
    made.close()


@pytest.fixture
def peer(partner: Partner) -> Peer:
    """The other node as ours knows it, active."""
    return introduced(partner)
