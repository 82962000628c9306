"""Noise floors: what chance alone does to each token, and which drifts exceed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

NoiseMeasure = Literal["cosine", "euclidean", "overlap", "second_order"]
"""The measures that are the same from either of two trainings to the other: of drift
after alignment, of the share of neighbors that are others, and of the change of cosines
to neighbors."""

RATE = 0.05
"""The false discovery rate at which changed tokens are counted."""

POOL = 2000
"""The number of trainings of tokens whose changes are pooled, where there are enough
tokens: 400 tokens of 5 trainings."""

ENOUGH = 5
"""The number of trainings that tell what is usual of a token. The mean of fewer is so
uncertain that p-values come out too large."""

FEW = 10
"""The number of multiples as large as that of a token, for each pair that a training is
in, below which its floor is widened. So few say little about how rare it is, and a
p-value is never below that of the largest multiple, which is too large to stand out
among many tokens."""

_WIDER = 4
"""How many times as many tokens are pooled then."""

Values = npt.NDArray[np.floating]


@dataclass(frozen=True)
class NoiseFloor:
    """The differences between trainings that differ in nothing but chance, or between
    the steps of one that only jitters, which take their place.

    A single training says little about a word (Antoniak & Mimno 2018, "Evaluating the
    Stability of Embedding-based Word Similarities"; Wendlandt et al. 2018, "Factors
    Influencing the Surprising Instability of Word Embeddings"). So a change of a token
    is taken as a multiple of its usual change between two of these trainings. Few
    trainings say little about the tail of these multiples, so those of tokens of like
    frequency are pooled.

    Attributes:
      usual: the mean change of each token between two trainings, float32
        ``[vocab_size]``.
      multiples: the changes of each token between two trainings, each over the mean of
        those between the trainings other than the second of the two, float32
        ``[vocab_size, 2 * pairs]``; NaN where there is none. With fewer trainings than
        ``ENOUGH``, ``usual`` is 1, and these are the changes themselves,
        ``[vocab_size, pairs]``.
      pairs: the number of pairs of trainings.
      pairs_of_one: the number of pairs that a training is in.
      order: the rows by ascending frequency, int64 ``[vocab_size]``; None if it is not
        known, and all tokens are pooled.
      pooled: the number of tokens whose multiples are the floor of one. Where the
        multiples are over what is usual of a token, a token that stands out among these
        is compared with more and more, up to all.
    """

    usual: npt.NDArray[np.float32]
    multiples: npt.NDArray[np.float32]
    pairs: int
    pairs_of_one: float
    order: npt.NDArray[np.int64] | None
    pooled: int

    @property
    def is_relative(self) -> bool:
        """Whether changes are taken over what is usual of their token."""
        columns: int = self.multiples.shape[1]
        return columns > self.pairs

    def over_usual(self, changes: Values) -> npt.NDArray[np.float32]:
        """Returns changes as multiples of the usual one of their token, or as they are
        where that is not known, float32 ``[vocab_size]``."""
        return _over(changes, self.usual)

    def p_values(self, changes: Values) -> npt.NDArray[np.float64]:
        """Returns how often chance alone changes a token as much, float64
        ``[vocab_size]``: the share of its floor that is as large as its change, which
        is counted as part of the floor (Phipson & Smyth 2010, "Permutation P-values
        Should Never Be Zero").

        Where a training stands out in a token, the token differs in all pairs that this
        training is in. So a change is counted as so many multiples: the largest one of
        n tokens and s trainings has a p-value of 1 / (1 + n s). With fewer than 20
        trainings, no token counts as changed at a false discovery rate of 0.05 unless
        others do.

        Args:
          changes: the change of each token from one of these trainings to another
            training, ``[vocab_size]``; NaN where it is not known, as its p-value is
            then.
        """
        changes = self.over_usual(changes)
        found = np.full(len(changes), np.nan)
        order = np.arange(len(changes)) if self.order is None else self.order
        floor, values = self.multiples[order], changes[order]
        size, some = self.pooled, np.arange(len(values))
        larger, count = _in_blocks(floor, values, some, size)
        own = self.pairs_of_one
        while self.is_relative and size < len(floor):
            size = min(_WIDER * size, len(floor))
            few = (larger < FEW * own) & (count > 0) & ~np.isnan(values)
            some = np.flatnonzero(few)
            larger[some], count[some] = _in_blocks(floor, values[some], some, size)
        found[order] = np.where(count > 0, (own + larger) / (own + count), np.nan)
        found[np.isnan(changes)] = np.nan
        return found


_Counts = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def _in_blocks(
    floor: Values, values: Values, places: npt.NDArray[np.int64], size: int
) -> _Counts:
    """Returns how many multiples of the ``size`` tokens around those at some places are
    as large as theirs, and how many there are: of the block whose middle is nearest.
    Blocks begin at every half of their size."""
    apart = max(1, size // 2)
    first = np.round((places - size / 2) / apart).astype(np.int64) * apart
    first = np.clip(first, 0, len(floor) - size)
    larger, count = np.empty((2, len(values)), np.int64)
    for start in np.unique(first):
        here = first == start
        pool = floor[start : start + size]
        pool = np.sort(pool[~np.isnan(pool)])
        larger[here] = len(pool) - np.searchsorted(pool, values[here], side="left")
        count[here] = len(pool)
    return larger, count


def noise_floor(
    changes: npt.NDArray[np.float32],
    pairs: Sequence[tuple[int, int]],
    frequency: Values | None = None,
) -> NoiseFloor:
    """Returns the floor of tokens from their changes between trainings.

    Args:
      changes: how much each token differs between the two trainings of each pair, 0 or
        more, float32 ``[vocab_size, pairs]``; NaN where it is in one of them only.
      pairs: the numbers of the two trainings of each pair, each pair once.
      frequency: how often each token occurs, ``[vocab_size]``, by which tokens are
        pooled; see ``POOL``. None pools all tokens.
    """
    vocab_size = len(changes)
    usual = np.ones(vocab_size, np.float32)
    multiples = changes
    trainings = len({one for pair in pairs for one in pair})
    pairs_of_one = 2 * len(pairs) / trainings
    if trainings >= ENOUGH:
        usual = _mean(changes)
        multiples = np.stack(
            [
                _over(changes[:, at], _mean(changes[:, _without(pairs, second)]))
                for at, pair in enumerate(pairs)
                for second in pair
            ],
            axis=1,
        )
    if frequency is None:
        return NoiseFloor(usual, multiples, len(pairs), pairs_of_one, None, vocab_size)
    pooled = round(POOL * pairs_of_one / multiples.shape[1])
    pooled = min(vocab_size, max(1, pooled))
    order = np.argsort(np.nan_to_num(frequency, nan=-1), kind="stable")
    return NoiseFloor(usual, multiples, len(pairs), pairs_of_one, order, pooled)


def _without(pairs: Sequence[tuple[int, int]], training: int) -> list[int]:
    """Returns the places of the pairs in which a training is not."""
    return [at for at, pair in enumerate(pairs) if training not in pair]


def _mean(changes: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Returns the mean of the changes that are known of each token."""
    known = ~np.isnan(changes)
    total = np.where(known, changes, 0).sum(axis=1, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        mean: npt.NDArray[np.float32] = (total / known.sum(axis=1)).astype(np.float32)
    return mean


def _over(changes: Values, usual: Values) -> npt.NDArray[np.float32]:
    """Returns changes as multiples of the usual ones: 0 for no change, and infinity for
    a change of what usually has none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        multiples = np.asarray(changes, np.float32) / usual
    return np.where((changes == 0) & (usual == 0), np.float32(0), multiples)


def q_values(p_values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Returns the smallest false discovery rate at which each token is called changed
    (Benjamini & Hochberg 1995, "Controlling the False Discovery Rate"), float64, 0..1;
    NaN where the p-value is."""
    found = np.full(len(p_values), np.nan)
    known = np.flatnonzero(np.isfinite(p_values))
    order = known[np.argsort(p_values[known])]
    ranks = np.arange(1, len(order) + 1)
    scaled = p_values[order] * len(order) / ranks
    found[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(max=1)
    return found
