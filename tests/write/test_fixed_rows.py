"""Rows that training must not change, as users name them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.write.fixed_rows import as_fixed_rows

TABLE = np.arange(20, dtype=np.float32).reshape(10, 2)


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        (0, [0]),
        (np.int64(3), [3]),
        ([0, 9, 0], [0, 9]),
        (np.array([1, 2, 5]), [1, 2, 5]),
        (range(2, 6), [2, 3, 4, 5]),
        (slice(4), [0, 1, 2, 3]),
        (slice(-2, None), [8, 9]),
        (slice(0, 100, 5), [0, 5]),
        (slice(None), [*range(10)]),
        ([], []),
        (None, []),
    ],
)
def test_rows_are_read_as_they_were_named(
    tmp_path: Path, given: Any, rows: list[int]
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0, fixed_rows=given)
    found = tb_wordembed.open(tmp_path).series().fixed_rows
    assert found.tolist() == rows
    assert found.dtype == np.int64


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (10, r"row 10; the table has rows 0 to 9"),
        (-1, r"row -1; the table has rows 0 to 9"),
        ("ab", r"holds 'a'; expected row numbers"),
        (True, r"holds True; expected row numbers"),
        ([0.5], r"holds 0\.5; expected row numbers"),
        (slice(0, 5, 0), r"slice\(0, 5, 0\): expected a slice of whole"),
        (slice("a", None), r"slice\(.a., None, None\): expected a slice of"),
    ],
)
def test_other_rows_are_refused_before_anything_is_written(
    tmp_path: Path, given: Any, message: str
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        with pytest.raises(ValueError, match=message):
            writer.embedding("words", TABLE, 0, fixed_rows=given)
        writer.embedding("words", TABLE, 1)
    assert tb_wordembed.open(tmp_path).series().steps == [1]


def test_there_is_a_bound_but_not_for_consecutive_rows(tmp_path: Path) -> None:
    table = np.zeros((1000, 1), np.float32)
    with SnapshotWriter(tmp_path) as writer:
        with pytest.raises(ValueError, match="500 rows in 500 places; expected 64"):
            writer.embedding("words", table, 0, fixed_rows=slice(0, None, 2))
        writer.embedding("words", table, 0, fixed_rows=range(900))
    assert len(tb_wordembed.open(tmp_path).series().fixed_rows) == 900


@pytest.mark.parametrize("rows", [slice(None, None, 2), slice(None, None, -3)])
def test_there_is_a_bound_while_the_number_of_rows_is_not_known(rows: slice) -> None:
    with pytest.raises(ValueError, match="places; expected 64"):
        as_fixed_rows(rows, None)
    assert as_fixed_rows(slice(5, None, -1), None) == ((0, 6),)


def test_rows_are_those_of_the_whole_table_where_a_part_is_written(
    tmp_path: Path,
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0, rows=[7, 2, 5], fixed_rows=[0, 5, 7])
    assert tb_wordembed.open(tmp_path).series().fixed_rows.tolist() == [0, 2]


def test_the_rows_named_last_count_and_follow_their_tokens(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE[:3], 0, tokens=["a", "b", "c"], fixed_rows=0)
        writer.embedding("words", TABLE[:3], 1)
        writer.embedding("words", TABLE[:4], 2, tokens=["d", "c", "b", "a"])
    log = tb_wordembed.open(tmp_path)
    assert log.series().fixed_rows.tolist() == [3]
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE[:4], 3, fixed_rows=[])
    log.refresh()
    assert log.series().fixed_rows.tolist() == []
