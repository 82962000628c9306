"""The index of a directory of checkpoints: which tables they hold, and where."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tb_wordembed.errors import FileError, quoted
from tb_wordembed.format.metadata import (
    TOKEN_COLUMN,
    ColumnRole,
    TableRole,
    column_tag,
)
from tb_wordembed.snapshots.checkpoints.find import (
    Checkpoint,
    by_run,
    checkpoints,
    chosen,
    tag_of,
)
from tb_wordembed.snapshots.checkpoints.given_tokens import GivenTokens
from tb_wordembed.snapshots.checkpoints.placed_rows import Misplaced, PlacedRows
from tb_wordembed.snapshots.event_parser import Label, Value
from tb_wordembed.snapshots.index_entries import FileId, Location, LogIndex, Problem
from tb_wordembed.snapshots.local_files import Stat
from tb_wordembed.snapshots.series_index import build


def index_of(directory: str, tokens: GivenTokens) -> LogIndex:
    """Returns the tables in the checkpoints below a local directory, as if they had
    been logged: each checkpoint is a step, and rows that lie together are a part."""
    try:
        found, said = checkpoints(directory)
    except OSError as error:
        return LogIndex((), (Problem(directory, 0, str(error)),))
    problems = [Problem(path, 0, message) for path, message in said]
    series = []
    for run, by_step in by_run(found).items():
        values: list[Value] = []
        times = -math.inf
        there: dict[tuple[str, int], str] = {}
        for step, checkpoint in by_step:
            path = str(checkpoint.files[0])
            try:
                rows, why_not = _of_chosen(checkpoint)
                problems += [Problem(path, 0, one.why) for one in why_not]
                times = max([times, *(one.path.stat().st_mtime for one in rows)])
                for one in rows:
                    tag = tag_of(one.key, checkpoint)
                    first = there.setdefault((tag, step), checkpoint.name)
                    if first != checkpoint.name:
                        raise FileError(
                            f"has {quoted(tag)} at step {step}, as {first} has, which "
                            "is read; name a directory with one of them"
                        )
                    values += _values(one, tag, step, times, directory, tokens)
            except (FileError, OSError) as error:
                problems.append(Problem(path, 0, str(error)))
        series += build(run, values)
    return LogIndex(tuple(series), tuple(problems))


def _of_chosen(checkpoint: Checkpoint) -> tuple[list[PlacedRows], list[Misplaced]]:
    """Returns the rows of the tables to show, and why others of them can't be."""
    found = checkpoint.tables()
    keys = set(chosen(dict.fromkeys(one.key for one in found)))
    why_not = {
        one.key: one for one in found if isinstance(one, Misplaced) and one.key in keys
    }
    rows = [
        one
        for one in found
        if isinstance(one, PlacedRows) and one.key in keys.difference(why_not)
    ]
    return rows, [*why_not.values()]


def _values(
    rows: PlacedRows,
    tag: str,
    step: int,
    time: float,
    directory: str,
    tokens: GivenTokens,
) -> Iterator[Value]:
    """Yields the rows of a table, and their tokens."""
    status = Stat.at(rows.path)
    path = str(rows.path)
    place = FileId(path, status.device, status.inode, status.modified, directory)
    location = Location(
        place,
        rows.start,
        rows.length,
        status.mark if rows.checksum is None else rows.checksum,
        rows.dtype,
        rows.shape,
        "raw",
        rows.start,
        rows.length,
        "status" if rows.checksum is None else "tensor",
        rows.packed,
    )
    part = None if rows.shape[0] == rows.vocab_size else rows.part
    yield Value(step, time, tag, Label(TableRole(part=part), ""), location)
    texts = tokens.location(rows.vocab_size, directory)
    if texts is not None:
        part = None
    elif rows.tokens is not None:
        texts = Location(
            *(place, 0, 0, location.checksum, "text", rows.shape[:1], "message", 0, 0),
            sums="status",
            packed=rows.tokens,
        )
    if texts is not None:
        role = ColumnRole(tag, TOKEN_COLUMN, part)
        name = column_tag(tag, TOKEN_COLUMN)
        yield Value(step, time, name, Label(role, ""), texts)
