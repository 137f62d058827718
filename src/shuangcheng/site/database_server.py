"""A PostgreSQL server of the operator's own, and what to tell when it cannot be reached."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from shuangcheng.site.sentences import Sentence

REMEDY = Sentence(
    zh="请检查数据库服务器是否在运行、地址端口是否正确、用户名密码是否有效、防火墙是否放行。",
    en="Check that the server runs, that address, port, user and password are right, and the firewall.",
)


def without_password(url: str) -> str:
    """Return the URL as a person may see it; what follows a question mark may hold a password as well."""
    parts = urlsplit(url)
    user, at, place = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    return urlunsplit(parts._replace(netloc=f"{name}{':***' if colon else ''}{at}{place}", query="", fragment=""))


def unreachable(url: str, error: psycopg.Error) -> Sentence:
    """Say that nothing answers, or not as it should, and why."""
    shown = without_password(url)
    reason = " ".join(str(error).split())
    return Sentence(zh=f"数据库 {shown} 连不上：{reason}", en=f"The database {shown} cannot be reached: {reason}")


def connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect as the node will, without waiting for long; raises `psycopg.Error`."""
    return psycopg.connect(url, connect_timeout=5)
