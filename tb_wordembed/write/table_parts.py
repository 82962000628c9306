"""Splits tables that are larger than a record, and checks parts that ranks write."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tb_wordembed.format.metadata import Part
from tb_wordembed.integers import as_integer
from tb_wordembed.write import tables
from tb_wordembed.write.columns import Column, as_columns
from tb_wordembed.write.tables import Table, as_table


def table_parts(
    table: Table, part: Part | None = None
) -> list[tuple[Table, Part | None]]:
    """Returns a table in parts, none of which is a copy; see ``row_ranges``. ``part``
    says which rows it has of a larger one."""
    ranges = row_ranges(table.vocab_size, len(table.content))
    return [
        (replace(table, values=table.values[rows]), one)
        for rows, one in _parts(ranges, part)
    ]


def column_parts(
    column: Column, part: Part | None = None
) -> list[tuple[Column, Part | None]]:
    """Returns a column in parts; see ``row_ranges``."""
    count = len(column.values)
    ranges = row_ranges(count, column.size)
    if len(ranges) == 1:
        return [(column, part)]
    # Texts may be longer in some rows than in others.
    while len(ranges) < count and any(
        column.rows(rows).size > tables.MAX_PART_BYTES for rows in ranges
    ):
        ranges = _even(count, 2 * len(ranges))
    return [(column.rows(rows), one) for rows, one in _parts(ranges, part)]


def row_ranges(rows: int, size: int) -> list[slice]:
    """Returns even ranges of rows, which take ``size`` bytes together. Each is written
    as a record; a small table has one range."""
    wanted = min(-(-size // tables.PART_BYTES), tables.MOST_PARTS)
    return _even(rows, max(wanted, -(-size // tables.MAX_PART_BYTES)))


def _even(rows: int, count: int) -> list[slice]:
    count = max(1, min(count, rows))
    bounds = [rows * number // count for number in range(count + 1)]
    return [slice(*pair) for pair in itertools.pairwise(bounds)]


def _parts(
    ranges: Sequence[slice], part: Part | None
) -> Iterator[tuple[slice, Part | None]]:
    start, vocab_size = part or (0, ranges[-1].stop)
    for rows in ranges:
        is_whole = part is None and len(ranges) == 1
        yield rows, None if is_whole else Part(start + rows.start, vocab_size)


def read_shard(
    data: Any,
    dtype: str | None,
    part: Any,
    tokens: Any,
    metadata: Any,
    index_from: int | None,
) -> tuple[Table, tuple[Column, ...], Part]:
    """Returns the rows of a table that this process has, their columns, and which rows
    of the whole these are; errors as in ``as_table`` and ``as_columns``.

    Args:
      part: the number of the first row, and the number of rows of the whole table.
      tokens, metadata, index_from: those of the whole table, or of these rows. A dict
        from or to the number of a row is for the whole table.
    """
    table = as_table(data, dtype)
    where = _as_part(part, table.vocab_size)
    if isinstance(tokens, Iterator):
        tokens = list(tokens)
    count = table.vocab_size
    try:
        whole = as_columns(tokens, metadata, where.vocab_size, index_from)
    except ValueError as error:
        try:
            columns = as_columns(tokens, metadata, count, index_from, is_part=True)
        except ValueError:
            raise ValueError(
                f"{error}. With part=, tokens and metadata are those of all "
                f"{where.vocab_size} rows of the table, or of the {count} of this "
                "part; a dict with numbers of rows is for all rows, and what is passed "
                "with it too"
            ) from error
    else:
        rows = slice(where.start, where.start + count)
        columns = tuple(one.rows(rows) for one in whole)
    return table, columns, where


def check_part(part: Any, rows: Any, *, is_watched: bool) -> None:
    """Raises ValueError if ``part`` is passed with ``rows``, or to a writer that looks
    at whole tables."""
    if rows is not None:
        raise ValueError(
            f"part={part!r} and rows= both say which rows are logged; pass these "
            "rows as data, and their place among those that are logged as part"
        )
    if is_watched:
        raise ValueError(
            f"part={part!r}: on_finding looks at whole tables; make a "
            "SnapshotWriter without it"
        )


def _as_part(part: Any, rows: int) -> Part:
    try:
        start, vocab_size = (as_integer(one) for one in part)
    except (TypeError, ValueError):
        start = vocab_size = None
    if start is None or vocab_size is None:
        raise ValueError(
            f"part={part!r}: expected the number of the first row of this part and the "
            "number of rows of the whole table, such as part=(1000, 4000)"
        )
    if start < 0 or start + rows > vocab_size or vocab_size >= 2**63:
        raise ValueError(
            f"part={part!r}: the {rows} rows of this part are not among the rows of a "
            f"table of {vocab_size}; expected the number of the first row, 0 to "
            f"{max(0, vocab_size - rows)}, and the number of rows of the whole table"
        )
    return Part(start, vocab_size)
