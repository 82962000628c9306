"""``tb-wordembed ls`` and ``check``: lists what was logged, and verifies it."""

from __future__ import annotations

import sys

import tb_wordembed
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.output import fields
from tb_wordembed.read.log import Log


def add(commands: Commands) -> None:
    """Adds the commands ``ls`` and ``check``."""
    ls = common.add_command(commands, "ls", _ls, "list runs, tags, steps and shapes")
    common.add_format(ls)
    check = commands.add_parser(
        "check",
        help="read everything and verify every checksum",
        description="Reads every byte of the event files and verifies every checksum. "
        "The exit status is 1 if something is damaged or left out.",
    )
    common.add_logdir(check)
    common.add_tokens(check)
    common.add_format(check)
    check.set_defaults(command=_check)


def _ls(log: Log, options: Options) -> None:
    found = log.all_series
    common.write(
        options,
        [
            {
                "run": one.run,
                "tag": one.tag,
                "snapshots": len(one.steps),
                "first step": one.steps[0],
                "last step": one.steps[-1],
                "vocab_size": one.shape[0],
                "full_vocab_size": one.full_vocab_size,
                "embedding_dim": one.shape[1],
                "dtype": one.dtype,
                "replaced steps": one.replaced_steps,
                "columns": " ".join(
                    ["token"] * one.has_tokens + [*one.column_kinds, *one.image_columns]
                ),
            }
            for one in found
        ],
    )
    for note in log.notes:
        common.report_problem(note)
    if not found:
        sys.stderr.write(f"no embedding snapshots below {options.logdir}\n")


def _check(options: Options) -> int:
    log = tb_wordembed.open(options.logdir, tokens=common.tokens_of(options))
    found = log.check()
    common.write(
        options,
        [
            {
                **fields(one, "run", "tag", "step"),
                "vocab_size": one.shape[0],
                "embedding_dim": one.shape[1],
                "dtype": one.dtype,
                "non-finite rows": one.non_finite_rows,
                "status": one.status,
            }
            for one in found.snapshots
        ],
    )
    for problem in [*found.notes, *found.problems]:
        common.report_problem(problem)
    size = sum(one.size for one in found.files)
    records = sum(one.records for one in found.files)
    sys.stderr.write(
        f"{len(found.files)} event files, {records} records, {size:,} bytes, "
        f"{len(found.snapshots)} snapshots, {len(found.problems)} problems\n"
    )
    return 1 if found.problems else 0
