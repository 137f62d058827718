"""Two nodes watch each other's logs: each cosigns the other's checkpoints once it has seen that the log only grew."""

from datetime import datetime

import structlog

from shuangcheng.core import merkle
from shuangcheng.core.checkpoint import Checkpoint as Opened
from shuangcheng.core.checkpoint import CheckpointError, cosign, open_checkpoint
from shuangcheng.core.letter import Letter
from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.core.wire import seconds
from shuangcheng.directory.actor import Actor

from . import log, outbox, trust
from .handlers import Arrived, Reply, answered, handles
from .models import Checkpoint, Outgoing, Peer, Witnessed
from .terms import OutState

TYPE = "checkpoint.v1"
log_ = structlog.get_logger(__name__)


def ask(*, by: Actor, at: datetime) -> int:
    """Show each node the newest checkpoint of this year's log that it has not cosigned; returns how many letters."""
    newest = Checkpoint.objects.filter(year=log.year_of(at)).first()
    if newest is None:
        return 0
    asked = 0
    for peer in Peer.objects.active():
        waiting = Outgoing.objects.filter(peer=peer, type=TYPE, state=OutState.WAITING).exists()
        if peer.authority not in newest.cosigned and not waiting:
            outbox.send(to=peer, type=TYPE, says=_says(newest, peer), by=by, at=at, kind="checkpoint",
                        reference=newest.pk)  # fmt: skip
            asked += 1
    return asked


def _says(newest: Checkpoint, peer: Peer) -> dict[str, object]:
    last = Checkpoint.objects.filter(year=newest.year, cosigned__has_key=peer.authority).first()
    since = last.size if last else 0
    proof = merkle.consistency_proof(size1=since, size2=newest.size, get=log.node(newest.year)) if since else []
    return {"note": newest.note, "since": since, "proof": [hash.hex() for hash in proof]}


def _opened(note: str, peer: Peer, *, year: int, at: datetime) -> Opened:
    known = trust.current(at=at)
    errors = []
    for verifier in trust.log_verifiers(known.peers[peer.authority], year):
        try:
            return open_checkpoint(note, log=verifier)
        except CheckpointError as error:
            errors.append(str(error))
    raise refusal("checkpoint", _("检查点的签名无效：%(reason)s"), where="note", reason="；".join(errors)[:300])


def _year_of(note: str) -> int:
    tail = note.split("\n", 1)[0].rpartition("/")[2]
    if not (tail.isdigit() and len(tail) == 4):
        raise refusal("checkpoint", _("检查点没有写明年份。"), where="note")
    return int(tail)


@handles(TYPE)
def take(arrived: Arrived) -> Reply:
    """Cosign another node's checkpoint, unless its log has forgotten or changed what was cosigned before."""
    says, peer, at = arrived.letter.says, arrived.peer, arrived.at
    year = _year_of(says["note"])
    opened = _opened(says["note"], peer, year=year, at=at)
    seen = Witnessed.objects.select_for_update().filter(peer=peer, year=year).first()
    if seen is not None:
        _check_growth(seen, opened, says)
    signer = trust.current(at=at).log_signer(year, at=at)
    note = cosign(says["note"], signer=signer, time=seconds(at))
    values = {"size": opened.size, "root": opened.root, "note": note, "at": at}
    Witnessed.objects.update_or_create(peer=peer, year=year, defaults=values)
    return Reply("cosignature.v1", {"note": note})


def _check_growth(seen: Witnessed, opened: Opened, says: object) -> None:
    """The proof must lead from what this node has cosigned, whatever the other node believes that to be."""
    told = dict(says)  # type: ignore[call-overload]
    try:
        if told["since"] != seen.size:
            raise merkle.ProofError(f"from {told['since']} leaves, want {seen.size}")
        proof = [bytes.fromhex(hash) for hash in told["proof"]]
        merkle.verify_consistency(
            size1=seen.size, size2=opened.size, proof=proof, root1=bytes(seen.root), root2=opened.root
        )
    except merkle.ProofError as error:
        text = _("日志与本节点会签过的检查点（%(size)d 条）不一致：%(reason)s。请双方核对日志。")
        raise refusal("log_forked", text, where="proof", why=Why.CONFLICT, size=seen.size, reason=str(error)) from error


@answered(TYPE)
def took(row: Outgoing, letter: Letter, at: datetime) -> None:
    """Keep the other node's cosignature, once it verifies."""
    checkpoint = Checkpoint.objects.select_for_update().filter(pk=row.reference or row.pk).first()
    if checkpoint is None or letter.envelope.type != "cosignature.v1":
        return
    known = trust.current(at=at)
    for cosigner in trust.log_verifiers(known.peers[row.peer.authority], checkpoint.year):
        for own in trust.log_verifiers(known.me, checkpoint.year):
            try:
                opened = open_checkpoint(letter.says["note"], log=own, cosigners=[cosigner])
            except CheckpointError:
                continue
            if (opened.size, opened.root) == (checkpoint.size, bytes(checkpoint.root)) and opened.cosigned:
                known_lines = checkpoint.note.splitlines(keepends=True)
                more = [line for line in opened.note.splitlines(keepends=True) if line not in known_lines]
                checkpoint.note += "".join(more)
                checkpoint.cosigned = checkpoint.cosigned | {row.peer.authority: opened.cosigned[cosigner.name]}
                checkpoint.save(update_fields=["note", "cosigned"])
                return
    log_.warning("cosignature_wrong", letter=str(row.pk), peer=row.peer.authority)
