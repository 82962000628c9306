"""Finds the column that says how often each token occurs."""

from __future__ import annotations

from collections.abc import Iterable

NAMES = ("frequency", "count", "freq", "counts")


def frequency_column(numeric: Iterable[str]) -> str | None:
    """Returns the first of the names of numeric columns that is frequency, count, freq
    or counts, in capitals or not; None if there is none."""
    return next((name for name in numeric if name.lower() in NAMES), None)
