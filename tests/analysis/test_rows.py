from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from strategies import tables

from tb_wordembed.analysis.rows import count_duplicates, fingerprints, norms

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("exponent", [-44, -38, -30, -13, 0, 13, 19, 30, 37])
def test_norms_of_any_magnitude_are_those_in_float64(exponent: int) -> None:
    table = (RNG.normal(size=(50, 30)) * 10.0**exponent).astype(np.float32)
    table[3:20] *= np.float32(1e-3)
    expected = np.linalg.norm(table.astype(float), axis=1)
    np.testing.assert_allclose(norms(table), expected, rtol=1e-6)


def test_norms_of_rows_that_are_not_finite_are_not() -> None:
    table = np.ones((4, 3), np.float32)
    table[1, 0], table[2, 1], table[3, 2] = np.nan, np.inf, -np.inf
    assert np.isfinite(norms(table)).tolist() == [True, False, False, False]


def duplicates(table: Any) -> int:
    return count_duplicates(fingerprints(table))


@given(tables())
def test_duplicates_are_those_of_a_set(table: Any) -> None:
    distinct = {tuple(row) for row in table.tolist()}  # There, too, -0.0 is 0.0.
    assert duplicates(table) == len(table) - len(distinct)


def test_duplicates_far_apart() -> None:
    table = RNG.normal(size=(5000, 7)).astype(np.float32)
    assert duplicates(table) == 0
    table[4000:4100] = table[7]
    table[4999] = table[4998]
    assert duplicates(table) == 101


def test_negative_zero_is_zero() -> None:
    assert duplicates(np.array([[0, 1], [-0.0, 1], [0, -1]], np.float32)) == 1


def test_rows_that_differ_by_signs_alone_differ() -> None:
    # All 2**14 rows of ones: they differ in the highest bit of their words only.
    signs = np.arange(2**14)[:, None] >> np.arange(14) & 1
    assert duplicates((signs * 2 - 1).astype(np.float32)) == 0


def test_rows_that_differ_in_the_last_bit_differ() -> None:
    table = np.ones((2, 5), np.float32)
    table[1, 3] = np.nextafter(np.float32(1), np.float32(2))
    assert duplicates(table) == 0


def test_no_rows_have_no_duplicates() -> None:
    assert duplicates(np.empty((0, 3), np.float32)) == 0
