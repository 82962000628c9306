"""Finds steps that a later training replaced, and files written at the same time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tb_wordembed.errors import quoted
from tb_wordembed.format.metadata import Part
from tb_wordembed.snapshots.index_entries import Problem, SeriesIndex, Snapshot


def notes(series: SeriesIndex) -> Iterator[Problem]:
    """Yields a remark if steps of a series were replaced, and one if several event
    files of it were written at once."""
    name = f"{quoted(series.run)} {quoted(series.tag)}"
    if series.superseded:
        places = {one.table: place for place, one in enumerate(series.written)}
        first = [one.table.parts[0] for one in series.superseded]
        earliest = min(first, key=places.__getitem__)
        count = len(series.superseded)
        were = "1 step of an earlier training was"
        if count > 1:
            were = f"{count:,} steps of an earlier training were"
        yield earliest.problem(f"{name}: {were} replaced")
    files = _written_at_once(series)
    if files:
        last = [*files.values()][-1].table.parts[0]
        yield last.problem(
            f"{name}: {len(files)} event files were written at the same time, with "
            "the same steps: several processes log to one run and replace the steps "
            "of each other. Let one of them log, or give each a run of its own",
        )


def _written_at_once(series: SeriesIndex) -> dict[str, Snapshot]:
    """Returns the first snapshot of each file that was written while another one was,
    if both hold the same rows of the same steps."""
    files: dict[tuple[Part | None, str], list[Snapshot]] = defaultdict(list)
    for one in series.written:
        if math.isfinite(one.wall_time):
            files[one.part, one.table.parts[0].file.path].append(one)
    by_start = sorted(files.items(), key=lambda one: (one[0][0] or (), _start(one[1])))
    found: dict[str, Snapshot] = {}
    for ((part, path), earlier), ((other_part, other), later) in pairwise(by_start):
        same = {one.step for one in earlier} & {one.step for one in later}
        is_at_once = _start(later) < max(one.wall_time for one in earlier)
        if part == other_part and same and is_at_once:
            found.setdefault(path, earlier[0])
            found.setdefault(other, later[0])
    return found


def _start(snapshots: list[Snapshot]) -> float:
    return min(one.wall_time for one in snapshots)
