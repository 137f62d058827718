"""The XML of a sheet looked at as bytes, for what the parser hides or dies of.

calamine allocates the whole rectangle up to the farthest cell, so that one cell at XFD1048576 ends the process; it
gives an error such as #N/A, and a formula that was never calculated, as an empty cell.
"""

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree  # files.inspect has refused every package that declares an entity

from ..outcome import Refused, Why, refusal
from ..text import _

MOST_ROWS = 200_000
MOST_COLUMNS = 60

NOT_CALCULATED = "#未计算"
"""Stands in a cell whose formula has no stored result."""

_FAR = re.compile(
    rb"""r\s*=\s*["'](?P<cell>(?:[A-Za-z]{3,}|[C-Zc-z][A-Za-z]|[Bb][I-Zi-z])[0-9]+"""
    rb"""|[A-Za-z]{0,2}(?:[0-9]{7,}|[3-9][0-9]{5}|2[1-9][0-9]{4}|20[1-9][0-9]{3}))["']"""
    rb"""(?:[^>"'/]|/(?!>)|"[^"]*"|'[^']*')*(?P<empty>/?)>"""
)
"""The reference of a cell or row beyond column BH (60) or row 200,999, and whether its element is empty."""

_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*\br\s*=\s*["']([A-Z]+[0-9]+)["'])[^>]*\bt\s*=\s*["']e["'][^>]*>(.*?)</(?:\w+:)?c>""", re.S
)
_UNCALCULATED = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]+[0-9]+)["'][^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")


def address(row: int, column: int) -> str:
    """A1 for (0, 0)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def place(reference: str) -> tuple[int, int]:
    """(0, 0) for A1."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, column - 1


class SheetParts:
    """The XML of the sheets of one workbook, found by the sheet's name."""

    def __init__(self, data: bytes, *, name: str) -> None:
        self._name = name
        self._archive = zipfile.ZipFile(BytesIO(data))
        self._paths = self._find()
        self._read: dict[str, bytes] = {}

    def check(self) -> None:
        """Refuse a workbook in which any sheet has a cell too far out for the parser."""
        named = {path: sheet for sheet, path in self._paths.items()}
        others = (path for path in self._archive.namelist() if path.lower().startswith("xl/worksheets/"))
        for path in dict.fromkeys([*named, *others]):
            for found in _FAR.finditer(self._xml(path)):
                if not found["empty"]:
                    raise self._far(named.get(path, path), found["cell"].decode())

    def faults(self, sheet: str) -> dict[tuple[int, int], str]:
        """Cells that hold an error or a formula without a result, with what to show for them."""
        xml = self._xml(self._paths[sheet])
        found: dict[tuple[int, int], str] = {}
        if b'"e"' in xml or b"'e'" in xml:
            for cell in _ERROR.finditer(xml):
                value = _VALUE.search(cell.group(2))
                found[place(cell.group(1).decode())] = value.group(1).decode() if value else "#N/A"
        if b"f>" in xml or b"f/>" in xml:
            for cell in _UNCALCULATED.finditer(xml):
                found[place(cell.group(1).decode())] = NOT_CALCULATED
        return found

    def _xml(self, path: str) -> bytes:
        if path not in self._read:
            xml = self._archive.read(path)
            if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
                xml = xml.decode("utf-16", "replace").encode()
            self._read[path] = xml
        return self._read[path]

    def _find(self) -> dict[str, str]:
        """Sheet name to the path of its XML; a sheet that is not where the workbook says makes it unreadable."""
        try:
            relations = ElementTree.fromstring(self._archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
            book = ElementTree.fromstring(self._archive.read("xl/workbook.xml"))  # noqa: S314
        except (KeyError, ElementTree.ParseError) as error:
            raise unreadable(self._name) from error
        targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
        entries = set(self._archive.namelist())
        paths: dict[str, str] = {}
        for element in book.iter():
            if not element.tag.endswith("}sheet"):
                continue
            identity = next((value for key, value in element.items() if key.endswith("}id")), None)
            target = targets.get(identity, "")
            path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            name = element.get("name", "")
            if path not in entries or name in paths:
                raise unreadable(self._name)
            paths[name] = path
        return paths

    def _far(self, sheet: str, cell: str) -> Refused:
        text = _(
            "“%(name)s”的工作表“%(sheet)s”在 %(cell)s 还有内容，超过 %(rows)s 行、%(columns)d 列的限度。"
            "请删去那里的内容，或拆成几个文件上传。"
        )
        values = {"sheet": sheet, "cell": cell, "rows": f"{MOST_ROWS:,}", "columns": MOST_COLUMNS}
        return refusal("sheet.far", text, where=self._name, why=Why.TOO_LARGE, name=self._name, **values)


def unreadable(name: str) -> Refused:
    """The package is good, the workbook in it is not."""
    text = _("“%(name)s”的工作表读不出来。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新上传。")
    return refusal("sheet.damaged", text, where=name, name=name)
