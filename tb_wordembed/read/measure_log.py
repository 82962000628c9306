"""Computes and saves what the tab asks first, for tables of any size."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tb_wordembed.analysis.block_sums import ChangeSums, Sums
from tb_wordembed.analysis.drift import Moved
from tb_wordembed.analysis.measure_blocks import BlockMeasures, Part
from tb_wordembed.analysis.neighbors.given_rows import Neighbors
from tb_wordembed.analysis.projection import Spread
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.progress import Progress, counted, part, silent
from tb_wordembed.engine.segments import (
    AnyWork,
    Segment,
    SegmentEngine,
    SegmentResult,
)
from tb_wordembed.read.basis import shown_components
from tb_wordembed.read.disk_cache import RESULTS, DiskCache, results_directory
from tb_wordembed.read.engines import dask_workers
from tb_wordembed.read.findings import findings
from tb_wordembed.read.layouts import quality
from tb_wordembed.read.log import Log, open_with
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.neighbors import all_neighbors, turnover_estimate
from tb_wordembed.read.positions import positions
from tb_wordembed.snapshots.checkpoints.given_tokens import TokensOf

NEIGHBORS = 10
"""The number of neighbors that the tab asks for first."""

_KINDS = (
    SegmentResult,
    Part,
    Sums,
    ChangeSums,
    BlockMeasures,
    Moved,
    Spread,
    Neighbors,
)
"""What the results of segments consist of."""


class FinishedSegments:
    """Results of segments on the disk, under the function and the place, checksum and
    shape of what it was given: what a crashed process has finished is found by the next
    one."""

    def __init__(self, disk: DiskCache) -> None:
        self._disk = disk
        self._asked: list[tuple[Any, ...]] = []
        self.computed = 0
        """The number of segments that were worked on, rather than found."""

    def has(self, work: AnyWork, segment: Segment[Any]) -> bool:
        """Returns whether there is a result of a segment."""
        self._asked.append(_key(work, segment))
        return self._disk.has(_key(work, segment))

    def load(self, work: AnyWork, segment: Segment[Any]) -> SegmentResult | None:
        """Returns the result of a segment; None if it can't be read."""
        found: SegmentResult | None = self._disk.load(_key(work, segment), _KINDS)
        return found

    def save(self, work: AnyWork, segment: Segment[Any], result: SegmentResult) -> None:
        """Keeps the result of a segment."""
        self.computed += 1
        self._disk.save(_key(work, segment), result)

    def clear(self) -> None:
        """Deletes what was asked for so far: the results of the passes are saved."""
        for key in self._asked:
            self._disk.delete(key)
        self._asked.clear()


def _key(work: AnyWork, segment: Segment[Any]) -> tuple[Any, ...]:
    return "segment", work, segment


@dataclass(frozen=True)
class Measured:
    """What was done for a series.

    Attributes:
      computed: the number of segments of row blocks that were worked on; 0 where all
        results were found.
    """

    run: str
    tag: str
    steps: int
    shape: tuple[int, int]
    computed: int


class Measuring:
    """Measures the series of a log, and saves the results beside its event files.

    A saved measure is not computed again. If a measure was interrupted, ``finished``
    keeps its finished segments, which are not computed again, either.
    """

    def __init__(self, log: Log, finished: FinishedSegments) -> None:
        self.log = log
        self._finished = finished

    def measure(
        self,
        series: LoggedSeries,
        *,
        with_neighbors: bool = False,
        with_quality: bool = False,
        progress: Progress = silent,
    ) -> Measured:
        """Computes norms, drift from the first step to each step, paths, health,
        findings, the basis, the positions at each step, and from a sample how many
        neighbors rows kept from the first step to the last.

        Args:
          with_neighbors: also finds the nearest neighbors of all rows at the first step
            and the last.
          with_quality: also finds, for a sample of 1,000 tokens, how well the first two
            components keep the neighbors at the last step. This process does it alone.

        Raises:
          OSError: the results can't be saved.
        """
        if not series.is_remote:
            # Where nothing can be saved, nothing is computed.
            Path(series.directory, RESULTS).mkdir(exist_ok=True)
        before, whole = self._finished.computed, progress
        shares = [0.5, 0.2, 0.3] if with_neighbors else [0.6, 0.4, 0.0]
        if with_quality:
            progress = part(progress, 0, 0.8)
        findings(series, progress=part(progress, 0, shares[0]))
        steps, share = series.steps, part(progress, shares[0], shares[1])
        for step in counted(steps, len(steps), share):
            positions(series, step, shown_components(series))
        turnover_estimate(series, series.steps[0], series.steps[-1], NEIGHBORS)
        if with_neighbors:
            ends = sorted({series.steps[0], series.steps[-1]})
            for at, step in enumerate(ends):
                size = shares[2] / len(ends)
                said = part(progress, sum(shares[:2]) + at * size, size)
                all_neighbors(series, step, NEIGHBORS, progress=said)
        if with_quality:
            last = part(whole, 0.8, 0.2)
            shown = shown_components(series)[:2]
            quality(series, series.steps[-1], shown, NEIGHBORS, progress=last)
        self._finished.clear()
        whole(1.0)
        return Measured(
            series.run,
            series.tag,
            len(series.steps),
            series.shape,
            self._finished.computed - before,
        )


@contextlib.contextmanager
def measuring(
    logdir: str | os.PathLike[str],
    scheduler: str | None = None,
    workers: int | None = None,
    tokens: Sequence[str] | TokensOf | None = None,
) -> Iterator[Measuring]:
    """Opens a log to measure it: by threads of this process, or by the workers of a
    Dask cluster where one of the two is given. See ``tb_wordembed.open``."""
    disk = DiskCache(results_directory(), saves_all=True)
    finished = FinishedSegments(disk)
    with contextlib.ExitStack() as stack:

        def engine() -> SegmentEngine:
            if scheduler is None and workers is None:
                return SegmentEngine(LOCAL, finished)
            found = dask_workers(scheduler, workers)
            stack.callback(found.close)
            return SegmentEngine(found, finished)

        yield Measuring(open_with(logdir, engine, disk, tokens), finished)
