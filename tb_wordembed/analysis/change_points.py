"""The step where a token's drift breaks, and the step since which a table settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import Wide

STRENGTH = 6.0
"""The number of standard errors from which on a jump is a break."""

SETTLED = 0.05
"""The share of its largest rate below which a table is settled."""

_LEAST, _MOST = 3, 5
"""The fewest and the most points that a line is fitted to on each side of a break."""


@dataclass(frozen=True)
class Breaks:
    """The strongest jump of each curve.

    Attributes:
      positions: int64 ``[tokens]``, the position in ``steps`` of the first step after
        the break; -1 where there is none.
      strengths: float64 ``[tokens]``, the jump at the most likely place in standard
        errors, 0..inf, whether it is a break or not; NaN with too few steps.
      jumps: float64 ``[tokens]``, how far the curve jumps there, of either sign, in the
        unit of the curve.
    """

    positions: npt.NDArray[np.int64]
    strengths: Wide
    jumps: Wide


def breaks(curves: npt.NDArray[np.floating], steps: npt.ArrayLike) -> Breaks:
    """Finds the step at which each curve jumps off its own trend, if there is one.

    A change of meaning as a change point of a word's distance from its first self is
    from Kulkarni et al. 2015, "Statistically Significant Detection of Linguistic
    Change". Their test is for a shift of the mean, which every curve of learning has.
    Here a jump is set off a trend by one-sided local lines (Loader 1996, "Change Point
    Estimation Using Nonparametric Regression"): the line through the points just before
    is extended to the middle between two steps, and so is the line through those just
    after. The strength is their difference over its standard error. Lines have a third
    of the steps on each side, 3 to 5. The noise is taken from these two fits, or from
    the median of all such fits along the curve where that is larger: so smooth
    learning, however steep, stays weak (decay by ``exp`` or a power of the step: below
    2).

    A break of 12 times the noise is found in 9 of 10 curves of 20 steps or more, one of
    5 times the noise hardly ever. Among curves of noise alone, a break is found in
    fewer than 1 in 1,000 with 15 steps or more, and in 1 in 40 with fewer than 12.

    Args:
      curves: drift of tokens along the steps, ``[tokens, steps]``. From the reference
        step, a break is a sudden move; from step to step, a change of pace. Missing
        values (NaN) are left out of their curve.
      steps: the steps, strictly increasing, ``[steps]``; any distances.

    Returns:
      Where, how strongly and how far. The first three steps and the last two begin no
      break; with fewer than six finite values there is none.
    """
    times = np.asarray(steps, np.float64)
    found = Breaks(
        np.full(len(curves), -1, np.int64),
        np.full(len(curves), np.nan),
        np.full(len(curves), np.nan),
    )
    there = np.isfinite(curves)
    patterns, members = np.unique(there, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        # NumPy 2.0 gave the inverse another shape.
        tokens, at = np.flatnonzero(members.ravel() == number), np.flatnonzero(pattern)
        if len(at) < 2 * _LEAST:
            continue
        values = curves[np.ix_(tokens, at)].astype(np.float64)
        best, strengths, jumps = _strongest(values, times[at])
        found.positions[tokens] = np.where(strengths >= STRENGTH, at[best], -1)
        found.strengths[tokens], found.jumps[tokens] = strengths, jumps
    return found


def _strongest(values: Wide, times: Wide) -> tuple[npt.NDArray[np.int64], Wide, Wide]:
    """Returns the strongest candidate of each curve: its position, strength and
    jump."""
    count = len(times)
    width = min(_MOST, max(_LEAST, count // 3))
    usual = _usual_variance(values, times, width)
    best = np.zeros(len(values), np.int64)
    strengths, jumps = np.full(len(values), -1.0), np.zeros(len(values))
    for position in range(_LEAST, count - _LEAST + 1):
        middle = times[position - 1 : position + 1].mean()
        before = slice(max(0, position - width), position)
        after = slice(position, min(count, position + width))
        left = _line(values[:, before], times[before], middle)
        right = _line(values[:, after], times[after], middle)
        residual = (left.squares + right.squares) / (left.freedom + right.freedom)
        variance = np.maximum(residual, usual) * (left.leverage + right.leverage)
        jump = right.value - left.value
        error = np.sqrt(variance)
        # A flat curve has neither jump nor error.
        strong = np.divide(abs(jump), error, out=np.zeros(len(jump)), where=error > 0)
        better = strong > strengths
        best[better], jumps[better] = position, jump[better]
        strengths[better] = strong[better]
    return best, strengths, jumps


def _usual_variance(values: Wide, times: Wide, width: int) -> Wide:
    """Returns the variance of the noise around short lines all along each curve,
    ``[tokens]``."""
    windows = [slice(start, start + width) for start in range(len(times) - width + 1)]
    squares = [_line(values[:, one], times[one], 0.0).squares for one in windows]
    middle = (len(windows) - 1) // 2
    usual = np.partition(squares, middle, axis=0)[middle] / (width - 2)
    # A smooth curve is noisy by its rounding: drift is float32.
    rounding = np.finfo(np.float32).eps * abs(values).max(axis=1)
    variance: Wide = np.maximum(usual, rounding**2)
    return variance


@dataclass(frozen=True)
class _Line:
    value: Wide
    """The value of the line at the given time, ``[tokens]``."""
    squares: Wide
    """The sum of the squared residuals, ``[tokens]``."""
    freedom: int
    leverage: float
    """The variance of ``value`` over that of the noise."""


def _line(values: Wide, times: Wide, at: float) -> _Line:
    """Fits a line to some points of each curve, by least squares."""
    centered = times - times.mean()
    spread = centered @ centered
    mean = values.mean(axis=1)
    slope = values @ centered / spread
    residual = values - mean[:, None] - slope[:, None] * centered
    away = at - times.mean()
    return _Line(
        value=mean + slope * away,
        squares=(residual**2).sum(axis=1),
        freedom=len(times) - 2,
        leverage=1 / len(times) + away**2 / spread,
    )


def settled_position(step_drift: npt.ArrayLike, steps: npt.ArrayLike) -> int | None:
    """Returns the position of the step from which on a table is settled.

    The rate of an interval is its drift over its length in steps. A table is settled
    from the first step after which every rate is at most ``SETTLED`` of the largest
    rate of all, two intervals at least.

    Args:
      step_drift: the median drift of the table from the step before, ``[steps]``; the
        first is not looked at. Any measure: mind that cosine drift grows with the
        square of small angles.
      steps: the steps, strictly increasing, ``[steps]``.

    Returns:
      A position in ``steps``; 0 for a table that never moved. None where it is not
      settled, with fewer than four steps, or where a drift at the end is not finite.
    """
    times, drift = np.asarray(steps, np.float64), np.asarray(step_drift, np.float64)
    if len(times) < 4:
        return None
    rates = drift[1:] / np.diff(times)
    known = rates[np.isfinite(rates)]
    largest = known.max() if len(known) else np.nan
    moving = np.flatnonzero(~(rates <= SETTLED * largest))
    settled = int(moving[-1]) + 1 if len(moving) else 0
    return settled if len(rates) - settled >= 2 else None
