from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import distance
from strategies import rotations, table_pairs, tables

from tb_wordembed.analysis.drift import MEASURES, Measure, drift, straightness

Pair = tuple[Any, Any]


@given(table_pairs())
def test_cosine_and_euclidean_are_those_of_scipy(pair: Pair) -> None:
    before, after = pair
    cosine, euclidean = drift(before, after), drift(before, after, "euclidean")
    for row, (a, b) in enumerate(
        zip(before.astype(float), after.astype(float), strict=True)
    ):
        assert euclidean[row] == pytest.approx(distance.euclidean(a, b), rel=1e-6)
        if a.any() and b.any():
            assert cosine[row] == pytest.approx(distance.cosine(a, b), abs=1e-6)
        else:
            assert np.isnan(cosine[row])


@given(table_pairs())
def test_relative_and_norm_change_by_their_definitions(pair: Pair) -> None:
    before, after = (table.astype(float) for table in pair)
    old, new = np.linalg.norm(before, axis=1), np.linalg.norm(after, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.linalg.norm(after - before, axis=1) / old
    relative[old == 0] = np.nan
    np.testing.assert_allclose(drift(*pair, "relative"), relative, rtol=1e-6)
    assert (
        np.abs(drift(*pair, "norm_change") - (new - old)) <= 1e-6 * (new + old)
    ).all()


@given(tables(), st.sampled_from(MEASURES))
def test_what_did_not_change_has_drift_exactly_zero(
    table: Any, measure: Measure
) -> None:
    values = drift(table, table, measure)
    directed = table.any(axis=1) | (measure in ("euclidean", "norm_change"))
    assert (values[directed] == 0).all()
    assert np.isnan(values[~directed]).all()


@given(table_pairs())
def test_cosine_and_euclidean_are_symmetric(pair: Pair) -> None:
    before, after = pair
    for measure in ("cosine", "euclidean"):
        np.testing.assert_allclose(
            drift(before, after, measure), drift(after, before, measure), atol=1e-6
        )


@given(table_pairs(min_dim=2), st.data())
def test_rotating_both_tables_changes_nothing(pair: Pair, data: st.DataObject) -> None:
    rotation = data.draw(rotations(pair[0].shape[1]))
    before, after = ((table @ rotation).astype(np.float32) for table in pair)
    for measure in MEASURES:
        expected: Any = drift(*pair, measure)
        np.testing.assert_allclose(
            drift(before, after, measure), expected, atol=1e-2, rtol=1e-3
        )


@given(table_pairs(), st.sampled_from([0.25, 2.0, 1024.0]))
def test_cosine_knows_no_scale(pair: Pair, factor: float) -> None:
    before, after = pair
    np.testing.assert_allclose(
        drift(before, after), drift(before, after * np.float32(factor)), atol=1e-6
    )


@given(table_pairs(), st.integers(-30, 30))
def test_cosine_is_scipys_however_different_the_norms(
    pair: Pair, exponent: int
) -> None:
    before, after = pair
    before, after = before[:, :], (after * np.float64(10) ** exponent)
    after = after.astype(np.float32)
    values = drift(before, after)
    for row, (a, b) in enumerate(
        zip(before.astype(float), after.astype(float), strict=True)
    ):
        if a.any() and b.any():
            expected = distance.cosine(a / abs(a).max(), b / abs(b).max())
            assert values[row] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("angle", [1e-1, 1e-3, 1e-5])
def test_a_small_turn_is_not_lost_to_rounding(angle: float) -> None:
    before = np.array([[1.0, 0.0]], np.float32)
    after = np.array([[1.0, np.tan(angle)]], np.float32)
    expected = 2 * np.sin(angle / 2) ** 2
    assert drift(before, after)[0] == pytest.approx(expected, rel=1e-5)


def in_long_double(before: Any, after: Any) -> tuple[Any, Any]:
    """Cosine drift, and the squared displacement over the norms, for reference."""
    a, b = before.astype(np.longdouble), after.astype(np.longdouble)
    lengths = np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1)
    chord = a / lengths[0][:, None] - b / lengths[1][:, None]
    squared = ((b - a) ** 2).sum(axis=1) / (lengths[0] * lengths[1])
    return (chord**2).sum(axis=1) / 2, squared


@pytest.mark.parametrize("scale", [1e-30, 1e-20, 1e-13, 1.0, 1e14, 1e20, 1e30])
@pytest.mark.parametrize("size", [1e-7, 1e-4, 1e-2, 1.0, 30.0])
def test_cosine_is_accurate_however_small_the_drift(scale: float, size: float) -> None:
    rng = np.random.default_rng(0)
    before = rng.normal(size=(200, 64))
    after = before + size * rng.normal(size=(200, 64))
    after[:50] = before[:50] * (1 + size)  # The norm alone changes.
    pair = [(table * scale).astype(np.float32) for table in (before, after)]
    expected, squared = in_long_double(*pair)
    error = np.abs(drift(pair[0], pair[1]) - expected)
    assert (error <= np.maximum(1e-5 * expected, 1e-6 * np.minimum(squared, 1))).all()


