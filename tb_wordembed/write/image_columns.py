"""Images as the values of a column: their bytes, or the paths of their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tb_wordembed.format.images import (
    MOST_COLUMN_BYTES,
    MOST_IMAGE_BYTES,
    MOST_PIXELS,
    image_type,
    pixels,
)
from tb_wordembed.write.valid_text import is_missing

_ACCEPTED = (
    f"a PNG, JPEG, GIF or WebP of at most {MOST_IMAGE_BYTES:,} bytes and "
    f"{MOST_PIXELS:,} pixels"
)


def are_images(values: Sequence[Any]) -> bool:
    """Returns whether all values are paths, or bytes that begin as an image does, but
    for rows without one."""
    if not any(issubclass(kind, (bytes, Path)) for kind in set(map(type, values))):
        return False
    given = [one for one in values if not _is_none(one)]
    return given != [] and all(
        isinstance(one, Path)
        or (isinstance(one, bytes) and image_type(one) is not None)
        for one in given
    )


def read_images(what: str, values: Sequence[Any]) -> tuple[bytes, ...]:
    """Returns the bytes of values that ``are_images``, none for a row without one.

    Raises:
      ValueError: a file can't be read or is no image, or an image or all of them
        together are too large.
    """
    images, size = [], 0
    for row, value in enumerate(values):
        image = b"" if _is_none(value) else _read(f"{what}: entry {row}", value)
        size += len(image)
        if size > MOST_COLUMN_BYTES - 6 * len(values):
            raise ValueError(
                f"{what}: the images of the first {row + 1:,} of {len(values):,} rows "
                f"take {size:,} bytes; a column holds {MOST_COLUMN_BYTES:,} at most, "
                "with 6 for each row. Pass smaller ones, or None for some rows"
            )
        images.append(image)
    return tuple(images)


def _is_none(value: Any) -> bool:
    return is_missing(value) or (isinstance(value, bytes) and not value)


def _read(what: str, value: bytes | Path) -> bytes:
    image = value
    if isinstance(value, Path):
        what = f"{what}, {str(value)!r},"
        try:
            with value.open("rb") as file:
                image = file.read(MOST_IMAGE_BYTES + 1)
        except (OSError, ValueError) as error:
            raise ValueError(
                f"{what} can't be read: {error}; pass the path of {_ACCEPTED}"
            ) from error
    assert isinstance(image, bytes)
    if isinstance(value, Path) and image_type(image) is None:
        raise ValueError(f"{what} is no image that is shown; pass {_ACCEPTED}")
    if len(image) > MOST_IMAGE_BYTES:
        raise ValueError(f"{what} is too large; pass a thumbnail: {_ACCEPTED}")
    if (found := pixels(image)) is None or found > MOST_PIXELS:
        has = "does not say its size" if found is None else f"has {found:,} pixels"
        raise ValueError(f"{what} {has}; pass a thumbnail: {_ACCEPTED}")
    return bytes(image)
