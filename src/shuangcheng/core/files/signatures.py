"""What is not taken in, told by its first bytes or by its name, with the sentence that says what to do."""

from ..text import _

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

PROGRAM = _("“%(name)s”的内容是可执行程序，不能上传。")
ARCHIVE = _("“%(name)s”的内容是压缩包。请先解压，再逐个上传里面的文件。")
PICTURE = _("“%(name)s”的内容是不支持的图片格式。请转换为 JPEG 或 PNG 后上传。")
MEDIA = _("“%(name)s”的内容是音频或视频，这里只接受文档、表格和图片。")
RICH_TEXT = _("“%(name)s”的内容是 RTF 格式。请用 Word 或 WPS 打开，另存为 .docx 后上传。")
OLD_OFFICE = _("“%(name)s”是旧版 Office 或 WPS 格式。请用 Excel、Word 或 WPS 打开，另存为 .xlsx 或 .docx 后上传。")
PROTECTED = _("“%(name)s”设有打开密码，系统无法读取。请打开文件、取消密码、保存后重新上传。")
MACRO = _("“%(name)s”含有宏，不能上传。请打开文件，另存为不含宏的 .xlsx 或 .docx 后上传。")
BINARY_BOOK = _("“%(name)s”是二进制工作簿（.xlsb）。请用 Excel 打开，另存为 .xlsx 后上传。")
TEMPLATE = _("“%(name)s”是 Office 模板。请打开后另存为 .xlsx 或 .docx 再上传。")
SLIDES = _("“%(name)s”是演示文稿。请导出为 PDF 后上传。")
OFD = _("“%(name)s”是 OFD 版式文件，目前不能读取。请用阅读软件转换为 PDF 后上传。")
OPEN_DOCUMENT = _("“%(name)s”是 OpenDocument 格式。请另存为 .xlsx 或 .docx 后上传。")
SVG = _("“%(name)s”是 SVG 图片，可能含有脚本，不能上传。请导出为 PNG 后上传。")

_PREFIXES = (
    (b"\x7fELF", "file.program", PROGRAM),
    (b"\xfe\xed\xfa\xce", "file.program", PROGRAM),
    (b"\xfe\xed\xfa\xcf", "file.program", PROGRAM),
    (b"\xce\xfa\xed\xfe", "file.program", PROGRAM),
    (b"\xcf\xfa\xed\xfe", "file.program", PROGRAM),
    (b"\xca\xfe\xba\xbe", "file.program", PROGRAM),
    (b"\x00asm", "file.program", PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "file.program", PROGRAM),
    (b"#!/", "file.program", PROGRAM),
    (b"Rar!\x1a\x07", "file.archive", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", "file.archive", ARCHIVE),
    (b"\x1f\x8b\x08", "file.archive", ARCHIVE),
    (b"\xfd7zXZ\x00", "file.archive", ARCHIVE),
    (b"MSCF\x00\x00\x00\x00", "file.archive", ARCHIVE),
    (b"{\\rtf", "file.rich_text", RICH_TEXT),
    (b"GIF87a", "file.picture", PICTURE),
    (b"GIF89a", "file.picture", PICTURE),
    (b"II*\x00", "file.picture", PICTURE),
    (b"MM\x00*", "file.picture", PICTURE),
    *((b"ID3" + bytes([version]), "file.media", MEDIA) for version in (2, 3, 4)),
    (b"OggS\x00", "file.media", MEDIA),
    (b"\x1aE\xdf\xa3", "file.media", MEDIA),
)

_PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
_RIFF = (b"WEBP", b"WAVE", b"AVI ")

EXTENSIONS = {
    **dict.fromkeys([".xls", ".doc", ".wps", ".et"], ("file.old_office", OLD_OFFICE)),
    **dict.fromkeys([".xlsm", ".docm", ".xltm", ".dotm", ".xlam", ".pptm"], ("file.macro", MACRO)),
    **dict.fromkeys([".xltx", ".dotx", ".xlt", ".dot"], ("file.template", TEMPLATE)),
    **dict.fromkeys([".ppt", ".pptx", ".dps"], ("file.slides", SLIDES)),
    **dict.fromkeys([".ods", ".odt", ".odp"], ("file.open_document", OPEN_DOCUMENT)),
    **dict.fromkeys([".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz"], ("file.archive", ARCHIVE)),
    **dict.fromkeys([".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".avif"], ("file.picture", PICTURE)),
    ".xlsb": ("file.binary_book", BINARY_BOOK),
    ".ofd": ("file.ofd", OFD),
    ".rtf": ("file.rich_text", RICH_TEXT),
    ".svg": ("file.svg", SVG),
}


def foreign(data: bytes) -> tuple[str, str] | None:
    """The code and the sentence for content that is never taken in; None for what is not known by its first bytes."""
    for prefix, code, text in _PREFIXES:
        if data.startswith(prefix):
            return code, text
    if data.startswith(b"MZ") and b"\x00" in data[:64]:
        return "file.program", PROGRAM
    if data[:2] == b"\x00\x00" and data[4:8] == b"ftyp":
        return ("file.picture", PICTURE) if data[8:12] in _PICTURE_BRANDS else ("file.media", MEDIA)
    if data.startswith(b"RIFF") and data[8:12] in _RIFF:
        return ("file.picture", PICTURE) if data[8:12] == b"WEBP" else ("file.media", MEDIA)
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return "file.picture", PICTURE
    if data.startswith(OLE):
        return _compound(data)
    return None


def _compound(data: bytes) -> tuple[str, str]:
    # Names in the directory of an OLE file are UTF-16; Office puts a file with a password whole into one.
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "file.protected", PROTECTED
    return "file.old_office", OLD_OFFICE
