"""Finds the table in an ``.npy`` file."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import numpy as np

from tb_wordembed.errors import FileError
from tb_wordembed.snapshots.checkpoints.placed_rows import (
    Placed,
    PlacedRows,
    check_fits,
    is_table,
)

SUFFIX = ".npy"

_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
"""What reads the header of each version."""


def header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Returns shape, whether columns lie one behind the other, and dtype, as a file
    begins. Raises FileError for an unknown version."""
    read = _HEADERS.get(np.lib.format.read_magic(file))
    if read is None:
        raise FileError("has an array of an unknown version")
    return read(file)


def find(path: Path) -> list[Placed]:
    """Returns the table in a file, if its array is one. Raises FileError if its rows do
    not lie there one behind the other, or it is damaged."""
    with path.open("rb") as file:
        shape, is_fortran, dtype = header(file)
        start = file.tell()
    if not is_table(shape, dtype.name):
        return []
    if is_fortran or dtype != dtype.newbyteorder("<"):
        raise FileError(
            "has columns one behind the other, or big-endian numbers. Import it with "
            "tb-wordembed import, or save np.ascontiguousarray(table)"
        )
    found = PlacedRows("", path, start, dtype.name, shape)
    check_fits(found, path.stat().st_size)
    return [found]
