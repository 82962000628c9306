from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from strategies import blocks, tables
from whole_tables import moments_of

from tb_wordembed.analysis.projection import Basis, principal_basis, project
from tb_wordembed.analysis.table_moments import pool
from tb_wordembed.engine.local import LocalEngine

RNG = np.random.default_rng(0)
TABLES = [
    (RNG.normal(size=(200, 8)) * np.arange(8, 0, -1) + step).astype(np.float32)
    for step in range(3)
]


def explained(basis: Basis, *tables: Any) -> Any:
    """Of some tables as one."""
    return project(
        basis, blocks(np.concatenate(tables), 7), np.concatenate(tables).shape
    ).explained_variance_ratio


@pytest.mark.parametrize("n_components", [1, 3, 7])
def test_the_basis_is_scikit_learns_pca_of_all_steps_together(
    n_components: int,
) -> None:
    basis = principal_basis(pool(map(moments_of, TABLES)), n_components)
    stacked = np.concatenate(TABLES).astype(float)
    oracle = PCA(n_components).fit(stacked)
    for ours, theirs in zip(basis.components, oracle.components_, strict=True):
        assert abs(ours @ theirs) == pytest.approx(1, abs=1e-9)
    for table in TABLES:
        np.testing.assert_allclose(
            np.abs(basis.project(table)),
            np.abs(oracle.transform(table.astype(float))),
            atol=1e-4,
        )
    np.testing.assert_allclose(
        explained(basis, *TABLES),
        oracle.explained_variance_ratio_,
        rtol=1e-5,
    )


def test_explained_variance_of_one_step_is_that_of_its_coordinates() -> None:
    basis = principal_basis(pool(map(moments_of, TABLES)))
    table = TABLES[1]
    np.testing.assert_allclose(
        explained(basis, table),
        basis.project(table).astype(float).var(axis=0) / table.var(axis=0).sum(),
        rtol=1e-5,
    )


@given(tables(), st.integers(1, 5))
def test_explained_variance_is_that_of_the_finite_rows(table: Any, rows: int) -> None:
    basis = principal_basis(moments_of(table))
    found = project(basis, blocks(table, rows), table.shape)
    for workers in (2, 3):
        again = project(basis, blocks(table, rows), table.shape, LocalEngine(workers))
        np.testing.assert_array_equal(again.positions, found.positions)
        np.testing.assert_array_equal(
            again.explained_variance_ratio, found.explained_variance_ratio
        )
    far = np.abs(np.nan_to_num(table, posinf=0, neginf=0)).max(initial=0)
    np.testing.assert_allclose(
        found.positions, basis.project(table), rtol=1e-5, atol=1e-6 * max(far, 1e-38)
    )
    wide = table[np.isfinite(table).all(axis=1)].astype(float)
    total = wide.var(axis=0).sum() if len(wide) else 0.0
    if total > 1e-6 * (wide**2).mean(axis=0).sum() > 1e-30:
        along = (wide @ basis.components.T).var(axis=0)
        np.testing.assert_allclose(
            found.explained_variance_ratio, along / total, atol=1e-4
        )
    else:
        ratio = found.explained_variance_ratio
        assert (np.isnan(ratio) | ((ratio >= 0) & (ratio <= 1))).all()


@pytest.mark.parametrize("scale", [1e-20, 1e15, 1e30])
@pytest.mark.parametrize("mean", [0.0, 1000.0])
def test_explained_variance_of_any_magnitude(scale: float, mean: float) -> None:
    table = ((TABLES[0] + mean) * scale).astype(np.float32)
    expected = PCA(3).fit(table.astype(float)).explained_variance_ratio_
    found = explained(principal_basis(moments_of(table)), table)
    np.testing.assert_allclose(found, expected, atol=1e-3)


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
    np.testing.assert_allclose(basis.components, clean.components, atol=1e-5)
    positions = basis.project(table)
    assert np.isnan(positions[:2]).all()
    assert np.isfinite(positions[2:]).all()


@pytest.mark.parametrize("mean", [1.0, 100.0])
def test_positions_are_accurate_far_off_the_origin(mean: float) -> None:
    table = (TABLES[0] + mean).astype(np.float32)
    basis = principal_basis(moments_of(table))
    wide = table.astype(float)
    expected = (wide - wide.mean(axis=0)) @ basis.components.T
    np.testing.assert_allclose(basis.project(table), expected, atol=1e-6 * (8 + mean))


@pytest.mark.parametrize("scale", [1e-40, 1e-30, 1e30, 5e36])
def test_any_magnitude(scale: float) -> None:
    table = (TABLES[0] * scale).astype(np.float32)
    basis = principal_basis(moments_of(table))
    expected = principal_basis(moments_of(TABLES[0])).project(TABLES[0])
    np.testing.assert_allclose(
        basis.project(table) / np.float32(scale) if scale > 1e-38 else expected,
        expected,
        atol=1e-4,
    )
    assert np.isfinite(basis.project(table)).all()


@pytest.mark.parametrize("dim", [1, 2])
def test_fewer_dimensions_than_components(dim: int) -> None:
    table = TABLES[0][:, :dim]
    basis = principal_basis(moments_of(table))
    assert basis.project(table).shape == (200, 3)
    assert (basis.project(table)[:, dim:] == 0).all()


def test_equal_rows_have_no_variance_to_explain() -> None:
    table = np.full((50, 4), 0.1, np.float32)
    basis = principal_basis(moments_of(table))
    assert np.isnan(explained(basis, table)).all()
    np.testing.assert_allclose(basis.project(table), 0, atol=1e-6)


def test_nothing_finite() -> None:
    table = np.full((3, 2), np.nan, np.float32)
    basis = principal_basis(moments_of(table))
    assert np.isnan(basis.project(table)).all()
    assert np.isnan(explained(basis, table)).all()
