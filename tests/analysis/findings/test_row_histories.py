from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tb_wordembed.analysis.drift import Moved
from tb_wordembed.analysis.findings.row_histories import History, Record
from tb_wordembed.analysis.findings.row_jumps import JUMP
from tb_wordembed.analysis.rows import fingerprints, norms


def drift_of(before: Any, after: Any) -> Moved:
    far = np.linalg.norm(after.astype(np.float64) - before, axis=1)
    same = (before == after).all(axis=1)
    unknown = np.full(len(after), np.nan, np.float32)
    return Moved(unknown, far.astype(np.float32), same)


def recorded(series: Any, steps: Any = None, rows: Any = None) -> History:
    """The history of some tables."""
    record = Record(len(series[0]))
    for position, table in enumerate(series):
        table = table[: rows[position]] if rows else table
        moved = None
        if position:
            moved = drift_of(series[position - 1][: len(table)], table)
        step = steps[position] if steps else position
        record.add(step, norms(table), fingerprints(table), moved)
    return record.finish()


def test_changes_are_counted_between_finite_rows_while_the_table_moves() -> None:
    series = np.ones((6, 4, 2), np.float32)
    series[:, 0] += np.array([0, 1, 2, 2, 2, 2], np.float32)[:, None]
    series[:, 1] += np.array([0, 1, 1, 1, 2, 2], np.float32)[:, None]
    series[2, 2] = np.nan
    history = recorded(series, steps=[0, 5, 6, 7, 9, 11])
    assert history.steps == (0, 5, 6, 7, 9, 11)
    assert history.moving.tolist() == [False, True, True, False, True, False]
    assert history.intervals.tolist() == [3, 3, 2, 3]
    assert history.changes.tolist() == [2, 2, 0, 0]
    assert history.last_change.tolist() == [2, 4, -1, -1]
    assert history.intervals_to_change.tolist() == [2, 3, 0, 0]
    assert history.not_finite.tolist() == [-1, -1, 2, -1]
    assert history.first_seen.tolist() == [0, 0, 0, 0]


def test_rows_that_come_later_are_known_from_then_on() -> None:
    series = np.ones((3, 3, 2), np.float32)
    series[:, 0] = np.arange(3, dtype=np.float32)[:, None]
    series[0, 2] = np.nan
    history = recorded(series, rows=[2, 3, 3])
    assert history.first_seen.tolist() == [0, 0, 1]
    assert history.intervals.tolist() == [2, 2, 1]
    assert (history.not_finite == -1).all()
    np.testing.assert_allclose(history.norm, norms(series[2]), rtol=1e-7)


def test_rows_that_outgrow_the_others_are_known_with_the_step() -> None:
    rng = np.random.default_rng(0)
    series = 1 + 0.01 * np.cumsum(rng.normal(size=(8, 60, 3)), axis=0)
    series *= 2.0 ** np.arange(8)[:, None, None]
    series[4:, 7] *= 1.5 ** np.arange(1, 5)[:, None]
    # This one slowed down again, and that one jumped.
    series[3:6, 8] *= 1.5 ** np.arange(1, 4)[:, None]
    series[2:, 9] *= 9
    history = recorded(series.astype(np.float32))
    assert np.flatnonzero(history.growing_since >= 0).tolist() == [7]
    assert history.growing_since[7] == 4
    assert history.growth[7] == pytest.approx(1.5**4, rel=0.1)


def test_a_history_stays_as_it_is_when_more_steps_are_added() -> None:
    together, apart = np.ones((2, 2), np.float32), np.eye(2, dtype=np.float32)
    record = Record(2)
    record.add(0, norms(together), fingerprints(together), None)
    history = record.finish()
    record.add(1, norms(apart), fingerprints(apart), drift_of(together, apart))
    record.add(2, norms(together), fingerprints(together), drift_of(apart, together))
    assert history.changes.tolist() == [0, 0]
    assert record.finish().changes.tolist() == [2, 2]


@pytest.mark.parametrize("at", [1, 2, 7, 11])
def test_a_jump_is_measured_against_the_row_itself(at: int) -> None:
    rng = np.random.default_rng(at)
    ways = 0.1 + 0.01 * rng.uniform(size=(12, 50))
    ways *= np.geomspace(0.1, 10, 50)
    ways[8] *= 1000  # All of them.
    ways[at, 3] *= 40
    ways[at, 4] *= JUMP / 2
    ways[4:6, 5] *= 40  # Too long for a jump.
    position = np.cumsum(ways, axis=0)
    history = recorded(np.stack([position, 0 * position], axis=2).astype(np.float32))
    assert np.flatnonzero(history.jump_position >= 0).tolist() == [3]
    assert history.jump_position[3] == at
    assert history.jump[3] == pytest.approx(40, rel=0.2)
    assert np.isnan(history.jump).sum() == 49
    assert history.furthest[3] == history.jump[3]
    assert history.furthest[4] == pytest.approx(JUMP / 2, rel=0.2)
    assert np.delete(history.furthest, [3, 4, 5]) == pytest.approx(1, rel=0.3)
