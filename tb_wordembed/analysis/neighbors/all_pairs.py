"""One sweep over all pairs of points, for the nearest points of each.

A product serves both points of its pair, so that half of all products are enough. Each
point has a floor, which its k nearest reach in any case: only pairs that may reach it
are kept, and it rises with what is met.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.distinct_points import Distinct
from tb_wordembed.analysis.neighbors.metrics import Numbers, rounding
from tb_wordembed.analysis.neighbors.picking import counted, hits, kth_largest
from tb_wordembed.analysis.rows import Scratch, Wide
from tb_wordembed.engine.local import LocalEngine
from tb_wordembed.engine.progress import Progress

_SCRATCH = Scratch()

TILE = 2048
"""The number of points on each side of a product."""
SAMPLE = 1024
"""The number of points that the first floors are taken from."""
Float32 = npt.NDArray[np.float32]
Places = npt.NDArray[np.uint16]
Pairs = tuple[Places, npt.NDArray[np.int32], Float32]
"""Pairs that may be neighbors: places in a tile, places of the other points in the
order of the products, and the bounds that ``Products`` has for them."""


def most_near(k: int) -> int:
    """Returns the largest number of points that may be among the k nearest of a point
    that is not crowded."""
    return 2 * k + 64


class Sweep:
    """A sweep that finds the nearest points of all points.

    Attributes:
      others: the nearest of each point, int32 ``[points, k]``; -1 where there are no
        more, and for crowded points.
      far: their distances, float64 ``[points, k]``; NaN there.
    """

    def __init__(self, distinct: Distinct, k: int) -> None:
        count = len(distinct.rows)
        self.others = np.full((count, k), -1, np.int32)
        self.far: Wide = np.full((count, k), np.nan)
        self._distinct, self._k = distinct, k
        # In random order, so that any tile is a sample of all points.
        order = np.random.default_rng(0).permutation(count)
        self._products = Products(distinct, order)
        self._floors: Float32 = np.empty(count, np.float32)
        self._crowded = np.zeros(count, np.bool_)
        self._tiles = [slice(at, min(at + TILE, count)) for at in range(0, count, TILE)]

    @property
    def crowded(self) -> Numbers:
        """The points that have more others at almost the same distance than single
        precision can tell apart, ascending."""
        return np.sort(self._products.order[self._crowded])

    def run(self, engine: LocalEngine, progress: Progress) -> None:
        """Finds the nearest points; reports the share of the points that is done, as
        far as they are not crowded."""
        tiles, done = self._tiles, 0
        for _ in engine.map(self._sample, tiles):
            pass
        candidates = [_Candidates(self, tile) for tile in tiles]
        compared: list[_Candidates] = []
        for at, tile in enumerate(tiles):
            found = engine.map(self._comparison(tile), tiles[at:])
            for other, (ours, theirs) in zip(candidates[at:], found, strict=True):
                candidates[at].add(ours)
                other.add(theirs)
                done += 1
                share = 2 * done / (len(tiles) * (len(tiles) + 1))
                progress(share * (1 - self._crowded.mean()))
            # A tile that has met all others is ranked soon: fewer pairs are held.
            compared.append(candidates[at])
            if len(compared) == engine.threads or at + 1 == len(tiles):
                for _ in engine.map(self._finish, compared):
                    pass
                compared.clear()

    def _sample(self, tile: slice) -> None:
        """Sets the first floors of a tile, from a few points."""
        sample = slice(0, max(SAMPLE, 4 * self._k))
        spreads = self._products.spreads
        upper = self._products.left(tile) @ self._products.vectors[sample].T
        own = np.arange(tile.start, min(tile.stop, upper.shape[1]))
        upper[own - tile.start, own] = -np.inf
        floors = kth_largest(upper - spreads[sample], self._k) - spreads[tile]
        near = np.count_nonzero(upper >= floors[:, None], axis=1)
        self._crowded[tile] = near > most_near(self._k)
        self._floors[tile] = np.where(self._crowded[tile], np.inf, floors)

    def _comparison(self, tile: slice) -> Callable[[slice], tuple[Pairs, Pairs]]:
        """Returns a function that compares a tile with another and returns the pairs of
        the tile and those of the other."""
        left = self._products.left(tile)

        def compare(other: slice) -> tuple[Pairs, Pairs]:
            right = self._products.vectors[other].T
            upper = _SCRATCH.array((left.shape[0], right.shape[1]), np.float32)
            mask = _SCRATCH.array(upper.shape, np.bool_)
            np.matmul(left, right, out=upper)
            theirs = _NONE
            if other == tile:
                np.fill_diagonal(upper, -np.inf)
            else:
                np.greater_equal(upper, self._floors[other], out=mask)
                others, places = hits(mask)
                bounds = upper[others, places]
                theirs = _pairs(places, others + tile.start, bounds)
            np.greater_equal(upper, self._floors[tile, None], out=mask)
            places, others = hits(mask)
            bounds = upper[places, others]
            return _pairs(places, others + other.start, bounds), theirs

        return compare

    def _finish(self, candidates: _Candidates) -> None:
        """Ranks what was found for a tile."""
        candidates.prune()
        # What was found is not needed any more: its memory is freed.
        places, others, _ = candidates.parts.pop()
        order = self._products.order
        points, pairs = order[candidates.tile], (places.astype(np.int64), order[others])
        found = self._distinct.rank(points, pairs, self._k)
        self.others[points], self.far[points] = found


class _Candidates:
    """The pairs of one tile that may be neighbors, in ``parts``."""

    def __init__(self, sweep: Sweep, tile: slice) -> None:
        self.tile = tile
        self._k = sweep._k
        self._spreads = sweep._products.spreads
        # Parts of the arrays of the sweep: what is written here is seen there.
        self._floors, self._crowded = sweep._floors[tile], sweep._crowded[tile]
        self.parts: list[Pairs] = []
        self._count, self._most = 0, 2 * self._k * len(self._floors)

    def add(self, pairs: Pairs) -> None:
        """Keeps pairs; drops others now and then."""
        self.parts.append(pairs)
        self._count += len(pairs[0])
        if self._count > self._most:
            self.prune()

    def prune(self) -> None:
        """Raises the floors, drops what can't reach them, and all that a point has when
        it has too many; makes one part of the rest."""
        places, others, upper = map(np.concatenate, zip(*self.parts, strict=True))
        own = self._spreads[self.tile]
        self._raise(places, upper - own[places] - self._spreads[others])
        kept = np.flatnonzero(upper >= self._floors[places])
        sizes = np.bincount(places[kept], minlength=len(own))
        self._crowded |= sizes > most_near(self._k)
        if self._crowded.any():
            self._floors[self._crowded] = np.inf
            kept = kept[~self._crowded[places[kept]]]
        self.parts = [(places[kept], others[kept], upper[kept])]
        self._count = len(kept)
        self._most = self._count + self._k * len(own)

    def _raise(self, places: Places, lower: Float32) -> None:
        """Raises floors to the k-th largest lower bound of each place."""
        order = np.argsort(places, kind="stable")
        sizes = np.bincount(places, minlength=len(self._floors))
        if sizes.max() < self._k:
            return
        side_by_side = np.full(
            (len(sizes), sizes.max()), np.finfo(np.float32).min, np.float32
        )
        side_by_side[places[order], counted(sizes)] = lower[order]
        kth = np.partition(side_by_side, -self._k, axis=1)[:, -self._k]
        np.maximum(self._floors, kth, out=self._floors)


_NONE: Pairs = (
    np.empty(0, np.uint16),
    np.empty(0, np.int32),
    np.empty(0, np.float32),
)


def _pairs(places: Numbers, others: Numbers, bounds: Float32) -> Pairs:
    return places.astype(np.uint16), others.astype(np.int32), bounds


class Products:
    """Points as vectors ``(x, -h, 1)``, centered and scaled, h half their square.

    The product of one with another's ``(x, 1, -h)`` is minus half their squared
    distance: one matrix product compares all points of two tiles. With h a little too
    small, rounding can't bring it below the true value: it is an upper bound, and
    less the spreads of both points it is a lower one.

    Args:
      order: those to take, in the order in which they are kept.
    """

    def __init__(self, distinct: Distinct, order: Numbers) -> None:
        dim = distinct.table.shape[1]
        slack = 2 * rounding(dim, np.float32)
        center, scale = _frame(distinct, order)
        self.order = order
        self.vectors: Float32 = np.ones((len(order), dim + 2), np.float32)
        self.spreads: Float32 = np.empty(len(order), np.float32)
        for part, points in distinct.blocks(order):
            points = (points - center) * scale
            half = np.einsum("ij,ij->i", points, points) / 2
            self.vectors[part, :dim] = points
            self.vectors[part, dim] = (slack - 1) * half
            # Beside what is relative: the smallest numbers have fewer digits.
            self.spreads[part] = 2 * slack * half + 1e-30

    def left(self, part: slice | Numbers) -> Float32:
        """Returns vectors as the left side of a product; the right one is ``vectors``
        transposed."""
        vectors: Float32 = self.vectors[part].copy()
        vectors[:, -2:] = vectors[:, :-3:-1].copy()
        return vectors


def _frame(distinct: Distinct, order: Numbers) -> tuple[Wide, float]:
    """Returns the mean of the points, and a power of two that brings them within 1 of
    it."""
    total, reach = np.zeros(distinct.table.shape[1]), 0.0
    for _, points in distinct.blocks(order):
        total += points.sum(axis=0)
        reach = max(reach, float(np.einsum("ij,ij->i", points, points).max()))
    _, exponent = np.frexp(2 * np.sqrt(reach))
    return total / max(len(order), 1), float(np.ldexp(1.0, -int(exponent)))
