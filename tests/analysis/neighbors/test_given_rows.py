from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors
from strategies import blocks, tables

from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.neighbors.metrics import METRICS, Metric
from tb_wordembed.analysis.neighbors.turnover import change


def near(table: Any, index: int, k: int, metric: Metric = "cosine") -> Any:
    return nearest(blocks(table), table[[index]], k, metric, [index]).of(0)


@given(
    tables(min_rows=2), st.integers(0, 11), st.integers(1, 15), st.sampled_from(METRICS)
)
def test_distances_are_the_k_smallest_of_scipy(
    table: Any, index: int, k: int, metric: Metric
) -> None:
    index %= len(table)
    indices, distances = near(table, index, k, metric)
    wide = table.astype(float)
    usable = wide.any(axis=1) if metric == "cosine" else np.ones(len(table), bool)
    if not usable[index]:
        assert len(indices) == 0
        return
    usable[index] = False
    expected = np.sort(cdist(wide[[index]], wide[usable], metric)[0])[:k]
    np.testing.assert_allclose(distances, expected, atol=1e-7)
    assert index not in indices
    assert len(set(indices.tolist())) == len(indices)
    assert (np.diff(distances) >= 0).all()


def test_equal_to_scikit_learn_on_a_large_table() -> None:
    table = np.random.default_rng(0).normal(size=(3000, 20)).astype(np.float32)
    for metric in METRICS:
        oracle = NearestNeighbors(n_neighbors=11, metric=metric, algorithm="brute")
        rows = oracle.fit(table.astype(float)).kneighbors(
            table[:5].astype(float), return_distance=False
        )
        found = nearest(blocks(table, 700), table[:5], 10, metric, range(5))
        assert found.indices.tolist() == rows[:, 1:].tolist()


def test_duplicates_are_neighbors_and_the_token_is_not() -> None:
    table = np.array([[1, 0], [1, 0], [0, 1], [1, 0]], np.float32)
    indices, distances = near(table, 1, 3)
    assert indices.tolist() == [0, 3, 2]
    assert distances.tolist() == [0.0, 0.0, 1.0]


def test_rows_without_direction_are_nobodys_neighbors() -> None:
    table = np.array([[1, 0], [0, 0], [np.nan, 1], [np.inf, 1], [1, 1]], np.float32)
    assert near(table, 0, 10)[0].tolist() == [4]
    assert near(table, 1, 10)[0].tolist() == []
    assert near(table, 2, 10, "euclidean")[0].tolist() == []
    assert near(table, 0, 10, "euclidean")[0].tolist() == [1, 4]


def test_one_row_has_no_neighbors() -> None:
    assert near(np.ones((1, 3), np.float32), 0, 5)[0].tolist() == []


def test_clear_errors() -> None:
    table = np.ones((2, 2), np.float32)
    with pytest.raises(ValueError, match="k is 0; expected 1 or more"):
        near(table, 0, 0)
    with pytest.raises(ValueError, match="'dot'; expected one of"):
        near(table, 0, 1, "dot")  # type: ignore[arg-type]


def test_gained_kept_and_lost() -> None:
    found = change(np.array([5, 3, 8]), np.array([8, 1, 5]))
    assert (found.kept, found.gained, found.lost) == ([8, 5], [1], [3])
    assert found.overlap == pytest.approx(2 / 3)
    assert found.jaccard == pytest.approx(2 / 4)


@given(
    st.lists(st.integers(0, 20), unique=True, max_size=10),
    st.lists(st.integers(0, 20), unique=True, max_size=10),
)
def test_change_partitions_both_lists(before: list[int], after: list[int]) -> None:
    found = change(np.array(before, np.int64), np.array(after, np.int64))
    assert sorted(found.kept + found.lost) == sorted(before)
    assert sorted(found.kept + found.gained) == sorted(after)
    if before or after:
        assert 0 <= found.jaccard <= found.overlap <= 1
    else:
        assert np.isnan(found.overlap)
        assert np.isnan(found.jaccard)
