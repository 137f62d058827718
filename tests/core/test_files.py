"""What an uploaded file really is: real files of every bad sort, refused with a sentence."""

import hashlib
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangcheng.core.files import Inspected, Kind, Limits, check_size, inspect
from shuangcheng.core.files.shapes import EXTENSIONS, MEDIA_TYPES, MIB, TITLES
from shuangcheng.core.outcome import Refused, Why
from tests.core import file_samples as samples

LIMITS = Limits()
DOCX = samples.docx_file()
XLSX = samples.xlsx_file()
PDF = samples.pdf_file("Hello", "World")
PNG = samples.png_file()
JPEG = samples.jpeg_file()
HTML = "<!DOCTYPE html><html><body><p>通知</p></body></html>".encode()
TEXT = "一、总体要求\n".encode()
GOOD = {
    "表.xlsx": (XLSX, Kind.XLSX),
    "表.csv": ("校名,代码\n重庆大学,10611\n".encode(), Kind.CSV),
    "文.txt": (TEXT, Kind.TXT),
    "文.md": ("# 标题\n<p>可以有标签</p>".encode(), Kind.MD),
    "文.htm": (HTML, Kind.HTML),
    "文.docx": (DOCX, Kind.DOCX),
    "文.PDF": (PDF, Kind.PDF),
    "图.png": (PNG, Kind.PNG),
    "图.jpeg": (JPEG, Kind.JPEG),
}


def readable(value: object) -> str | None:
    """The bytes of a file do not belong in the name of a test."""
    return "data" if isinstance(value, bytes) else None


def look(name: str, data: bytes, limits: Limits = LIMITS) -> Inspected:
    return inspect(name=name, data=data, limits=limits)


def refusal(name: str, data: bytes, limits: Limits = LIMITS) -> Refused:
    with pytest.raises(Refused) as refused:
        look(name, data, limits)
    (objection,) = refused.value.objections
    assert str(objection).endswith("。")
    assert "%(" not in str(objection)
    return refused.value


def code(name: str, data: bytes, limits: Limits = LIMITS) -> str:
    return refusal(name, data, limits).objections[0].code


@pytest.mark.parametrize("name", GOOD)
def test_good_files_are_what_they_say(name: str) -> None:
    data, kind = GOOD[name]
    found = look(name, data)
    assert (found.name, found.kind, found.warnings) == (name, kind, ())
    assert found.media_type == MEDIA_TYPES[kind]
    assert found.sha256 == hashlib.sha256(data).hexdigest()


def test_every_kind_is_tried() -> None:
    assert {kind for _, kind in GOOD.values()} == set(Kind) == set(TITLES) == set(EXTENSIONS.values())


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_under_any_other_extension_is_refused(name: str) -> None:
    data, kind = GOOD[name]
    plain = {Kind.CSV, Kind.TXT, Kind.MD}
    for extension, other in EXTENSIONS.items():
        if other is kind or {kind, other} <= plain:
            continue
        if (kind, other) == (Kind.MD, Kind.HTML):  # Markdown with a tag can be read as a page
            continue
        assert code(f"x{extension}", data) == "file.disagrees"


def test_a_disagreement_names_both_sides() -> None:
    sentence = str(refusal("名单.xlsx", PDF))
    assert sentence.startswith("“名单.xlsx”的扩展名表示“Excel 工作簿（.xlsx）”，内容却是“PDF 文档（.pdf）”。")
    assert "网页" in str(refusal("名单.xlsx", HTML))


def test_size_is_judged_without_reading() -> None:
    with pytest.raises(Refused) as refused:
        check_size(name="大.xlsx", size=200 * MIB, limits=LIMITS)
    assert refused.value.why is Why.TOO_LARGE
    assert str(refused.value) == "“大.xlsx”有 200.0 MB，超过 50.0 MB 的上限。请拆分或压缩图片后上传。"
    check_size(name="小.xlsx", size=LIMITS.max_bytes, limits=LIMITS)


def test_an_empty_and_a_too_big_file() -> None:
    assert code("空.txt", b"") == "file.empty"
    assert code("大.txt", TEXT * 100, Limits(max_bytes=100)) == "file.size"


