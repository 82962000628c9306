"""Reads Parquet, Feather and Arrow files: a column of lists, or columns of floats."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tb_wordembed.errors import FileError
from tb_wordembed.write.stored_dtypes import Array
from tb_wordembed.write.table_files.found import (
    MOST_PACKED,
    Content,
    Found,
    Report,
    package,
)
from tb_wordembed.write.token_columns import is_header_word, readings_of
from tb_wordembed.write.vocabulary import Vocabulary

PARQUET = b"PAR1"
FEATHER = b"ARROW1"
STREAM = b"\xff\xff\xff\xff"
"""How these files begin; the last is the stream in which datasets are kept."""

_KIND = "a Parquet or Arrow file"


def find(path: Path) -> list[Found]:
    """Returns the tables in a file: one for each column of lists of floats or, if there
    is none, the one that all columns of floats are. Tokens are in a further column."""
    types = package("pyarrow", _KIND).types
    with _opened(path) as (schema, rows, _):
        lists = [one.name for one in schema if _is_list(types, one.type)]
        floats = [one.name for one in schema if types.is_floating(one.type)]
        others = {
            one.name: types.is_string(one.type) or types.is_large_string(one.type)
            for one in schema
            if one.name not in {*lists, *floats} and not types.is_nested(one.type)
        }
        shown = ", ".join(f"{one.name} ({one.type})" for one in schema)
    # Numbers alone are tokens only if they are called so.
    are_tokens = any(others.values()) or any(map(is_header_word, others))
    tokens = list(others) if are_tokens else []
    if not lists and len(floats) < 2:
        raise FileError(
            "has no column of lists of floats, nor several columns of floats; it has "
            f"{shown}"
        )
    return [
        Found(
            name,
            (rows, None if name else len(floats)),
            "float",
            partial(_read, path, [name] if name else floats, tokens, rows),
        )
        for name in lists or [""]
    ]


def _is_list(types: Any, kind: Any) -> bool:
    is_one = types.is_list(kind) or types.is_large_list(kind)
    is_one = is_one or types.is_fixed_size_list(kind)
    return bool(is_one and types.is_floating(kind.value_type))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, int | None, Any]]:
    """Opens a file: its schema, its number of rows if it says so, and a function that
    yields its rows in batches of some columns."""
    package("pyarrow", _KIND)
    from pyarrow import ipc, memory_map, parquet

    with path.open("rb") as file:
        head = file.read(6)
    if head.startswith(PARQUET):
        with parquet.ParquetFile(path, memory_map=True) as table:
            rows = table.metadata.num_rows
            yield table.schema_arrow, rows, partial(_of_parquet, table)
        return
    with memory_map(str(path)) as source:
        is_file = head.startswith(FEATHER)
        reader = ipc.open_file(source) if is_file else ipc.open_stream(source)
        yield reader.schema, None, partial(_of_arrow, reader, is_file)


def _of_parquet(table: Any, names: list[str]) -> Iterator[Any]:
    yield from table.iter_batches(columns=names)


def _of_arrow(reader: Any, is_file: bool, names: list[str]) -> Iterator[Any]:
    if is_file:
        batches = map(reader.get_batch, range(reader.num_record_batches))
    else:
        batches = iter(reader)
    for batch in batches:
        yield batch.select(names)


def _read(
    path: Path, names: list[str], tokens: list[str], rows: int | None, report: Report
) -> Content:
    blocks: list[Array] = []
    columns: list[list[Any]] = [[] for _ in tokens]
    count, most = 0, MOST_PACKED * path.stat().st_size
    with _opened(path) as (_, _, batches):
        for batch in batches([*names, *tokens]):
            blocks.append(_vectors([batch.column(name) for name in names], count))
            count += len(blocks[-1])
            if blocks[-1].shape[1] != blocks[0].shape[1]:
                raise _uneven(count - len(blocks[-1]))
            if sum(one.nbytes for one in blocks) > most:
                raise FileError(
                    f"unpacks to more than {most:,} bytes: no table of a training "
                    f"takes {MOST_PACKED:,} times less room in a file"
                )
            for column, name in zip(columns, tokens, strict=True):
                column += batch.column(name).to_pylist()
            report(count / (rows or count))
    if not blocks:
        raise FileError("has no rows")
    vocabulary = None
    if tokens:
        vocabulary = Vocabulary(path.name, tuple(readings_of(tokens, columns)))
    return Content(np.concatenate(blocks), vocabulary)


def _vectors(columns: Sequence[Any], start: int) -> Array:
    """Returns the numbers in some columns of a batch, ``[rows, embedding_dim]``."""
    if not hasattr(columns[0], "flatten") or not hasattr(columns[0].type, "value_type"):
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
        raise _uneven(start)
    return np.asarray(numbers.reshape(-1, dim))


def _uneven(start: int) -> FileError:
    return FileError(f"has vectors of different lengths, or none, from row {start} on")
