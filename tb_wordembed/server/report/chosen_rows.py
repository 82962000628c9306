"""Which steps and tokens a web page holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.findings.finding import Finding
from tb_wordembed.projector.rows import Rows, shown_rows
from tb_wordembed.read.series import Series

STEPS = 20
"""The number of steps that a page holds by default."""

TOKENS = 10_000
"""The number of tokens that a page holds by default."""

MOST_NUMBERS = 2_000_000
"""The largest number of tokens, times that of steps: a page of 50 MB."""

_RANKED = 500
"""How many of the tokens that moved furthest, and of the most frequent ones, are held
in any case."""


@dataclass(frozen=True)
class Chosen:
    """What a page holds: logged steps, the first and the last among them, and rows,
    ascending; and those of the rows that rank highest, most telling first."""

    steps: list[int]
    rows: Rows
    ranked: list[int]


def choose(
    series: Series, findings: Sequence[Finding], steps: int, tokens: int
) -> Chosen:
    """Returns the steps and the tokens to hold.

    The steps are spread evenly over those that were logged, beside those that findings
    are about. The tokens are those that findings are about, those that moved furthest
    and the most frequent ones, each half at most, and a sample of the others, spread
    evenly over their frequencies.

    Raises:
      ValueError: these are too many for one file.
    """
    held = _steps(series.steps, findings, steps)
    count = min(tokens, series.shape[0])
    if len(held) * count > MOST_NUMBERS:
        raise ValueError(
            f"{count:,} tokens at {len(held):,} steps are too many for one page; "
            f"expected {MOST_NUMBERS:,} at most, tokens times steps. Ask for fewer "
            "tokens or steps"
        )
    ranked = _ranked(series, findings)
    wanted = ranked[: tokens if tokens >= series.shape[0] else -(-tokens // 2)]
    rows = shown_rows(series.shape[0], series.frequency(), wanted, tokens)
    return Chosen(held, rows, wanted)


def _steps(logged: Sequence[int], findings: Iterable[Finding], most: int) -> list[int]:
    if len(logged) <= most:
        return list(logged)
    if most < 2:
        return list(logged[-1:])
    told = [
        step
        for one in findings
        for step in (one.view.step, one.step)
        if step is not None and step in logged
    ]
    told = list(dict.fromkeys(told))
    kept = {logged[0], logged[-1], *told[: max(most // 2 - 2, 0)]}
    others = [step for step in logged if step not in kept]
    places = np.linspace(0, len(others) - 1, most - len(kept) + 2)[1:-1]
    return sorted(kept | {others[round(place)] for place in places})


def _ranked(series: Series, findings: Iterable[Finding]) -> list[int]:
    """Returns the rows that rank highest: of findings, by drift, by frequency."""
    told = [row for one in findings for row in one.view.rows.tolist()]
    first, last = series.steps[0], series.steps[-1]
    ways: list[npt.NDArray[np.floating]]
    ways = [series.drift(first, last)] if first != last else [series.norms(last)]
    frequency = series.frequency()
    ways += [frequency] if frequency is not None else []
    for values in ways:
        order = np.argsort(np.where(np.isnan(values), np.inf, -values), kind="stable")
        told += order[:_RANKED].tolist()
    return list(dict.fromkeys(told))
