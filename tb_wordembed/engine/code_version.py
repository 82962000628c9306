"""Identifies the code that computes results."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import numpy as np


@functools.cache
def code_version() -> bytes:
    """Returns 16 bytes that change when the code of this package, or NumPy, does."""
    found = hashlib.blake2b(np.__version__.encode(), digest_size=16)
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        data = file.read_bytes()
        found.update(len(data).to_bytes(8, "little") + data)
    return found.digest()
