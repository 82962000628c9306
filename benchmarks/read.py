"""Reading a table costs little more than numpy's fromfile of as many bytes.

Both from the page cache into fresh memory; a log's first read of a table checks its
checksum, too. Tables are handed out as float32, which float16 and float64 become.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import numpy.typing as npt
from measure import Target, in_turn, ratio, scratch, seconds, start

import tb_wordembed

TARGET = Target("<=", 1.3)
SHAPE = (50_000, 300)
TABLES = 6
"""Together larger than what a log keeps of results, so that each read is one."""


def main() -> None:
    """Measures each dtype; the target is float32's."""
    rounds = TABLES if start(__doc__ or "") else 4 * TABLES
    for dtype in ("float32", "float16", "float64"):
        size = SHAPE[0] * SHAPE[1] * np.dtype(dtype).itemsize
        with scratch(3 * TABLES * size) as directory:
            write(directory, dtype)
            measure(directory, dtype, rounds)


def write(directory: Path, dtype: str) -> None:
    """Writes the same tables as snapshots, and as plain files of their bytes."""
    rng = np.random.default_rng(0)
    with tb_wordembed.SnapshotWriter(directory) as writer:
        for step in range(TABLES):
            table = rng.standard_normal(SHAPE, np.float32).astype(dtype)
            writer.embedding("words", table, step=step)
            table.tofile(directory / f"{step}.bin")


def measure(directory: Path, dtype: str, rounds: int) -> None:
    """Times first reads, repeated ones and the peer's; each goes through all tables."""
    known = tb_wordembed.open(directory)
    for step in range(TABLES):
        known.series().table(step)
    # None reads what another has just brought into the processor's cache.
    new, again, plain = (itertools.cycle(order(start)) for start in (0, 2, 4))

    def read_first() -> float:
        log, step = tb_wordembed.open(directory), next(new)
        return seconds(lambda: log.series().table(step))

    def read_again() -> float:
        step = next(again)
        return seconds(lambda: known.series().table(step))

    def read_plain() -> float:
        path = directory / f"{next(plain)}.bin"
        return seconds(lambda: as_float32(np.fromfile(path, dtype)))

    times = in_turn(
        {"first": read_first, "again": read_again, "peer": read_plain}, rounds
    )
    same = dtype == "float32"
    name = "np.fromfile" if same else "np.fromfile(...).astype(float32)"
    target = TARGET if same else None
    ratio(f"{dtype}, first read", times["first"], name, times["peer"], target)
    ratio(f"{dtype}, repeated read", times["again"], name, times["peer"], target)


def order(start: int) -> list[int]:
    """Returns all steps, from this one on."""
    return [(start + step) % TABLES for step in range(TABLES)]


def as_float32(values: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    """Converts a table, without a copy where it is float32."""
    return values.astype(np.float32, copy=False)


if __name__ == "__main__":
    main()
