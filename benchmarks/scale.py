"""A pass over large tables costs a few times reading them, on threads or processes.

Health, drift and norms of all steps of one series: by the local engine, and by the
workers of a Dask cluster on this machine, which read their own byte ranges. Nothing is
kept on the disk, and clusters run before the clock does. The peer reads the same bytes
with ``np.fromfile`` and sums them. Needs ``pip install tb_wordembed[dask]``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from measure import Target, in_turn, ratio, scratch, seconds, skipped, start
from server import has_memory, memory

import tb_wordembed
from tb_wordembed.engine.local import LocalEngine
from tb_wordembed.engine.segments import Engine, SegmentEngine
from tb_wordembed.read.disk_cache import DiskCache
from tb_wordembed.read.log import open_with

STEPS = 3
DIM = 64
PEER = "np.fromfile + np.add.reduce"

OF_THE_LOCAL_ENGINE = Target("<=", 1.15)
OF_READING = Target("<=", 3)


def main() -> None:
    """Measures one worker against one thread, and two against two."""
    quick = start(__doc__ or "")
    rows, rounds = (1_200_000, 2) if quick else (3_000_000, 5)
    with scratch(2 * STEPS * rows * DIM * 4) as directory:
        write(directory, rows)
        print(f"  {STEPS} steps of {rows:,} x {DIM} float32")
        compare(directory, 1, rounds)
        compare(directory, 2, rounds)


def write(directory: Path, rows: int) -> None:
    """Writes the same tables as snapshots, and as plain files of their bytes."""
    rng = np.random.default_rng(0)
    table = rng.standard_normal((rows, DIM), np.float32)
    with tb_wordembed.SnapshotWriter(directory) as writer:
        for step in range(STEPS):
            table += np.float32(0.1) * rng.standard_normal(DIM, np.float32)
            writer.embedding("words", table, step=step)
            table.tofile(directory / f"{step}.bin")


def compare(directory: Path, count: int, rounds: int) -> None:
    """As many threads as workers."""
    sides: dict[str, Callable[[], float]] = {
        "local": lambda: seconds(lambda: measure(directory, LocalEngine(count))),
        "peer": lambda: seconds(lambda: read(directory)),
    }
    try:
        from tb_wordembed.engine.dask import DaskWorkers

        cluster = DaskWorkers(workers=count)
    except ImportError as error:
        skipped("Dask", str(error))
        times = in_turn(sides, rounds)
    else:
        engine = SegmentEngine(cluster)
        sides["dask"] = lambda: seconds(lambda: measure(directory, engine))
        times = in_turn(sides, rounds)
        pids = cluster.on_each(os.getpid)
        print(f"  peak memory of each of {count} workers: {peaks(pids)}")
        cluster.close()
    print(f"  peak memory of this process: {peaks([os.getpid()])}")
    named = f"{count} thread{'s' * (count > 1)}"
    ratio(f"{named}", times["local"], PEER, times["peer"])
    if "dask" in times:
        workers = named.replace("thread", "worker")
        ratio(workers, times["dask"], PEER, times["peer"], OF_READING)
        ratio(workers, times["dask"], named, times["local"], OF_THE_LOCAL_ENGINE)


def measure(directory: Path, engine: Engine) -> None:
    """Makes one pass over all steps; nothing is found that another round computed."""
    log = open_with(directory, lambda: engine, DiskCache(None))
    assert len(log.series().health()) == STEPS


def read(directory: Path) -> float:
    """Reads the bytes of all steps, and sums them."""
    return sum(
        float(np.add.reduce(np.fromfile(directory / f"{step}.bin", np.float32)))
        for step in range(STEPS)
    )


def peaks(pids: Iterable[int]) -> str:
    """Returns the largest memory that each process has had."""
    if not has_memory():
        return "not known without /proc"
    return ", ".join(f"{memory(pid).peak_resident / 1e6:.0f} MB" for pid in pids)


if __name__ == "__main__":
    main()
