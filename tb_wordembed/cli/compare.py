"""``tb-wordembed compare``: ranks tokens by how far two runs differ."""

from __future__ import annotations

from typing import get_args

from tb_wordembed.analysis.drift import Measure
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.references import (
    BY_NEIGHBORS,
    NEIGHBORS,
    Pair,
    add_reference,
    add_seeds,
    named_pair,
    named_seeds,
    ranked_by_noise,
    some,
)
from tb_wordembed.cli.tokens import (
    Columns,
    add_ranking,
    chosen,
    group_rows,
    rank,
    token_rows,
)
from tb_wordembed.read.log import Log
from tb_wordembed.read.noise import change

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
is measured by its usual difference between seeds. Below the table, findings say which
tokens, and which groups of the logged columns, changed by more than noise.
"""


def add(commands: Commands) -> None:
    """Adds the command ``compare``."""
    summary = "rank tokens by how far two runs differ"
    compare = common.add_command(commands, "compare", _compare, summary, epilog=_EPILOG)
    common.add_series(compare)
    add_reference(compare)
    common.add_measure(compare, [*get_args(Measure), *BY_NEIGHBORS])
    add_ranking(compare)
    add_seeds(compare, "adds p_value and q_value")


def _compare(log: Log, options: Options) -> None:
    pair = named_pair(log, options)
    series = pair.series
    kept = chosen(series, options.min)
    about = [_about(pair, options)]
    if options.group_by is not None:
        if options.seeds:
            raise ValueError("--group-by and --seeds don't go together")
        rows = group_rows(series, *pair.steps, options, pair.reference)
    else:
        values = _values(pair, options)
        ranked = rank(values[options.measure], kept, options.measure)
        if options.seeds:
            seeds = named_seeds(log, series, options)
            values, said = ranked_by_noise(values, series, options, seeds)
            about.append(said)
        rows = token_rows(series, values, ranked[: options.top])
    about += _only_in_one(pair)
    common.write(options, rows)
    common.remark(options, "; ".join(about), always=True)
    if options.seeds and options.format == "table":
        _say_findings(log, pair, options)


def _say_findings(log: Log, pair: Pair, options: Options) -> None:
    """Writes what changed by more than noise; new and gone tokens are listed above."""
    found = pair.series.findings_between(
        pair.reference,
        named_seeds(log, pair.series, options),
        *pair.steps,
        options.measure,
        k=options.k or NEIGHBORS,
    )
    listed = "new_tokens", "gone_tokens"
    others = [one for one in found if one.kind not in listed]
    common.say_findings(options, others, pair.series.tokens)


def _values(pair: Pair, options: Options) -> Columns:
    measure, k = options.measure, options.k or NEIGHBORS
    series, reference, steps = pair
    if measure not in BY_NEIGHBORS:
        return {measure: series.drift(*steps, measure, reference=reference)}
    with common.progress() as show:
        found = change(series, *steps, reference, measure, k, show)
    return {measure: 1 - found if measure == "overlap" else found}


def _about(pair: Pair, options: Options) -> str:
    if options.measure in BY_NEIGHBORS:
        k = options.k or NEIGHBORS
        return f"{options.measure} of {k} neighbors by cosine, {pair.said()}"
    return f"{options.measure} {pair.said()}, {pair.alignment_said()}"


def _only_in_one(pair: Pair) -> list[str]:
    here, there = pair.series.run, pair.reference.series.run
    tokens = (here, pair.only_here()), (there, pair.only_there())
    return [f"only in {where!r}: {some(which)}" for where, which in tokens if which]
