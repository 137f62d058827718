"""Office packages (ISO/IEC 29500-2, a zip of XML parts): no bomb, no macro, no way out of the folder, no DTD.

The directory of the zip is judged first. Then every entry is unpacked once, in pieces that are thrown away, because a
directory may lie about sizes and the parsers that come later believe it or ignore it.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from ..outcome import Message, Refused, Why, refusal
from ..text import _
from . import signatures
from .parts import PartReader, broken, damaged, unsafe
from .shapes import MIB, Kind, Limits

_CENTRAL = b"PK\x01\x02"
_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCAL_SIZE = 30
_RATIO_FROM = 10 * MIB
_CONTENT_TYPES = "[Content_Types].xml"
_EMBEDDINGS = ("word/embeddings/", "xl/embeddings/")
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
_MACRO_SHEETS = "xl/macrosheets/"


@dataclass(frozen=True, slots=True)
class Package:
    """What a package turned out to be."""

    kind: Kind
    warnings: tuple[Message, ...]


def check_package(data: bytes, *, name: str, limits: Limits, embedded: bool = False) -> Package:
    """The kind of the package in `data`; `Refused` for whatever is dangerous, damaged or not an Office package."""
    entries, end = _directory(data, name=name, limits=limits)
    _check_purpose(entries, name=name)
    for entry in entries:
        _check_entry(entry, name=name, limits=limits)
    if len({entry.filename for entry in entries}) < len(entries):
        raise unsafe(_("“%(name)s”内部有重名的条目，可能被改动过。请重新另存后上传。"), name=name)
    if sum(entry.file_size for entry in entries) > limits.max_unpacked:
        raise _bomb(name=name, limits=limits)
    if any(_is_macro(entry.filename.lower()) for entry in entries):
        raise refusal("file.macro", signatures.MACRO, where=name, name=name)
    content_types = ""
    warned = False
    for entry, packed in _packed(data, entries, end, name=name):
        reader = PartReader(entry, packed, name=name)
        keep = entry.filename == _CONTENT_TYPES or entry.filename.startswith(_EMBEDDINGS)
        content = reader.read(keep=keep)
        if entry.filename == _CONTENT_TYPES:
            content_types = _text(content)
        elif reader.head.startswith(signatures.ZIP):
            _check_embedded(entry, content, name=name, limits=limits, embedded=embedded)
            warned = True
        elif found := signatures.foreign(reader.head):
            if found[0] in ("file.program", "file.archive") and not _is_packed_picture(entry):
                raise unsafe(_("“%(name)s”内部夹带了程序或压缩包（%(entry)s）。请删除后上传。"), name=name, entry=entry)
            warned = warned or found[0] in ("file.old_office", "file.protected")
    warnings = (Message(_("文件中嵌入了其他文件或对象，这些内容不会被读取。")),) if warned else ()
    return Package(_kind(content_types, name=name), warnings)


def ends_like_zip(data: bytes) -> bool:
    """A zip directory closes exactly at the end of `data`, whatever stands before it."""
    at = data.rfind(_END, max(0, len(data) - _END_SIZE - 0xFFFF))
    return at >= 0 and at + _END_SIZE + int.from_bytes(data[at + 20 : at + 22], "little") == len(data)


def _directory(data: bytes, *, name: str, limits: Limits) -> tuple[list[zipfile.ZipInfo], int]:
    """The entries in the order of their bytes, and where the directory begins."""
    # Counted in the bytes, because zipfile makes an object of each entry before anyone can ask how many there are.
    if data.count(_CENTRAL) > limits.max_entries:
        text = _("“%(name)s”内部的条目超过 %(entries)d 个，可能是压缩炸弹。请重新另存后上传。")
        raise refusal("file.bomb", text, where=name, why=Why.TOO_LARGE, name=name, entries=limits.max_entries)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries, start = archive.infolist(), archive.start_dir
    except Exception as error:
        # zipfile raises many kinds of exception on hostile bytes; all mean that it cannot be read.
        raise broken(name) from error
    if not entries:
        raise broken(name)
    if data[-_END_SIZE:].startswith(_END) and min(entry.header_offset for entry in entries) == 0:
        return sorted(entries, key=lambda entry: entry.header_offset), start
    raise unsafe(_("“%(name)s”的开头或末尾夹带了别的内容。请用 Office 或 WPS 打开，重新另存后上传。"), name=name)


def _check_purpose(entries: list[zipfile.ZipInfo], *, name: str) -> None:
    names = {entry.filename for entry in entries}
    if _CONTENT_TYPES in names:
        return
    if "OFD.xml" in names:
        raise refusal("file.ofd", signatures.OFD, where=name, name=name)
    if "mimetype" in names:
        raise refusal("file.open_document", signatures.OPEN_DOCUMENT, where=name, name=name)
    raise refusal("file.archive", signatures.ARCHIVE, where=name, name=name)


def _check_entry(entry: zipfile.ZipInfo, *, name: str, limits: Limits) -> None:
    if entry.flag_bits & 0x1:
        raise refusal("file.protected", signatures.PROTECTED, where=name, name=name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise broken(name)
    path = entry.orig_filename.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or ":" in path or "\x00" in path:
        text = _("“%(name)s”内部有指向文件夹以外的条目（%(entry)s），可能是攻击文件，不能上传。")
        raise unsafe(text, name=name, entry=entry)
    if entry.file_size > max(_RATIO_FROM, entry.compress_size * limits.max_ratio):
        raise _bomb(name=name, limits=limits)


def _packed(
    data: bytes, entries: list[zipfile.ZipInfo], end: int, *, name: str
) -> Iterator[tuple[zipfile.ZipInfo, memoryview]]:
    """Each entry with its packed bytes, which overlap no other's and stand under the same name as in the directory."""
    ends = [*(entry.header_offset for entry in entries[1:]), end]
    view = memoryview(data)
    for entry, border in zip(entries, ends, strict=True):
        at = entry.header_offset
        header = data[at : at + _LOCAL_SIZE]
        if len(header) < _LOCAL_SIZE or not header.startswith(signatures.ZIP):
            raise broken(name)
        start = at + _LOCAL_SIZE
        stop = start + int.from_bytes(header[26:28], "little")
        # zipfile decodes names as the directory says; the raw bytes must be the same in both places
        encoding = "utf-8" if entry.flag_bits & 0x800 else "cp437"
        if data[start:stop] != entry.orig_filename.encode(encoding, "replace"):
            raise broken(name)
        begin = stop + int.from_bytes(header[28:30], "little")
        if begin + entry.compress_size > border:
            raise broken(name)
        yield entry, view[begin : begin + entry.compress_size]


