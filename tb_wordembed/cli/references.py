"""Options that name the run to compare with and the seeds, and sentences about both."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.noise import RATE, NoiseFloor, q_values
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Options
from tb_wordembed.cli.tokens import Columns
from tb_wordembed.format.paths import expand
from tb_wordembed.read.log import Log
from tb_wordembed.read.reference import Reference
from tb_wordembed.read.series import Series

NEIGHBORS = 10
BY_NEIGHBORS = ("overlap", "second_order")


def add_reference(parser: argparse.ArgumentParser) -> None:
    """Adds the options that name the other run, its step and its alignment."""
    parser.add_argument(
        "--with",
        dest="with_run",
        metavar="RUN",
        help="the run that drift is measured from (the same run)",
    )
    parser.add_argument(
        "--with-tag", metavar="TAG", help="the tag there (the same as here)"
    )
    common.add_steps(parser, "last of --with", "last of --run")
    parser.add_argument(
        "--centered", action="store_true", help="align about the means of both tables"
    )
    parser.add_argument(
        "--anchors",
        metavar="FILE",
        help="align over the tokens in a file, one in each line, instead of all that "
        "both have",
    )


def add_seeds(parser: argparse.ArgumentParser, use: str) -> None:
    """Adds the option that names the seeds, and says what they are used for."""
    parser.add_argument(
        "--seeds",
        nargs="+",
        metavar="RUN",
        default=[],
        help="two or more runs that differ in nothing but chance, --with among them or "
        f"not: {use}",
    )


class Pair(NamedTuple):
    """A series, another one that it is measured from, and a step of each: of the other
    one first."""

    series: Series
    reference: Reference
    steps: tuple[int, int]

    def only_here(self) -> list[str]:
        """Returns the tokens that the reference lacks."""
        rows = self.series.rows_in_reference(self.reference)
        tokens = self.series.tokens
        return [tokens[row] for row in np.flatnonzero(rows < 0).tolist()]

    def only_there(self) -> list[str]:
        """Returns the tokens that only the reference has."""
        return self.series.only_in_reference(self.reference)

    def said(self) -> str:
        """Returns the steps and the runs in words."""
        old, new = self.reference.series.run, self.series.run
        first, second = self.steps
        return f"from step {first} of {old!r} to step {second} of {new!r}"

    def alignment_said(self) -> str:
        """Returns over what the tables are aligned, in words."""
        found = self.series.alignment(*self.steps, self.reference)
        over = "common tokens" if self.reference.anchors is None else "anchors"
        return f"aligned over {found.count:,} {over}, residual {found.residual:.3g}"


def named_pair(log: Log, options: Options) -> Pair:
    """Returns the two series that the options name. Raises NotFoundError if there is no
    such run, tag or step, and ValueError if both are the same."""
    series = log.series(options.run, options.tag)
    run = series.run if options.with_run is None else options.with_run
    tag = options.with_tag or series.tag
    other = _series(log, run, tag, options.with_tag is None)
    if (other.run, other.tag) == (series.run, series.tag):
        raise ValueError(
            f"--with {run!r}: that is the run itself; name another one, or compare its "
            "steps with: tb-wordembed drift"
        )
    return Pair(
        series,
        Reference(other, options.centered, _anchors(options.anchors)),
        (
            other.steps[-1] if options.from_step is None else options.from_step,
            series.steps[-1] if options.to_step is None else options.to_step,
        ),
    )


def _anchors(path: str | None) -> list[str] | None:
    if path is None:
        return None
    lines = Path(expand(path)).read_text(encoding="utf-8").splitlines()
    return [one for one in lines if one]


def _series(log: Log, run: str, tag: str, is_default: bool = True) -> Series:
    """Returns a series of a run: the one of a tag, or the only one if it lacks the tag
    that was taken by default."""
    return log.series(run, None if is_default and tag not in log.tags(run) else tag)


class Noise(NamedTuple):
    """How the drift of tokens compares with noise, and how that was found, in words."""

    p_values: npt.NDArray[np.float64]
    q_values: npt.NDArray[np.float64]
    said: str

    @property
    def changed(self) -> int:
        """The number of tokens that changed by more than noise."""
        return int((self.q_values <= RATE).sum())

    @property
    def measured(self) -> int:
        """The number of tokens that have a p-value."""
        return int(np.isfinite(self.p_values).sum())


def against_noise(
    series: Series,
    drift: npt.NDArray[Any],
    options: Options,
    seeds: list[Series] | None,
) -> Noise:
    """Returns how drift, larger for a larger change, compares with the noise between
    seeds, or without any with the jitter of the series since it settled."""
    with common.progress() as show:
        floor: NoiseFloor = series.noise_floor(
            seeds,
            measure=options.measure,
            k=options.k or NEIGHBORS,
            centered=seeds is not None and options.centered,
            anchors=None if seeds is None else _anchors(options.anchors),
            progress=show,
        )
    of = "pairs of seeds" if seeds else f"intervals since step {series.settled_step()}"
    alike = "all" if floor.order is None else "those nearest in frequency"
    if floor.order is not None and floor.is_relative:
        alike += ", and more for a token that stands out"
    p_values = floor.p_values(drift)
    return Noise(
        p_values,
        q_values(p_values),
        f"noise of {floor.pairs} {of}, of {floor.pooled:,} tokens together ({alike})",
    )


def ranked_by_noise(
    values: Columns, series: Series, options: Options, seeds: list[Series] | None
) -> tuple[Columns, str]:
    """Returns the columns of a ranking with how likely noise alone changes each token
    as much as the measure says, and how many changed by more, in words."""
    found = values[options.measure]
    drift = 1 - found if options.measure == "overlap" else found
    noise = against_noise(series, drift, options, seeds)
    columns = {"p_value": noise.p_values, "q_value": noise.q_values}
    return values | columns, (
        f"{noise.said}; {noise.changed:,} of {noise.measured:,} tokens changed at a "
        f"false discovery rate of {RATE}"
    )


def named_seeds(log: Log, series: Series, options: Options) -> list[Series]:
    """Returns the runs of ``--seeds``."""
    return [_series(log, run, series.tag) for run in options.seeds]


def some(tokens: list[str]) -> str:
    """Returns the first of some tokens in words, and how many there are more."""
    more = f" and {len(tokens) - 5:,} more" if len(tokens) > 5 else ""
    return ", ".join(map(repr, tokens[:5])) + more
