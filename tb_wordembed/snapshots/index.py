"""The index of a log: which snapshots there are and where, never their bytes.

Its cost grows with the number of records, not with their size, and a refresh looks
only at what was appended since.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tb_wordembed import metadata
from tb_wordembed.snapshots import event
from tb_wordembed.snapshots.files import File, Stat, stat
from tb_wordembed.snapshots.model import (
    ColumnRecord,
    LogIndex,
    Problem,
    SeriesIndex,
    Snapshot,
)
from tb_wordembed.snapshots.record import (
    FOOTER_BYTES,
    HEADER_BYTES,
    DamagedRecordError,
    Window,
    parse_footer,
    parse_header,
)

# Small records are read many at a time, in pieces that grow while no large one comes.
_FIRST_PIECE_BYTES = 4 << 10
_LARGEST_PIECE_BYTES = 1 << 20


class FileIndex:
    """The values of ours in one event file, in the order written."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.values: list[event.Value] = []
        self.problems: list[Problem] = []
        self._labels: dict[str, event.Label] = {}
        self._identity: tuple[int, int] | None = None
        self._offset = 0
        self._unreadable = False

    def fits(self, status: Stat) -> bool:
        """Whether the file is still the one indexed: not replaced, not cut short."""
        return self._identity in (None, status.identity) and status.size >= self._offset

    def refresh(self, status: Stat) -> bool:
        """Indexes what was appended; returns whether there was anything of ours.

        Raises OSError when the file can't be read.
        """
        self._identity = status.identity
        if self._unreadable or status.size < self._offset + HEADER_BYTES:
            return False
        known = len(self.values), len(self.problems)
        with File(self.path) as file:
            try:
                for window, record in self._records(file, status.size):
                    self._scan(window, record)
                    self._offset = record.start + record.length + FOOTER_BYTES
            except DamagedRecordError as error:
                self._unreadable = True
                self.problems.append(
                    Problem(
                        self.path,
                        self._offset,
                        f"{error}; the rest of the file is left out",
                    )
                )
        return known != (len(self.values), len(self.problems))

    def _records(
        self, file: File, size: int
    ) -> Iterator[tuple[Window | memoryview, event.Record]]:
        """Each whole record: its data if small and at hand, else a window on it.

        A record that isn't whole yet is one that a writer is at work on.
        """
        start, piece, piece_bytes = self._offset, b"", _FIRST_PIECE_BYTES
        offset = start
        while offset + HEADER_BYTES <= size:
            if offset + HEADER_BYTES > start + len(piece):
                start, piece = offset, file.read(offset, piece_bytes)
                piece_bytes = min(2 * piece_bytes, _LARGEST_PIECE_BYTES)
            first = offset - start
            length = parse_header(piece[first : first + HEADER_BYTES])
            stop = offset + HEADER_BYTES + length + FOOTER_BYTES
            if stop > size:
                return
            if stop > start + len(piece) and length < _LARGEST_PIECE_BYTES // 4:
                want = max(piece_bytes, stop - offset)
                start, piece, first = offset, file.read(offset, want), 0
                piece_bytes = min(2 * piece_bytes, _LARGEST_PIECE_BYTES)
            if stop <= start + len(piece):
                data = memoryview(piece)[first + HEADER_BYTES : stop - start]
                footer = bytes(data[-FOOTER_BYTES:])
                record = event.Record(self.path, offset, length, parse_footer(footer))
                yield data[:-FOOTER_BYTES], record
            else:
                footer = file.read(stop - FOOTER_BYTES, FOOTER_BYTES)
                if len(footer) < FOOTER_BYTES:
                    return
                record = event.Record(self.path, offset, length, parse_footer(footer))
                yield Window(file.read, stop - FOOTER_BYTES), record
                piece_bytes = _FIRST_PIECE_BYTES
            offset = stop

    def _scan(self, data: Window | memoryview, record: event.Record) -> None:
        if isinstance(data, memoryview):
            content = bytes(data)
            if not self._concerns_us(content):
                return
            shift = record.start
            data = Window(
                lambda offset, length: content[
                    offset - shift : offset - shift + length
                ],
                record.start + record.length,
            )
        try:
            for value in event.values(data, record, self._labels):
                if isinstance(value, event.Value):
                    self.values.append(value)
                else:
                    self._leave_out(record, value)
        except DamagedRecordError as error:
            # The framing is sound, so the next record can still be found.
            self._leave_out(record, error)

    def _concerns_us(self, content: bytes) -> bool:
        return metadata.PLUGIN_NAME.encode() in content or any(
            tag.encode() in content for tag in self._labels
        )

    def _leave_out(self, record: event.Record, error: Exception) -> None:
        self.problems.append(Problem(self.path, record.offset, str(error)))


