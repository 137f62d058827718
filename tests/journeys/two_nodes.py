"""Two real nodes as a fixture: `shuangcheng serve` twice, small, without demonstration data, known to each other."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.test_serve import SOON, Served, until

DRIVER = """
import json, sys
from shuangcheng.site import node, safety
node.set_up_django(safety.load())
from django.db import connection
names = {}
for line in sys.stdin:
    connection.close()
    exec(compile(json.loads(line), "step", "exec"), names)
    print(json.dumps(names.pop("told", None)), flush=True)
    connection.close()
"""
CAST = """
from django.utils import timezone
from shuangcheng.directory.actions import organisations, people
from shuangcheng.directory.actor import system
from shuangcheng.directory.actors import of_account
from shuangcheng.directory.inputs import OrganisationInput
from shuangcheng.directory.models import Account, Division, Organisation
from shuangcheng.directory.people_inputs import PersonInput
by, at = system("测试"), timezone.localtime()
for code, name in (("500000", "重庆市"), ("510000", "四川省")):
    Division.objects.create(code=code, name=name, level="province", path=f"{code}/", pinyin=name)
for name, code in (("重庆市教育委员会", "500000"), ("四川省教育厅", "510000")):
    data = OrganisationInput(name=name, type="authority", division=code)
    organisations.create(data=data, by=by, at=at)
home = "重庆市教育委员会" if SIDE == "cq" else "四川省教育厅"
person = PersonInput(name="余小安" if SIDE == "cq" else "舒小川", login="officer", role="officer", organisation=home)
account = people.create(data=person, password="worldly-password", by=by, at=at, invented=True)
def officer():
    return of_account(Account.objects.select_related("person").get(), door="web", at=timezone.localtime())
"""
MANIFEST = """
from shuangcheng.exchange.models import OwnManifest
told = OwnManifest.objects.first().fingerprint
"""
INTRODUCE = """
from shuangcheng.exchange.actions import peers
raw, found = peers.published(URL)
peer = peers.introduce(raw=raw, fingerprint=FINGERPRINT, by=by, at=timezone.localtime())
"""
ACTIVATE = """
from shuangcheng.exchange import gate
report = gate.examine(peer=peer, by=by, at=timezone.localtime())
told = [row for row in report["rows"] if not row["right"]]
peer.refresh_from_db()
peers.activate(peer=peer, version=peer.version, by=by, at=timezone.localtime())
"""


@dataclass
class Node(Served):
    """One of the two: a served node, and a process beside it that acts in its database."""

    side: str = "cq"
    driver: "subprocess.Popen[str] | None" = field(default=None)

    @property
    def environ(self) -> dict[str, str]:
        own = {"NODE": self.side, "SIDE": self.side, "NODE_TITLE": self.side, "WEB_THREADS": "4"}
        return super().environ | {f"SHUANGCHENG_{name}": value for name, value in own.items()}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def do(self, step: str, **values: str) -> Any:
        """Run a step in the node's database; what it puts into `told`."""
        if self.driver is None:
            self.driver = subprocess.Popen(
                [sys.executable, "-c", DRIVER], env=self.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True,
            )  # fmt: skip
        assert self.driver.stdin is not None
        assert self.driver.stdout is not None
        given = "".join(f"{name} = {value!r}\n" for name, value in ({"SIDE": self.side} | values).items())
        print(json.dumps(given + step), file=self.driver.stdin, flush=True)
        return json.loads(self.driver.stdout.readline() or '"the step failed"')


@dataclass(frozen=True)
class Nodes:
    """Chongqing and Sichuan."""

    cq: Node
    sc: Node


def acquaint(nodes: Nodes) -> None:
    """Each introduces the other by its fingerprint, examines it at the gate, and activates it."""
    both = ((nodes.cq, nodes.sc), (nodes.sc, nodes.cq))
    for node, _other in both:
        node.do(CAST)
    prints = {node.side: node.do(MANIFEST) for node, _other in both}
    for node, other in both:
        node.do(INTRODUCE, URL=other.url, FINGERPRINT=prints[other.side])
    for node, _other in both:
        assert node.do(ACTIVATE) == []


def end(node: Node) -> None:
    if node.driver is not None:
        node.driver.kill()
        node.driver.communicate()
    for pid in node.processes():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    if node.process is not None:
        node.process.wait(SOON)
    until(lambda: not node.processes())
    shutil.rmtree(node.var)


@pytest.fixture(scope="session")
def two_nodes() -> Iterator[Nodes]:
    """Both nodes, running and active with each other."""
    nodes = Nodes(*(Node(Path(tempfile.mkdtemp(prefix=f"shuangcheng-{side}-")), side=side) for side in ("cq", "sc")))
    try:
        for node in (nodes.cq, nodes.sc):
            node.start()
        for node in (nodes.cq, nodes.sc):
            node.wait_until_ready()
        acquaint(nodes)
        yield nodes
    finally:
        for node in (nodes.cq, nodes.sc):
            end(node)
