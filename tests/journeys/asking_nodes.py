"""Two real nodes of which Chongqing may ask Sichuan's teacher certificates, and a program's token to ask with."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from tests.journeys.test_serve import until
from tests.journeys.two_nodes import Node, Nodes, acquaint, end

DRAFT = """
from datetime import timedelta
from shuangcheng.core.schema import read
from shuangcheng.registers.actions import sharings
from shuangcheng.registers.inputs.sharings import ScopeInput, TermsInput
from shuangcheng.registers.models import Sharing
at = timezone.localtime()
scope = read(ScopeInput, {"peer": "sc", "register_name": "teacher_certificate", "part": "recipient"})
terms = read(TermsInput, {
    "purposes": ["recruitment"], "bases": ["statutory_duty"], "askers": ["authority"],
    "fields": ["name", "kind", "subject", "status"], "rows_a_letter": 10_000, "rows_a_day": 10_000_000,
    "starts": at.date() - timedelta(days=1), "ends": at.date() + timedelta(days=30),
})
row = sharings.draft(scope=scope, data=terms, by=officer(), at=at)
sharings.sign(sharing=row, version=row.version, by=officer(), at=at)
"""
SIGN = """
from shuangcheng.registers.actions import sharings
from shuangcheng.registers.models import Sharing
row = Sharing.objects.get()
sharings.sign(sharing=row, version=row.version, by=officer(), at=timezone.localtime())
"""
STATES = (
    "from shuangcheng.registers.models import Sharing\ntold = list(Sharing.objects.values_list('state', flat=True))"
)
HOLD = """
from shuangcheng.core.registers import REGISTERS
from shuangcheng.registers.actions import holdings
register = REGISTERS["teacher_certificate"]
holdings.put(register=register, values=register.sample, source="测试", by=by, at=timezone.localtime())
"""
TOKEN = """
from shuangcheng.directory.actions import tokens
from shuangcheng.directory.people_inputs import TokenInput
given = TokenInput(name="测试", scopes=("registers:read", "registers:write"), days=1)
account = Account.objects.get()
told = tokens.create_token(account=account, data=given, by=officer(), at=timezone.localtime())[1]
"""
BY = {"name": "李老师", "certificate_number": "20155000031000001"}


@dataclass
class Settled(Node):
    """A node with settings of the test's."""

    settings: dict[str, str] = field(default_factory=dict)
    wrapper: tuple[str, ...] = ()

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | {f"SHUANGCHENG_{name.upper()}": value for name, value in self.settings.items()}

    def run(self) -> None:
        """Start, and wait until it serves."""
        before = self.log.count("已就绪") if (self.var / "test.log").exists() else 0
        self.start(*self.wrapper)
        process = self.process
        assert process is not None
        until(lambda: self.log.count("已就绪") > before or process.poll() is not None, what=self.log[-3000:])
        assert process.poll() is None, self.log[-3000:]


@dataclass
class Asking:
    """The client of Chongqing's API."""

    nodes: Nodes
    token: str
    pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=64, retries=False, timeout=urllib3.Timeout(total=70))
    )

    def ask(self, *rows: dict[str, str], key: str = "", about: dict[str, str] | None = None) -> tuple[int, Any]:
        """Ask Sichuan; status and answer."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        body = {
            "register_name": "teacher_certificate", "purpose": "recruitment", "basis": "statutory_duty", "node": "sc",
            "rows": [{"by": row} for row in rows or (BY,)], **(about or {}),
        }  # fmt: skip
        answer = self.pool.request(
            "POST", f"{self.nodes.cq.url}/api/v1/lookups", body=json.dumps(body).encode(), headers=headers
        )
        return answer.status, answer.json() if answer.data[:1] == b"{" else {}


def _agreed(nodes: Nodes) -> None:
    nodes.cq.do(DRAFT)
    until(lambda: nodes.sc.do(STATES) == ["received"], what=nodes.sc.log)
    nodes.sc.do(SIGN)
    until(lambda: nodes.cq.do(STATES) == ["in_force"], what=nodes.cq.log)


@contextmanager
def asking_nodes(*, cq: dict[str, str] | None = None, sc: dict[str, str] | None = None) -> Iterator[Asking]:
    """Both nodes, with settings of their own, active and under an agreement in force."""
    made = [
        Settled(Path(tempfile.mkdtemp(prefix=f"shuangcheng-{side}-")), side=side, settings=dict(settings or {}))
        for side, settings in (("cq", cq), ("sc", sc))
    ]
    nodes = Nodes(*made)
    try:
        for node in made:
            node.settings["second_factor"] = "optional"
            node.start()
        for node in made:
            node.wait_until_ready()
        acquaint(nodes)
        _agreed(nodes)
        nodes.sc.do(HOLD)
        yield Asking(nodes, nodes.cq.do(TOKEN))
    finally:
        for node in made:
            end(node)
