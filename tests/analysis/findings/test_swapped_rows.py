from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import blocks, table_pairs

from tb_wordembed.analysis.findings.row_jumps import MOST_PEAKS, Jumps
from tb_wordembed.analysis.findings.swapped_rows import NEARER, Exchanged, exchanged
from tb_wordembed.engine import large_arrays

RNG = np.random.default_rng(0)


def told(before: Any, after: Any, rows: Any = None, intervals: int = 20) -> Exchanged:
    rows = np.arange(len(before)) if rows is None else np.array(rows)
    return exchanged(
        *(rows, 3, before[rows], after[rows]), partial(blocks, before), intervals
    )


def table(rows: int = 200, dim: int = 16) -> Any:
    return RNG.normal(size=(rows, dim)).astype(np.float32)


def near(rows: Any, by: float = 0.1) -> Any:
    return (rows + by * RNG.normal(size=rows.shape)).astype(np.float32)


@pytest.mark.parametrize("ring", [[3, 90], [8, 50, 120], [1, 2, 3, 4, 5, 6]])
def test_rows_that_take_one_anothers_places_are_told(ring: list[int]) -> None:
    before = table()
    after = near(before)
    after[ring] = near(before[np.roll(ring, 1)])
    # Others go somewhere, or where another stays.
    after[10], after[11] = near(before[30]), table(1)[0]
    found = told(before, after, [*sorted(ring), 10, 11])
    assert found.rows.tolist() == sorted(ring)
    assert found.position == 3
    own = np.linalg.norm(after[found.rows] - before[found.rows], axis=1)
    taken = dict(zip(ring, np.roll(ring, 1).tolist(), strict=True))
    places = [taken[row] for row in found.rows.tolist()]
    away = np.linalg.norm(after[found.rows] - before[places], axis=1)
    np.testing.assert_allclose(found.nearer, own / away, rtol=1e-5)
    assert (found.nearer >= NEARER).all()


def test_the_order_the_scale_and_the_axes_do_not_matter() -> None:
    before = table()
    after = near(before)
    after[[3, 90]] = before[[90, 3]]
    for factor in (1e-12, 1.0, 1e12):
        turned, _ = np.linalg.qr(RNG.normal(size=(16, 16)))
        turned = (turned * factor).astype(np.float32)
        order = RNG.permutation(200)
        found = told((before @ turned)[order], (after @ turned)[order])
        assert sorted(order[found.rows].tolist()) == [3, 90]


def test_rows_that_only_come_nearer_have_not_swapped() -> None:
    before = table()
    after = before.copy()
    after[3], after[90] = (before[3] + 2 * before[90]) / 3, before[3]
    assert not len(told(before, after, [3, 90]).rows)


def test_those_that_met_on_the_way_to_a_crowd_have_not_swapped() -> None:
    # Near to one another's places they are, but so are all others.
    before = near(np.zeros((200, 16), np.float32), 0.01)
    before[[3, 90]] = near(np.eye(2, 16, dtype=np.float32), 0.01)
    before[5:60] = near(before[[3]], 0.1)
    before[100:160] = near(before[[90]], 0.1)
    after = before.copy()
    after[[3, 90]] = near(before[[90, 3]], 0.1)
    assert not len(told(before, after, np.arange(80)).rows)


def test_a_swap_is_told_from_rows_that_go_far_along_one_line() -> None:
    """Rows differ at random by a little, and move along a line by much: two of them
    come to one another's places on the line, and stay where they were else."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        line = np.linalg.qr(rng.normal(size=(16, 1)))[0].T
        start, places = 0.03 * rng.normal(size=(2000, 16)), rng.normal(size=(2000, 1))
        places[[3, 20], 0] = 0, 0.8
        before = (start + places * line).astype(np.float32)
        peaked = np.arange(25)
        along = places.copy()
        along[peaked] += 0.1 * rng.normal(size=(25, 1))
        along[[3, 20]] = places[[20, 3]]
        after = (start + along * line).astype(np.float32)
        assert not len(told(before, after, peaked, intervals=8).rows)
        after[[3, 20]] = near(before[[20, 3]], 0.003)
        assert told(before, after, peaked, intervals=8).rows.tolist() == [3, 20]


@pytest.mark.parametrize("dim", [4, 8, 32])
def test_rows_that_go_anywhere_close_no_rings(dim: int) -> None:
    for _ in range(20):
        assert not len(told(table(300, dim), table(300, dim), intervals=1).rows)


@given(table_pairs(), st.integers(1, 100))
def test_any_rows_make_sense(pair: Any, intervals: int) -> None:
    before, after = pair
    there = np.isfinite(before).all(axis=1) & np.isfinite(after).all(axis=1)
    found = told(before, after, np.flatnonzero(there), intervals)
    assert set(found.rows.tolist()) <= set(np.flatnonzero(there).tolist())
    assert (found.nearer >= NEARER * (1 - 1e-6)).all()


def test_peaks_by_hand() -> None:
    peaks = Jumps(5)
    for position, far in enumerate(
        [
            [1.0, 1.0, 0.0, np.nan, 1.0],
            [1.9, 2.0, 0.3, 3.0, 0.5],
            [1.0, 1.0, 0.0, 1.0, 0.01],
            [1.0, 2.5, 0.1, 9.0, 0.01],
        ],
        start=1,
    ):
        peaks.add(position, np.array(far, np.float32))
    found = [(position, rows.tolist()) for position, rows in peaks.finish()[-1]]
    assert found == [(1, [4]), (2, [1, 2, 3]), (4, [1, 3])]


@pytest.mark.parametrize("rows_at_once", [1 << 20, 300])
def test_of_many_peaks_the_largest_are_kept(
    rows_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_arrays, "ROWS_AT_ONCE", rows_at_once)
    peaks = Jumps(2 * MOST_PEAKS)
    far = (2 + RNG.permutation(2 * MOST_PEAKS) / MOST_PEAKS).astype(np.float32)
    peaks.add(1, np.ones(2 * MOST_PEAKS, np.float32))
    peaks.add(2, far)
    [(position, rows)] = peaks.finish()[-1]
    assert position == 2
    assert rows.tolist() == np.flatnonzero(far >= 3).tolist()


def test_a_jump_of_a_row_that_hardly_moved_otherwise_is_measured() -> None:
    jumps, ways = Jumps(1), [1, 2, 3e8, 2, 1]
    for position, far in enumerate(ways, start=1):
        jumps.add(position, np.array([far], np.float32))
    furthest, jump, at, _ = jumps.finish()
    assert (furthest[0], jump[0]) == pytest.approx((2e8, 2e8), rel=1e-6)
    assert at.tolist() == [3]


def test_rows_at_the_place_of_a_third_are_no_surprise() -> None:
    before = np.repeat(np.eye(2, 16, dtype=np.float32), 3, axis=0)
    after = before.copy()
    after[[0, 3]] = before[[3, 0]]
    assert told(before, after, [0, 3]).rows.tolist() == []
