from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from strategies import blocks, rotations, table_pairs

from tb_wordembed.analysis.motion import (
    NOISE,
    SharedMotion,
    most_parallel,
    shared_along,
    shared_motion,
)

Pair = tuple[Any, Any]


def moved(token: Any, *neighbors: Any) -> SharedMotion:
    """A token at the origin and neighbors elsewhere, by their displacements."""
    after = np.array(token, np.float32)
    by = np.array(neighbors, np.float32).reshape(len(neighbors), len(after))
    return shared_motion(np.zeros_like(after), after, np.ones_like(by), by + 1)


def test_a_token_that_moves_with_its_neighbors() -> None:
    found = moved([3, 4], [2, 4], [4, 4])
    assert found.shared.tolist() == [3, 4]
    assert found.own.tolist() == [0, 0]
    assert (found.shared_share, found.own_share, found.neighbors) == (1, 0, 2)


def test_a_token_that_moves_across() -> None:
    found = moved([3, 4], [5, 0])
    assert found.shared.tolist() == [3, 0]
    assert found.own.tolist() == [0, 4]
    assert found.shared_share == pytest.approx(9 / 25)
    assert found.own_share == pytest.approx(16 / 25)


def test_further_than_the_neighbors_went_is_its_own() -> None:
    found = moved([10, 0], [1, 0], [1, 0])
    assert found.shared.tolist() == [1, 0]
    assert found.own_share == pytest.approx(0.81)


@pytest.mark.parametrize(
    "neighbors",
    [([-1, 0], [-2, 1]), ([0, 0], [0, 0]), ([1, 2], [-1, -2]), ([0, 7],)],
    ids=["against", "at rest", "canceling", "across"],
)
def test_nothing_is_shared_with_neighbors_that_go_elsewhere(neighbors: Any) -> None:
    found = moved([2, 0], *neighbors)
    assert found.shared.tolist() == [0, 0]
    assert (found.shared_share, found.own_share) == (0, 1)


def test_a_token_at_rest_has_no_shares() -> None:
    found = moved([0, 0], [1, 0])
    assert np.isnan([found.shared_share, found.own_share]).all()
    assert found.own.tolist() == [0, 0]


def test_rounding_is_no_motion() -> None:
    row = np.full(4, 0.1, np.float32)
    neighbors = np.eye(4, dtype=np.float32)
    nudged = np.nextafter(row, np.float32(1))
    found = shared_motion(row, nudged, neighbors, neighbors + 1)
    assert np.isnan(found.shared_share)
    found = shared_motion(row, row * np.float32(1.001), neighbors, neighbors + 1)
    assert found.shared_share == pytest.approx(1)


def along(*intervals: tuple[Any, list[Any]]) -> SharedMotion:
    """A token's displacement in each interval, and those of its neighbors then."""
    parts = [moved(token, *neighbors) for token, neighbors in intervals]
    whole = np.sum([token for token, _ in intervals], axis=0).astype(np.float32)
    return shared_along(parts, np.zeros_like(whole), whole)


def test_along_one_interval_is_what_is_known_of_it() -> None:
    one = moved([3, 4], [5, 0], [7, 2])
    found = along(([3, 4], [[5, 0], [7, 2]]))
    assert found.shared.tolist() == one.shared.tolist()
    assert found.own_share == one.own_share
    assert found.neighbors == 2


def test_what_is_shared_with_neighbors_of_the_time_adds_up() -> None:
    found = along(([1, 0], [[0, 9]]), ([3, 0], [[3, 0]]))
    assert found.shared.tolist() == [3, 0]
    assert found.own_share == pytest.approx(1 / 16)


def test_back_by_itself_from_where_its_neighbors_took_it() -> None:
    found = along(([4, 0], [[4, 0]]), ([-3, 0], [[0, 1]]))
    assert (found.shared_share, found.own_share) == (0, 1)


def test_intervals_without_neighbors_share_nothing() -> None:
    found = along(([1, 0], []), ([1, 0], [[1, 0]]))
    assert found.own_share == pytest.approx(0.25)
    assert np.isnan(along(([1, 0], [])).own_share)
    assert np.isnan(along(([1, 0], [[1, 0]]), ([np.nan, 0], [[1, 0]])).own_share)
    assert np.isnan(shared_along([], *np.eye(2, dtype=np.float32)).own_share)


def test_neighbors_that_are_not_finite_are_left_out() -> None:
    found = moved([1, 0], [1, 0], [np.nan, 0], [np.inf, 1])
    assert (found.shared_share, found.neighbors) == (1, 1)
    for lost in (moved([1, 0], [np.nan, 0]), moved([np.nan, 0], [1, 0])):
        assert np.isnan([lost.shared_share, lost.own_share, *lost.own]).all()


