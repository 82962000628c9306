"""Where the log of a training is: a log directory, and the run in it."""

from __future__ import annotations

import os
from typing import Any

from tb_wordembed.format.paths import expand
from tb_wordembed.write.run_directory import checked_run


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
