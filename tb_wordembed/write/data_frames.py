"""Reads series and frames of pandas, polars and Arrow, and the words and counts of
gensim's ``KeyedVectors``: all are recognized by attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def entries(values: Any) -> Any:
    """Returns the values of a Series or column as a list, missing ones as None;
    anything else as it is."""
    if hasattr(values, "notna") and hasattr(values, "astype"):  # pandas
        _refuse_levels(values)
        pairs = zip(
            values.astype(object).tolist(), values.notna().tolist(), strict=True
        )
        return [value if is_there else None for value, is_there in pairs]
    if hasattr(values, "to_pylist"):  # Arrow
        return values.to_pylist()
    if hasattr(values, "null_count") and hasattr(values, "to_list"):  # polars
        return values.to_list()
    return values


def as_mapping(values: Any) -> Mapping[Any, Any] | None:
    """Returns a dict as it is, and a Series with an index of its own as a dict. Raises
    ValueError if a value of the index repeats."""
    if isinstance(values, Mapping):
        return values
    index = getattr(values, "index", None)
    if not hasattr(values, "iloc"):
        return None
    # An index with a name, as of groupby("item").size(), holds tokens, also 0 to n - 1.
    if _is_default(index) and getattr(index, "name", None) is None:
        return None
    keys = entries(index)
    if len(set(keys)) < len(keys):
        raise ValueError(
            "the index of this Series repeats, so that nothing can be looked up by it. "
            "If its values are in the order of the rows, pass series.tolist()"
        )
    return dict(zip(keys, entries(values), strict=True))


def frame_columns(frame: Any) -> dict[str, list[Any]] | None:
    """Returns the columns of a frame by name, its index among them if it is its own.

    The index has its name in the frame, or an empty one. None if this is no frame.
    """
    if hasattr(frame, "to_pydict"):  # Arrow
        return {str(name): list(column) for name, column in frame.to_pydict().items()}
    if not hasattr(frame, "columns") or not hasattr(frame, "to_dict"):
        return None
    columns = []
    index = getattr(frame, "index", None)
    if index is not None and not _is_default(index):
        columns.append((str(index.name or ""), entries(index)))
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place] if hasattr(frame, "iloc") else frame[name]
        columns.append((str(name), entries(column)))
    if len(dict(columns)) < len(columns):
        names = ", ".join(repr(name) for name, _ in columns)
        raise ValueError(f"the frame has two columns of the same name: {names}")
    return dict(columns)


def _is_default(index: Any) -> bool:
    """Returns whether an index only counts the rows."""
    _refuse_levels(index)
    return list(index[:1]) in ([], [0]) and list(index) == list(range(len(index)))


def _refuse_levels(index: Any) -> None:
    if getattr(index, "nlevels", 1) > 1:
        raise ValueError(
            "the index has several levels; pass frame.reset_index(), or one level"
        )


def own_columns(data: Any, tokens: Any, metadata: Any) -> tuple[Any, Any]:
    """Returns the tokens and metadata that are passed. ``KeyedVectors`` without them
    give their words, and their counts as the column ``frequency``."""
    if not hasattr(data, "index_to_key"):
        return tokens, metadata
    words = data.index_to_key
    if metadata is None and (counts := _counts(data, len(words))) is not None:
        metadata = {"frequency": counts}
    return words if tokens is None else tokens, metadata


def _counts(data: Any, rows: int) -> Any:
    """Returns how often each word occurred, ``[rows]``; None if that isn't known."""
    counts = getattr(data, "expandos", {}).get("count")
    if counts is None or len(counts) < rows:
        return None
    counts = np.asarray(counts)[:rows]
    # What was read from a file has n, n - 1, ..., 1 for counts.
    is_made_up = not counts.any() or np.array_equal(counts, np.arange(rows, 0, -1))
    return None if is_made_up else counts
