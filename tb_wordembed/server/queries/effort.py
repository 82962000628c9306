"""Estimates how many seconds the work for an answer takes, from the size of its tables.

Measured on two cores that had nothing else to do. The estimates need not be close: they
say which work is brief and begins at once, instead of waiting for a free worker.
"""

from __future__ import annotations

from tb_wordembed.read.series import Series

BRIEF_SECONDS = 5.0
"""Work that takes longer waits for a worker."""

_NUMBERS_PER_SECOND = 1e8
_PRODUCTS_PER_SECOND = 1e10
_LAID_OUT_PER_SECOND = 500


def reading(series: Series, tables: float) -> float:
    """Returns the seconds to read so many tables and measure their rows."""
    rows, columns = series.shape
    return tables * rows * columns / _NUMBERS_PER_SECOND


def comparing(series: Series, tables: int, rows: int | None = None) -> float:
    """Returns the seconds to compare so many rows, by default all, with all rows of so
    many tables."""
    all_rows, columns = series.shape
    some = all_rows if rows is None else min(rows, all_rows)
    products = tables * some * all_rows * columns
    return reading(series, tables) + products / _PRODUCTS_PER_SECOND


def relating(series: Series, tables: int, rows: int) -> float:
    """Returns the seconds to find the products of so many rows among themselves, in
    each of so many tables, and to compare each table with each other."""
    all_rows, columns = series.shape
    pairs = min(rows, all_rows) ** 2
    return reading(series, 2) + tables * pairs * (columns + tables) / (
        _PRODUCTS_PER_SECOND
    )


def aligning(series: Series, tables: int) -> float:
    """Returns the seconds to align a table of another series with so many tables."""
    rows, columns = series.shape
    products = tables * (rows + columns) * columns**2
    return reading(series, 2 * tables) + products / _PRODUCTS_PER_SECOND


def measuring(series: Series) -> float:
    """Returns the seconds to measure the steps that are not measured yet."""
    return reading(series, len(series.steps) - len(series.health_so_far()))


def laying_out(series: Series, tokens: int) -> float:
    """Returns the seconds to lay out so many tokens at every step."""
    return len(series.steps) * tokens / _LAID_OUT_PER_SECOND
