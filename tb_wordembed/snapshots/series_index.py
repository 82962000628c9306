"""Builds the series of a run from the tables and columns in its files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tb_wordembed.format import metadata
from tb_wordembed.snapshots.entries import ColumnRecord, Location, SeriesIndex, Snapshot
from tb_wordembed.snapshots.event import Value

Record = TypeVar("Record", Snapshot, ColumnRecord)


def build(run: str, values: Iterable[Value]) -> list[SeriesIndex]:
    """Returns the series of a run, by tag."""
    builders: dict[str, _SeriesBuilder] = {}
    for value in values:
        role = value.label.role
        tag = value.tag if isinstance(role, metadata.TableRole) else role.table
        builders.setdefault(tag, _SeriesBuilder()).add(value)
    return [
        builder.build(run, tag)
        for tag, builder in sorted(builders.items())
        if builder.snapshots
    ]


@dataclass
class _SeriesBuilder:
    """Collects the values of one run and tag."""

    description: str = ""
    snapshots: list[Snapshot] = field(default_factory=list)
    columns: dict[str, list[ColumnRecord]] = field(default_factory=dict)

    def add(self, value: Value) -> None:
        role = value.label.role
        if isinstance(role, metadata.TableRole):
            self.description = value.label.description or self.description
            self.snapshots.append(Snapshot(value.step, value.wall_time, value.tensor))
        else:
            self.columns.setdefault(role.column, []).append(
                ColumnRecord(value.step, value.wall_time, role.column, value.tensor)
            )

    def build(self, run: str, tag: str) -> SeriesIndex:
        columns = [one for found in self.columns.values() for one in _kept(found)[0]]
        snapshots, superseded = _kept(self.snapshots)
        return SeriesIndex(
            run=run,
            tag=tag,
            description=self.description,
            written=tuple(self.snapshots),
            snapshots=tuple(snapshots),
            superseded=tuple(superseded),
            columns=tuple(columns),
        )


def without(series: SeriesIndex, damaged: Collection[Location]) -> SeriesIndex:
    """Returns the series as if what is damaged had not been written: it supersedes no
    other step."""
    snapshots, superseded = _kept(
        [one for one in series.written if one.table not in damaged]
    )
    return replace(
        series,
        snapshots=tuple(snapshots),
        superseded=tuple(superseded),
        damaged=frozenset(damaged),
    )


def _kept(records: Iterable[Record]) -> tuple[list[Record], list[Record]]:
    """Returns the records that are valid, and those that are superseded: as in
    TensorBoard, a training that restarts from a step replaces what was written from
    that step on."""
    kept: list[Record] = []
    superseded: list[Record] = []
    for one in records:
        while kept and kept[-1].step >= one.step:
            superseded.append(kept.pop())
        kept.append(one)
    return kept, superseded
