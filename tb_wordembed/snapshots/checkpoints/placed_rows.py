"""Places of rows of tables in files of other programs, and which files are read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tb_wordembed.errors import FileError, quoted
from tb_wordembed.format.metadata import ITEM_BYTES, Part

_EMBEDDING = re.compile(r"embed|\bw[tp]e\b|lookup", re.IGNORECASE)
_OF_OPTIMIZER = re.compile(r"optim|exp_avg|momentum|adam", re.IGNORECASE)


@dataclass(frozen=True)
class PlacedRows:
    """Consecutive rows of a table that lie in a file as they are: little-endian, one
    behind the other; or that a library unpacks so.

    Attributes:
      key: the name of the table; empty if a file of this kind has one.
      start: the offset of the first row in the file, in bytes.
      part: which rows of the table they are; None for all.
      checksum: the masked CRC32C of the bytes; None if none was written.
      packed: the name of a table that a library unpacks; the offset is in its bytes.
      tokens: the name of a column of the file that has the token of each row, if any.
    """

    key: str
    path: Path
    start: int
    dtype: str
    shape: tuple[int, ...]
    part: Part | None = None
    checksum: int | None = None
    packed: str | None = None
    tokens: str | None = None

    @property
    def vocab_size(self) -> int:
        """The number of rows of the table."""
        return self.part.vocab_size if self.part else self.shape[0]

    @property
    def length(self) -> int:
        """The number of bytes."""
        return math.prod(self.shape) * ITEM_BYTES[self.dtype]


@dataclass(frozen=True)
class Misplaced:
    """A table whose rows can't be read in place, and why, to follow the name of its
    file."""

    key: str
    why: str


Placed = PlacedRows | Misplaced


def placed_or_not(key: str, place: Callable[[], Iterable[PlacedRows]]) -> list[Placed]:
    """Returns the rows of a table as a function finds them."""
    try:
        return [*place()]
    except FileError as error:
        return [Misplaced(key, str(error))]


def is_table(shape: tuple[int | None, ...], dtype: str) -> bool:
    """Returns whether an array may be a table."""
    return len(shape) == 2 and 0 not in shape and dtype in ITEM_BYTES


def check_fits(rows: PlacedRows, size: int) -> None:
    """Raises FileError if rows reach beyond the end of their file."""
    stop = rows.start + rows.length
    if rows.start < 0 or stop > size:
        raise FileError(
            f"ends at byte {size:,}, before byte {stop:,}, where {quoted(rows.key)} "
            "does: it is damaged or cut short"
        )


def own_tables(keys: Iterable[str]) -> list[str]:
    """Returns the names of tables that are not the state of an optimizer."""
    return [one for one in keys if not _OF_OPTIMIZER.search(one)]


def called_embeddings(keys: Iterable[str]) -> list[str]:
    """Returns the names that say that a table is an embedding."""
    return [one for one in keys if _EMBEDDING.search(one)]
