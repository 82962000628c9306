"""Neighbors of all rows, held to those of one row and to other packages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from noted_progress import noted
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors
from strategies import blocks, rotations, tables

from tb_wordembed.analysis.neighbors import all_pairs, given_rows
from tb_wordembed.analysis.neighbors.all_pairs import Products, Sweep
from tb_wordembed.analysis.neighbors.all_rows import all_nearest
from tb_wordembed.analysis.neighbors.distinct_points import Distinct
from tb_wordembed.analysis.neighbors.given_rows import Neighbors, nearest
from tb_wordembed.analysis.neighbors.metrics import METRICS, Metric
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.progress import silent

metrics = st.sampled_from(METRICS)


@contextmanager
def small_tiles(size: int = 4) -> Iterator[None]:
    """So that a small table is several tiles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(all_pairs, "TILE", size)
        patch.setattr(all_pairs, "SAMPLE", size - 1)
        patch.setattr(given_rows, "PRODUCT_BYTES", 4 * size)
        patch.setattr(given_rows, "ROWS_AT_ONCE", size)
        yield


def assert_equal(a: Neighbors, b: Neighbors) -> None:
    np.testing.assert_array_equal(a.indices, b.indices)
    np.testing.assert_array_equal(a.distances, b.distances)


def one_by_one(table: Any, rows: Any, k: int, metric: Metric) -> Neighbors:
    """The neighbors of each row by ``nearest``."""
    indices = np.full((len(rows), k), -1, np.int32)
    distances = np.full((len(rows), k), np.nan)
    for at, row in enumerate(rows):
        found = nearest(blocks(table, 700), table[[row]], k, metric, [row])
        indices[at], distances[at] = found.indices[0], found.distances[0]
    return Neighbors(indices, distances)


def nearest_of(table: Any, rows: Any, k: int, metric: Metric = "cosine") -> Neighbors:
    """The neighbors of some rows by one call of ``nearest``."""
    return nearest([(0, table)], table[rows], k, metric, rows)


def assert_same_as_one_by_one(table: Any, k: int, metric: Metric) -> Neighbors:
    found = all_nearest(table, k, metric)
    every = np.arange(len(table))
    assert_equal(found, one_by_one(table, every, k, metric))
    assert_equal(found, nearest_of(table, every, k, metric))
    return found


