"""Paging through snapshots doesn't swell TensorBoard.

The anonymous memory of real TensorBoard processes, before and after positions, drift
and neighbors were asked for at each of many steps: it may grow by what the caches hold
at most, and a little to work with.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measure import Target, growth, scratch, skipped, start
from server import Server, Watch, has_memory, memory, tensorboard

import tb_wordembed
from tb_wordembed.read.log import CACHE_BYTES

SHAPE = (25_000, 250)
TABLE_BYTES = 4 * SHAPE[0] * SHAPE[1]
BOUND = Target("<", CACHE_BYTES / 1e6 + 50)


@dataclass(frozen=True)
class Seen:
    """Anonymous memory of one TensorBoard, in bytes."""

    before: int
    after: int
    after_again: int
    peak: int


def main() -> None:
    """Pages through a log, twice in each of several TensorBoards."""
    quick = start(__doc__ or "")
    if not has_memory():
        skipped("memory of processes", "there is no /proc to read it from")
        return
    tables, rounds = (20, 1) if quick else (100, 3)
    with scratch((tables + 2) * TABLE_BYTES) as directory:
        write(directory / "run", tables)
        seen = [page(directory, tables) for _ in range(rounds)]
    before = [one.before for one in seen]
    what = f"{tables} snapshots of {TABLE_BYTES / 1e6:.0f} MB, anonymous memory"
    growth(f"{what} after paging", [one.after for one in seen], before, BOUND)
    growth(f"{what} after again", [one.after_again for one in seen], before, BOUND)
    growth(f"{what} at most", [one.peak for one in seen], before, BOUND)


def write(directory: Path, tables: int) -> None:
    """Writes a random walk of labeled rows."""
    rng = np.random.default_rng(0)
    table = rng.standard_normal(SHAPE, np.float32)
    tokens = [f"token{row}" for row in range(len(table))]
    with tb_wordembed.SnapshotWriter(directory) as writer:
        for step in range(tables):
            writer.embedding("words", table, step=step, tokens=tokens)
            table += rng.standard_normal(SHAPE, np.float32) / 10


def page(logdir: Path, tables: int) -> Seen:
    """Measures from the first answer on; starting TensorBoard is not counted."""
    with tensorboard(logdir) as server:
        server.wait(
            lambda index: [len(one["steps"]) for one in index["series"]] == [tables],
            "plugin/wordembed/index",
        )
        before = memory(server.pid).anonymous
        with Watch(server.pid) as watch:
            ask(server, tables)
            after = memory(server.pid).anonymous
            ask(server, tables)
        again = memory(server.pid).anonymous
        return Seen(before, after, again, watch.peak_anonymous)


def ask(server: Server, tables: int) -> None:
    """As the page does while its slider moves, from the first step to the last."""
    where = {"run": "run", "tag": "words"}
    for step in range(tables):
        server.get("plugin/wordembed/positions", **where, step=step)
        server.get("plugin/wordembed/drift", **where, from_step=0, to_step=step)
        server.get("plugin/wordembed/neighbors", **where, index=7, step=step)


if __name__ == "__main__":
    main()
