"""What the analysis of a series costs, beside reading its bytes and multiplying.

    python benchmarks/analysis_drift.py          # 50 steps of 50,000 x 300 float32
    python benchmarks/analysis_drift.py --quick  # 16 steps

Each part works through the series some steps at a time, in turn with its peer, with
the log in the page cache. With one thread for a product of matrices, as in
TensorBoard, where drift and health are measured by threads of our own; and with as many
as there are cores, whose numbers mean something on an idle machine only: one that waits
holds up the others.

Peak memory is over that of the interpreter with everything imported, each part in a
process of its own (Linux only).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import measure
import numpy as np
import sklearn
import threadpoolctl
from measure import Target
from sklearn.decomposition import PCA

from tb_wordembed import SnapshotWriter
from tb_wordembed.analysis.block_sums import moments
from tb_wordembed.analysis.measure_steps import Step, measure_steps
from tb_wordembed.analysis.projection import principal_basis
from tb_wordembed.analysis.rows import Blocks
from tb_wordembed.analysis.table_moments import pool
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.read import series
from tb_wordembed.read.log import CACHE_BYTES
from tb_wordembed.read.memory_cache import Cache
from tb_wordembed.snapshots.store import Store

SHAPE = (50_000, 300)
AT_ONCE = 8
BLOCK_BYTES = 2 << 20
MOST_MEMORY = Target("<", 400)


def make_log(directory: Path, steps: int) -> None:
    """Writes a table that moves fast at first and then settles."""
    rng = np.random.default_rng(0)
    # Some dimensions matter more than others, as they do once it has learned.
    scale = np.geomspace(2, 0.2, SHAPE[1], dtype=np.float32)
    table = rng.standard_normal(SHAPE, np.float32) * scale
    with SnapshotWriter(directory) as writer:
        for step in range(steps):
            writer.embedding("words", table, step)
            change = rng.standard_normal(SHAPE, np.float32)
            table += np.float32(0.3 * 0.85**step) * scale * change


class Log:
    """The snapshots of the log, as blocks and as a peer would read them."""

    def __init__(self, directory: Path) -> None:
        self._block_rows = BLOCK_BYTES // (4 * SHAPE[1])
        self._store = Store([("", str(directory))])
        self._index = self._store.refresh().series[0]
        self.snapshots = self._index.snapshots
        # Checksums are verified at the first read, and not again.
        for index in range(len(self)):
            for _ in self.blocks(index):
                pass

    def __len__(self) -> int:
        return len(self.snapshots)

    def anew(self) -> series.Series:
        """As users have it, with nothing known of it."""
        return series.Series(self._index, self._store, Cache(CACHE_BYTES))

    def blocks(self, index: int) -> Blocks:
        """Yields a step, block by block."""
        snapshot = self.snapshots[index]
        return self._store.blocks(snapshot, self._block_rows, buffers=LOCAL.threads)

    def from_file(self, index: int) -> Any:
        """Reads a step by NumPy alone."""
        (location,) = self.snapshots[index].table.parts
        return np.fromfile(
            location.file.path, np.float32, location.length // 4, offset=location.start
        ).reshape(SHAPE)

    def chunks(self) -> list[range]:
        """Yields all steps, some at a time."""
        every = range(len(self))
        return [every[start : start + AT_ONCE] for start in every[::AT_ONCE]]


Turn = Callable[[Sequence[int]], None]
"""Works on the steps of these numbers."""


def measuring(log: Log) -> Turn:
    """Computes our measures of the steps, some at a time."""
    seen: list[Step] = []

    def turn(steps: Sequence[int]) -> None:
        found = [
            *measure_steps(
                [log.blocks(index) for index in steps],
                SHAPE,
                previous=(seen[-1], log.blocks(steps[0] - 1)) if seen else None,
                first=(seen[0], log.blocks(0)) if seen else None,
                engine=LOCAL,
            )
        ]
        seen[:] = [(seen or found)[0], found[-1]]

    return turn


def reading(log: Log) -> Turn:
    """Runs np.fromfile, np.add.reduce and the three products."""
    seen: list[Any] = []

    def turn(steps: Sequence[int]) -> None:
        for index in steps:
            table = log.from_file(index)
            np.add.reduce(table, axis=None)
            for other in (table, *seen):
                table.T @ other
            seen[:] = [(seen or [table])[0], table]

    return turn


def compare(log: Log) -> None:
    """Prints our time over the peer's, of which each takes a turn at some steps."""
    ours: list[float] = []
    theirs: list[float] = []
    work, peer = measuring(log), reading(log)
    for number, steps in enumerate(log.chunks()):
        turns = [(peer, theirs), (work, ours)]
        for turn, times in turns[:: 1 if number % 2 else -1]:
            times.append(measure.seconds(partial(turn, steps)) / len(steps))
    peer_name = "reading and adding up and three products"
    measure.ratio("drift and health", ours, peer_name, theirs, Target("<=", 1.5))


