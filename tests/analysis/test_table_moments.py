from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from strategies import table_pairs, tables
from whole_tables import moments_of, pair_of

from tb_wordembed.analysis.table_moments import pool

RNG = np.random.default_rng(0)


def assert_close(found: Any, expected: Any, size: Any) -> None:
    """As near as the docstring of the module says."""
    assert (np.abs(found - expected) <= 1e-6 * size + 1e-300).all()


@given(tables())
def test_moments_are_those_of_the_whole_table(table: Any) -> None:
    found, wide = moments_of(table), table.astype(float)
    assert found.count == len(table)
    assert_close(found.total, wide.sum(axis=0), abs(wide).sum(axis=0))
    size = np.sqrt((wide**2).sum(axis=0))
    assert_close(found.gram, wide.T @ wide, np.outer(size, size))


@given(table_pairs())
def test_a_pair_holds_all_products(tables: tuple[Any, Any]) -> None:
    x, y = (table.astype(float) for table in tables)
    found = pair_of(*tables)
    size = np.sqrt((x**2).sum() + (y**2).sum()) ** 2
    assert_close(found.before.gram, x.T @ x, size)
    assert_close(found.after.gram, y.T @ y, size)
    assert_close(found.cross, x.T @ y, size)
    assert_close(found.drag, y.T @ (y - x), size)
    assert_close(found.spread, (y - x).T @ (y - x), size)
    assert found.moved == pytest.approx(((y - x) ** 2).sum(), rel=1e-5)


def test_a_large_table_is_summed_as_accurately_as_the_module_says() -> None:
    before = (RNG.normal(size=(20_000, 60)) * 0.9 ** np.arange(60)).astype(np.float32)
    after = (before + 0.1 * RNG.normal(size=before.shape)).astype(np.float32)
    found = pair_of(before, after, 800)
    x, y = before.astype(float), after.astype(float)
    lengths = [np.sqrt((table**2).sum(axis=0)) for table in (x, y, y - x)]
    for ours, theirs, left, right in (
        (found.before.gram, x.T @ x, 0, 0),
        (found.after.gram, y.T @ y, 1, 1),
        (found.drag, y.T @ (y - x), 1, 2),
    ):
        error = np.abs(ours - theirs) / np.outer(lengths[left], lengths[right])
        assert error.max() < 3e-7


@pytest.mark.parametrize("spread", [1.0, 1e-2, 1e-4])
def test_covariance_is_accurate_however_far_the_mean(spread: float) -> None:
    table = (1 + spread * RNG.normal(size=(4000, 20))).astype(np.float32)
    expected = np.cov(table.astype(float).T, bias=True)
    found = moments_of(table, 900).covariance()
    np.testing.assert_allclose(found, expected, atol=1e-6 * np.trace(expected) / 20)


@pytest.mark.parametrize("scale", [1e-40, 1e-30, 1e-15, 1e15, 1e30])
def test_any_magnitude(scale: float) -> None:
    before, after = (RNG.normal(size=(2, 60, 4)) * scale).astype(np.float32)
    x, y = before.astype(float), after.astype(float)
    found = pair_of(before, after)
    for ours, theirs in (
        (found.before.gram, x.T @ x),
        (found.after.gram, y.T @ y),
        (found.cross, x.T @ y),
    ):
        np.testing.assert_allclose(ours, theirs, atol=1e-6 * np.trace(x.T @ x))
    assert found.moved == pytest.approx(((y - x) ** 2).sum(), rel=1e-6)


def test_rows_that_are_not_finite_on_either_side_are_left_out() -> None:
    before, after = RNG.normal(size=(2, 40, 3)).astype(np.float32)
    before[3], before[10:20], after[4, 1], after[12] = np.nan, np.nan, np.inf, np.nan
    kept = np.isfinite(before + after).all(axis=1)
    found, clean = pair_of(before, after), pair_of(before[kept], after[kept])
    assert found.before.count == found.after.count == kept.sum()
    for ours, theirs in (
        (found.before.total, clean.before.total),
        (found.after.total, clean.after.total),
        (found.before.gram, clean.before.gram),
        (found.after.gram, clean.after.gram),
        (found.drag, clean.drag),
        (found.moved, clean.moved),
    ):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_equal_rows_have_no_covariance() -> None:
    table = np.tile(RNG.normal(size=7), (100, 1)).astype(np.float32)
    assert (moments_of(table).covariance() == 0).all()


def test_pooled_moments_are_those_of_all_rows() -> None:
    parts = RNG.normal(size=(3, 30, 4)).astype(np.float32)
    found = pool(map(moments_of, parts))
    stacked = parts.reshape(-1, 4).astype(float)
    assert found.count == 90
    np.testing.assert_allclose(found.mean, stacked.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.covariance(), np.cov(stacked.T, bias=True), 1e-4)
