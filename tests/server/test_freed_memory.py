from __future__ import annotations

import platform
import re
from pathlib import Path

import pytest

from tb_wordembed.server.jobs import give_back_memory

BLOCK = 64 << 10


def allocated() -> int:
    """Bytes of memory that this process has for itself."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    assert found
    return int(found[1]) << 10


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no GNU C library")
def test_freed_memory_goes_back_to_the_system() -> None:
    blocks = [bytearray(b"1" * BLOCK) for _ in range(3000)]
    held = allocated()
    # What lies behind them keeps the C library from giving them back by itself.
    del blocks[:-1]
    give_back_memory()
    assert held - allocated() > 2000 * BLOCK


def test_it_does_nothing_without_such_a_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    give_back_memory()
