"""The demonstration world: what it holds, that it says what is invented, and that its password opens no other door."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from shuangcheng.directory.models import (
    Agreement,
    Alliance,
    AuditLine,
    Avoidance,
    Ballot,
    Designation,
    Expert,
    LoadedFile,
    Membership,
    Organisation,
    Person,
    PersonNumber,
    Programme,
    Service,
    YearlyReport,
    Zone,
)
from shuangcheng.directory.terms import AllianceKind, ZoneKind
from shuangcheng.site import demo
from shuangcheng.site.demo import read
from tests.demonstration import silent
from tests.rooms.checks import titles


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ALLIANCES = words("""
成渝地区双城经济圈职业教育协同发展联盟 成渝地区双城经济圈产教融合发展联盟 陆海新通道职业教育国际合作联盟
成渝地区双城经济圈——澜湄区域职业教育合作联盟 西南地区高校外语教师发展联盟 成渝教师教育联盟
成渝地区双城经济圈高校联盟 川渝研学实践教育基地（营地）联盟 川南渝西教育共同体 川西、渝西教育共同体
成渝地区双城经济圈“10+20”荣纳泸共同体 学前教育发展共同体 川渝农牧职教集团 川渝汽车职教联盟
中国—老挝职业教育发展共同体 西部职教基地产教联合体 “万达开”产教联合体 重庆市电子电路产教联合体
多语种跨境电商产业学院
""")
ZONES = words("""
重庆两江新区教育综合改革试验区 四川天府新区教育综合改革试验区 万达开川渝教育统筹发展示范区 潼南—遂宁
大足—资阳 荣昌—泸州 渝北—广安 川渝毗邻地区教育融合发展试验区（渝西—川南） 成渝教师教育创新试验区
成渝地区城乡义务教育一体化发展试验区 “县管校聘”管理改革一体化试点 成渝发展主轴教育一体化试点
泸永江融合发展示范区 遂潼一体化发展先行区 成德眉资同城化
""")


def figures() -> Iterator[tuple[str, dict[str, str]]]:
    for thing in (*Alliance.objects.select_related("organisation"), *Zone.objects.all()):
        for figure in thing.reported:
            yield str(thing), figure


def figure_of(name: str, text: str) -> dict[str, str]:
    return next(figure for thing, figure in figures() if thing == name and figure["text"] == text)


def test_the_second_time_there_is_nothing_to_do(demo_world: None):
    lines = AuditLine.objects.count()
    assert demo.load(silent) == []
    assert AuditLine.objects.count() == lines
    connection.check_constraints()


def test_a_newer_demonstration_adds_what_is_missing(demo_world: None):
    Zone.objects.filter(name="成德眉资同城化").delete()
    LoadedFile.objects.filter(name="demo").update(digest="older")
    ballots = Ballot.objects.count()
    assert demo.load(silent) == [("结对与试点", 1)]
    assert Ballot.objects.count() == ballots, "situations are played once"


def test_the_alliances_that_sources_name_are_there(demo_world: None):
    for name in ALLIANCES:
        row = Alliance.objects.get(organisation__name=name)
        assert row.purpose.startswith("（演示文本）"), name
        assert row.organisation.source in read.table("sources").values(), name
        assert row.organisation.source != "演示数据", name
        assert row.action_plan in range(1, 11), name
        assert name in titles(name, kind="alliance")


def test_the_zones_that_sources_name_are_there(demo_world: None):
    for name in ZONES:
        row = Zone.objects.get(name=name)
        assert row.divisions.exists(), name
        assert row.tasks.startswith("（演示文本）"), name
        assert row.action_plan in range(1, 11), name
        assert name in titles(name, kind="zone")


def test_what_is_invented_says_so(demo_world: None):
    for row in Alliance.objects.select_related("organisation").exclude(organisation__name__in=ALLIANCES):
        invented = row.organisation.source == "演示数据"
        assert ("（演示）" in str(row)) == invented, row
        assert row.purpose.startswith("虚构" if invented else "（演示文本）"), row
    assert not Person.objects.filter(invented=False).exists()
    assert not Programme.objects.filter(invented=False).exists()
    for row in Organisation.objects.filter(type="enterprise"):
        assert "（演示）" in row.name
    assert not Designation.objects.filter(organisation__type="enterprise", invented=False).exists()
    for row in Agreement.objects.all():
        assert "演示文本" in row.text
        assert row.invented == ("（演示）" in row.title)


def test_every_figure_names_its_source(demo_world: None):
    known = set(read.table("sources").values())
    count = 0
    for thing, figure in figures():
        assert set(figure) == {"text", "value", "source", "caution"}, thing
        assert figure["source"] in known, (thing, figure)
        assert figure["text"], thing
        assert figure["value"] or figure["caution"], "a figure says something"
        count += 1
    assert count >= 45


def test_figures_belong_to_what_their_source_says(demo_world: None):
    vocational = "成渝地区双城经济圈职业教育协同发展联盟"
    assert figure_of(vocational, "成员：职业院校")["value"] == "113 所"
    assert figure_of(vocational, "成员：企业及科研机构")["value"] == "30 家"
    platforms = figure_of(vocational, "参与76个平台的职业院校、企业、其他单位")
    assert platforms["value"] == "248 所、299 个、50 个"
    assert "不是本联盟" in platforms["caution"]
    fusion = figure_of("成渝地区双城经济圈产教融合发展联盟", "发起时联合的单位")
    assert (fusion["value"], "不含牵头单位" in fusion["caution"]) == ("55 家", True)
    community = figure_of("川西、渝西教育共同体", "2023年新增的教育部门成员")
    assert (community["value"], "原文作" in community["caution"]) == ("7 个", True)
    assert "原文" not in figure_of("川南渝西教育共同体", "成员单位")["caution"]
    main = "成渝发展主轴教育一体化试点"
    assert "主导产业" in figure_of(main, "荣昌区职业教育与主导产业匹配度")["caution"]
    for kind in ("重庆市智能网联新能源汽车", "重庆市新一代电子信息制造业"):
        figure = figure_of(f"{kind}职业教育行业指导委员会", "重庆职业教育行业指导委员会总数")
        assert (figure["value"], "全市总数" in figure["caution"]) == ("15 个", True)


def test_members_are_those_that_sources_name(demo_world: None):
    def members(name: str) -> set[str]:
        rows = Membership.objects.filter(alliance__organisation__name=name)
        return set(rows.values_list("organisation__name", flat=True))

    assert members("成渝教师教育联盟") == {
        "西南大学", "重庆师范大学", "重庆第二师范学院", "四川师范大学", "西华师范大学",
    }  # fmt: skip
    assert members("成渝地区双城经济圈职业教育协同发展联盟") == {"重庆工业职业技术大学"}
    assert members("成渝地区双城经济圈产教融合发展联盟") == {"重庆电子科技职业大学"}
    assert members("川南渝西教育共同体") == {"重庆市荣昌区教育委员会"}
    assert members("陆海新通道职业教育国际合作联盟") == set()
    for row in Alliance.objects.filter(organisation__name__in=ALLIANCES):
        assert not Ballot.objects.filter(alliance=row).exists(), "no invented vote in a real alliance"


def test_no_official_and_no_telephone(demo_world: None):
    folder = read.FOLDER
    text = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file())
    assert not re.search(r"\d{3,4}-\d{7,8}|1[3-9]\d{9}", text)
    assert not re.search(r"[一-龥]{2,3}(主任|厅长|副主任|书记)", text)


def test_agreements_carry_the_days_of_their_sources(demo_world: None):
    row = Agreement.objects.get(title="推动成渝地区双城经济圈建设教育协同发展框架协议")
    assert (row.signed, row.state, row.versions.count()) == (date(2020, 4, 27), "approved", 1)
    assert set(row.parties.values_list("name", flat=True)) == {"重庆市教育委员会", "四川省教育厅"}
    row = Agreement.objects.get(title__startswith="遂宁、潼南")
    assert (row.signed, str(row.zone)) == (date(2020, 3, 10), "潼南—遂宁")
    unknown = Agreement.objects.filter(invented=False, signed__isnull=True)
    assert {row.state for row in unknown} == {"draft"}, "a day that no source tells is not made up"


def test_every_kind_has_an_example(demo_world: None):
    assert set(Alliance.objects.values_list("kind", flat=True)) == set(AllianceKind)
    assert set(Zone.objects.values_list("kind", flat=True)) == set(ZoneKind)


def test_numbers_are_nobodys(demo_world: None):
    assert PersonNumber.objects.count() == len(demo.accounts())
    assert all(row.masked.startswith("9") for row in PersonNumber.objects.all())


def test_what_is_under_way(demo_world: None):
    waiting = Membership.objects.get(state="applied")
    ballot = waiting.ballots.get()
    assert (str(waiting.organisation), ballot.state, ballot.votes.count()) == ("西南大学", "open", 1)
    today = timezone.localdate()
    overdue = Ballot.objects.exclude(pk=ballot.pk).get(state="open")
    assert overdue.overdue(today)
    assert not ballot.overdue(today)
    assert set(Ballot.objects.values_list("state", flat=True)) == {"open", "passed", "no_quorum", "cancelled"}
    assert Membership.objects.get(state="returned").answer
    assert set(YearlyReport.objects.values_list("state", flat=True)) == {"filed", "returned", "accepted"}


def test_agreements_in_every_state(demo_world: None):
    today = timezone.localdate()
    approved = Agreement.objects.filter(state="approved", invented=True)
    assert approved.filter(expires__gte=today, expires__lte=today + timedelta(days=30)).count() == 1
    assert approved.filter(expires__lt=today).count() == 1
    assert Agreement.objects.get(title="课程互选与学分互认协议（演示）").versions.count() == 2
    assert Agreement.objects.get(state="draft", invented=True).text
    assert Agreement.objects.filter(state="ended").count() == 1


def test_the_expert_pool(demo_world: None):
    assert sorted(Expert.objects.values_list("state", flat=True)) == ["nominated", "vetted", "vetted", "vetted"]
    assert Avoidance.objects.filter(person__isnull=False).count() == 1
    assert Avoidance.objects.filter(organisation__isnull=False).count() == 2
    assert set(Service.objects.values_list("state", flat=True)) == {"served", "invited"}
    assert Service.objects.get(state="served").ends < timezone.localdate()


def test_titles_of_enterprises_run_and_run_out(demo_world: None):
    today = timezone.localdate()
    rows = Designation.objects.filter(title="产教融合型企业")
    assert all(row.incentives for row in rows)
    assert {row.valid_until < today for row in rows} == {True, False}


def test_everything_was_done_by_somebody_named_in_the_past(demo_world: None):
    lines = AuditLine.objects.exclude(verb="reference.load")
    others = {entry["name"] for entry in read.entries("people", "person")}
    invented = set(Person.objects.values_list("name", flat=True)) | others | {"演示数据"}
    assert set(lines.values_list("actor_name", flat=True)) <= invented
    assert not lines.filter(at__gt=timezone.now()).exists()
