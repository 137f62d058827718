"""The text of files: encodings, documents, pages, and what cannot be read."""

from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangcheng.core.files import Extracted, Kind, Limits, decode_text, extract_text, inspect
from shuangcheng.core.files.pdf_text import pdf_text
from shuangcheng.core.outcome import Refused, Why
from tests.core import file_samples as samples
from tests.core.test_files import DOCX, GOOD, PDF, PNG, XLSX, readable

LIMITS = Limits()
SENTENCE = "关于印发《成渝地区双城经济圈教育协同发展行动计划》的通知，请结合实际认真贯彻落实。\n"


def read(name: str, data: bytes, limits: Limits = LIMITS) -> Extracted:
    return extract_text(inspected=inspect(name=name, data=data, limits=limits), data=data, limits=limits)


def refused_code(name: str, data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Refused) as refused:
        read(name, data, limits)
    (objection,) = refused.value.objections
    assert str(objection).endswith("。")
    assert "%(" not in str(objection)
    assert objection.where == name
    return objection.code


@pytest.mark.parametrize(
    ("encoding", "warned"), [("utf-8", 0), ("utf-8-sig", 0), ("utf-16", 0), ("gb18030", 1), ("gbk", 1)]
)
def test_text_is_decoded(encoding: str, warned: int) -> None:
    text, warnings = decode_text(SENTENCE.encode(encoding))
    assert text == SENTENCE
    assert len(warnings) == warned
    assert all("GB18030" in str(warning) for warning in warnings)


def test_big_endian_and_rare_and_traditional_characters_are_decoded() -> None:
    assert decode_text(b"\xfe\xff" + SENTENCE.encode("utf-16-be"))[0] == SENTENCE
    assert decode_text("𠮷野家，㑇、䶮".encode("gb18030"))[0] == "𠮷野家，㑇、䶮"
    traditional = "關於印發成渝地區雙城經濟圈教育協同發展行動計劃的通知" * 2
    assert decode_text(traditional.encode("gbk"))[0] == traditional
    assert decode_text(b"") == ("", ())


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"abc\x00def", "file.binary"),
        (b"abc\x1b[31m", "file.binary"),
        (b"abc\x07", "file.binary"),
        (SENTENCE.encode("utf-16-le"), "file.encoding"),
        (SENTENCE.encode("utf-8")[:-2], "file.damaged"),
        (SENTENCE.encode("utf-8") * 3 + b"\xff\n" + SENTENCE.encode("utf-8"), "file.damaged"),
        (SENTENCE.encode("utf-16")[:-1], "file.damaged"),
        (SENTENCE.encode("gb18030")[:-2], "file.damaged"),
        (("關於教育協同發展行動計劃的通知" * 5).encode("big5"), "file.encoding"),
        (b"\xff" * 50, "file.encoding"),
    ],
    ids=readable,
)
def test_undecodable_text_is_refused(data: bytes, expected: str) -> None:
    with pytest.raises(Refused) as refused:
        decode_text(data)
    assert refused.value.objections[0].code == expected


def test_damage_is_told_by_line() -> None:
    with pytest.raises(Refused, match="第 4 行"):
        decode_text((SENTENCE * 3).encode() + b"\xff\n" + SENTENCE.encode())
    with pytest.raises(Refused, match="第 2 行"):
        decode_text(b"a\nb\x00")


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_text_survives_utf8(text: str) -> None:
    assert decode_text(text.encode("utf-8-sig"))[0] == text


def test_plain_text_is_read_as_it_is() -> None:
    found = read("文.txt", "一\r\n二\r三".encode("gb18030"))
    assert found.text == "一\n二\n三"
    assert found.pages == (found.text,)
    assert len(found.warnings) == 1


def test_a_document_is_read_in_order() -> None:
    assert read("文.docx", DOCX).text == "通知\n第一段\n甲\t乙\n丙\t丁\n最后一段"


