"""Finds the table in an ``.npy`` file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tb_wordembed.errors import FileError
from tb_wordembed.snapshots.checkpoints.placed_rows import (
    Placed,
    check_fits,
    is_table,
    whole,
)

SUFFIX = ".npy"

HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
"""What reads the header of each version."""


def find(path: Path) -> list[Placed]:
    """Returns the table in a file, if its array is one.

    Raises:
      FileError: its rows do not lie there one behind the other, or it is damaged.
    """
    with path.open("rb") as file:
        read = HEADERS.get(np.lib.format.read_magic(file))
        if read is None:
            raise FileError("is of an unknown version")
        shape, is_fortran, dtype = read(file)
        start = file.tell()
    if not is_table(shape, dtype.name):
        return []
    if is_fortran or dtype != dtype.newbyteorder("<"):
        raise FileError(
            "has columns one behind the other, or big-endian numbers. Import it with "
            "tb-wordembed import, or save np.ascontiguousarray(table)"
        )
    found = whole("", path, start, dtype.name, shape)
    check_fits(found, path.stat().st_size)
    return [found]
