from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes
from strategies import rotations, table_pairs, tables
from whole_tables import cross_of, pair_of

from tb_wordembed.analysis.alignment import align, procrustes_residual
from tb_wordembed.analysis.drift import drift

RNG = np.random.default_rng(0)


def residual_by_scipy(before: Any, after: Any, centered: bool) -> float:
    x, y = before.astype(float), after.astype(float)
    if centered:
        x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    rotation, _ = orthogonal_procrustes(x, y)
    size = np.sqrt((x**2).sum() + (y**2).sum())
    return float(np.linalg.norm(x @ rotation - y) / size)


@given(table_pairs(), st.booleans())
def test_the_residual_is_scipys(pair: Any, centered: bool) -> None:
    found = align(cross_of(*pair), centered).residual
    x, y = (table.astype(float) for table in pair)
    spread = (x.std(axis=0) ** 2 + y.std(axis=0) ** 2).sum() if centered else 1
    if not (x.any() or y.any()):
        assert np.isnan(found)
    elif spread > 1e-6 * ((x**2).mean() + (y**2).mean()):
        assert found == pytest.approx(
            residual_by_scipy(pair[0], pair[1], centered), abs=2e-3
        )


@pytest.mark.parametrize("centered", [False, True])
@pytest.mark.parametrize("size", [1e-4, 1e-2, 1.0, 10.0])
def test_the_rotation_is_scipys(size: float, centered: bool) -> None:
    before = RNG.normal(size=(500, 12)).astype(np.float32)
    after = (before + size * (RNG.normal(size=(500, 12)) + 2)).astype(np.float32)
    x, y = before.astype(float), after.astype(float)
    if centered:
        x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    found = align(cross_of(before, after, 100), centered)
    rotation, _ = orthogonal_procrustes(x, y)
    np.testing.assert_allclose(found.rotation, rotation, atol=1e-3)
    expected = residual_by_scipy(before, after, centered)
    assert found.residual == pytest.approx(expected, rel=1e-4)
    if not centered:
        whole = procrustes_residual(pair_of(before, after))
        assert whole == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("size", [1e-5, 1e-4, 1e-3])
def test_a_small_change_is_not_lost_to_rounding(size: float) -> None:
    before = RNG.normal(size=(2000, 30)).astype(np.float32)
    after = (before + size * RNG.normal(size=before.shape)).astype(np.float32)
    expected = residual_by_scipy(before, after, False)
    for found in (
        procrustes_residual(pair_of(before, after, 500)),
        align(cross_of(before, after, 500)).residual,
    ):
        assert found == pytest.approx(expected, rel=1e-2)


@given(tables(min_dim=2), st.booleans(), st.data())
def test_a_rotated_table_is_laid_upon_itself(
    table: Any, centered: bool, data: st.DataObject
) -> None:
    rotation = data.draw(rotations(table.shape[1]))
    shift = 5 * centered
    turned = ((table - shift) @ rotation + 2 * shift).astype(np.float32)
    found = align(cross_of(table, turned), centered)
    size = 1 + abs(table).max()
    np.testing.assert_allclose(found.apply(table), turned, atol=1e-3 * size)
    np.testing.assert_allclose(
        found.rotation @ found.rotation.T, np.eye(table.shape[1]), atol=1e-12
    )


def test_aligned_drift_is_what_the_rotation_does_not_explain() -> None:
    before = RNG.normal(size=(400, 8)).astype(np.float32)
    rotation, _ = np.linalg.qr(RNG.normal(size=(8, 8)))
    after = (before @ rotation).astype(np.float32)
    after[7] += 3
    found = align(cross_of(before, after, 100))
    aligned = drift(found.apply(before), after)
    assert np.median(drift(before, after)) > 0.1
    assert np.median(aligned) < 1e-4
    assert aligned.argmax() == 7


@given(table_pairs())
def test_the_residual_is_symmetric_and_between_0_and_1(pair: Any) -> None:
    there = procrustes_residual(pair_of(*pair))
    back = procrustes_residual(pair_of(*pair[::-1]))
    assert np.isnan(there) or 0 <= there <= 1
    assert there == pytest.approx(back, abs=2e-3, nan_ok=True)


@given(tables())
def test_a_table_and_itself_have_no_residual(table: Any) -> None:
    found = procrustes_residual(pair_of(table, table))
    assert found == pytest.approx(0, abs=1e-6) or not table.any()


def test_tables_with_nothing_in_common() -> None:
    table = np.zeros((4, 2), np.float32)
    other = table.copy()
    table[:2], other[2:] = np.eye(2), np.eye(2)
    assert procrustes_residual(pair_of(table, other)) == 1


def test_centering_takes_a_shift_of_all_rows_off() -> None:
    before = RNG.normal(size=(100, 5)).astype(np.float32)
    cross = cross_of(before, before + np.float32(1))
    assert align(cross, centered=True).residual < 1e-6
    assert align(cross).residual > 0.1


def test_rows_that_are_not_finite_change_nothing() -> None:
    before, after = RNG.normal(size=(2, 50, 4)).astype(np.float32)
    clean = align(cross_of(before[2:], after[2:]))
    before[0], after[1] = np.nan, np.inf
    found = align(cross_of(before, after))
    np.testing.assert_allclose(found.rotation, clean.rotation, atol=1e-4)
    assert found.residual == pytest.approx(clean.residual, rel=1e-4)
    assert np.isnan(found.apply(before)[0]).all()
