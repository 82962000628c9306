"""Takes tokens and counts from gensim's ``KeyedVectors``, where none are passed."""

from __future__ import annotations

from typing import Any

import numpy as np


def own_columns(data: Any, tokens: Any, metadata: Any) -> tuple[Any, Any]:
    """Returns the tokens and metadata of a table: those that are passed. Where none are
    and the table is ``KeyedVectors``, its words, and its counts as ``frequency``."""
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
