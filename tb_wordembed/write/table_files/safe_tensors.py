"""Reads safetensors files, and models in several files with an index."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from tb_wordembed.snapshots.checkpoints import safe_tensors
from tb_wordembed.write.stored_dtypes import BFLOAT16, STORAGE
from tb_wordembed.write.table_files.found_array import Content, Found, Report
from tb_wordembed.write.tables import Table


def is_one(head: bytes, size: int) -> bool:
    """Returns whether a file begins as safetensors do: a size, and then JSON."""
    return head[8:9] == b"{" and safe_tensors.header_bytes(head) <= size


def find(path: Path) -> list[Found]:
    """Returns the arrays in a file."""
    return [
        Found(one.key, one.shape, one.dtype, partial(_read, path, one))
        for one in safe_tensors.entries(path)
    ]


def find_in_shards(path: Path, find_in: Callable[[Path], list[Found]]) -> list[Found]:
    """Returns the arrays that the index of a model in several files names.

    Args:
      path: the index, ``*.index.json``.
      find_in: returns the arrays in one of the files.
    """
    places = safe_tensors.shards_of(path)
    found: list[Found] = []
    for shard in sorted(set(places.values())):
        found += [one for one in find_in(shard) if places.get(one.key) == shard]
    safe_tensors.check_named(places, {one.key for one in found})
    return found


def _read(path: Path, entry: safe_tensors.Entry, report: Report) -> Content:
    kind, _ = STORAGE[entry.dtype]
    numbers = np.memmap(path, kind, "r", entry.start, entry.shape)
    return Content(Table(numbers, BFLOAT16) if entry.dtype == BFLOAT16 else numbers)
