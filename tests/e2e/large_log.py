"""A table large enough that a writer can be caught in the middle of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tb_wordembed import SnapshotWriter

VOCAB_SIZE, EMBEDDING_DIM = 16_000, 64
"""The table has less than 4 MiB: NumPy itself writes larger ones into the file."""


def table_at(step: int) -> npt.NDArray[np.float32]:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(VOCAB_SIZE, EMBEDDING_DIM))
    table += step * rng.normal(size=table.shape)
    return table.astype(np.float32)


def write_step(writer: SnapshotWriter, step: int) -> None:
    tokens = [f"word{index}" for index in range(VOCAB_SIZE)]
    writer.embedding("words", table_at(step), step, tokens=tokens)