def clustered(rows: int, dim: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """Rows of very different norms in clusters of different widths."""
    rng = np.random.default_rng(seed)
    centers = rng.normal(size=(20, dim))[rng.integers(0, 20, rows)]
    around = (
        centers
        + rng.normal(size=(rows, dim)) * 10.0 ** -rng.integers(0, 3, rows)[:, None]
    )
    return (around * rng.lognormal(0, 2, (rows, 1))).astype(np.float32)


@given(tables(), st.integers(1, 15), metrics)
def test_all_rows_have_the_neighbors_that_one_row_has(
    table: Any, k: int, metric: Metric
) -> None:
    with small_tiles():
        assert_same_as_one_by_one(table, k, metric)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", [1, 10, 100])
def test_the_same_on_a_large_table(metric: Metric, k: int) -> None:
    table = clustered(5000, 30)
    table[rng_rows(40)] = table[rng_rows(40, 1)]
    table[7], table[8, 3], table[4000, 0] = 0, np.nan, np.inf
    found = all_nearest(table, k, metric)
    some = np.array([0, 7, 8, 4000, 4999, *rng_rows(40)[:5], *rng_rows(40, 2)])
    part = Neighbors(found.indices[some], found.distances[some])
    assert_equal(part, one_by_one(table, some, k, metric))
    assert_equal(part, nearest_of(table, some, k, metric))


def rng_rows(count: int, seed: int = 0) -> npt.NDArray[np.int64]:
    return np.random.default_rng(seed).integers(0, 5000, count)


@pytest.mark.parametrize("metric", METRICS)
def test_equal_to_scikit_learn(metric: Metric) -> None:
    table = clustered(3000, 20)
    oracle = NearestNeighbors(n_neighbors=11, metric=metric, algorithm="brute")
    far, rows = oracle.fit(table.astype(float)).kneighbors(table.astype(float))
    found = all_nearest(table, 10, metric)
    assert (found.indices == rows[:, 1:]).mean() > 0.999
    np.testing.assert_allclose(found.distances, far[:, 1:], rtol=1e-4, atol=1e-7)


@given(tables(), st.integers(1, 15), metrics)
def test_distances_are_the_smallest_of_scipy(
    table: Any, k: int, metric: Metric
) -> None:
    with small_tiles():
        found = all_nearest(table, k, metric)
    usable = table.any(axis=1) if metric == "cosine" else np.ones(len(table), bool)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = cdist(table.astype(float), table.astype(float), metric)
    expected[~usable] = expected[:, ~usable] = np.inf
    np.fill_diagonal(expected, np.inf)
    expected = np.sort(np.pad(expected, ((0, 0), (0, k)), constant_values=np.inf))
    distances = np.where(found.indices < 0, np.inf, found.distances)
    np.testing.assert_allclose(distances, expected[:, :k], atol=1e-6)
    assert (np.isnan(found.distances) == (found.indices < 0)).all()


@given(st.integers(2, 40), st.integers(1, 3), st.integers(1, 12), st.integers(0, 99))
def test_of_equally_far_rows_the_lower_comes_first(
    rows: int, dim: int, k: int, seed: int
) -> None:
    # Squared distances of whole numbers are exact, and many are equal.
    table = np.random.default_rng(seed).integers(0, 4, (rows, dim)).astype(np.float32)
    with small_tiles():
        found = all_nearest(table, k, "euclidean")
    expected = cdist(table, table)
    np.fill_diagonal(expected, np.inf)
    order = np.argsort(expected, axis=1, kind="stable")[:, : min(k, rows - 1)]
    assert found.indices[:, : rows - 1].tolist() == order.tolist()


@given(tables(min_rows=2, min_dim=2), st.data(), st.integers(1, 5))
def test_rotation_and_scale_change_no_cosine_distance(
    table: Any, data: st.DataObject, k: int
) -> None:
    table = table[np.abs(table).max(axis=1) > 0]
    if not len(table):
        return
    found = all_nearest(table, k)
    scales = 2.0 ** np.array(
        data.draw(
            st.lists(st.integers(-9, 9), min_size=len(table), max_size=len(table))
        )
    )
    assert_equal(all_nearest((table * scales[:, None]).astype(np.float32), k), found)
    turned = (table @ data.draw(rotations(table.shape[1]))).astype(np.float32)
    np.testing.assert_allclose(
        all_nearest(turned, k).distances, found.distances, atol=1e-5
    )


@pytest.mark.parametrize("metric", METRICS)
def test_more_equal_rows_than_anyone_asks_for(metric: Metric) -> None:
    kinds = np.random.default_rng(0).normal(size=(3, 8)).astype(np.float32)
    table = kinds[np.random.default_rng(1).integers(0, 3, 3000)]
    found = all_nearest(table, 10, metric)
    some = np.arange(0, 3000, 100)
    part = Neighbors(found.indices[some], found.distances[some])
    assert_equal(part, one_by_one(table, some, 10, metric))
    assert_equal(part, nearest_of(table, some, 10, metric))
    assert (found.distances == 0).all()
    assert not (found.indices == np.arange(3000)[:, None]).any()


def test_a_table_of_equal_rows() -> None:
    found = all_nearest(np.ones((2500, 4), np.float32), 3)
    assert found.indices[0].tolist() == [1, 2, 3]
    assert found.indices[2].tolist() == [0, 1, 3]
    assert (found.indices[3:] == [0, 1, 2]).all()
    assert (found.distances == 0).all()


def test_negative_zero_is_zero() -> None:
    table = np.array([[0.0, 1], [-0.0, 1], [5, 5]], np.float32)
    found = all_nearest(table, 1, "euclidean")
    assert found.indices.tolist() == [[1], [0], [0]]
    assert found.distances[:2].tolist() == [[0], [0]]


@pytest.mark.parametrize("metric", METRICS)
def test_all_equally_far(metric: Metric) -> None:
    found = all_nearest(np.eye(300, dtype=np.float32), 2, metric)
    assert found.indices[0].tolist() == [1, 2]
    assert found.indices[1].tolist() == [0, 2]
    assert (found.indices[2:] == [0, 1]).all()


def too_near(rows: int) -> npt.NDArray[np.float32]:
    """Two clusters, each of this many rows and much narrower than their distance."""
    rng = np.random.default_rng(0)
    table = np.repeat(rng.normal(size=(2, 16)), rows, axis=0)
    table += 1e-5 * rng.normal(size=table.shape)
    return table.astype(np.float32)


@pytest.mark.parametrize("metric", METRICS)
def test_rows_too_near_each_other_for_single_precision(metric: Metric) -> None:
    table = too_near(600)
    crowded = Sweep(Distinct.of(table, metric), 5)
    crowded.run(LOCAL, silent)
    assert len(crowded.crowded) == len(table)
    assert_same_as_one_by_one(table, 5, metric)


@pytest.mark.parametrize("metric", METRICS)
def test_a_collapsed_table_is_not_crowded(metric: Metric) -> None:
    rng = np.random.default_rng(0)
    table = (1 + 1e-4 * rng.normal(size=(1200, 16))).astype(np.float32)
    found = Sweep(Distinct.of(table, metric), 5)
    found.run(LOCAL, silent)
    assert len(found.crowded) == 0
    assert_same_as_one_by_one(table, 5, metric)


@pytest.mark.parametrize("metric", METRICS)
def test_the_largest_and_the_smallest_numbers(metric: Metric) -> None:
    rng = np.random.default_rng(0)
    sizes = rng.choice([3e38, 1e20, 1, 1e-20, 1e-38, 1e-44], (300, 1))
    table = (rng.uniform(-1, 1, (300, 4)) * sizes).astype(np.float32)
    assert_same_as_one_by_one(table, 5, metric)


def test_rows_without_direction_have_no_neighbors() -> None:
    table = np.array([[1, 0], [0, 0], [np.nan, 1], [np.inf, 1], [1, 1]], np.float32)
    cosine = all_nearest(table, 2)
    assert cosine.indices.tolist() == [[4, -1], [-1, -1], [-1, -1], [-1, -1], [0, -1]]
    assert (np.isnan(cosine.distances) == (cosine.indices == -1)).all()
    euclidean = all_nearest(table, 2, "euclidean")
    assert euclidean.indices.tolist() == [[1, 4], [0, 4], [-1, -1], [-1, -1], [0, 1]]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("row", [1.0, 0.0, np.nan])
def test_one_row_has_no_neighbors(metric: Metric, row: float) -> None:
    found = all_nearest(np.full((1, 3), row, np.float32), 4, metric)
    assert found.indices.tolist() == [[-1] * 4]
    assert np.isnan(found.distances).all()


def test_some_rows_in_any_order_and_again() -> None:
    table = clustered(500, 6)
    found = all_nearest(table, 4)
    rows = np.array([499, 3, 3, 250])
    assert_equal(
        nearest_of(table, rows, 4),
        Neighbors(found.indices[rows], found.distances[rows]),
    )
    none = np.empty(0, np.int64)
    assert nearest_of(table, none, 4).indices.shape == (0, 4)


def test_clear_errors() -> None:
    table = np.ones((2, 2), np.float32)
    with pytest.raises(ValueError, match="k is 0; expected 1 or more"):
        all_nearest(table, 0)
    with pytest.raises(ValueError, match="k is -1; expected 1 or more"):
        nearest_of(table, [0], -1)
    with pytest.raises(ValueError, match="'dot'; expected one of"):
        all_nearest(table, 1, "dot")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'dot'; expected one of"):
        nearest_of(table, [0], 1, "dot")  # type: ignore[arg-type]


@given(tables(min_rows=2), st.sampled_from([1e-30, 1.0, 1e15]), metrics)
def test_bounds_hold(table: Any, scale: float, metric: Metric) -> None:
    table *= np.float32(scale)
    distinct = Distinct.of(table, metric)
    if not len(distinct.rows):
        return
    every = np.arange(len(distinct.rows))
    points = distinct.points(every).astype(np.longdouble)
    products = Products(distinct, every)
    upper = products.left(every) @ products.vectors.T
    lower = upper - products.spreads - products.spreads[:, None]
    # In the units of the products, which are scaled by a power of two.
    reach = np.abs(points - points.mean(axis=0)).max()
    if not reach:
        return
    size = 2 ** np.round(np.log2(np.abs(products.vectors[:, :-2]).max() / reach))
    exact = -((points[:, None] - points) ** 2).sum(axis=2) / 2 * size**2
    assert (exact <= upper + 1e-12 * np.abs(exact) + 1e-30).all()
    assert (exact >= lower - 1e-12 * np.abs(exact)).all()


def test_progress_rises_to_one() -> None:
    shares: list[float] = []
    with small_tiles(100):
        all_nearest(clustered(950, 5), 3, progress=noted(shares))
    assert len(shares) == 55
    assert (np.diff(shares) > 0).all()
    assert shares[-1] == 1


def test_progress_of_a_crowded_table_rises_to_one() -> None:
    table = too_near(300)
    shares: list[float] = []
    with small_tiles(100):
        all_nearest(table, 3, progress=noted(shares))
    assert min(shares) >= 0
    assert shares[-1] == max(shares) == 1


def test_what_progress_raises_ends_the_work() -> None:
    shares: list[float] = []

    def stop(share: float, message: str = "") -> None:
        shares.append(share)
        if len(shares) == 3:
            raise InterruptedError

    with small_tiles(100), pytest.raises(InterruptedError):
        all_nearest(clustered(2000, 5), 3, progress=stop)
    assert len(shares) == 3


MEASURED = """
import os, tracemalloc
import numpy as np
from tb_wordembed.analysis.neighbors.all_rows import all_nearest

table = np.random.default_rng(0).normal(size=(12_000, 8)).astype(np.float32)
tracemalloc.reset_peak()
before, _ = tracemalloc.get_traced_memory()
all_nearest(table, 5)
print(tracemalloc.get_traced_memory()[1] - before, flush=True)
os._exit(0)
"""
"""In a process of its own tracing never stops: a thread that ends meanwhile can crash
Python (python/cpython#128679, mended in 3.12.9)."""


def test_memory_does_not_grow_with_pairs() -> None:
    found = subprocess.run(
        [sys.executable, "-X", "tracemalloc", "-c", MEASURED],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    # All pairs in float32 would take 576 MB.
    assert 12_000 * 5 * 4 < int(found.stdout) < 80e6
