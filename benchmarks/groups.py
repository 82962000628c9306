"""Groups at every step cost little more than the pass over the series for its health.

A recommender's table: 200,000 items of 18 genres, 32 numbers each, at 12 steps.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
from measure import Target, in_turn, ratio, scratch, seconds, start

import tb_wordembed

TARGET = Target("<=", 1.2)
SHAPE = (200_000, 32)
GENRES = 18
STEPS = 12


def main() -> None:
    """Measures both on logs that are opened anew, with nothing kept on the disk."""
    rounds = 3 if start(__doc__ or "") else 9
    with scratch(2 * STEPS * SHAPE[0] * SHAPE[1] * 4) as directory:
        write(directory)

        def health() -> float:
            series = opened(directory)
            return seconds(series.health)

        def groups() -> float:
            series = opened(directory)
            first = series.steps[0]
            return seconds(lambda: series.group_trajectories("genre", first))

        times = in_turn({"groups": groups, "health": health}, rounds)
    what = f"groups of {GENRES} genres at {STEPS} steps"
    ratio(what, times["groups"], "health", times["health"], TARGET)


def write(directory: Path) -> None:
    """Writes the log."""
    rng = np.random.default_rng(0)
    table = rng.standard_normal(SHAPE, np.float32)
    genres = [f"genre {number}" for number in rng.integers(0, GENRES, SHAPE[0])]
    with tb_wordembed.SnapshotWriter(directory / "run") as writer:
        for step in range(STEPS):
            metadata = {"genre": genres} if step == 0 else None
            writer.embedding("items", table, step, metadata=metadata)
            table = table + 0.05 * rng.standard_normal(SHAPE, np.float32)


def opened(directory: Path) -> tb_wordembed.read.series.Series:
    """Opens the log with an empty cache; reads its columns."""
    os.environ["TB_WORDEMBED_CACHE_DIR"] = tempfile.mkdtemp(dir=directory)
    series = tb_wordembed.open(directory / "run").series()
    assert series.metadata
    return series


if __name__ == "__main__":
    main()
