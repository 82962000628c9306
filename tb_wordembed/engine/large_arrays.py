"""Arrays of numbers per row that the system may put on the disk.

Those of a large table are in files without names below the directory for temporary
files, mapped into memory: when memory is needed for something else, the system writes
them there.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

LARGE_BYTES = 8 << 20
"""The size of an array from which on it has a file."""

ROWS_AT_ONCE = 1 << 20
"""The number of rows that are worked on at a time where a result for each row of a
large table would take much memory."""

Full = Callable[[int, float, npt.DTypeLike], npt.NDArray[Any]]
"""Makes arrays, as ``full``; ``np.full`` makes them in memory."""

T = TypeVar("T")


def empty(shape: int | tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Returns an array with arbitrary content."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    # Without room on the disk, memory is all there is.
    with contextlib.suppress(OSError, AttributeError):
        if size >= LARGE_BYTES:
            found: npt.NDArray[Any] = np.ndarray(shape, dtype, _mapped(size))
            return found
    return np.empty(shape, dtype)


def _mapped(size: int) -> mmap.mmap:
    with tempfile.TemporaryFile() as file:
        # Takes the room now, since the system ends a process that writes to a mapped
        # file on a full disk. Not all systems have this function.
        os.posix_fallocate(file.fileno(), 0, size)
        return mmap.mmap(file.fileno(), size)


def full(count: int, value: float, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Returns an array of one value, ``[count]``."""
    found = empty(count, dtype)
    found[:] = value
    return found


def pieces(rows: int) -> Iterator[slice]:
    """Yields consecutive slices of this many rows, of ``ROWS_AT_ONCE`` at most."""
    for start in range(0, rows, ROWS_AT_ONCE):
        yield slice(start, min(start + ROWS_AT_ONCE, rows))


def joined(
    parts: Iterable[npt.NDArray[Any]], count: int, dtype: npt.DTypeLike
) -> npt.NDArray[Any]:
    """Returns the values of all parts one after another, ``[count]``."""
    found, start = empty(count, dtype), 0
    for part in parts:
        found[start : start + len(part)] = part
        start += len(part)
    return found


def is_in_file(values: npt.NDArray[Any]) -> bool:
    """Returns whether an array, or what it is a view of, has a file."""
    base = values.base
    while isinstance(base, np.ndarray):
        base = base.base
    return isinstance(base, mmap.mmap)


def copied(one: T) -> T:
    """Returns a copy of an object with arrays, and objects with arrays, in its
    attributes; that of a large array has a file, too."""
    found: T = object.__new__(type(one))
    for name, value in vars(one).items():
        vars(found)[name] = _copy(value)
    return found


def _copy(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        found = empty(len(value), value.dtype)
        found[:] = value
        return found
    if isinstance(value, list):
        return [*value]
    return copied(value) if hasattr(value, "__dict__") else value
