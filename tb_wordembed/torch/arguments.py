"""What the arguments of ``EmbeddingLogger`` mean."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import torch

from tb_wordembed.format.paths import expand
from tb_wordembed.training.training_log import checked_run
from tb_wordembed.write.columns import Column, as_columns


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


def is_first(rank: int | None) -> bool:
    """Returns whether this is the first of the processes that train one model."""
    if rank is not None:
        return rank == 0
    distributed = torch.distributed
    if distributed.is_available() and distributed.is_initialized():
        return int(distributed.get_rank()) == 0
    # torchrun sets it for processes that have not found each other yet.
    return os.environ.get("RANK", "0") == "0"


def as_labels(
    metadata: Any, header: Sequence[str] | None, rows: int
) -> tuple[Column, ...]:
    """Returns columns from the metadata of ``SummaryWriter.add_embedding``: a label per
    row or, with a header, a list per row of one value for each name in it."""
    if metadata is None or not header:
        labels = None if metadata is None else [str(one) for one in metadata]
        return as_columns(labels, None, rows)
    values = dict(zip(header, zip(*metadata, strict=True), strict=True))
    labels = [str(one) for one in values.pop(header[0])]
    return as_columns(labels, {name: list(one) for name, one in values.items()}, rows)
