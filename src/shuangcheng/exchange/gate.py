"""The gate 检验: good and broken letters to another node, and whether it answers each as it should.

The letters come from a guest, a throw-away authority that this node vouches for, so that nothing real is touched. What
upper rooms want examined they add as probes.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from shuangcheng.core import feed, guest
from shuangcheng.core.attacks import ATTACKS, Kit
from shuangcheng.core.keys import PrivateKey, Use
from shuangcheng.core.letter import Letter, open_letter
from shuangcheng.core.letters import LETTERS
from shuangcheng.core.manifest import Manifest, Statement, open_manifest, published_fingerprint, sign_manifest
from shuangcheng.core.outcome import Refused, refusal
from shuangcheng.core.strict_json import read_object
from shuangcheng.core.text import _
from shuangcheng.core.wire import canonical, read_base64url, seconds, sha256
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import uuid7
from shuangcheng.directory.policy import require

from . import client, outbox, trust
from .actions import peers
from .feed import PATH as FEED
from .models import Peer
from .vault import fresh_key

PATH = "/exchange/guests"
DAY = 86_400
HANDLED, PARKED, SAME = "handled", "parked", "same_answer"


@dataclass(frozen=True)
class Row:
    """One thing examined: what should have been answered and what was."""

    name: str
    title: str
    wanted: str
    found: str

    @property
    def right(self) -> bool:
        """Whether it was answered as it should be."""
        return self.found == self.wanted

    def told(self) -> dict[str, Any]:
        """The row as it is kept."""
        return {"name": self.name, "title": self.title, "wanted": self.wanted, "found": self.found, "right": self.right}


class Visitor:
    """A guest at another node: its keys, and its letters there and back."""

    def __init__(
        self, target: Manifest, *, host: str, keys: Iterable[PrivateKey], base_url: str, address: str = ""
    ) -> None:
        """`keys` are the host's, who is at `base_url`; `address` is where the target is, when not where it says."""
        self.target, self.host, self.host_keys, self.base_url = target, host, tuple(keys), base_url
        self.address = address or target.statement.base_url
        self.authority = guest.PREFIX + secrets.token_hex(6)
        self.signing = {name: fresh_key(Use.SIGN) for name in ("good", "second", "revoked", "expired", "early")}
        self.sealer = fresh_key(Use.ENCRYPT)
        self.manifest = self._manifest()

    @property
    def at(self) -> datetime:
        """Now: each letter is dated when it is sent."""
        return timezone.localtime()

    def _manifest(self) -> Manifest:
        now = seconds(self.at)
        terms = {"early": (now + DAY, now + 2 * DAY), "expired": (now - 2 * DAY, now - DAY)}
        published = []
        for name, key in (*self.signing.items(), ("seal", self.sealer)):
            start, end = terms.get(name, (now - DAY, now + DAY))
            public = key.published(not_before=start, not_after=end)
            published.append(public.model_copy(update={"revoked": now - 60 if name == "revoked" else None}))
        statement = Statement(
            authority=self.authority, name=f"检验 {self.authority}", base_url=self.base_url, number=1, issued=now - 60,
            keys=tuple(published), letters=tuple(sorted(LETTERS)),
        )  # fmt: skip
        raw = sign_manifest(statement, keys=[key for name, key in self.signing.items() if name != "revoked"])
        return open_manifest(raw, at=self.at, fingerprint=published_fingerprint(raw))

    def enrol(self) -> None:
        """Be admitted by the other node, or `Refused` with its reason."""
        raw = guest.sign_guest(
            self.manifest.raw, iss=self.host, aud=self.target.authority, at=self.at, keys=self.host_keys
        )
        answer = self._post(PATH, raw)
        if answer.status != 201:
            code, message = outbox.problem_of(answer)
            text = _("对方没有接受检验：%(message)s（%(found)s）。请确认对方已登记本节点，且双方公告都是最新的。")
            raise refusal("not_admitted", text, message=message, found=code)

    def _post(self, path: str, raw: bytes, *, media_type: str = client.SEALED) -> client.Answer:
        try:
            return client.post(self.address + path, raw, media_type=media_type)
        except client.Unreachable as error:
            text = _("检验中断：连不上对方节点（%(error)s）。请稍后重新检验。")
            raise refusal("unreachable", text, error=str(error)) from error

    @property
    def kit(self) -> Kit:
        """What attacks and probes are made with, at this moment."""
        receiver = self.target.usable(Use.ENCRYPT, at=self.at)
        if receiver is None:
            text = _("%(name)s 没有可用的加密密钥。请对方更新公告。")
            raise refusal("no_key", text, name=self.target.statement.name)
        start, end = seconds(self.at) - DAY, seconds(self.at) + DAY
        elsewhere = fresh_key(Use.ENCRYPT).published(not_before=start, not_after=end)
        return Kit(
            iss=self.authority, aud=self.target.authority, **self.signing, unknown=fresh_key(Use.SIGN),
            receiver=receiver, elsewhere=elsewhere, jti=lambda: str(uuid7()), random=secrets.token_bytes, at=self.at,
        )  # fmt: skip

    def say(self, envelope: dict[str, Any]) -> "Letter | str":
        """Send a letter; the answer, signed and to this very letter, or what stands in its place."""
        return self.answer(self._post(outbox.PATH, self.kit.send(envelope)), sha256(canonical(envelope)))

    def send(self, raw: bytes, *, media_type: str = client.SEALED) -> str:
        """Send bytes; what was answered in one word."""
        return told(self.answer(self._post(outbox.PATH, raw, media_type=media_type), _digest(raw)))

    def answer(self, answer: client.Answer, digest: str) -> "Letter | str":
        """An answer opened as strictly as any other letter, or the code of a refusal, or the bare status."""
        if answer.media_type != client.SEALED or answer.status not in (200, 422):
            code, _message = outbox.problem_of(answer)
            return code if 400 <= answer.status < 500 else f"http_{answer.status}"
        try:
            return open_letter(
                answer.raw, me=self.manifest, peers={self.target.authority: self.target}, keys=[self.sealer],
                types=LETTERS, at=self.at, in_reply_to=[digest],
            )  # fmt: skip
        except Refused as refused:
            return f"answer_{refused.objections[0].code}"


