"""Writing a snapshot costs little more than numpy's tofile; PyTorch's writer far more.

All write the same table into the page cache of the same file system: to a new file
each time, opened before and deleted after the clock runs.
"""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from measure import (
    Target,
    faster,
    in_turn,
    line,
    ratio,
    scratch,
    seconds,
    skipped,
    start,
)
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util

import tb_wordembed
from tb_wordembed.write.tables import as_table

Table = npt.NDArray[np.float32]

TO_FILE = Target("<=", 1.5)
KNOWN_TOKENS = Target("<=", 0.25)
BESIDE_RESULT = Target("<=", 8)
OTHER_WRITERS = Target(">", 50)


def main() -> None:
    """Measures against numpy, then against the writers that are installed."""
    quick = start(__doc__ or "")
    table = np.random.default_rng(0).standard_normal((50_000, 300), np.float32)
    with scratch(4 * table.nbytes) as directory:
        against_numpy(directory, table, rounds=7 if quick else 25)
        same_tokens(directory, 15_000 if quick else 150_000, rounds=5)
        conversion(np.zeros((100_000 if quick else 1_000_000, 64), np.float32))
        # Theirs takes seconds a table: of a tenth, tenths.
        against_writers(directory, table[:5000] if quick else table)


def against_numpy(directory: Path, table: Table, rounds: int) -> None:
    """Compares writing without tokens, with new ones, and with those written before."""
    tokens = [f"token{row}" for row in range(len(table))]
    times = in_turn(
        {
            "plain": lambda: ours(directory, table),
            "new": lambda: ours(directory, table, tokens),
            "known": lambda: ours(directory, table, tokens, known=True),
            "numpy": lambda: tofile(directory, table),
        },
        rounds,
    )
    name, theirs = "ndarray.tofile", times["numpy"]
    ratio("SnapshotWriter.embedding", times["plain"], name, theirs, TO_FILE)
    ratio(f"with {len(tokens)} new tokens", times["new"], name, theirs)
    ratio("with the same tokens again", times["known"], name, theirs)


def same_tokens(directory: Path, count: int, rounds: int) -> None:
    """Tokens that come in another list or dict at each step, and are the same."""
    table = np.zeros((count, 1), np.float32)

    def step(writer: tb_wordembed.SnapshotWriter, number: int, tokens: Any) -> float:
        return seconds(lambda: writer.embedding("words", table, number, tokens=tokens))

    for form in (list, dict):
        first, again = [], []
        for number in range(rounds):
            listed = [f"new{number}", *(f"token{row}" for row in range(1, count))]
            rows = {token: row for row, token in enumerate(listed)}
            tokens = listed if form is list else rows
            with fresh(directory) as folder, tb_wordembed.SnapshotWriter(folder) as to:
                first.append(step(to, 0, tokens))
                again.append(step(to, 1, tokens.copy()))
        what = f"a {form.__name__} of {count:,} tokens that was written before"
        ratio(what, again, "a new one", first, KNOWN_TOKENS)


def conversion(table: Table) -> None:
    """Measures the memory that is taken beside the result."""
    for dtype in ("float16", "bfloat16"):
        tracemalloc.start()
        found = as_table(table, dtype)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        extra = (peak - found.values.nbytes) / 1e6
        what = (
            f"{table.nbytes / 1e6:.0f} MB to {dtype}: {extra:.1f} MB beside the result"
        )
        line(what, f"{found.values.nbytes / 1e6:.0f} MB", extra, BESIDE_RESULT)


def against_writers(directory: Path, table: Table) -> None:
    """Compares with the event writers of PyTorch, and of TensorBoard below it."""
    sides = {
        "ours": lambda: ours(directory, table),
        "event": lambda: event_file_writer(directory, table),
    }
    if importlib.util.find_spec("torch"):
        sides["torch"] = lambda: torch_writer(directory, table)
    times = in_turn(sides, rounds=3)
    what = f"{table.nbytes / 1e6:.0f} MB"
    for side, name in (
        ("torch", "torch.utils.tensorboard's SummaryWriter.add_tensor"),
        ("event", "TensorBoard's EventFileWriter, which PyTorch's uses"),
    ):
        if side in times:
            faster(what, times["ours"], name, times[side], OTHER_WRITERS)
        else:
            skipped(name, "PyTorch is not installed")


def ours(
    directory: Path,
    table: Table,
    tokens: list[str] | None = None,
    known: bool = False,
) -> float:
    """Writes by SnapshotWriter; flushing waits for the thread that writes."""
    with fresh(directory) as folder, tb_wordembed.SnapshotWriter(folder) as writer:
        if known:
            writer.embedding("words", table[:, :1], step=0, tokens=tokens)

        def write() -> None:
            writer.embedding("words", table, step=1, tokens=tokens)
            writer.flush()

        return seconds(write)


def tofile(directory: Path, table: Table) -> float:
    """Writes the bytes alone."""
    with fresh(directory) as folder, (folder / "table").open("wb") as file:
        return seconds(lambda: table.tofile(file))


def event_file_writer(directory: Path, table: Table) -> float:
    """Writes by a thread; flushing waits for it."""
    with fresh(directory) as folder:
        writer = EventFileWriter(str(folder))

        def write() -> None:
            tensor = tensor_util.make_tensor_proto(table)
            value = summary_pb2.Summary.Value(tag="words", tensor=tensor)
            summary = summary_pb2.Summary(value=[value])
            writer.add_event(event_pb2.Event(step=1, summary=summary))
            writer.flush()

        took = seconds(write)
        writer.close()
        return took


def torch_writer(directory: Path, table: Table) -> float:
    """As it is used: a tensor that shares the table's memory."""
    import torch
    from torch.utils.tensorboard import SummaryWriter

    with fresh(directory) as folder:
        writer = SummaryWriter(str(folder))
        tensor = torch.from_numpy(table)

        def write() -> None:
            writer.add_tensor("words", tensor, global_step=1)
            writer.flush()

        took = seconds(write)
        writer.close()
        return took


@contextlib.contextmanager
def fresh(directory: Path) -> Iterator[Path]:
    """Gives a folder for one file, removed before it reaches the disk."""
    folder = Path(tempfile.mkdtemp(dir=directory))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
