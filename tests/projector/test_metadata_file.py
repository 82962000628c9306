"""The metadata file holds numbers as the Projector reads them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_wordembed.projector.metadata_file import fields, tsv

SPECIAL = [0.0, -0.0, 1e6, 999_999.0, 1234567.0, 2.0**53, -(2.0**53), 1e300, 5e-324]
SPECIAL += [float("nan"), float("inf"), float("-inf"), 123456789012.0, 0.1, -2.5]


def one_by_one(value: float, digits: int) -> str:
    """A number in so many digits, or nothing where there is none."""
    if not math.isfinite(value):
        return ""
    whole = int(value)
    if whole == value and abs(whole) < 2**53:
        return str(whole)
    return f"{value:.{digits}g}"


@given(st.lists(st.floats() | st.integers(-(2**60), 2**60).map(float)))
def test_all_numbers_at_once_are_those_one_by_one(values: list[float]) -> None:
    wide = np.array([*values, *SPECIAL])
    assert fields({"n": wide}) == [one_by_one(value, 9) for value in wide.tolist()]
    with np.errstate(over="ignore"):
        narrow = wide.astype(np.float32)
    assert fields({"n": narrow}) == [one_by_one(one, 6) for one in narrow.tolist()]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (np.array([3, -4, 2**40]), ["3", "-4", str(2**40)]),
        (np.array([True, False]), ["1", "0"]),
        (np.array([1, 2], ">f8"), ["1", "2"]),
        (["a\tb", ""], ["a\\tb", "(empty)"]),
    ],
)
def test_a_column_of_any_kind_is_a_field_per_row(
    column: Any, expected: list[str]
) -> None:
    assert fields({"n": column}) == expected
    assert tsv({"n": column}).decode() == "".join(f"{one}\n" for one in expected)
