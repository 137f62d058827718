"""Office packages: bombs, macros, ways out of the folder, entities, lies and damage."""

import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangcheng.core.files import Limits
from shuangcheng.core.files.shapes import MIB
from shuangcheng.core.outcome import Refused, Why
from tests.core import file_samples as samples
from tests.core.test_files import DOCX, XLSX, code, look, readable, refusal

BILLION = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("part", "content", "expected"),
    [
        ("xl/vbaProject.bin", b"macro", "file.macro"),
        ("word/VBAPROJECT.BIN", b"macro", "file.macro"),
        ("elsewhere/vbaData.xml", b"<x/>", "file.macro"),
        ("xl/macrosheets/sheet1.xml", b"<x/>", "file.macro"),
        ("../../etc/passwd", b"x", "file.unsafe"),
        ("/etc/passwd", b"x", "file.unsafe"),
        ("C:\\windows\\x", b"x", "file.unsafe"),
        ("..\\x", b"x", "file.unsafe"),
        ("inner.zip", samples.packed({"a": b"x"}), "file.unsafe"),
        ("word/media/image1.png", samples.packed({"a": b"x"}), "file.unsafe"),
        ("word/media/run.png", b"MZ\x90\x00" + bytes(80), "file.unsafe"),
        ("customXml/item1.xml", BILLION, "file.unsafe"),
        ("customXml/item1.xml", BILLION.decode().encode("utf-16"), "file.unsafe"),
        ("customXml/item1.xml", b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x>', "file.unsafe"),
        ("customXml/item1.xml", b'<?xml version="1.0" encoding="utf-7 utf-8"?><x/>', "file.unsafe"),
        ("customXml/item1.xml", '<?xml version="1.0"?>'.encode("cp037"), "file.unsafe"),
        ("customXml/item1.xml", b" " * 9000 + BILLION, "file.unsafe"),
        ("customXml/item1.xml", b"<x>" + b"." * (MIB - 8) + b"<!DOCTYPE y>", "file.unsafe"),
        ("customXml/item1.bin", b"\xef\xbb\xbf" + BILLION, "file.unsafe"),
    ],
    ids=readable,
)
@pytest.mark.parametrize("package", ["x.docx", "x.xlsx"])
def test_packages_with_something_bad_inside(package: str, part: str, content: bytes, expected: str) -> None:
    good = DOCX if package.endswith("docx") else XLSX
    assert code(package, samples.repacked(good, change={part: content})) == expected


def test_a_macro_workbook_is_refused_however_it_is_named() -> None:
    macro = samples.repacked(
        XLSX,
        change={
            samples.CONTENT_TYPES: lambda types: types.replace(
                b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
            )
        },
    )
    assert code("名单.xlsm", macro) == code("名单.xlsx", macro) == "file.macro"


def test_a_real_bomb_is_refused_by_its_directory() -> None:
    bomb = samples.repacked(DOCX, change={"word/document.xml": b"<x>" + b" " * 11 * MIB})
    assert len(bomb) < 60_000
    assert refusal("炸弹.docx", bomb).why is Why.TOO_LARGE
    assert code("炸弹.docx", bomb) == "file.bomb"
    assert code("炸弹.docx", DOCX, Limits(max_unpacked=1000)) == "file.bomb"


def test_a_bomb_with_too_many_entries_is_refused_before_it_is_listed() -> None:
    many = samples.packed({f"{number}": b"" for number in range(6000)}, method=zipfile.ZIP_STORED)
    assert code("多.docx", many) == "file.bomb"


def test_a_directory_that_lies_about_sizes_is_refused() -> None:
    content = bytes(2 * MIB)
    bomb = samples.repacked(DOCX, change={"word/media/a.bin": content})
    for size in (100, 3 * MIB):
        lie = samples.lying_about_size(bomb, part="word/media/a.bin", size=size, content=content)
        assert code("谎.docx", lie) == "file.damaged"


