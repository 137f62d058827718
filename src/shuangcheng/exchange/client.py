"""HTTP to other nodes: one pool of connections a process, no redirects, answers of bounded size."""

from functools import cache

import urllib3

from shuangcheng.core.letter import LARGEST
from shuangcheng.core.outcome import refusal
from shuangcheng.core.text import _

CONNECT_SECONDS, READ_SECONDS = 5, 60
SEALED = "application/jose+json"
"""Media type of signed documents, RFC 7515."""


class Unreachable(Exception):
    """The other node did not answer, or answered with what nobody can read; the text says which."""


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(
        num_pools=20, maxsize=8, retries=False, timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    )


class Answer:
    """Status, media type and bytes."""

    def __init__(self, status: int, media_type: str, raw: bytes) -> None:
        self.status, self.media_type, self.raw = status, media_type, raw


def post(url: str, raw: bytes, *, media_type: str = SEALED) -> Answer:
    """Send bytes."""
    return _request("POST", url, raw, {"Content-Type": media_type})


def get(url: str, *, largest: int = LARGEST) -> bytes:
    """Fetch what a node publishes; `Refused` when it cannot be had."""
    try:
        answer = _request("GET", url, None, {}, largest=largest)
    except Unreachable as error:
        text = _("连不上 %(url)s（%(error)s）。请核对地址，并确认对方节点正在运行。")
        raise refusal("unreachable", text, where="base_url", url=url, error=str(error)) from error
    if answer.status != 200:
        text = _("%(url)s 回答了 %(status)d，不是双城节点，或版本过旧。请核对地址。")
        raise refusal("not_a_node", text, where="base_url", url=url, status=answer.status)
    return answer.raw


def _request(method: str, url: str, body: bytes | None, headers: dict[str, str], *, largest: int = LARGEST) -> Answer:
    try:
        response = _pool().request(method, url, body=body, headers=headers, redirect=False, preload_content=False)
        try:
            raw = response.read(largest + 1)
        finally:
            response.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise Unreachable(type(error).__name__) from error
    if len(raw) > largest:
        raise Unreachable("TooLarge")
    return Answer(response.status, response.headers.get("Content-Type", "").partition(";")[0], raw)
