from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tb_wordembed.integers import as_integer, positive_integer


@pytest.mark.parametrize(
    "number",
    [3, 3.0, np.int8(3), np.float32(3), np.uint64(3), np.array(3), np.array([3.0])],
)
def test_whole_numbers_come_in_many_types(number: Any) -> None:
    assert as_integer(number) == 3
    assert type(as_integer(number)) is int


@pytest.mark.parametrize(
    "other",
    [True, np.True_, 2.5, math.nan, math.inf, "3", None, [3], np.array([3, 4]), 3j],
)
def test_others_are_none(other: Any) -> None:
    assert as_integer(other) is None


def test_large_numbers_keep_all_their_digits() -> None:
    assert as_integer(np.int64(2**62 + 1)) == 2**62 + 1


def test_a_count_is_1_or_more_and_named_when_it_is_not() -> None:
    assert positive_integer("k", 5.0) == 5
    with pytest.raises(ValueError, match="k is 0; expected 1 or more"):
        positive_integer("k", 0)
    with pytest.raises(ValueError, match=r"k is 2\.5; expected a whole number"):
        positive_integer("k", 2.5)
