"""Small images, made with Pillow."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from tensorboard.compat.proto import summary_pb2
from tensorboard.util import tensor_util

from tb_wordembed.format import metadata

Color = tuple[int, int, int]

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def picture(color: Color, form: str = "PNG", side: int = 12) -> bytes:
    """A square of one color."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), color).save(out, form)
    return out.getvalue()


def color_of(content: bytes) -> Color:
    """The color in the middle of an image."""
    image = Image.open(io.BytesIO(content)).convert("RGB")
    found = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(found, tuple)
    red, green, blue = found
    return int(red), int(green), int(blue)


def images_value(table: str, column: str, values: Any) -> summary_pb2.Summary.Value:
    """A column of images, or of what a hostile writer calls images."""
    role = metadata.ColumnRole(table, column, has_images=True)
    return summary_pb2.Summary.Value(
        tag=metadata.column_tag(table, column),
        tensor=tensor_util.make_tensor_proto(values),
        metadata=metadata.summary_metadata(role),
    )
