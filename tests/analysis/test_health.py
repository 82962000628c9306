from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from scipy.spatial.distance import pdist
from scipy.stats import entropy
from strategies import blocks, tables

from tb_wordembed.analysis.drift import drift
from tb_wordembed.analysis.health import StepHealth, step_health
from tb_wordembed.analysis.projection import moments


def health(table: Any, previous: Any = None, first: Any = None) -> StepHealth:
    parts = [
        (
            rows,
            None if previous is None else previous[start : start + len(rows)],
            None if first is None else first[start : start + len(rows)],
        )
        for start, rows in blocks(table)
    ]
    return step_health(parts, moments(blocks(table), table.shape[1]))


@given(tables())
def test_effective_rank_is_the_entropy_of_the_singular_values(table: Any) -> None:
    singular = np.linalg.svd(table.astype(float), compute_uv=False)
    found = health(table).effective_rank
    if singular.sum() == 0:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(np.exp(entropy(singular)), rel=1e-4)


@pytest.mark.parametrize("rank", [1, 3, 10])
def test_effective_rank_of_equal_singular_values_is_the_rank(rank: int) -> None:
    rng = np.random.default_rng(0)
    left, _ = np.linalg.qr(rng.normal(size=(400, rank)))
    right, _ = np.linalg.qr(rng.normal(size=(10, rank)))
    table = (left @ right.T).astype(np.float32)
    assert health(table).effective_rank == pytest.approx(rank, rel=1e-4)


@given(tables(min_rows=2))
def test_mean_pairwise_cosine_is_the_mean_over_all_pairs(table: Any) -> None:
    rows = table[table.any(axis=1)].astype(float)
    found = health(table).mean_pairwise_cosine
    if len(rows) < 2:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(1 - pdist(rows, "cosine").mean(), abs=1e-9)


def test_quantiles_of_norms_and_drift() -> None:
    rng = np.random.default_rng(1)
    first, previous, table = rng.normal(size=(3, 101, 4)).astype(np.float32)
    found = health(table, previous, first)
    at = [0.1, 0.5, 0.9, 1.0]
    np.testing.assert_allclose(
        found.norm, np.quantile(np.linalg.norm(table, axis=1), at), rtol=1e-6
    )
    np.testing.assert_allclose(
        found.drift_from_first, np.quantile(drift(first, table), at), rtol=1e-6
    )
    np.testing.assert_allclose(
        found.drift_from_previous, np.quantile(drift(previous, table), at), rtol=1e-6
    )


def test_counts() -> None:
    before = np.ones((8, 2), np.float32)
    before[6] = np.nan
    table = before.copy()
    table[1] = 0
    table[2] = -0.0
    table[3, 0] = np.nan
    table[4, 1] = np.inf
    table[5, 1] = np.nextafter(np.float32(1), np.float32(2))
    found = health(table, before, before)
    assert (found.zero_rows, found.non_finite_rows) == (2, 3)
    # Rows 0 and 7; row 6 stayed what it was, too, but is no row to speak of.
    assert found.frozen_rows == 2


def test_the_first_step_has_nothing_to_compare_with() -> None:
    found = health(np.ones((3, 2), np.float32))
    assert found.frozen_rows is None
    assert np.isnan(found.drift_from_first).all()
    assert np.isnan(found.drift_from_previous).all()


def test_one_row_and_nothing_finite() -> None:
    found = health(np.full((1, 2), np.nan, np.float32))
    assert found.non_finite_rows == 1
    assert np.isnan(found.norm).all()
    assert np.isnan(found.effective_rank)
    assert np.isnan(found.mean_pairwise_cosine)
