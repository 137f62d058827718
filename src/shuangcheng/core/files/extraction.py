"""The text of a file that has passed inspection."""

import hashlib
import re

from ..outcome import Message, Refused, Why, refusal
from ..text import _
from .decoding import decode_text
from .docx_text import docx_text
from .html_text import html_text, is_markup
from .pdf_text import pdf_text
from .shapes import TITLES, Extracted, Inspected, Kind, Limits

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n.*?\n---[ \t]*\n", re.DOTALL)


def extract_text(*, inspected: Inspected, data: bytes, limits: Limits | None = None) -> Extracted:
    """The text of `data`. Refused: a scan, a protected or damaged file, too much text, a kind that is not read as text.

    ValueError if `data` is not what was inspected.
    """
    if hashlib.sha256(data).hexdigest() != inspected.sha256:
        raise ValueError(f"{inspected.name}: these are not the bytes that were inspected")
    limits = limits or Limits()
    name = inspected.name
    match inspected.kind:
        case Kind.PDF:
            pages, warnings = pdf_text(data, name=name, limits=limits)
        case Kind.DOCX:
            pages, warnings = docx_text(data, name=name)
        case Kind.HTML:
            text, warnings = decode_text(data, where=name)
            if len(text) > limits.max_text:
                sentence = _("“%(name)s”的网页源码超过 %(limit)d 个字符。请去掉内嵌的图片或拆分后上传。")
                raise refusal("file.text", sentence, where=name, why=Why.TOO_LARGE, name=name, limit=limits.max_text)
            pages = (html_text(text),)
        case Kind.TXT | Kind.MD | Kind.CSV:
            text, warnings = decode_text(data, where=name)
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            pages = (_without_markup(text) if inspected.kind is not Kind.CSV else text,)
        case Kind.XLSX | Kind.PNG | Kind.JPEG:
            sentence = _("“%(name)s”是%(kind)s，不能当作文章读取。请上传 docx、pdf、html、md 或 txt。")
            raise refusal("file.no_text", sentence, where=name, name=name, kind=TITLES[inspected.kind])
    return _extracted(pages, warnings, name=name, limits=limits)


def _without_markup(text: str) -> str:
    """A page that was saved as text is read as a page; what a program wrote in front of it stays."""
    if not is_markup(text):
        return text
    front = _FRONT_MATTER.match(text)
    begin = front.end() if front else 0
    return text[:begin] + html_text(text[begin:])


def _extracted(pages: tuple[str, ...], warnings: tuple[Message, ...], *, name: str, limits: Limits) -> Extracted:
    text = "\n".join(pages)
    if len(text) > limits.max_text:
        raise _too_long(name, limits=limits)
    if not text.strip():
        sentence = _("“%(name)s”里没有文字。如果内容是图片，请先做文字识别（OCR），再上传带文字的文件。")
        raise refusal("file.no_text", sentence, where=name, name=name)
    return Extracted(text, pages, warnings)


def _too_long(name: str, *, limits: Limits) -> Refused:
    sentence = _("“%(name)s”的文字超过 %(limit)d 字。请拆分后上传。")
    return refusal("file.text", sentence, where=name, why=Why.TOO_LARGE, name=name, limit=limits.max_text)
