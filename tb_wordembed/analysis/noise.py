"""Noise floors: what chance alone does to each token, and which drifts exceed it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

POOL = 2000
"""The number of values that a floor has, where there are tokens enough."""

_COMPARED = 2**22
"""The number of values that are compared at a time."""

Values = npt.NDArray[np.floating]


@dataclass(frozen=True)
class NoiseFloor:
    """The differences between trainings that differ in nothing but chance.

    A single training says little about a word (Antoniak & Mimno 2018, "Evaluating the
    Stability of Embedding-based Word Similarities"; Wendlandt et al. 2018, "Factors
    Influencing the Surprising Instability of Word Embeddings"). Few pairs of trainings
    say little about the noise of a word, too, so the values of tokens of like frequency
    are pooled.

    Attributes:
      values: a measure of each token between the two trainings of each pair, larger for
        a larger change, float32 ``[vocab_size, pairs]``; NaN where it has none.
      order: the rows by ascending frequency, int64 ``[vocab_size]``; None if it is not
        known, and all tokens are pooled.
      pooled: the number of tokens whose values are the floor of one.
    """

    values: npt.NDArray[np.float32]
    order: npt.NDArray[np.int64] | None
    pooled: int

    @property
    def pairs(self) -> int:
        """The number of pairs of trainings."""
        return int(self.values.shape[1])

    def p_values(self, values: Values) -> npt.NDArray[np.float64]:
        """Returns how often chance alone changes a token as much: the share of its
        floor that is as large as its value, which is counted as one of the floor
        (Phipson & Smyth 2010, "Permutation P-values Should Never Be Zero").

        Args:
          values: the same measure of each token, ``[vocab_size]``.

        Returns:
          float64 ``[vocab_size]``, above 0, up to 1; NaN for a token without a value,
          or without a floor.
        """
        found = np.full(len(values), np.nan)
        if self.order is None:
            floor = np.sort(self.values[np.isfinite(self.values)])
            larger = len(floor) - np.searchsorted(floor, values, side="left")
            found[:] = (1 + larger) / (1 + len(floor)) if len(floor) else np.nan
        else:
            found[self.order] = self._in_order(np.asarray(values)[self.order])
        found[~np.isfinite(values)] = np.nan
        return found

    def _in_order(self, values: Values) -> npt.NDArray[np.float64]:
        """Returns ``p_values`` of the tokens by ascending frequency."""
        assert self.order is not None
        floor = self.values[self.order]
        windows = np.lib.stride_tricks.sliding_window_view(floor, self.pooled, axis=0)
        first = np.arange(len(values)) - self.pooled // 2
        first = np.clip(first, 0, len(windows) - 1)
        size = max(1, _COMPARED // (self.pooled * max(1, self.pairs)))
        found = np.empty(len(values))
        for start in range(0, len(values), size):
            part = slice(start, start + size)
            pool = windows[first[part]]
            larger = (pool >= values[part, None, None]).sum(axis=(1, 2))
            count = np.isfinite(pool).sum(axis=(1, 2))
            found[part] = np.where(count > 0, (1 + larger) / (1 + count), np.nan)
        return found


def noise_floor(
    values: npt.NDArray[np.float32], frequency: Values | None = None
) -> NoiseFloor:
    """Returns the floor of tokens from values of pairs of trainings.

    Args:
      values: as ``NoiseFloor.values``, ``[vocab_size, pairs]``.
      frequency: how often each token occurs, ``[vocab_size]``. The floor of a token has
        the values of those nearest to it in the order of frequency, so many that there
        are about ``POOL`` values. None pools all tokens.
    """
    vocab_size, pairs = values.shape
    if frequency is None:
        return NoiseFloor(values, None, vocab_size)
    pooled = min(vocab_size, max(1, round(POOL / max(1, pairs))))
    order = np.argsort(np.nan_to_num(frequency, nan=-1), kind="stable")
    return NoiseFloor(values, order, pooled)


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
