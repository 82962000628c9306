"""The command line: ``tb-wordembed``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, get_args

import numpy as np

import tb_wordembed
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.neighbors import Metric
from tb_wordembed.analysis.sentences import sentence
from tb_wordembed.errors import NotFoundError
from tb_wordembed.formats import FORMATS, Row
from tb_wordembed.log import Log
from tb_wordembed.series import Series


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns the exit status: 0, 1 if a check found something, or 2
    with the reason on stderr."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except BrokenPipeError:
        # `| head` has read enough; what is left to flush at exit goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (NotFoundError, ValueError, OSError) as error:
        sys.stderr.write(f"tb-wordembed: {error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tb-wordembed",
        description="Reads embedding snapshots from TensorBoard event files.",
    )
    parser.add_argument("--version", action="version", version=tb_wordembed.__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    ls = commands.add_parser("ls", help="list runs, tags, steps and shapes")
    _add_log(ls, one_series=False)
    ls.set_defaults(command=_ls)

    check = commands.add_parser(
        "check",
        help="read everything and verify every checksum",
        description="Reads every byte of the event files and verifies every checksum. "
        "The exit status is 1 if something is damaged or left out.",
    )
    _add_log(check, one_series=False)
    check.set_defaults(command=_check)

    drift = commands.add_parser("drift", help="rank tokens by how far they moved")
    _add_log(drift)
    drift.add_argument("--from", type=int, dest="from_step", metavar="STEP")
    drift.add_argument("--to", type=int, dest="to_step", metavar="STEP")
    drift.add_argument("--measure", choices=get_args(Measure), default="cosine")
    drift.add_argument("--top", type=_count, default=20, help="how many (20)")
    drift.add_argument(
        "--min",
        action="append",
        default=[],
        metavar="COLUMN=N",
        help="only tokens whose number in a logged column is at least N, as in "
        "frequency=10: rare words move most",
    )
    drift.set_defaults(command=_drift)

    health = commands.add_parser("health", help="measure whole tables, step by step")
    _add_log(health)
    health.set_defaults(command=_health)

    neighbors = commands.add_parser("neighbors", help="list the nearest tokens")
    _add_log(neighbors)
    neighbors.add_argument("token", help="a token, or #N for row N")
    neighbors.add_argument("--step", type=int, help="the last step if left out")
    neighbors.add_argument("-k", type=_count, default=10, help="how many (10)")
    neighbors.add_argument("--metric", choices=get_args(Metric), default="cosine")
    neighbors.set_defaults(command=_neighbors)

    demo = commands.add_parser(
        "demo", help="train a classifier of movie reviews and log its embedding"
    )
    from tb_wordembed import export

    export.add(commands)

    # Cheap: the demo imports Keras only when it runs.
    from tb_wordembed import demo as training

    training.add_arguments(demo)
    demo.set_defaults(command=training.run)
    return parser


def _add_log(parser: argparse.ArgumentParser, *, one_series: bool = True) -> None:
    parser.add_argument("logdir", help="the directory given to tensorboard --logdir")
    if one_series:
        parser.add_argument("--run", help="needed if there are several")
        parser.add_argument("--tag", help="needed if the run has several")
    parser.add_argument(
        "--format", choices=sorted(FORMATS), default="table", help="(table)"
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a number from 1")
    return int(text)


def _value(value: str | float) -> str | int | float:
    """Counts are logged as any number; as text they need no decimals."""
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else float(value)


def _ls(options: argparse.Namespace) -> int:
    log = tb_wordembed.open(options.logdir)
    rows: list[Row] = [
        {
            "run": one.run,
            "tag": one.tag,
            "snapshots": len(one.steps),
            "first step": one.steps[0],
            "last step": one.steps[-1],
            "vocab_size": one.shape[0],
            "embedding_dim": one.shape[1],
            "dtype": one.dtype,
            "columns": " ".join(
                (["token"] if one.has_tokens else []) + list(one.column_kinds)
            ),
        }
        for one in log.all_series
    ]
    _write(options, rows)
    if not rows:
        sys.stderr.write(f"no embedding snapshots below {options.logdir}\n")
    _report_problems(log)
    return 0


def _check(options: argparse.Namespace) -> int:
    found = tb_wordembed.open(options.logdir).check()
    rows: list[Row] = [
        {
            "run": one.run,
            "tag": one.tag,
            "step": one.step,
            "vocab_size": one.shape[0],
            "embedding_dim": one.shape[1],
            "dtype": one.dtype,
            "non-finite rows": one.non_finite_rows,
            "status": one.status,
        }
        for one in found.snapshots
    ]
    _write(options, rows)
    for line in [*found.notes, *found.problems]:
        sys.stderr.write(f"{line.path} at byte {line.offset}: {line.message}\n")
    size, records = (
        sum(one.size for one in found.files),
        sum(one.records for one in found.files),
    )
    sys.stderr.write(
        f"{len(found.files)} event files, {records} records, {size:,} bytes, "
        f"{len(found.snapshots)} snapshots, {len(found.problems)} problems\n"
    )
    return 1 if found.problems else 0


def _drift(options: argparse.Namespace) -> int:
    log = tb_wordembed.open(options.logdir)
    series = log.series(options.run, options.tag)
    from_step = series.steps[0] if options.from_step is None else options.from_step
    to_step = series.steps[-1] if options.to_step is None else options.to_step
    values = series.drift(from_step, to_step, options.measure)
    columns = series.metadata
    kept = np.isfinite(values)
    for condition in options.min:
        kept &= _at_least(series, condition)
    ranked = np.flatnonzero(kept)
    # By size, whatever the sign; equal ones by row.
    ranked = ranked[np.argsort(-np.abs(values[ranked]), kind="stable")]
    tokens = series.tokens
    rows: list[Row] = []
    for rank, index in enumerate(ranked[: options.top].tolist(), start=1):
        row: Row = {
            "rank": rank,
            "token": tokens[index],
            "index": index,
            options.measure: float(values[index]),
        }
        for name, column in columns.items():
            row[f"metadata.{name}" if name in row else name] = _value(column[index])
        rows.append(row)
    _write(options, rows)
    if options.format == "table":
        sys.stderr.write(f"from step {from_step} to step {to_step}\n")
    _report_problems(log)
    return 0


def _health(options: argparse.Namespace) -> int:
    log = tb_wordembed.open(options.logdir)
    series = log.series(options.run, options.tag)
    found = series.health()
    rows: list[Row] = []
    for step, one in zip(series.steps, found, strict=True):
        row: Row = {"step": step}
        for name, values in (
            ("norm", one.norm),
            ("drift_from_first", one.drift_from_first),
            ("drift_from_previous", one.drift_from_previous),
        ):
            row[name] = float(values[1])
        row["effective_rank"] = one.effective_rank
        row["participation_ratio"] = one.participation_ratio
        row["iso_score"] = one.iso_score
        row["mean_pairwise_cosine"] = one.mean_pairwise_cosine
        for where, like in (("first", one.to_first), ("previous", one.to_previous)):
            row[f"cka_to_{where}"] = like.cka if like else None
            row[f"pip_loss_to_{where}"] = like.pip_loss if like else None
            row[f"procrustes_to_{where}"] = like.procrustes_residual if like else None
        row["frozen_rows"] = one.frozen_rows
        row["zero_rows"] = one.zero_rows
        row["duplicate_rows"] = one.duplicate_rows
        row["non_finite_rows"] = one.non_finite_rows
        rows.append(row)
    _write(options, rows)
    if options.format == "table":
        sys.stderr.write("norm and drift are medians over the tokens\n")
        for finding in series.findings():
            sys.stderr.write(sentence(finding, series.tokens) + "\n")
    _report_problems(log)
    return 0


def _at_least(series: Series, condition: str) -> Any:
    name, _, bound = condition.partition("=")
    column = series.metadata.get(name)
    if not isinstance(column, np.ndarray):
        numbers = [n for n, kind in series.column_kinds.items() if kind == "number"]
        raise ValueError(
            f"--min {condition!r}: there is no column of numbers {name!r}; there are: "
            f"{numbers}"
        )
    try:
        return column >= float(bound)
    except ValueError:
        raise ValueError(
            f"--min {condition!r}: expected COLUMN=N with a number, as in {name}=10"
        ) from None


def _neighbors(options: argparse.Namespace) -> int:
    log = tb_wordembed.open(options.logdir)
    series = log.series(options.run, options.tag)
    step = series.steps[-1] if options.step is None else options.step
    found = series.neighbors(
        _token_or_index(series, options.token), step, options.k, options.metric
    )
    _write(
        options,
        [
            {
                "rank": rank,
                "token": one.token,
                "index": one.index,
                options.metric: one.distance,
            }
            for rank, one in enumerate(found, start=1)
        ],
    )
    _report_problems(log)
    return 0


def _token_or_index(series: Series, text: str) -> str | int:
    if text.startswith("#") and text[1:].isdigit() and text not in series.tokens:
        return int(text[1:])
    return text


def _report_problems(log: Log) -> None:
    for one in log.problems:
        sys.stderr.write(f"{one.path} at byte {one.offset}: {one.message}\n")


def _write(options: argparse.Namespace, rows: list[Row]) -> None:
    FORMATS[options.format](rows, sys.stdout)
