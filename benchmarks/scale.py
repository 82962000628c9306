"""A pass over large tables costs a few times reading them, on threads or processes.

Four processes write the tables, each its own rows. Then health, drift and norms of all
steps: by the local engine, and by the workers of a Dask cluster on this machine, which
read their own byte ranges. Nothing is kept on the disk, and clusters run before the
clock does. The peer reads the same files with ``np.fromfile`` and sums them. Needs
``pip install tb_wordembed[dask]``.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from measure import (
    Target,
    absolute,
    in_turn,
    ratio,
    scratch,
    seconds,
    skipped,
    start_with,
)
from server import Watch, has_memory, memory

import tb_wordembed
from tb_wordembed.engine.local import LocalEngine
from tb_wordembed.engine.segments import Engine, SegmentEngine
from tb_wordembed.read.disk_cache import DiskCache
from tb_wordembed.read.log import open_with
from tb_wordembed.snapshots.index_entries import Location
from tb_wordembed.snapshots.store import Store

STEPS = 3
DIM = 64
RANKS = 4

PEER = "np.fromfile + np.add.reduce"

OF_THE_LOCAL_ENGINE = Target("<=", 1.15)
OF_READING = Target("<=", 3)


def main() -> None:
    """Measures one worker against one thread, and two against two; or as many as are
    asked for, once."""
    parser = argparse.ArgumentParser(description=__doc__ or "")
    parser.add_argument("--rows", type=int, help="of the tables")
    parser.add_argument("--workers", type=int, help="and nothing but these, once")
    options = start_with(parser)
    rows = options.rows or (1_200_000 if options.quick else 3_000_000)
    with scratch(STEPS * rows * DIM * 4) as directory:
        print(f"  {STEPS} steps of {rows:,} x {DIM} float32, {RANKS} parts")
        absolute("written", [seconds(lambda: write(directory, rows))])
        absolute("listed", [seconds(lambda: tb_wordembed.open(directory).series())])
        if options.workers:
            compare(directory, options.workers, 1, warm_up=False)
            return
        for count in 1, 2:
            compare(directory, count, 2 if options.quick else 5)


def write(directory: Path, rows: int) -> None:
    """Lets the ranks of a training write, two at a time."""
    ranges = [(rows * one // RANKS, rows * (one + 1) // RANKS) for one in range(RANKS)]
    with multiprocessing.get_context("spawn").Pool(2, maxtasksperchild=1) as pool:
        pool.starmap(
            write_part, [(directory, *each, rows) for each in ranges], chunksize=1
        )


def write_part(directory: Path, start: int, stop: int, rows: int) -> None:
    """Writes the rows that one process has, at all steps."""
    rng = np.random.default_rng(start)
    table = rng.standard_normal((stop - start, DIM), np.float32)
    with tb_wordembed.SnapshotWriter(directory) as writer:
        for step in range(STEPS):
            table += np.float32(0.1) * rng.standard_normal(DIM, np.float32)
            writer.embedding("words", table, step, part=(start, rows))


def compare(directory: Path, count: int, rounds: int, *, warm_up: bool = True) -> None:
    """Compares threads with as many workers, and both with reading."""
    sides: dict[str, Callable[[], float]] = {
        "local": lambda: seconds(lambda: measure(directory, LocalEngine(count))),
        "peer": lambda: seconds(lambda: read(directory)),
    }
    with contextlib.ExitStack() as stack:
        try:
            from tb_wordembed.engine.dask import DaskWorkers

            cluster = DaskWorkers(workers=count)
        except ImportError as error:
            skipped("Dask", str(error))
        else:
            stack.callback(cluster.close)
            engine = SegmentEngine(cluster)
            sides["dask"] = lambda: seconds(lambda: measure(directory, engine))
        watch = stack.enter_context(Watch(os.getpid())) if has_memory() else None
        times = in_turn(sides, rounds, warm_up=warm_up)
        if "dask" in sides:
            pids = cluster.on_each(os.getpid)
            print(f"  peak memory of each of {count} workers: {peaks(pids)}")
    print(f"  peak memory of this process: {peaks([os.getpid()])}")
    if watch is not None:
        print(f"  of which without files: {watch.peak_anonymous / 1e6:.0f} MB")
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
    """Reads the bytes of all parts, and sums them."""
    (series,) = Store([("", str(directory))]).refresh().series
    parts = [part for one in series.snapshots for part in one.table.parts]
    return sum(float(np.add.reduce(_numbers(part))) for part in parts)


def _numbers(part: Location) -> npt.NDArray[np.float32]:
    count = part.length // 4
    return np.fromfile(part.file.path, np.float32, count, offset=part.start)


def peaks(pids: Iterable[int]) -> str:
    """Returns the largest memory that each process has had."""
    if not has_memory():
        return "not known without /proc"
    return ", ".join(f"{memory(pid).peak_resident / 1e6:.0f} MB" for pid in pids)


if __name__ == "__main__":
    main()
