"""Chooses the rows of a table that are written, where it is not all of them.

Tokens and metadata are given for the whole table, and taken for these rows. A column
``row`` keeps the number that each row has in the whole table.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tb_wordembed.errors import quoted
from tb_wordembed.format.column_names import FREQUENCY_NAMES, frequency_column
from tb_wordembed.format.metadata import TOKEN_COLUMN
from tb_wordembed.integers import as_integer
from tb_wordembed.write.columns import Column, as_columns
from tb_wordembed.write.stored_dtypes import Array
from tb_wordembed.write.tables import Table, as_table, row_count, to_numpy, unwrap

ROW_COLUMN = "row"
"""The name of the column with the number of each row in the whole table."""

_TOP = "top:"


def columns_and_rows(
    tokens: Any,
    metadata: Any,
    vocab_size: int | None,
    index_from: int | None,
    rows: Any,
) -> tuple[tuple[Column, ...], Array | None]:
    """Returns the columns of some rows of a table, and the numbers of these rows, or
    None for all; arguments and errors as in ``as_columns`` and ``choose``.

    Tokens and metadata are those of the whole table. All rows are written where their
    number isn't known yet.
    """
    if rows is None or vocab_size is None:
        return as_columns(tokens, metadata, vocab_size, index_from), None
    try:
        columns = as_columns(tokens, metadata, vocab_size, index_from)
    except ValueError as error:
        raise ValueError(
            f"{error}. With rows=, tokens and metadata are those of the whole table of "
            f"{vocab_size} rows, and are taken for the chosen rows"
        ) from error
    chosen = choose(rows, vocab_size, columns)
    return (columns if chosen is None else columns_of(columns, chosen)), chosen


def read_part(
    data: Any,
    dtype: str | None,
    rows: Any,
    tokens: Any,
    metadata: Any,
    index_from: int | None,
) -> tuple[Table, tuple[Column, ...], Array | None]:
    """Returns some rows of a table, their columns, and their numbers; arguments and
    errors as in ``as_table`` and ``columns_and_rows``."""
    if rows is None:
        table = as_table(data, dtype)
        return table, as_columns(tokens, metadata, table.vocab_size, index_from), None
    count = row_count(data)
    columns, chosen = columns_and_rows(tokens, metadata, count, index_from, rows)
    return as_part(data, dtype, chosen), columns, chosen


def as_part(data: Any, dtype: str | None, rows: Array | None) -> Table:
    """Returns some rows of a table, as ``tb_wordembed.write.tables.as_table`` does;
    all where ``rows`` is None. No other rows are copied."""
    if rows is None:
        return as_table(data, dtype)
    full_vocab_size = row_count(data)
    table = as_table(_taken(unwrap(data), rows), dtype)
    return replace(table, full_vocab_size=full_vocab_size, is_shared=False)


def _taken(data: Any, rows: Array) -> Any:
    """Takes rows of an array, in the package that it is of."""
    if isinstance(data, Table):
        return replace(data, values=data.values[rows])
    if hasattr(data, "detach"):  # PyTorch
        data = data.full_tensor() if hasattr(data, "full_tensor") else data
        return data.detach()[rows]
    if type(data).__module__.partition(".")[0] == "tensorflow":
        return sys.modules["tensorflow"].gather(data, rows)
    return (data if hasattr(data, "shape") else np.asarray(data))[rows]


def choose(rows: Any, vocab_size: int, columns: Sequence[Column]) -> Array | None:
    """Returns the numbers of the rows to write, int64; None for all rows in order.

    Args:
      rows: a slice; numbers of rows, each once; a bool for each row; or
        "top:50000" for so many rows with the highest frequency, in the order of the
        table.
      vocab_size, columns: those of the whole table; one column has the frequency.

    Raises:
      ValueError: it is none of these, or chooses no row or one that is not there.
    """
    if isinstance(rows, str):
        found = _most_frequent(rows, vocab_size, columns)
    elif isinstance(rows, slice):
        numbers = rows_of_slice("rows", rows, vocab_size)
        found = np.arange(numbers.start, numbers.stop, numbers.step, dtype=np.int64)
    else:
        found = _of_numbers(rows, vocab_size)
    if not len(found):
        raise ValueError(f"rows={rows!r} chooses none of the {vocab_size} rows")
    return None if np.array_equal(found, np.arange(vocab_size)) else found


def columns_of(columns: Sequence[Column], rows: Array) -> tuple[Column, ...]:
    """Returns the columns of some rows of a table, and one with their numbers in it.

    Rows without tokens are labeled by these numbers, such as ``#1207``.

    Raises:
      ValueError: there is another column ``row``, or no row has a token.
    """
    if any(one.name == ROW_COLUMN for one in columns):
        raise ValueError(
            f"with rows=, the column {ROW_COLUMN!r} has the number of each row in the "
            "whole table. Give your column of metadata another name"
        )
    numbered = tuple(b"#%d" % row for row in rows.tolist())
    found = [one.rows(rows) for one in columns]
    if not found or found[0].name != TOKEN_COLUMN:
        found.insert(0, Column(TOKEN_COLUMN, numbered))
    elif found[0].values == numbered:
        raise ValueError(
            f"tokens has none for the {len(rows)} rows that rows= chooses. It is for "
            "the whole table: from, or to, the number of a row in it"
        )
    return (*found, Column(ROW_COLUMN, rows.astype("<i8")))


def check_same_rows(name: str, before: Array | None, rows: Array | None) -> None:
    """Raises ValueError unless these are the rows of the snapshot before, with which
    their tokens were passed; None stands for all rows."""
    same = before is None and rows is None
    if before is not None and rows is not None:
        same = np.array_equal(before, rows)
    if not same:
        raise ValueError(
            f"rows= chooses other rows than in the snapshot of {name!r} before; "
            "pass their tokens, too, and metadata"
        )


def rows_of_slice(argument: str, rows: slice, vocab_size: int) -> range:
    """Returns the numbers of the rows in a slice of an argument, also one of floats, as
    R has whole numbers. Raises ValueError for others."""
    bounds = (rows.start, rows.stop, rows.step)
    numbers = [one if one is None else as_integer(one) for one in bounds]
    if numbers[2] == 0 or any(
        number is None and one is not None
        for number, one in zip(numbers, bounds, strict=True)
    ):
        raise ValueError(f"{argument}={rows!r}: expected a slice of whole numbers")
    return range(vocab_size)[slice(*numbers)]


def _of_numbers(rows: Any, vocab_size: int) -> Array:
    found = np.asarray(to_numpy(rows))
    if found.dtype == bool and found.shape == (vocab_size,):
        return np.flatnonzero(found)
    is_whole = found.dtype.kind in "iu" or (
        found.dtype.kind == "f" and all(map(float.is_integer, found.ravel().tolist()))
    )
    if found.ndim != 1 or not (is_whole or not found.size):
        raise ValueError(
            f"rows={quoted(rows)}: expected the numbers of rows, 0 to "
            f'{vocab_size - 1}, a slice, one bool for each row, or "{_TOP}50000" for '
            "the most frequent ones"
        )
    outside = found[(found < 0) | (found >= vocab_size)]
    if len(outside):
        raise ValueError(
            f"rows: there is no row {int(outside[0])}; the table has rows 0 to "
            f"{vocab_size - 1}"
        )
    numbers, counts = np.unique(found, return_counts=True)
    if len(numbers) < len(found):
        twice = int(numbers[counts > 1][0])
        raise ValueError(f"rows: row {twice} is there twice; pass each row once")
    return found.astype(np.int64)


def _most_frequent(rows: str, vocab_size: int, columns: Sequence[Column]) -> Array:
    number = rows.removeprefix(_TOP)
    if number == rows or not number.isdecimal() or not int(number):
        raise ValueError(
            f'rows={rows!r}: expected "{_TOP}" and how many of the most frequent rows, '
            f'such as "{_TOP}50000", or the numbers of rows, or a slice'
        )
    count = int(number)
    if count >= vocab_size:
        return np.arange(vocab_size)
    numeric = {
        one.name: one.values for one in columns if isinstance(one.values, np.ndarray)
    }
    name = frequency_column(numeric)
    if name is None:
        *usual, last = FREQUENCY_NAMES
        raise ValueError(
            f"rows={rows!r} needs to know how often each token occurs, and there is no "
            f"column of numbers called {', '.join(usual)} or {last}. Pass "
            'metadata={"frequency": counts}; or if the rows are in the order of their '
            f"frequency, rows=slice({count})"
        )
    often = numeric[name].astype(np.float64)
    order = np.argsort(-np.nan_to_num(often, nan=-np.inf), kind="stable")
    return np.sort(order[:count])
