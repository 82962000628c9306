"""The steps that a run holds: warns a training that replaces some of them."""

from __future__ import annotations

import bisect
import contextlib
import os
import socket
import threading
from collections import defaultdict

from tb_wordembed.errors import LOG
from tb_wordembed.format.metadata import Part, TableRole
from tb_wordembed.format.paths import is_remote
from tb_wordembed.snapshots.file_index import FileIndex
from tb_wordembed.snapshots.find_files import EventFile, files_of_run
from tb_wordembed.snapshots.series_index import build

_PATIENCE_SECONDS = 1.0


class LoggedSteps:
    """The steps of each tag in the directory of a run, those of this writer included.

    A snapshot takes the place of those whose step is the same or a later one, in
    whichever event file they are. The files are indexed in a thread, without reading
    their tables: the first snapshot waits a second for it at most, and later ones not
    at all. Nothing here raises an error: what can't be read is left out.

    Args:
      directory: the directory of the run, local or remote; None if it isn't known:
        then only the steps of this writer are known.
      path: the event file of this writer, which is not looked at.
    """

    def __init__(self, directory: str | None, path: str | None = None) -> None:
        self._directory = directory
        self._path = path
        self._files: dict[str, FileIndex] = {}
        self._counts: dict[str, int] = {}  # Of values in each file at the beginning.
        self._steps: dict[str, list[int]] = {}
        self._written: dict[str, set[tuple[int, Part | None]]] = defaultdict(set)
        self._pending: list[tuple[str, int, Part | None]] = []
        self._patience = _PATIENCE_SECONDS
        self._has_warned: set[str] = set()
        self._finding = threading.Thread(target=self._find, daemon=True)
        # An interpreter that is shutting down starts no more threads.
        with contextlib.suppress(RuntimeError):
            self._finding.start()

    def add(self, tag: str, step: int, part: Part | None = None) -> None:
        """Notes that a snapshot, or a part of one, was written. Warns, once for each
        tag, if it replaces others or if another process writes the same steps."""
        self._pending.append((tag, step, part))
        if not self._is_known():
            return
        pending, self._pending = self._pending, []
        for one in pending:
            self._add(*one)
        if self._directory is not None and not is_remote(self._directory):
            self._look_for_other_writers(tag)

    @property
    def before(self) -> str:
        """The end of the warning that steps are replaced, with the remedy."""
        where = f" to {self._directory}" if self._directory else ""
        return (
            f"logged{where} before. To keep both, log each training to a directory, or "
            "run, of its own"
        )

    @property
    def tags(self) -> list[str]:
        """The tags that have been found, and those of this writer."""
        return list(self._steps) if self._is_known() else []

    def last_step(self, tag: str) -> int | None:
        """Returns the last step of a tag; None if there is none, or the files have not
        been looked at yet."""
        steps = self._steps.get(tag) if self._is_known() else None
        return steps[-1] if steps else None

    def _is_known(self) -> bool:
        if self._finding.is_alive():
            self._finding.join(self._patience)
            self._patience = 0
        return not self._finding.is_alive()

    def _find(self) -> None:
        # Some file systems can be written to but not listed.
        with contextlib.suppress(Exception):
            for one in self._others():
                # A file that can't be read is only missing from a warning.
                with contextlib.suppress(Exception):
                    self._files[one.path] = FileIndex(one.path)
                    self._files[one.path].refresh(one.status)
            self._counts = {
                path: len(file.values) for path, file in self._files.items()
            }
            files = sorted(self._files, key=os.path.basename)
            values = [value for path in files for value in self._files[path].values]
            self._steps = {
                series.tag: [one.step for one in series.snapshots]
                for series in build(".", values)
            }

    def _others(self) -> list[EventFile]:
        found = files_of_run(self._directory) if self._directory else []
        return [one for one in found if one.path != self._path]

    def _add(self, tag: str, step: int, part: Part | None) -> None:
        is_further = part is not None and (step, part) not in self._written[tag]
        self._written[tag].add((step, part))
        steps = self._steps.setdefault(tag, [])
        kept = bisect.bisect_left(steps, step)
        replaced = steps[kept:]
        steps[kept:] = [step]
        if is_further:
            # The parts of a step are written one by one.
            replaced = [one for one in replaced if one > step]
        if replaced and tag not in self._has_warned:
            self._has_warned.add(tag)
            which = f"step {replaced[0]}"
            if len(replaced) > 1:
                which = f"{len(replaced)} steps, {replaced[0]} to {replaced[-1]},"
            said = "%r: step %d replaces %s %s"
            LOG.warning(said, tag, step, which, self.before)

    def _look_for_other_writers(self, tag: str) -> None:
        key = f"{tag}/at once"
        if key in self._has_warned:
            return
        with contextlib.suppress(Exception):
            for one in self._others():
                if _is_ours(one.path) or not self._has_new(one, tag):
                    continue
                self._has_warned.add(key)
                LOG.warning(
                    "%r: another process is logging the same steps to %s at the same "
                    "time (%s), and each replaces those of the other. Let one process "
                    "log, such as rank 0, or give each a directory of its own",
                    tag,
                    self._directory,
                    os.path.basename(one.path),  # noqa: PTH119 - as in the event file
                )
                return

    def _has_new(self, file: EventFile, tag: str) -> bool:
        """Returns whether a file has a new snapshot, of a step that this writer wrote,
        too."""
        index = self._files.setdefault(file.path, FileIndex(file.path))
        index.refresh(file.status)
        return any(
            value.tag == tag
            and isinstance(role := value.label.role, TableRole)
            and (value.step, role.part) in self._written[tag]
            for value in index.values[self._counts.get(file.path, 0) :]
        )


def _is_ours(path: str) -> bool:
    """Returns whether this process made an event file. All writers of TensorBoard put
    the host and the process id into the names of their files."""
    return f".{socket.gethostname()}.{os.getpid()}." in path
