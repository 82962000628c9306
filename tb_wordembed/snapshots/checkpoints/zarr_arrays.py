"""Finds the tables in zarr arrays and groups, and unpacks their rows."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.errors import FileError
from tb_wordembed.snapshots.checkpoints.placed_rows import (
    Placed,
    PlacedRows,
    is_table,
    placed_or_not,
)
from tb_wordembed.snapshots.checkpoints.unpacked import UnpackedRows, package
from tb_wordembed.snapshots.local_files import array_files

METADATA = ("zarr.json", ".zgroup", ".zarray")
"""The file that a directory of zarr has, an array or a group."""

_MOST_CHUNK_BYTES = 1 << 30
"""A chunk is unpacked whole."""


def arrays_of(root: Path) -> Iterator[tuple[str, Path, tuple[int, ...]]]:
    """Yields the name of each array in a group, the file with its metadata, and its
    shape; of an array itself, these without a name."""
    for folder, folders, names in os.walk(root):
        path = Path(folder)
        folders.sort()
        for name in {".zarray", "zarr.json"}.intersection(names):
            said = json.loads((path / name).read_bytes())
            if name == ".zarray" or said.get("node_type") == "array":
                folders.clear()
                key = path.relative_to(root).as_posix().removeprefix(".")
                yield key, path / name, tuple(said.get("shape", ()))
                break


def opened(folder: Path) -> Any:
    """Opens an array. Raises FileError if it can't be read, or holds pickles."""
    zarr = package("zarr", "a zarr array")
    try:
        _refuse_pickles(folder / ".zarray")
        return zarr.open_array(str(folder), mode="r")
    except FileError:
        raise
    except Exception as error:
        # Its errors are of many types.
        raise FileError(f"has {folder.name!r}; zarr can't open it: {error}") from error


def check_chunks(array: Any, folder: Path) -> None:
    """Raises FileError if chunks of a table are too large, or are not there."""
    shape, dtype = array.shape, array.dtype
    if not is_table(shape, dtype.name):
        return
    stored = getattr(array, "shards", None) or array.chunks
    size = math.prod(array.chunks) * dtype.itemsize
    if size > _MOST_CHUNK_BYTES:
        raise FileError(
            f"has chunks of {size:,} bytes in {folder.name!r}, and one is unpacked "
            f"whole: at most {_MOST_CHUNK_BYTES:,}. Write it with smaller chunks"
        )
    chunks = math.prod(-(-of // one) for of, one in zip(shape, stored, strict=True))
    there = sum(one.name[-1].isdigit() for one in array_files(folder))
    if there < chunks:
        raise FileError(
            f"has {there:,} of {chunks:,} chunks of {folder.name!r}: it is still being "
            "written, or the others hold nothing but its fill_value. If so, write it "
            'after zarr.config.set({"array.write_empty_chunks": True})'
        )


def _refuse_pickles(metadata: Path) -> None:
    """Raises FileError if chunks of an array of version 2 are pickles, which older
    libraries would run."""
    # Written anew, so that no escape hides the word.
    if metadata.is_file() and "pickle" in json.dumps(json.loads(metadata.read_bytes())):
        raise FileError(
            f"has pickles in {metadata.parent.name!r}, which are not read, since they "
            "can run code. Write it without the codec pickle"
        )


def find(metadata: Path) -> list[Placed]:
    """Returns the tables in an array or a group, by the metadata in its directory."""
    return [
        one
        for key, file, _ in arrays_of(metadata.parent)
        for one in placed_or_not(key, partial(_placed, key, file.parent))
    ]


def _placed(key: str, folder: Path) -> Iterator[PlacedRows]:
    array = opened(folder)
    shape, dtype = tuple(array.shape), array.dtype.name
    if is_table(shape, dtype):
        check_chunks(array, folder)
        rows = array.chunks[0]
        size = rows * shape[1] * array.dtype.itemsize
        if size > _MOST_CHUNK_BYTES:
            raise FileError(
                f"has chunks of {rows:,} rows in {folder.name!r}, whose {size:,} bytes "
                f"are unpacked together: at most {_MOST_CHUNK_BYTES:,}. Write it with "
                "fewer rows in a chunk"
            )
        yield PlacedRows(key, folder, 0, dtype, shape, packed=key)


class ZarrRows(UnpackedRows):
    """The rows of the zarr array in a directory, of which whole chunks are unpacked.
    ``key``, its name in a group, is not needed to open it."""

    def __init__(
        self, folder: Path, key: str, dtype: str, shape: tuple[int, ...]
    ) -> None:
        super().__init__(dtype, shape)
        self._array = opened(folder)

    def band(self, row: int) -> tuple[int, npt.NDArray[Any]]:
        """Unpacks the chunks with a row, and more behind them where they are small."""
        size = self._array.chunks[0]
        size *= max(1, self.most_rows // size)
        first = row // size * size
        return first, np.asarray(self._array[first : first + size])
