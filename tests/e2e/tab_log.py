"""The log that the browser tests look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from tb_wordembed import SnapshotWriter

HOSTILE = "<img src=x onerror=alert(1)>"
MOVER = "mover"
STEPS = 6
VOCAB_SIZE = 400

TOKENS = [f"word{index}" for index in range(VOCAB_SIZE)]
TOKENS[3], TOKENS[7] = MOVER, HOSTILE


def table_at(step: int) -> npt.NDArray[np.float32]:
    """Two clusters; the mover and the hostile token go from one to the other."""
    rng = np.random.default_rng(0)
    centers = np.zeros((2, 16))
    centers[0, 0], centers[1, 1] = 3, 3
    table = centers[np.arange(VOCAB_SIZE) % 2] + rng.normal(size=(VOCAB_SIZE, 16)) / 2
    table += np.random.default_rng(step).normal(size=table.shape) / 50
    share = step / (STEPS - 1)
    for row in (3, 7):
        table[row] += share * (centers[0] - centers[1])
    return table.astype(np.float32)


def write_log(directory: Path, steps: range = range(STEPS)) -> None:
    """Snapshots, with tokens and a column of numbers."""
    with SnapshotWriter(directory / "embeddings") as writer:
        for step in steps:
            write_step(writer, step)


def write_step(writer: SnapshotWriter, step: int) -> None:
    """One snapshot."""
    writer.embedding(
        "words",
        table_at(step),
        step,
        tokens=TOKENS,
        metadata={"frequency": np.arange(VOCAB_SIZE, 0, -1)},
    )