def test_a_lie_about_size_costs_no_memory() -> None:
    content = bytes(40 * MIB)
    bomb = samples.repacked(DOCX, change={"word/embeddings/a.bin": content})
    lie = samples.lying_about_size(bomb, part="word/embeddings/a.bin", size=100, content=content)
    tracemalloc.start()
    assert code("谎.docx", lie) == "file.damaged"
    assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    tracemalloc.stop()


def test_an_altered_byte_is_found_by_the_checksum() -> None:
    stored = samples.repacked(DOCX, change={}, method=zipfile.ZIP_STORED)
    assert look("好.docx", stored)
    assert code("坏.docx", stored.replace("第一段".encode(), "第二段".encode())) == "file.damaged"


def test_names_must_be_the_same_in_both_places() -> None:
    assert code("名.docx", DOCX.replace(b"word/document.xml", b"word/documenx.xml", 1)) == "file.damaged"


def test_overlapping_entries_are_refused() -> None:
    assert code("叠.docx", samples.quoting_zip(b"wordprocessingml.document.main+xml")) == "file.damaged"
    data = bytearray(DOCX)
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert code("叠.docx", bytes(data)) == "file.damaged"


def test_entries_of_one_name_are_refused() -> None:
    # The same length of name, so that the second can be renamed in place
    doubled = samples.repacked(DOCX, change={"word/document.xm_": b"<x/>"}).replace(
        b"word/document.xm_", b"word/document.xml"
    )
    assert code("重.docx", doubled) == "file.unsafe"


def test_protected_and_broken_packages() -> None:
    assert code("密.docx", samples.encrypted_zip(DOCX)) == "file.protected"
    assert code("坏.docx", DOCX[: len(DOCX) // 2]) == "file.damaged"
    assert code("坏.xlsx", b"PK\x03\x04" + bytes(100)) == "file.damaged"
    assert code("法.docx", samples.repacked(DOCX, change={}, method=zipfile.ZIP_BZIP2)) == "file.damaged"
    untyped = samples.repacked(DOCX, change={samples.CONTENT_TYPES: b"<Types/>"})
    assert code("空.docx", untyped) == "file.damaged"


def test_other_zips_are_told_apart() -> None:
    assert code("包.docx", samples.packed({"a.txt": b"x"})) == "file.archive"
    assert code("公文.ofd", samples.packed({"OFD.xml": b"<x/>"})) == "file.ofd"
    assert code("文.odt", samples.packed({"mimetype": b"x"})) == "file.open_document"
    both = samples.repacked(DOCX, change={samples.CONTENT_TYPES: lambda types: types + b"spreadsheetml.sheet.main+xml"})
    assert code("双.docx", both) == "file.unsafe"


def test_a_chart_may_embed_a_workbook_once() -> None:
    chart = samples.repacked(DOCX, change={"word/embeddings/book.xlsx": XLSX})
    (warning,) = look("图表.docx", chart).warnings
    assert "嵌入" in str(warning)
    equation = samples.repacked(DOCX, change={"word/embeddings/oleObject1.bin": samples.compound("Equation Native")})
    assert len(look("公式.docx", equation).warnings) == 1
    assert code("套.docx", samples.repacked(DOCX, change={"word/embeddings/a.docx": chart})) == "file.unsafe"
    bad = samples.repacked(XLSX, change={"xl/vbaProject.bin": b"x"})
    assert code("宏.docx", samples.repacked(DOCX, change={"word/embeddings/a.xlsx": bad})) == "file.macro"


@settings(deadline=None)
@given(st.sampled_from([DOCX, XLSX]), st.floats(0, 1), st.integers(1, 255))
def test_a_package_with_one_byte_changed_is_accepted_or_refused(good: bytes, place: float, change: int) -> None:
    data = bytearray(good)
    data[int(place * (len(data) - 1))] ^= change
    with suppress(Refused):
        look("x.docx" if good is DOCX else "x.xlsx", bytes(data))
