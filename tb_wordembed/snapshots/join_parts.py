"""Joins the parts of tables and columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic

from tb_wordembed.format.metadata import RowRanges
from tb_wordembed.snapshots.index_entries import ColumnRecord, Problem, Snapshot
from tb_wordembed.snapshots.sort_parts import (
    Cover,
    Part,
    Record,
    in_time,
    named_rows,
    without_replaced,
)

_MOST_REFERENCES = 1 << 18
"""The number of parts, at most, that the values of a column at all steps consist of. A
column that changes part by part takes all of its parts anew each time."""
_MOST_NAMED = 3
"""The number of missing ranges of rows that a message names."""


@dataclass
class Joins(Generic[Record]):
    """The result of joining parts.

    Attributes:
      kept: what is complete and valid, by ascending step.
      superseded: what was complete, until a restart replaced it.
      incomplete: sentences about what is still being written.
      problems: sentences about parts that contradict each other.
    """

    kept: list[Record] = field(default_factory=list)
    superseded: list[Record] = field(default_factory=list)
    incomplete: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def join_tables(series: str, written: Iterable[Snapshot]) -> Joins[Snapshot]:
    """Joins the parts of each step of a table.

    Args:
      series: the run and tag in words, for messages.
      written: whole tables and parts, in the order of the files.
    """
    joins: Joins[Snapshot] = Joins()
    parts = in_time((one, one.table) for one in written)
    valid = without_replaced(parts)
    by_step = _by_step(one for one in parts if one in valid)
    replaced: dict[tuple[int, int], list[Part[Snapshot]]] = defaultdict(list)
    for one in parts:
        if one not in valid:
            replaced[one.generation, one.record.step].append(one)
    for step, found in by_step:
        where = f"step {step} of {series}"
        cover, clash = _newest(found)
        vocab_size = found[-1].vocab_size
        if clash is not None:
            joins.problems.append(_contradiction(where, *clash))
        elif cover.rows < vocab_size:
            joins.incomplete.append(_incomplete(where, cover, vocab_size))
        else:
            joins.kept.append(_joined_table(cover))
            if rest := set(found).difference(cover.parts):
                replaced[-1, step] = [one for one in found if one in rest]
    for _, found in sorted(replaced.items()):
        cover, clash = _newest(found)
        if clash is None and cover.rows == found[-1].vocab_size:
            joins.superseded.append(_joined_table(cover))
    return joins


def join_columns(
    series: str, name: str, written: Iterable[ColumnRecord]
) -> Joins[ColumnRecord]:
    """Joins the parts of a column. A part is valid from its step on, until another one
    takes the place of its rows.

    Args:
      series, written: see ``join_tables``.
      name: the name of the column in words.
    """
    joins: Joins[ColumnRecord] = Joins()
    parts = in_time((one, one.values) for one in written)
    valid = without_replaced(parts)
    covers: dict[tuple[int, str], Cover[ColumnRecord]] = {}
    where = f"column {name} of {series}"
    references = 0
    for step, found in _by_step(one for one in parts if one in valid):
        now, clash = _newest(found)
        if clash is not None:
            joins.problems.append(_contradiction(f"{where} at step {step}", *clash))
            continue
        vocab_size = found[-1].vocab_size
        cover = covers.setdefault((vocab_size, found[-1].kind), Cover())
        for one in now.parts:
            cover.put(one)
        if cover.rows == vocab_size:
            references += len(cover.parts)
            if references > _MOST_REFERENCES:
                said = (
                    f"{where} changes in too many parts; left out from step {step} on"
                )
                joins.problems.append(found[-1].location.problem(said))
                break
            last = found[-1].record
            joins.kept.append(replace(last, values=cover.tensor, part=None))
    for (vocab_size, _), cover in covers.items():
        if cover.rows < vocab_size:
            joins.incomplete.append(_incomplete(where, cover, vocab_size))
    return joins


def _by_step(parts: Iterable[Part[Record]]) -> list[tuple[int, list[Part[Record]]]]:
    steps: dict[int, list[Part[Record]]] = defaultdict(list)
    for one in parts:
        steps[one.record.step].append(one)
    return sorted(steps.items())


def _newest(
    found: Sequence[Part[Record]],
) -> tuple[Cover[Record], tuple[Part[Record], Part[Record]] | None]:
    """Returns the parts of a step that were written last, up to those that make a
    whole; and two of them that contradict each other, if there are."""
    cover: Cover[Record] = Cover()
    latest: dict[tuple[int, int], Part[Record]] = {}
    for one in reversed(found):
        latest.setdefault((one.start, one.stop), one)
    newest, of = found[-1], found[-1].of
    for one in latest.values():
        clashing = cover.overlapping(one) if one.of == of else [newest]
        if clashing:
            return cover, (one, clashing[0])
        cover.put(one)
        if cover.rows == one.vocab_size:
            break
    return cover, None


def _contradiction(where: str, older: Part[Record], newer: Part[Record]) -> Problem:
    place = f"in {older.location.file.path} at byte {older.location.record_offset}"
    if older.of != newer.of:
        said = (
            f"{newer.rows} are of {newer.whole}, and {older.rows} {place} of "
            f"{older.whole}"
        )
    else:
        said = f"{newer.rows} overlap {older.rows} {place}"
    return newer.location.problem(f"{where}: {said}; left out")


def _incomplete(where: str, cover: Cover[Record], vocab_size: int) -> Problem:
    missing = list(cover.missing(vocab_size))
    named = ", ".join(named_rows(*one) for one in missing[:_MOST_NAMED])
    if len(missing) > _MOST_NAMED:
        named += f" and {len(missing) - _MOST_NAMED:,} more ranges of rows"
    is_one = len(missing) == 1 and missing[0][1] - missing[0][0] == 1
    newest = max(cover.parts, key=lambda one: one.time)
    return newest.location.problem(
        f"{where} is still being written: {named} of {vocab_size:,} "
        f"{'is' if is_one else 'are'} missing"
    )


def _joined_table(cover: Cover[Snapshot]) -> Snapshot:
    last = max((one.record for one in cover.parts), key=lambda one: one.wall_time)
    if len(cover.parts) == 1:
        return last
    fixed = [one.record.fixed_rows for one in cover.parts]
    said = [one for one in fixed if one is not None]
    return Snapshot(
        last.step,
        last.wall_time,
        cover.tensor,
        last.full_vocab_size,
        _merged(said) if said else None,
    )


def _merged(said: Iterable[RowRanges]) -> RowRanges:
    """Returns the rows that any of the parts names."""
    merged: list[tuple[int, int]] = []
    for start, stop in sorted({one for ranges in said for one in ranges}):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(stop, merged[-1][1])
        else:
            merged.append((start, stop))
    return tuple(merged)
