"""Finds the tables in Parquet files, and unpacks their rows."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.errors import FileError, quoted
from tb_wordembed.format.column_names import usual_names
from tb_wordembed.format.metadata import ITEM_BYTES
from tb_wordembed.snapshots.checkpoints.placed_rows import (
    Placed,
    PlacedRows,
    placed_or_not,
)
from tb_wordembed.snapshots.checkpoints.unpacked import UnpackedRows, package
from tb_wordembed.snapshots.tensors import Bytes, DamagedTensorError, text_tensor

SUFFIX = ".parquet"
KIND = "a Parquet or Arrow file"

_BUFFER_BYTES = 1 << 20
"""The number of bytes that are read at once: pages, not all of a row group."""

_TEXTS_AT_ONCE = 1 << 10
"""The number of texts that are unpacked at once."""

_MOST_TEXT_BYTES = 1 << 31
"""The most bytes that the tokens may take in memory, as in a record of an event file. A
Parquet file stores a repeated text once, so that a small file may need much memory."""


def table_columns(schema: Any) -> dict[str, list[str]]:
    """Returns the tables in an Arrow schema by name, and the columns of each: one for
    each column of lists of floats or, if there is none, the columns of floats as one
    without a name. Raises FileError if there are none of these, either, or if two
    columns have the name of one."""
    types = package("pyarrow", KIND).types
    tables = {
        one.name: [one.name]
        for one in schema
        if (types.is_list(one.type) or types.is_large_list(one.type))
        or types.is_fixed_size_list(one.type)
        if types.is_floating(one.type.value_type)
    }
    floats = [one.name for one in schema if types.is_floating(one.type)]
    if not tables and len(floats) < 2:
        shown = ", ".join(f"{one.name} ({one.type})" for one in schema)
        raise FileError(
            "has no column of lists of floats, nor several columns of floats; it has "
            f"{shown}"
        )
    for name in tables or floats:
        if schema.names.count(name) > 1:
            raise FileError(f"has more than one column called {quoted(name)}")
    return tables or {"": floats}


def is_text(kind: Any) -> bool:
    """Returns whether a column of an Arrow type has texts, or categories of texts."""
    if package("pyarrow", KIND).types.is_dictionary(kind):
        kind = kind.value_type
    return str(kind) in ("string", "large_string", "string_view")


def token_column(schema: Any) -> str | None:
    """Returns the column of texts that has the tokens: the one that has the most usual
    name, or the only one."""
    texts = [one.name for one in schema if is_text(one.type)]
    usual = usual_names(texts) or (texts if len(texts) == 1 else [])
    return next(iter(usual), None)


def texts(path: Path, column: str) -> Bytes:
    """Returns the texts of a column as the bytes of a ``TensorProto``; an empty one for
    a row that has none. Raises DamagedTensorError if they can't be unpacked."""
    try:
        with opened(path) as file:
            batches = file.iter_batches(
                _TEXTS_AT_ONCE, columns=[column], use_threads=False
            )
            content = text_tensor(file.metadata.num_rows, _pieces(batches))
    except Exception as error:
        raise DamagedTensorError(f"tokens can't be unpacked: {error}") from error
    return np.frombuffer(content, np.uint8)


def _pieces(batches: Iterable[Any]) -> Iterator[list[bytes]]:
    arrow, size = package("pyarrow", KIND), 0
    for batch in batches:
        found = batch[0].cast(arrow.large_string()).cast(arrow.large_binary())
        texts = [one or b"" for one in found.to_pylist()]
        size += sum(map(len, texts))
        if size > _MOST_TEXT_BYTES:
            raise FileError(f"they take more than {_MOST_TEXT_BYTES:,} bytes")
        yield texts


