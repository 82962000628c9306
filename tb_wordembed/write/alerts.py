"""Tells of findings as soon as the snapshot that shows them is written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tb_wordembed.analysis.findings.during_training import Watch
from tb_wordembed.analysis.findings.finding import NONE, Finding, Kind
from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.errors import LOG
from tb_wordembed.format.metadata import TOKEN_COLUMN, RowRanges
from tb_wordembed.write.columns import Column
from tb_wordembed.write.harmless import Harmless
from tb_wordembed.write.tables import Table


@dataclass(frozen=True, kw_only=True)
class Alert(Finding):
    """A finding of a table that is being trained.

    Attributes:
      tag: the tag of the table.
      sentence: the finding in plain English.
    """

    tag: str
    sentence: str


OnFinding = Literal["warn"] | Callable[[Alert], Any]


def as_alerts(
    on_finding: Any, stop: Callable[[Alert], Any] | None = None
) -> Alerts | None:
    """Returns what looks at snapshots, and tells what it finds to a function, in
    Python's log for "warn", or to ``stop`` for "stop" where something can be stopped;
    None for None. Raises ValueError for anything else."""
    if on_finding is None:
        return None
    if callable(on_finding):
        return Alerts(on_finding)
    named = {"warn": warn} | ({"stop": stop} if stop else {})
    if not isinstance(on_finding, str) or on_finding not in named:
        raise ValueError(
            f"on_finding={on_finding!r}: expected {', '.join(map(repr, named))}, or a "
            "function that is called with each finding"
        )
    return Alerts(named[on_finding])


def warn(alert: Alert) -> None:
    """Says in Python's log what was found."""
    LOG.warning("%r: %s", alert.tag, alert.sentence)


@dataclass
class _Watched:
    """A table that is watched, and what is known of it from earlier snapshots."""

    watch: Watch
    rows: tuple[Any, ...]
    tokens: Column | None
    fixed_rows: RowRanges | None
    step: int = -(2**63)

    def label(self, row: int) -> str:
        """Returns the token of a row; nothing if it has none."""
        if self.tokens is None or isinstance(self.tokens.values, np.ndarray):
            return ""
        return self.tokens.values[row].decode("utf-8", "replace")


class Alerts:
    """Looks at each snapshot that is written, and tells of each finding once.

    What it finds are warnings (see ``analysis.findings.during_training``): rows that
    are not finite, fixed rows that moved, norms that explode, a table that never
    changes, is all zero, was rotated, rescaled, shuffled or begun anew, and one of
    which the rank or the directions collapse. No error in it keeps a snapshot from
    being written, or ends a training: it is logged.
    """

    def __init__(self, tell: Callable[[Alert], Any]) -> None:
        self._tell = tell
        self._tables: dict[str, _Watched] = {}
        self._told: set[tuple[str, Kind, int | None]] = set()
        self._errors = Harmless()
        self._lock = threading.Lock()

    def look(
        self,
        tag: str,
        table: Table,
        columns: Sequence[Column],
        step: int,
        fixed_rows: RowRanges | None,
    ) -> None:
        """Looks at a snapshot that was written; arguments as in
        ``SnapshotFile.write``."""
        tokens = next((one for one in columns if one.name == TOKEN_COLUMN), None)
        failed = f"on_finding failed after the snapshot of {tag!r} at step {step}"
        with self._errors.caught(failed):
            with self._lock:
                new = list(self._new(tag, table, tokens, step, fixed_rows))
            for alert in new:
                self._tell(alert)

    def _new(
        self,
        tag: str,
        table: Table,
        tokens: Column | None,
        step: int,
        fixed_rows: RowRanges | None,
    ) -> Iterator[Alert]:
        """Yields the findings that were not told yet."""
        known = self._tables.get(tag)
        if known is not None:
            tokens, fixed_rows = tokens or known.tokens, fixed_rows or known.fixed_rows
        shape = table.vocab_size, int(table.values.shape[1])
        rows = shape, fixed_rows, None if tokens is None else tokens.digest
        if known is None or known.step >= step or known.rows != rows:
            # The steps before are replaced, or their rows were others.
            fixed = [np.arange(*one) for one in fixed_rows or ()]
            watch = Watch(shape, np.concatenate([NONE, *fixed]))
            known = self._tables[tag] = _Watched(watch, rows, tokens, fixed_rows)
        known.step = step
        for finding in known.watch.add(step, table.rows, table.sample):
            key = tag, finding.kind, finding.step
            if key not in self._told:
                self._told.add(key)
                said = sentence(finding, known.label)
                yield Alert(**vars(finding), tag=tag, sentence=said)
