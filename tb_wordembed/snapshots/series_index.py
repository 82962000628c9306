"""Builds the series of a run from the tables and columns in its files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Set
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from tb_wordembed.errors import quoted
from tb_wordembed.format import metadata
from tb_wordembed.snapshots.event_parser import Value
from tb_wordembed.snapshots.index_entries import (
    ColumnRecord,
    Location,
    Problem,
    SeriesIndex,
    Snapshot,
)
from tb_wordembed.snapshots.join_parts import Joins, join_columns, join_tables

_MOST_PROBLEMS = 20

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
            snapshot = Snapshot(
                *at, value.tensor, role.full_vocab_size, role.fixed_rows, role.part
            )
            tables[value.tag].append(snapshot)
        else:
            has_images = role.has_images and value.tensor.dtype == "text"
            record = ColumnRecord(*at, role.column, value.tensor, role.part, has_images)
            columns[role.table].setdefault(role.column, []).append(record)
    found = []
    for tag, written in sorted(tables.items()):
        where = _name(run, tag)
        joined = _joined(partial(join_tables, where), written)
        of_columns = [
            _joined(partial(join_columns, where, quoted(name)), records)
            for name, records in columns[tag].items()
        ]
        joins: list[Joins[Any]] = [joined, *of_columns]
        found.append(
            SeriesIndex(
                run=run,
                tag=tag,
                description=descriptions[tag],
                written=tuple(written),
                snapshots=tuple(joined.kept),
                superseded=tuple(joined.superseded),
                columns=tuple(column for one in of_columns for column in one.kept),
                incomplete=_last([line for one in joins for line in one.incomplete]),
                problems=_last([line for one in joins for line in one.problems]),
            )
        )
    return found


def without(series: SeriesIndex, damaged: Set[Location]) -> SeriesIndex:
    """Returns the series without what is damaged, as if it had not been written: it
    supersedes no other step, either."""
    sound = [one for one in series.written if damaged.isdisjoint(one.table.parts)]
    joined = _joined(partial(join_tables, _name(series.run, series.tag)), sound)
    return replace(
        series,
        snapshots=tuple(joined.kept),
        superseded=tuple(joined.superseded),
        damaged=frozenset(damaged),
    )


def _last(found: list[Problem]) -> tuple[Problem, ...]:
    """Returns the last problems, and how many there are before them."""
    last = found[-_MOST_PROBLEMS:]
    count = len(found) - len(last)
    if count:
        where = last[0].path, last[0].offset
        last.insert(0, Problem(*where, f"there are {count:,} more such steps before"))
    return tuple(last)


def _name(run: str, tag: str) -> str:
    return f"{quoted(run)} {quoted(tag)}"


def _joined(
    join: Callable[[list[Record]], Joins[Record]], records: list[Record]
) -> Joins[Record]:
    """Returns the records that are valid, parts joined, and those that are superseded:
    as in TensorBoard, a training that restarts from a step replaces what was written
    from that step on."""
    if any(one.part for one in records):
        return join(records)
    kept: list[Record] = []
    superseded: list[Record] = []
    for one in records:
        while kept and kept[-1].step >= one.step:
            superseded.append(kept.pop())
        kept.append(one)
    return Joins(kept, superseded)
