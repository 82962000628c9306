"""Checks that everything in a log can be read and is undamaged, and remarks on it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from tb_wordembed.analysis.rows import finite
from tb_wordembed.errors import quoted
from tb_wordembed.format.metadata import Part
from tb_wordembed.read import vocabulary
from tb_wordembed.snapshots.index_entries import (
    Problem,
    SeriesIndex,
    Snapshot,
)
from tb_wordembed.snapshots.store import Store
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError
from tb_wordembed.snapshots.verify_checksums import FileCheck, check_file

Status = Literal["sound", "no checksum", "superseded", "left out", "damaged"]
"""``superseded``: a restart of the training took its place; ``left out``: it can't be
compared with the newest; ``no checksum``: it was read, from a checkpoint of a kind that
has none."""


@dataclass(frozen=True)
class CheckedSnapshot:
    """A snapshot, after all of it was read."""

    run: str
    tag: str
    step: int
    shape: tuple[int, ...]
    dtype: str
    non_finite_rows: int | None
    """Rows with NaN or infinity; None if it is damaged."""
    status: Status


@dataclass(frozen=True)
class Check:
    """The result of reading a whole log.

    Attributes:
      snapshots: by run, tag and step.
      files: every event file, and what is wrong with its bytes.
      problems: sentences about what is damaged, unreadable or left out.
      notes: remarks about what is no fault.
    """

    snapshots: list[CheckedSnapshot]
    files: list[FileCheck]
    problems: list[Problem]
    notes: list[Problem]


def check(store: Store) -> Check:
    """Reads every byte of the event files of a log and verifies every checksum, each
    once."""
    # Taken first: the index leaves out what the check finds damaged.
    series = store.index.series
    store.distrust()
    problems: list[Problem] = []
    snapshots = [one for found in series for one in _checked(found, store, problems)]
    read = {
        (part.file.path, part.record_offset)
        for found in series
        for one in (*found.snapshots, *found.superseded)
        for part in one.table.parts
    }
    files: list[FileCheck] = []
    for path, size in store.files:
        but = {offset for file, offset in read if file == path}
        try:
            files.append(check_file(path, size, but))
        except OSError as error:
            problems.append(Problem(path, 0, f"can't be read: {error}"))
    for one in series:
        problems.extend(vocabulary.misfits(one))
    known = {(one.path, one.offset) for one in store.index.problems}
    for file in files:
        problems.extend(
            Problem(file.path, offset, "the checksum of the data is wrong")
            for offset in file.damaged
            if (file.path, offset) not in known
        )
    return Check(
        snapshots,
        files,
        [*store.index.problems, *problems],
        [
            *notes(store.index.incomplete, series),
            *map(_unfinished, (file for file in files if file.unfinished_bytes)),
        ],
    )


def _checked(
    series: SeriesIndex, store: Store, problems: list[Problem]
) -> Iterator[CheckedSnapshot]:
    superseded = set(series.superseded)
    vocabularies = vocabulary.Vocabularies(series)
    everything = sorted(
        [*series.snapshots, *series.superseded],
        key=lambda one: (one.step, one not in superseded),
    )
    for one in everything:
        verified = all(part.sums != "status" for part in one.table.parts)
        status: Status = "sound" if verified else "no checksum"
        if one in superseded:
            status = "superseded"
        elif vocabularies.misfit(one) is not None:
            status = "left out"
        non_finite: int | None = None
        try:
            blocks = store.blocks(one)
            non_finite = sum(int(np.count_nonzero(~finite(rows))) for _, rows in blocks)
        except DamagedSnapshotError:
            # The index has this problem from now on.
            pass
        except OSError as error:
            problems.append(one.table.parts[0].problem(f"can't be read: {error}"))
        yield CheckedSnapshot(
            run=series.run,
            tag=series.tag,
            step=one.step,
            shape=one.table.shape,
            dtype=one.table.dtype,
            non_finite_rows=non_finite,
            status="damaged" if non_finite is None else status,
        )


def _unfinished(file: FileCheck) -> Problem:
    return Problem(
        file.path,
        file.size - file.unfinished_bytes,
        f"{file.unfinished_bytes} bytes of a record that is being written, or was when "
        "its writer ended",
    )


def notes(
    incomplete: Iterable[Problem], series: Iterable[SeriesIndex]
) -> Iterator[Problem]:
    """Yields remarks on a log without damage; see ``Log.notes``."""
    yield from incomplete
    for one in series:
        yield from _notes(one)


def _notes(series: SeriesIndex) -> Iterator[Problem]:
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
