"""Alignment of the tables of two series, and the drift that is left after it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import drift as drifts
from tb_wordembed.analysis.alignment import Alignment, align
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.sums import pair
from tb_wordembed.read import vocabulary
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.snapshots.tensors import Float32Table


def alignment(
    series: LoggedSeries,
    step: int,
    other: LoggedSeries,
    other_step: int,
    *,
    centered: bool = False,
) -> Alignment:
    """Returns the rotation that best aligns the table at a step with one of another
    series, such as another run or seed, over the tokens that both have; see
    ``tb_wordembed.analysis.alignment``.

    Raises:
      ValueError: the two have different dimensions.
    """
    ids = series.content_id(step), other.content_id(other_step)
    products = series.cache.get(
        ("pair", series.columns_id, other.columns_id, *ids),
        lambda: pair(_matched(series, step, other, other_step), series.shape[1]),
    )
    return align(products, centered)


def aligned_drift(
    series: LoggedSeries,
    step: int,
    other: LoggedSeries,
    other_step: int,
    measure: Measure = "cosine",
    *,
    centered: bool = False,
) -> npt.NDArray[np.float32]:
    """Returns the drift of every token from this series to another one, after
    ``alignment``: raw displacement between runs would mostly be the rotation between
    them. float32 ``[vocab_size]``; NaN for a token that the other lacks."""
    found = alignment(series, step, other, other_step, centered=centered)
    return np.concatenate(
        [
            drifts.drift(found.apply(before), after, measure)
            for before, after in _matched(series, step, other, other_step)
        ]
    )


def _matched(
    series: LoggedSeries, step: int, other: LoggedSeries, other_step: int
) -> Iterator[tuple[Float32Table, Float32Table]]:
    """Yields row blocks of two tables, matched by their tokens."""
    if other.shape[1] != series.shape[1]:
        raise ValueError(
            f"{other.run!r} {other.tag!r} has {other.shape[1]} dimensions and "
            f"{series.run!r} {series.tag!r} {series.shape[1]}; only tables of as many "
            "can be aligned"
        )
    if series.has_tokens and other.has_tokens:
        rows = vocabulary.match_tokens(series.tokens, other.tokens)
    else:
        rows = vocabulary.match_rows(series.shape[0], other.shape[0])
    table = other.table(other_step)
    for start, block in series.row_blocks(step):
        yield block, vocabulary.take(table, rows[start : start + len(block)])
