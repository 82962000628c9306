"""Checks the callback's argument ``run``, and turns iterators into lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from tb_wordembed.format.paths import is_remote


def checked_run(run: Any) -> str:
    """Returns the name of a directory in another one.

    Raises:
      ValueError: it is not such a name.
    """
    if isinstance(run, str) and not is_remote(run):
        path = PurePath(run)
        if not path.is_absolute() and ".." not in path.parts:
            return run
    raise ValueError(
        f"run={run!r}: expected the name of a directory in log_dir, such as "
        '"embeddings"'
    )


def without_iterators(source: Any) -> Any:
    """Returns a source that each fit can read: iterators, which end, become lists."""
    if isinstance(source, Iterator):
        return list(source)
    if isinstance(source, dict):
        return {key: without_iterators(value) for key, value in source.items()}
    return source
