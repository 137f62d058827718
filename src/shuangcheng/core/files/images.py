"""Width and height of PNG and JPEG, read from the header: the pixels are never unpacked."""

from ..outcome import Refused, Why, refusal
from ..text import _
from .shapes import Limits

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0–SOF15 but DHT, JPG and DAC
_MOST_SEGMENTS = 10_000  # before the frame; cameras write some dozens
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length


def check_image(data: bytes, *, name: str, limits: Limits) -> None:
    """Refuse an image whose header is damaged or whose dimensions pass `limits`."""
    size = _png_size(data) if data.startswith(PNG) else _jpeg_size(data)
    if size is None or 0 in size:
        text = _("“%(name)s”的图片数据已损坏，读不出宽和高。请重新导出图片后上传。")
        raise refusal("file.damaged", text, where=name, name=name)
    if max(size) > limits.max_side or size[0] * size[1] > limits.max_pixels:
        raise _too_many_pixels(size, name=name, limits=limits)


def _too_many_pixels(size: tuple[int, int], *, name: str, limits: Limits) -> Refused:
    text = _(
        "“%(name)s”的图片为 %(width)d×%(height)d 像素，超过限度（每边 %(side)d、共 %(pixels)d 像素）。请缩小后上传。"
    )
    values = {"width": size[0], "height": size[1], "side": limits.max_side, "pixels": limits.max_pixels}
    return refusal("file.pixels", text, where=name, why=Why.TOO_LARGE, name=name, **values)


def _png_size(data: bytes) -> tuple[int, int] | None:
    """IHDR is always the first chunk: length 13, then width and height (PNG, 11.2.2)."""
    if len(data) < 33 or data[8:16] != b"\x00\x00\x00\x0dIHDR":
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk the segments to the first frame header (ITU-T T.81, B.2.2)."""
    at = 2
    for _segment in range(_MOST_SEGMENTS):
        if at + 9 > len(data) or data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _BARE:
            at += 2
        elif marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        else:
            length = int.from_bytes(data[at + 2 : at + 4])
            if length < 2:
                return None
            at += 2 + length
    return None
