"""Look-ups from node to node: real processes, HTTP, PostgreSQL with its usual safety, all on this machine.

Single: a program asks over the API with 1, 16 and 64 clients; each answer has crossed the border twice, signed,
encrypted and logged on both sides, in three durable commits. Batch: letters of 10,000 rows over `--rows` holdings. Each
figure tells the processor's seconds of each part, since client and both nodes share the machine's cores: those bound
the rate; one after the other it is the sum of the ways and of the disk's flushes. Memory is PSS after that load.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

import psycopg

from bench.figures import percentile, tell
from bench.invented import certificates
from shuangcheng.site.postgres import Cluster
from tests.journeys.asking_nodes import Asking, asking_nodes
from tests.journeys.test_serve import processor_seconds, until
from tests.journeys.two_nodes import Node

BATCH = 10_000
STATE = """
from shuangcheng.registers.models import LookUp
told = list(LookUp.objects.filter(rows__gt=1).values_list("state", "found"))
"""


def seconds_used(node: Node, *, database: bool) -> float:
    """Processor seconds of a node's own processes, or of its PostgreSQL."""
    used = 0.0
    for pid, command in node.processes().items():
        if ("postgres" in command.split()[0]) is database:
            try:
                used += processor_seconds(pid)
            except OSError:
                continue
    return used


def commits(node: Node) -> int:
    """Transactions that the node's database has committed."""
    with psycopg.connect(Cluster(node.var).url) as connection:
        row = connection.execute(
            "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else 0


@dataclass
class Load:
    """What clients measured."""

    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def load(asking: Asking, clients: int, seconds: float) -> Load:
    """Ask with so many clients at once for some seconds."""
    made, start = Load(), time.perf_counter()

    def client() -> None:
        while time.perf_counter() - start < seconds:
            begun = time.perf_counter()
            status, told = asking.ask()
            made.times.append(time.perf_counter() - begun)
            if (status, told.get("found")) != (201, 1):
                made.wrong.append(f"{status} {told}")

    threads = [threading.Thread(target=client) for _number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made.seconds = time.perf_counter() - start
    return made


def parts(asking: Asking) -> dict[str, float]:
    """Processor seconds so far, by part."""
    own = os.times()
    used = {"client": own.user + own.system}
    for node in (asking.nodes.cq, asking.nodes.sc):
        used |= {node.side: seconds_used(node, database=False), f"{node.side}_db": seconds_used(node, database=True)}
    return used


def single(asking: Asking, clients: int, seconds: float) -> None:
    """One measurement of single look-ups."""
    before, asked = parts(asking), {node.side: commits(node) for node in (asking.nodes.cq, asking.nodes.sc)}
    made = load(asking, clients, seconds)
    after, number = parts(asking), len(made.times)
    assert not made.wrong, made.wrong[:3]
    cpu = {name: round((after[name] - before[name]) / number * 1000, 2) for name in after}
    done = {
        node.side: round((commits(node) - asked[node.side]) / number, 2) for node in (asking.nodes.cq, asking.nodes.sc)
    }
    tell(
        f"lookup_single_{clients}", number / made.seconds, "look-ups/s", clients=clients, asked=number,
        p50_ms=round(percentile(made.times, 0.5) * 1000, 1), p95_ms=round(percentile(made.times, 0.95) * 1000, 1),
        cpu_ms=cpu, cpu_ms_all=round(sum(cpu.values()), 2), commits=done, load_average=os.getloadavg()[0],
    )  # fmt: skip


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Questions about the certificates of a file, spread over all of it."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {"name": row["姓名"], "certificate_number": row["教师资格证书号码"]}


def batch(asking: Asking, rows: int, letters: int) -> None:
    """Letters of many rows, one after the other, from the request to the settled answer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "held.csv")
        certificates(path, rows)
        start = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "shuangcheng.site.main",
            "registers",
            "import",
            "teacher_certificate",
            str(path),
        ]
        subprocess.run(command, env=asking.nodes.sc.environ, check=True, stdout=subprocess.DEVNULL)
        loaded = time.perf_counter() - start
        step = max(1, rows // (BATCH * letters))
        questions = islice(rows_of(path), 0, None, step)
        before, start, asked = parts(asking), time.perf_counter(), 0
        for number in count(1):
            those = list(islice(questions, BATCH))
            if not those or number > letters:
                break
            status, told = asking.ask(*those)
            assert status == 201, told
            until(lambda number=number: sum(s == "answered" for s, _f in asking.nodes.cq.do(STATE)) == number)  # type: ignore[misc]
            asked += len(those)
        taken = time.perf_counter() - start
    found = sum(found for _state, found in asking.nodes.cq.do(STATE))
    assert found == asked, (found, asked)
    after = parts(asking)
    cpu = {name: round((after[name] - before[name]) / asked * 1e6) for name in after}
    tell(
        "lookup_batch", asked / taken, "rows/s", asked=asked, rows_a_letter=BATCH, holdings=rows,
        import_seconds=round(loaded, 1), cpu_us_a_row=cpu, load_average=os.getloadavg()[0],
    )  # fmt: skip


def memory(asking: Asking) -> None:
    """PSS of supervisor, web and worker, PostgreSQL apart."""
    for node in (asking.nodes.cq, asking.nodes.sc):
        used = 0
        for pid, command in node.processes().items():
            if "postgres" not in command.split()[0] and "shuangcheng" in command:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                used += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        tell(f"node_memory_{node.side}", used / 1024, "MB PSS", web_workers=node.environ["SHUANGCHENG_WEB_WORKERS"])


def main() -> None:
    """Measure; the first look-ups warm both nodes up."""
    options = argparse.ArgumentParser(prog="python -m bench.lookups")
    options.add_argument("--rows", type=int, default=1_000_000, help="holdings of the batch; 0 leaves it out")
    options.add_argument("--letters", type=int, default=20)
    options.add_argument("--seconds", type=float, default=15)
    options.add_argument("--clients", type=int, nargs="*", default=[1, 16, 64])
    options.add_argument("--workers", default="2")
    options.add_argument("--threads", default="4")
    chosen = options.parse_args()
    settings = {"web_workers": chosen.workers, "web_threads": chosen.threads}
    with asking_nodes(cq=settings, sc=settings) as asking:
        load(asking, 4, 3)
        for clients in chosen.clients:
            single(asking, clients, chosen.seconds)
        memory(asking)
        if chosen.rows:
            batch(asking, chosen.rows, chosen.letters)


if __name__ == "__main__":
    main()
