"""``tb-wordembed gate``: fails where two runs differ by more than is allowed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import get_args

import numpy as np

from tb_wordembed.analysis.noise import RATE, NoiseMeasure
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.output import Row
from tb_wordembed.cli.references import (
    BY_NEIGHBORS,
    NEIGHBORS,
    Pair,
    add_reference,
    add_seeds,
    against_noise,
    named_pair,
    named_seeds,
    some,
)
from tb_wordembed.read.log import Log
from tb_wordembed.read.noise import change

_LIMITS = (
    "max_median_drift",
    "max_changed_share",
    "min_neighbor_overlap",
    "max_lost_tokens",
)

_ERRORS = 2
"""The number of standard errors by which the mean of a sample may be off."""

_EPILOG = f"""\
The exit status is 0 if all thresholds are kept, 1 if one is exceeded, and 2 if they
can't be measured, such as for a run that is not there. Give one or more of them.

measures of drift, of a token from --with to --run:
  cosine        1 - cos after alignment, 0 to 2
  euclidean     displacement after alignment
  overlap       share of its k neighbors that only one of the runs has, 0 to 1
  second_order  change of its cosines to its neighbors, 0 to 2

Tables of different dimensions can't be aligned. Their neighbors can be compared: by
--min-neighbor-overlap, and by the last two measures.

A token counts as changed at a false discovery rate of {RATE} against the noise between
the runs of --seeds, which differ in nothing but chance.
"""


def add(commands: Commands) -> None:
    """Adds the command ``gate``."""
    summary = "fail where two runs differ by more than is allowed"
    gate = common.add_command(commands, "gate", _gate, summary, epilog=_EPILOG)
    common.add_series(gate)
    add_reference(gate)
    common.add_measure(gate, get_args(NoiseMeasure))
    gate.add_argument("-k", type=common.count, help=f"how many neighbors ({NEIGHBORS})")
    add_seeds(gate, "needed for --max-changed-share")
    gate.add_argument(
        "--max-median-drift",
        type=_from_0(sys.float_info.max, "a number from 0"),
        metavar="X",
        help="of the tokens that both runs have",
    )
    gate.add_argument(
        "--max-changed-share",
        type=_share,
        metavar="X",
        help="of the tokens that both runs have, 0 to 1: those that changed by more "
        "than the noise between --seeds",
    )
    gate.add_argument(
        "--min-neighbor-overlap",
        type=_share,
        metavar="X",
        help="the mean share of its k neighbors by cosine that a token has in both "
        "runs, 0 to 1, of a sample of tokens; exceeded by a mean that is lower by more "
        f"than {_ERRORS} of its standard errors",
    )
    gate.add_argument(
        "--max-lost-tokens",
        type=common.whole_number(0),
        metavar="N",
        help="tokens of --with that --run lacks",
    )


def _gate(log: Log, options: Options) -> int:
    given = [name for name in _LIMITS if getattr(options, name) is not None]
    if not given:
        expected = ", ".join(map(_option, _LIMITS))
        raise ValueError(f"there is no threshold; expected one or more of {expected}")
    if (options.max_changed_share is not None) != bool(options.seeds):
        raise ValueError(
            "--max-changed-share and --seeds go together: two or more runs that differ "
            "in nothing but chance say how much noise changes"
        )
    pair = named_pair(log, options)
    rows: list[Row] = []
    if options.max_lost_tokens is not None:
        rows.append(_lost_tokens(pair, options))
    if options.min_neighbor_overlap is not None:
        rows.append(_neighbor_overlap(pair, options))
    if not {"max_median_drift", "max_changed_share"}.isdisjoint(given):
        rows += _drift(log, pair, options)
    common.write(options, rows)
    common.remark(options, pair.said(), always=True)
    return 0 if all(row["result"] == "passed" for row in rows) else 1


def _drift(log: Log, pair: Pair, options: Options) -> list[Row]:
    """Returns the rows of the thresholds about drift."""
    measure, k = options.measure, options.k or NEIGHBORS
    series, reference, steps = pair
    with common.progress() as show:
        drift = change(series, *steps, reference, measure, k, show)
    by_neighbors = f"of {k} neighbors by cosine"
    how = by_neighbors if measure in BY_NEIGHBORS else pair.alignment_said()
    rows = []
    if options.max_median_drift is not None:
        known = drift[np.isfinite(drift)]
        median = float(np.median(known)) if len(known) else float("nan")
        about = f"{measure} of {len(known):,} tokens, {how}"
        rows.append(_row(options, "max_median_drift", median, about))
    if options.max_changed_share is not None:
        seeds = named_seeds(log, series, options)
        noise = against_noise(series, drift, options, seeds)
        share = noise.changed / noise.measured if noise.measured else float("nan")
        about = (
            f"{noise.changed:,} of {noise.measured:,} tokens, by {measure}, {how}; "
            f"{noise.said}, false discovery rate {RATE}"
        )
        rows.append(_row(options, "max_changed_share", share, about))
    return rows


def _neighbor_overlap(pair: Pair, options: Options) -> Row:
    k, limit = options.k or NEIGHBORS, options.min_neighbor_overlap
    found = pair.series.turnover_estimate(*pair.steps, k, reference=pair.reference)
    about = (
        f"mean overlap@{k} by cosine of {found.sampled:,} of {found.population:,} "
        f"tokens, standard error {found.standard_error:.2g}"
    )
    error = _ERRORS * found.standard_error
    if limit - error <= found.mean_overlap < limit:
        about += f"; below the limit by less than {_ERRORS} of them, so not exceeded"
    return _row(options, "min_neighbor_overlap", found.mean_overlap, about, error)


def _lost_tokens(pair: Pair, options: Options) -> Row:
    lost = pair.only_there()
    about = f"tokens of {pair.reference.series.run!r} that {pair.series.run!r} lacks"
    about += f": {some(lost)}" if lost else ""
    return _row(options, "max_lost_tokens", len(lost), about)


def _row(
    options: Options, name: str, value: float, about: str, error: float = 0.0
) -> Row:
    limit = getattr(options, name)
    # What can't be measured is not kept, either.
    kept = value <= limit if name.startswith("max") else value >= limit - error
    return {
        "threshold": _option(name),
        "limit": limit,
        "value": value,
        "result": "passed" if kept else "exceeded",
        "about": about,
    }


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _from_0(most: float, expected: str) -> Callable[[str], float]:
    """Returns a function that parses a number from 0 to ``most``."""

    def parse(text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = float("nan")
        if not 0 <= found <= most:
            raise argparse.ArgumentTypeError(f"{text!r}; expected {expected}")
        return found

    return parse


_share = _from_0(1, "a share from 0 to 1")
