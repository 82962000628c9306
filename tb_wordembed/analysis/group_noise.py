"""Which groups of tokens changed by more than noise."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.groups import Indices
from tb_wordembed.analysis.noise import NoiseFloor, Values
from tb_wordembed.analysis.rows import Wide, mean_ranks

FEWEST_TRAININGS = 3
"""The number of trainings that tell how much groups differ by chance."""

FEWEST_TOKENS = 5
"""The number of changed tokens without which nothing is said of a group."""


def group_p_values(
    floor: NoiseFloor, changes: Values, groups: Sequence[Indices]
) -> npt.NDArray[np.float64]:
    """Returns how often chance alone changes a group as much more than the other
    tokens, float64 ``[groups]``, 0..1.

    The statistic is the rank-sum of Wilcoxon and Mann & Whitney, of the changes as
    multiples of what is usual of their token, scaled to variance 1. Tokens of a group
    move together, so its variance is taken from the same statistic between the
    trainings of the floor (compare Wu & Smyth 2012, "Camera: a competitive gene set
    test accounting for inter-gene correlation").

    Args:
      changes: as in ``NoiseFloor.p_values``.

    Returns:
      NaN for a group of fewer than ``FEWEST_TOKENS`` tokens whose change is known, and
      with fewer than ``FEWEST_TRAININGS`` trainings.
    """
    trainings = 2 * floor.pairs / floor.pairs_of_one
    if trainings < FEWEST_TRAININGS or not groups:
        return np.full(len(groups), np.nan)
    found = _rank_sums(floor.over_usual(changes), groups)
    by_chance = np.stack(
        [_rank_sums(column, groups) for column in floor.multiples.T], axis=1
    )
    known = np.isfinite(by_chance).all(axis=1) & np.isfinite(found)
    p_values = np.full(len(groups), np.nan)
    if not known.any():
        return p_values
    by_chance = by_chance[known]
    usual = by_chance.mean(axis=1)
    spread = np.square(by_chance - usual[:, None]).mean(axis=1)
    # Few trainings say little about the spread of a single group.
    spread = np.maximum(np.maximum(spread, spread.mean()), 1)
    spread *= trainings / (trainings - 1) * (1 + 1 / trainings)
    scores = (found[known] - usual) / np.sqrt(spread)
    p_values[known] = [math.erfc(one / math.sqrt(2)) / 2 for one in scores]
    return p_values


def _rank_sums(values: Values, groups: Sequence[Indices]) -> Wide:
    """Returns the mean rank of the values of each group less that of all, over its
    standard deviation were the ranks dealt out by chance, float64 ``[groups]``."""
    ranks = np.full(len(values), np.nan)
    is_known = ~np.isnan(values)
    ranks[is_known] = mean_ranks(values[is_known])
    count = np.count_nonzero(is_known)
    found = np.full(len(groups), np.nan)
    for at, rows in enumerate(groups):
        of_group = ranks[rows]
        of_group = of_group[~np.isnan(of_group)]
        size = len(of_group)
        if FEWEST_TOKENS <= size < count:
            variance = (count + 1) * (count - size) / (12 * size)
            found[at] = (of_group.mean() - (count + 1) / 2) / math.sqrt(variance)
    return found
