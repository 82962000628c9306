"""The rows of groups: of the values of a column, or of the tokens that a user lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from tb_wordembed.analysis.drift import MEASURES, Measure
from tb_wordembed.analysis.groups import Indices, by_text, by_value
from tb_wordembed.read.logged_series import LoggedSeries

By = str | Mapping[str, Iterable[str | int]]
"""The name of a logged column, or the tokens or rows of each group by its name."""

MOST_GROUPS = 10_000
"""The largest number of groups: each takes some numbers per dimension."""


def named_rows(series: LoggedSeries, by: By, measure: Measure) -> dict[str, Indices]:
    """Returns the rows of each group, ascending, int64; errors as in ``groups``."""
    if measure not in MEASURES:
        raise ValueError(f"measure is {measure!r}; expected one of {MEASURES}")
    if isinstance(by, str):
        named = column_rows(series, by)
    else:
        named = {name: _rows_of(series, tokens) for name, tokens in by.items()}
    if len(named) > MOST_GROUPS:
        raise ValueError(
            f"{by if isinstance(by, str) else 'by'!r} makes {len(named):,} groups; "
            f"expected at most {MOST_GROUPS:,}, such as the values of a class"
        )
    return named


def _rows_of(series: LoggedSeries, tokens: Iterable[str | int]) -> Indices:
    if not isinstance(tokens, np.ndarray) or tokens.dtype.kind != "i":
        return np.unique(np.fromiter(map(series.index_of, tokens), np.int64))
    rows = np.unique(tokens).astype(np.int64)
    for row in rows[(rows < 0) | (rows >= series.shape[0])][:1]:
        series.index_of(int(row))  # Raises.
    return rows


def column_rows(series: LoggedSeries, by: str) -> dict[str, Indices]:
    """Returns the rows of each group of a column, ascending, however many there are.
    Raises NotFoundError if there is no such column."""
    column = series.column(by)

    def compute() -> dict[str, Indices]:
        return by_value(column) if isinstance(column, np.ndarray) else by_text(column)

    return series.cache.get(("groups", series.columns_id, by), compute)