@pytest.mark.parametrize(
    "name", ["", " ", "a\u202etxt.exe", "a\nb.txt", "a\x00.txt", "../a.txt", "c\\a.txt", "长" * 252 + ".txt"]
)
def test_names_that_deceive_are_refused(name: str) -> None:
    assert code(name, TEXT) == "file.name"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("报名表.pdf.exe", "file.kind"),
        ("无扩展名", "file.kind"),
        (".docx", "file.kind"),
        ("旧表.xls", "file.old_office"),
        ("图.svg", "file.svg"),
        ("包.rar", "file.archive"),
        ("表.xlsm", "file.macro"),
        ("公文.ofd", "file.ofd"),
    ],
)
def test_other_extensions_are_refused_by_name(name: str, expected: str) -> None:
    assert code(name, TEXT) == expected


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.txt", b"MZ\x90\x00\x03" + bytes(80), "file.program"),
        ("a.docx", b"\x7fELF\x02\x01", "file.program"),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n", "file.program"),
        ("a.xlsx", b"Rar!\x1a\x07\x01\x00", "file.archive"),
        ("a.csv", zlib.compress(b"x", wbits=31), "file.archive"),
        ("a.docx", b"{\\rtf1\\ansi text}", "file.rich_text"),
        ("a.png", b"GIF89a" + bytes(30), "file.picture"),
        ("a.jpg", b"\x00\x00\x00\x18ftypheic" + bytes(30), "file.picture"),
        ("a.jpg", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "file.picture"),
        ("a.pdf", b"\x00\x00\x00\x18ftypmp42" + bytes(30), "file.media"),
        ("a.xls", samples.compound("Workbook"), "file.old_office"),
        ("a.docx", samples.compound("WordDocument"), "file.old_office"),
        ("a.xlsx", samples.compound("EncryptionInfo", "EncryptedPackage"), "file.protected"),
        ("a.txt", b"\x01\x02\x03 binary", "file.binary"),
        ("a.csv", bytes(range(256)) * 4, "file.encoding"),
        ("a.pdf", b"\x01\x02\x03 unknown", "file.disagrees"),
        ("a.html", b"plain words only", "file.disagrees"),
        ("a.html", b"<svg xmlns='x'><script/></svg>", "file.svg"),
        ("a.txt", b"<?xml version='1.0'?>\n<!-- <html> -->\n<svg:svg/>", "file.svg"),
    ],
    ids=readable,
)
def test_foreign_content_is_refused(name: str, data: bytes, expected: str) -> None:
    assert code(name, data) == expected


def test_a_page_may_hold_an_inline_drawing_and_text_may_begin_oddly() -> None:
    assert look("a.html", b"<html><body><svg></svg></body></html>").kind is Kind.HTML
    assert look("a.csv", b"MZ,ID3\n1,2\n").kind is Kind.CSV
    assert look("a.md", b"<p align=center>%PDF-1.4</p>").kind is Kind.MD


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", PDF + DOCX),
        ("a.png", PNG + DOCX),
        ("a.jpg", JPEG + DOCX),
        ("a.docx", DOCX + b"<script>"),
        ("a.docx", b"PK\x03\x04 something" + DOCX),
        ("a.docx", DOCX[:-2] + b"\x05\x00notes"),
        ("a.docx", samples.packed({"%PDF-1.4": b"x"} | {samples.CONTENT_TYPES: b"wordprocessingml.document.main+xml"})),
        ("a.png", PNG[:33] + b"<script>alert(1)</script>" + PNG[33:]),
        ("a.jpg", JPEG + b"<?php system(1);"),
        ("a.jpg", b"\xff\xd8\xff\xfe\x00\x0a%PDF-1.4" + JPEG[10:]),
    ],
    ids=readable,
)
def test_files_with_two_faces_are_refused(name: str, data: bytes) -> None:
    assert code(name, data) == "file.unsafe"


def test_a_stray_mark_of_a_zip_is_no_second_face() -> None:
    assert look("a.pdf", PDF + b"PK\x05\x06" + bytes(30)).kind is Kind.PDF


def test_a_zip_behind_something_else_is_not_a_zip() -> None:
    assert code("a.docx", b"#!/bin/sh\n" + DOCX) == "file.program"
    assert code("a.docx", b"GIF89a" + DOCX) == "file.picture"


@pytest.mark.parametrize("make", [samples.png_file, samples.jpeg_file])
def test_image_bombs_are_refused_by_their_header(make: type) -> None:
    name = "图.png" if make is samples.png_file else "图.jpg"
    for size in ({"width": 60_000, "height": 1}, {"width": 10_000, "height": 10_000}):
        refused = refusal(name, make(**size))
        assert refused.why is Why.TOO_LARGE
        assert refused.objections[0].code == "file.pixels"
        assert f"{size['width']}×{size['height']}" in str(refused)
    assert code(name, make(width=0)) == "file.damaged"
    assert code(name, make()[:19]) == "file.damaged"
    assert look(name, make(width=5000, height=5000))


def test_a_jpeg_of_fill_bytes_ends() -> None:
    assert code("图.jpg", b"\xff\xd8" + b"\xff" * 5 * MIB) == "file.damaged"


@settings(deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(sorted(EXTENSIONS)),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7", b"\xff\xd8\xff"]),
)
def test_any_bytes_are_accepted_or_refused(data: bytes, extension: str, start: bytes) -> None:
    with suppress(Refused):
        look(f"x{extension}", start + data)
