"""Finds the event files below a directory, and the runs that they belong to."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tb_wordembed.engine.local import LocalEngine
from tb_wordembed.format.paths import is_remote, join
from tb_wordembed.format.storable_names import as_unicode
from tb_wordembed.snapshots.index_entries import Problem
from tb_wordembed.snapshots.local_files import Listing, Stat, is_event_file
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

    def listed(path: str) -> Listing | OSError:
        try:
            return _list(path, problems)
        except (FileNotFoundError, NotADirectoryError):
            return Listing()
        except OSError as error:
            return error

    found: list[EventFile] = []
    level = [(as_unicode(name), directory, frozenset([_real(directory)]))]
    while level:
        paths = [path for _, path, _ in level]
        listings = (
            at_once(listed, paths) if is_remote(directory) else map(listed, paths)
        )
        below = []
        for (run, path, above), listing in zip(level, listings, strict=True):
            if isinstance(listing, OSError):
                problems.append(unreadable(path, listing))
                if is_remote(path):
                    inside = join(path, "")
                    found += [one for one in known if one.path.startswith(inside)]
                continue
            for one, status in listing.files:
                parent = _run(run, one.rpartition("/")[0])
                found.append(EventFile(parent or ".", join(path, one), status))
            for one in listing.directories:
                inside = join(path, one)
                real = _real(inside)
                # A link to a directory above would make the search endless.
                if real not in above:
                    below.append((_run(run, one), inside, above | {real}))
        level = below
    return found


def files_of_run(directory: str) -> list[EventFile]:
    """Returns the event files in a directory, not those below it."""
    files = [
        EventFile(".", join(directory, name), status)
        for name, status in _list(directory, []).files
        if "/" not in name
    ]
    return sorted(files, key=lambda one: one.path)


def at_once(work: Callable[[T], Result], items: Sequence[T]) -> list[Result]:
    """Runs work that mostly waits on several items at once; returns the results in the
    order of the items."""
    return list(LocalEngine(REQUESTS_AT_ONCE).map(work, items)) if items else []


def unreadable(path: str, error: OSError) -> Problem:
    """Returns the problem of a file or directory that is left out."""
    return Problem(path, 0, f"can't be read: {error.strerror or error}")


def _list(directory: str, problems: list[Problem]) -> Listing:
    """Lists a directory. Adds what can't be read in a local one to the problems."""
    if is_remote(directory):
        return file_systems.list_directory(directory)
    listing = Listing()
    for entry in sorted(os.scandir(directory), key=lambda entry: entry.name):
        try:
            # The entry's own stat lacks the inode on some systems.
            status = Path(entry.path).stat()
        except OSError as error:
            if error.errno not in _NOTHING_THERE:
                problems.append(unreadable(entry.path, error))
            continue
        if stat.S_ISDIR(status.st_mode):
            listing.directories.append(entry.name)
        elif stat.S_ISREG(status.st_mode) and is_event_file(entry.name):
            listing.files.append((entry.name, Stat.of(status)))
    return listing


def _real(directory: str) -> str:
    """Returns a path that is the same for all links to a local directory."""
    return directory if is_remote(directory) else os.path.realpath(directory)


def _run(above: str, name: str) -> str:
    name = as_unicode(name)
    return f"{above}/{name}" if above and name else above or name
