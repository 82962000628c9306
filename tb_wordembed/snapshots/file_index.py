"""The index of one event file: which tables and columns it holds, and where."""

from __future__ import annotations

from collections.abc import Iterable

from tb_wordembed.format import metadata
from tb_wordembed.format.record import (
    FOOTER_BYTES,
    HEADER_BYTES,
    DamagedRecordError,
    Window,
    end_of_records,
    parse_footer,
    parse_header,
)
from tb_wordembed.snapshots.event_parser import EventParser, Record, Value, only_tag
from tb_wordembed.snapshots.index_entries import FileId, Problem
from tb_wordembed.snapshots.local_files import Reader, Stat
from tb_wordembed.snapshots.open_files import open_file

# Small records are read many at a time, in pieces that grow until a large one comes.
_FIRST_PIECE_BYTES = 4 << 10
_LARGEST_PIECE_BYTES = 1 << 20
_TAIL_BYTES = 512

_MOST_PROBLEMS = 20

# It is quicker to search a piece for each of a few tags than to read each record's tag.
_FEW_TAGS = 32
_OUR_NAME = metadata.PLUGIN_NAME.encode()


class _Piece:
    """Some bytes of the file."""

    def __init__(self, start: int, data: bytes) -> None:
        self.start = start
        self.data = data
        self.stop = start + len(data)
        self._next: dict[bytes, int] = {}

    def next_of(self, names: Iterable[bytes], place: int) -> int:
        """Returns the place of the first of some names at or after a place, which only
        grows from call to call."""
        for name in names:
            if self._next.get(name, -1) < place:
                found = self.data.find(name, place)
                self._next[name] = found if found >= 0 else len(self.data)
        return min(self._next.values())


class FileIndex:
    """The tables and columns in one event file, in the order written."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.generation = 0
        self._status: Stat | None = None
        self._start_over()

    def _start_over(self) -> None:
        self.generation += 1
        self.values: list[Value] = []
        self._problems: list[Problem] = []
        self._more_problems = 0
        self._parser = EventParser()
        self._tags: set[bytes] = set()
        self._lengths: dict[int, int] = {}
        self._offset = 0
        self._last_checksum: int | None = None
        self._unreadable = False

    @property
    def problems(self) -> list[Problem]:
        """The first problems of the file, and how many more there are."""
        if not self._more_problems:
            return list(self._problems)
        last = f"{self._more_problems} more values of this file are left out"
        return [*self._problems, Problem(self.path, self._problems[-1].offset, last)]

    def give_up(self, problem: Problem) -> None:
        """Adds the problem because of which this file can't be read."""
        self._problems.append(problem)

    def refresh(self, status: Stat) -> None:
        """Indexes what was appended, or the whole file if it is not the same any more.
        If its status hasn't changed, nothing is read."""
        if status == self._status:
            return
        with open_file(self.path, status.size) as file:
            if not self._continues(file, status):
                self._start_over()
            self._status = status
            if self._unreadable:
                return
            try:
                self._append(file, status)
            except DamagedRecordError as error:
                self._unreadable = True
                message = f"{error}; the rest of the file is left out"
                self._problems.append(Problem(self.path, self._offset, message))

    def _continues(self, file: Reader, status: Stat) -> bool:
        """Returns whether the indexed content is still there: not replaced or cut."""
        known = self._status
        if known is None:
            return False
        if self._last_checksum is None:
            return self._offset == 0 and not self._unreadable
        if (known.device, known.inode) != (status.device, status.inode):
            return False
        if known.size == status.size:
            # It was written to, but not appended to.
            return False
        footer = file.read(self._offset - FOOTER_BYTES, FOOTER_BYTES)
        return (
            len(footer) == FOOTER_BYTES and parse_footer(footer) == self._last_checksum
        )

    def _append(self, file: Reader, status: Stat) -> None:
        """Goes from record to record, up to one that a writer has not finished yet."""
        file_id = FileId(self.path, status.device, status.inode, self.generation)
        piece = _Piece(self._offset, b"")
        piece_bytes = _FIRST_PIECE_BYTES
        while self._offset + HEADER_BYTES <= status.size:
            if self._offset + HEADER_BYTES > piece.stop:
                piece = _Piece(self._offset, file.read(self._offset, piece_bytes))
                piece_bytes = min(2 * piece_bytes, _LARGEST_PIECE_BYTES)
                if len(piece.data) < HEADER_BYTES:
                    return
            if self._pass_over(piece):
                continue
            first = self._offset - piece.start
            length = parse_header(piece.data[first : first + HEADER_BYTES])
            stop = self._offset + HEADER_BYTES + length + FOOTER_BYTES
            if stop > status.size:
                return
            tail = piece
            if stop > piece.stop:
                # A small record is read whole; a large one only at its end, together
                # with the start of the next record.
                is_small = length < _LARGEST_PIECE_BYTES // 4
                start = self._offset if is_small else stop - _TAIL_BYTES
                piece_bytes = piece_bytes if is_small else _FIRST_PIECE_BYTES
                tail = _Piece(start, file.read(start, stop - start + piece_bytes))
                if tail.stop < stop:
                    return
            footer = tail.data[stop - FOOTER_BYTES - tail.start : stop - tail.start]
            record = Record(file_id, self._offset, length, parse_footer(footer))
            known = (piece.start, piece.data), (tail.start, tail.data)
            self._scan(Window(file.read, stop - FOOTER_BYTES, known), record)
            self._pass(stop, footer)
            piece = tail

    def _pass_over(self, piece: _Piece) -> bool:
        """Passes over the records in a piece that hold neither our plugin's name nor a
        tag of ours; returns whether there were any.

        A tag is enough: some writers send its metadata only with its first value.
        """
        few = len(self._tags) < _FEW_TAGS
        names = [_OUR_NAME, *self._tags] if few else [_OUR_NAME]
        first = self._offset - piece.start
        end = end_of_records(
            piece.data,
            first,
            piece.next_of(names, first),
            self._lengths,
            None if few else self._may_have_our_tag,
        )
        if end == first:
            return False
        self._pass(piece.start + end, piece.data[end - FOOTER_BYTES : end])
        return True

    def _may_have_our_tag(self, data: bytes) -> bool:
        tag = only_tag(data)
        return tag is None or tag in self._tags

    def _pass(self, offset: int, footer: bytes) -> None:
        self._offset = offset
        self._last_checksum = parse_footer(footer)

    def _scan(self, window: Window, record: Record) -> None:
        try:
            for value in list(self._parser.values(window, record)):
                if isinstance(value, Value):
                    self.values.append(value)
                    self._tags.add(value.tag.encode())
                else:
                    self._leave_out(record, value)
        except DamagedRecordError as error:
            # The framing is sound, so the next record can still be found.
            self._leave_out(record, error)

    def _leave_out(self, record: Record, error: Exception) -> None:
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.append(Problem(self.path, record.offset, str(error)))
        else:
            self._more_problems += 1
