"""``tb-wordembed compare``: ranks tokens by how far two runs differ."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.noise import q_values
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.tokens import (
    Columns,
    add_ranking,
    chosen,
    group_rows,
    rank,
    token_rows,
)
from tb_wordembed.format.paths import expand
from tb_wordembed.read.log import Log
from tb_wordembed.read.noise import change
from tb_wordembed.read.reference import Reference
from tb_wordembed.read.series import Series

_NEIGHBORS = 10
_BY_NEIGHBORS = ("overlap", "second_order")
_RATE = 0.05
"""The false discovery rate at which changed tokens are counted."""

_EPILOG = """\
measures, of a token from --with to --run:
  cosine        1 - cos after alignment, 0 to 2
  euclidean     displacement after alignment
  relative      displacement over the norm before
  norm_change   norm after minus norm before
  overlap       share of its k neighbors that both have, least first
  second_order  change of its cosines to its neighbors, 0 to 2

The table of --with is turned so that it lies best upon that of --run. Measures of
neighbors need no alignment, and no equal dimensions.

--seeds names runs that differ in nothing but chance. Then each token has a p-value,
which says how often two seeds differ in such a token as much, and a q-value, the false
discovery rate at which it counts as changed. From 5 seeds on, the difference of a token
is measured by its usual difference between seeds.
"""


def add(commands: Commands) -> None:
    """Adds the command ``compare``."""
    compare = commands.add_parser(
        "compare",
        help="rank tokens by how far two runs differ",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_log(compare, _compare)
    common.add_series(compare)
    compare.add_argument(
        "--with",
        dest="with_run",
        metavar="RUN",
        help="the run that drift is measured from (the same run)",
    )
    compare.add_argument(
        "--with-tag", metavar="TAG", help="the tag there (the same as here)"
    )
    common.add_steps(compare, "last of --with", "last of --run")
    compare.add_argument(
        "--measure",
        choices=[*get_args(Measure), *_BY_NEIGHBORS],
        default="cosine",
        metavar="MEASURE",
        help="see below (cosine)",
    )
    add_ranking(compare)
    compare.add_argument(
        "--centered", action="store_true", help="align about the means of both tables"
    )
    compare.add_argument(
        "--anchors",
        metavar="FILE",
        help="align over the tokens in a file, one in each line, instead of all that "
        "both have",
    )
    compare.add_argument(
        "--seeds",
        nargs="+",
        metavar="RUN",
        default=[],
        help="two or more runs that differ in nothing but chance, --with among them or "
        "not: adds p_value and q_value",
    )


def _compare(log: Log, options: Options) -> None:
    series = log.series(options.run, options.tag)
    reference = _reference(log, series, options)
    other = reference.series
    steps = (
        other.steps[-1] if options.from_step is None else options.from_step,
        series.steps[-1] if options.to_step is None else options.to_step,
    )
    seeds = [_series(log, run, series.tag) for run in options.seeds]
    kept = chosen(series, options.min)
    about = _about(series, *steps, reference, options)
    if options.group_by is not None:
        if seeds:
            raise ValueError("--group-by and --seeds don't go together")
        common.write(options, group_rows(series, *steps, options, reference))
    else:
        values = _values(series, *steps, reference, options)
        ranked = rank(values[options.measure], kept, options.measure)
        if seeds:
            added, said = _noise(series, values[options.measure], seeds, options)
            values |= added
            about += said
        common.write(options, token_rows(series, values, ranked[: options.top]))
    common.remark(options, about)


def _reference(log: Log, series: Series, options: Options) -> Reference:
    run = series.run if options.with_run is None else options.with_run
    other = _series(log, run, options.with_tag or series.tag, options.with_tag is None)
    if (other.run, other.tag) == (series.run, series.tag):
        raise ValueError(
            f"--with {run!r}: that is the run itself; name another one, or compare its "
            "steps with: tb-wordembed drift"
        )
    return Reference(other, options.centered, _anchors(options.anchors))


def _anchors(path: str | None) -> list[str] | None:
    if path is None:
        return None
    lines = Path(expand(path)).read_text(encoding="utf-8").splitlines()
    return [one for one in lines if one]


def _series(log: Log, run: str, tag: str, is_default: bool = True) -> Series:
    """Returns a series of a run: the one of a tag, or the only one if it lacks the tag
    that was taken by default."""
    return log.series(run, None if is_default and tag not in log.tags(run) else tag)


def _values(
    series: Series,
    from_step: int,
    to_step: int,
    reference: Reference,
    options: Options,
) -> Columns:
    measure, k = options.measure, options.k or _NEIGHBORS
    if measure not in _BY_NEIGHBORS:
        found = series.drift(from_step, to_step, measure, reference=reference)
        return {measure: found}
    with common.progress() as show:
        found = change(series, from_step, to_step, reference, measure, k, show)
    return {measure: 1 - found if measure == "overlap" else found}


def _noise(
    series: Series, values: npt.NDArray[Any], seeds: list[Series], options: Options
) -> tuple[Columns, str]:
    """Returns the p-value and q-value of each token, and how they were found."""
    measure = options.measure
    with common.progress() as show:
        floor = series.noise_floor(
            seeds,
            measure=measure,
            k=options.k or _NEIGHBORS,
            centered=options.centered,
            progress=show,
        )
    p_values = floor.p_values(1 - values if measure == "overlap" else values)
    found = {"p_value": p_values, "q_value": q_values(p_values)}
    changed = int((found["q_value"] <= _RATE).sum())
    alike = "all" if floor.order is None else "those nearest in frequency"
    measured = int(np.isfinite(p_values).sum())
    return found, (
        f"; noise of {floor.pairs} pairs of seeds, of {floor.pooled:,} tokens together "
        f"({alike}); {changed:,} of {measured:,} tokens changed at a false discovery "
        f"rate of {_RATE}"
    )


def _about(
    series: Series,
    from_step: int,
    to_step: int,
    reference: Reference,
    options: Options,
) -> str:
    other = reference.series
    said = f"from step {from_step} of {other.run!r} to step {to_step} of {series.run!r}"
    if options.measure not in _BY_NEIGHBORS:
        found = series.alignment(from_step, to_step, reference)
        over = "common tokens" if reference.anchors is None else "anchors"
        said += f", aligned over {found.count:,} {over}, residual {found.residual:.3g}"
    for where, tokens in (
        (series.run, _only_here(series, reference)),
        (other.run, series.only_in_reference(reference)),
    ):
        if tokens:
            some = ", ".join(map(repr, tokens[:5]))
            more = f" and {len(tokens) - 5:,} more" if len(tokens) > 5 else ""
            said += f"; only in {where!r}: {some}{more}"
    return said


def _only_here(series: Series, reference: Reference) -> list[str]:
    rows, tokens = series.rows_in_reference(reference), series.tokens
    return [tokens[row] for row in np.flatnonzero(rows < 0).tolist()]
