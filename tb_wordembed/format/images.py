"""Which images a column may hold: those that browsers show and that run nothing."""

from __future__ import annotations

import re

MOST_IMAGE_BYTES = 1 << 16
"""The largest image."""
MOST_COLUMN_BYTES = 1 << 27
"""The size of all images of a column, with 6 bytes more for each."""

_TYPES = (
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
    ("image/webp", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
)


def image_type(content: bytes) -> str | None:
    """Returns the media type that the first bytes of an image say; None for bytes that
    are no PNG, JPEG, GIF or WebP."""
    return next((name for name, start in _TYPES if start.match(content)), None)
