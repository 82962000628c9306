"""Where the log of a training is: a log directory, and the run in it."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import Any

from tb_wordembed.format.paths import expand, is_remote


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


def checked_run(run: Any) -> str:
    """Returns the name of a directory in another one; raises ValueError for others."""
    if isinstance(run, str) and not is_remote(run):
        path = PurePath(run)
        if not path.is_absolute() and ".." not in path.parts:
            return run
    raise ValueError(
        f"run={run!r}: expected the name of a directory in log_dir, such as "
        '"embeddings"'
    )
