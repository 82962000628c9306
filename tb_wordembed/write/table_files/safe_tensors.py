"""Reads safetensors files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from tb_wordembed.snapshots.checkpoints import safe_tensors
from tb_wordembed.snapshots.checkpoints.placed_rows import PlacedRows
from tb_wordembed.write.stored_dtypes import BFLOAT16, STORAGE
from tb_wordembed.write.table_files.found_array import Content, Found, Report
from tb_wordembed.write.tables import Table


def is_one(head: bytes, size: int) -> bool:
    """Returns whether a file begins as safetensors do: a size, and then JSON."""
    return head[8:9] == b"{" and safe_tensors.header_bytes(head) <= size


def find(path: Path) -> list[Found]:
    """Returns the arrays in a file."""
    return [
        Found(one.key, one.shape, one.dtype, partial(_read, one))
        for one in safe_tensors.entries(path)
    ]


def _read(entry: PlacedRows, report: Report) -> Content:
    kind, _ = STORAGE[entry.dtype]
    numbers = np.memmap(entry.path, kind, "r", entry.start, entry.shape)
    return Content(Table(numbers, BFLOAT16) if entry.dtype == BFLOAT16 else numbers)
