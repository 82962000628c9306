"""``tb-wordembed drift``: ranks tokens by how far they moved."""

from __future__ import annotations

from typing import get_args

import numpy as np

from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.findings.false_alarm_rates import broken
from tb_wordembed.analysis.noise import NoiseMeasure
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.references import BY_NEIGHBORS, NEIGHBORS, ranked_by_noise
from tb_wordembed.cli.tokens import (
    Columns,
    add_ranking,
    chosen,
    group_rows,
    rank,
    token_rows,
)
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series

_BY_PATH = ("length", "straightness")

_MEASURES = """\
measures:
  cosine        1 - cos between the two steps, 0 to 2
  euclidean     displacement
  relative      displacement over the norm before
  norm_change   norm after minus norm before
  overlap       share of its k neighbors that the token kept, least first
  second_order  change of its cosines to its neighbors, 0 to 2
  length        of its path through all steps
  straightness  displacement over that length, 0 to 1, least first
"""


def add(commands: Commands) -> None:
    """Adds the command ``drift``."""
    drift = common.add_command(
        commands, "drift", _drift, "rank tokens by how far they moved", epilog=_MEASURES
    )
    common.add_series(drift)
    common.add_steps(drift)
    common.add_measure(drift, [*get_args(Measure), *BY_NEIGHBORS, *_BY_PATH])
    add_ranking(drift)
    drift.add_argument(
        "--breaks",
        action="store_true",
        help="add the step at which each token broke off its trend",
    )
    drift.add_argument(
        "--noise",
        action="store_true",
        help="add p_value and q_value: how often a token jitters as much from step to "
        "step since the table settled, and the false discovery rate at which it counts "
        "as changed",
    )


def _drift(log: Log, options: Options) -> None:
    series = log.series(options.run, options.tag)
    # Before anything that takes a while.
    kept = chosen(series, options.min)
    if options.group_by is not None:
        for name in ("breaks", "noise"):
            if getattr(options, name):
                raise ValueError(f"--group-by and --{name} don't go together")
        steps = common.first_and_last(series, options)
        common.write(options, group_rows(series, *steps, options))
        common.remark(
            options, f"from step {steps[0]} to step {steps[1]}, by {options.measure}"
        )
        return
    measure = options.measure
    if options.noise and measure not in get_args(NoiseMeasure):
        raise ValueError(
            f"--measure {measure}: with --noise, expected one of "
            f"{get_args(NoiseMeasure)}"
        )
    values, about = _within(series, options)
    ranked = rank(values[measure], kept, measure)
    if options.noise:
        values, said = ranked_by_noise(values, series, options, seeds=None)
        about += f"; {said}"
    if options.breaks:
        values |= _breaks(series)
    common.write(options, token_rows(series, values, ranked[: options.top]))
    common.remark(options, about)
    if options.breaks:
        common.remark(options, broken())


def _within(series: Series, options: Options) -> tuple[Columns, str]:
    """Returns the measures of each token between two steps, and which steps."""
    measure = options.measure
    if measure in _BY_PATH:
        for name, step in (("--from", options.from_step), ("--to", options.to_step)):
            if step is not None:
                raise ValueError(
                    f"{name} {step}: {measure} is that of the path through all steps; "
                    f"leave {name} out, or choose another --measure"
                )
        path = series.path()
        about = f"along the steps {series.steps[0]} to {series.steps[-1]}"
        names = ("length", "displacement", "straightness")
        return {name: getattr(path, name) for name in names}, about
    steps = common.first_and_last(series, options)
    about = f"from step {steps[0]} to step {steps[1]}"
    with common.progress() as show:
        if measure == "overlap":
            kept = series.turnover(*steps, options.k or NEIGHBORS, progress=show)
            about += f"; on average, {kept.mean_overlap:.3g} of neighbors were kept"
            return {"overlap": kept.overlap, "jaccard": kept.jaccard}, about
        if measure == "second_order":
            drift = series.all_second_order_drift(
                *steps, options.k or NEIGHBORS, progress=show
            )
            return {measure: drift}, about
    return {measure: series.drift(*steps, measure)}, about


def _breaks(series: Series) -> Columns:
    with common.progress() as show:
        found = series.breaks(progress=show)
    # Tokens without a break have position -1, which is the last of these.
    steps = np.array([*series.steps, None])
    return {
        "break_step": steps[found.positions],
        "break_strength": np.where(found.positions < 0, np.nan, found.strengths),
    }
