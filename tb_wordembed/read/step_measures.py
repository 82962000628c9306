"""Keeps the measures of all steps of a series, and adds the measures of new steps.

A new step reads only its own table and those that it is compared with.
"""

from __future__ import annotations

import math
import time
from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.findings.row_histories import Growth, History, Record
from tb_wordembed.analysis.findings.row_jumps import Jumps
from tb_wordembed.analysis.findings.table_trends import settled
from tb_wordembed.analysis.health import Similarity, StepHealth
from tb_wordembed.analysis.measure_steps import Step, measure_steps
from tb_wordembed.analysis.rows import Blocks, Rows
from tb_wordembed.analysis.table_moments import Moments
from tb_wordembed.engine.large_arrays import copied
from tb_wordembed.engine.progress import Progress, part, silent
from tb_wordembed.engine.segments import Counted
from tb_wordembed.read.disk_cache import digest, stable
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.series_outline import skips_damaged
from tb_wordembed.read.tables import drift_key, norms_key

BLOCK_BYTES = 2 << 20
"""The size of a row block: large enough for products of matrices, small beside the
processor's cache."""

_AT_ONCE = 8
"""The number of tables that are read side by side."""

_FEWEST_SAVED = 4
"""The least number of new steps after which the measures of rows are saved again."""


@dataclass(frozen=True)
class StepMeasures:
    """The measures of the first steps of a series, and what the next step needs of
    them: about 115 bytes per row.

    Attributes:
      names: a name for each measured step, which also depends on all steps before it.
      health: the health of each step.
      saved: how many of the steps were measured when this was last saved on the disk.
      first: the norms and moments of the first step.
      last: the norms, paths and moments of the last one.
      displacement: from the first step to the last, float32 ``[vocab_size]``; None with
        one step.
      record: what happened to each row, since the vocabulary is that of the newest
        step.
    """

    names: list[str]
    health: list[StepHealth]
    saved: int = 0
    first: Step | None = None
    last: Step | None = None
    displacement: Rows | None = None
    record: Record | None = None


_NOTHING = StepMeasures([], [])

_KINDS = (StepMeasures, StepHealth, Similarity, Step, Moments, Record, Growth, Jumps)


def health_so_far(series: LoggedSeries) -> list[StepHealth]:
    """Returns the health of the steps that were measured so far, without waiting."""
    names = _names(series)
    known = _kept(series, "health")
    both = min(len(names), len(known.names))
    return known.health[:both] if known.names[:both] == names[:both] else []


@skips_damaged
def health(series: LoggedSeries, progress: Progress = silent) -> list[StepHealth]:
    """Returns the health of the table at each step; see
    ``tb_wordembed.analysis.health.StepHealth``."""
    found = health_so_far(series)
    if len(found) < len(series.steps):
        found = measure(series, progress).health[:]
    return found


@skips_damaged
def settled_step(series: LoggedSeries) -> int | None:
    """Returns the step since which the median token hardly turns any more, or None. See
    ``tb_wordembed.analysis.findings.table_trends.settled`` for the rule."""
    past = history(series)
    # Steps before the last change of the vocabulary are left out.
    shown = health(series)[-len(past.steps) :] if past.steps else []
    found = settled(past, shown)
    return None if found is None else past.steps[found]


def history(series: LoggedSeries, progress: Progress = silent) -> History:
    """Returns what happened to each row, since the vocabulary is that of the newest
    step."""
    found = measure(series, progress).record or Record(series.shape[0])
    return found.finish(series.fixed_rows)


@dataclass(frozen=True)
class Updates:
    """How often each row was updated, from consecutive steps.

    Attributes:
      counts: in how many steps each row was another than at the step before, int32
        ``[vocab_size]``.
      last_change: the position in ``steps`` of the last of these steps, int32
        ``[vocab_size]``; -1 where there is none.
    """

    steps: list[int]
    counts: npt.NDArray[np.int32]
    last_change: npt.NDArray[np.int32]


@skips_damaged
def updates(series: LoggedSeries, progress: Progress = silent) -> Updates:
    """Returns how often each row was updated, and when last. Of a row only steps count
    at which its token is in the vocabulary, and was so at the step before."""
    last, steps = measure(series, progress).last, series.steps
    assert last is not None, "a series has a step"
    never = last.idle < 0
    position = np.where(never, -1, len(steps) - 1 - last.idle).astype(np.int32)
    return Updates(steps, last.changes, position)


def measure(series: LoggedSeries, progress: Progress = silent) -> StepMeasures:
    """Returns the measures of all steps. Those that are kept are not measured again."""
    names = _names(series)
    return series.cache.share(
        ("measure", series.content_id(series.steps[-1]), names[-1]),
        partial(_measure, series, names),
        progress,
    )


