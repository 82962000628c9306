"""``tb-wordembed neighbors``: lists the nearest tokens, and those gained and lost."""

from __future__ import annotations

import math
from typing import get_args

from tb_wordembed.analysis.neighbors.metrics import Metric
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.output import Row
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series


def add(commands: Commands) -> None:
    """Adds the command ``neighbors``."""
    neighbors = common.add_command(
        commands,
        "neighbors",
        _neighbors,
        "list the nearest tokens, or those gained, kept and lost",
        description="Lists the tokens nearest to a token at a step; with --from or "
        "--to, which of them it gained, kept and lost between the two.",
    )
    common.add_series(neighbors)
    neighbors.add_argument(
        "token",
        help="a token, or #N for row N; write -- before one that starts with -",
    )
    neighbors.add_argument("--step", type=int, help="(the last)")
    common.add_steps(neighbors)
    neighbors.add_argument("-k", type=common.count, default=10, help="how many (10)")
    neighbors.add_argument("--metric", choices=get_args(Metric), default="cosine")


def _neighbors(log: Log, options: Options) -> None:
    series = log.series(options.run, options.tag)
    text, token = options.token, options.token
    if text.startswith("#") and text[1:].isdecimal() and text not in series.tokens:
        token = int(text[1:])
    if options.from_step is None and options.to_step is None:
        _at_step(series, token, options)
    elif options.step is None:
        _change(series, token, options)
    else:
        raise ValueError(
            f"--step {options.step}: expected it alone, or --from and --to instead"
        )


def _at_step(series: Series, token: str | int, options: Options) -> None:
    step = series.steps[-1] if options.step is None else options.step
    found = series.neighbors(token, step, options.k, options.metric)
    common.write(
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
    common.remark(options, f"at step {step}")


def _change(series: Series, token: str | int, options: Options) -> None:
    steps = common.first_and_last(series, options)
    found = series.neighbor_change(token, *steps, options.k, options.metric)
    before, after = (
        {one.index: (rank, one) for rank, one in enumerate(near, start=1)}
        for near in (found.before, found.after)
    )
    rows: list[Row] = []
    for change in ("gained", "kept", "lost"):
        for index in getattr(found.change, change):
            was, now = before.get(index), after.get(index)
            rows.append(
                {
                    "change": change,
                    "token": (before | after)[index][1].token,
                    "index": index,
                    "rank_before": was[0] if was else None,
                    "rank_after": now[0] if now else None,
                    f"{options.metric}_before": was[1].distance if was else None,
                    f"{options.metric}_after": now[1].distance if now else None,
                }
            )
    common.write(options, rows)
    about = f"from step {steps[0]} to step {steps[1]}"
    if not math.isnan(found.change.overlap):
        drift = series.second_order_drift(token, *steps, options.k)
        about += (
            f": kept {len(found.change.kept)} of {len(after)}, overlap "
            f"{found.change.overlap:.3g}, Jaccard {found.change.jaccard:.3g}, "
            f"second-order drift {drift:.3g}"
        )
    common.remark(options, about)
