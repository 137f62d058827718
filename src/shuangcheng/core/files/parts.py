"""One entry of a package, unpacked in pieces and looked at on the way."""

import re
import zipfile
import zlib
from collections.abc import Iterator

from ..outcome import Message, Objection, Refused, refusal
from ..text import _
from .shapes import MIB

_PIECE = MIB
_HEAD = 4096
_KNOWN_ENCODING = re.compile(rb"""encoding\s*=\s*["'](?:utf-8|utf-16|us-ascii|ascii)["']""")
_EBCDIC = b"L\x6f\xa7\x94"  # "<?xm"
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_OVERLAP = max(map(len, _DECLARATIONS))


def broken(name: str) -> Refused:
    """The zip cannot be read."""
    text = _("“%(name)s”已损坏或没有传完，无法打开。请在本机确认能打开，重新另存后上传。")
    return refusal("file.damaged", text, where=name, name=name)


def damaged(name: str) -> Refused:
    """The zip can be read, its contents cannot."""
    text = _("“%(name)s”的内容已损坏，读不出来。请用 Office 或 WPS 打开修复，重新另存后上传。")
    return refusal("file.damaged", text, where=name, name=name)


def unsafe(text: str, *, name: str, entry: zipfile.ZipInfo | None = None) -> Refused:
    """The file was made to deceive, or may have been; `entry` is named in the sentence."""
    values = {"name": name, "entry": entry.filename[:80] if entry else ""}
    return Refused(Objection("file.unsafe", Message(text, values), name))


class PartReader:
    """Reads one entry once: its size and checksum are as declared, and if it is XML it declares no entities."""

    def __init__(self, entry: zipfile.ZipInfo, packed: memoryview, *, name: str) -> None:
        self.head = b""
        self._entry = entry
        self._packed = packed
        self._name = name
        self._markup = False
        self._wide = False

    def read(self, *, keep: bool) -> bytes:
        """The content if it is to be kept, else nothing; `head` holds its beginning afterwards."""
        size = checksum = 0
        kept = []
        tail = b""
        for piece in self._pieces():
            if not size:
                self._look(piece[:_HEAD])
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if self._markup:
                tail = self._check_declarations(tail + piece)
            if keep:
                kept.append(piece)
        if size != self._entry.file_size or checksum != self._entry.CRC:
            raise broken(self._name)
        return b"".join(kept)

    def _pieces(self) -> Iterator[bytes]:
        """Unpacked pieces; one byte more than declared is enough to stop."""
        if self._entry.compress_type == zipfile.ZIP_STORED:
            for start in range(0, len(self._packed), _PIECE):
                yield bytes(self._packed[start : start + _PIECE])
            return
        unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        size = 0
        rest: bytes | memoryview = self._packed
        while not unpack.eof:
            try:
                piece = unpack.decompress(rest, _PIECE)
            except zlib.error:
                raise broken(self._name) from None
            size += len(piece)
            if size > self._entry.file_size or not (piece or unpack.eof):
                raise broken(self._name)
            rest = unpack.unconsumed_tail
            yield piece

    def _look(self, head: bytes) -> None:
        """What the beginning tells. XML in an encoding that could hide a declaration is refused."""
        self.head = head
        self._wide = head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"))
        first = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        self._markup = self._wide or not first or first.startswith(b"<")
        if first.startswith(_EBCDIC):
            raise self._hides_something()
        declaration = first[: first.find(b">")].lower()
        if first.startswith(b"<?xml") and b"encoding" in declaration and not _KNOWN_ENCODING.search(declaration):
            raise self._hides_something()

    def _check_declarations(self, window: bytes) -> bytes:
        if self._wide:
            window = window.replace(b"\x00", b"")
        if any(declaration in window for declaration in _DECLARATIONS):
            raise self._hides_something()
        return window[-_OVERLAP:]

    def _hides_something(self) -> Refused:
        text = _(
            "“%(name)s”内部的 XML（%(entry)s）含有实体声明或特殊编码，可能是攻击文件，不能上传。请重新另存后上传。"
        )
        return unsafe(text, name=self._name, entry=self._entry)
