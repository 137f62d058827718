"""The text of a PDF, page by page, with PDFium."""

import threading

import pypdfium2
from pypdfium2 import raw

from ..outcome import Message, Why, refusal
from ..text import _
from .shapes import Limits
from .signatures import PROTECTED

# PDFium is not safe to use from two threads at once.
_PDFIUM = threading.Lock()

_PASSWORD = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
# What scanning programs on telephones stamp on pages that are pictures
_STAMPS = ("扫描全能王", "CamScanner", "创建")
_NAMED_PAGES = 20


def pdf_text(data: bytes, *, name: str, limits: Limits) -> tuple[tuple[str, ...], tuple[Message, ...]]:
    """The text of each page, and a warning that names pages which are pictures. Refused if all of them are."""
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if error.err_code in _PASSWORD:
                raise refusal("file.protected", PROTECTED, where=name, name=name) from None
            raise refusal("file.damaged", _DAMAGED, where=name, name=name) from None
        try:
            pages, pictures = _read(document, name=name, limits=limits)
        except pypdfium2.PdfiumError:
            raise refusal("file.damaged", _DAMAGED, where=name, name=name) from None
        finally:
            document.close()
    if pictures and not any(_says_something(page) for page in pages):
        raise refusal("file.scan", _SCAN, where=name, name=name, pages=len(pages))
    if not pictures:
        return pages, ()
    listed = "、".join(map(str, pictures[:_NAMED_PAGES]))
    text = _("第 %(pages)s 页是图片，没有可读取的文字（共 %(count)d 页如此）。如需这些内容，请先做文字识别（OCR）。")
    return pages, (Message(text, {"pages": listed, "count": len(pictures)}),)


_DAMAGED = _("“%(name)s”已损坏或没有传完，无法打开。请在本机确认能打开，重新导出 PDF 后上传。")
_SCAN = _(
    "“%(name)s”是扫描件，%(pages)d 页都没有可读取的文字。请上传由 Word 或 WPS 导出的 PDF，或先做文字识别（OCR）。"
)


def _read(document: pypdfium2.PdfDocument, *, name: str, limits: Limits) -> tuple[tuple[str, ...], list[int]]:
    """The pages' texts, and the numbers (from 1) of the pages that show something but say nothing."""
    if len(document) > limits.max_pages:
        text = _("“%(name)s”有 %(pages)d 页，超过 %(limit)d 页的上限。请拆分后上传。")
        values = {"pages": len(document), "limit": limits.max_pages}
        raise refusal("file.pages", text, where=name, why=Why.TOO_LARGE, name=name, **values)
    pages: list[str] = []
    pictures: list[int] = []
    size = 0
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        # U+FFFE is PDFium's mark for a hyphen that it has put where a word was broken
        text = text_page.get_text_bounded().replace("\r\n", "\n").replace("\ufffe", "").replace("\x00", "")
        if not _says_something(text) and raw.FPDFPage_CountObjects(page):
            pictures.append(number + 1)
        text_page.close()
        page.close()
        pages.append(text)
        size += len(text)
        if size > limits.max_text:
            break
    return tuple(pages), pictures


def _says_something(text: str) -> bool:
    for stamp in _STAMPS:
        text = text.replace(stamp, "")
    return bool(text.strip())
