"""Snapshots beside scalars neither slow nor swell TensorBoard.

Real TensorBoard processes, in turn: on a log of scalars alone; with snapshots in a run
of their own, as SnapshotWriter and the Keras callback write them; with snapshots in the
scalars' file, as tf.summary writes them. By default the data server reads event files;
with --load_fast=false the Python process does, which keeps the last value of each tag:
a part of a large snapshot.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import events
import numpy as np
from measure import Target, growth, in_turn, ratio, scratch, skipped, start
from server import Server, Watch, bytes_read, has_memory, memory, tensorboard

import tb_wordembed

SHAPE = (50_000, 300)
SNAPSHOT_BYTES = 4 * SHAPE[0] * SHAPE[1]
SCALARS = 10_000

LAYOUTS = {
    "own_run": "snapshots in a run of their own",
    "same_file": "snapshots in the scalars' file",
}


@dataclass(frozen=True)
class Reader:
    """Who reads event files, and what snapshots may cost it."""

    name: str
    flags: tuple[str, ...]
    memory: Target
    time: Target | None


DATA_SERVER = Reader("data server", (), Target("<", 20), Target("<", 1.15))
PYTHON = Reader(
    "Python reader",
    ("--load_fast=false",),
    # The one that it keeps, and less than another.
    Target("<", 2 * SNAPSHOT_BYTES / 1e6),
    None,
)


@dataclass(frozen=True)
class Seen:
    """One TensorBoard: seconds, and bytes of the process that reads."""

    until_scalars: float
    after_start: float
    peak_resident: int
    peak_anonymous: int
    kept: int


def main() -> None:
    """Measures both readers."""
    quick = start(__doc__ or "")
    if not has_memory():
        skipped("memory of processes", "there is no /proc to read it from")
        return
    tables, rounds = (5, 3) if quick else (20, 5)
    print(f"  {tables} x {SNAPSHOT_BYTES / 1e6:.0f} MB beside {SCALARS:,} scalars")
    with scratch((2 * tables + 1) * SNAPSHOT_BYTES) as directory:
        write(directory, tables)
        for reader in (DATA_SERVER, PYTHON):
            compare(directory, tables, reader, rounds)


def write(directory: Path, tables: int) -> None:
    """Scalars alone, with snapshots in a run of their own, and in the same file."""
    table = np.random.default_rng(0).standard_normal(SHAPE, np.float32)
    for name, mixed in (("alone", 0), ("own_run", 0), ("same_file", tables)):
        run = directory / name / "train"
        events.write(run / events.FILE_NAME, SCALARS, mixed, table)
    with tb_wordembed.SnapshotWriter(directory / "own_run" / "embeddings") as writer:
        for step in range(tables):
            writer.embedding(events.TAG, table, step=step)


def compare(directory: Path, tables: int, reader: Reader, rounds: int) -> None:
    """Compares each way to log snapshots with none."""
    seen = in_turn(
        {
            "alone": lambda: look(directory / "alone", 0, reader),
            "own_run": lambda: look(directory / "own_run", tables, reader),
            "same_file": lambda: look(directory / "same_file", tables, reader),
        },
        rounds,
    )
    for name, title in LAYOUTS.items():
        report(f"{reader.name}, {title}", reader, seen[name], seen["alone"])


def report(what: str, reader: Reader, ours: list[Seen], alone: list[Seen]) -> None:
    """Reports memory and time, each against those of the scalars alone."""

    def both(name: str) -> tuple[list[float], list[float]]:
        of = attrgetter(name)
        return [of(one) for one in ours], [of(one) for one in alone]

    growth(f"{what}: anonymous memory kept", *both("kept"), reader.memory)
    growth(f"{what}: anonymous, peak", *both("peak_anonymous"), reader.memory)
    growth(f"{what}: resident, peak", *both("peak_resident"), reader.memory)
    for name, title, target in (
        ("until_scalars", "start until all scalars are served", reader.time),
        ("after_start", "of that, after the first answer", None),
    ):
        times, theirs = both(name)
        ratio(f"{what}: {title}", times, "without snapshots", theirs, target)


def look(logdir: Path, tables: int, reader: Reader) -> Seen:
    """Starts TensorBoard, and waits for all that there is to see."""
    begin = time.perf_counter()
    with tensorboard(logdir, *reader.flags) as server:
        started = time.perf_counter()
        pid = reading(server, reader)
        with Watch(pid) as watch:
            server.wait(
                lambda values: values[-1][1] == SCALARS - 1,
                "plugin/scalars/scalars",
                run="train",
                tag=events.SCALAR_TAG,
            )
            done = time.perf_counter()
            server.wait(
                lambda index: (
                    [len(one["steps"]) for one in index["series"]]
                    == ([tables] if tables else [])
                ),
                "plugin/wordembed/index",
            )
            wait_until_idle(pid)
        now = memory(pid)
        return Seen(
            until_scalars=done - begin,
            after_start=done - started,
            peak_resident=now.peak_resident,
            peak_anonymous=watch.peak_anonymous,
            kept=now.anonymous,
        )


def wait_until_idle(pid: int) -> None:
    """Waits until the process has read all that there is."""
    read, still = -1, 0
    while still < 2:
        time.sleep(0.5)
        before, read = read, bytes_read(pid)
        still = still + 1 if read == before else 0


def reading(server: Server, reader: Reader) -> int:
    """Returns the process that reads event files."""
    if reader is PYTHON:
        return server.pid
    data_server = server.data_server()
    if data_server is None:
        sys.exit("TensorBoard runs without its data server here")
    return data_server


if __name__ == "__main__":
    main()
