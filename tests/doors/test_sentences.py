"""What is kept in Chinese on English pages: sentences are said in English, names are marked as Chinese."""

from django.test import Client
from django.utils import timezone

from shuangcheng.directory.actions import ballots
from shuangcheng.directory.inputs import BallotInput, VoteInput
from shuangcheng.directory.models import AuditLine, Ballot
from tests.doors.api_client import Api, token
from tests.world import Someone, World

CHINESE = "应到 3，参加 3，赞成 3，反对 0，弃权 0：通过。"
ENGLISH = "Council 3, voting 3, for 3, against 0, abstaining 0: passed."


def passed(world: World) -> Ballot:
    at = timezone.localtime()
    data = BallotInput(title="设立秘书处", text="设在重庆大学。")
    ballot = ballots.propose(alliance=world.alliance, data=data, by=world.cqu_admin.actor, at=at)
    for name, who in (("重庆大学", world.cqu_admin), ("四川大学", world.scu_admin), ("西南大学", world.swu_admin)):
        ballots.vote(ballot=ballot, data=VoteInput(organisation=name, choice="for"), by=who.actor, at=at)
    return Ballot.objects.get(pk=ballot.pk)


def page(who: Someone, path: str, language: str) -> str:
    client = Client()
    client.force_login(who.account)
    client.post("/language/", {"language": language})
    return client.get(path).content.decode()


def test_how_a_vote_came_out_is_read_in_both_languages(world: World) -> None:
    ballot = passed(world)
    path = f"/alliances/{world.alliance.id}/"
    assert CHINESE in page(world.cq_officer, path, "zh-hans")
    english = page(world.cq_officer, path, "en")
    assert ENGLISH in english
    assert CHINESE not in english
    for language, sentence in (("en", ENGLISH), ("zh", CHINESE)):
        api = Api(token(world.cq_officer), **{"Accept-Language": language})
        assert api.get(f"/ballots/{ballot.id}").json()["reason"] == sentence


def test_what_was_kept_before_is_shown_as_it_is(world: World) -> None:
    Ballot.objects.filter(pk=passed(world).pk).update(said=None)
    assert CHINESE in page(world.cq_officer, f"/alliances/{world.alliance.id}/", "en")


def test_the_audit_trail_is_read_in_both_languages(world: World) -> None:
    passed(world)
    assert AuditLine.objects.get(verb="ballot.close").note == f"设立秘书处：{CHINESE}", "it is searched by what it says"
    assert "教师：重庆大学" in page(world.auditor, "/audit/?what=教师", "zh-hans")
    assert "<small>后台</small>" in page(world.auditor, "/audit/", "zh-hans")
    english = page(world.auditor, "/audit/?what=教师", "en")
    assert "<small>background</small>" in page(world.auditor, "/audit/", "en")
    assert "Teacher: 重庆大学" in english
    assert "教师：" not in english
    assert f"设立秘书处: {ENGLISH}" in page(world.auditor, "/audit/?verb=ballot.close", "en")
    api = Api(token(world.auditor), **{"Accept-Language": "en"})
    assert "Teacher: 重庆大学" in [row["note"] for row in api.get("/audit?limit=100").json()["items"]]


def test_names_on_english_pages_are_marked_as_chinese(world: World) -> None:
    """So that a screen reader speaks them and a browser chooses their glyphs."""
    listed = page(world.cq_officer, "/organisations/", "en")
    assert '<html lang="en">' in listed
    assert 'lang="zh-Hans">重庆大学</a>' in listed
    assert '<span lang="zh-Hans">沙坪坝区</span>' in listed
    for path, name in (
        (f"/organisations/{world.cqu.id}/", "重庆大学"),
        (f"/alliances/{world.alliance.id}/", "示例教师教育联盟"),
        (f"/experts/{world.expert.id}/", world.expert.person.name),
    ):
        heading = page(world.cq_officer, path, "en").partition("<h1")[2].partition("</h1>")[0]
        assert f'lang="zh-Hans">{name}' in heading, path
