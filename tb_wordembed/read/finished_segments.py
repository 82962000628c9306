"""Keeps the results of segments of row blocks until the whole pass is done."""

from __future__ import annotations

from typing import Any

from tb_wordembed.analysis.block_sums import ChangeSums, Sums
from tb_wordembed.analysis.drift import Moved
from tb_wordembed.analysis.measure_blocks import BlockMeasures, Part
from tb_wordembed.analysis.neighbors.given_rows import Neighbors
from tb_wordembed.analysis.projection import Spread
from tb_wordembed.engine.segments import AnyWork, Segment, SegmentResult
from tb_wordembed.read.disk_cache import DiskCache

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


class FinishedSegments:
    """Results of segments on the disk, under the function and the place, checksum and
    shape of what it was given: what a crashed process has finished is found by the next
    one.

    Args:
      disk: where they are.
    """

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
