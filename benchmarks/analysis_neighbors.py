"""Exact nearest neighbors of all rows, held against faiss's exact search.

    python benchmarks/analysis_neighbors.py [--quick]

needs `pip install faiss-cpu`. Each round runs both, one after the other; what counts is
the ratio. Memory is the peak of a process of its own, over what it takes when all is
imported: the table is in it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import faiss
import numpy as np

from tb_wordembed.analysis.neighbors.all_rows import all_nearest
from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.neighbors.metrics import usable
from tb_wordembed.analysis.neighbors.turnover import Sampled, estimated_turnover
from tb_wordembed.analysis.rows import Rows

DIM = 300


def main() -> None:
    """Prints all ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 rows")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rows = 10_000 if options.quick else 50_000
    print(
        f"{rows:,} x {DIM} float32, faiss {faiss.__version__}, numpy {np.__version__}"
    )
    # First: a new process starts with the peak of this one.
    for k in (10, 100):
        print(f"memory, all {k}-NN: {peak_megabytes(rows, k):.0f} MB")
    for make, k in ((normal, 10), (clustered, 10), (normal, 100)):
        compare_all(make, rows, k, options.rounds)
    compare_one(normal(rows), options.rounds)
    compare_sample(normal(rows))


def normal(rows: int) -> Rows:
    """Makes rows without any structure: the hardest to tell apart."""
    return np.random.default_rng(0).standard_normal((rows, DIM), np.float32)


def clustered(rows: int) -> Rows:
    """Clusters in order of rows, norms that differ, a common direction."""
    rng = np.random.default_rng(0)
    centers = rng.standard_normal((rows // 100 + 1, DIM), np.float32)
    around = np.repeat(centers, 100, axis=0)[:rows] + 1
    around += 0.5 * rng.standard_normal((rows, DIM), np.float32)
    return around * rng.lognormal(0, 1, (rows, 1)).astype(np.float32)


def faiss_all(table: Rows, k: int) -> Any:
    """Numbers and similarities of the nearest rows, each row itself among them."""
    directions = table / np.linalg.norm(table, axis=1)[:, None]
    index = faiss.IndexFlatIP(DIM)
    index.add(directions)
    return index.search(directions, k + 1)


def compare_all(make: Callable[[int], Rows], rows: int, k: int, rounds: int) -> None:
    """Prints time against faiss, and how many neighbors are the same."""
    table = make(rows)
    walls, processors = [], []
    for _ in range(rounds):
        ours, wall, processor = timed(lambda: all_nearest(table, k))
        (_, theirs), other_wall, other_processor = timed(lambda: faiss_all(table, k))
        walls.append(wall / other_wall)
        processors.append(processor / other_processor)
    # faiss has the row itself among its neighbors, most often first.
    shared = np.mean(
        [
            len(set(one) & set(other.tolist())) / k
            for one, other in zip(ours.indices.tolist(), theirs, strict=True)
        ]
    )
    print(
        f"all {k}-NN, {make.__name__}: {statistics.median(walls):.2f} x faiss's "
        f"IndexFlatIP ({min(walls):.2f} to {max(walls):.2f}; processor time "
        f"{statistics.median(processors):.2f} x), {shared:.3%} of neighbors the same"
    )


def compare_one(table: Rows, rounds: int) -> None:
    """Prints the time of one row's neighbors against a plain product with it."""
    ratios = []
    for _ in range(5 * rounds):
        _, wall, _ = timed(lambda: nearest([(0, table)], table[[7]], 10, own=[7]))
        _, other, _ = timed(lambda: table.astype(np.float64) @ table[7])
        ratios.append(wall / other)
    print(f"10-NN of one row: {statistics.median(ratios):.2f} x a float64 product")


def compare_sample(table: Rows) -> None:
    """Prints the time of a sampled estimate against that of the exact neighbors."""
    later = table + 0.3 * normal(len(table))[::-1]

    def sampled(table: Rows) -> Sampled:
        return Sampled(
            usable(table, "cosine"),
            lambda rows: nearest([(0, table)], table[rows], 10, own=rows),
        )

    found, wall, _ = timed(lambda: estimated_turnover(sampled(table), sampled(later)))
    _, other, _ = timed(lambda: all_nearest(table, 10))
    print(
        f"mean overlap@10 of {found.sampled:,} tokens: {found.mean_overlap:.3f} +- "
        f"{found.standard_error:.3f} in {wall / other:.2f} x all 10-NN of one step"
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Returns a result, and its seconds by the clock and of all processors."""
    clock, processor = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - clock, time.process_time() - processor


def peak_megabytes(rows: int, k: int) -> float:
    """Returns the peak memory of finding all neighbors in a new process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_peak, (rows, k))


def _peak(rows: int, k: int) -> float:
    unit = 1e6 if sys.platform == "darwin" else 1e3
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    all_nearest(normal(rows), k)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / unit


if __name__ == "__main__":
    main()
