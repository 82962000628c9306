"""Indexing a log costs by the number of its records, not by the size of its tables.

Warm: the bytes that are looked at are in the page cache. The peer is TensorBoard's own
reader of event files, on a log of the same scalars without a table.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import events
from measure import Target, absolute, in_turn, ratio, scratch, seconds, start
from tensorboard.backend.event_processing import event_file_loader, io_wrapper
from tensorboard.compat import tf

import tb_wordembed

MB = 10**6
WARM = Target("<", 1.0)
SAME = Target("<=", 1.2)


def main() -> None:
    """Measures a first look at a log, and later ones."""
    quick = start(__doc__ or "")
    events.check_holes()
    scalars, tables, runs = (10_000, 200, 200) if quick else (100_000, 1000, 2000)
    with scratch(1 << 30) as directory:
        first_looks(directory, scalars)
        table_sizes(directory, tables, scalars=10 * tables)
        table_sizes(directory, tables, scalars=0)
        with_tokens(directory, 500_000 if quick else 5_000_000, tables=20)
        later_looks(directory, scalars)
        many_runs(directory, runs)


def first_looks(directory: Path, scalars: int) -> None:
    """Looks at 10 GB of snapshots among many scalars: large and small ones."""
    few = log(directory / "few", 100, 100 * MB, scalars)
    many = log(directory / "many", 10_000, MB, scalars)
    alone = log(directory / "alone", 0, 0, scalars) / events.FILE_NAME
    times = in_turn(
        {
            "few": lambda: first_look(few, 100),
            "many": lambda: first_look(many, 10_000),
            "peer": lambda: seconds(lambda: read_all(alone, scalars)),
        },
        rounds=7,
    )
    peer = f"TensorBoard's reader ({reader()}) on the scalars alone"
    for side, tables in (("few", "100 x 100 MB"), ("many", "10,000 x 1 MB")):
        what = f"{tables} and {scalars:,} scalars"
        absolute(what, times[side], WARM)
        ratio(what, times[side], peer, times["peer"])


def table_sizes(directory: Path, tables: int, scalars: int) -> None:
    """Logs of as many records: with large tables and with small ones."""
    small = log(directory / f"small{scalars}", tables, MB, scalars)
    large = log(directory / f"large{scalars}", tables, 100 * MB, scalars)
    times = in_turn(
        {
            "large": lambda: first_look(large, tables),
            "small": lambda: first_look(small, tables),
        },
        rounds=15,
    )
    what = f"{tables:,} tables of 100 MB and {scalars:,} scalars"
    ratio(what, times["large"], "as many of 1 MB", times["small"], SAME)


def with_tokens(directory: Path, rows: int, tables: int) -> None:
    """Compares a log of many tokens with the same one without them."""
    tokens = [f"token{row}" for row in range(rows)]
    table_bytes = 4 * events.EMBEDDING_DIM * rows
    labeled, plain = directory / "labeled", directory / "plain"
    for where, given in (labeled, tokens), (plain, None):
        events.write(where / events.FILE_NAME, 0, tables, table_bytes, given)
    if tb_wordembed.open(labeled).series().has_tokens is not True:
        raise AssertionError("the tokens were not found")
    # Several looks a round: one is over in a moment.
    times = in_turn(
        {
            "labeled": lambda: sum(first_look(labeled, tables) for _ in range(9)) / 9,
            "plain": lambda: sum(first_look(plain, tables) for _ in range(9)) / 9,
        },
        rounds=15,
    )
    what = f"{tables} tables of {rows:,} tokens"
    peer = "as many unlabeled rows"
    ratio(what, times["labeled"], peer, times["plain"], SAME)


def later_looks(directory: Path, scalars: int) -> None:
    """Compares a refresh with a first look and TensorBoard's own look for runs."""
    tables = 100
    logdir = log(directory / "later", tables, 100 * MB, scalars)
    opened = tb_wordembed.open(logdir)
    steps = itertools.count(max(tables, scalars))

    def appended() -> float:
        step = next(steps)
        events.append_hole(logdir / events.FILE_NAME, step, 100 * MB)
        took = seconds(opened.refresh)
        if opened.series().steps[-1] != step:
            raise AssertionError(f"step {step} was not found")
        return took

    times = in_turn(
        {
            "appended": appended,
            "unchanged": lambda: seconds(opened.refresh),
            "first": lambda: first_look(logdir, tables),
            "walk": lambda: seconds(lambda: walk(logdir, 1)),
        },
        rounds=9,
    )
    what = f"refresh of {tables} x 100 MB and {scalars:,} scalars"
    for side in ("unchanged", "appended"):
        label = f"{what}, {'one more' if side == 'appended' else side}"
        ratio(label, times[side], "a first look", times["first"])
        ratio(label, times[side], "TensorBoard's look for runs", times["walk"])


def many_runs(directory: Path, runs: int) -> None:
    """Compares a refresh of many runs with TensorBoard's own look for runs."""
    logdir = directory / "runs"
    for run in range(runs):
        log(logdir / f"run{run}", 3, MB, 10)
    opened = tb_wordembed.open(logdir)
    steps = itertools.count(10)

    def appended() -> float:
        events.append_hole(logdir / "run7" / events.FILE_NAME, next(steps), MB)
        return seconds(opened.refresh)

    times = in_turn(
        {
            "first look at": lambda: seconds(lambda: tb_wordembed.open(logdir)),
            "unchanged refresh of": lambda: seconds(opened.refresh),
            "refresh, one more snapshot, of": appended,
            "walk": lambda: seconds(lambda: walk(logdir, runs)),
        },
        rounds=5,
    )
    theirs = times.pop("walk")
    for side, ours in times.items():
        what = f"{side} {runs:,} runs"
        ratio(what, ours, "TensorBoard's look for runs", theirs)


def log(directory: Path, tables: int, table_bytes: int, scalars: int) -> Path:
    """Writes a log of one run; gives its directory."""
    events.write(directory / events.FILE_NAME, scalars, tables, table_bytes)
    return directory


def first_look(directory: Path, tables: int) -> float:
    """Indexes a log that is not known yet."""
    opened: list[tb_wordembed.read.log.Log] = []
    took = seconds(lambda: opened.append(tb_wordembed.open(directory)))
    if len(opened[0].series().steps) < tables or opened[0].problems:
        raise AssertionError(f"{directory} was not read as it was written")
    return took


def read_all(path: Path, scalars: int) -> None:
    """As TensorBoard reads an event file when the data server does not."""
    events = sum(1 for _ in event_file_loader.RawEventFileLoader(str(path)).Load())
    if events != scalars + 1:
        raise AssertionError(f"{events} events were read of {scalars + 1}")


def reader() -> str:
    """Names what TensorBoard reads by: TensorFlow where it is installed."""
    return "pure Python" if tf.__version__ == "stub" else f"TensorFlow {tf.__version__}"


def walk(directory: Path, runs: int) -> None:
    """TensorBoard's Python reader does this at every reload."""
    found = sum(1 for _ in io_wrapper.GetLogdirSubdirectories(str(directory)))
    if found != runs:
        raise AssertionError(f"{found} runs were found of {runs}")


if __name__ == "__main__":
    main()
