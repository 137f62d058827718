"""The pages: refusals first, then what each role sees, with few queries."""

import re
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from shuangcheng.core.identifiers import Sex, invented_id_number
from shuangcheng.desk.search import rebuild
from shuangcheng.directory.models import (
    Agreement,
    Alliance,
    AuditLine,
    Membership,
    Organisation,
    Person,
    Programme,
    Zone,
)
from tests.world import World

pytestmark = pytest.mark.django_db

LISTS = (
    "/organisations/", "/alliances/", "/zones/", "/agreements/", "/designations/", "/programmes/", "/divisions/",
    "/catalogues/", "/catalogues/undergraduate_2026/", "/map/", "/map/?layer=higher", "/search/?q=cqdx", "/verify/",
    "/plans/4/", "/fields/higher/", "/sources/", "/",
)  # fmt: skip
NEW = (
    "/organisations/new/", "/alliances/new/", "/zones/new/", "/agreements/new/", "/experts/new/", "/people/new/",
)  # fmt: skip
COUNT = re.compile(r'name="(\w+)" value="(\w+)"(?: checked)?>[^<]*<span>(\d+)</span>')
NUMBER = re.compile(r"<b>(\d+)</b><span>([^<]+)</span></a></li>")
SIGNED_IN = ("/my/", "/my/security/", "/my/tokens/new/", "/experts/", "/people/", "/audit/")


def enter(client: Client, world: World, name: str) -> Client:
    client.force_login(getattr(world, name).account)
    return client


