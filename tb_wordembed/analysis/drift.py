"""Drift: the change of each token from a reference step to a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import EXACT, Rows, Wide, dots, narrow, norms, within
from tb_wordembed.engine.large_arrays import empty

Measure = Literal["cosine", "euclidean", "relative", "norm_change"]
"""A measure of drift: cosine drift ``1 - cos`` in 0..2, Euclidean displacement,
displacement over the norm at the reference step, change of the norm."""
MEASURES: tuple[Measure, ...] = get_args(Measure)


@dataclass(frozen=True)
class Moved:
    """How far each row moved, float32 ``[rows]``.

    NaN where a row is not finite on either side, or the value is too large for
    float32. Exactly 0 for a row that did not change.

    Attributes:
      cosine: ``1 - cos``, 0..2 (Hamilton et al. 2016, "Diachronic Word Embeddings
        Reveal Statistical Laws of Semantic Change"); NaN where a row is zero on
        either side. Good to 1e-5 of itself or 1e-6 of the squared relative
        displacement, whichever is more: a tiny drift is not lost to rounding.
      euclidean: length of the displacement.
      unchanged: which rows are finite and the same on both sides, bool ``[rows]``;
        numbers are compared, so that -0.0 is 0.0.
    """

    cosine: Rows
    euclidean: Rows
    unchanged: npt.NDArray[np.bool_]

    @staticmethod
    def empty(rows: int) -> Moved:
        """Returns arrays for so many rows, which are still to be put in."""
        # Not of one array: whoever keeps one of them would keep both.
        cosine, euclidean = (empty(rows, np.float32) for _ in range(2))
        return Moved(cosine, euclidean, empty(rows, np.bool_))

    def put(self, start: int, block: Moved) -> None:
        """Puts what a row block has in its place."""
        for name, values in vars(block).items():
            getattr(self, name)[start : start + len(values)] = values


@dataclass(frozen=True)
class Drift(Moved):
    """The drift of each row by every measure, float32 ``[rows]``, as in ``Moved``.

    Attributes:
      relative: length of the displacement over the norm before; NaN where that is 0.
      norm_change: norm after minus norm before, of either sign.
    """

    relative: Rows
    norm_change: Rows


def drift(before: Rows, after: Rows, measure: Measure = "cosine") -> Rows:
    """Returns how far each row moved, by one of ``MEASURES``, float32 ``[rows]``; see
    ``Drift``.

    Args:
      before: rows at the reference step, float32 ``[rows, embedding_dim]``.
      after: the same rows at the step.

    Raises:
      ValueError: the shapes differ, or the measure is not one of ``MEASURES``.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure is {measure!r}; expected one of {MEASURES}")
    if before.shape != after.shape:
        raise ValueError(
            f"the tables have shapes {before.shape} and {after.shape}; drift needs the "
            "same rows and dimensions in both"
        )
    values: Rows = getattr(drifts(before, after), measure)
    return values


def drifts(before: Rows, after: Rows) -> Drift:
    """Returns how far each row moved, by every measure; arguments as ``drift``."""
    with np.errstate(all="ignore"):
        change = after - before
        return block_drift(before, after, change, norms(before), norms(after))


def block_drift(
    before: Rows, after: Rows, change: Rows, norm_before: Wide, norm_after: Wide
) -> Drift:
    """Returns how far each row moved, by every measure; arguments as
    ``block_moved``."""
    moved, euclidean, norm_change = block_moved(
        before, after, change, norm_before, norm_after
    )
    return Drift(
        **vars(moved),
        relative=narrow(euclidean / norm_before),
        norm_change=narrow(norm_change),
    )


def block_moved(
    before: Rows, after: Rows, change: Rows, norm_before: Wide, norm_after: Wide
) -> tuple[Moved, Wide, Wide]:
    """Returns how far each row moved, and its displacement and the change of its norm
    in float64; NumPy may warn of what is not finite.

    Args:
      before: rows at the reference step, float32 ``[rows, embedding_dim]``.
      after: the same rows at the step.
      change: ``after - before``.
      norm_before, norm_after: ``norms`` of them; may be NaN where not finite.
    """
    squared, along = dots(change, change), dots(change, after)
    unchanged = np.zeros(len(after), np.bool_)
    turned: list[tuple[npt.NDArray[np.intp], Wide]] = []
    ratio = norm_after / norm_before
    if not (
        within(squared, *EXACT)
        and within(norm_after, *_EXACT_NORM)
        and within(ratio, 0.5, 2)
    ):
        known = np.isfinite(norm_before) & np.isfinite(norm_after)
        # The squares of a tiny change may vanish.
        still = np.flatnonzero(known & (squared == 0))
        unchanged[still] = (before[still] == after[still]).all(axis=1)
        exact = (squared > EXACT[0]) & (squared < EXACT[1])
        for norm in (norm_before, norm_after):
            exact &= (norm > _EXACT_NORM[0]) & (norm < _EXACT_NORM[1])
        wide = np.flatnonzero(known & ~unchanged & ~exact)
        new = after[wide].astype(np.float64)
        wide_change = new - before[wide]
        squared[wide] = dots(wide_change, wide_change)
        along[wide] = dots(wide_change, new)
        apart = np.flatnonzero(exact & ~((ratio > 0.5) & (ratio < 2)))
        for rows, dtype in ((apart, np.float32), (wide, np.float64)):
            old, now = before[rows].astype(dtype), after[rows].astype(dtype)
            turned.append((rows, _half_chord(old, now)))
    # The difference of nearly equal norms would lose digits.
    norm_change = (2 * along - squared) / (norm_before + norm_after)
    norm_change[unchanged] = 0
    # The part of the displacement that did not change the norm turned the row.
    cosine = (squared - norm_change**2) / (2 * norm_before * norm_after)
    for rows, values in turned:
        cosine[rows] = values
    euclidean = np.sqrt(squared)
    moved = Moved(narrow(np.clip(cosine, 0, 2)), narrow(euclidean), unchanged)
    return moved, euclidean, norm_change


_EXACT_NORM = (EXACT[0] ** 0.5, EXACT[1] ** 0.5)


def _half_chord(
    before: npt.NDArray[np.floating], after: npt.NDArray[np.floating]
) -> Wide:
    """Returns half the squared distance of the two directions, which is ``1 - cos``.

    Where norms differ much, the displacement says little of it.
    """
    chord = after / norms(after)[:, None].astype(after.dtype)
    chord -= before / norms(before)[:, None].astype(before.dtype)
    return dots(chord, chord) / 2


def straightness(net: npt.NDArray[np.floating], path: Wide) -> Rows:
    """Returns the net displacement over the length of the path, float32 ``[rows]``:
    1 for a row that went straight, near 0 for one that wandered and came back, NaN for
    one that never moved, or where one of both is not known.

    Args:
      net: Euclidean displacement from the first step of the path to its last.
      path: the sum of the displacements from step to step.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.minimum(narrow(net / path), 1)
