"""Finds what happened to a whole table from one step to the next.

The rules take the measures of health: the angle by which the usual token turned, the
Procrustes residual, norms, the effective rank and the mean pairwise cosine. What is
usual early in a training is an event later, so most rules look at the steps before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.findings.finding import NONE, Finding, Kind, Numbers, finding
from tb_wordembed.analysis.findings.row_histories import History
from tb_wordembed.analysis.health import MEDIAN, Similarity, StepHealth
from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.rows import Blocks, Rows, Wide, norms

ROTATED = 15.0
"""The least angle in degrees by which half of the tokens turn in a rotated table."""

EXPLAINED = 0.25
"""A table was rotated if one rotation leaves less than this share of the change."""

SCATTERED = 30.0
"""The least angle in degrees by which half of the tokens turn in a table whose rows
were shuffled, or that began anew."""

MOVED = 0.6
"""The least Procrustes residual of such a table, as a share of that of the turn."""

RESCALED = 1.2
"""The least factor by which all norms grow or shrink in a rescaled table."""

ALIKE = 0.1
"""How much the logarithms of these factors may differ between small and large norms."""

RANK = 2.0
"""The least factor by which the effective rank jumps, up or down."""

CONE = 0.3
"""The least jump of the mean pairwise cosine."""

SUDDEN = 3.0
"""What happens to a table is at least so many times as much as what happened to it in
the two intervals before. Early in a training much may be usual."""

UNLIKE = 0.2
"""The largest CKA between a table that began anew and the one before."""

MOST_LOOKED_AT = 5
"""The largest number of steps at which rows are looked for at the places of others."""

SAMPLE = 256
"""The number of rows for which the places of others are looked up."""

SHUFFLED = 0.5
"""The rows were shuffled if this share of the sample is where other rows were."""

_NEAR = 0.3
"""A row is where another was only if that is nearer than this share of its own
displacement."""

_NEARER = 0.75
"""A row is where another was only if that is nearer than this share of the median
distance between a row and its nearest neighbor."""


@dataclass(frozen=True)
class Shuffled:
    """How many of the ``rows`` of a sample are where other rows were at the step
    before: ``elsewhere``; and the position of the step."""

    position: int
    rows: int
    elsewhere: int

    @property
    def is_shuffled(self) -> bool:
        """Whether the rows of the table were shuffled."""
        return self.elsewhere >= SHUFFLED * max(self.rows, 1)


def shuffled(
    position: int,
    rows: npt.NDArray[np.int64],
    before: Rows,
    after: Rows,
    old: Blocks,
    usual: float = np.inf,
) -> Shuffled:
    """Looks for some rows at the places of others in the table of the step before.

    Args:
      position: the position of the step.
      rows: the numbers of the rows, ``[rows]``.
      before: these rows at the step before, float32 ``[rows, embedding_dim]``.
      after: these rows at the step.
      old: the whole table at the step before, as row blocks.
      usual: how far rows of the table at the step keep from each other, if it is known:
        what counts where they are closer together than before.
    """
    both, own = np.concatenate([before, after]), np.concatenate([rows, rows])
    apart, away = np.split(nearest(old, both, 1, "euclidean", own).distances[:, 0], 2)
    with np.errstate(all="ignore"):
        moved = norms(after.astype(np.float64) - before)
        before_usual = np.nanmedian(apart) if np.isfinite(apart).any() else np.nan
        usual = min(before_usual, usual)
        is_elsewhere = away < np.minimum(_NEAR * moved, _NEARER * usual)
    return Shuffled(position, len(rows), int(is_elsewhere.sum()))


def turns(history: History, health: Sequence[StepHealth]) -> Wide:
    """Returns the angle in degrees by which the usual token turned at each step,
    ``[steps]``, from the median cosine drift; NaN if that is 0 although some rows
    changed."""
    usual = np.array([one.drift_from_previous[MEDIAN] for one in health])
    angle = np.degrees(2 * np.arcsin(np.sqrt(usual / 2)))
    found: Wide = np.where((usual > 0) | ~history.moving, angle, np.nan)
    return found


class _Course:
    """What was measured of a table: arrays ``[steps]``, NaN where it is not known."""

    @np.errstate(all="ignore")
    def __init__(self, history: History, health: Sequence[StepHealth]) -> None:
        unknown = Similarity(np.nan, np.nan, np.nan)
        likeness = [one.to_previous or unknown for one in health]
        self.turned = turns(history, health)
        self.cka = np.array([one.cka for one in likeness])
        self.residual = np.array([one.procrustes_residual for one in likeness])
        self.cosine = np.array([one.mean_pairwise_cosine for one in health])
        self.rank = np.array([one.effective_rank for one in health])
        # A table of zeros has no logarithm of a norm.
        self.log_norm = np.log([one.norm[:-1] for one in health])

    def is_scattered(self, at: int) -> bool:
        """Returns whether the usual token turned far at a position, and no rotation
        explains it."""
        turn = self.turned[at]
        is_far = turn >= SCATTERED
        return bool(is_far and self.residual[at] >= MOVED * _residual_of(turn))


def scattered_positions(history: History, health: Sequence[StepHealth]) -> list[int]:
    """Returns the positions of steps at which rows may have been shuffled, since they
    turned far and no rotation explains it: ``MOST_LOOKED_AT`` at most, those at which
    they turned furthest."""
    course = _Course(history, health)
    found = [at for at in range(1, len(health)) if course.is_scattered(at)]
    furthest = sorted(found, key=lambda at: -course.turned[at])[:MOST_LOOKED_AT]
    return sorted(furthest)


def event_positions(history: History, health: Sequence[StepHealth]) -> set[int]:
    """Returns the positions of steps at which something happened to the whole table."""
    return {at for at, _, _ in _walk(history, health, {})}


def table_events(
    history: History, health: Sequence[StepHealth], looked_at: Sequence[Shuffled] = ()
) -> Iterator[Finding]:
    """Yields what happened to the whole table from one step to the next; ``looked_at``
    is what was found at ``scattered_positions``."""
    by_position = {one.position: one for one in looked_at}
    for at, kind, numbers in _walk(history, health, by_position):
        yield finding(history, kind, "warning", history.steps[at], NONE, numbers)


def _walk(
    history: History, health: Sequence[StepHealth], looked_at: Mapping[int, Shuffled]
) -> Iterator[tuple[int, Kind, Numbers]]:
    """Yields the position of each step at which something happened, and what."""
    course, since = _Course(history, health), 0
    for at in range(1, len(health)):
        event = _event(course, at, since, looked_at.get(at))
        if event is not None:
            yield at, *event
            # What is usual has to show anew.
            since = at


@np.errstate(all="ignore")
def _event(
    course: _Course, at: int, since: int, looked: Shuffled | None
) -> tuple[Kind, Numbers] | None:
    """Returns what happened at a position, if what is usual shows from ``since`` on.
    One thing changes several measures: the first rule that applies says what it was."""
    turn, cosine, rank = float(course.turned[at]), course.cosine, course.rank
    if looked is not None and looked.is_shuffled:
        counts = {"sampled": looked.rows, "elsewhere": looked.elsewhere}
        return "rows_shuffled", {"turn": turn, **counts}
    if cosine[at] > cosine[at - 1] and _is_jump(cosine, at, since, CONE):
        return "narrow_cone", _before_and_after(cosine, at)
    has_jumped = _is_jump(np.log(rank), at, since, np.log(RANK))
    # A table that begins anew has a high rank.
    if has_jumped and rank[at] < rank[at - 1]:
        return "rank_changed", _before_and_after(rank, at)
    is_sudden = _is_sudden(course.turned, at, since, SCATTERED)
    if course.cka[at] <= UNLIKE and course.is_scattered(at) and is_sudden:
        return "began_anew", {"turn": turn, "cka": float(course.cka[at])}
    if has_jumped:
        return "rank_changed", _before_and_after(rank, at)
    left = course.residual[at] / _residual_of(turn)
    if turn >= ROTATED and left <= EXPLAINED:
        return "rotated", {"turn": turn, "left": float(left)}
    norm = course.log_norm
    grown, usual = norm[at] - norm[at - 1], norm[:, MEDIAN]
    is_even = np.ptp(grown) <= ALIKE and turn < ROTATED
    if is_even and _is_jump(usual, at, since, np.log(RESCALED)):
        return "rescaled", {"factor": float(np.exp(grown[MEDIAN]))}
    return None


def _before_and_after(values: Wide, at: int) -> Numbers:
    return {"before": float(values[at - 1]), "after": float(values[at])}


def _residual_of(turn: float) -> float:
    """Returns the Procrustes residual of unit rows that each turn by this angle, in
    degrees, in directions that have nothing in common."""
    return float(np.sqrt(1 - np.cos(np.radians(turn))))


def _is_jump(values: Wide, at: int, since: int, least: float) -> bool:
    """Returns whether a value differs from the one before by at least ``least``, and by
    ``SUDDEN`` times as much as the values before and the next one do: what goes on is a
    trend."""
    changes = abs(np.diff(values, prepend=np.nan))
    goes_on = any(SUDDEN * changes[at + 1 : at + 2] > changes[at])
    return not goes_on and _is_sudden(changes, at, since, least)


def _is_sudden(changes: Wide, at: int, since: int, least: float) -> bool:
    """Returns whether a change is at least ``least``, and ``SUDDEN`` times as large as
    in the two intervals before; false where there are no two after ``since``."""
    before = changes[at - 2 : at] if at - 2 > since else changes[:0]
    usual = before[np.isfinite(before)]
    return len(usual) > 0 and bool(changes[at] >= max(least, SUDDEN * usual.max()))