def _check_embedded(entry: zipfile.ZipInfo, content: bytes, *, name: str, limits: Limits, embedded: bool) -> None:
    """A chart keeps its numbers in a workbook inside the document; nothing else may be nested, and that only once."""
    if embedded or not content:
        text = _("“%(name)s”内部夹带了压缩包（%(entry)s）。请删除后上传。")
        raise unsafe(text, name=name, entry=entry)
    inner = replace(limits, max_unpacked=limits.max_unpacked - min(limits.max_unpacked, len(content)))
    check_package(content, name=name, limits=inner, embedded=True)


def _kind(content_types: str, *, name: str) -> Kind:
    types = content_types.lower()
    for mark, code, text in (
        ("macroenabled", "file.macro", signatures.MACRO),
        ("vbaproject", "file.macro", signatures.MACRO),
        ("sheet.binary", "file.binary_book", signatures.BINARY_BOOK),
        ("template.main+xml", "file.template", signatures.TEMPLATE),
        ("presentation.main+xml", "file.slides", signatures.SLIDES),
    ):
        if mark in types:
            raise refusal(code, text, where=name, name=name)
    word = "wordprocessingml.document.main+xml" in types
    excel = "spreadsheetml.sheet.main+xml" in types
    if word and excel:
        raise unsafe(_("“%(name)s”既像 Word 文档又像 Excel 工作簿，可能被改动过。请重新另存后上传。"), name=name)
    if word or excel:
        return Kind.DOCX if word else Kind.XLSX
    raise damaged(name)


def _is_macro(path: str) -> bool:
    return path.endswith(_MACRO_PARTS) or path.startswith(_MACRO_SHEETS)


def _is_packed_picture(entry: zipfile.ZipInfo) -> bool:
    # Word gzips its metafiles
    return entry.filename.lower().endswith((".emz", ".wmz"))


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8", "replace")


def _bomb(*, name: str, limits: Limits) -> Refused:
    text = _(
        "“%(name)s”解压后超过限度（共 %(size)d MB、压缩比 %(ratio)d 倍），可能是压缩炸弹，不能上传。请减少内容后上传。"
    )
    values = {"size": limits.max_unpacked // MIB, "ratio": limits.max_ratio}
    return refusal("file.bomb", text, where=name, why=Why.TOO_LARGE, name=name, **values)
