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
    FileId,
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

NOT_LOCAL = (
    "not a local directory; only local ones can be read so far. Copy its runs to one"
)


class FileIndex:
    """The values of ours in one event file, in the order written."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.generation = 0
        self._status: Stat | None = None
        self._start_over()

    def _start_over(self) -> None:
        self.generation += 1
        self.values: list[event.Value] = []
        self.problems: list[Problem] = []
        self._labels: dict[str, event.Label] = {}
        self._offset = 0
        self._last_checksum: int | None = None
        self._unreadable = False

    def refresh(self) -> None:
        """Indexes what was appended; all anew if the file is no longer the one known.

        Raises OSError when the file can't be read.
        """
        status = stat(self.path)
        if status == self._status:
            return
        with File(self.path) as file:
            if not self._continues(file, status):
                self._start_over()
            self._status = status
            if not self._unreadable:
                self._append(file, status)

    def _continues(self, file: File, status: Stat) -> bool:
        """Whether what was indexed is still there: not replaced, cut or rewritten."""
        known = self._status
        if known is None or self._last_checksum is None:
            return self._offset == 0 and not self._unreadable
        if (known.device, known.inode) != (status.device, status.inode):
            return False
        footer = file.read(self._offset - FOOTER_BYTES, FOOTER_BYTES)
        return (
            len(footer) == FOOTER_BYTES and parse_footer(footer) == self._last_checksum
        )

    def _append(self, file: File, status: Stat) -> None:
        file_id = FileId(self.path, status.device, status.inode, self.generation)
        try:
            for window, record in self._records(file, file_id, status.size):
                self._scan(window, record)
                self._offset = record.start + record.length + FOOTER_BYTES
                self._last_checksum = record.checksum
        except DamagedRecordError as error:
            self._unreadable = True
            message = f"{error}; the rest of the file is left out"
            self.problems.append(Problem(self.path, self._offset, message))

    def _records(
        self, file: File, file_id: FileId, size: int
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
                if len(piece) < HEADER_BYTES:
                    return
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
                record = event.Record(file_id, offset, length, parse_footer(footer))
                yield data[:-FOOTER_BYTES], record
            else:
                footer = file.read(stop - FOOTER_BYTES, FOOTER_BYTES)
                if len(footer) < FOOTER_BYTES:
                    return
                record = event.Record(file_id, offset, length, parse_footer(footer))
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
        self._built: dict[str, tuple[_State, list[SeriesIndex]]] = {}
        self._lock = threading.Lock()

    def refresh(self) -> LogIndex:
        """The index as of now."""
        with self._lock:
            problems: list[Problem] = []
            runs: dict[str, list[str]] = {}
            for name, directory in self._sources:
                for run, path in _event_files(name, directory, problems):
                    runs.setdefault(run, []).append(path)
            self._refresh_files([path for paths in runs.values() for path in paths])
            self._built = {
                run: self._series(run, sorted(paths, key=os.path.basename))
                for run, paths in sorted(runs.items())
            }
            for _, file in sorted(self._files.items()):
                problems.extend(file.problems)
            return LogIndex(
                tuple(one for _, series in self._built.values() for one in series),
                tuple(problems),
            )

    def _refresh_files(self, paths: list[str]) -> None:
        files = {}
        for path in paths:
            file = self._files.get(path) or FileIndex(path)
            try:
                file.refresh()
            except OSError as error:
                file = FileIndex(path)
                file.problems.append(_unreadable(path, error))
            files[path] = file
        self._files = files

    def _series(self, run: str, paths: list[str]) -> tuple[_State, list[SeriesIndex]]:
        """The series of a run, built anew only if one of its files has changed."""
        files = [self._files[path] for path in paths]
        state = tuple((file.path, file.generation, len(file.values)) for file in files)
        known = self._built.get(run)
        if known is not None and known[0] == state:
            return known
        return state, _build(run, files)


_State = tuple[tuple[str, int, int], ...]
"""Path, generation and number of values of each file."""


def _event_files(
    name: str, directory: str, problems: list[Problem], above: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """Run and path of each event file; a run is a directory that holds some."""
    if "://" in directory:
        problems.append(Problem(directory, 0, NOT_LOCAL))
        return
    real = os.path.realpath(directory)
    if real in above:
        # A link to a directory above would have us walk for ever.
        return
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        problems.append(_unreadable(directory, error))
        return
    for entry in entries:
        # Not by the entry's own is_dir, which fails on a link that leads to itself.
        path = Path(entry.path)
        if path.is_dir():
            run = f"{name}/{entry.name}" if name else entry.name
            yield from _event_files(run, entry.path, problems, (*above, real))
        elif "tfevents" in entry.name and path.is_file():
            yield name or ".", entry.path


def _unreadable(path: str, error: OSError) -> Problem:
    return Problem(path, 0, f"can't be read: {error.strerror or error}")


def _build(run: str, files: list[FileIndex]) -> list[SeriesIndex]:
    builders: dict[str, _SeriesBuilder] = {}
    for file in files:
        for value in file.values:
            role = value.label.role
            tag = value.tag if isinstance(role, metadata.TableRole) else role.table
            builders.setdefault(tag, _SeriesBuilder()).add(value)
    return [
        builder.build(run, tag)
        for tag, builder in sorted(builders.items())
        if builder.snapshots
    ]
