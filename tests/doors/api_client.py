"""A client of the API with tokens of the cast."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from shuangcheng.directory.actions import tokens
from shuangcheng.directory.actors import of_account
from shuangcheng.directory.people_inputs import TokenInput
from tests.world import Someone

API = "/api/v1"
ALL = (
    "directory:read", "directory:write", "import", "audit:read", "plan:read", "plan:write", "cases:read", "cases:write",
    "exchange:read", "exchange:write", "registers:read", "registers:write",
    "directory:read", "directory:write", "import", "audit:read", "plan:read", "plan:write",
    "exchange:read", "exchange:write",
)  # fmt: skip


def token(someone: Someone, *scopes: str, days: int = 30) -> str:
    """A token of a member of the cast; all scopes unless some are named."""
    now = timezone.now()
    _row, clear = tokens.create_token(
        account=someone.account, data=TokenInput(name="测试", scopes=scopes or ALL, days=days),
        by=of_account(someone.account, door="web", at=now), at=now,
    )  # fmt: skip
    return clear


def expired_token(someone: Someone) -> str:
    """A token that ended yesterday."""
    then = timezone.now() - timedelta(days=2)
    _row, clear = tokens.create_token(
        account=someone.account, data=TokenInput(name="测试", scopes=ALL, days=1),
        by=of_account(someone.account, door="web", at=timezone.now()), at=then,
    )  # fmt: skip
    return clear


class Api:
    """Sends JSON with a token and reads JSON."""

    def __init__(self, clear: str = "", **headers: str) -> None:
        self.client = Client()
        self.headers = dict(headers)
        if clear:
            self.headers["Authorization"] = f"Bearer {clear}"

    def send(self, method: str, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        """The response; `body` becomes JSON, `key` the Idempotency-Key; header names are written with underscores."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            sent["Idempotency-Key"] = key
        more: dict[str, Any] = {}
        if body is not None:
            more = {"data": json.dumps(body) if not isinstance(body, bytes) else body}
            sent.setdefault("Content-Type", "application/json")
            more["content_type"] = sent.pop("Content-Type")
        return self.client.generic(method, path if path.startswith(API) else API + path, headers=sent, **more)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **more: str) -> Any:
        return self.send("POST", path, body, **more)

    def put(self, path: str, body: Any, **more: str) -> Any:
        return self.send("PUT", path, body, **more)

    def delete(self, path: str, **more: str) -> Any:
        return self.send("DELETE", path, **more)


def codes(response: Any) -> list[str]:
    """The codes of a problem, after checking that it is one."""
    assert response["Content-Type"] == "application/problem+json", (response.status_code, response.content[:300])
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == response.status_code
    assert problem["errors"]
    assert all(set(error) == {"code", "detail", "where"} for error in problem["errors"])
    return [error["code"] for error in problem["errors"]]
