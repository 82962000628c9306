"""Reads what the standard Projector shows: the files that its config names."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tb_wordembed.errors import FileError
from tb_wordembed.snapshots.checkpoints import tensor_bundle
from tb_wordembed.write.table_files import tf_checkpoints, word_vectors
from tb_wordembed.write.table_files.found_array import Content, Found, Report

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
    tensors: list[Found] = []
    if not all(one.tensor_path for one in config.embeddings):
        tensors = tf_checkpoints.find(_index(path.parent, config.model_checkpoint_path))
    return [_found(path.parent, one, tensors) for one in config.embeddings]


def _index(folder: Path, named: str) -> Path:
    """Returns the index of the checkpoint that a config names or, as in TensorBoard, of
    the one beside it."""
    found = sorted(folder.glob(f"*{tensor_bundle.INDEX}"))
    if named:
        found = [folder / f"{named}{tensor_bundle.INDEX}"]
    if len(found) > 1:
        raise FileError(
            "names tables in a checkpoint, but not in which of those beside it; pass "
            "the checkpoint itself, and the tokens with --tokens"
        )
    if not found or not found[0].is_file():
        raise FileError(
            f"names tables in a checkpoint, {named or '*'}, which is not beside it"
        )
    return found[0]


def _found(folder: Path, entry: Any, tensors: Sequence[Found]) -> Found:
    metadata = folder / entry.metadata_path if entry.metadata_path else None
    if not entry.tensor_path:
        key = tensor_bundle.key_of(entry.tensor_name.removesuffix(":0"))
        for one in tensors:
            if one.key == key:
                return replace(one, read=partial(_with_tokens, one.read, metadata))
        raise FileError(f"names {key!r}, which is not in the checkpoint")
    tensor = folder / entry.tensor_path
    named = re.fullmatch(r"(.+):(\d+)", entry.tensor_name)
    shape, problem = tuple(entry.tensor_shape), ""
    read: Callable[[Report], Content] = partial(_read, tensor, shape)
    # Raw numbers begin as a text does in rare cases: their size decides.
    if not tensor.is_file():
        # Others, which are meant, may be there.
        problem = f"names the file {entry.tensor_path!r}, which is not there"
        shape = (None, None)
    elif not shape or 4 * math.prod(shape) != tensor.stat().st_size:
        (text,) = word_vectors.find(tensor, has_words=False)
        shape, read = text.shape, text.read
    return Found(
        named[1] if named else entry.tensor_name,
        shape,
        "float32",
        partial(_with_tokens, read, metadata),
        int(named[2]) if named else None,
        problem,
    )


def _read(path: Path, shape: tuple[int, ...], report: Report) -> Content:
    return Content(np.memmap(path, "<f4", "r", 0, shape))


def _with_tokens(read: Any, metadata: Path | None, report: Report) -> Content:
    return Content(read(report).numbers, metadata)
