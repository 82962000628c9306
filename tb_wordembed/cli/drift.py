"""``tb-wordembed drift``: ranks tokens by how far they moved."""

from __future__ import annotations

import argparse
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.drift import MEASURES, Measure
from tb_wordembed.analysis.groups import QUANTILES
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.output import Row
from tb_wordembed.read.groups import Group
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series

_BY_NEIGHBORS = ("overlap", "second_order")
_NEIGHBORS = 10
_BY_PATH = ("length", "straightness")
_LEAST_FIRST = ("overlap", "straightness")
"""The measures by which a token that moved far has a small value."""

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

Columns = dict[str, npt.NDArray[Any]]


def add(commands: Commands) -> None:
    """Adds the command ``drift``."""
    drift = commands.add_parser(
        "drift",
        help="rank tokens by how far they moved",
        epilog=_MEASURES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_log(drift, _drift)
    common.add_series(drift)
    common.add_steps(drift)
    drift.add_argument(
        "--measure",
        choices=[*get_args(Measure), *_BY_NEIGHBORS, *_BY_PATH],
        default="cosine",
        metavar="MEASURE",
        help="see below (cosine)",
    )
    drift.add_argument(
        "-k",
        type=common.count,
        help="how many neighbors (10); with --group-by, add the share of so many "
        "neighbors that are in the group, which takes a while",
    )
    drift.add_argument("--top", type=common.count, default=20, help="how many (20)")
    drift.add_argument(
        "--min",
        action="append",
        default=[],
        metavar="COLUMN=N",
        help="only tokens whose number in a logged column is at least N, as in "
        "frequency=10: rare words move most",
    )
    drift.add_argument(
        "--breaks",
        action="store_true",
        help="add the step at which each token broke off its trend",
    )
    drift.add_argument(
        "--group-by",
        metavar="COLUMN",
        help="rank the values of a logged column, or bins of its numbers, by the "
        "median drift of their tokens",
    )
    drift.add_argument(
        "--with-run",
        metavar="RUN",
        help="compare a step of this run with a step of RUN, after the rotation that "
        "best aligns the two tables; --from and --to name the steps (the last of each)",
    )
    drift.add_argument(
        "--with-tag", metavar="TAG", help="the tag there (the same as here)"
    )
    drift.add_argument(
        "--centered", action="store_true", help="align about the means of both tables"
    )


def _drift(log: Log, options: Options) -> None:
    series = log.series(options.run, options.tag)
    # Before anything that takes a while.
    kept = np.ones(series.shape[0], np.bool_)
    for condition in options.min:
        kept &= _at_least(series, condition)
    if options.group_by is not None:
        common.write(options, _groups(series, options)[: options.top])
        return
    if options.with_run is None and options.with_tag is None:
        values, about = _within(series, options)
    else:
        values, about = _between(series, _other(log, series, options), options)
    ranked = _rank(values[options.measure], kept, options.measure)
    if options.breaks:
        values |= _breaks(series)
    common.write(options, _rows(series, values, ranked[: options.top]))
    common.remark(options, about)


def _groups(series: Series, options: Options) -> list[Row]:
    """Returns a row for each group of tokens, those that moved most first."""
    for option in ("min", "breaks", "with_run", "with_tag"):
        if getattr(options, option):
            raise ValueError(
                f"--group-by and --{option.replace('_', '-')} don't go together: a "
                "group is measured with all its tokens, in one run"
            )
    measure = options.measure
    if measure not in MEASURES:
        raise ValueError(
            f"--measure {measure}: with --group-by, expected one of {MEASURES}"
        )
    steps = common.first_and_last(series, options)
    with common.progress() as show:
        found = series.groups(
            options.group_by, *steps, measure, k=options.k, progress=show
        )
    common.remark(options, f"from step {steps[0]} to step {steps[1]}, by {measure}")
    found.sort(key=lambda one: -np.nan_to_num(abs(one.drift[1]), nan=-1))
    return [
        {
            options.group_by: one.name,
            "count": one.count,
            **_spread_out("drift", one.drift),
            **_spread_out("norm", one.norm),
            "unchanged": one.unchanged,
            "centroid_drift": one.centroid_drift,
            "spread_before": one.spread_before,
            "spread_after": one.spread_after,
            **(_inside(one) if options.k else {}),
        }
        for one in found
    ]


def _inside(group: Group) -> Row:
    return {
        "neighbors_inside_before": group.inside_before,
        "neighbors_inside_after": group.inside_after,
    }


def _spread_out(name: str, values: npt.NDArray[Any]) -> Row:
    """Returns a column for each quantile of a measure."""
    return {
        f"{name}_p{round(100 * share)}": float(value)
        for share, value in zip(QUANTILES, values, strict=True)
    }


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
            kept = series.turnover(*steps, options.k or _NEIGHBORS, progress=show)
            about += f"; on average, {kept.mean_overlap:.3g} of neighbors were kept"
            return {"overlap": kept.overlap, "jaccard": kept.jaccard}, about
        if measure == "second_order":
            drift = series.all_second_order_drift(
                *steps, options.k or _NEIGHBORS, progress=show
            )
            return {measure: drift}, about
    return {measure: series.drift(*steps, measure)}, about


def _between(series: Series, other: Series, options: Options) -> tuple[Columns, str]:
    """Returns the drift of each token to another series, and between which steps."""
    measure = options.measure
    if measure not in get_args(Measure):
        raise ValueError(
            f"--measure {measure}: between runs, expected one of {get_args(Measure)}"
        )
    step = series.steps[-1] if options.from_step is None else options.from_step
    there = other.steps[-1] if options.to_step is None else options.to_step
    found = series.alignment(step, other, there, centered=options.centered)
    drift = series.aligned_drift(step, other, there, measure, centered=options.centered)
    return {measure: drift}, (
        f"from step {step} of {series.run!r} to step {there} of {other.run!r}, aligned "
        f"over {found.count:,} tokens; the rotation leaves {found.residual:.3g} of 1"
    )


def _other(log: Log, series: Series, options: Options) -> Series:
    run = series.run if options.with_run is None else options.with_run
    tag = options.with_tag
    if tag is None and series.tag in log.tags(run):
        tag = series.tag
    return log.series(run, tag)


def _rank(
    values: npt.NDArray[Any], kept: npt.NDArray[np.bool_], measure: str
) -> npt.NDArray[np.int64]:
    """Returns the rows in order of how far they moved, the furthest first, and equal
    ones by row."""
    ranked = np.flatnonzero(kept & np.isfinite(values))
    size = np.abs(values[ranked])
    order = np.argsort(size if measure in _LEAST_FIRST else -size, kind="stable")
    return ranked[order]


def _breaks(series: Series) -> Columns:
    with common.progress() as show:
        found = series.breaks(progress=show)
    # Tokens without a break have position -1, which is the last of these.
    steps = np.array([*series.steps, None])
    return {
        "break_step": steps[found.positions],
        "break_strength": np.where(found.positions < 0, np.nan, found.strengths),
    }


def _rows(series: Series, values: Columns, ranked: npt.NDArray[np.int64]) -> list[Row]:
    tokens, columns = series.tokens, series.metadata
    rows: list[Row] = []
    for rank, index in enumerate(ranked.tolist(), start=1):
        row: Row = {"rank": rank, "token": tokens[index], "index": index}
        for name, numbers in values.items():
            value = numbers[index : index + 1].tolist()[0]
            row[name] = None if value != value else value
        for name, column in columns.items():
            row[f"metadata.{name}" if name in row else name] = _value(column[index])
        rows.append(row)
    return rows


def _value(value: str | float) -> str | int | float:
    """Returns whole numbers as int: counts are logged as any number."""
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else float(value)


def _at_least(series: Series, condition: str) -> npt.NDArray[np.bool_]:
    name, _, bound = condition.rpartition("=")
    column = series.metadata.get(name)
    if not isinstance(column, np.ndarray):
        numbers = [n for n, kind in series.column_kinds.items() if kind == "number"]
        raise ValueError(
            f"--min {condition!r}: there is no column of numbers {name!r}; there are: "
            f"{numbers}"
        )
    try:
        found: npt.NDArray[np.bool_] = column >= float(bound)
    except ValueError:
        raise ValueError(
            f"--min {condition!r}: expected COLUMN=N with a number, as in {name}=10"
        ) from None
    return found
