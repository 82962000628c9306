"""Logs as large as real ones, with something planted for a user to find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tb_wordembed import SnapshotWriter

GROUPS = 20
MOVER, MOVER_ROW = "mover", 3
"""Goes from the middle of its group to the middle of the next one."""
STILL, STILL_ROW = "still", 5
"""Is never updated."""


@dataclass(frozen=True)
class Size:
    """Of a log of float32 tables."""

    rows: int
    dim: int
    steps: int

    @property
    def bytes(self) -> int:
        """Of all tables."""
        return 4 * self.rows * self.dim * self.steps

    def __str__(self) -> str:
        return f"{self.rows}x{self.dim}x{self.steps}"


def tokens(size: Size) -> list[str]:
    """One per row; a word tells its row."""
    found = [f"word{row}" for row in range(size.rows)]
    found[MOVER_ROW], found[STILL_ROW] = MOVER, STILL
    return found


def tables(size: Size) -> Iterator[npt.NDArray[np.float32]]:
    """Groups of rows, by their numbers modulo ``GROUPS``, that part from one another,
    each row a little its own way. The same array is changed from step to step."""
    rng = np.random.default_rng(0)
    shape = size.rows, size.dim
    centers = rng.standard_normal((GROUPS, size.dim), np.float32)
    centers *= np.geomspace(2, 0.5, size.dim, dtype=np.float32)
    table = rng.standard_normal(shape, np.float32)
    table *= np.float32(0.2)
    groups = np.arange(size.rows) % GROUPS
    table += centers[groups]
    way = rng.standard_normal(shape, np.float32)
    way *= np.float32(0.2)
    way += centers[groups]
    way /= size.steps
    way[MOVER_ROW] = centers[MOVER_ROW + 1] - centers[MOVER_ROW]
    way[MOVER_ROW] /= size.steps - 1
    way[STILL_ROW] = 0
    for step in range(size.steps):
        if step:
            table += way
        yield table


def write_log(directory: Path, size: Size) -> None:
    """All snapshots, with their tokens."""
    labels = tokens(size)
    with SnapshotWriter(directory / "embeddings") as writer:
        for step, table in enumerate(tables(size)):
            writer.embedding("words", table, step, tokens=labels)
