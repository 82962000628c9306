"""The bound on the bytes that caches take on the local disk."""

from __future__ import annotations

import os

MOST_BYTES = 2 << 30
"""The bytes that all caches together may take, unless the environment variable
TB_WORDEMBED_CACHE_BYTES has another number."""

VARIABLE = "TB_WORDEMBED_CACHE_BYTES"

_CACHES = 2
"""The copies of remote records (``snapshots.remote.local_copies``), and results that
took long (``read.disk_cache``)."""


def bytes_per_cache() -> int:
    """Returns the number of bytes that each of the caches may take: an equal share.

    Raises:
      ValueError: TB_WORDEMBED_CACHE_BYTES is not a number.
    """
    said = os.environ.get(VARIABLE, "")
    if said and not said.isdecimal():
        raise ValueError(
            f"{VARIABLE}={said!r}: expected a number of bytes, such as {MOST_BYTES}"
        )
    return (int(said) if said else MOST_BYTES) // _CACHES
