"""Keeps the results of runs of row blocks until the whole pass is done."""

from __future__ import annotations

from typing import Any

from tb_wordembed.analysis.drift import Moved
from tb_wordembed.analysis.measure_blocks import BlockMeasures, Part
from tb_wordembed.analysis.neighbors.given_rows import Neighbors
from tb_wordembed.analysis.projection import Spread
from tb_wordembed.analysis.sums import ChangeSums, Sums
from tb_wordembed.engine.runs import AnyWork, Run, RunResult
from tb_wordembed.read.disk_cache import DiskCache

_KINDS = (RunResult, Part, Sums, ChangeSums, BlockMeasures, Moved, Spread, Neighbors)


class FinishedRuns:
    """Results of runs on the disk, under the function and the place, checksum and shape
    of what it was given: what a crashed process has finished is found by the next one.

    Args:
      disk: where they are.
    """

    def __init__(self, disk: DiskCache) -> None:
        self._disk = disk
        self._asked: list[tuple[Any, ...]] = []
        self.computed = 0
        """The number of runs that were worked on, rather than found."""

    def has(self, work: AnyWork, run: Run[Any]) -> bool:
        """Returns whether there is a result of a run."""
        self._asked.append(_key(work, run))
        return self._disk.has(_key(work, run))

    def load(self, work: AnyWork, run: Run[Any]) -> RunResult | None:
        """Returns the result of a run; None if it can't be read."""
        found: RunResult | None = self._disk.load(_key(work, run), _KINDS)
        return found

    def save(self, work: AnyWork, run: Run[Any], result: RunResult) -> None:
        """Keeps the result of a run."""
        self.computed += 1
        self._disk.save(_key(work, run), result)

    def clear(self) -> None:
        """Deletes what was asked for so far: the results of the passes are saved."""
        for key in self._asked:
            self._disk.delete(key)
        self._asked.clear()


def _key(work: AnyWork, run: Run[Any]) -> tuple[Any, ...]:
    return "run", work, run
