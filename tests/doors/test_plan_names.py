"""Who reported, uploaded and approved is for those concerned; the public reads which side did."""

from decimal import Decimal

from django.test import Client
from django.utils import timezone

from shuangcheng.core.schema import read
from shuangcheng.plan.actions import approvals, evidence, progress
from shuangcheng.plan.inputs.items import ProgressInput
from shuangcheng.plan.snapshots import digest_of, snapshot_of
from tests.doors.api_client import API, Api, token
from tests.doors.plan_cast import PNG, PlanCast, cast, enter
from tests.world import World

__all__ = ["cast"]


def pages(cast: PlanCast) -> dict[str, str]:
    """Page -> who is named on it."""
    return {
        f"/plan/items/{cast.late.id}/": "reporter",
        f"/plan/plans/{cast.plan.id}/": "officer",
        f"/plan/plans/{cast.plan.id}/versions/1/": "officer",
        f"{API}/plan/items/{cast.late.id}/progress": "reporter",
        f"{API}/plan/items/{cast.late.id}/evidence": "reporter",
        f"{API}/plan/targets/{cast.target.id}/observations": "reporter",
        f"{API}/plans": "officer",
        f"{API}/plans/{cast.plan.id}": "officer",
        f"{API}/plans/{cast.plan.id}/versions": "officer",
    }


def test_people_are_named_to_those_concerned_only(client: Client, world: World, cast: PlanCast) -> None:
    at = timezone.localtime()
    told = {"on": at.date(), "told": "on_track", "percent": 70, "text": "已组建九个。"}
    report = progress.report(
        item=cast.late, data=read(ProgressInput, told), by=world.cqu_admin.actor, at=at,
        figures={str(cast.target.pk): Decimal(9)},
    )  # fmt: skip
    evidence.attach(subject=report, name="照片.png", data=PNG, by=world.cqu_admin.actor, at=at)
    for who in (world.cq_officer, world.sc_officer):
        approvals.approve(plan=cast.plan, seen=digest_of(snapshot_of(cast.plan)), by=who.actor, at=at)
    names = {"reporter": world.cqu_admin.actor.name, "officer": world.cq_officer.actor.name}
    officer, program = enter(Client(), world, "cq_officer"), Api(token(world.cq_officer))
    for path, named in pages(cast).items():
        public = client.get(path)
        assert public.status_code == 200, path
        assert not [name for name in names.values() if name in public.content.decode()], path
        shown = (program if path.startswith(API) else officer).get(path)
        assert names[named] in shown.content.decode(), path
