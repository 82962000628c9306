"""Chooses the run of a training: a directory in which it replaces no snapshot."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from tb_wordembed.format.paths import join
from tb_wordembed.snapshots.find_files import files_of_run
from tb_wordembed.write.logged_steps import LoggedSteps


def choose(log_dir: str, run: str, tags: Sequence[str], step: int) -> str:
    """Returns the directory for a training that starts at a step.

    A training from step 0 gets a directory that holds no snapshots of its tables: the
    one that is asked for or, where others have trained before, one with a number. A
    training that is resumed later goes on in the newest that ended at its step.

    Args:
      run: the name of a directory in it; empty for the log directory itself.
    """
    if step <= 0:
        return next(one for one in _names(log_dir, run) if not _last_steps(one, tags))
    used = list(itertools.takewhile(_has_files, _names(log_dir, run)))
    steps = {one: _last_steps(one, tags) for one in used}
    there = [one for one in used if steps[one]]
    ended = [one for one in there if step in steps[one]]
    return [join(log_dir, run), *there[-1:], *ended[-1:]][-1]


def _names(log_dir: str, run: str) -> Iterator[str]:
    yield join(log_dir, run)
    for number in itertools.count(2):
        yield join(log_dir, f"{run or 'embeddings'}-{number}")


def _has_files(directory: str) -> bool:
    try:
        return bool(files_of_run(directory))
    except Exception:  # noqa: BLE001 - what can't be listed holds nothing to replace
        return False


def _last_steps(directory: str, tags: Sequence[str]) -> list[int]:
    """Returns the last steps of some tags in a directory, as far as there are any."""
    if not _has_files(directory):
        return []
    logged = LoggedSteps(directory)
    return [step for tag in tags if (step := logged.last_step(tag)) is not None]
