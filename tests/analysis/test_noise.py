"""Noise floors, and which tokens exceed them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tb_wordembed.analysis.noise import noise_floor, q_values


def test_q_values_are_those_of_scipy() -> None:
    p_values = np.random.default_rng(0).uniform(size=50) ** 2
    found = q_values(p_values)
    np.testing.assert_allclose(found, stats.false_discovery_control(p_values))


def test_tokens_without_a_p_value_have_no_q_value() -> None:
    found = q_values(np.array([0.01, np.nan, 0.5]))
    np.testing.assert_allclose(found, [0.02, np.nan, 0.5])


def test_a_p_value_is_the_share_of_the_floor_that_is_as_large() -> None:
    values = np.array([[0.1, 0.2], [0.3, np.nan]], np.float32)
    floor = noise_floor(values)
    assert (floor.pairs, floor.pooled) == (2, 2)
    found = floor.p_values(np.array([0.2, np.nan], np.float32))
    np.testing.assert_allclose(found, [3 / 4, np.nan])


def test_tokens_of_like_frequency_are_pooled() -> None:
    """Rare tokens are noisier: 0.5 is much for a frequent one and nothing for them."""
    rng = np.random.default_rng(1)
    frequency = rng.permutation(20_000).astype(float)
    noise = np.where(frequency < 10_000, 1.0, 0.1)[:, None]
    values = (noise * rng.uniform(size=(20_000, 10))).astype(np.float32)
    floor = noise_floor(values, frequency)
    assert floor.pooled == 200
    found = floor.p_values(np.full(20_000, 0.5, np.float32))
    assert found[frequency > 10_200].max() < 0.001
    assert found[frequency < 9_800] == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("is_known", [True, False])
def test_p_values_of_chance_are_uniform(is_known: bool) -> None:
    rng = np.random.default_rng(2)
    frequency = rng.permutation(5000).astype(float)
    scale = 1 + (frequency[:, None] / 5000 if is_known else 0)
    values = (scale * rng.gamma(2, size=(5000, 11))).astype(np.float32)
    floor = noise_floor(values[:, :10], frequency if is_known else None)
    found = floor.p_values(values[:, 10])
    for level in (0.01, 0.05, 0.5):
        error = np.sqrt(level * (1 - level) / 5000)
        assert (found <= level).mean() == pytest.approx(level, abs=4 * error)
