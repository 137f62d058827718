"""Real files, good and bad, made for the tests of `core.files`."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import docx
import xlsxwriter

CONTENT_TYPES = "[Content_Types].xml"


def docx_file() -> bytes:
    """A heading, a paragraph, a table and a last paragraph."""
    document = docx.Document()
    document.add_heading("通知")
    document.add_paragraph("第一段")
    table = document.add_table(2, 2)
    for place, text in ((0, "甲"), (1, "乙"), (2, "丙"), (3, "丁")):
        table.cell(place // 2, place % 2).text = text
    document.add_paragraph("最后一段")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def xlsx_file() -> bytes:
    """One sheet with two cells."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["学校标识码", "学校名称"])
    return buffer.getvalue()


def repacked(
    data: bytes, *, change: dict[str, bytes | Callable[[bytes], bytes]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """The package with parts replaced, added, or altered by a function."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, bytes] = {name: archive.read(name) for name in archive.namelist()}
    for name, new in change.items():
        parts[name] = new if isinstance(new, bytes) else new(parts[name])
    return packed(parts, method=method)


def packed(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def lying_about_size(data: bytes, *, part: str, size: int, content: bytes) -> bytes:
    """The zip whose headers say that `part` has `size` bytes, with the checksum of as many, while it holds more."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(part)
    true = struct.pack("<LLL", info.CRC, info.compress_size, info.file_size)
    false = struct.pack("<LLL", zlib.crc32(content[:size]), info.compress_size, size)
    assert data.count(true) == 2
    return data.replace(true, false)


def quoting_zip(types: bytes) -> bytes:
    """A zip in which the second entry lies inside the bytes of the first."""
    inner = packed({"b": b"hello"}, method=zipfile.ZIP_STORED)
    border = inner.find(b"PK\x01\x02")
    outer = packed({CONTENT_TYPES: types, "a": b"x" + inner[:border]}, method=zipfile.ZIP_STORED)
    start, end = outer.find(b"PK\x01\x02"), outer.find(b"PK\x05\x06")
    entry = bytearray(inner[border : inner.find(b"PK\x05\x06")])
    entry[42:46] = struct.pack("<L", outer.find(b"xPK\x03\x04") + 1)
    directory = outer[start:end] + entry
    return outer[:start] + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(directory), start, 0)


def encrypted_zip(data: bytes) -> bytes:
    """The zip with the encryption bit set in its directory."""
    altered = bytearray(data)
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        altered[at + 8] |= 1
        at += 4
    return bytes(altered)


def compound(*streams: str) -> bytes:
    """The beginning of an OLE file and a directory with these streams."""
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in ("Root Entry", *streams))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + directory


def pdf_file(*pages: str | None, trailer: bytes = b"") -> bytes:
    """A PDF with a page for each: Latin text, "" for a blank page, None for a page that is only a picture."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for page in pages:
        number = len(objects) + 1
        kids.append(f"{number} 0 R".encode())
        content = b"0 0 200 200 re f" if page is None else b"BT /F 12 Tf 20 100 Td (%b) Tj ET" % page.encode()
        stream = b"" if page == "" else content
        head = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
        objects += [head % (number + 1), b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream)]
    objects[1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(kids))
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%b endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n"
    xref = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    return out + xref + end % (len(objects) + 1, trailer, len(out))


# The keys fit no password, so the empty one does not open it either.
PDF_PASSWORD = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -1/O<%b>/U<%b>>>" % (b"41" * 32, b"42" * 32)


def png_file(*, width: int = 3, height: int = 2) -> bytes:
    """A PNG header of that size with one small chunk of pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))

    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg_file(*, width: int = 3, height: int = 2) -> bytes:
    """A JPEG with a comment, a fill byte and a frame header of that size."""
    comment = b"\xff\xfe\x00\x06abcd"
    frame = b"\xff\xff\xc2" + struct.pack(">HBHHB", 8 + 3, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + comment + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + bytes(40) + b"\xff\xd9"
