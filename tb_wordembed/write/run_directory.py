"""Chooses the run of a training: a directory in which it replaces no snapshot."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any

from tb_wordembed.format.paths import expand, is_remote, join
from tb_wordembed.snapshots.find_files import files_of_run
from tb_wordembed.write.event_file import is_begun
from tb_wordembed.write.logged_steps import LoggedSteps

_PATIENCE_SECONDS = 10.0


def choose(log_dir: str, run: str, tags: Sequence[str], step: int) -> str:
    """Returns the directory for a training that starts at a step.

    A training from step 0 gets a directory that holds no snapshots of its tables: the
    one that is asked for or, where others have trained before, one with a number. A
    training that is resumed later goes on in the newest that ended at its step.

    Args:
      run: the name of a directory in it; empty for the log directory itself.
      tags: the tags of its tables. Where none is known yet, those of all tables count.
    """
    if step <= 0:
        return next(one for one in _names(log_dir, run) if _is_free(one, tags))
    used = list(itertools.takewhile(_has_files, _names(log_dir, run)))
    steps = {one: _last_steps(one, tags) for one in used}
    there = [one for one in used if steps[one]]
    ended = [one for one in there if step in steps[one]]
    return [join(log_dir, run), *there[-1:], *ended[-1:]][-1]


@contextlib.contextmanager
def one_at_a_time(log_dir: str) -> Iterator[None]:
    """Keeps other trainings from choosing a run in a local log directory, so that each
    sees the event file that the one before has made.

    It waits for the others, ten seconds at most, and not at all on file systems without
    locks: it is better that two trainings share a run than that one of them hangs.
    """
    with contextlib.ExitStack() as stack:
        if not is_remote(log_dir):
            with contextlib.suppress(ImportError, OSError):
                stack.enter_context(_locked(log_dir))
        yield


@contextlib.contextmanager
def _locked(directory: str) -> Iterator[None]:
    Path(directory).mkdir(parents=True, exist_ok=True)
    number, lock = _lock_of(directory)
    try:
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(BlockingIOError, PermissionError):
                lock()
                break
            time.sleep(0.01)
        yield
    finally:
        os.close(number)  # Which also unlocks it.


def _lock_of(directory: str) -> tuple[int, Callable[[], None]]:
    """Returns an open file, and what locks it for this process, or raises an OSError
    at once where another has it."""
    try:
        import fcntl
    except ImportError:
        # Windows locks no directory: a file of its name elsewhere stands for it.
        msvcrt: Any = importlib.import_module("msvcrt")
        name = hashlib.blake2b(os.fsencode(os.path.realpath(directory)), digest_size=8)
        path = Path(tempfile.gettempdir(), f"tb_wordembed-{name.hexdigest()}.lock")
        number = os.open(path, os.O_RDWR | os.O_CREAT)
        return number, lambda: msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
    number = os.open(directory, os.O_RDONLY)
    return number, lambda: fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _names(log_dir: str, run: str) -> Iterator[str]:
    yield join(log_dir, run)
    for number in itertools.count(2):
        yield join(log_dir, f"{run or 'embeddings'}-{number}")


def _is_free(directory: str, tags: Sequence[str]) -> bool:
    """Returns whether no snapshots would be replaced, also none of a training that has
    written none yet."""
    if not is_remote(directory):
        with contextlib.suppress(OSError):
            if any(is_begun(one) for one in Path(directory).iterdir()):
                return False
    return not _last_steps(directory, tags)


def _has_files(directory: str) -> bool:
    try:
        return bool(files_of_run(directory))
    except Exception:  # noqa: BLE001 - what can't be listed holds nothing to replace
        return False


def _last_steps(directory: str, tags: Sequence[str]) -> list[int]:
    """Returns the last steps of some tags in a directory, as far as there are any; of
    all where no tag is known yet."""
    if not _has_files(directory):
        return []
    logged = LoggedSteps(directory)
    steps = [logged.last_step(tag) for tag in tags or logged.tags]
    return [step for step in steps if step is not None]


def checked_run(run: Any) -> str:
    """Returns the name of a run; raises ValueError if it leaves the log directory."""
    if isinstance(run, str) and not is_remote(run):
        path = PurePath(run)
        if not path.is_absolute() and ".." not in path.parts:
            return run
    raise ValueError(
        f"run={run!r}: expected the name of a directory in the log directory, such as "
        '"embeddings"'
    )


def place(log_dir: Any, run: Any) -> tuple[str, str]:
    """Returns the log directory and the name of the run.

    Args:
      log_dir: a directory, or a summary writer of ``torch`` or ``tensorboardX``.

    Raises:
      ValueError: it is neither, or the run would be the directory of that writer.
    """
    run = checked_run(run)
    if isinstance(log_dir, (str, os.PathLike)):
        return expand(log_dir), run
    directory = getattr(log_dir, "log_dir", None) or getattr(log_dir, "logdir", None)
    if not isinstance(directory, (str, os.PathLike)):
        raise ValueError(
            f"log_dir={log_dir!r}: expected a directory or a SummaryWriter, which has "
            "a log_dir"
        )
    if run in ("", "."):
        raise ValueError(
            f"run={run!r} is the directory of the SummaryWriter itself, and "
            "TensorBoard's Python reader follows only one event file of a directory. "
            'Choose a name, such as "embeddings"'
        )
    return expand(directory), run