def _names(series: LoggedSeries) -> list[str]:
    return list(_names_of(series.content_id(*series.steps)))


@lru_cache(maxsize=8)
def _names_of(contents: tuple[Hashable, ...]) -> tuple[str, ...]:
    names = [""]
    for content in contents:
        names.append(digest(names[-1], stable(content, is_movable=True)).hex())
    return tuple(names[1:])


def _kept(series: LoggedSeries, what: str) -> StepMeasures:
    """Returns what is kept of the series with this first step, in memory or on disk."""
    found: StepMeasures | None = series.cache.kept(_key(series, what), _KINDS)
    return _NOTHING if found is None else found


def _key(series: LoggedSeries, what: str) -> tuple[Hashable, ...]:
    return what, series.content_id(series.steps[0])


def _measure(
    series: LoggedSeries, names: list[str], progress: Progress
) -> StepMeasures:
    found = _kept(series, "steps")
    # A caller with an older index, without the last steps, must replace nothing.
    keep = len(found.names) <= len(names) or found.names[: len(names)] != names
    if found.names != names[: len(found.names)]:
        found = _NOTHING
    began, before = time.perf_counter(), len(found.names)
    for start in range(before, len(names), _AT_ONCE):
        found = _measure_more(series, found, names[: start + _AT_ONCE], progress)
        if keep:
            series.cache.put(_key(series, "steps"), found)
            series.cache.put(_key(series, "health"), _only_health(found))
    if keep and len(names) > before:
        seconds = time.perf_counter() - began
        series.cache.put(_key(series, "health"), _only_health(found), seconds)
        # The measures of rows take as many bytes as a table. So they are saved when
        # there are half as many steps more, rather than with each step.
        due = 1 if series.cache.saves_all else max(_FEWEST_SAVED, found.saved // 2)
        if len(names) - found.saved >= due:
            found = replace(found, saved=len(names))
            series.cache.put(_key(series, "steps"), found, seconds)
    return found


def _only_health(found: StepMeasures) -> StepMeasures:
    return StepMeasures(found.names, found.health)


def _measure_more(
    series: LoggedSeries, known: StepMeasures, names: list[str], progress: Progress
) -> StepMeasures:
    """Adds the measures of some steps, whose tables are read side by side."""
    (vocab_size, dim), steps, start = series.shape, series.steps, len(known.names)
    rows = max(1, BLOCK_BYTES // (4 * dim))

    def blocks(step: int) -> Blocks:
        return series.row_blocks(step, rows, series.engine.threads)

    previous = first = None
    if known.last is not None and known.first is not None:
        previous = known.last, blocks(steps[start - 1])
        # At the second step both are the same table, which is read once.
        first = (known.first, blocks(steps[0])) if start > 1 else None
    added = steps[start : len(names)]
    tables = [blocks(step) for step in added]
    # All are read side by side, so the first one shows the progress of all.
    tables[0] = Counted(
        tables[0],
        math.ceil(vocab_size / rows),
        part(progress, start / len(steps), len(added) / len(steps)),
    )
    absent = [int(series.absent(step).sum()) for step in added]
    found = measure_steps(
        tables, series.shape, previous, first, absent=absent, engine=series.engine
    )
    beginning, so_far = known.first, [*known.health]
    record, last = None if known.record is None else copied(known.record), None
    for step, missing, last in zip(added, absent, found, strict=True):
        if series.cache.saves_all:
            # The functions of ``tb_wordembed.read.drift`` look for these results.
            series.cache.save(norms_key(series, step), last.norm)
            if last.from_first is not None:
                key = drift_key(series.content_id(steps[0], step), "cosine")
                series.cache.save(key, last.from_first.cosine)
        if missing:
            record = None
        else:
            moved = last.from_previous if record else None
            record = record or Record(vocab_size, has_files=True)
            record.add(step, last.norm, last.prints, moved)
        beginning = beginning or _without_rows(_slim(last))
        so_far.append(last.health)
    assert last is not None, "there are steps to add"
    return StepMeasures(
        names,
        so_far,
        known.saved,
        beginning,
        _slim(last),
        last.from_first.euclidean if last.from_first else None,
        record,
    )


def _without_rows(first: Step) -> Step:
    """Returns the first step without paths and changes, which are all 0."""
    none = first.changes[:0].copy()
    return replace(first, path=np.empty(0), changes=none, idle=none)


def _slim(step: Step) -> Step:
    """Returns a step without what the next ones don't need."""
    prints = step.prints[:0].copy()
    return replace(step, from_previous=None, from_first=None, prints=prints)