def body(xml: str) -> bytes:
    """A document with this in its body."""
    document = docx.Document()
    scope = nsdecls("w") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    for child in list(parse_xml(f"<w:body {scope}>{xml}</w:body>")):
        document.element.body.insert(len(document.element.body) - 1, child)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_document_tells_all_that_a_reader_sees() -> None:
    text = "<w:p><w:r><w:t>%s</w:t></w:r></w:p>"
    box = "<w:txbxContent>" + text % "框" + "</w:txbxContent>"
    xml = (
        "<w:sdt><w:sdtContent>" + text % "控件" + "</w:sdtContent></w:sdt>"
        "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='1'/></w:tabs></w:pPr>"
        "<w:ins w:id='1'><w:r><w:t>增</w:t></w:r></w:ins><w:del w:id='2'><w:r><w:t>删</w:t></w:r></w:del>"
        "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>右</w:t><w:br/><w:t>下</w:t></w:r>"
        f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:p>"
        "<w:tbl><w:tr><w:tc>"
        + text % "甲"
        + text % "乙"
        + "</w:tc><w:tc><w:tbl><w:tr><w:tc>"
        + text % "内"
        + "</w:tc></w:tr></w:tbl>"
        + text % "外"
        + "</w:tc></w:tr></w:tbl>"
    )
    assert read("文.docx", body(xml)).text == "控件\n增链接\t右\n下\n框\n甲 乙\t内 外"


def test_automatic_numbers_are_warned_of() -> None:
    xml = "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>第一条</w:t></w:r></w:p>"
    found = read("文.docx", body(xml))
    assert found.text == "第一条"
    assert "自动编号" in str(found.warnings[0])


def test_deeply_nested_text_boxes_do_not_multiply() -> None:
    xml = "<w:p><w:r><w:t>深</w:t></w:r>%s</w:p>"
    nested = ""
    for _ in range(40):
        nested = "<w:txbxContent>" + xml % nested + "</w:txbxContent>"
    assert read("文.docx", body(xml % nested)).text == "\n".join("深" * 41)


def test_a_document_that_cannot_be_parsed_is_refused() -> None:
    assert (
        refused_code("文.docx", samples.repacked(DOCX, change={"word/document.xml": b"<w:document"})) == "file.damaged"
    )
    assert refused_code("文.docx", samples.repacked(DOCX, change={"_rels/.rels": b"<x/>"})) == "file.damaged"
    deep = b"<a>" * 5000 + b"</a>" * 5000
    assert refused_code("文.docx", samples.repacked(DOCX, change={"word/document.xml": deep})) == "file.damaged"


def test_a_page_is_read_as_it_is_seen() -> None:
    page = """<!DOCTYPE html><html><head><title>T</title><style>p{}</style></head><body>
      <!-- hidden --><h1>通知</h1><div>一、<b>总</b>则<br>下一行<script>alert(1)</script>后</div>
      <table><tr><th>甲</th><td><p>乙</p></td></tr><tr><td>1</td><td><p>2</p><p>3</p></td></tr></table>
      <table><tr><td><p>版</p><p>面</p><p>排</p><p>版</p></td></tr></table><pre>第一
第二</pre>尾</body></html>"""
    found = read("页.html", page.encode())
    assert found.text == "通知\n一、总则\n下一行后\n甲\t乙\n1\t2  3\n版\n面\n排\n版\n第一\n第二\n尾"


@pytest.mark.parametrize("hostile", ["<a ", "<!--", "<div>", "<td>", "<"])
def test_hostile_pages_end(hostile: str) -> None:
    found = read("页.html", ("<p>正文</p>" + hostile * 20_000).encode())
    assert found.text.startswith("正文")


def test_a_page_of_depth_is_read_to_the_bottom() -> None:
    page = "<div>" * 1500 + "底" + "</div>" * 1500
    assert read("页.html", page.encode()).text == "底"


def test_a_pdf_is_read_by_page() -> None:
    found = read("文.pdf", PDF)
    assert found.pages == ("Hello", "World")
    assert found.text == "Hello\nWorld"
    assert found.warnings == ()


