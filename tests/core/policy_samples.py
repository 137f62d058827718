"""Policy documents in the genre, written for the tests, and what a careful reader finds in them."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from shuangcheng.core.policy import Document, Target, read

VECTORS = Path(__file__).parents[1] / "vectors" / "policy"
WANTED = sorted((VECTORS / "documents").glob("*.json"))


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def text_of(wanted: Path) -> str:
    source = next(path for path in wanted.parent.glob(f"{wanted.stem}.*") if path.suffix != ".json")
    return source.read_text(encoding="utf-8")


def task(text: str, *, year: int = 2021) -> Document:
    """A short official document with `text` under its only task."""
    return read(
        f"某市人民政府关于加快发展的实施意见\n某政发〔{year}〕8号\n各区县人民政府：\n"
        f"一、重点任务\n（一）加快发展\n{text}\n某市人民政府\n{year}年3月1日\n"
    )[0]


def told(target: Target) -> str:
    """A target in one line: 5~8 条 range 2025."""
    upper = f"~{_plain(target.value_max)}" if target.value_max is not None else ""
    return f"{_plain(target.value)}{upper} {target.unit} {target.comparator} {target.deadline or 'null'}"


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def summary(document: Document) -> dict[str, Any]:
    """A document in the form of the vectors."""
    return {
        "title": document.title,
        "issuers": list(document.issuers),
        "doc_number": document.doc_number,
        "date_issued": document.date_issued.isoformat() if document.date_issued else None,
        "sections": [f"{section.level} {section.number} {section.title}" for section in document.sections],
        "targets": [told(target) for target in document.targets],
        "bodies": [f"{body.role} {body.name}" for body in document.bodies],
    }


def wrapped(
    text: str, *, columns: int, indent: bool, blank: bool, header: str, footer: str, glued: bool = False
) -> str:
    """The text as a program prints it on pages of 24 lines and another reads it back."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        rest = paragraph.strip(" \u3000\t")
        rest = f"　　{rest}" if indent and len(rest) > 20 else rest
        while rest:
            width = place = 0
            while place < len(rest) and width < columns:
                width += 1 if rest[place].isascii() else 2
                place += 1
            place += place < len(rest) and rest[place] in "，。、；：）》”"
            lines.append(rest[:place])
            rest = rest[place:]
    printed: list[str] = []
    for number, line in enumerate(lines):
        page, first = divmod(number, 24)
        if page and not first and not glued:
            printed += [footer.format(page), header]
        printed.append(f"{page}{line.strip()}" if page and not first and glued else line)
        printed += [""] if blank else []
    return "\n".join(printed)
