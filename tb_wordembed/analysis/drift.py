"""Drift: the change of each token from a reference step to a step."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import Rows, norms

Measure = Literal["cosine", "euclidean", "relative", "norm_change"]
"""How drift is measured: cosine drift ``1 - cos`` in 0..2, Euclidean displacement,
displacement over the norm at the reference step, change of the norm."""
MEASURES: tuple[Measure, ...] = get_args(Measure)


def drift(before: Rows, after: Rows, measure: Measure = "cosine") -> Rows:
    """How far each row moved.

    Args:
      before: rows at the reference step, float32 ``[rows, embedding_dim]``.
      after: the same rows at the step.
      measure:
        ``cosine``: ``1 - cos``, 0..2 (Hamilton et al. 2016, "Diachronic Word
        Embeddings Reveal Statistical Laws of Semantic Change").
        ``euclidean``: length of the displacement.
        ``relative``: length of the displacement over the norm before.
        ``norm_change``: norm after minus norm before, of either sign.

    Returns:
      float32 ``[rows]``; NaN where a row is not finite, where ``cosine`` has a zero
      row on either side, where ``relative`` has one before. Exactly 0 for a row that
      did not change.

    Raises:
      ValueError: the shapes differ, or the measure is not one of ``MEASURES``.
    """
    if before.shape != after.shape:
        raise ValueError(
            f"the tables have shapes {before.shape} and {after.shape}; drift needs the "
            "same rows and dimensions in both"
        )
    if measure not in MEASURES:
        raise ValueError(f"measure is {measure!r}; expected one of {MEASURES}")
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        values = _MEASURES[measure](
            before.astype(np.float64), after.astype(np.float64)
        ).astype(np.float32)
    values[~np.isfinite(values)] = np.nan
    return values


_Wide = npt.NDArray[np.float64]


def _cosine(before: _Wide, after: _Wide) -> _Wide:
    # Half the squared chord between the two directions. Unlike 1 - a.b / |a| |b|, it
    # does not lose a small drift to the rounding of a number near 1.
    chord = norms(_unit(after) - _unit(before))
    return np.minimum(chord**2 / 2, 2)


def _unit(rows: _Wide) -> _Wide:
    return rows / norms(rows)[:, None]


def _euclidean(before: _Wide, after: _Wide) -> _Wide:
    return norms(after - before)


def _relative(before: _Wide, after: _Wide) -> _Wide:
    return _euclidean(before, after) / norms(before)


def _norm_change(before: _Wide, after: _Wide) -> _Wide:
    return norms(after) - norms(before)


_MEASURES = {
    "cosine": _cosine,
    "euclidean": _euclidean,
    "relative": _relative,
    "norm_change": _norm_change,
}
