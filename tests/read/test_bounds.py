"""Parameters that cost memory or time have upper bounds in the Python API, too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from logs import FILE_NAME, random_tables, write_series

import tb_wordembed
from tb_wordembed.read.series import Series


@pytest.fixture
def words(tmp_path: Path) -> Series:
    write_series(tmp_path / FILE_NAME, random_tables(2, 30, 4))
    return tb_wordembed.open(tmp_path).series()


@pytest.mark.parametrize(
    "ask",
    [
        lambda words: words.neighbors(0, 0, 1001),
        lambda words: words.neighbor_change(0, 0, 1, 1001),
        lambda words: words.all_neighbors(0, 1001),
        lambda words: words.turnover(0, 1, 1001),
        lambda words: words.turnover_estimate(0, 1, 1001),
        lambda words: words.second_order_drift(0, 0, 1, 1001),
        lambda words: words.all_second_order_drift(0, 1, 1001),
        lambda words: words.motion(0, 0, 1, 1001),
        lambda words: words.quality(0, k=1001),
        lambda words: words.motion(0, 0, 1, n=1001),
        lambda words: words.analogy("'#1'", 0, 1001),
    ],
)
def test_more_than_1000_neighbors_are_refused(
    words: Series, ask: Callable[[Series], object]
) -> None:
    with pytest.raises(ValueError, match="is 1001; expected 1 to 1,000"):
        ask(words)


def test_as_many_as_that_are_found(words: Series) -> None:
    assert len(words.neighbors(0, 0, 1000)) == 29
    assert len(words.analogy("'#1' - '#2'", 0, 1000)) == 28


def test_long_expressions_and_many_components_are_refused(words: Series) -> None:
    with pytest.raises(ValueError, match="more than 100 tokens"):
        words.axis(" + ".join(["'#1'"] * 101), 0)
    with pytest.raises(ValueError, match="11 components are asked for; expected 10"):
        words.positions(0, [1] * 11)
