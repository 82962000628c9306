"""Finds the event files below a directory, and the runs that they belong to."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tb_wordembed.engine.local import LocalEngine
from tb_wordembed.format.paths import is_remote, join
from tb_wordembed.snapshots.entries import Problem
from tb_wordembed.snapshots.files import Listing, Stat, is_event_file
from tb_wordembed.snapshots.remote import file_systems

REQUESTS_AT_ONCE = 8
"""Of a remote file system, each of which mostly waits."""

_NOTHING_THERE = errno.ENOENT, errno.ENOTDIR, errno.ELOOP
"""Deleted meanwhile, or a link that leads nowhere or to itself."""

T = TypeVar("T")
Result = TypeVar("Result")


@dataclass(frozen=True)
class EventFile:
    """An event file as it was found."""

    run: str
    """The directory that holds it; that which was searched is ``.`` if it has no
    name."""
    path: str
    status: Stat


def event_files(
    name: str, directory: str, known: Sequence[EventFile], problems: list[Problem]
) -> list[EventFile]:
    """The event files in a directory and those below it.

    Args:
      name: comes first in the names of the runs, unless empty.
      directory: local or remote; if it isn't there, there are none.
      known: what was found before. It stands for a remote directory that can't be
        listed, because a network fails for a while and what was shown should stay.
      problems: extended by what can't be read.
    """
    if is_remote(directory):
        return _remote(name, directory, known, problems)
    return list(_local(name, directory, problems, ()))


def at_once(work: Callable[[T], Result], items: Sequence[T]) -> list[Result]:
    """The results of work that mostly waits for an answer, in the order of items."""
    return list(LocalEngine(REQUESTS_AT_ONCE).map(work, items)) if items else []


def unreadable(path: str, error: OSError) -> Problem:
    """A file or directory that is left out."""
    return Problem(path, 0, f"can't be read: {error.strerror or error}")


def _local(
    name: str, directory: str, problems: list[Problem], above: tuple[str, ...]
) -> Iterator[EventFile]:
    real = os.path.realpath(directory)
    if real in above:
        # A link to a directory above would have us walk for ever.
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
            # Not the entry's own, which on some systems lacks the inode.
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
    return f"{above}/{name}" if above and name else above or name
