"""``tb-wordembed neighbors``: lists the nearest tokens, and those gained and lost."""

from __future__ import annotations

import argparse
import math
from typing import get_args

import tb_wordembed
from tb_wordembed.analysis.neighbors.given_rows import Metric
from tb_wordembed.cli.common import (
    Commands,
    add_log,
    count,
    remark,
    report_problems,
    token_or_index,
    write,
)
from tb_wordembed.cli.output import Row
from tb_wordembed.read.series import Series


def add(commands: Commands) -> None:
    """The command ``neighbors``."""
    neighbors = commands.add_parser(
        "neighbors",
        help="list the nearest tokens, or those gained, kept and lost",
        description="Lists the tokens nearest to a token at a step; with --from or "
        "--to, which of them it gained, kept and lost between the two.",
    )
    add_log(neighbors)
    neighbors.add_argument("token", help="a token, or #N for row N")
    neighbors.add_argument("--step", type=int, help="(the last)")
    neighbors.add_argument(
        "--from", type=int, dest="from_step", metavar="STEP", help="(the first)"
    )
    neighbors.add_argument(
        "--to", type=int, dest="to_step", metavar="STEP", help="(the last)"
    )
    neighbors.add_argument("-k", type=count, default=10, help="how many (10)")
    neighbors.add_argument("--metric", choices=get_args(Metric), default="cosine")
    neighbors.set_defaults(command=_neighbors)


def _neighbors(options: argparse.Namespace) -> int:
    log = tb_wordembed.open(options.logdir)
    series = log.series(options.run, options.tag)
    token = token_or_index(series, options.token)
    if options.from_step is not None or options.to_step is not None:
        _change(series, token, options)
    else:
        _at_step(series, token, options)
    report_problems(log)
    return 0


def _at_step(series: Series, token: str | int, options: argparse.Namespace) -> None:
    step = series.steps[-1] if options.step is None else options.step
    found = series.neighbors(token, step, options.k, options.metric)
    write(
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
    remark(options, f"at step {step}")


def _change(series: Series, token: str | int, options: argparse.Namespace) -> None:
    if options.step is not None:
        raise ValueError(
            f"--step {options.step}: expected it alone, or --from and --to instead"
        )
    steps = (
        series.steps[0] if options.from_step is None else options.from_step,
        series.steps[-1] if options.to_step is None else options.to_step,
    )
    found = series.neighbor_change(token, *steps, options.k, options.metric)
    before, after = (
        {one.index: (rank, one) for rank, one in enumerate(near, start=1)}
        for near in (found.before, found.after)
    )
    rows: list[Row] = []
    for change in ("gained", "kept", "lost"):
        for index in getattr(found.change, change):
            was, now = before.get(index), after.get(index)
            one = now or was
            rows.append(
                {
                    "change": change,
                    "token": one[1].token if one else None,
                    "index": index,
                    "rank_before": was[0] if was else None,
                    "rank_after": now[0] if now else None,
                    f"{options.metric}_before": was[1].distance if was else None,
                    f"{options.metric}_after": now[1].distance if now else None,
                }
            )
    write(options, rows)
    drift = series.second_order_drift(token, *steps, options.k)
    about = f"from step {steps[0]} to step {steps[1]}"
    if not math.isnan(found.change.overlap):
        about += (
            f": kept {len(found.change.kept)} of {len(after)}, overlap "
            f"{found.change.overlap:.3g}, Jaccard {found.change.jaccard:.3g}, "
            f"second-order drift {drift:.3g}"
        )
    remark(options, about)
