"""Groups that changed by more than noise."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tb_wordembed.analysis.group_noise import group_p_values
from tb_wordembed.analysis.noise import NoiseFloor, noise_floor

TOKENS, GROUPS = 600, 12


def trained(rng: np.random.Generator, trainings: int, together: float) -> Any:
    """Changes between trainings, ``[pairs, tokens]``; tokens of a group move together
    in a training by ``together``."""
    groups = rng.permutation(TOKENS) % GROUPS
    own = rng.normal(size=(trainings, TOKENS, 6))
    shared = together * rng.normal(size=(trainings, GROUPS, 1))
    at = own * np.exp(shared[:, groups])
    pairs = list(itertools.combinations(range(trainings), 2))
    changes = [np.linalg.norm(at[one] - at[other], axis=1) for one, other in pairs]
    return pairs, np.array(changes, np.float32), groups


def held_out(pairs: Any, changes: Any, trainings: int) -> tuple[NoiseFloor, Any]:
    """The floor without the last training, and its change from the first."""
    inside = [at for at, pair in enumerate(pairs) if trainings not in pair]
    floor = noise_floor(changes[inside].T, [pairs[at] for at in inside])
    return floor, changes[pairs.index((0, trainings))]


@pytest.mark.parametrize("together", [0.0, 0.3])
@pytest.mark.parametrize("trainings", [3, 5, 8])
def test_chance_raises_no_more_groups_than_the_level(
    together: float, trainings: int
) -> None:
    rng = np.random.default_rng(0)
    found = []
    for _ in range(40):
        pairs, changes, groups = trained(rng, trainings + 1, together)
        floor, change = held_out(pairs, changes, trainings)
        rows = [np.flatnonzero(groups == one) for one in range(GROUPS)]
        found.append(group_p_values(floor, change, rows))
    share = (np.array(found) <= 0.05).mean()
    assert 0.005 < share < 0.08


def test_a_group_that_changed_stands_out() -> None:
    rng = np.random.default_rng(1)
    pairs, changes, groups = trained(rng, 6, 0.1)
    floor, change = held_out(pairs, changes, 5)
    rows = [np.flatnonzero(groups == one) for one in range(GROUPS)]
    change = np.where(groups == 4, 1.5 * change, change)
    found = group_p_values(floor, change, rows)
    assert found.argmin() == 4
    assert found[4] < 0.05 / GROUPS


def test_the_statistic_is_that_of_scipy() -> None:
    """Where tokens of a group don't move together, its variance is that of ranks."""
    rng = np.random.default_rng(2)
    pairs, changes, groups = trained(rng, 21, 0.0)
    floor, change = held_out(pairs, changes.round(1), 20)
    rows = [np.flatnonzero(groups == one) for one in range(GROUPS)]
    found = group_p_values(floor, change, rows)
    over = floor.over_usual(change)
    expected = [
        stats.mannwhitneyu(
            over[one], np.delete(over, one), alternative="greater", method="asymptotic"
        ).pvalue
        for one in rows
    ]
    np.testing.assert_allclose(found, expected, atol=0.15)
    assert np.corrcoef(found, expected)[0, 1] > 0.95


def test_what_is_too_little_is_not_judged() -> None:
    rng = np.random.default_rng(3)
    pairs, changes, _ = trained(rng, 6, 0.0)
    floor, change = held_out(pairs, changes, 5)
    few, many = np.arange(4), np.arange(5)
    found = group_p_values(floor, change, [few, many, np.arange(TOKENS)])
    assert np.isnan(found).tolist() == [True, False, True]
    two = noise_floor(changes[:1].T, pairs[:1])
    assert np.isnan(group_p_values(two, change, [many])).all()
    assert len(group_p_values(floor, change, [])) == 0
