"""Reads tables that a library unpacks as if their rows lay one behind the other."""

from __future__ import annotations

import importlib
from abc import abstractmethod
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.errors import FileError
from tb_wordembed.snapshots.local_files import Reader
from tb_wordembed.snapshots.tensors import Bytes, DamagedTensorError

_BAND_BYTES = 4 << 20
"""The number of bytes that are unpacked at once, unless a chunk has more."""


def package(name: str, kind: str) -> Any:
    """Returns a package that reads a kind of files. Raises FileError without it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        top = name.partition(".")[0]
        raise FileError(
            f"is {kind}, and {top} is needed to read it ({error}): pip install {top}"
        ) from error


class UnpackedRows(Reader):
    """The rows of a table as bytes, little-endian: some rows are unpacked at a time."""

    def __init__(self, dtype: str, shape: tuple[int, ...]) -> None:
        self._dtype = np.dtype(dtype).newbyteorder("<")
        self._dim = shape[1]
        self._row_bytes = self._dim * self._dtype.itemsize
        self.most_rows = max(1, _BAND_BYTES // self._row_bytes)
        """The number of rows that are to be unpacked at once."""
        self._start = 0
        self._bytes: Bytes = np.empty(0, np.uint8)

    @abstractmethod
    def band(self, row: int) -> tuple[int, npt.NDArray[Any]]:
        """Unpacks some consecutive rows with the one that is asked for among them, and
        returns the number of the first one, and ``[rows, embedding_dim]``."""

    def read_into(self, offset: int, buffer: memoryview) -> int:
        """Fills a buffer from ``offset`` on; returns the number of bytes read. Raises
        DamagedTensorError if the rows can't be unpacked."""
        filled = 0
        while filled < len(buffer):
            at = offset + filled - self._start
            if not 0 <= at < len(self._bytes):
                self._unpack((offset + filled) // self._row_bytes)
                continue
            piece = self._bytes[at : at + len(buffer) - filled]
            buffer[filled : filled + len(piece)] = piece.data
            filled += len(piece)
        return filled

    def _unpack(self, row: int) -> None:
        try:
            first, rows = self.band(row)
        except FileError as error:
            raise DamagedTensorError(str(error)) from error
        except MemoryError:
            raise
        except Exception as error:
            # Each library has errors of its own for what is damaged.
            raise DamagedTensorError(f"row {row} can't be unpacked: {error}") from error
        if rows.shape[1] != self._dim or not first <= row < first + len(rows):
            raise DamagedTensorError(
                f"row {row} is not there, or has {rows.shape[1]} numbers in place of "
                f"{self._dim}"
            )
        plain = np.ascontiguousarray(rows, self._dtype)
        self._start = first * self._row_bytes
        self._bytes = plain.reshape(-1).view(np.uint8)