@pytest.mark.parametrize("path", [*NEW, *SIGNED_IN])
def test_the_public_is_sent_to_sign_in(client: Client, world: World, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("path", [*NEW, "/people/", "/audit/", "/experts/"])
def test_a_learner_has_no_right(client: Client, world: World, path: str) -> None:
    answer = enter(client, world, "learner").get(path)
    assert answer.status_code == 403
    assert "没有" in answer.content.decode()


def things(world: World) -> dict[str, str]:
    return {
        "organisation": f"/organisations/{world.cqu.id}/edit/",
        "rename": f"/organisations/{world.cqu.id}/rename/",
        "programme": f"/organisations/{world.cqu.id}/programmes/new/",
        "designation": f"/organisations/{world.cqu.id}/designations/new/",
        "alliance": f"/alliances/{world.alliance.id}/edit/",
        "member": f"/alliances/{world.alliance.id}/members/new/",
        "ballot": f"/alliances/{world.alliance.id}/ballots/new/",
        "report": f"/alliances/{world.alliance.id}/reports/new/",
        "zone": f"/zones/{world.zone.id}/edit/",
        "agreement": f"/agreements/{world.agreement.id}/edit/",
    }


@pytest.mark.parametrize("name", ["outsider", "learner", "employer", "auditor", "teacher"])
def test_an_outsider_changes_nothing(client: Client, world: World, name: str) -> None:
    enter(client, world, name)
    lines = AuditLine.objects.exclude(verb__startswith="account.").count()
    for path in things(world).values():
        assert client.get(path).status_code == 403, path
        assert client.post(path, {"name": "别人的名字", "title": "别人的题目"}).status_code == 403, path
    assert AuditLine.objects.exclude(verb__startswith="account.").count() == lines


def test_a_school_of_the_other_side_is_told_at_its_field(client: Client, world: World) -> None:
    enter(client, world, "cq_officer")
    form = {"name": "成都示例学校", "type": "school", "division": "510107", "status": "active", "remark": "打了很久"}
    refused = client.post("/organisations/new/", form)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "“武侯区”不在您的管理范围内，请由对方教育行政部门登记。" in text
    assert "成都示例学校" in text
    assert "打了很久" in text, "what was typed stays"
    assert not Organisation.objects.filter(name="成都示例学校").exists()


def test_an_officer_of_the_other_side_does_not_edit(client: Client, world: World) -> None:
    assert enter(client, world, "sc_officer").get(f"/organisations/{world.cqu.id}/edit/").status_code == 403
    assert enter(client, world, "cq_officer").get(f"/organisations/{world.cqu.id}/edit/").status_code == 200


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", [None, "cq_officer", "cqu_admin"])
def test_every_page_opens(
    client: Client, world: World, path: str, name: str | None, django_assert_max_num_queries: object
) -> None:
    if name:
        enter(client, world, name)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        answer = client.get(path)
    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    assert answer["Content-Language"] == "zh-hans"


@pytest.mark.parametrize(
    "name", [None, "node_admin", "auditor", "cq_officer", "cqu_admin", "outsider", "expert_person"]
)
def test_every_thing_has_a_page(
    client: Client, world: World, name: str | None, django_assert_max_num_queries: object
) -> None:
    if name:
        enter(client, world, name)
    paths = [
        f"/organisations/{world.cqu.id}/", f"/alliances/{world.alliance.id}/", f"/zones/{world.zone.id}/",
        f"/agreements/{world.agreement.id}/", f"/agreements/{world.agreement.id}/versions/1/",
        f"/divisions/{world.divisions['江北区'].id}/",
    ]  # fmt: skip
    for path in paths:
        with django_assert_max_num_queries(18):  # type: ignore[operator]
            assert client.get(path).status_code == 200, path


@pytest.mark.parametrize(
    "path", ["/organisations/", "/alliances/", "/zones/", "/agreements/", "/map/", "/catalogues/industry_gb4754_2017/"]
)
def test_every_list_is_downloaded(client: Client, world: World, path: str) -> None:
    answer = client.get(path, {"format": "xlsx"})
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer.content[:2] == b"PK"


def many(world: World) -> list[Organisation]:
    rows = [
        Organisation(name=f"示例学校{n}", pinyin=f"shili{n}", type="school", side="cq", created_at=world.cqu.created_at,
                     updated_at=world.cqu.created_at, division=world.divisions["荣昌区"])
        for n in range(40)
    ]  # fmt: skip
    return Organisation.objects.bulk_create(rows)


def test_each_page_asks_few_questions_however_many_rows_there_are(
    client: Client, world: World, django_assert_num_queries: object
) -> None:
    few = {
        "/": 9, "/organisations/": 3, "/organisations/?side=cq&type=school": 3,
        f"/organisations/{world.cqu.id}/": 9, "/alliances/": 3, f"/alliances/{world.alliance.id}/": 8,
        "/zones/": 3, "/agreements/": 3, "/map/": 2, "/search/?q=cqdx": 4,
    }  # fmt: skip
    for path in few:
        client.get(path)
    members = [
        Membership(alliance=world.alliance, organisation=row, state="admitted", created_at=row.created_at,
                   updated_at=row.created_at)
        for row in many(world)
    ]  # fmt: skip
    Membership.objects.bulk_create(members)
    for path, queries in few.items():
        with django_assert_num_queries(queries):  # type: ignore[operator]
            assert client.get(path).status_code == 200


def test_counts_beside_a_list_are_of_what_passes_the_other_filters(client: Client, world: World) -> None:
    many(world)
    rows = list(Organisation.objects.exclude(type="alliance"))
    text = client.get("/organisations/", {"side": "cq", "type": ["school", "university"]}).content.decode()
    shown = {(name, value): int(n) for name, value, n in COUNT.findall(text)}
    for side in ("cq", "sc"):
        expected = sum(row.side == side and row.type in ("school", "university") for row in rows)
        assert shown["side", side] == expected
    for type in {row.type for row in rows if row.side == "cq"}:
        assert shown["type", type] == sum(row.side == "cq" and row.type == type for row in rows)
    found = sum(row.side == "cq" and row.type in ("school", "university") for row in rows)
    assert sum(n for (name, _value), n in shown.items() if name == "status") == found
    assert f"共 {found} 项" in text


def test_members_of_an_alliance_do_not_multiply_it(client: Client, world: World) -> None:
    text = client.get("/alliances/").content.decode()
    shown = {(name, value): int(n) for name, value, n in COUNT.findall(text)}
    rows = list(Alliance.objects.all())
    assert shown["kind", world.alliance.kind] == sum(row.kind == world.alliance.kind for row in rows)
    assert f"共 {len(rows)} 项" in text
    members = Membership.objects.current().filter(alliance=world.alliance).count()
    assert f'<td class="num">{members}</td>' in text


def test_home_counts_what_there_is(client: Client, world: World) -> None:
    text = client.get("/").content.decode()
    numbers = dict(reversed(pair) for pair in NUMBER.findall(text))  # type: ignore[call-overload]
    public = Agreement.objects.exclude(state="draft")
    assert numbers == {
        "清单事项": "0",
        "逾期事项": "0",
        "已完成事项": "0",
        "机构在册": str(Organisation.objects.exclude(type="alliance").count()),
        "川渝高校": str(Organisation.objects.filter(side__in=["cq", "sc"], type__in=["university", "college"]).count()),
        "联盟与共同体": str(Alliance.objects.count()),
        "成员单位": str(Membership.objects.current().values("organisation").distinct().count()),
        "结对与试点": str(Zone.objects.count()),
        "协议": str(public.count()),
        "专业点": str(Programme.objects.count()),
    }
    number = world.alliance.action_plan
    plan = text.split(f"/plans/{number}/")[1].split("</a>")[0]
    assert f"联盟 {Alliance.objects.filter(action_plan=number).count()}" in plan
    higher = text.split('/fields/higher/">')[1].split("</a>")[0]
    held = [model.objects.filter(field="higher").count() for model in (Alliance, Zone)]
    assert f"<span>{sum(held) + public.filter(field='higher').count()}</span>" in higher


def test_facets_narrow_and_show_their_counts(client: Client, world: World) -> None:
    text = client.get("/organisations/", {"side": "sc", "type": "university"}).content.decode()
    assert "四川大学" in text
    assert "重庆大学" not in text.split('id="results"')[1]
    assert client.get("/organisations/", {"q": "xndx"}).content.decode().count("西南大学") >= 1
    assert client.get("/organisations/", {"side": "nowhere", "page": "999", "order": "x"}).status_code == 200


def test_a_wrong_id_in_an_address_finds_nothing(client: Client, world: World) -> None:
    for path in ("/alliances/?member=x", "/agreements/?party=x", "/programmes/?organisation=x"):
        assert "没有符合条件的记录" in client.get(path).content.decode(), path


@pytest.mark.parametrize(
    "query", ["side=%00", "page=-1", "q=%27%3B--", "division=%00", "title=\x00", "q=" + "长" * 5000]
)
def test_odd_queries_are_answered(client: Client, world: World, query: str) -> None:
    for path in ("/organisations/", "/search/", "/alliances/", "/divisions/", "/map/", "/catalogues/graduate_2022/"):
        assert client.get(f"{path}?{query}").status_code in (200, 400, 422), (path, query)


def test_an_organisation_is_entered_edited_and_renamed(client: Client, world: World) -> None:
    enter(client, world, "cq_officer")
    form = {"name": "示例县职业教育中心", "type": "secondary_vocational", "division": "500153", "status": "active"}
    wrong = client.post("/organisations/new/", {**form, "division": "999999", "code": "123"})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "示例县职业教育中心" in text, "what was typed is kept"
    assert 'aria-invalid="true"' in text
    made = client.post("/organisations/new/", form)
    assert made.status_code == 302
    row = Organisation.objects.get(name="示例县职业教育中心")
    stale = client.post(f"/organisations/{row.id}/edit/", {**form, "authority": "甲", "version": "0"})
    assert stale.status_code == 422
    assert "别人已修改过" in stale.content.decode()
    assert client.post(f"/organisations/{row.id}/edit/", {**form, "authority": "乙", "version": "1"}).status_code == 302
    renamed = client.post(
        f"/organisations/{row.id}/rename/",
        {"name": "示例区职业教育中心", "since": "2026年9月1日", "basis": "示例〔2026〕1号"},
    )
    assert renamed.status_code == 302
    for name in ("示例区职业教育中心", "示例县职业教育中心", "slxzyjyzx"):
        assert str(row.id) in client.get("/search/", {"q": name}).content.decode(), name


def test_a_university_joins_an_alliance(client: Client, world: World) -> None:
    page = f"/alliances/{world.alliance.id}/"
    enter(client, world, "outsider")
    assert "申请加入" in client.get(page).content.decode()
    sent = client.post(f"{page}join/", {"organisation": "西南财经大学", "statement": "愿意开放财经类课程。"})
    assert sent.status_code == 302
    ballot = world.alliance.ballots.get()
    votes = f"{page}ballots/{ballot.id}/"
    refused = client.post(votes, {"do": "vote", "organisation": str(world.swufe.id), "choice": "for"}, follow=True)
    assert "不是本次表决的理事单位" in refused.content.decode()
    assert ballot.votes.count() == 0
    for name in ("cqu_admin", "scu_admin", "swu_admin"):
        own = getattr(world, name)
        enter(client, world, name)
        assert "待您表决" in client.get("/my/").content.decode()
        client.post(votes, {"do": "vote", "organisation": str(own.organisation.id), "choice": "for"})
    membership = Membership.objects.get(organisation=world.swufe)
    assert membership.state == "admitted"
    assert "应到 3，参加 3，赞成 3" in client.get(page).content.decode()


def test_an_agreement_is_drafted_signed_and_verified(client: Client, world: World) -> None:
    enter(client, world, "cq_officer")
    text = "第一条　双方互派教师。\n第二条　有效期三年。"
    sent = client.post("/agreements/new/", {
        "title": "示例互派协议", "field": "higher", "parties": ["重庆大学", "四川大学", ""], "signed": "2026-11-01",
        "text": text,
    })  # fmt: skip
    assert sent.status_code == 302
    agreement = Agreement.objects.get(title="示例互派协议")
    assert Client().get(f"/agreements/{agreement.id}/").status_code == 404, "a draft is not public"
    client.post(f"/agreements/{agreement.id}/decide/", {"do": "approve", "version": "1"})
    version = agreement.versions.get()
    public = Client()
    assert "一致" in public.post("/verify/", {"text": text + "\r\n"}).content.decode()
    assert "没有找到一致" in public.post("/verify/", {"text": text.replace("三年", "五年")}).content.decode()
    assert "一致" in public.get("/verify/", {"digest": version.digest}).content.decode()
    refused = public.post("/verify/", {"digest": version.digest[:-1]})
    assert refused.status_code == 422
    assert "摘要应为 64 位十六进制" in refused.content.decode()
    assert version.digest[:-1] in refused.content.decode(), "what was typed stays"
    assert "没有找到一致" not in refused.content.decode()


def test_an_approved_agreement_is_revised_on_its_page(client: Client, world: World) -> None:
    enter(client, world, "cq_officer")
    path = f"/agreements/{world.agreement.id}/"
    form = {"title": "课程互选协议", "field": "higher", "parties": ["重庆大学", "四川大学"], "signed": "2026-11-01",
            "text": "修改后的正文。", "version": str(world.agreement.version)}  # fmt: skip
    revision = Agreement.objects.get(revises=world.agreement) if client.post(f"{path}edit/", form) else None
    assert revision is not None
    assert "修改后的正文" not in Client().get(path).content.decode()
    assert client.get(f"{path}edit/")["Location"] == f"/agreements/{revision.id}/edit/"
    second = client.post(f"{path}edit/", form | {"text": "别人打的字。"}).content.decode()
    assert "已有一份修改稿" in second
    assert "别人打的字。" in second
    signed = client.post(f"/agreements/{revision.id}/decide/", {"do": "approve", "version": "1"})
    assert signed["Location"] == path
    assert "修改后的正文" in Client().get(path).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("协议.exe", b"MZ\x90\x00" + b"\0" * 200, "不"),
        ("协议.docx", b"PK\x03\x04 broken", "协议.docx"),
        ("协议.pdf", b"", "空"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(
    client: Client, world: World, name: str, content: bytes, says: str
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    enter(client, world, "cq_officer")
    Agreement.objects.filter(pk=world.agreement.pk).update(state="draft")
    page = f"/agreements/{world.agreement.id}/"
    answer = client.post(f"{page}upload/", {"file": SimpleUploadedFile(name, content)}, follow=True)
    assert 'class="notice bad' in answer.content.decode()
    assert says in answer.content.decode()
    assert Agreement.objects.get(pk=world.agreement.pk).file_name == world.agreement.file_name


def test_numbers_of_people_are_masked_and_revealed_with_a_reason(client: Client, world: World) -> None:
    number = Person.objects.get(pk=world.learner.account.person_id).numbers.get()
    page = f"/people/{number.person_id}/"
    enter(client, world, "node_admin")
    text = client.get(page).content.decode()
    assert number.masked in text
    assert "999999" not in text.replace(number.masked, "")
    refused = client.post(f"{page}act/", {"do": "number", "number": str(number.id), "reason": ""}, follow=True)
    assert "请写明" in refused.content.decode()
    shown = client.post(f"{page}act/", {"do": "number", "number": str(number.id), "reason": "核对学籍"})
    assert "999999" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert AuditLine.objects.filter(verb="person.number", note="核对学籍").count() == 1
    enter(client, world, "sc_officer")
    assert (
        client.post(f"{page}act/", {"do": "number", "number": str(number.id), "reason": "好奇得很"}).status_code == 403
    )


def test_the_audit_page_filters_and_downloads(client: Client, world: World) -> None:
    enter(client, world, "auditor")
    text = client.get("/audit/", {"verb": "agreement.approve"}).content.decode()
    assert str(world.agreement) in text
    assert "登记人员" not in text.split("<tbody>")[1]
    assert client.get("/audit/", {"format": "xlsx", "from": "2020-01-01"}).content[:2] == b"PK"
    assert client.get("/audit/", {"from": "0001-01-01", "until": "9999-12-31"}).status_code == 200


def test_the_language_is_chosen_and_kept(client: Client, world: World) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/alliances/"})
    assert answer["Location"] == "/alliances/"
    assert client.get("/alliances/")["Content-Language"] == "en"
    assert client.get("/", headers={"Accept-Language": "en"}, follow=False).status_code == 200
    assert client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})["Location"] == "/"


def test_the_headings_of_a_charter_are_below_those_of_the_page(client: Client, world: World) -> None:
    Alliance.objects.filter(pk=world.alliance.pk).update(charter="# 示例章程\n\n## 第一章")
    page = client.get(f"/alliances/{world.alliance.id}/").content.decode()
    assert page.count("<h1") == 1
    assert "<h3>示例章程</h3>" in page
    assert "<h4>第一章</h4>" in page


def test_words_are_no_filter_where_a_list_is_not_searched(client: Client, world: World) -> None:
    assert "清除筛选" in client.get("/organisations/?q=示例").content.decode()
    assert "清除筛选" not in client.get("/designations/?q=示例").content.decode()


def test_suggestions_and_choices(client: Client, world: World) -> None:
    assert "重庆大学" in client.get("/search/suggest/", {"q": "cqdx"}).content.decode()
    assert "西南大学" in client.get("/search/suggest/", {"q": "西南师范"}).content.decode()
    rebuild("division")
    assert 'value="500153"' in client.get("/choices/division/", {"division": "荣昌"}).content.decode()
    assert client.get("/choices/nothing/", {"x": "荣昌"}).status_code == 404
    draft = client.get("/search/", {"q": world.expert.person.name}).content.decode()
    assert f"/experts/{world.expert.id}/" not in draft, "the public does not find experts"


def test_what_was_entered_by_mistake_is_taken_back(client: Client, world: World) -> None:
    page = f"/organisations/{world.cqu.id}/"
    enter(client, world, "outsider")
    assert client.post(f"{page}remove/", {"programme": str(world.programme.id)}, follow=True).status_code == 200
    assert world.cqu.programmes.count() == 1, "an outsider removes nothing"
    enter(client, world, "cqu_admin")
    client.post(f"{page}remove/", {"programme": str(world.programme.id)})
    assert world.cqu.programmes.count() == 0
    line = AuditLine.objects.get(verb="programme.remove")
    assert "计算机科学与技术" in line.note
    assert line.changes["opened"] == [None, 1978]


def test_an_organisation_is_merged_and_stays_findable(client: Client, world: World) -> None:
    page = f"/organisations/{world.swu.id}/"
    enter(client, world, "cq_officer")
    circle = client.post(f"{page}merge/", {"into": "西南大学"})
    assert circle.status_code == 422
    assert "不能并入自身" in circle.content.decode()
    assert client.post(f"{page}merge/", {"into": "重庆大学", "basis": "示例〔2026〕2号"}).status_code == 302
    assert "已并入“重庆大学”" in client.get(page).content.decode()
    assert str(world.swu.id) in client.get("/search/", {"q": "西南大学"}).content.decode()


def test_only_a_draft_that_was_never_signed_is_discarded(client: Client, world: World) -> None:
    enter(client, world, "cq_officer")
    signed = f"/agreements/{world.agreement.id}/decide/"
    assert "只有从未签署的草稿" in client.post(signed, {"do": "discard"}, follow=True).content.decode()
    client.post("/agreements/new/", {"title": "写错的协议", "field": "higher", "parties": ["重庆大学", "四川大学"]})
    draft = Agreement.objects.get(title="写错的协议")
    client.post(f"/agreements/{draft.id}/decide/", {"do": "discard"})
    assert not Agreement.objects.filter(pk=draft.pk).exists()
    assert f"/agreements/{draft.id}/" not in client.get("/search/", {"q": "写错的协议"}).content.decode()


def test_a_person_is_found_by_number_without_showing_it(client: Client, world: World) -> None:
    number = invented_id_number(serial=1, birth=date(1990, 5, 4), sex=Sex.FEMALE)
    enter(client, world, "outsider")
    answer = client.post("/people/find/", {"number": number}, follow=True)
    assert "没有您可以查看的" in answer.content.decode(), "another organisation's learner is not told"
    enter(client, world, "sc_officer")
    answer = client.post("/people/find/", {"number": number})
    assert answer["Location"] == f"/people/{world.learner.account.person_id}/"
    wrong = client.post("/people/find/", {"number": "123"}, follow=True)
    assert "身份证" in wrong.content.decode()
    lines = AuditLine.objects.filter(verb="person.find")
    assert lines.count() == 2
    assert not any(number in f"{line.note}{line.changes}" for line in lines)
    assert client.get("/people/", {"format": "xlsx"}).content[:2] == b"PK"


def test_a_lost_second_factor_is_reset_by_the_nodes_administrator_only(client: Client, world: World) -> None:
    person = world.cqu_admin.account.person_id
    Authenticator.objects.create(user=world.cqu_admin.account, type=Authenticator.Type.TOTP, data={})
    enter(client, world, "cq_officer")
    client.post(f"/people/{person}/act/", {"do": "second_factor"})
    assert Authenticator.objects.filter(user=world.cqu_admin.account).exists(), "an officer may not"
    enter(client, world, "node_admin")
    answer = client.post(f"/people/{person}/act/", {"do": "second_factor"}, follow=True)
    assert "动态口令已重置" in answer.content.decode()
    assert not Authenticator.objects.filter(user=world.cqu_admin.account).exists()
    assert AuditLine.objects.filter(verb="account.second_factor_reset").count() == 1
    again = client.post(f"/people/{person}/act/", {"do": "second_factor"}, follow=True)
    assert "没有启用动态口令" in again.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_guide_links_to_its_pages(client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    text = client.get("/help/").content.decode()
    assert 'href="/help/alliances/"' in text
    assert ".md" not in text
    assert 'href="/help/imports/"' in client.get("/help/organisations/").content.decode()


def test_a_university_without_a_known_county_says_so(client: Client, world: World) -> None:
    assert "区县未详" not in client.get(f"/organisations/{world.scu.id}/").content.decode()
    Organisation.objects.filter(pk=world.scu.pk).update(division=world.divisions["成都市"])
    assert "区县未详" in client.get(f"/organisations/{world.scu.id}/").content.decode()
    assert "区县未详" in client.get("/organisations/", {"q": "四川大学"}).content.decode()


def test_a_list_too_long_to_download_says_so(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuangcheng.web.listing.MOST_DOWNLOADED", 3)
    refused = client.get("/organisations/", {"format": "xlsx"})
    assert refused.status_code == 413
    assert "符合条件的有 7 条，一次最多下载 3 条" in refused.content.decode()
    assert client.get("/organisations/", {"format": "xlsx", "type": "authority"}).status_code == 200