def _digest(raw: bytes) -> str:
    """What a true answer to a letter carries; empty where the letter is too broken to be answered."""
    try:
        return sha256(read_base64url(str(read_object(raw)["payload"])))
    except (ValueError, KeyError):
        return ""


def told(answer: "Letter | str") -> str:
    """An answer in one word: the standing of a receipt, the first reason of a refusal, the type of another letter."""
    if isinstance(answer, str):
        return answer
    if answer.envelope.type != "receipt.v1":
        return answer.envelope.type
    if answer.says["standing"] == "refused":
        return str(next((reason["code"] for reason in answer.says.get("reasons", [])), "refused"))
    return str(answer.says["standing"])


@dataclass(frozen=True)
class Probe:
    """Something to examine beside the broken letters; `run` says in one word what was answered."""

    name: str
    title: str
    wanted: str
    run: Callable[[Visitor], str]


PROBES: list[Probe] = []


def probe(name: str, title: str, wanted: str) -> Callable[[Callable[[Visitor], str]], Callable[[Visitor], str]]:
    """Register what is examined at every gate; upper rooms add theirs in their `letters.py`."""

    def register(run: Callable[[Visitor], str]) -> Callable[[Visitor], str]:
        PROBES.append(Probe(name, title, wanted, run))
        return run

    return register


def run(visitor: Visitor) -> list[Row]:
    """Every probe and every attack, one after the other."""
    visitor.enrol()
    rows = [Row(each.name, each.title, each.wanted, each.run(visitor)) for each in PROBES]
    rows += [Row(each.name, each.title, each.code, visitor.send(each.make(visitor.kit))) for each in ATTACKS]
    after = told(visitor.say(visitor.kit.notice()))
    return [*rows, Row("after_all", _("错误信件之后的正确信件"), HANDLED, after)]


def examine(*, peer: Peer, by: Actor, at: datetime) -> dict[str, Any]:
    """Run the gate against a node as this node's guest, and keep the report."""
    require(by, "peer.activate", peer)
    peer = peers.refresh(peer=peer, by=by, at=at)
    known = trust.current(at=at)
    visitor = Visitor(
        known.peers[peer.authority],
        host=known.me.authority,
        keys=known.signing(at=at),
        base_url=settings.SHUANGCHENG.url,
    )
    rows = run(visitor)
    report = {"wrong": sum(not row.right for row in rows), "rows": [row.told() for row in rows]}
    peers.keep_gate(peer=peer, report=report, by=by, at=at)
    return report


@probe("good_public", _("正确的公开信件"), HANDLED)
def _good_public(visitor: Visitor) -> str:
    return told(visitor.say(visitor.kit.notice()))


@probe("good_private", _("正确的加密信件"), "answered")
def _good_private(visitor: Visitor) -> str:
    answer = visitor.say(visitor.kit.lookup())
    return answer if isinstance(answer, str) else "answered"


@probe("unknown_type", _("不认识的信件类型"), PARKED)
def _unknown_type(visitor: Visitor) -> str:
    return told(visitor.say(visitor.kit.notice(type="gate_unknown.v1")))


@probe("same_letter", _("同一封信重新签发"), SAME)
def _same_letter(visitor: Visitor) -> str:
    kit = visitor.kit
    envelope = kit.notice()
    first = visitor.say(envelope)
    second = visitor.say(envelope | {"nonce": kit.salt()})
    if isinstance(first, str) or isinstance(second, str):
        return told(second)
    same = (first.envelope.jti, first.says) == (second.envelope.jti, second.says)
    return SAME if same else "another_answer"


@probe("same_bytes", _("原样重放"), "replayed")
def _same_bytes(visitor: Visitor) -> str:
    raw = visitor.kit.send(visitor.kit.notice())
    visitor.send(raw)
    return visitor.send(raw)


@probe("used_nonce", _("用过的随机数换一封信再用"), "replayed")
def _used_nonce(visitor: Visitor) -> str:
    kit = visitor.kit
    envelope = kit.notice()
    visitor.say(envelope)
    return told(visitor.say(kit.notice(nonce=envelope["nonce"])))


@probe("used_jti", _("用过的信件编号换一封信再用"), "jti_taken")
def _used_jti(visitor: Visitor) -> str:
    kit = visitor.kit
    envelope = kit.notice()
    visitor.say(envelope)
    return told(visitor.say(kit.notice(jti=envelope["jti"])))


@probe("media_type", _("内容类型不对"), "media_type")
def _media_type(visitor: Visitor) -> str:
    return visitor.send(visitor.kit.send(visitor.kit.notice()), media_type="application/json")


@probe("feed", _("公共数据页的签名"), "signed")
def _feed(visitor: Visitor) -> str:
    try:
        raw = client.get(f"{visitor.address}{FEED}?after=0", largest=feed.LARGEST)
        feed.open_page(raw, issuer=visitor.target, after=0, at=visitor.at)
    except Refused as refused:
        return refused.objections[0].code
    return "signed"
