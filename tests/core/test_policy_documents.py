"""Whole documents with differing schemes of headings, as they are found: wrapped, paged, marked up, damaged."""

import json
import re
from pathlib import Path

import pytest

from shuangcheng.core.policy import DocumentKind, read
from tests.core.policy_samples import WANTED, summary, text_of, wrapped

PRINTS = {
    "narrow": {"columns": 46, "indent": False, "blank": False, "header": "", "footer": "- {} -"},
    "indented": {"columns": 56, "indent": True, "blank": False, "header": "", "footer": "第 {} 页"},
    "blank lines": {"columns": 56, "indent": False, "blank": True, "header": "", "footer": "— {} —"},
    "wide": {"columns": 84, "indent": True, "blank": False, "header": "", "footer": "{}"},
}  # fmt: skip


@pytest.mark.parametrize("wanted", WANTED, ids=lambda path: path.stem)
def test_a_document(wanted: Path) -> None:
    assert summary(read(text_of(wanted))[0]) == json.loads(wanted.read_text(encoding="utf-8"))


@pytest.mark.parametrize("print_", PRINTS)
@pytest.mark.parametrize("wanted", [w for w in WANTED if "markdown" not in w.stem], ids=lambda path: path.stem)
def test_printing_changes_nothing(wanted: Path, print_: str) -> None:
    printed = wrapped(text_of(wanted), **PRINTS[print_])
    assert summary(read(printed)[0]) == json.loads(wanted.read_text(encoding="utf-8"))


@pytest.mark.parametrize("wanted", WANTED, ids=lambda path: path.stem)
def test_everything_has_its_place(wanted: Path) -> None:
    text = text_of(wanted)
    document = read(text)[0]
    shown = [(section.title, section) for section in document.sections]
    shown += [(target.quote, target) for target in document.targets]
    shown += [(body.text, body) for body in document.bodies]
    shown += [(past.quote, past) for past in document.past_figures]
    assert len(shown) > 15
    for words, found in shown:
        assert 0 <= found.start < found.end <= len(text)
        assert letters(words) in letters(text[found.start : found.end]), words
    for measure in document.measures:
        assert letters(measure.text)[:10] == letters(text[measure.start : measure.end])[:10]


def letters(text: str) -> str:
    return re.sub(r"\s|\*|^— \d+ —$", "", text, flags=re.MULTILINE)


def test_sections_enclose_their_text() -> None:
    text = text_of(WANTED[0])
    document = read(text)[0]
    for section, after in zip(document.sections, document.sections[1:], strict=False):
        assert section.end <= section.body_start <= section.body_end <= after.start
        assert section.parent is None or document.sections[section.parent].level < section.level
    assert all(measure.section is not None for measure in document.measures)


COMPILATION = """ 两地教育部门联合召开
协同发展专题会议

为推动协同发展，两地召开会议。会议指出，已联合评选试验区10个，培训教师2000人次。

（来源：某某日报 2024年1月2日）
 某市推进职业教育改革

下一步，该市将聚焦重点领域，力争到2026年建成实训基地20个。目前已有基地8个。

（来源：某某网 2024年3月5日）
"""


def test_a_compilation_is_split() -> None:
    documents = read(COMPILATION)
    assert [document.title for document in documents] == [
        "两地教育部门联合召开协同发展专题会议",
        "某市推进职业教育改革",
    ]
    assert [document.source for document in documents] == ["某某日报2024年1月2日", "某某网2024年3月5日"]
    assert {document.kind for document in documents} == {DocumentKind.ARTICLE}
    assert [[str(target.value) for target in document.targets] for document in documents] == [[], ["20"]]
    assert documents[0].end <= documents[1].start


def test_official_documents_in_one_file_are_split() -> None:
    plan = text_of(next(wanted for wanted in WANTED if wanted.stem == "grid-decimals"))
    second = plan.replace("东河能发[2023]7号", "东河能发[2023]8号").replace("新型电力系统", "氢能产业")
    documents = read(plan + "\n" + second)
    assert [document.doc_number for document in documents] == ["东河能发[2023]7号", "东河能发[2023]8号"]


def test_nothing_is_no_document() -> None:
    assert read("") == []
    assert read(" \n\u3000\n- 1 -\n") == []


def test_an_article_without_measures_says_so() -> None:
    document = read("某地举办论坛\n近日，某地举办论坛，300多人参加。\n")[0]
    assert (document.kind, document.measures, document.targets) == (DocumentKind.ARTICLE, (), ())
    assert "没有认出章节，请核对是否为完整的政策文件。" in document.doubts


def test_a_table_of_contents_alone_says_so() -> None:
    document = read("某省发展规划\n目　录\n一、总体要求........1\n二、主要任务........3\n三、保障措施........9\n")[0]
    assert document.sections == ()
    assert "只读到目录，没有正文。请上传全文。" in document.doubts


def test_a_broken_sequence_is_said() -> None:
    document = read("某市实施方案\n一、总体要求\n加快发展。\n四、保障措施\n加强领导。\n二、另外的事\n落实责任。\n")[0]
    assert [section.number for section in document.sections] == ["一、", "四、"]
    assert "有的编号不连续，可能缺页，或者有的行不是标题。" in document.doubts


def test_running_titles_and_glued_page_numbers_are_left_out() -> None:
    wanted = next(wanted for wanted in WANTED if wanted.stem == "ageing-six-bureaus")
    long = text_of(wanted).replace(
        "　　坚持以人民为中心", "　　坚持以人民为中心。" + "推动各项任务落到实处，服务质量稳步提升。" * 60
    )
    kept = summary(read(long)[0])
    paged = wrapped(
        long, columns=56, indent=True, blank=False, header="南岭省养老服务规划汇编　2021年第3期", footer="第 {} 页"
    )
    assert summary(read(paged)[0]) == kept
    glued = wrapped(long, columns=56, indent=False, blank=False, header="", footer="", glued=True)
    assert summary(read(glued)[0])["targets"] == kept["targets"]


@pytest.mark.parametrize(
    "text",
    [
        "建设项目，",
        "1",
        "（",
        "一、任务\n",
        "“",
        "《",
        "*",
        "教育局",
        "索 引 号 ",
        "—",
        "（市教委负责",
        "序号\n",
        "序号 指标 2025年\n1 甲 3\n",
        "1\n",
        "第一条 为了\n",
        "完成时限：2027年",
        "年内",
        "三分之",
        "某市令\n",
        "12000",
    ],
)
def test_no_text_makes_the_reader_run_long(text: str) -> None:
    """Each of these once took minutes: a pattern or a loop went over the whole text for every character."""
    assert len(read(text * (30_000 // len(text)))) <= 1
