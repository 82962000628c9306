"""The series of a log without the snapshots that were found damaged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tb_wordembed.snapshots.index_entries import Location, Problem, SeriesIndex
from tb_wordembed.snapshots.series_index import without
from tb_wordembed.snapshots.verified_records import Records

_Known = tuple[dict[Location, Problem], dict[int, tuple[SeriesIndex, SeriesIndex]]]
"""What was found damaged, and by the id of each series that series with and without."""


class SoundSeries:
    """Takes from series what ``records`` found damaged."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known: _Known = {}, {}

    def of(self, series: Sequence[SeriesIndex]) -> Sequence[SeriesIndex]:
        """Returns all series of a log without what was found damaged: the same objects
        as the last time, unless they have changed or more was found damaged. So what
        follows from them needs not be found for each question."""
        damaged = self._records.damaged
        if not damaged:
            return series
        before, known = self._known
        if before is not damaged:
            known = {}
        found = {
            id(one): known.get(id(one)) or (one, self.without_damaged(one))
            for one in series
        }
        self._known = damaged, found
        return [sound for _, sound in found.values()]

    def without_damaged(self, series: SeriesIndex) -> SeriesIndex:
        """Returns a series without what was found damaged."""
        if not self._records.damaged:
            return series
        damaged = self._records.damaged.keys() & tensors(series)
        return without(series, damaged) if damaged else series


def tensors(series: SeriesIndex) -> Iterator[Location]:
    """Yields the places of all tables and columns."""
    for one in series.written:
        yield from one.table.parts
    for column in series.columns:
        yield from column.values.parts