@dataclass
class _SeriesBuilder:
    """Puts the values of one run and tag in order."""

    description: str = ""
    snapshots: list[Snapshot] = field(default_factory=list)
    columns: dict[str, list[ColumnRecord]] = field(default_factory=dict)

    def add(self, value: event.Value) -> None:
        role = value.label.role
        if isinstance(role, metadata.TableRole):
            self.description = value.label.description or self.description
            _supersede(self.snapshots, value.step)
            self.snapshots.append(Snapshot(value.step, value.wall_time, value.tensor))
        else:
            records = self.columns.setdefault(role.column, [])
            _supersede(records, value.step)
            records.append(
                ColumnRecord(value.step, value.wall_time, role.column, value.tensor)
            )

    def build(self, run: str, tag: str) -> SeriesIndex:
        newest = tuple(records[-1] for records in self.columns.values())
        return SeriesIndex(run, tag, self.description, tuple(self.snapshots), newest)


def _supersede(records: list[Snapshot] | list[ColumnRecord], step: int) -> None:
    """As in TensorBoard: training that restarted from an earlier step overrules what
    was written from there on."""
    while records and records[-1].step >= step:
        records.pop()


class Indexer:
    """Follows the event files below some directories.

    Args:
      sources: name and path of each directory; a name, if not empty, comes first in
        the names of its runs.
    """

    def __init__(self, sources: Sequence[tuple[str, str]]) -> None:
        self._sources = list(sources)
        self._files: dict[str, FileIndex] = {}
        self._series: dict[str, tuple[tuple[str, ...], list[SeriesIndex]]] = {}
        self._lock = threading.Lock()

    def refresh(self) -> LogIndex:
        """The index as of now."""
        with self._lock:
            runs: dict[str, list[str]] = {}
            for run, path in self._event_files():
                runs.setdefault(run, []).append(path)
            changed = self._refresh_files([p for paths in runs.values() for p in paths])
            built = {}
            for run, paths in sorted(runs.items()):
                order = tuple(sorted(paths, key=os.path.basename))
                known = self._series.get(run)
                if known and known[0] == order and not changed.intersection(order):
                    built[run] = known
                else:
                    built[run] = order, self._build(run, order)
            self._series = built
            return LogIndex(
                series=tuple(s for _, series in built.values() for s in series),
                problems=tuple(
                    problem
                    for path in sorted(self._files)
                    for problem in self._files[path].problems
                ),
            )

    def _event_files(self) -> Iterator[tuple[str, str]]:
        """Run and path of each event file; a run is a directory that holds some."""
        for name, directory in self._sources:
            seen: set[str] = set()
            for parent, children, files in os.walk(directory, followlinks=True):
                # A link back to a directory above would have us walk for ever.
                real = os.path.realpath(parent)
                if real in seen:
                    children.clear()
                    continue
                seen.add(real)
                run = os.path.normpath(
                    Path(name, os.path.relpath(parent, directory))
                ).replace(os.sep, "/")
                for file in files:
                    if "tfevents" in file:
                        yield run, str(Path(parent, file))

    def _refresh_files(self, paths: list[str]) -> set[str]:
        """Brings the file indexes up to date; returns the paths that changed."""
        changed = set()
        files = {}
        for path in paths:
            index = self._files.get(path) or FileIndex(path)
            try:
                status = stat(path)
                if not index.fits(status):
                    index = FileIndex(path)
                    changed.add(path)
                if index.refresh(status):
                    changed.add(path)
            except OSError as error:
                index = FileIndex(path)
                index.problems.append(Problem(path, 0, f"can't be read: {error}"))
                changed.add(path)
            files[path] = index
        self._files = files
        return changed

    def _build(self, run: str, paths: tuple[str, ...]) -> list[SeriesIndex]:
        builders: dict[str, _SeriesBuilder] = {}
        for path in paths:
            for value in self._files[path].values:
                role = value.label.role
                tag = value.tag if isinstance(role, metadata.TableRole) else role.table
                builders.setdefault(tag, _SeriesBuilder()).add(value)
        return [
            builder.build(run, tag)
            for tag, builder in sorted(builders.items())
            if builder.snapshots
        ]
