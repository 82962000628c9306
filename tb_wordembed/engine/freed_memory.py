"""Memory that this process has freed, and that the C library holds on to."""

from __future__ import annotations

import contextlib
import ctypes


def give_back() -> None:
    """Returns the memory to the system. The C library keeps what its threads freed for
    their next arrays: hundreds of megabytes after work on a table of gigabytes."""
    # Only the GNU C library has this function; Windows can't look it up at all.
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