@pytest.mark.parametrize("measure", ["euclidean", "relative", "norm_change"])
@pytest.mark.parametrize("size", [1e-6, 1e-2, 30.0])
@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_the_others_are_accurate_however_small_the_drift(
    measure: Measure, size: float, scale: float
) -> None:
    rng = np.random.default_rng(1)
    before = (rng.normal(size=(200, 64)) * scale).astype(np.float32)
    after = before * (1 + size * rng.normal(size=(200, 64))).astype(np.float32)
    a, b = before.astype(np.longdouble), after.astype(np.longdouble)
    moved, length = np.linalg.norm(b - a, axis=1), np.linalg.norm(a, axis=1)
    expected = {
        "euclidean": moved,
        "relative": moved / length,
        "norm_change": np.linalg.norm(b, axis=1) - length,
    }[measure]
    # A change of the norm may be much smaller than the displacement it is part of.
    allowed = 1e-6 * (moved if measure == "norm_change" else expected)
    assert (np.abs(drift(before, after, measure) - expected) <= allowed).all()


@given(st.sampled_from(MEASURES), st.integers(0, 7))
def test_a_row_knows_nothing_of_the_others(measure: Measure, index: int) -> None:
    rng = np.random.default_rng(2)
    before = rng.normal(size=(8, 5)).astype(np.float32)
    after = before + rng.normal(size=(8, 5)).astype(np.float32)
    after[0], after[1], before[2] = 0, np.nan, np.inf
    before[3] *= 1e30
    after[4] *= 1e-30
    after[5] = before[5]
    one = slice(index, index + 1)
    np.testing.assert_allclose(
        drift(before[one], after[one], measure),
        drift(before, after, measure)[one],
        rtol=1e-6,
    )


def test_changes_too_small_for_float32_squares_are_seen() -> None:
    before = np.array([[1e-30, 0.0], [1.0, 1e-30]], np.float32)
    after = np.array([[2e-30, 0.0], [1.0, 2e-30]], np.float32)
    np.testing.assert_allclose(
        drift(before, after, "euclidean"), [1e-30, 1e-30], rtol=1e-6
    )


def test_opposite_rows_drift_by_two() -> None:
    table = np.array([[3.0, 4.0]], np.float32)
    assert drift(table, -table).tolist() == [2.0]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_rows_that_are_not_finite_are_nan_and_alone(
    measure: Measure, bad: float
) -> None:
    before = np.ones((3, 2), np.float32)
    after = np.array([[1, 2], [bad, 1], [2, 2]], np.float32)
    assert np.isnan(drift(before, after, measure)).tolist() == [False, True, False]
    assert np.isnan(drift(after, before, measure)).tolist() == [False, True, False]


def test_large_and_small_numbers_do_not_overflow() -> None:
    before = np.array([[3e38, 0], [1e-38, 0]], np.float32)
    after = np.array([[0, 3e38], [0, 1e-38]], np.float32)
    np.testing.assert_allclose(drift(before, after), [1, 1])
    assert np.isnan(drift(before, -before, "euclidean")[0])


def test_clear_errors() -> None:
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(2, 4\)"):
        drift(np.zeros((2, 3), np.float32), np.zeros((2, 4), np.float32))
    zeros = np.zeros((2, 3), np.float32)
    with pytest.raises(ValueError, match=r"'manhattan'; expected one of .*cosine"):
        drift(zeros, zeros, "manhattan")  # type: ignore[arg-type]


@given(table_pairs())
def test_straightness_is_between_0_and_1(pair: Pair) -> None:
    before, after = pair
    legs = drift(before, after, "euclidean").astype(float)
    there_and_on = legs + drift(after, 2 * after - before, "euclidean").astype(float)
    net = drift(before, 2 * after - before, "euclidean")
    found = straightness(net, there_and_on)
    np.testing.assert_allclose(found[legs > 0], 1, rtol=1e-6)
    assert np.isnan(found[legs == 0]).all()
    assert (straightness(legs, 2 * legs)[legs > 0] == 0.5).all()


def test_straightness_by_hand() -> None:
    net = np.array([5, 0, 0, np.nan, 1], np.float32)
    path = np.array([7, 2, 0, 1, np.nan])
    np.testing.assert_allclose(
        straightness(net, path), [5 / 7, 0, np.nan, np.nan, np.nan], rtol=1e-6
    )
