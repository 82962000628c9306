"""``tb-wordembed undertrained``: ranks tokens by how little they were trained."""

from __future__ import annotations

import numpy as np

from tb_wordembed.analysis.undertrained import INDICATORS
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.read.log import Log

_INDICATORS = """\
indicators, low for tokens that were hardly trained (Land & Bartolo 2024):
  norm                     of the row
  euclidean                distance from the mean of rows that are known to be unused
  cosine                   the same, as 1 - cos, 0 to 2
  euclidean_without_first  the same without the table's first principal component
  cosine_without_first     the same without it, as 1 - cos
"""


def add(commands: Commands) -> None:
    """Adds the command ``undertrained``."""
    undertrained = common.add_command(
        commands,
        "undertrained",
        _undertrained,
        "rank tokens by how little they were trained, from one step",
        epilog=_INDICATORS,
    )
    common.add_series(undertrained)
    undertrained.add_argument("--step", type=int, help="(the last)")
    undertrained.add_argument(
        "--indicator",
        choices=INDICATORS,
        metavar="INDICATOR",
        help="see below (euclidean; norm if no row is known to be unused)",
    )
    undertrained.add_argument(
        "--known-unused",
        action="append",
        metavar="TOKEN",
        help="a token that was never trained; give it once for each (tokens that are "
        "called so, such as [unused12], or rows that no step has changed)",
    )
    undertrained.add_argument(
        "--top", type=common.count, default=20, help="how many (20)"
    )


def _undertrained(log: Log, options: Options) -> None:
    series = log.series(options.run, options.tag)
    step = series.steps[-1] if options.step is None else options.step
    found = series.undertrained(step, options.known_unused, options.indicator)
    tokens = series.tokens
    others = np.setdiff1d(np.arange(len(tokens)), found.known_unused)
    ranked = others[np.argsort(found.values[others], kind="stable")]
    common.write(
        options,
        [
            {
                "rank": rank,
                "token": tokens[row],
                "index": int(row),
                found.indicator: float(found.values[row]),
            }
            for rank, row in enumerate(ranked[: options.top], start=1)
        ],
    )
    unused = len(found.known_unused)
    left_out = f"; left out {unused:,} known to be unused" if unused else ""
    common.remark(options, f"at step {step}{left_out}")
