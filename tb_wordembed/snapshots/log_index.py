"""The index of a log: which snapshots it holds, and where in the files.

Its cost grows with the number of records, not with their size, and a refresh looks
only at what was appended since.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Sequence

from tb_wordembed.format.paths import is_remote
from tb_wordembed.snapshots.checkpoints.given_tokens import GivenTokens
from tb_wordembed.snapshots.checkpoints.index import index_of
from tb_wordembed.snapshots.file_index import FileIndex
from tb_wordembed.snapshots.find_files import (
    EventFile,
    at_once,
    event_files,
    unreadable,
)
from tb_wordembed.snapshots.index_entries import LogIndex, Problem, SeriesIndex
from tb_wordembed.snapshots.series_index import build


class Indexer:
    """Follows the event files below some directories.

    Args:
      checkpoints: the tokens of the checkpoints below a local directory that has no
        event files; without it, they are not shown.
    """

    def __init__(
        self,
        sources: Sequence[tuple[str, str]],
        checkpoints: GivenTokens | None = None,
    ) -> None:
        self._checkpoints = checkpoints
        self._sources = list(sources)
        self._found: list[list[EventFile]] = [[] for _ in self._sources]
        self._files: dict[str, FileIndex] = {}
        self._built: dict[str, tuple[_State, list[SeriesIndex]]] = {}
        self._lock = threading.Lock()

    @property
    def files(self) -> list[EventFile]:
        """The event files that the last refresh found."""
        return list(itertools.chain.from_iterable(self._found))

    def refresh(self) -> LogIndex:
        """Looks for new files and records, and returns the index."""
        with self._lock:
            problems: list[Problem] = []
            self._found = [
                event_files(name, directory, known, problems)
                for (name, directory), known in zip(
                    self._sources, self._found, strict=True
                )
            ]
            runs: dict[str, list[str]] = {}
            for one in self.files:
                runs.setdefault(one.run, []).append(one.path)
            self._refresh_files()
            self._built = {
                run: self._series(run, sorted(paths, key=os.path.basename))
                for run, paths in sorted(runs.items())
            }
            for _, file in sorted(self._files.items()):
                problems.extend(file.problems)
            series = [one for _, built in self._built.values() for one in built]
            for (_, directory), found in zip(self._sources, self._found, strict=True):
                if self._checkpoints and not (found or is_remote(directory)):
                    there = index_of(directory, self._checkpoints)
                    series += there.series
                    problems += there.problems
            return LogIndex(tuple(series), tuple(problems))

    def _refresh_files(self) -> None:
        found = {one.path: one for one in self.files}
        remote = [one for one in found.values() if is_remote(one.path)]
        local = [one for one in found.values() if not is_remote(one.path)]
        files = [*map(self._refreshed, local), *at_once(self._refreshed, remote)]
        self._files = {file.path: file for file in files}

    def _refreshed(self, found: EventFile) -> FileIndex:
        file = self._files.get(found.path) or FileIndex(found.path)
        try:
            file.refresh(found.status)
        except OSError as error:
            file = FileIndex(found.path)
            file.give_up(unreadable(found.path, error))
        return file

    def _series(self, run: str, paths: list[str]) -> tuple[_State, list[SeriesIndex]]:
        """Returns the series of a run, built anew only if one of its files changed."""
        files = [self._files[path] for path in paths]
        state = tuple((file.path, file.generation, len(file.values)) for file in files)
        known = self._built.get(run)
        if known is not None and known[0] == state:
            return known
        return state, build(run, [value for file in files for value in file.values])


_State = tuple[tuple[str, int, int], ...]
"""The path, generation and number of values of each file."""