def projected(log: Log) -> tuple[float, float]:
    """Seconds of the basis and of the coordinates of all steps."""
    ours = log.anew()
    began = time.perf_counter()
    ours.basis()
    pooled = time.perf_counter()
    for step in ours.steps:
        ours.positions(step)
    return pooled - began, time.perf_counter() - pooled


def _fitted(solver: str, table: Any) -> tuple[float, float]:
    pca = PCA(n_components=3, svd_solver=solver)
    return measure.seconds(partial(pca.fit, table)), 0.0


def compare_projection(log: Log, rounds: int) -> None:
    """Prints the times of the basis and of all coordinates over scikit-learn's."""
    table = log.from_file(len(log) - 1)
    sides: dict[str, Callable[[], tuple[float, float]]] = {
        solver: partial(_fitted, solver, table)
        for solver in ("covariance_eigh", "full", "randomized")
    }
    sides["basis"] = lambda: projected(log)
    found = measure.in_turn(sides, rounds)
    basis, all_steps = zip(*found.pop("basis"), strict=True)
    both = [sum(one) for one in zip(basis, all_steps, strict=True)]
    count = len(log)
    for solver, times in found.items():
        theirs = [one for one, _ in times]
        peer = f"scikit-learn {sklearn.__version__}'s {solver!r} PCA of one step"
        # What scikit-learn took before 1.5, and takes where there are more columns.
        target = Target("<=", 1) if solver == "full" else None
        measure.ratio(
            f"basis, and coordinates of all {count} steps",
            both,
            peer,
            theirs,
            target,
        )
        measure.ratio(
            "  of these, coordinates, a step",
            [one / count for one in all_steps],
            peer,
            theirs,
        )
    measure.absolute("basis, before the first picture", basis)


def variance_shown(log: Log) -> None:
    """Prints what is lost by pooling some rows of some steps only."""
    ours, dim = log.anew(), SHAPE[1]
    whole = pool(moments(log.blocks(index), dim) for index in range(len(log)))
    every, some = (
        float(np.trace(basis.components @ whole.covariance() @ basis.components.T))
        for basis in (principal_basis(whole), ours.basis())
    )
    measure.line(
        f"the basis, of {len(ours.basis_steps())} of {len(log)} steps, shows "
        f"{some / every:.2%} of the variance that one of all rows of all steps shows",
        f"{every / np.trace(whole.covariance()):.1%} of all",
        some / every,
        Target(">", 0.99),
    )


PARTS: dict[str, Callable[[Log], object]] = {
    "health": lambda log: run(log, measuring(log)),
    "pca": lambda log: projected(log),
}


def run(log: Log, work: Turn) -> None:
    """Measures all steps."""
    for steps in log.chunks():
        work(steps)


def peak_memory(directory: Path, part: str) -> float:
    """Returns the MB over the interpreter of a process that does this part alone."""
    command = [sys.executable, __file__, part, str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def print_peak_memory(part: str, directory: str) -> None:
    """Prints what ``peak_memory`` reads."""
    before = peak()
    PARTS[part](Log(Path(directory)))
    print(peak() - before)


def peak() -> float:
    """Returns the most memory of this process so far, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Makes the log, and measures everything."""
    if sys.argv[1:2] and sys.argv[1] in PARTS:
        print_peak_memory(*sys.argv[1:])
        return
    quick = measure.start(__doc__ or "")
    steps = 16 if quick else 50
    with measure.scratch(2 * steps * 4 * SHAPE[0] * SHAPE[1]) as directory:
        make_log(directory, steps)
        print(f"  {steps} steps of {SHAPE[0]:,} x {SHAPE[1]} float32")
        for threads in sorted({1, os.cpu_count() or 1}):
            print(f"  {threads} thread{'s' * (threads > 1)} for products of matrices")
            with threadpoolctl.threadpool_limits(threads, user_api="blas"):
                compare(Log(directory))
                compare_projection(Log(directory), 2 if quick else 5)
        variance_shown(Log(directory))
        if not sys.platform.startswith("linux"):
            measure.skipped("peak memory", "it is read from /proc")
            return
        for part in PARTS:
            size = peak_memory(directory, part)
            measure.line(f"{part}: {size:.0f} MB", "at most", size, MOST_MEMORY)


if __name__ == "__main__":
    main()
