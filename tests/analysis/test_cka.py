from __future__ import annotations

import numpy as np
import pytest

from tb_wordembed.analysis.cka import table_cka
from tb_wordembed.analysis.health import linear_cka
from tb_wordembed.analysis.sums import pair


def test_the_numbers_of_the_authors_demonstration() -> None:
    np.random.seed(1337)
    first = np.random.randn(100, 10)
    second = np.random.randn(100, 10) + first
    assert table_cka(first, second) == pytest.approx(0.55761, abs=5e-6)
    assert table_cka(first, second, debiased=True) == pytest.approx(0.51346, abs=5e-6)
    both = first.astype(np.float32), second.astype(np.float32)
    assert linear_cka(pair([both], 10)) == pytest.approx(0.55761, abs=1e-5)


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
