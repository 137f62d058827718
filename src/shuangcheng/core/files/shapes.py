"""The kinds of file that are taken in, the limits they keep, and what is found out about them."""

from dataclasses import dataclass
from enum import StrEnum

from ..outcome import Message
from ..text import _

MIB = 1024 * 1024


class Kind(StrEnum):
    """The kinds of file that are taken in."""

    XLSX = "xlsx"
    CSV = "csv"
    TXT = "txt"
    MD = "md"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"


TEXTS = frozenset({Kind.CSV, Kind.TXT, Kind.MD, Kind.HTML})

EXTENSIONS = {
    ".xlsx": Kind.XLSX,
    ".csv": Kind.CSV,
    ".txt": Kind.TXT,
    ".md": Kind.MD,
    ".markdown": Kind.MD,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".docx": Kind.DOCX,
    ".pdf": Kind.PDF,
    ".png": Kind.PNG,
    ".jpg": Kind.JPEG,
    ".jpeg": Kind.JPEG,
}

MEDIA_TYPES = {
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.CSV: "text/csv",
    Kind.TXT: "text/plain",
    Kind.MD: "text/markdown",
    Kind.HTML: "text/html",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.PDF: "application/pdf",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
}

TITLES = {
    Kind.XLSX: Message(_("Excel 工作簿（.xlsx）")),
    Kind.CSV: Message(_("CSV 表格（.csv）")),
    Kind.TXT: Message(_("纯文本（.txt）")),
    Kind.MD: Message(_("Markdown 文本（.md）")),
    Kind.HTML: Message(_("网页（.html）")),
    Kind.DOCX: Message(_("Word 文档（.docx）")),
    Kind.PDF: Message(_("PDF 文档（.pdf）")),
    Kind.PNG: Message(_("PNG 图片（.png）")),
    Kind.JPEG: Message(_("JPEG 图片（.jpg）")),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How big a file may be, outside and inside.

    Bytes: `max_bytes` as uploaded, `max_unpacked` after unpacking. `max_entries` and `max_ratio` (unpacked to packed,
    of an entry over 10 MiB) are of the packed kinds; `max_side` and `max_pixels` of images; `max_pages` of PDF;
    `max_text` counts characters of extracted text.
    """

    max_bytes: int = 50 * MIB
    max_unpacked: int = 200 * MIB
    max_entries: int = 5_000
    max_ratio: int = 100
    max_side: int = 20_000
    max_pixels: int = 50_000_000
    max_pages: int = 2_000
    max_text: int = 5_000_000


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be handed to a parser: `inspect` is the only maker."""

    name: str
    kind: Kind
    media_type: str
    sha256: str
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file. `pages` are the pages of a PDF, in order; other kinds have one."""

    text: str
    pages: tuple[str, ...]
    warnings: tuple[Message, ...] = ()