def test_no_neighbors() -> None:
    row, none = np.ones(2, np.float32), np.empty((0, 2), np.float32)
    found = shared_motion(row, row * 2, none, none)
    assert found.neighbors == 0
    assert np.isnan(found.own_share)


@given(table_pairs(), st.data())
def test_both_parts_add_up_and_turn_with_the_table(
    pair: Pair, data: st.DataObject
) -> None:
    before, after = pair
    found = shared_motion(before[0], after[0], before[1:], after[1:])
    if not found.neighbors:
        return
    d = after[0].astype(float) - before[0]
    m = (after[1:].astype(float) - before[1:]).mean(axis=0)
    np.testing.assert_allclose(found.shared + found.own, d, atol=1e-9)
    # Nearer to the displacement than any other point of the neighbors' way.
    way = np.linspace(0, 1, 11)[:, None] * m
    assert np.linalg.norm(found.own) <= np.linalg.norm(d - way, axis=1).min() + 1e-9
    if np.isnan(found.own_share):
        longest = max(
            np.linalg.norm(row.astype(float)) for row in (before[0], after[0])
        )
        assert np.linalg.norm(d) <= NOISE * longest
        return
    assert 0 <= found.shared_share <= 1
    assert found.shared_share + found.own_share == pytest.approx(1)
    if found.own @ m == pytest.approx(0, abs=1e-9) and m.any():
        cosine = d @ m / np.linalg.norm(d) / np.linalg.norm(m)
        assert found.shared_share == pytest.approx(max(cosine, 0) ** 2, abs=1e-6)
    rotation = data.draw(rotations(before.shape[1])).astype(np.float32)
    a, b = before @ rotation, after @ rotation
    turned = shared_motion(a[0], b[0], a[1:], b[1:])
    # Rotated in float32, rows are rounded.
    noise = 1e-5 * np.abs(np.concatenate(pair)).max() / np.linalg.norm(d)
    if noise < 1e-2 and np.linalg.norm(m) > 1e-2:
        assert turned.own_share == pytest.approx(found.own_share, abs=0.1)


def parallel(before: Any, after: Any, index: int, n: int = 10) -> tuple[Any, Any]:
    return most_parallel(
        blocks(before), blocks(after), index, before[index], after[index], n
    )


@given(table_pairs(), st.integers(0, 11), st.integers(1, 15))
def test_the_most_parallel_are_those_of_scipy(pair: Pair, index: int, n: int) -> None:
    before, after = pair
    index %= len(before)
    indices, cosines = parallel(before, after, index, n)
    d = after.astype(float) - before
    longest = np.maximum(*(np.linalg.norm(t.astype(float), axis=1) for t in pair))
    able = np.linalg.norm(d, axis=1) > NOISE * longest
    if not able[index]:
        assert len(indices) == 0
        return
    able[index] = False
    others = np.flatnonzero(able)
    oracle = 1 - cdist(d[[index]], d[others], "cosine")[0]
    assert len(indices) == min(n, len(others))
    np.testing.assert_allclose(cosines, np.sort(oracle)[::-1][:n], atol=1e-9)
    order = list(zip(-cosines, indices, strict=True))
    assert order == sorted(order)
    assert set(indices) <= set(others.tolist())


def test_of_equally_parallel_tokens_the_first_come_first() -> None:
    rng = np.random.default_rng(0)
    direction = rng.normal(size=37)
    before = rng.normal(size=(40, 37)).astype(np.float64)
    lengths = 2.0 ** rng.integers(-3, 4, size=(40, 1))
    # Powers of 2 keep the direction exact; so does zero.
    before[:] = 0
    after = (direction.astype(np.float32) * lengths).astype(np.float32)
    found = parallel(before.astype(np.float32), after, 7, 12)
    assert found[0].tolist() == [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]
    assert found[1].tolist() == [1.0] * 12


def test_only_what_moved_has_a_direction() -> None:
    before = np.array([[1, 0], [1, 0], [1, 0], [1, 1], [0, 0]], np.float32)
    after = np.array([[2, 0], [1, 0], [np.nan, 0], [0, 1], [0, 1]], np.float32)
    assert parallel(before, after, 0)[0].tolist() == [4, 3]
    assert parallel(before, after, 0)[1].tolist() == [0, -1]
    for at_rest in (1, 2):
        assert parallel(before, after, at_rest)[0].tolist() == []


def test_blocks_do_not_matter() -> None:
    rng = np.random.default_rng(1)
    before, after = rng.normal(size=(2, 1000, 16)).astype(np.float32)
    row = (5, before[5], after[5], 20)
    whole = most_parallel([(0, before)], [(0, after)], *row)
    parts = most_parallel(iter(blocks(before, 7)), iter(blocks(after, 7)), *row)
    assert whole[0].tolist() == parts[0].tolist()
