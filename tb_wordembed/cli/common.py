"""Options, messages and progress that several commands share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from tb_wordembed.cli.output import FORMATS, Row, printable
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read.log import Log, Problem
from tb_wordembed.read.series import Series

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What ``add_subparsers`` returns; at runtime it takes no parameters."""


def add_log(parser: argparse.ArgumentParser, *, one_series: bool = True) -> None:
    """Options of commands that read a log, or one series of it."""
    parser.add_argument("logdir", help="the directory given to tensorboard --logdir")
    if one_series:
        parser.add_argument("--run", help="needed if there are several")
        parser.add_argument("--tag", help="needed if the run has several")
    parser.add_argument(
        "--format", choices=sorted(FORMATS), default="table", help="(table)"
    )


def count(text: str) -> int:
    """A number from 1, as typed."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a number from 1")
    return int(text)


def token_or_index(series: Series, text: str) -> str | int:
    """A token, or ``#N`` for row N where no token is called that."""
    if text.startswith("#") and text[1:].isdigit() and text not in series.tokens:
        return int(text[1:])
    return text


def write(options: argparse.Namespace, rows: list[Row]) -> None:
    """Rows to stdout, in the format asked for."""
    FORMATS[options.format](rows, sys.stdout)


def remark(options: argparse.Namespace, text: str) -> None:
    """What people want to know beside a table, and programs don't."""
    if options.format == "table":
        sys.stderr.write(text + "\n")


@contextmanager
def progress() -> Iterator[Progress]:
    """Shows on a terminal how much of the work is done, and takes it away again."""
    if not sys.stderr.isatty():
        yield silent
        return

    def show(share: float, message: str = "") -> None:
        sys.stderr.write(f"\r{share:4.0%} ")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")


def report_problem(problem: Problem) -> None:
    """Where something is, and what is to be said of it."""
    where = f"{printable(problem.path)} at byte {problem.offset}"
    sys.stderr.write(f"{where}: {printable(problem.message)}\n")


def report_problems(log: Log) -> None:
    """What could not be read and was left out."""
    for one in log.problems:
        report_problem(one)
