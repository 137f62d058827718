"""Bytes to text: UTF-8, UTF-16 with a mark, GB18030; anything else is refused, nothing is replaced."""

import codecs
import re

from ..outcome import Message, Refused, refusal
from ..text import _

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_SAMPLE = 20_000  # characters
_LONGEST = 4  # bytes of a character in GB18030
_ENOUGH = 20  # characters outside ASCII, for a guess about them to mean anything


def decode_text(data: bytes, *, where: str = "") -> tuple[str, tuple[Message, ...]]:
    """The text of `data` and what to warn of. Refused: binary content, damaged text, a foreign encoding."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding=encoding, where=where), ()
    try:
        return _without_controls(data.decode("utf-8"), where=where), ()
    except UnicodeDecodeError as error:
        if _mostly_utf8(data):
            raise _damaged(data, at=error.start, where=where) from None
    try:
        text = _without_controls(data.decode("gb18030"), where=where)
    except UnicodeDecodeError as error:
        if error.start >= max(1, len(data) - _LONGEST):
            raise _damaged(data, at=error.start, where=where) from None
        raise _unknown_encoding(where) from None
    if not _reads_as_chinese(text[:_SAMPLE]):
        raise _unknown_encoding(where)
    return text, (Message(_("文件不是 UTF-8 编码，已按 GB18030 读取。如有乱码，请另存为 UTF-8 后重新上传。")),)


def _decode_marked(data: bytes, *, encoding: str, where: str) -> str:
    try:
        return _without_controls(data.decode(encoding), where=where)
    except UnicodeDecodeError as error:
        raise _damaged(data, at=error.start, where=where) from None


def _without_controls(text: str, *, where: str) -> str:
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        message = _("文件不是文本文件：第 %(line)d 行含有文本中不应有的字节。请确认文件类型，文本请存为 UTF-8。")
        raise refusal("file.binary", message, where=where, line=line)
    return text


def _mostly_utf8(data: bytes) -> bool:
    """Four in five characters outside ASCII are good UTF-8: GB18030 text never comes near that."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return good >= 4 * bad


def _reads_as_chinese(sample: str) -> bool:
    """Nearly all characters are of the simplified or traditional sets in daily use; Big5 read as GB18030 is not."""
    foreign = [character for character in sample if not character.isascii()]
    if len(foreign) < _ENOUGH:
        return True
    known = sum(1 for character in foreign if _encodes(character, "gb2312") or _encodes(character, "big5"))
    return known >= 0.85 * len(foreign)


def _encodes(character: str, encoding: str) -> bool:
    return bool(character.encode(encoding, "ignore"))


def _damaged(data: bytes, *, at: int, where: str) -> Refused:
    message = _("文件在第 %(line)d 行有残缺的字符，可能没有传完或被截断。请重新导出为 UTF-8 文本后上传。")
    return refusal("file.damaged", message, where=where, line=data.count(b"\n", 0, at) + 1)


def _unknown_encoding(where: str) -> Refused:
    message = _("认不出文件的文字编码（不是 UTF-8、带标记的 UTF-16 或 GB18030）。请另存为 UTF-8 后重新上传。")
    return refusal("file.encoding", message, where=where)
