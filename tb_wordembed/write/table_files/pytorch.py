"""Reads PyTorch checkpoints; a pickle that needs code is refused, never executed."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tb_wordembed.errors import FileError
from tb_wordembed.snapshots.checkpoints.unpacked import package
from tb_wordembed.write.table_files.found_array import (
    Content,
    Found,
    Report,
    check_stored,
)

LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""How files begin that PyTorch wrote before 1.6."""


def find(path: Path) -> list[Found]:
    """Returns the tensors in a file, whose names are joined with dots."""
    return [
        Found(
            key,
            tuple(tensor.shape),
            str(tensor.dtype).removeprefix("torch."),
            partial(_read, path, key),
        )
        for key, tensor in _tensors(_load(path), "", set())
    ]


def _read(path: Path, key: str, report: Report) -> Content:
    tensor = next(one for name, one in _tensors(_load(path), "", set()) if name == key)
    # A tensor may repeat a few numbers in storage, by strides of 0.
    stored = tensor.untyped_storage().nbytes()
    check_stored(tuple(tensor.shape), tensor.element_size(), stored)
    return Content(tensor)


def _load(path: Path) -> Any:
    torch = package("torch", "a checkpoint of PyTorch")
    try:
        return torch.load(
            path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
        )
    except pickle.UnpicklingError as error:
        raise FileError(
            "holds more than tensors in dicts and lists. It is not read, since a "
            "pickle can run code. If you trust it, load it and save its tensors alone: "
            "torch.save(model.state_dict(), path)"
        ) from error


def _tensors(content: Any, path: str, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """Yields the tensors in nested dicts and lists, each with its path."""
    if hasattr(content, "untyped_storage"):
        if str(content.layout) == "torch.strided":
            yield path, content
        return
    entries: Any = ()
    if isinstance(content, Mapping):
        entries = content.items()
    elif isinstance(content, (list, tuple)):
        entries = enumerate(content)
    if not entries or id(content) in seen:
        return
    seen.add(id(content))
    for key, value in entries:
        yield from _tensors(value, f"{path}.{key}" if path else str(key), seen)
