"""``Found``: an array in a file, which is read when it is needed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from tb_wordembed.errors import FileError

Report = Callable[[float], None]
"""Is called with the share of a file that has been read, 0 to 1."""

MOST_PACKED = 1100
"""How many bytes one byte of compressed data becomes at most: 1,032 in deflate."""


class Content(NamedTuple):
    """What was read: the numbers of a table, as ``as_table`` takes them; its tokens in
    any form that ``tb_wordembed.write.tokens.read`` takes, or None; and what may be its
    tokens, and why it was not read."""

    numbers: Any
    tokens: Any = None
    unread: str = ""


@dataclass(frozen=True)
class Found:
    """An array in a file, whose numbers have not been read yet.

    Attributes:
      key: its name in the file; empty if a file of this kind has one table.
      shape: its sizes; None for one that only the numbers tell.
      dtype: as NumPy or the file calls it.
      step: the step that the file says that it is of, if it says one.
      problem: what is wrong with it, where it can't be read.
    """

    key: str
    shape: tuple[int | None, ...]
    dtype: str
    read: Callable[[Report], Content]
    step: int | None = None
    problem: str = ""

    def __str__(self) -> str:
        sizes = ", ".join("?" if one is None else str(one) for one in self.shape)
        return f"{self.key!r} [{sizes}] {self.dtype}"


def check_stored(shape: tuple[int, ...], itemsize: int, stored: int) -> None:
    """Raises FileError if an array is said to be larger than the bytes it is in."""
    size = math.prod(shape) * itemsize
    if size > stored:
        raise FileError(
            f"says that it holds an array of shape {list(shape)}, which is {size:,} "
            f"bytes, but has only {stored:,} for it: it is damaged or cut short"
        )
