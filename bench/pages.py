"""Home and list pages through the real web server: requests per second, milliseconds, queries, kilobytes.

Two web processes on loopback, sixteen visitors without an account who ask again as soon as they are answered, five
seconds for each page; the visitors run on the same machine and take their share of it. Each page is measured twice:
as visitors ask for it while nothing is written, which is answered with the page made for the first of them, and
`_made_anew`, where no two ask for the same address. The data is the reference data and the demonstration. The peer is
a plain Django site on the same server and the same rows, with the middleware of a new project, a generic list of thirty
rows and a bare template; it has no home page.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, repeat
from pathlib import Path

from bench.figures import percentile, tell
from bench.node import load_reference, node

ROOT = Path(__file__).resolve().parent.parent
VISITORS = 16
SECONDS = 5.0
WARM_UP = 1.5
PAGES = {"home": "/", "list": "/organisations/", "organisation": ""}
OURS = ("-m", "shuangcheng.site.main", "web-process")


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(*command: str, port: int) -> Iterator[None]:
    """A web server until the end of the block."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, *command], start_new_session=True, stdout=subprocess.DEVNULL, env=environment
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        else:
            raise AssertionError("the web server did not start")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


async def visit(port: int, addresses: Iterator[str], until: float, taken: list[float]) -> None:
    """One visitor, on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while (start := time.perf_counter()) < until:
            writer.write(f"GET {next(addresses)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            taken.append(time.perf_counter() - start)
    finally:
        writer.close()


def load(port: int, path: str, *, anew: bool = False) -> tuple[float, float]:
    """Requests per second, and the milliseconds that 95 of 100 take."""
    addresses = (f"{path}?visit={number}" for number in count()) if anew else repeat(path)

    async def all_of_them(seconds: float) -> list[float]:
        taken: list[float] = []
        until = time.perf_counter() + seconds
        await asyncio.gather(*(visit(port, addresses, until, taken) for _visitor in range(VISITORS)))
        return taken

    asyncio.run(all_of_them(WARM_UP))
    taken = asyncio.run(all_of_them(SECONDS))
    return len(taken) / SECONDS, percentile(taken, 0.95) * 1000


def cost(path: str, *, anew: bool) -> tuple[int, float]:
    """Queries and kilobytes of a page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path, {"visit": "new"} if anew else {})
    assert answer.status_code == 200
    return len(captured), len(answer.content) / 1000


def main() -> None:
    """Measure ours, then the peer."""
    port, peer_port = free_port(), free_port()
    with node(port=str(port), demo="true", web_workers="2"):
        from shuangcheng.site.demo import load as load_demonstration
        from shuangcheng.site.node import prepare

        prepare(say=lambda _sentence: None)
        load_reference()
        load_demonstration(lambda _title, _percent: None)
        from shuangcheng.directory.models import Organisation

        PAGES["organisation"] = f"/organisations/{Organisation.objects.get(name='重庆大学').id}/"
        costs = {(name, anew): cost(path, anew=anew) for name, path in PAGES.items() for anew in (False, True)}
        with server(*OURS, port=port):
            ours = {name: load(port, path) for name, path in PAGES.items()}
            anew = {name: load(port, path, anew=True) for name, path in PAGES.items()}
        theirs = {}
        command = ("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(peer_port), "--workers",
                   "2", "--blocking-threads", "4", "--log-level", "error", "bench.peer_wsgi:application")  # fmt: skip
        with server(*command, port=peer_port):
            theirs["list"] = load(peer_port, "/organisations/")
    for suffix, figures in (("", ours), ("_made_anew", anew)):
        for name, (rate, p95) in figures.items():
            beside = theirs.get(name)
            queries, kilobytes = costs[name, bool(suffix)]
            tell(
                f"page_{name}{suffix}", rate, "requests/s", peer="plain Django ListView" if beside else "",
                peer_value=beside[0] if beside else None, p95_ms=round(p95, 1),
                queries=queries, kilobytes=round(kilobytes, 1),
            )  # fmt: skip


if __name__ == "__main__":
    main()
