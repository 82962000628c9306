"""``tb-wordembed ls`` and ``check``: lists what was logged, and verifies it."""

from __future__ import annotations

import argparse
import sys

import tb_wordembed
from tb_wordembed.cli.common import (
    Commands,
    add_log,
    report_problem,
    report_problems,
    write,
)
from tb_wordembed.cli.output import Row


def add_ls(commands: Commands) -> None:
    """The command ``ls``."""
    ls = commands.add_parser("ls", help="list runs, tags, steps and shapes")
    add_log(ls, one_series=False)
    ls.set_defaults(command=_ls)


def add_check(commands: Commands) -> None:
    """The command ``check``."""
    check = commands.add_parser(
        "check",
        help="read everything and verify every checksum",
        description="Reads every byte of the event files and verifies every checksum. "
        "The exit status is 1 if something is damaged or left out.",
    )
    add_log(check, one_series=False)
    check.set_defaults(command=_check)


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
    write(options, rows)
    if not rows:
        sys.stderr.write(f"no embedding snapshots below {options.logdir}\n")
    report_problems(log)
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
    write(options, rows)
    for line in [*found.notes, *found.problems]:
        report_problem(line)
    size, records = (
        sum(one.size for one in found.files),
        sum(one.records for one in found.files),
    )
    sys.stderr.write(
        f"{len(found.files)} event files, {records} records, {size:,} bytes, "
        f"{len(found.snapshots)} snapshots, {len(found.problems)} problems\n"
    )
    return 1 if found.problems else 0
