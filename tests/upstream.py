"""A provincial system over real HTTP on loopback, as registers' connectors ask it: a reference, and all its moods."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class Upstream:
    """What it holds, how it behaves, and what it was asked."""

    records: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    raw: bytes | None = None
    delay: float = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    credentials: list[str | None] = field(default_factory=list)
    url: str = ""

    def answer(self, question: dict[str, Any]) -> bytes:
        found = [one for one in self.records if all(one.get(name) == value for name, value in question.items())]
        return json.dumps({"code": 0, "data": {"list": found}}, ensure_ascii=False).encode()


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """A running system with nothing in it."""
    system = Upstream()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            system.asked.append(question)
            system.paths.append(self.path)
            system.credentials.append(self.headers.get("X-Credential"))
            time.sleep(system.delay)
            raw = system.answer(question) if system.raw is None else system.raw
            try:
                self.send_response(system.status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)
            except ConnectionError:
                pass  # whoever asked has lost patience

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    system.url = f"http://127.0.0.1:{server.server_port}/query"
    yield system
    server.shutdown()
    server.server_close()
