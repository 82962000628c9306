"""Motion that a token shares with its neighbors, and tokens that moved like it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.rows import Blocks, Rows, Wide, finite, norms

NOISE = 16 * float(np.finfo(np.float32).eps)
"""A displacement below this share of the longer of the two rows is taken for none:
float32 rounds each row by up to ``eps / 2`` of its length, which could turn so short a
displacement by more than a few degrees."""


@dataclass(frozen=True)
class SharedMotion:
    """The displacement of a token, parted in two that add up to it.

    Attributes:
      shared: the part it has in common with its neighbors, float64
        ``[embedding_dim]``.
      own: the rest.
      shared_share: 0..1, the share of the squared length of the displacement that is
        explained by the neighbors: ``1 - own_share``.
      own_share: squared length of ``own`` over that of the displacement.
      neighbors: the number of neighbors that were averaged.
    """

    shared: Wide
    own: Wide
    shared_share: float
    own_share: float
    neighbors: int


def shared_motion(
    before: Rows, after: Rows, neighbors_before: Rows, neighbors_after: Rows
) -> SharedMotion:
    """Returns how much of a token's motion is that of its neighbors.

    With ``d`` the displacement of the token and ``m`` the mean displacement of its
    neighbors at the reference step::

        shared       = a m,  a = d.m / m.m, held to 0..1
        own          = d - shared
        own_share    = |own|^2 / |d|^2

    ``shared`` is the point nearest to ``d`` on the way that the neighbors went: nothing
    where the token moved against them; what is beyond their way is its own. Between
    these two, ``shared_share`` is the squared cosine of ``d`` and ``m``.

    Args:
      before: the token's row at the reference step, float32 ``[embedding_dim]``.
      after: its row at the step.
      neighbors_before: rows of its neighbors at the reference step, float32
        ``[neighbors, embedding_dim]``; those that are not finite are left out.
      neighbors_after: rows of the same tokens at the step.

    Returns:
      The shares are NaN where the token did not move by more than ``NOISE`` or is not
      finite, and without neighbors; then, but for a token that did not move,
      ``shared`` and ``own`` are NaN as well.
    """
    moved = _displacements(before[None], after[None])[0]
    others = _displacements(neighbors_before, neighbors_after)
    others = others[finite(others)]
    if not len(others):
        return _parted(before, after, None, 0)
    mean = others.mean(axis=0)
    squared = float(mean @ mean)
    along = float(np.clip(moved @ mean / squared, 0, 1)) if squared > 0 else 0.0
    return _parted(before, after, along * mean, len(others))


def shared_along(
    parts: Sequence[SharedMotion], before: Rows, after: Rows
) -> SharedMotion:
    """Returns how much of a token's motion it shares with its neighbors, where these
    change on the way.

    In a table that starts at random, the neighbors at the first step say nothing of the
    clusters that form later. So ``shared`` is the sum, over the intervals, of what the
    token shared with its neighbors at the start of the interval; ``own`` and the shares
    are those of the whole displacement, as in ``shared_motion``. What a token shares
    one way and goes back by itself is its own.

    Args:
      parts: the ``shared_motion`` of each interval. One without neighbors, or at an end
        of which the token is not finite, shares nothing.
      before: the token's row at the first step, float32 ``[embedding_dim]``.
      after: its row at the last step.

    Returns:
      ``neighbors`` is the most that were averaged in an interval. NaN as in
      ``shared_motion``, or where no interval has neighbors.
    """
    known = [one.shared for one in parts if np.isfinite(one.shared).all()]
    most = max((one.neighbors for one in parts), default=0)
    return _parted(before, after, np.sum(known, axis=0) if known else None, most)


def _parted(
    before: Rows, after: Rows, shared: Wide | None, neighbors: int
) -> SharedMotion:
    moved = _displacements(before[None], after[None])[0]
    if shared is None or not np.isfinite(moved).all():
        nothing = np.full(len(before), np.nan)
        return SharedMotion(nothing, nothing, np.nan, np.nan, neighbors)
    own = moved - shared
    length = float(moved @ moved)
    still = _still(before[None], after[None])[0]
    own_share = np.nan if still else min(float(own @ own) / length, 1.0)
    return SharedMotion(shared, own, 1 - own_share, own_share, neighbors)


def most_parallel(
    before: Blocks,
    after: Blocks,
    index: int,
    row_before: Rows,
    row_after: Rows,
    n: int = 10,
) -> tuple[npt.NDArray[np.int32], Wide]:
    """Returns the tokens whose displacement is most parallel to that of a token.

    Args:
      before, after: the table at the reference step, and at the step, in equal blocks.
      index: the token's row number, which is left out.
      row_before: its row at the reference step, float32 ``[embedding_dim]``.
      row_after: its row at the step.
      n: the number of tokens to find; fewer when fewer others moved.

    Returns:
      Row numbers, int32 ``[found]``, and the cosines of their displacements and the
      token's, float64 ``[found]``, most parallel first. Cosines are rounded to 1e-12,
      so that of equal ones the lower index comes first. Rows that did not move by more
      than ``NOISE``, or are not finite, have no direction, and are not found.
    """

    def directions() -> Iterator[tuple[int, Wide]]:
        for (start, old), (_, new) in zip(before, after, strict=True):
            yield start, _directions(old, new)

    own = _directions(row_before[None], row_after[None])
    indices, distances = nearest(directions(), own, n, "cosine", [index]).of(0)
    cosines = (1 - distances).round(12)
    order = np.lexsort((indices, -cosines))
    return indices[order], cosines[order]


def _displacements(before: Rows, after: Rows) -> Wide:
    with np.errstate(invalid="ignore"):
        return after.astype(np.float64) - before.astype(np.float64)


def _still(before: Rows, after: Rows) -> npt.NDArray[np.bool_]:
    longer = np.maximum(norms(before), norms(after))
    return norms(_displacements(before, after)) <= NOISE * longer


def _directions(before: Rows, after: Rows) -> Wide:
    """Returns displacements; NaN for rows that did not move, and have no direction."""
    moved = _displacements(before, after)
    moved[_still(before, after)] = np.nan
    return moved
