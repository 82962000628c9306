"""Reads what the standard Projector shows: the files that its config names."""

from __future__ import annotations

import math
import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tb_wordembed.write.table_files import word_vectors
from tb_wordembed.write.table_files.found import Content, FileError, Found, Report

CONFIG = "projector_config.pbtxt"


def find(path: Path) -> list[Found]:
    """Returns the tables that a config names. PyTorch's ``add_embedding`` calls them
    ``tag:00010``: that is the table ``tag`` at step 10."""
    from google.protobuf import text_format
    from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

    config = ProjectorConfig()
    try:
        text_format.Parse(path.read_text("utf-8"), config, allow_unknown_field=True)
    except text_format.ParseError as error:
        raise FileError(f"is no config of the Projector: {error}") from error
    if config.model_checkpoint_path:
        raise FileError(
            "names tables in a checkpoint; pass that itself, "
            f"{config.model_checkpoint_path}"
        )
    return [_found(path.parent, one) for one in config.embeddings]


def _found(folder: Path, entry: Any) -> Found:
    tensor = folder / entry.tensor_path
    if not entry.tensor_path or not tensor.is_file():
        raise FileError(f"names the file {entry.tensor_path!r}, which is not there")
    metadata = folder / entry.metadata_path if entry.metadata_path else None
    named = re.fullmatch(r"(.+):(\d+)", entry.tensor_name)
    shape = tuple(entry.tensor_shape)
    # Raw numbers begin as a text does in rare cases: their size decides.
    if not shape or 4 * math.prod(shape) != tensor.stat().st_size:
        (text,) = word_vectors.find(tensor, has_words=False)
        shape, read = text.shape, text.read
    else:
        read = partial(_read, tensor, shape)
    return Found(
        named[1] if named else entry.tensor_name,
        shape,
        "float32",
        partial(_with_tokens, read, metadata),
        int(named[2]) if named else None,
    )


def _read(path: Path, shape: tuple[int, ...], report: Report) -> Content:
    return Content(np.memmap(path, "<f4", "r", 0, shape))


def _with_tokens(read: Any, metadata: Path | None, report: Report) -> Content:
    return Content(read(report).numbers, metadata)
