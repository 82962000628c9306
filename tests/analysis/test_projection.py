from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from sklearn.decomposition import PCA
from strategies import blocks, tables

from tb_wordembed.analysis.projection import moments, pool, principal_basis

RNG = np.random.default_rng(0)
TABLES = [
    (RNG.normal(size=(200, 8)) * np.arange(8, 0, -1) + step).astype(np.float32)
    for step in range(3)
]


def moments_of(table: Any) -> Any:
    return moments(blocks(table), table.shape[1])


@given(tables())
def test_moments_are_those_of_the_whole_table(table: Any) -> None:
    found, wide = moments_of(table), table.astype(float)
    assert found.count == len(table)
    np.testing.assert_allclose(found.total, wide.sum(axis=0), atol=1e-9)
    np.testing.assert_allclose(found.gram, wide.T @ wide, atol=1e-9)


def test_the_basis_is_scikit_learns_pca_of_all_steps_together() -> None:
    basis = principal_basis(pool(map(moments_of, TABLES)))
    stacked = np.concatenate(TABLES).astype(float)
    oracle = PCA(3).fit(stacked)
    for ours, theirs in zip(basis.components, oracle.components_, strict=True):
        assert abs(ours @ theirs) == pytest.approx(1, abs=1e-9)
    for table in TABLES:
        np.testing.assert_allclose(
            np.abs(basis.project(table)),
            np.abs(oracle.transform(table.astype(float))),
            atol=1e-4,
        )
    np.testing.assert_allclose(
        basis.explained_variance_ratio(pool(map(moments_of, TABLES))),
        oracle.explained_variance_ratio_,
        rtol=1e-9,
    )


def test_explained_variance_of_one_step_is_that_of_its_coordinates() -> None:
    basis = principal_basis(pool(map(moments_of, TABLES)))
    table = TABLES[1]
    np.testing.assert_allclose(
        basis.explained_variance_ratio(moments_of(table)),
        basis.project(table).astype(float).var(axis=0) / table.var(axis=0).sum(),
        rtol=1e-5,
    )


@given(tables(min_dim=2))
def test_signs_are_deterministic(table: Any) -> None:
    components = principal_basis(moments_of(table)).components
    for component in components:
        assert component[np.abs(component).argmax()] >= 0


def test_rows_that_are_not_finite_change_nothing_and_have_no_place() -> None:
    table = TABLES[0].copy()
    clean = principal_basis(moments_of(table[2:]))
    table[0, 3], table[1, 0] = np.nan, np.inf
    basis = principal_basis(moments_of(table))
    np.testing.assert_allclose(basis.components, clean.components, atol=1e-12)
    positions = basis.project(table)
    assert np.isnan(positions[:2]).all()
    assert np.isfinite(positions[2:]).all()


@pytest.mark.parametrize("dim", [1, 2])
def test_fewer_dimensions_than_components(dim: int) -> None:
    table = TABLES[0][:, :dim]
    basis = principal_basis(moments_of(table))
    assert basis.project(table).shape == (200, 3)
    assert (basis.project(table)[:, dim:] == 0).all()


def test_equal_rows_have_no_variance_to_explain() -> None:
    table = np.full((50, 4), 0.1, np.float32)
    found = moments_of(table)
    basis = principal_basis(found)
    assert np.isnan(basis.explained_variance_ratio(found)).all()
    np.testing.assert_allclose(basis.project(table), 0, atol=1e-6)


def test_nothing_finite() -> None:
    table = np.full((3, 2), np.nan, np.float32)
    basis = principal_basis(moments_of(table))
    assert np.isnan(basis.project(table)).all()
    assert np.isnan(basis.explained_variance_ratio(moments_of(table))).all()


def test_nothing_to_pool() -> None:
    with pytest.raises(ValueError, match="no table"):
        pool([])
