"""Opens event files for reading, local and remote."""

from __future__ import annotations

from tb_wordembed.paths import is_remote
from tb_wordembed.snapshots.entries import Location
from tb_wordembed.snapshots.files import File, Reader
from tb_wordembed.snapshots.remote import file_systems, local_copies, ranges


def open_file(path: str, size: int) -> Reader:
    """A file, of which a few bytes here and there are wanted.

    Args:
      path: local or remote.
      size: of a remote file; what was appended since is not read.

    Raises:
      OSError: it can't be read.
    """
    if not is_remote(path):
        return File(path)
    return ranges.Pieces(file_systems.open_file(path, size), size)


def open_record(location: Location) -> Reader:
    """The file of an indexed record, of which only that record is wanted.

    A remote record is fetched whole, by range, and read from the copy: as long as
    there is room for it, see ``local_copies``. Offsets are those in the event file.

    Raises:
      FileChangedError: the file is another than was indexed.
      OSError: it can't be read.
    """
    if not is_remote(location.file.path):
        return File.of(location.file)
    return local_copies.open_record(location)
