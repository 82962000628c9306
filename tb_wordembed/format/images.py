"""Which images a column may hold: those that browsers show and that run nothing."""

from __future__ import annotations

import re
import struct

MOST_IMAGE_BYTES = 1 << 16
"""The largest image."""
MOST_PIXELS = 1 << 20
"""The most pixels of an image: a browser takes 4 bytes for each, and a few bytes of a
file may stand for a very large picture."""
MOST_COLUMN_BYTES = 1 << 27
"""The size of all images of a column, with 6 bytes more for each."""

_GIF_FRAME, _GIF_EXTENSION = 0x2C, 0x21


def image_type(content: bytes) -> str | None:
    """Returns the media type that the first bytes of an image say; None for bytes that
    are no PNG, JPEG, GIF or WebP."""
    return next((name for name, (start, _) in _TYPES.items() if start(content)), None)


def pixels(content: bytes) -> int | None:
    """Returns the number of pixels that an image says it has; None where it says
    nothing, or where these bytes are no PNG, JPEG, GIF or WebP."""
    try:
        width, height = _TYPES[image_type(content) or ""][1](content)
    except (KeyError, IndexError, struct.error):
        return None
    return width * height


def _png_size(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _gif_size(content: bytes) -> tuple[int, int]:
    """Returns the box around the logical screen and all frames (GIF89a, 17 to 27): a
    browser enlarges the screen for a frame that is larger."""
    width, height = struct.unpack_from("<HH", content, 6)
    at = 13 + _color_table_bytes(content[10])
    while at < len(content):
        kind, at = content[at], at + 1
        if kind == _GIF_FRAME:
            left, top, wide, high, flags = struct.unpack_from("<4HB", content, at)
            width, height = max(width, left + wide), max(height, top + high)
            # The color table of the frame, and how wide its codes are.
            at += 9 + _color_table_bytes(flags) + 1
        elif kind == _GIF_EXTENSION:
            at += 1
        else:
            break
        while at < len(content) and content[at]:
            at += 1 + content[at]
        at += 1
    return width, height


def _color_table_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Looks for the frame header (ITU T.81, B.2.2): markers C0 to CF, but for C4, C8
    and CC, which are others."""
    at = 2
    while True:
        mark, kind = content[at], content[at + 1]
        if mark != 0xFF:
            raise IndexError("no marker of a JPEG")
        if kind == 0xFF:
            at += 1
        elif 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        else:
            (length,) = struct.unpack_from(">H", content, at + 2)
            at += 2 + length


def _webp_size(content: bytes) -> tuple[int, int]:
    """Reads the first chunk: lossy, lossless or extended (RFC 9649)."""
    kind = content[12:16]
    if kind == b"VP8X":
        width, height = (
            int.from_bytes(content[start : start + 3], "little") + 1
            for start in (24, 27)
        )
        return width, height
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise IndexError("no chunk of a picture")


_TYPES = {
    "image/png": (re.compile(rb"\x89PNG\r\n\x1a\n").match, _png_size),
    "image/jpeg": (re.compile(rb"\xff\xd8\xff").match, _jpeg_size),
    "image/gif": (re.compile(rb"GIF8[79]a").match, _gif_size),
    "image/webp": (re.compile(rb"RIFF.{4}WEBP", re.DOTALL).match, _webp_size),
}
"""What the first bytes of an image match, and what finds its size."""
