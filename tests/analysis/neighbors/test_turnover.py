from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from noted_progress import noted
from scipy.spatial.distance import cosine
from strategies import rotations, table_pairs

from tb_wordembed.analysis.neighbors.all_rows import all_nearest
from tb_wordembed.analysis.neighbors.given_rows import Neighbors, nearest
from tb_wordembed.analysis.neighbors.metrics import METRICS, Metric, usable
from tb_wordembed.analysis.neighbors.second_order import (
    all_second_order_drift,
    second_order_drift,
)
from tb_wordembed.analysis.neighbors.turnover import (
    Sampled,
    TurnoverEstimate,
    change,
    estimated_turnover,
    turnover,
)


def moved(rows: int, dim: int, seed: int = 0) -> tuple[Any, Any]:
    """A table, and one in which each row moved by an amount of its own."""
    rng = np.random.default_rng(seed)
    before = rng.normal(size=(rows, dim))
    after = before + rng.normal(size=before.shape) * rng.uniform(0, 1, (rows, 1))
    return before.astype(np.float32), after.astype(np.float32)


@given(table_pairs(), st.integers(1, 15), st.sampled_from(METRICS))
def test_turnover_of_all_is_the_change_of_each(
    pair: tuple[Any, Any], k: int, metric: Metric
) -> None:
    before, after = (all_nearest(table, k, metric) for table in pair)
    found = turnover(before, after)
    each = [
        change(was[was >= 0], now[now >= 0])
        for was, now in zip(before.indices, after.indices, strict=True)
    ]
    expected = np.array([[one.overlap, one.jaccard] for one in each])
    np.testing.assert_allclose(found.overlap, expected[:, 0], rtol=1e-6)
    np.testing.assert_allclose(found.jaccard, expected[:, 1], rtol=1e-6)
    if np.isnan(expected).all():
        assert math.isnan(found.mean_overlap)
        assert math.isnan(found.mean_jaccard)
    else:
        means = np.nanmean(expected, axis=0)
        assert found.mean_overlap == pytest.approx(means[0])
        assert found.mean_jaccard == pytest.approx(means[1])


def test_turnover_of_a_token_that_lost_its_direction() -> None:
    before = Neighbors(np.array([[1, 2], [-1, -1]], np.int32), np.zeros((2, 2)))
    after = Neighbors(np.array([[-1, -1], [-1, -1]], np.int32), np.zeros((2, 2)))
    found = turnover(before, after)
    np.testing.assert_array_equal(found.overlap, [0, np.nan])
    np.testing.assert_array_equal(found.jaccard, [0, np.nan])
    assert found.mean_overlap == 0


def sampled_turnover(
    before: Any, after: Any, k: int, metric: Metric = "cosine", **drawn: Any
) -> TurnoverEstimate:
    def sampled(table: Any) -> Sampled:
        return Sampled(
            usable(table, metric),
            lambda rows: nearest([(0, table)], table[rows], k, metric, rows),
        )

    return estimated_turnover(sampled(before), sampled(after), **drawn)


@pytest.mark.parametrize("metric", METRICS)
def test_a_sample_of_all_is_exact(metric: Metric) -> None:
    before, after = moved(200, 6)
    before[3], before[4], after[4] = 0, np.nan, np.nan
    exact = turnover(all_nearest(before, 5, metric), all_nearest(after, 5, metric))
    found = sampled_turnover(before, after, 5, metric, sample=500)
    assert found.mean_overlap == pytest.approx(exact.mean_overlap)
    assert (found.sampled, found.population) == (199, 199)
    assert found.standard_error == 0


def test_nineteen_of_twenty_samples_are_within_two_standard_errors() -> None:
    before, after = moved(300, 6)
    exact = turnover(all_nearest(before, 5), all_nearest(after, 5)).mean_overlap
    found = [
        sampled_turnover(before, after, 5, sample=100, seed=seed) for seed in range(200)
    ]
    means = np.array([one.mean_overlap for one in found])
    errors = np.array([one.standard_error for one in found])
    assert {one.sampled for one in found} == {100}
    assert 0.9 <= (np.abs(means - exact) < 1.96 * errors).mean() <= 0.99
    assert means.mean() == pytest.approx(exact, abs=4 * errors.mean() / np.sqrt(200))
    # Sampling a third of all is this much better than with replacement.
    assert means.std() == pytest.approx(errors.mean(), rel=0.15)


