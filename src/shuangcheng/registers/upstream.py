"""Asking the existing system that keeps a register. Silence and nonsense are no answer, and never "no match"."""

import json
import time
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import structlog
import urllib3

from shuangcheng.core.outcome import Refused, Why, refusal
from shuangcheng.core.register import Register
from shuangcheng.core.schema import read
from shuangcheng.core.text import _
from shuangcheng.exchange.vault import unseal_text

from . import digests
from .breaker import Breaker, Circuit, Open
from .models import Connector

LARGEST = 1024 * 1024  # bytes of an answer
CONNECT_SECONDS = 3.0

log = structlog.get_logger(__name__)


class NoAnswer(Exception):
    """The other system did not answer, or with what is no record; the text says how, and holds no values."""


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=10, maxsize=8, retries=False)


@cache
def _breaker(register: str, version: int) -> Breaker:
    return Breaker(time.monotonic)


def circuit(connector: Connector) -> Circuit:
    """How the circuit to a system stands in this process; changed settings begin anew."""
    return _breaker(connector.register, connector.version).circuit


def find(
    connector: Connector, register: Register, question: Mapping[str, str], *, today: date
) -> dict[str, str] | None:
    """The record that fits a question in all its fields. Raises `Refused` with UNAVAILABLE when nobody can say."""
    breaker = _breaker(connector.register, connector.version)
    try:
        told = breaker.call(lambda: _ask(connector, register, question, today=today), fails=NoAnswer)
    except (NoAnswer, Open) as error:
        log.warning("register_unavailable", register=register.name, reason=str(error))
        text = _("“%(register)s”登记簿暂时不可用，没有查到不等于没有记录。请稍后再查。")
        raise refusal("register_unavailable", text, why=Why.UNAVAILABLE, register=register.title) from None
    same = told is not None and all(
        digests.normalised(told[name]) == digests.normalised(value) for name, value in question.items()
    )
    return told if same else None


def trial(connector: Connector, register: Register, question: Mapping[str, str], *, today: date) -> str:
    """How one question goes, past the breaker: empty when a record came, else what is wrong."""
    try:
        return "" if _ask(connector, register, question, today=today) else "no_match"
    except NoAnswer as error:
        return str(error)


def _ask(
    connector: Connector, register: Register, question: Mapping[str, str], *, today: date
) -> dict[str, str] | None:
    body = json.dumps({connector.names[name]: value for name, value in question.items()}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if connector.header and connector.sealed:
        headers[connector.header] = unseal_text(connector.sealed, bound_to=f"connector:{connector.pk}")
    patience = urllib3.Timeout(connect=min(CONNECT_SECONDS, connector.seconds), total=connector.seconds)
    try:
        response = _pool().request(
            "POST", connector.url, body=body, headers=headers, timeout=patience, redirect=False, preload_content=False
        )
        try:
            raw = response.read(LARGEST + 1)
        finally:
            response.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise NoAnswer(type(error).__name__) from None
    if response.status == 404:
        return None
    if response.status != 200 or len(raw) > LARGEST:
        raise NoAnswer(f"HTTP {response.status}" if response.status != 200 else "TooLarge")
    found = _within(raw, connector.within)
    return None if found is None else _read(register, found, connector.names, today=today)


def _within(raw: bytes, path: str) -> Mapping[str, Any] | None:
    """The one record in an answer, none when its place is empty."""
    try:
        value = json.loads(raw)
        for step in path.split(".") if path else ():
            value = value[step]
    except (ValueError, KeyError, TypeError):
        raise NoAnswer("NotUnderstood") from None
    if isinstance(value, list):
        if len(value) > 1:
            raise NoAnswer("SeveralRecords")
        value = value[0] if value else None
    if value is not None and not isinstance(value, dict):
        raise NoAnswer("NotUnderstood")
    return value or None


def _read(register: Register, found: Mapping[str, Any], names: Mapping[str, str], *, today: date) -> dict[str, str]:
    values = {name: found[theirs] for name, theirs in names.items() if found.get(theirs) is not None}
    try:
        return register.texts(read(register.record, values), today=today)
    except Refused as refused:
        raise NoAnswer(f"NotARecord: {', '.join(sorted({each.where for each in refused.objections}))}") from None