def test_pages_that_are_pictures_are_named_and_blank_ones_are_not() -> None:
    found = read("文.pdf", samples.pdf_file("Hello", None, "", None))
    assert found.pages == ("Hello", "", "", "")
    assert str(found.warnings[0]).startswith("第 2、4 页是图片")


def test_pdfs_that_cannot_be_read_are_refused() -> None:
    assert refused_code("扫描.pdf", samples.pdf_file(None, None)) == "file.scan"
    assert refused_code("扫描.pdf", samples.pdf_file("CamScanner", None)) == "file.scan"
    assert refused_code("空白.pdf", samples.pdf_file("", "")) == "file.no_text"
    assert refused_code("密.pdf", samples.pdf_file("x", trailer=samples.PDF_PASSWORD)) == "file.protected"
    assert refused_code("坏.pdf", b"%PDF-1.7\nnothing more") == "file.damaged"
    assert refused_code("长.pdf", PDF, Limits(max_pages=1)) == "file.pages"


@pytest.mark.parametrize("name", GOOD)
def test_text_has_a_limit_and_some_kinds_have_none(name: str) -> None:
    data, kind = GOOD[name]
    no_text = kind in (Kind.XLSX, Kind.PNG, Kind.JPEG)
    assert refused_code(name, data, Limits(max_text=1)) == ("file.no_text" if no_text else "file.text")
    if not no_text:
        assert read(name, data).text


def test_too_much_text_is_too_large() -> None:
    assert refused_code("页.html", b"<p>x</p>" + b"<!---->" * 10, Limits(max_text=50)) == "file.text"
    with pytest.raises(Refused) as refused:
        read("长.pdf", samples.pdf_file(*["x" * 50] * 4), Limits(max_text=100))
    assert refused.value.why is Why.TOO_LARGE


def test_a_pdf_is_not_read_beyond_the_limit() -> None:
    pages, _ = pdf_text(samples.pdf_file(*["x" * 20] * 9), name="长.pdf", limits=Limits(max_text=50))
    assert len(pages) == 3


def test_only_what_was_inspected_is_read() -> None:
    inspected = inspect(name="文.docx", data=DOCX, limits=LIMITS)
    with pytest.raises(ValueError, match="inspected"):
        extract_text(inspected=inspected, data=DOCX + b" ")
    with pytest.raises(ValueError, match="inspected"):
        extract_text(inspected=replace(inspected, sha256=""), data=DOCX)


DOCUMENT_PARTS = (samples.CONTENT_TYPES, "_rels/.rels", "word/document.xml", "word/styles.xml")
TRUNCATED = {"x.docx": DOCX, "x.xlsx": XLSX, "x.pdf": PDF, "x.png": PNG, "x.html": GOOD["文.htm"][0]}


@settings(deadline=None)
@given(st.sampled_from(sorted(TRUNCATED)), st.floats(0, 1))
def test_any_truncation_is_read_or_refused(name: str, share: float) -> None:
    data = TRUNCATED[name]
    with suppress(Refused):
        read(name, data[: int(share * len(data))])


@settings(deadline=None)
@given(st.sampled_from(sorted(TRUNCATED)), st.floats(0, 1), st.binary(min_size=1, max_size=4))
def test_any_damage_is_read_or_refused(name: str, share: float, new: bytes) -> None:
    data = TRUNCATED[name]
    at = int(share * len(data))
    with suppress(Refused):
        read(name, data[:at] + new + data[at + len(new) :])


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(DOCUMENT_PARTS), st.floats(0, 1), st.binary(min_size=1, max_size=8))
def test_a_document_with_damaged_xml_in_a_sound_zip_is_read_or_refused(part: str, share: float, new: bytes) -> None:
    def damage(content: bytes) -> bytes:
        at = int(share * len(content))
        return content[:at] + new + content[at:]

    with suppress(Refused):
        read("x.docx", samples.repacked(DOCX, change={part: damage}))