def test_equal_seeds_give_equal_estimates() -> None:
    before, after = moved(100, 5)
    first, again, other = (
        sampled_turnover(before, after, 3, sample=20, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_estimates_that_can_not_be() -> None:
    before, after = moved(10, 4)
    assert math.isnan(sampled_turnover(before, after, 3, sample=1).standard_error)
    nothing = sampled_turnover(before * 0, after * 0, 3)
    assert math.isnan(nothing.mean_overlap)
    assert math.isnan(nothing.standard_error)
    assert (nothing.sampled, nothing.population) == (0, 0)
    with pytest.raises(ValueError, match="k is 0"):
        sampled_turnover(before, after, 0)


def local_neighborhood_measure(
    before: Any, after: Any, row: int, union: list[int]
) -> float:
    """By its definition, from SciPy's cosine distances."""
    similarities = [
        [1 - cosine(table[row].astype(float), table[i].astype(float)) for i in union]
        for table in (before, after)
    ]
    return float(cosine(*similarities))


def second_order(before: Any, after: Any, k: int) -> npt.NDArray[np.float32]:
    return all_second_order_drift(
        before, after, all_nearest(before, k).indices, all_nearest(after, k).indices
    )


@pytest.mark.parametrize("k", [1, 5, 300])
def test_second_order_drift_is_the_local_neighborhood_measure(k: int) -> None:
    before, after = moved(250, 8)
    found = second_order(before, after, k)
    was, now = all_nearest(before, k).indices, all_nearest(after, k).indices
    for row in range(0, 250, 10):
        union = sorted({*was[row].tolist(), *now[row].tolist()} - {-1})
        expected = local_neighborhood_measure(before, after, row, union)
        assert found[row] == pytest.approx(expected, abs=1e-6)
        alone = second_order_drift(before[row], after[row], before[union], after[union])
        assert alone == pytest.approx(found[row], rel=1e-6, abs=1e-12)


def test_second_order_drift_of_what_did_not_change_is_exactly_zero() -> None:
    before, _ = moved(100, 8)
    assert (second_order(before, before.copy(), 5) == 0).all()


@given(st.data(), st.floats(0.1, 10))
def test_second_order_drift_needs_no_alignment(
    data: st.DataObject, scale: float
) -> None:
    before, after = moved(30, 4)
    turned = (after @ data.draw(rotations(4)) * scale).astype(np.float32)
    np.testing.assert_allclose(
        second_order(before, turned, 3), second_order(before, after, 3), atol=1e-5
    )
    still = (before @ data.draw(rotations(4)) * scale).astype(np.float32)
    assert second_order(before, still, 3).max() < 1e-9


def test_second_order_drift_of_tables_of_different_dimensions() -> None:
    before, after = moved(60, 8)
    wider = np.pad(after, ((0, 0), (0, 3)))
    np.testing.assert_allclose(
        second_order(before, wider, 4), second_order(before, after, 4), atol=1e-7
    )


def test_what_is_not_finite_is_left_out_of_second_order_drift() -> None:
    before, after = moved(40, 5)
    was = all_nearest(before, 3).indices
    gone = int(was[0, 0])
    after[gone] = np.nan
    found = second_order(before, after, 3)
    now = all_nearest(after, 3).indices
    assert math.isnan(found[gone])
    assert np.isfinite(np.delete(found, gone)).all()
    union = sorted({*was[0].tolist(), *now[0].tolist()} - {gone})
    expected = local_neighborhood_measure(before, after, 0, union)
    assert found[0] == pytest.approx(expected, abs=1e-6)
    alone = np.ones((1, 5), np.float32)
    assert np.isnan(second_order(alone, alone, 3)).all()
    assert math.isnan(second_order_drift(alone[0], alone[0], alone[:0], alone[:0]))


def test_second_order_drift_tells_progress() -> None:
    before, after = moved(5000, 8)
    near, shares = all_nearest(before, 3).indices, list[float]()
    all_second_order_drift(before, after, near, near, noted(shares))
    assert (np.diff(shares) > 0).all()
    assert len(shares) > 1
    assert shares[-1] == 1
