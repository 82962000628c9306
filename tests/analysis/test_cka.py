from __future__ import annotations

import numpy as np
import pytest
from whole_tables import pair_of

from tb_wordembed.analysis.cka import Products, cka_matrix, table_cka
from tb_wordembed.analysis.health import linear_cka


def test_the_numbers_of_the_authors_demonstration() -> None:
    np.random.seed(1337)
    first = np.random.randn(100, 10)
    second = np.random.randn(100, 10) + first
    assert table_cka(first, second) == pytest.approx(0.55761, abs=5e-6)
    assert table_cka(first, second, debiased=True) == pytest.approx(0.51346, abs=5e-6)
    both = first.astype(np.float32), second.astype(np.float32)
    assert linear_cka(pair_of(*both)) == pytest.approx(0.55761, abs=1e-5)


def test_a_rotation_a_scale_and_a_shift_change_nothing() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(50, 6)), rng.normal(size=(50, 4))
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    for debiased in (False, True):
        before = table_cka(first, second, debiased=debiased)
        moved = 3 * second @ turn + 7
        assert table_cka(first, moved, debiased=debiased) == pytest.approx(before)
        assert table_cka(first, 2 * first, debiased=debiased) == pytest.approx(1)


def test_rows_that_have_nothing_in_common_are_not_alike_when_debiased() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 60, 40))
    assert table_cka(first, second) > 0.4
    assert abs(table_cka(first, second, debiased=True)) < 0.1


def test_rows_that_are_not_finite_are_left_out() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 30, 5))
    broken = np.vstack([first, np.full((1, 5), np.nan)])
    other = np.vstack([second, np.ones((1, 5))])
    assert table_cka(broken, other) == pytest.approx(table_cka(first, second))
    assert np.isnan(table_cka(first[:1], second[:1]))
    assert np.isnan(table_cka(first, np.ones((30, 5))))


def test_tables_of_different_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="30 and 29 rows; CKA compares the same rows"):
        table_cka(np.ones((30, 2)), np.ones((29, 2)))


def test_a_matrix_is_made_of_the_debiased_cka_of_each_pair() -> None:
    rng = np.random.default_rng(0)
    first = [rng.normal(size=(40, 6)) for _ in range(3)]
    second = [first[0] + 7, *(rng.normal(size=(40, 9)) for _ in range(3))]
    found = cka_matrix(*([Products.of(one) for one in of] for of in (first, second)))
    expected = [
        [table_cka(one, other, debiased=True) for other in second] for one in first
    ]
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert found[0, 0] == pytest.approx(1)


@pytest.mark.parametrize("scale", [1e-44, 1e-20, 1e20, 3e38])
def test_numbers_may_be_of_any_size(scale: float) -> None:
    rng = np.random.default_rng(1)
    table = np.sign(rng.normal(size=(30, 5))).astype(np.float32)
    other = table + rng.normal(size=(30, 5)).astype(np.float32)
    large = (scale * table).astype(np.float32)
    tables = [Products.of(large), Products.of(other)]
    expected = table_cka(table, other, debiased=True)
    assert cka_matrix(tables, tables)[0, 1] == pytest.approx(expected, abs=1e-6)
    for pair in ((large, other), (other, large), (large, large[::-1])):
        expected = table_cka(*(one / np.abs(one).max() for one in pair))
        assert table_cka(*pair) == pytest.approx(expected)
        # A table is lost in the difference to one that is far larger.
        if np.abs(pair[0]).max() < 1e-6 * np.abs(pair[1]).max():
            expected = np.nan
        found = linear_cka(pair_of(*pair))
        assert found == pytest.approx(expected, abs=1e-6, nan_ok=True)


def test_a_matrix_has_no_number_where_there_is_nothing_to_compare() -> None:
    table = np.random.default_rng(2).normal(size=(30, 5))
    broken = table.copy()
    broken[3, 1] = np.nan
    equal = np.full((30, 5), np.float32(0.1))
    tables = [Products.of(one) for one in (table, equal, broken)]
    found = cka_matrix(tables, tables)
    assert found[0, 0] == pytest.approx(1)
    assert np.isnan(found[1:]).all()
    assert np.isnan(found[:, 1:]).all()
    few = [Products.of(table[:3])]
    assert np.isnan(cka_matrix(few, few)).all()
