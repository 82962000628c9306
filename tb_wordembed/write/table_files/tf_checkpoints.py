"""Reads checkpoints of TensorFlow, those in a SavedModel included."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from tb_wordembed.snapshots.checkpoints.tensor_bundle import INDEX, key_of
from tb_wordembed.snapshots.checkpoints.unpacked import package
from tb_wordembed.write.table_files.found_array import (
    Content,
    Found,
    Report,
    check_stored,
)


def find(path: Path) -> list[Found]:
    """Returns the variables of a checkpoint; ``path`` is its index file."""
    reader = _reader(path)
    dtypes = reader.get_variable_to_dtype_map()
    return [
        Found(
            key_of(name),
            tuple(shape),
            dtypes[name].name,
            partial(_read, path, name),
        )
        for name, shape in sorted(reader.get_variable_to_shape_map().items())
    ]


def _read(path: Path, name: str, report: Report) -> Content:
    reader = _reader(path)
    shape = tuple(reader.get_variable_to_shape_map()[name])
    parts = path.parent.glob(f"{path.name.removesuffix(INDEX)}.data-*")
    stored = sum(one.stat().st_size for one in parts)
    check_stored(shape, reader.get_variable_to_dtype_map()[name].size, stored)
    return Content(reader.get_tensor(name))


def _reader(path: Path) -> Any:
    train = package("tensorflow", "a checkpoint of TensorFlow").train
    return train.load_checkpoint(str(path).removesuffix(INDEX))
