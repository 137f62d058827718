"""OpenID providers on loopback: a real one, and a rogue that answers as a test tells it."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import requests

from tests.journeys.test_serve import free_port


class Provider:
    """A real provider, with people that a test enters."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def enter(self, sub: str, **claims: object) -> None:
        """Make a person known, or change what is said of them."""
        requests.put(f"{self.issuer}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def consent(self, address: str, sub: str) -> str:
        """Sign in at the provider as `sub`; returns the address on the way back."""
        answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def deny(self, address: str) -> str:
        """Refuse at the provider."""
        answer = requests.post(address, data={"action": "deny"}, allow_redirects=False, timeout=5)
        return answer.headers["Location"]


@contextmanager
def real_provider() -> Iterator[Provider]:
    """A provider in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            provider = Provider(f"http://127.0.0.1:{port}")
            for _attempt in range(300):
                try:
                    requests.get(provider.issuer, timeout=5)
                    break
                except requests.ConnectionError:
                    assert process.poll() is None, "the provider did not start"
                    time.sleep(0.1)
            yield provider
        finally:
            process.terminate()


class Rogue(Provider):
    """Answers with whatever `token` and `userinfo` hold; `{nonce}` stands for what it was asked with."""

    def __init__(self, issuer: str) -> None:
        super().__init__(issuer)
        self.token: dict[str, Any] | None = None
        self.userinfo: Any = {}

    def answer(self, path: str) -> Any:
        """What is said at `path`."""
        if path.endswith("openid-configuration"):
            ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            return {
                "issuer": self.issuer,
                "jwks_uri": f"{self.issuer}/jwks",
                **{f"{name}_endpoint": f"{self.issuer}/{end}" for name, end in ends.items()},
            }
        if path == "/token":
            signed = jwt.encode(self.token, "k" * 32) if self.token is not None else None
            return {"access_token": "x", "token_type": "Bearer", **({"id_token": signed} if signed else {})}
        return self.userinfo

    def claims(self, address: str, **changes: object) -> dict[str, Any]:
        """Proper claims for the sign-in begun at `address`, with some changed."""
        asked = parse_qs(urlsplit(address).query)
        now = int(time.time())
        proper = {"iss": self.issuer, "aud": asked["client_id"][0], "sub": "s-1", "iat": now, "exp": now + 60}
        return {**proper, "nonce": asked["nonce"][0], **changes}


@contextmanager
def rogue_provider() -> Iterator[Rogue]:
    """A rogue in a thread."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(rogue.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_line: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        rogue = Rogue(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield rogue
        finally:
            server.shutdown()
            thread.join()
