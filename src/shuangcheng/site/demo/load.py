"""Loads the demonstration once; entries that a newer version adds come in, nothing is written twice."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from shuangcheng.core.outcome import refusal
from shuangcheng.core.text import _
from shuangcheng.directory.actor import Actor, system
from shuangcheng.directory.models import LoadedFile
from shuangcheng.directory.terms import Role, Side

from . import alliances, holdings, joint, organisations, people, plans, read, situations
from .backend import PASSWORD
from .clock import Clock

NAME = "demo"
LOCK = 0x7363646D  # "scdm"
Progress = Callable[[str, int], None]

ENTRIES: tuple[tuple[str, Callable[[Actor, Clock], int]], ...] = (
    (_("机构"), organisations.enter),
    (_("机构的公开数字"), organisations.remark),
    (_("产教融合型企业"), organisations.designate),
    (_("人员与账号"), people.enter),
    (_("联盟与共同体"), alliances.found),
    (_("结对与试点"), alliances.zones),
    (_("协议"), alliances.agree),
    (_("专业点"), organisations.programmes),
    (_("专家"), people.nominate),
    (_("政策文件"), plans.library),
    (_("协作机构"), joint.convene),
    (_("清单"), plans.lists),
    (_("协作机构的清单"), joint.bind),
    (_("活动台账"), joint.book),
    (_("共同争取事项"), joint.seek),
    (_("示例文件中读出的拟列事项"), plans.example),
    (_("登记簿中的记录"), holdings.enter),
)
PLAYED: tuple[tuple[str, Callable[[Actor, Clock], int]], ...] = (
    (_("专家服务"), people.serve),
    (_("正在办理的事项"), lambda _by, clock: situations.play(clock)),
    (_("进展报告"), lambda _by, clock: plans.report(clock)),
)
"""What happens once, when the demonstration is new."""


def load(progress: Progress) -> list[tuple[str, int]]:
    """Load the demonstration into a node that is one; returns what was entered, nothing when all was there."""
    if not settings.SHUANGCHENG.demo:
        raise refusal("not_a_demo", _("这个节点不是演示节点，没有载入演示数据。请用 shuangcheng demo 启动演示。"))
    digest = read.digest()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        before = LoadedFile.objects.filter(name=NAME).first()
        if before and before.digest == digest:
            return []
        clock = Clock(timezone.localtime())
        loaded = _enter(ENTRIES if before else ENTRIES + PLAYED, clock, progress)
        rows = sum(count for _title, count in loaded)
        values = {"digest": digest, "rows": rows, "loaded_at": clock.now}
        LoadedFile.objects.update_or_create(name=NAME, defaults=values)
    progress(read.MARK, 100)
    return loaded


def _enter(
    steps: tuple[tuple[str, Callable[[Actor, Clock], int]], ...], clock: Clock, progress: Progress
) -> list[tuple[str, int]]:
    by, loaded = system(read.MARK), []
    for done, (title, step) in enumerate(steps):
        progress(title, done * 100 // len(steps))
        if count := step(by, clock):
            loaded.append((title, count))
    return loaded


def accounts() -> list[tuple[str, str, str, str]]:
    """Login, password, role and side of each account that this node has."""
    return [(entry["login"], PASSWORD, Role(entry["role"]).label, Side(entry["side"]).label) for entry in people.own()]
