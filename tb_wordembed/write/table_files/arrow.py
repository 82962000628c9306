"""Reads Parquet, Feather and Arrow files: a column of lists, or columns of floats."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tb_wordembed.errors import FileError
from tb_wordembed.format.column_names import is_header_word
from tb_wordembed.snapshots.checkpoints import parquet_file
from tb_wordembed.snapshots.checkpoints.parquet_file import (
    KIND,
    is_text,
    table_columns,
    uneven,
    vectors,
)
from tb_wordembed.snapshots.checkpoints.unpacked import package
from tb_wordembed.write.stored_dtypes import Array
from tb_wordembed.write.table_files.found_array import (
    MOST_PACKED,
    Content,
    Found,
    Report,
)
from tb_wordembed.write.token_columns import readings_of
from tb_wordembed.write.vocabulary import Vocabulary

PARQUET = b"PAR1"
FEATHER = b"ARROW1"
STREAM = b"\xff\xff\xff\xff"
"""How these files begin; the last is the stream in which datasets are kept."""


def find(path: Path) -> list[Found]:
    """Returns the tables in a file, as ``table_columns`` does. Tokens are in a further
    column."""
    types = package("pyarrow", KIND).types
    with _opened(path) as (schema, rows, _):
        tables = table_columns(schema)
        used = {one for names in tables.values() for one in names}
        others = {
            one.name: is_text(one.type)
            for one in schema
            if not (one.name in used or types.is_floating(one.type))
            if not types.is_nested(one.type)
        }
    # Numbers alone are tokens only if they are called so.
    are_tokens = any(others.values()) or any(map(is_header_word, others))
    tokens = list(others) if are_tokens else []
    return [
        Found(
            key,
            (rows, None if key else len(names)),
            "float",
            partial(_read, path, names, tokens, rows),
        )
        for key, names in tables.items()
    ]


@contextlib.contextmanager
def _opened(
    path: Path, names: Sequence[str] = ()
) -> Iterator[tuple[Any, int | None, Iterator[Any]]]:
    """Opens a file: its schema, its number of rows if it says so, and its rows in
    batches of some columns."""
    with path.open("rb") as file:
        head = file.read(6)
    if head.startswith(PARQUET):
        with parquet_file.opened(path) as table:
            batches = table.iter_batches(columns=[*names])
            yield table.schema_arrow, table.metadata.num_rows, batches
        return
    ipc = package("pyarrow.ipc", KIND)
    with package("pyarrow", KIND).memory_map(str(path)) as source:
        if head.startswith(FEATHER):
            reader = ipc.open_file(source)
            batches = map(reader.get_batch, range(reader.num_record_batches))
        else:
            reader = batches = ipc.open_stream(source)
        yield reader.schema, None, (one.select([*names]) for one in batches)


def _read(
    path: Path, names: list[str], tokens: list[str], rows: int | None, report: Report
) -> Content:
    blocks: list[Array] = []
    columns: list[list[Any]] = [[] for _ in tokens]
    count, most = 0, MOST_PACKED * path.stat().st_size
    with _opened(path, [*names, *tokens]) as (_, _, batches):
        for batch in filter(len, batches):
            blocks.append(vectors(batch, names, count))
            count += len(blocks[-1])
            if blocks[-1].shape[1] != blocks[0].shape[1]:
                raise uneven(count - len(blocks[-1]))
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
