"""Minutes 会议纪要: what they consist of, their digest, whose confirmation holds, the first draft, the paper."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import rfc8785
from django.urls import reverse

from shuangcheng.core.official import Paper, Table, counted
from shuangcheng.core.outcome import Message
from shuangcheng.core.text import _
from shuangcheng.desk import notices
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation

from . import hearers
from .matters import on_agenda
from .models import MinutesConfirmation, Session
from .terms import SessionState

CHANGED = _("“%(session)s”的会议纪要有改动，贵方此前的确认已失效，请核对后重新确认。")


def _name(organisation: Organisation | None) -> str:
    return organisation.name if organisation else ""


def content(session: Session) -> dict[str, Any]:
    """What the sides confirm, as plain JSON: as it stands, or as they all confirmed it."""
    if session.snapshot:
        return dict(session.snapshot)
    attendance = session.attendance.select_related("organisation").order_by("-present", "organisation__pinyin", "post")
    resolutions = session.resolutions.select_related("lead_cq", "lead_sc")
    return {
        "body": session.body.name,
        "number": session.number,
        "title": str(session),
        "on": session.on.isoformat() if session.on else "",
        "place": session.place,
        "host": _name(session.host),
        "attendance": [
            {"organisation": row.organisation.name, "post": row.post, "present": row.present, "people": row.people}
            for row in attendance
        ],
        "agenda": [{"title": entry.title, "outcome": entry.outcome} for entry in on_agenda(session)],
        "minutes": session.minutes.replace("\r\n", "\n").strip(),
        "resolutions": [
            {
                "number": row.number,
                "text": row.text,
                "lead_cq": _name(row.lead_cq),
                "lead_sc": _name(row.lead_sc),
                "due": row.due.isoformat() if row.due else "",
            }
            for row in resolutions
        ],
    }


def digest_of(told: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (RFC 8785) of a content."""
    return hashlib.sha256(rfc8785.dumps(dict(told))).hexdigest()


def confirmations(session: Session, digest: str) -> dict[str, tuple[MinutesConfirmation | None, bool]]:
    """For each side whose confirmation is needed: its newest one, and whether it is of this very content."""
    rows = list(session.confirmations.order_by("at"))
    newest = {row.side: row for row in rows}
    held = {row.side: row for row in rows if row.digest == digest}
    return {side: (held.get(side) or newest.get(side), side in held) for side in session.body.sides}


@contextmanager
def watching(session: Session, *, by: Actor, at: datetime) -> Iterator[None]:
    """Tell the sides whose confirmation a change inside the block makes void."""
    confirmed = session.state == SessionState.MINUTES and session.confirmations.exists()
    before = digest_of(content(session)) if confirmed else ""
    yield
    if confirmed and digest_of(content(session)) != before:
        for row in session.confirmations.filter(digest=before):
            notices.tell(
                people=hearers.officers(row.side, day=at.date()), message=Message(CHANGED, {"session": str(session)}),
                kind="minutes", address=reverse("session", args=[session.pk]), by=by, at=at,
            )  # fmt: skip


def _day(text: str) -> str:
    """An ISO day as papers write it: 2026年5月8日."""
    if not text:
        return ""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def _attended(lines: list[dict[str, Any]]) -> str:
    named = (row["organisation"] + (f"（{row['post']}）" if row["post"] else "") for row in lines)
    return "、".join(named) or "（未登记）"


def template(session: Session) -> str:
    """The text that the minutes begin with, from the agenda, the attendance and the resolutions.

    Why a matter came up stays out: it may quote a discussion that is not public, and confirmed minutes are.
    """
    told = content(session)
    came = [row for row in told["attendance"] if row["present"]]
    missed = [row for row in told["attendance"] if not row["present"]]
    where = "，".join(filter(None, (_day(told["on"]), told["place"])))
    parts = ["一、会议名称", told["title"], "二、时间和地点", f"{where}。"]
    parts += [f"承办单位：{told['host']}。"] if told["host"] else []
    parts += ["三、出席单位", f"{_attended(came)}。"]
    parts += [f"缺席：{_attended(missed)}。"] if missed else []
    parts.append("四、会议议题")
    for number, entry in enumerate(on_agenda(session), start=1):
        parts.append(f"（{counted(number)}）{entry.title}")
        parts += [f"{entry.outcome.rstrip('。')}。"] if entry.outcome else []
    count = len(told["resolutions"])
    decided = f"会议议定 {count} 项事项，见附件“议定事项”。" if count else "会议没有形成议定事项。"
    return "\n".join([*parts, "五、议定事项", decided])


def paper(session: Session) -> Paper:
    """The minutes as an official paper, with attendance, resolutions and confirmations."""
    told = content(session)
    tables = []
    if told["attendance"]:
        rows = [
            [row["organisation"], row["post"], f"{row['people']} 人" if row["present"] else "缺席"]
            for row in told["attendance"]
        ]
        tables.append(("附件1：出席情况", Table(("单位", "职务", "出席"), rows, (80, 46, 30))))
    if told["resolutions"]:
        rows = [
            [str(row["number"]), row["text"], row["lead_cq"], row["lead_sc"], _day(row["due"])]
            for row in told["resolutions"]
        ]
        head = ("序号", "议定事项", "重庆牵头", "四川牵头", "完成期限")
        tables.append((f"附件{len(tables) + 1}：议定事项", Table(head, rows, (12, 60, 28, 28, 28))))
    return Paper(f"{told['title']}纪要", told["minutes"], tables, _foot(session, digest_of(told)))


def _foot(session: Session, digest: str) -> list[str]:
    names = {"cq": "重庆", "sc": "四川"}
    lines = [
        f"{names[side]}：{_day(row.at.date().isoformat())}确认" if row and holds else f"{names[side]}：未确认"
        for side, (row, holds) in confirmations(session, digest).items()
    ]
    return [*lines, f"纪要指纹（SHA-256）：{digest}"]
