"""The gate before every parser: name, size and content must agree, and the content must be harmless to open."""

import hashlib
import re
import unicodedata
from dataclasses import replace
from pathlib import PurePosixPath

from ..outcome import Message, Refused, Why, refusal
from ..text import _
from . import images, signatures
from .decoding import decode_text
from .packages import check_package, ends_like_zip
from .shapes import EXTENSIONS, MEDIA_TYPES, MIB, TEXTS, TITLES, Inspected, Kind, Limits

_PDF = re.compile(rb"%PDF-\d")
_SCRIPT = re.compile(rb"<script|<\?php |<html[ >]", re.IGNORECASE)
_START = re.compile(r"\s*<(?:\?xml|!doctype|!--|html|svg|head|body)\b|\s*<!--", re.IGNORECASE)
_ROOT = re.compile(r"<([a-zA-Z][\w:]*)")
_TAG = re.compile(r"<[a-zA-Z!?]")
_LONGEST_NAME = 255


def check_size(*, name: str, size: int, limits: Limits) -> None:
    """Refuse an empty or too big file by its size alone, so that doors need not read it."""
    if size == 0:
        text = _("“%(name)s”是空文件。请确认内容已保存，再重新上传。")
        raise refusal("file.empty", text, where=name, name=name)
    if size > limits.max_bytes:
        text = _("“%(name)s”有 %(size).1f MB，超过 %(limit).1f MB 的上限。请拆分或压缩图片后上传。")
        values = {"size": size / MIB, "limit": limits.max_bytes / MIB}
        raise refusal("file.size", text, where=name, why=Why.TOO_LARGE, name=name, **values)


def inspect(*, name: str, data: bytes, limits: Limits) -> Inspected:
    """What `data` is. Refused unless it is one of our kinds, is what `name` says, and is safe to parse."""
    _check_name(name)
    check_size(name=name, size=len(data), limits=limits)
    extension = PurePosixPath(name).suffix.lower()
    if found := signatures.foreign(data):
        raise refusal(found[0], found[1], where=name, name=name)
    kind = _binary_kind(data)
    warnings: tuple[Message, ...] = ()
    if kind is Kind.XLSX:
        package = check_package(data, name=name, limits=limits)
        kind, warnings = package.kind, package.warnings
    expected = _expected(extension, name=name)
    if kind is None:
        kind, warnings = _text_kind(data, name=name, expected=expected)
    if kind is not expected:
        raise _disagree(name, expected=expected, found=TITLES[kind])
    if kind in (Kind.PNG, Kind.JPEG):
        images.check_image(data, name=name, limits=limits)
    _check_single_face(data, kind=kind, name=name)
    return Inspected(name, kind, MEDIA_TYPES[kind], hashlib.sha256(data).hexdigest(), warnings)


def _check_name(name: str) -> None:
    clean = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    if clean != name or not name.strip():
        text = _("文件名“%(name)s”含有看不见的控制字符，可能掩盖真实的类型。请改名后上传。")
        raise refusal("file.name", text, where=clean, name=clean)
    if len(name) > _LONGEST_NAME or "/" in name or "\\" in name:
        text = _("文件名“%(name)s”过长或含有斜线。请改名后上传。")
        raise refusal("file.name", text, where=name[:80], name=name[:80])


def _expected(extension: str, *, name: str) -> Kind:
    if kind := EXTENSIONS.get(extension):
        return kind
    if found := signatures.EXTENSIONS.get(extension):
        raise refusal(found[0], found[1], where=name, name=name)
    text = _("不接受“%(name)s”这种文件。可以上传 xlsx、csv、txt、md、html、docx、pdf、png、jpg。")
    raise refusal("file.kind", text, where=name, name=name)


def _binary_kind(data: bytes) -> Kind | None:
    """The kind by first bytes; XLSX stands for any zip until it has been opened."""
    if data.startswith((signatures.ZIP, b"PK\x05\x06")):
        return Kind.XLSX
    if _PDF.match(data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()):
        return Kind.PDF
    if data.startswith(images.PNG):
        return Kind.PNG
    return Kind.JPEG if data.startswith(images.JPEG) else None


def _text_kind(data: bytes, *, name: str, expected: Kind) -> tuple[Kind, tuple[Message, ...]]:
    """The expected kind, if the content is text that can be it."""
    try:
        text, warnings = decode_text(data, where=name)
    except Refused as refused:
        if expected in TEXTS:
            raise Refused(*(replace(objection, where=name) for objection in refused.objections)) from None
        raise _disagree(name, expected=expected, found=Message(_("不明数据"))) from None
    root = _root(text)
    if root == "svg":
        raise refusal("file.svg", signatures.SVG, where=name, name=name)
    if expected not in TEXTS:
        raise _disagree(name, expected=expected, found=TITLES[Kind.HTML] if root == "html" else Message(_("纯文本")))
    if expected is Kind.HTML and not _TAG.search(text):
        raise _disagree(name, expected=expected, found=Message(_("纯文本")))
    if expected is not Kind.HTML and root == "html":
        raise _disagree(name, expected=expected, found=TITLES[Kind.HTML])
    return expected, warnings


def _root(text: str) -> str | None:
    """The root element of a text that begins like markup, without its prefix."""
    head = text[:8192]
    if not _START.match(head):
        return None
    # Comments are cut away by hand: they may hold tags, and a pattern for them can be made to run long.
    while (begin := head.find("<!--")) >= 0:
        end = head.find("-->", begin)
        head = head[:begin] + (head[end + 3 :] if end >= 0 else "")
    root = _ROOT.search(head)
    return root.group(1).lower().rpartition(":")[2] if root else None


def _check_single_face(data: bytes, *, kind: Kind, name: str) -> None:
    """A file that another program would take for another kind is refused, whatever it is to us."""
    packed = kind in (Kind.XLSX, Kind.DOCX)
    two_faced = (
        (not packed and ends_like_zip(data))
        or (kind is not Kind.PDF and kind not in TEXTS and b"%PDF-" in data[:1024])
        or (kind in (Kind.PNG, Kind.JPEG) and _SCRIPT.search(data) is not None)
    )
    if two_faced:
        text = _("“%(name)s”里夹带了另一种文件的内容，可能是攻击文件，不能上传。请重新导出后上传。")
        raise refusal("file.unsafe", text, where=name, name=name)


def _disagree(name: str, *, expected: Kind, found: Message) -> Refused:
    text = _("“%(name)s”的扩展名表示“%(expected)s”，内容却是“%(found)s”。请用正确的格式另存后上传，不要只改扩展名。")
    return refusal("file.disagrees", text, where=name, name=name, expected=TITLES[expected], found=found)
