"""Reads the records of a log, and remembers which of them are as they were written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tb_wordembed.engine.large_arrays import empty
from tb_wordembed.format.record import mask
from tb_wordembed.snapshots.checkpoints.parquet_file import texts
from tb_wordembed.snapshots.checksums import (
    Checksum,
    Reading,
    before,
    checksum,
    joined,
)
from tb_wordembed.snapshots.index_entries import Location, Problem
from tb_wordembed.snapshots.joined_rows import Fill
from tb_wordembed.snapshots.local_files import Reader, check_unchanged, fill_pieces
from tb_wordembed.snapshots.open_files import OpenFile, open_file, open_record
from tb_wordembed.snapshots.record_texts import EncodedTexts
from tb_wordembed.snapshots.tensors import (
    Bytes,
    DamagedTensorError,
    as_bytes,
    parse_message,
)


class DamagedSnapshotError(ValueError):
    """The bytes of a tensor are not those that were written."""


class Records:
    """The records of a log.

    Raises:
      DamagedSnapshotError: from each method that reads, if the bytes of a tensor are
        not those that were written.
      OSError: the file can't be read, or is not the one that was indexed.
    """

    def __init__(self, name: Callable[[Location], str]) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._sound: set[Location] = set()
        self.damaged: dict[Location, Problem] = {}
        """The tensors that were found damaged."""

    def keep(self, there: set[Location]) -> None:
        """Forgets all tensors but those that are still there."""
        with self._lock:
            self._sound = self._sound & there
            if not self.damaged.keys() <= there:
                self.damaged = {
                    one: problem
                    for one, problem in self.damaged.items()
                    if one in there
                }

    def distrust(self) -> None:
        """Forgets which checksums are right, so that all are verified again."""
        with self._lock:
            self._sound = set()

    def message(self, location: Location) -> npt.NDArray[np.generic]:
        """Returns the array in a message."""
        content = self.content(location)
        with self._damages(location):
            return parse_message(location, content)

    def texts(self, location: Location) -> EncodedTexts:
        """Returns the texts in a message."""
        content = self.content(location)
        with self._damages(location):
            return EncodedTexts(content, location.shape[0])

    def _in_message(self, location: Location) -> Fill:
        """Reads the elements in a message, which has to be read whole."""
        content = as_bytes(self.message(location), location.dtype)

        def fill_from_content(offsets: Sequence[int], buffer: Bytes) -> None:
            for at, piece in zip(offsets, np.split(buffer, len(offsets)), strict=True):
                piece[:] = content[at : at + len(piece)]

        return fill_from_content

    def content(self, location: Location) -> npt.NDArray[np.uint8]:
        """Returns the bytes of a tensor."""
        if location.held is not None:
            return location.held
        if location.encoding == "message" and location.packed is not None:
            self._refuse_damaged(location)
            check_unchanged(location)
            with self._damages(location):
                return texts(Path(location.file.path), location.packed)
        content = empty(location.length, np.uint8)
        with self._record(location) as fill:
            fill([0], content)
        return content

    def part(self, location: Location) -> AbstractContextManager[Fill]:
        """Reads the elements of a part from front to back. When all are read, they are
        verified, unless they were before."""
        if location.encoding == "message":
            return nullcontext(self._in_message(location))
        return self._record(location)

    @contextmanager
    def rows_of(self, file: OpenFile, location: Location) -> Iterator[Fill]:
        """Reads the elements of a part at any place; nothing is verified."""
        if location.encoding == "message":
            yield self._in_message(location)
            return
        self._refuse_damaged(location)
        reader, path, start = file.record(location), location.file.path, location.start
        with self._damages(location):
            yield lambda offsets, out: fill_pieces(
                reader, path, [start + at for at in offsets], out.data
            )

    @contextmanager
    def _record(self, location: Location) -> Iterator[Fill]:
        self._refuse_damaged(location)
        has_sums = location.sums != "status"
        check = has_sums and location not in self._sound
        with open_record(location) as reader, self._damages(location):
            found = before(reader, location) if check else None
            reading = Reading(reader, location, found)
            yield reading.fill
            if check:
                self._check(reader, location, reading.checksum)
            check_unchanged(location)

    @contextmanager
    def _damages(self, location: Location) -> Iterator[None]:
        """Notes what is found damaged meanwhile."""
        try:
            yield
        except DamagedTensorError as error:
            problem = location.problem(f"{self._name(location)}: {error}; left out")
            with self._lock:
                self.damaged = {**self.damaged, location: problem}
            raise DamagedSnapshotError(str(problem)) from error

    def _refuse_damaged(self, location: Location) -> None:
        # To look for a place takes as long as to read a row.
        if self.damaged and location in self.damaged:
            raise DamagedSnapshotError(str(self.damaged[location]))

    def verify(self, location: Location, checksum: Checksum | str) -> None:
        """Verifies a part of a table of which others have read all bytes, or have said
        why they can't."""
        self._refuse_damaged(location)
        with self._damages(location):
            if isinstance(checksum, str):
                raise DamagedTensorError(checksum)
            if location.sums == "status":
                check_unchanged(location)
                return
            stop = location.record_start + location.record_length
            with open_file(location.file.path, stop) as reader:
                found = joined(before(reader, location), checksum)
                self._check(reader, location, found)

    def _check(self, reader: Reader, location: Location, found: Checksum) -> None:
        """Notes that a record has the checksum that was written behind it. ``found`` is
        the checksum up to the end of its tensor."""
        start, stop = location.start + location.length, location.record_start
        stop += location.record_length
        _, crc = checksum(reader, location.file.path, start, stop, found)
        if mask(crc) != location.checksum:
            raise DamagedTensorError("the checksum of the data is wrong")
        with self._lock:
            self._sound.add(location)
