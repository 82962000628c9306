"""What the analysis of a series costs, beside reading its bytes and multiplying.

Prints ratios measured in one run, with the log in the page cache:

    python benchmarks/analysis_drift.py          # 50 steps of 50,000 x 300 float32
    python benchmarks/analysis_drift.py --quick  # 16 steps

Each part works through the series some steps at a time; the peer's turn at them comes
right before ours, and the ratio is that of the medians. Peak memory is over that of the
interpreter with everything imported, each part in a process of its own (Linux only).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from sklearn.decomposition import PCA

from tb_wordembed import SnapshotWriter
from tb_wordembed.analysis.moments import moments, pool
from tb_wordembed.analysis.projection import principal_basis
from tb_wordembed.analysis.rows import Blocks
from tb_wordembed.analysis.steps import Step, measure_steps
from tb_wordembed.snapshots.store import Store

SHAPE = (50_000, 300)
AT_ONCE = 8
BLOCK_BYTES = {"drift": 1 << 20, "health": 2 << 20, "pca": 2 << 20}


def make_log(directory: Path, steps: int) -> None:
    """A table that moves fast at first and then settles."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=SHAPE).astype(np.float32)
    with SnapshotWriter(directory) as writer:
        for step in range(steps):
            writer.embedding("words", table, step)
            change = rng.standard_normal(SHAPE, np.float32)
            table += np.float32(0.3 * 0.85**step) * change


class Series:
    """The snapshots of the log, as blocks and as a peer would read them."""

    def __init__(self, directory: Path, part: str) -> None:
        self._block_rows = BLOCK_BYTES[part] // (4 * SHAPE[1])
        self._store = Store([("", str(directory))])
        self.snapshots = self._store.refresh().series[0].snapshots
        # Checksums are verified at the first read, and not again.
        for index in range(len(self)):
            next(iter(self.blocks(index)))

    def __len__(self) -> int:
        return len(self.snapshots)

    def blocks(self, index: int) -> Blocks:
        """A step, block by block."""
        return self._store.blocks(self.snapshots[index], self._block_rows)

    def from_file(self, index: int) -> Any:
        """A step, read by NumPy alone."""
        location = self.snapshots[index].table
        return np.fromfile(
            location.file.path, np.float32, location.length // 4, offset=location.start
        ).reshape(SHAPE)


Turn = Callable[[Sequence[int]], None]
"""Works on the steps of these numbers."""


def measuring(series: Series, with_health: bool) -> Turn:
    """Our measures of the steps, some at a time."""
    seen: list[Step] = []

    def turn(steps: Sequence[int]) -> None:
        found = measure_steps(
            [series.blocks(index) for index in steps],
            SHAPE,
            previous=(seen[-1], series.blocks(steps[0] - 1)) if seen else None,
            first=(seen[0], series.blocks(0)) if seen else None,
            with_health=with_health,
        )
        seen[:] = [(seen or found)[0], found[-1]]

    return turn


def reading(series: Series, with_products: bool) -> Turn:
    """np.fromfile and np.add.reduce, and the three products where they are wanted."""
    seen: list[Any] = []

    def turn(steps: Sequence[int]) -> None:
        for index in steps:
            table = series.from_file(index)
            np.add.reduce(table, axis=None)
            for other in (table, *seen) if with_products else ():
                table.T @ other
            seen[:] = [(seen or [table])[0], table]

    return turn


def projected(series: Series) -> list[float]:
    """Seconds of the moments and of the coordinates of all steps."""
    began = time.perf_counter()
    found = [moments(series.blocks(index), SHAPE[1]) for index in range(len(series))]
    basis = principal_basis(pool(found))
    pooled = time.perf_counter()
    for index in range(len(series)):
        np.concatenate([basis.project(rows) for _, rows in series.blocks(index)])
    return [pooled - began, time.perf_counter() - pooled]


def chunks(series: Series) -> list[range]:
    """All steps, some at a time."""
    every = range(len(series))
    return [every[start : start + AT_ONCE] for start in every[::AT_ONCE]]


def compare(name: str, series: Series, work: Turn, peer: Turn) -> None:
    """Prints our time over the peer's, which takes its turn right before us."""
    ours: list[float] = []
    theirs: list[float] = []
    for steps in chunks(series):
        for turn, times in ((peer, theirs), (work, ours)):
            began = time.perf_counter()
            turn(steps)
            times.append((time.perf_counter() - began) / len(steps))
    ratio = np.median(ours) / np.median(theirs)
    print(
        f"{name:8} {ratio:5.2f} x its peer ({np.median(ours) * 1e3:.0f} ms and "
        f"{np.median(theirs) * 1e3:.0f} ms a step; the fastest of both, "
        f"{min(ours) / min(theirs):.2f} x)"
    )


def compare_projection(series: Series) -> None:
    """Prints the time of the basis and of all coordinates over scikit-learn's."""
    table, times = series.from_file(len(series) - 1), []
    pca = PCA(n_components=3)
    for _ in range(5):
        began = time.perf_counter()
        pca.fit(table)
        times.append(time.perf_counter() - began)
    basis, positions = (part / np.median(times) for part in projected(series))
    print(
        f"pca      {basis + positions:5.2f} x one fit of scikit-learn "
        f"{sklearn.__version__} PCA(n_components=3), which took the solver "
        f"{pca._fit_svd_solver!r}, to one of the {len(series)} steps:\n"
        f"         {basis:.2f} x for the basis, {positions:.2f} x for all coordinates;"
        f" {(basis + positions) / len(series):.2f} x a step"
    )


PARTS: dict[str, Callable[[Series], object]] = {
    "drift": lambda series: run(series, measuring(series, with_health=False)),
    "health": lambda series: run(series, measuring(series, with_health=True)),
    "pca": lambda series: projected(series),
}


def run(series: Series, work: Turn) -> None:
    """All steps."""
    for steps in chunks(series):
        work(steps)


def peak_memory(directory: Path, part: str) -> float:
    """MB over the interpreter, of a process that does this part alone."""
    command = [sys.executable, __file__, "--part", part, "--log", str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def print_peak_memory(directory: Path, part: str) -> None:
    """The other side of ``peak_memory``."""
    before = peak()
    PARTS[part](Series(directory, part))
    print(peak() - before)


def peak() -> float:
    """Most memory of this process so far, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Makes the log, and measures everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--part", choices=list(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--log", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print_peak_memory(options.log, options.part)
        return
    steps = 16 if options.quick else 50
    with tempfile.TemporaryDirectory() as name:
        make_log(Path(name), steps)
        print(f"{steps} steps of {SHAPE[0]} x {SHAPE[1]} float32")
        for part, more in (("drift", False), ("health", True)):
            series = Series(Path(name), part)
            compare(part, series, measuring(series, more), reading(series, more))
        compare_projection(Series(Path(name), "pca"))
        for part in PARTS:
            print(f"{part:8} {peak_memory(Path(name), part):5.0f} MB at most")


if __name__ == "__main__":
    main()