def vectors(batch: Any, names: Sequence[str], start: int) -> npt.NDArray[Any]:
    """Returns the numbers in some columns of a batch, ``[rows, embedding_dim]``; NaN
    for one that is missing. Raises FileError, in which ``start`` is the number of the
    first row, if a row has no vector, or one of another length."""
    columns = [batch.column(name) for name in names]
    if not hasattr(columns[0].type, "value_type"):
        arrays = [one.to_numpy(zero_copy_only=False) for one in columns]
        return np.stack(arrays, axis=1)
    (column,) = columns
    if column.null_count:
        row = next(row for row, one in enumerate(column) if not one.is_valid)
        raise FileError(f"has no vector in row {start + row}")
    numbers = column.flatten().to_numpy(zero_copy_only=False)
    dim = len(numbers) // len(column)
    sizes = column.value_lengths().to_numpy(zero_copy_only=False)
    if dim == 0 or (sizes != dim).any():
        raise uneven(start)
    return np.asarray(numbers.reshape(-1, dim))


def uneven(start: int) -> FileError:
    """Returns the error for vectors of which not all have the same length."""
    return FileError(f"has vectors of different lengths, or none, from row {start} on")


def opened(path: Path) -> Any:
    """Opens a Parquet file; its pages are verified where they have checksums."""
    parquet = package("pyarrow.parquet", KIND)
    # Never mapped: a truncated mapping would kill the process.
    return parquet.ParquetFile(
        path,
        buffer_size=_BUFFER_BYTES,
        pre_buffer=False,
        page_checksum_verification=True,
    )


def find(path: Path) -> list[Placed]:
    """Returns the tables in a file; none if it has no rows."""
    with opened(path) as file:
        sizes = [one.num_rows for one in _row_groups(file)]
        if min(sizes, default=0) < 0 or sum(sizes) != file.metadata.num_rows:
            raise FileError("has row groups of impossible sizes: it is damaged")
        return [
            one
            for key, names in table_columns(file.schema_arrow).items()
            if any(sizes)
            for one in placed_or_not(key, partial(_placed, path, file, key, names))
        ]


def _row_groups(file: Any) -> Iterator[Any]:
    return map(file.metadata.row_group, range(file.num_row_groups))


def _placed(path: Path, file: Any, key: str, names: list[str]) -> Iterator[PlacedRows]:
    first = vectors(next(filter(len, file.iter_batches(1, columns=names))), names, 0)
    dim = first.shape[1]
    for group in _row_groups(file) if key else ():
        numbers = [
            column.num_values
            for column in map(group.column, range(group.num_columns))
            if column.path_in_schema.startswith(f"{key}.")
            and column.path_in_schema.count(".") == key.count(".") + 2
        ]
        if numbers and numbers != [group.num_rows * dim]:
            raise FileError(
                f"has vectors of different lengths, or none, in column {key!r}"
            )
    if first.dtype.name in ITEM_BYTES:
        shape = file.metadata.num_rows, dim
        tokens, dtype = token_column(file.schema_arrow), first.dtype.name
        yield PlacedRows(key, path, 0, dtype, shape, packed=key, tokens=tokens)


class ParquetRows(UnpackedRows):
    """The rows of the table ``key`` in a Parquet file. To read a row, its row group is
    unpacked from the beginning to that row, some rows at a time."""

    def __init__(
        self, path: Path, key: str, dtype: str, shape: tuple[int, ...]
    ) -> None:
        super().__init__(dtype, shape)
        self._file = opened(path)
        self._names = table_columns(self._file.schema_arrow)[key]
        sizes = [one.num_rows for one in _row_groups(self._file)]
        self._starts = [*itertools.accumulate(sizes, initial=0)]
        self._next = -1
        self._batches: Iterator[Any] = iter(())

    def band(self, row: int) -> tuple[int, npt.NDArray[Any]]:
        """Unpacks the batch with a row."""
        group = bisect.bisect_right(self._starts, row) - 1
        if not self._starts[group] <= self._next <= row:
            self._next = self._starts[group]
            self._batches = self._file.iter_batches(
                self.most_rows,
                row_groups=range(group, self._file.num_row_groups),
                columns=self._names,
                use_threads=False,
            )
        for batch in self._batches:
            first = self._next
            self._next += len(batch)
            if row < self._next:
                return first, vectors(batch, self._names, first)
        raise FileError(f"ends before row {row}")

    def close(self) -> None:
        """Closes the file."""
        self._file.close()
