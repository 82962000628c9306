"""Finds the event files below a directory, and the runs that they belong to."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tb_wordembed.engine.local import LocalEngine
from tb_wordembed.format.paths import is_remote, join
from tb_wordembed.format.unicode import as_unicode
from tb_wordembed.snapshots.entries import Problem
from tb_wordembed.snapshots.files import Listing, Stat, is_event_file
from tb_wordembed.snapshots.remote import file_systems

REQUESTS_AT_ONCE = 8
"""The number of requests to a remote file system that run at once; most of the time
they wait."""

_NOTHING_THERE = errno.ENOENT, errno.ENOTDIR, errno.ELOOP
"""The errors of files that were deleted meanwhile, and of links to nothing."""

T = TypeVar("T")
Result = TypeVar("Result")


@dataclass(frozen=True)
class EventFile:
    """An event file that was found."""

    run: str
    """The directory that holds it, by its path from the directory that was searched, in
    the characters of ``as_unicode``; ``.`` for that directory itself, if it has no
    name."""
    path: str
    status: Stat


def event_files(
    name: str, directory: str, known: Sequence[EventFile], problems: list[Problem]
) -> list[EventFile]:
    """Returns the event files in a directory and below it.

    Args:
      name: the beginning of the names of the runs; may be empty.
      directory: a local or remote path; if it isn't there, there are no files.
      known: what was found before. It is returned for a remote directory that can't be
        listed: a network may fail for a while, and what was shown should stay.
      problems: the list to which files and directories that can't be read are added.
    """
    name = as_unicode(name)
    if is_remote(directory):
        return _remote(name, directory, known, problems)
    return list(_local(name, directory, problems, ()))


def files_of_run(directory: str) -> list[EventFile]:
    """Returns the event files in a directory, not those below it."""
    if is_remote(directory):
        listed = file_systems.list_directory(directory).files
        names = [(join(directory, name), at) for name, at in listed if "/" not in name]
    else:
        names = []
        for path in Path(directory).iterdir():
            # A file may be deleted meanwhile.
            with contextlib.suppress(FileNotFoundError):
                if is_event_file(path.name) and path.is_file():
                    names.append((str(path), Stat.of(path.stat())))
    return [EventFile(".", path, status) for path, status in sorted(names)]


def at_once(work: Callable[[T], Result], items: Sequence[T]) -> list[Result]:
    """Runs work that mostly waits on several items at once; returns the results in the
    order of the items."""
    return list(LocalEngine(REQUESTS_AT_ONCE).map(work, items)) if items else []


def unreadable(path: str, error: OSError) -> Problem:
    """Returns the problem of a file or directory that is left out."""
    return Problem(path, 0, f"can't be read: {error.strerror or error}")


def _local(
    name: str, directory: str, problems: list[Problem], above: tuple[str, ...]
) -> Iterator[EventFile]:
    real = os.path.realpath(directory)
    if real in above:
        # A link to a directory above would make the search endless.
        return
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        problems.append(unreadable(directory, error))
        return
    for entry in entries:
        try:
            # The entry's own stat lacks the inode on some systems.
            status = Path(entry.path).stat()
        except OSError as error:
            if error.errno not in _NOTHING_THERE:
                problems.append(unreadable(entry.path, error))
            continue
        if stat.S_ISDIR(status.st_mode):
            run = _run(name, entry.name)
            yield from _local(run, entry.path, problems, (*above, real))
        elif stat.S_ISREG(status.st_mode) and is_event_file(entry.name):
            yield EventFile(name or ".", entry.path, Stat.of(status))


def _remote(
    name: str, directory: str, known: Sequence[EventFile], problems: list[Problem]
) -> list[EventFile]:
    found = []
    level = [(name, directory)]
    while level:
        listings = at_once(_list, [directory for _, directory in level])
        next_level = []
        for (run, directory), listing in zip(level, listings, strict=True):
            if isinstance(listing, OSError):
                problems.append(unreadable(directory, listing))
                inside = join(directory, "")
                found += [one for one in known if one.path.startswith(inside)]
                continue
            for path, status in listing.files:
                parent = path.rpartition("/")[0]
                whole = join(directory, path)
                found.append(EventFile(_run(run, parent) or ".", whole, status))
            next_level += [
                (_run(run, one), join(directory, one)) for one in listing.directories
            ]
        level = next_level
    return found


def _list(directory: str) -> Listing | OSError:
    try:
        return file_systems.list_directory(directory)
    except FileNotFoundError:
        return Listing()
    except OSError as error:
        return error


def _run(above: str, name: str) -> str:
    name = as_unicode(name)
    return f"{above}/{name}" if above and name else above or name
