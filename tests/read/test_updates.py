"""How often each row was updated, and which tokens came and went."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.read.series import Series


def logged(folder: Path, steps: Sequence[tuple[Any, str | None]]) -> Series:
    """A series of steps 0, 10, ...: a number for each row, and its tokens."""
    with SnapshotWriter(folder) as writer:
        for step, (numbers, tokens) in enumerate(steps):
            table = np.array(numbers, np.float32)[:, None]
            named = None if tokens is None else [*tokens]
            writer.embedding("words", table, 10 * step, tokens=named)
    return tb_wordembed.open(folder).series()


def test_updates_are_counted_from_consecutive_snapshots(tmp_path: Path) -> None:
    steps = [[1, 1, 1, 1], [1, 2, 2, 1], [1, 2, 1, 1], [1, 2, 2, 3], [1, 2, 2, 3]]
    series = logged(tmp_path, [(one, None) for one in steps])
    found = series.updates()
    assert found.counts.dtype == found.last_change.dtype == np.int32
    assert found.counts.tolist() == [0, 1, 3, 1]
    assert found.last_change.tolist() == [-1, 1, 3, 3]
    cold = [one.cold_share for one in series.health()]
    np.testing.assert_allclose(cold, [np.nan, 0.5, 0.5, 0.25, 0.25])


def test_one_step_has_no_updates(tmp_path: Path) -> None:
    found = logged(tmp_path, [([1, 2], "ab")]).updates()
    assert (found.counts.tolist(), found.last_change.tolist()) == ([0, 0], [-1, -1])


@pytest.mark.parametrize(
    ("steps", "changes", "counts"),
    [
        (
            [([1, 2], "ab"), ([1, 3, 4], "abc"), ([1, 3, 5], "abc")],
            [(0, 0), (1, 0), (0, 0)],
            [0, 1, 1],
        ),
        (
            [([1, 2, 9], "abx"), ([4, 3], "cb"), ([4, 2, 1], "cba")],
            [(0, 0), (1, 2), (1, 0)],
            [0, 2, 0],
        ),
        (
            [([1, 2], None), ([1, 2, 3], None), ([2, 2], None)],
            [(0, 0), (1, 0), (0, 1)],
            [1, 0],
        ),
        (
            [([1, 2], "ab"), ([2, 1], "ba"), ([3, 1], "ba")],
            [(0, 0), (0, 0), (0, 0)],
            [1, 0],
        ),
    ],
)
def test_tokens_that_come_and_go_are_no_updates(
    tmp_path: Path, steps: Any, changes: Any, counts: list[int]
) -> None:
    series = logged(tmp_path, steps)
    assert series.births_and_deaths() == changes
    assert series.updates().counts.tolist() == counts


def test_steps_that_come_later_are_added(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    tables = rng.integers(0, 2, (9, 50, 1)).astype(np.float32)
    log = None
    with SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate(tables):
            writer.embedding("words", table, step)
            log = log or tb_wordembed.open(tmp_path)
            log.refresh()
            found = log.series().updates()
    changed = (tables[1:] != tables[:-1])[:, :, 0]
    np.testing.assert_array_equal(found.counts, changed.sum(axis=0))
    last = np.where(changed.any(axis=0), 8 - changed[::-1].argmax(axis=0), -1)
    np.testing.assert_array_equal(found.last_change, last)
