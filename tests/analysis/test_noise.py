"""Noise floors, and which tokens exceed them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tb_wordembed.analysis.noise import noise_floor, q_values

Table = Any


def test_q_values_are_those_of_scipy() -> None:
    p_values = np.random.default_rng(0).uniform(size=50) ** 2
    found = q_values(p_values)
    np.testing.assert_allclose(found, stats.false_discovery_control(p_values))


def test_tokens_without_a_p_value_have_no_q_value() -> None:
    found = q_values(np.array([0.01, np.nan, 0.5]))
    np.testing.assert_allclose(found, [0.02, np.nan, 0.5])


def test_a_p_value_is_the_share_of_the_floor_that_is_as_large() -> None:
    """Few trainings don't say what is usual of a token."""
    changes = np.array([[0.1], [0.2], [0.3], [np.nan]], np.float32)
    floor = noise_floor(changes, [(0, 1)])
    assert (floor.pairs, floor.pooled) == (1, 4)
    found = floor.p_values(np.array([0.2, np.nan, 0.5, 0.0], np.float32))
    np.testing.assert_allclose(found, [3 / 4, np.nan, 1 / 4, 1])


def test_changes_are_multiples_of_what_is_usual_without_the_second_training() -> None:
    pairs = pairs_of(5)
    changes = np.arange(1, 11, dtype=np.float32)[None]
    floor = noise_floor(np.concatenate([changes, 0 * changes]), pairs)
    np.testing.assert_allclose(floor.usual, [5.5, 0])
    for at, pair in enumerate(pairs):
        for place, second in enumerate(pair):
            others = [n + 1 for n, one in enumerate(pairs) if second not in one]
            expected = (at + 1) / np.mean(others)
            assert floor.multiples[0, 2 * at + place] == pytest.approx(expected)
    assert not floor.multiples[1].any()
    # Any change of a token that chance never changes is more than chance.
    assert floor.p_values(np.array([5.5, 0.1], np.float32))[1] == 1 / (1 + 2 * 5)


def pairs_of(trainings: int) -> list[tuple[int, int]]:
    return list(itertools.combinations(range(trainings), 2))


def simulated(
    rng: np.random.Generator, scale: np.ndarray, trainings: int, heavy: bool = False
) -> Table:
    """Changes of tokens between trainings that are points around a common one; if
    heavy, some are far off."""
    at = scale[:, None, None] * rng.normal(size=(len(scale), trainings, 6))
    if heavy:
        at *= np.exp(rng.normal(size=(*at.shape[:2], 1)))
    pairs = [at[:, one] - at[:, other] for one, other in pairs_of(trainings)]
    return np.stack([np.linalg.norm(one, axis=1) for one in pairs], 1).astype("f4")


def test_a_noisy_token_has_to_change_more() -> None:
    rng = np.random.default_rng(1)
    frequency = rng.permutation(4000).astype(float)
    scale = np.where(rng.uniform(size=4000) < 0.5, 1.0, 0.1)
    floor = noise_floor(simulated(rng, scale, 5), pairs_of(5), frequency)
    assert floor.pooled == 400
    found = floor.p_values(np.full(4000, 3.0, np.float32))
    assert np.median(found[scale < 1]) < 0.001
    assert np.median(found[scale == 1]) > 0.3


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("trainings", [2, 3, 5, 9])
def test_p_values_of_chance_are_uniform(trainings: int, is_known: bool) -> None:
    """Of each token, one more training is held against the others."""
    rng = np.random.default_rng(2)
    frequency = rng.permutation(5000).astype(float)
    scale = 1 + frequency / 5000 if is_known else np.ones(5000)
    changes = simulated(rng, scale, trainings + 1)
    pairs = pairs_of(trainings + 1)
    inside = [at for at, pair in enumerate(pairs) if trainings not in pair]
    floor = noise_floor(
        changes[:, inside], pairs_of(trainings), frequency if is_known else None
    )
    found = floor.p_values(changes[:, pairs.index((0, trainings))])
    for level in (0.01, 0.05, 0.5):
        error = np.sqrt(level * (1 - level) / 5000)
        assert (found <= level).mean() == pytest.approx(level, abs=4 * error)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_training_that_stands_out_in_a_token_is_no_alarm(is_known: bool) -> None:
    """Each training in turn is held against the others. One of nine has the token that
    stands out most of all, in each of its pairs: 11 % of comparisons."""
    rng = np.random.default_rng(4)
    alarms = 0
    for _ in range(3):
        scale = np.exp(rng.normal(size=2000))
        changes = simulated(rng, scale, 9, heavy=True)
        pairs = pairs_of(9)
        frequency = rng.permutation(2000).astype(float) if is_known else None
        for new in range(9):
            inside = [at for at, pair in enumerate(pairs) if new not in pair]
            some = [pairs[at] for at in inside]
            floor = noise_floor(changes[:, inside], some, frequency)
            for at, pair in enumerate(pairs):
                if new in pair:
                    found = q_values(floor.p_values(changes[:, at]))
                    alarms += bool((found <= 0.05).any())
    assert alarms <= 0.05 * 3 * 72


def test_a_few_changed_tokens_of_many_are_found_and_no_others() -> None:
    """The floor of like tokens alone could tell none of them from the others."""
    rng = np.random.default_rng(3)
    scale = np.exp(rng.normal(size=5000))
    found, wrong = 0, 0
    for _ in range(8):
        changes = simulated(rng, scale, 6)
        pairs = pairs_of(6)
        inside = [at for at, pair in enumerate(pairs) if 5 not in pair]
        frequency = rng.permutation(5000).astype(float)
        floor = noise_floor(changes[:, inside], pairs_of(5), frequency)
        change = changes[:, pairs.index((0, 5))].copy()
        change[:8] = 20 * scale[:8]
        is_changed = q_values(floor.p_values(change)) <= 0.05
        found += int(is_changed[:8].sum())
        wrong += int(is_changed[8:].sum())
    assert found == 64
    assert wrong <= 0.05 * (found + wrong) + 5
