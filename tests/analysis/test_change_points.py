from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from tb_wordembed.analysis.change_points import (
    SETTLED,
    STRENGTH,
    breaks,
    settled_position,
)

MANY = 4000


def planted(
    count: int, at: int, jump: float, noise: float = 1.0, seed: int = 0
) -> tuple[Any, Any]:
    """Curves that learn smoothly, each at its own pace, and jump once."""
    rng = np.random.default_rng(seed)
    steps = np.arange(count)
    pace = np.exp(rng.uniform(np.log(2), np.log(3 * count), size=(MANY, 1)))
    curves = 5 * noise * (1 - np.exp(-steps / pace)) + jump * (steps >= at)
    return curves + noise * rng.normal(size=curves.shape), steps


@pytest.mark.parametrize(("count", "at"), [(20, 10), (20, 6), (30, 5), (40, 36)])
def test_a_planted_break_is_found_at_its_step(count: int, at: int) -> None:
    curves, steps = planted(count, at, jump=12)
    found = breaks(curves, steps)
    assert (found.positions == at).mean() > 0.9
    right = found.positions == at
    assert np.median(found.jumps[right]) == pytest.approx(12, rel=0.1)
    assert (found.strengths[right] >= STRENGTH).all()


@pytest.mark.parametrize("count", [6, 8, 11])
def test_a_large_break_is_found_in_a_short_series(count: int) -> None:
    curves, steps = planted(count, count // 2, jump=40)
    assert (breaks(curves, steps).positions == count // 2).mean() > 0.9


@pytest.mark.parametrize(
    ("count", "share"), [(6, 0.025), (10, 0.025), (12, 0.005), (15, 0.001), (60, 0.001)]
)
def test_noise_has_hardly_ever_a_break(count: int, share: float) -> None:
    curves = np.random.default_rng(1).normal(size=(20_000, count))
    assert (breaks(curves, np.arange(count)).positions >= 0).mean() < share


@pytest.mark.parametrize("count", [12, 20, 60])
def test_a_random_walk_has_seldom_a_break(count: int) -> None:
    curves = np.random.default_rng(2).normal(size=(20_000, count)).cumsum(axis=1)
    assert (breaks(curves, np.arange(count)).positions >= 0).mean() < 0.01


@pytest.mark.parametrize("count", [6, 10, 20, 100])
def test_smooth_learning_never_breaks(count: int) -> None:
    steps = np.arange(count)
    pace = np.geomspace(0.2, 10 * count, 500)[:, None]
    power = np.linspace(0.1, 4, 500)[:, None]
    decays = np.concatenate([np.exp(-steps / pace), (1 + steps) ** -power])
    for curves in (decays, 1 - decays, np.log1p(steps / pace), steps * pace):
        found = breaks(curves.astype(np.float32), steps)
        assert (found.positions == -1).all()
        assert found.strengths.max() < 2


def test_noisy_learning_hardly_ever_breaks() -> None:
    curves, steps = planted(30, 15, jump=0, seed=3)
    assert (breaks(curves, steps).positions >= 0).mean() < 0.002


def test_curves_without_noise() -> None:
    steps = np.arange(10)
    flat = np.zeros((1, 10))
    jump = (steps >= 4).astype(float)[None]
    found = breaks(np.concatenate([flat, flat + 3, jump, -jump]), steps)
    assert found.positions.tolist() == [-1, -1, 4, 4]
    assert found.strengths[:2].tolist() == [0, 0]
    np.testing.assert_allclose(found.jumps, [0, 0, 1, -1], atol=1e-9)


def test_rounding_of_a_level_is_no_break() -> None:
    level = np.full((1, 12), 0.7, np.float32)
    level[0, 6:] = np.nextafter(level[0, 6:], np.float32(1))
    assert breaks(level, np.arange(12)).positions.tolist() == [-1]


def test_a_lone_outlier_is_no_break() -> None:
    curves = np.random.default_rng(4).normal(size=(MANY, 20))
    curves[:, 9] += 30
    assert (breaks(curves, np.arange(20)).positions >= 0).mean() < 0.01


def test_missing_steps_are_left_out() -> None:
    curves, steps = planted(20, 10, jump=15)
    curves[::2, 0] = np.nan
    curves[::3, 13] = np.inf
    found = breaks(curves, steps)
    assert (found.positions == 10).mean() > 0.9
    for row in (0, 1, 2, 3):
        there = np.isfinite(curves[row])
        alone = breaks(curves[row : row + 1, there], steps[there])
        assert steps[there][alone.positions[0]] == steps[found.positions[row]]
        assert alone.strengths[0] == pytest.approx(found.strengths[row])


def test_uneven_steps() -> None:
    steps = np.array([0, 1, 2, 5, 10, 20, 40, 45, 80, 100, 160, 170, 300, 400, 500])
    noise = np.random.default_rng(5).normal(size=(MANY, len(steps)))
    line = steps * np.linspace(-1, 1, MANY)[:, None]
    assert (breaks(line + noise, steps).positions >= 0).mean() < 0.005
    found = breaks(line + noise + 15 * (steps >= 45), steps)
    assert (found.positions == 7).mean() > 0.8


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_too_few_steps(count: int) -> None:
    found = breaks(np.ones((3, count)), np.arange(count))
    assert found.positions.tolist() == [-1] * 3
    assert np.isnan(found.strengths).all()
    assert np.isnan(found.jumps).all()


def test_no_tokens() -> None:
    assert breaks(np.empty((0, 9)), np.arange(9)).positions.shape == (0,)


@pytest.mark.parametrize("count", [6, 12, 20])
def test_the_strength_is_that_of_numpys_fits(count: int) -> None:
    rng = np.random.default_rng(6)
    curve, steps = rng.normal(size=count), rng.uniform(1, 3, size=count).cumsum()
    width = min(5, max(3, count // 3))

    def fit(part: slice) -> tuple[Any, float]:
        line, residuals, *_ = np.polyfit(steps[part], curve[part], 1, full=True)
        return np.poly1d(line), residuals[0]

    windows = [fit(slice(i, i + width))[1] for i in range(count - width + 1)]
    usual = sorted(windows)[(len(windows) - 1) // 2] / (width - 2)
    strengths = []
    for at in range(3, count - 2):
        parts = slice(max(0, at - width), at), slice(at, at + width)
        (left, before), (right, after) = map(fit, parts)
        middle = (steps[at - 1] + steps[at]) / 2
        sizes = [len(steps[part]) for part in parts]
        noise = max(usual, (before + after) / (sum(sizes) - 4))
        away = [(middle - steps[part].mean()) ** 2 for part in parts]
        spread = [steps[part].var() * len(steps[part]) for part in parts]
        error = noise * sum(
            1 / n + a / s for n, a, s in zip(sizes, away, spread, strict=True)
        )
        strengths.append(abs(right(middle) - left(middle)) / np.sqrt(error))
    found = breaks(curve[None], steps)
    assert found.strengths[0] == pytest.approx(max(strengths))
    is_break = max(strengths) >= STRENGTH
    assert found.positions[0] == (3 + np.argmax(strengths) if is_break else -1)


finite_curves = st_numpy.arrays(
    np.float64, (3, 12), elements=st.floats(-100, 100).map(lambda x: round(x, 2))
)


@given(finite_curves, st.floats(-5, 5), st.floats(-50, 50), st.integers(1, 40))
def test_scale_level_slope_and_pace_of_the_steps_do_not_matter(
    curves: Any, slope: float, level: float, pace: int
) -> None:
    steps = np.arange(12)
    plain = breaks(curves, steps)
    same = breaks(4 * curves, steps * pace + 1000)
    np.testing.assert_array_equal(same.positions, plain.positions)
    np.testing.assert_allclose(same.strengths, plain.strengths, rtol=1e-6)
    np.testing.assert_allclose(same.jumps, 4 * plain.jumps, rtol=1e-6, atol=1e-9)
    tilted = breaks(curves + level + slope * steps, steps)
    # Nearly straight curves are noise of rounding.
    rough = (plain.strengths < 1e3) & (np.ptp(curves, axis=1) > 1)
    np.testing.assert_allclose(
        np.minimum(tilted.strengths[rough], 1e3), plain.strengths[rough], rtol=1e-2
    )


@given(finite_curves)
def test_backwards_it_breaks_as_strongly(curves: Any) -> None:
    forth = breaks(curves, np.arange(12))
    back = breaks(curves[:, ::-1], np.arange(12))
    np.testing.assert_allclose(back.strengths, forth.strengths, rtol=1e-6)


def test_the_table_settles() -> None:
    steps = [0, 1, 2, 3, 4, 5]
    drift = [np.nan, 1.0, 0.5, 0.04, 0.03, 0.01]
    assert settled_position(drift, steps) == 2
    # A rate, not a distance: 0.5 in 50 steps is little.
    assert settled_position(drift, [0, 1, 51, 52, 53, 54]) == 1
    # What wakes up was not settled.
    assert settled_position([np.nan, 1, 0.01, 0.01, 0.6, 0.01], steps) is None


def test_learning_that_goes_on_is_not_settled() -> None:
    assert settled_position([np.nan, *[0.2] * 9], range(10)) is None


def test_a_table_that_never_moved_is_settled_from_the_first_step() -> None:
    assert settled_position([np.nan, 0, 0, 0], range(4)) == 0


def test_an_unknown_interval_is_not_settled() -> None:
    drift = [np.nan, 1, 0, 0, np.nan, 0, 0]
    assert settled_position(drift, range(7)) == 4
    assert settled_position([np.nan] * 7, range(7)) is None


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_too_few_steps_to_be_settled(count: int) -> None:
    assert settled_position([0.0] * count, range(count)) is None


@given(st.lists(st.floats(0, 0.2) | st.floats(0, 10), min_size=4, max_size=20))
def test_settled_by_its_definition(drift: list[float]) -> None:
    steps = range(len(drift))
    at = settled_position(drift, steps)
    rates = drift[1:]
    quiet = [
        all(rate <= SETTLED * max(rates) for rate in rates[i:]) for i in steps[:-2]
    ]
    assert at == (quiet.index(True) if any(quiet) else None)
