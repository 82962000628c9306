"""Builds the series of a run from the tables and columns in its files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TypeVar

from tb_wordembed.format import metadata
from tb_wordembed.snapshots.entries import ColumnRecord, Location, SeriesIndex, Snapshot
from tb_wordembed.snapshots.event import Value

Record = TypeVar("Record", Snapshot, ColumnRecord)


def build(run: str, values: Iterable[Value]) -> list[SeriesIndex]:
    """Returns the series of a run, by tag."""
    descriptions: dict[str, str] = {}
    tables: dict[str, list[Snapshot]] = defaultdict(list)
    columns: dict[str, dict[str, list[ColumnRecord]]] = defaultdict(dict)
    for value in values:
        role = value.label.role
        at = value.step, value.wall_time
        if isinstance(role, metadata.TableRole):
            if value.label.description or value.tag not in descriptions:
                descriptions[value.tag] = value.label.description
            says = role.full_vocab_size, role.fixed_rows
            tables[value.tag].append(Snapshot(*at, value.tensor, *says))
        else:
            record = ColumnRecord(*at, role.column, value.tensor)
            columns[role.table].setdefault(role.column, []).append(record)
    found = []
    for tag, written in sorted(tables.items()):
        snapshots, superseded = _kept(written)
        found.append(
            SeriesIndex(
                run=run,
                tag=tag,
                description=descriptions[tag],
                written=tuple(written),
                snapshots=snapshots,
                superseded=superseded,
                columns=tuple(
                    one
                    for records in columns[tag].values()
                    for one in _kept(records)[0]
                ),
            )
        )
    return found


def without(series: SeriesIndex, damaged: Collection[Location]) -> SeriesIndex:
    """Returns the series without what is damaged, as if it had not been written: it
    supersedes no other step, either."""
    snapshots, superseded = _kept(
        [one for one in series.written if one.table not in damaged]
    )
    return replace(
        series,
        snapshots=snapshots,
        superseded=superseded,
        damaged=frozenset(damaged),
    )


def _kept(
    records: Iterable[Record],
) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """Returns the records that are valid, and those that are superseded: as in
    TensorBoard, a training that restarts from a step replaces what was written from
    that step on."""
    kept: list[Record] = []
    superseded: list[Record] = []
    for one in records:
        while kept and kept[-1].step >= one.step:
            superseded.append(kept.pop())
        kept.append(one)
    return tuple(kept), tuple(superseded)
