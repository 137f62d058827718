"""Notices over the API: refusals, then listing and marking as read."""

from shuangcheng.core.outcome import Message
from shuangcheng.core.text import _
from shuangcheng.desk import notices
from shuangcheng.desk.models import Notice
from tests.doors.api_client import Api, codes, token
from tests.world import AT, SYSTEM, Someone, World


def told(someone: Someone, text: str, **values: object) -> Notice:
    message = Message(text, values)
    people = [someone.account.person]
    [row] = notices.tell(people=people, message=message, kind="agenda", address="/plan/", by=SYSTEM, at=AT)
    return row


def test_only_ones_own(world: World) -> None:
    row = told(world.sc_officer, "四川方面的通知。")
    assert Api().get("/notices").status_code == 401
    assert codes(Api(token(world.sc_officer, "directory:read")).get("/notices")) == ["scope"]
    other = Api(token(world.cq_officer))
    assert other.get("/notices").json() == {"items": [], "next": None}
    assert other.post("/notices/read", {"ids": [str(row.pk)]}).json() == {"read": 0}
    assert codes(Api(token(world.sc_officer, "plan:read")).post("/notices/read", {"ids": [str(row.pk)]})) == ["scope"]
    row.refresh_from_db()
    assert row.read_at is None


def test_what_cannot_be_asked(world: World) -> None:
    api = Api(token(world.sc_officer))
    assert api.post("/notices/read", {"ids": []}).status_code == 422
    assert api.post("/notices/read", {"ids": ["第一条"]}).status_code == 422
    assert codes(api.post("/notices/read", {"ids": [str(world.alliance.pk)], "all": True})) == ["extra_forbidden"]
    assert api.get("/notices?unread=perhaps").status_code == 422


def test_notices_are_read(world: World) -> None:
    rows = [told(world.cqu_admin, _("“%(session)s”的会议纪要已由各方确认。"), session=f"第{n}次") for n in range(3)]
    api = Api(token(world.cqu_admin))
    found = api.get("/notices?limit=2").json()
    assert [item["text"] for item in found["items"]] == [
        "“第2次”的会议纪要已由各方确认。", "“第1次”的会议纪要已由各方确认。",
    ]  # fmt: skip
    assert [item["id"] for item in api.get(found["next"]).json()["items"]] == [str(rows[0].pk)]
    assert api.post("/notices/read", {"ids": [str(row.pk) for row in rows[:2]]}).json() == {"read": 2}
    assert [item["id"] for item in api.get("/notices?unread=true").json()["items"]] == [str(rows[2].pk)]
    assert api.post("/notices/read", {"ids": [str(row.pk) for row in rows]}).json() == {"read": 1}
