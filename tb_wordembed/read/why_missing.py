"""Finds the problems that explain why a run, tag or step is not in a log."""

from __future__ import annotations

import os
from collections.abc import Iterable

from tb_wordembed.errors import quoted
from tb_wordembed.format.storable_names import as_unicode
from tb_wordembed.snapshots.index_entries import Problem

_MOST_TOLD = 3


def explanation(problems: Iterable[Problem]) -> str:
    """Returns the end of a message that something is not there: what could not be read;
    empty if everything could."""
    found = list(problems)
    if not found:
        return ""
    reasons = ". ".join(map(str, found[:_MOST_TOLD]))
    more = len(found) - _MOST_TOLD
    rest = f". {more} more: see tb-wordembed check" if more > 0 else ""
    return f". What could not be read: {reasons}{rest}"


def of_run(problems: Iterable[Problem], run: str) -> Iterable[Problem]:
    """Returns the problems of the files and directories of a run, and of those that its
    directory is in."""
    parts = run.split("/")
    above = tuple(f"/{'/'.join(parts[:count])}" for count in range(1, len(parts) + 1))
    for one in problems:
        path = f"/{as_unicode(one.path)}".replace(os.sep, "/")
        if path.endswith(above) or path.rpartition("/")[0].endswith(above[-1]):
            yield one


def of_series(problems: Iterable[Problem], run: str, tag: str) -> Iterable[Problem]:
    """Returns the problems that name a series."""
    name = f"of {quoted(run)} {quoted(tag)}"
    return (one for one in problems if name in one.message)


def of_step(
    problems: Iterable[Problem], run: str, tag: str, step: int
) -> Iterable[Problem]:
    """Returns the problems of a step of a series."""
    start = f"step {step} of "
    named = of_series(problems, run, tag)
    return (one for one in named if one.message.startswith(start))
