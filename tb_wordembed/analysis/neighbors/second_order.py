"""Drift of a token against its neighbors: how its similarities to them changed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.metrics import points
from tb_wordembed.analysis.rows import Rows, Wide
from tb_wordembed.engine.progress import Progress, silent

BLOCK_BYTES = 2**20
"""The bytes of neighbors' vectors held in double precision at a time."""


def second_order_drift(
    before: Rows, after: Rows, around_before: Rows, around_after: Rows
) -> float:
    """Returns the second-order drift of one token: ``1 - cos`` between its cosine
    similarities, at one step and at the other, to the tokens that are its neighbors at
    either (Hamilton et al. 2016, "Cultural Shift or Linguistic Drift? Comparing Two
    Computational Measures of Semantic Change": the local neighborhood measure). It
    needs no alignment of the two tables.

    Args:
      before: the token's row at the reference step, float32 ``[embedding_dim]``.
      after: its row at the step.
      around_before: rows at the reference step of the union of its neighbors under
        ``cosine`` at the two steps, each once, float32 ``[neighbors, embedding_dim]``.
      around_after: the rows of the same tokens at the step.

    Returns:
      0..2; exactly 0 when nothing changed. Neighbors that are zero or not finite at
      either step are left out. NaN when the token is so at either, when no neighbor is
      left, or when all similarities are 0.
    """
    found = _drift(
        _cosines(before[None], around_before[None]),
        _cosines(after[None], around_after[None]),
    )
    return float(found[0])


def all_second_order_drift(
    before: Rows,
    after: Rows,
    nearest_before: npt.NDArray[np.integer],
    nearest_after: npt.NDArray[np.integer],
    progress: Progress = silent,
) -> npt.NDArray[np.float32]:
    """Returns ``second_order_drift`` of all tokens.

    Args:
      before: the table at the reference step, float32 ``[rows, embedding_dim]``.
      after: the same rows at the step; the dimension may differ.
      nearest_before: ``Neighbors.indices`` of all rows under ``cosine`` at the
        reference step, ``[rows, k]``.
      nearest_after: the same at the step.

    Returns:
      float32 ``[rows]``.
    """
    union = nearest_before.shape[1] + nearest_after.shape[1]
    widest = 8 * union * max(before.shape[1], after.shape[1], 1)
    step = max(1, BLOCK_BYTES // widest)
    drift = np.empty(len(before), np.float32)
    for start in range(0, len(before), step):
        part = slice(start, start + step)
        both = np.concatenate([nearest_before[part], nearest_after[part]], axis=1)
        both.sort(axis=1)
        out = both < 0
        out[:, 1:] |= both[:, 1:] == both[:, :-1]
        was = _cosines(before[part], before[both])
        now = _cosines(after[part], after[both])
        was[out] = np.nan
        drift[part] = _drift(was, now)
        progress(min(1.0, (start + step) / len(before)))
    return drift


def _cosines(rows: Rows, around: Rows) -> Wide:
    """Returns the cosine similarity of each row to those around it, ``[rows, around]``;
    NaN where there is none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        near = points(around.reshape(-1, around.shape[2]), "cosine")
        found: Wide = np.einsum(
            "abd,ad->ab", near.reshape(around.shape), points(rows, "cosine")
        )
    return found


def _drift(before: Wide, after: Wide) -> Wide:
    """Returns ``1 - cos`` of the similarities that are known at both steps."""
    unknown = np.isnan(before) | np.isnan(after)
    chord = np.zeros(before.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        for similarities, sign in ((before, 1), (after, -1)):
            known = np.where(unknown, 0, similarities)
            chord += sign * (known / np.linalg.norm(known, axis=1)[:, None])
    # Half the squared chord does not lose a small drift to the rounding of a cosine.
    drift: Wide = np.minimum(np.einsum("ab,ab->a", chord, chord) / 2, 2)
    drift[unknown.all(axis=1)] = np.nan
    return drift
