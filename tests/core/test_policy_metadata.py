"""Title, issuers, number and date: one head of a document for each way of writing it."""

from datetime import date

import pytest

from shuangcheng.core.policy import read

BODY = (
    "一、总体要求\n坚持稳中求进，加快推动各项工作落实，不断提升服务水平。\n"
    "二、主要任务\n（一）健全机制。建立协调机制。\n"
)

HEADS = {
    "a notice and its plan": (
        "东河省人民政府关于印发《东河省数字经济发展规划（2024—2027年）》的通知\n东政发〔2024〕12号\n各市人民政府：\n"
        "现将《东河省数字经济发展规划（2024—2027年）》印发给你们，请认真贯彻执行。\n"
        "东河省人民政府\n2024年5月6日\n（此件公开发布）\n"
        f"东河省数字经济发展规划\n（2024—2027年）\n为加快发展数字经济，制定本规划。\n{BODY}",
        ("东河省数字经济发展规划（2024—2027年）", ("东河省人民政府",), "东政发〔2024〕12号", date(2024, 5, 6)),
    ),
    "a plan named without marks": (
        "东河市人民政府办公厅关于印发东河市托育服务实施\n方案的通知\n东政办〔2023〕5 号\n各区县人民政府：\n"
        "《东河市托育服务实施方案》已经市政府同意，现印发给你们。\n东河市人民政府办公厅\n2023 年 2 月 1 日\n"
        f"东河市托育服务实施方案\n为发展托育服务，制定本方案。\n{BODY}",
        ("东河市托育服务实施方案", ("东河市人民政府办公厅",), "东政办〔2023〕5号", date(2023, 2, 1)),
    ),
    "the notice is the document": (
        "东河省教育厅关于加强中小学劳动教育的意见\n东教基〔2022〕3号\n各市教育局：\n"
        "为贯彻《中共中央 国务院关于全面加强新时代大中小学劳动教育的意见》（中发〔2020〕7号）精神，提出如下意见。\n"
        f"{BODY}东河省教育厅\n2022年9月1日\n东河省教育厅办公室　2022年9月3日印发\n",
        ("东河省教育厅关于加强中小学劳动教育的意见", ("东河省教育厅",), "东教基〔2022〕3号", date(2022, 9, 1)),
    ),
    "two issuers in the title, no signature": (
        f"东河省教育厅 东河省财政厅关于进一步完善资助体系的通知\n（东教财〔2021〕15号）\n各市教育局、财政局：\n{BODY}",
        (
            "东河省教育厅 东河省财政厅关于进一步完善资助体系的通知", ("东河省教育厅", "东河省财政厅"),
            "东教财〔2021〕15号", None,
        ),
    ),
    "issuers only in the signature": (
        f"关于推进产教融合发展的若干措施\n各有关单位：\n{BODY}市发展改革委\n市教委\n市财政局\n2023年12月30日\n",
        ("关于推进产教融合发展的若干措施", ("市发展改革委", "市教委", "市财政局"), None, date(2023, 12, 30)),
    ),
    "a date in words": (
        f"东河县水利局关于农村供水保障的实施方案\n东水发〔2019〕2号\n各乡镇：\n{BODY}东河县水利局\n二○一九年十一月二十日\n",
        ("东河县水利局关于农村供水保障的实施方案", ("东河县水利局",), "东水发〔2019〕2号", date(2019, 11, 20)),
    ),
    "the website's catalogue": (
        "索引号：\t0001/2024-7\t主题分类：\t教育\n发文机关：\t东河省教育厅\t成文日期：\t2024年3月8日\n"
        "标　　题：\t东河省教育厅关于规范办学行为的通知\n发文字号：\t东教规〔2024〕1号\t发布日期：\t2024年3月20日\n"
        f"东河省教育厅关于规范办学行为的通知\n各市教育局：\n{BODY}",
        ("东河省教育厅关于规范办学行为的通知", ("东河省教育厅",), "东教规〔2024〕1号", date(2024, 3, 8)),
    ),
    "passed by a congress": (
        "东河市国民经济和社会发展第十四个五年规划\n和二〇三五年远景目标纲要\n"
        f"（2021年2月3日东河市第十六届人民代表大会第六次会议批准）\n{BODY}",
        (
            "东河市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", ("东河市人民代表大会",), None,
            date(2021, 2, 3),
        ),
    ),
    "a date in brackets under the title": (
        "中共东河省委 东河省人民政府\n关于加强新时代教师队伍建设的意见\n（2020年3月20日）\n"
        f"为建设教师队伍，提出如下意见。\n{BODY}",
        (
            "中共东河省委 东河省人民政府关于加强新时代教师队伍建设的意见", ("中共东河省委", "东河省人民政府"), None,
            date(2020, 3, 20),
        ),
    ),
    "a date and nobody": (
        f"东河省职业教育改革实施方案\n东府发〔2019〕22号\n为深化改革，制定本方案。\n{BODY}2019年9月3日\n",
        ("东河省职业教育改革实施方案", (), "东府发〔2019〕22号", date(2019, 9, 3)),
    ),
    "decreed": (
        f"东河省职业教育办法\n（2023年3月1日东河省人民政府令第301号公布）\n{BODY}",
        ("东河省职业教育办法", ("东河省人民政府",), None, date(2023, 3, 1)),
    ),
    "told by a news agency": (
        "新华社北京6月1日电 近日，中共中央办公厅、国务院办公厅印发了《关于推进县城建设的意见》，并发出通知，"
        "要求认真贯彻落实。\n"
        f"《关于推进县城建设的意见》全文如下。\n{BODY}",
        ("关于推进县城建设的意见", ("中共中央办公厅", "国务院办公厅"), None, None),
    ),
    "wrong front matter": (
        "---\ntitle: 转载\nauthor: 某某网\ndate: 2024-01-09\n---\n# 东河市“十四五”卫生健康发展规划\n\n"
        "为推进健康东河建设，制定本规划。\n"
        f"{BODY}",
        ("东河市“十四五”卫生健康发展规划", (), None, None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_a_head(name: str) -> None:
    text, wanted = HEADS[name]
    document = read(text)[0]
    assert (document.title, document.issuers, document.doc_number, document.date_issued) == wanted
    assert [section.title for section in document.sections] == ["总体要求", "主要任务", "健全机制"]


def test_the_title_of_the_notice_is_kept() -> None:
    document = read(HEADS["a notice and its plan"][0])[0]
    assert document.notice_title == "东河省人民政府关于印发《东河省数字经济发展规划（2024—2027年）》的通知"
    assert read(HEADS["the notice is the document"][0])[0].notice_title == ""


def test_issuers_that_are_not_all_named_are_doubtful() -> None:
    document = read(f"省教育厅等六部门关于加强研学旅行管理的通知\n东教〔2024〕9号\n各市教育局：\n{BODY}")[0]
    assert document.issuers == ()
    assert "标题中的发文机关用了“等”字，文中没有找到完整的落款，请补全。" in document.doubts


def test_what_follows_the_signature_is_no_section() -> None:
    text = HEADS["the notice is the document"][0]
    lists = "附件：\n1.《中华人民共和国教育法》\n2.任务清单（下载）\n相关链接：\n一图读懂\n"
    assert read(text + lists)[0].sections == read(text)[0].sections


def test_a_date_that_disagrees_with_the_catalogue_is_doubtful() -> None:
    text = "成文日期：2022年8月30日\n" + HEADS["the notice is the document"][0]
    assert "落款日期与网页上的成文日期不一致，已采用落款日期。" in read(text)[0].doubts
