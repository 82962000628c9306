"""Changes of neighbors between two steps: of one token, and turnover, of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.given_rows import Neighbors
from tb_wordembed.analysis.neighbors.metrics import Numbers

BLOCK = 2**14
"""The number of rows that are compared at a time."""


@dataclass(frozen=True)
class Change:
    """The change of a token's neighbors between two steps."""

    gained: list[int]
    kept: list[int]
    lost: list[int]
    overlap: float
    """overlap@k, the share of the neighbors kept, 0..1 (Wendlandt et al. 2018,
    "Factors Influencing the Surprising Instability of Word Embeddings")."""
    jaccard: float
    """Kept over gained, kept and lost together, 0..1 (Antoniak & Mimno 2018,
    "Evaluating the Stability of Embedding-based Word Similarities")."""


def change(before: npt.NDArray[np.integer], after: npt.NDArray[np.integer]) -> Change:
    """Returns the neighbors gained, kept and lost, each in its order of nearness."""
    was, now = before.tolist(), after.tolist()
    old, new = set(was), set(now)
    kept = [index for index in now if index in old]
    gained = [index for index in now if index not in old]
    lost = [index for index in was if index not in new]
    most, union = max(len(was), len(now)), len(was) + len(gained)
    return Change(
        gained,
        kept,
        lost,
        overlap=len(kept) / most if most else float("nan"),
        jaccard=len(kept) / union if union else float("nan"),
    )


@dataclass(frozen=True)
class Turnover:
    """The share of its neighbors that each token kept; ``Change`` has the definitions.

    Attributes:
      overlap, jaccard: float32 ``[rows]``, 0..1; NaN without neighbors at both steps,
        and for a token that is missing at one.
      missing: the rows of tokens that are at one of the steps only, ascending, int64.
      mean_overlap, mean_jaccard: over the tokens that have one; NaN when none has.
    """

    overlap: npt.NDArray[np.float32]
    jaccard: npt.NDArray[np.float32]
    missing: npt.NDArray[np.int64]
    mean_overlap: float
    mean_jaccard: float


@dataclass(frozen=True)
class TurnoverEstimate:
    """The mean overlap@k of all tokens, from some of them.

    Attributes:
      mean_overlap: the mean of the sampled tokens, 0..1; NaN when there are none.
      standard_error: of ``mean_overlap``; 0 when all tokens were taken, NaN when one
        of several was.
      population: the number of tokens that have neighbors at either step, and are
        missing at none.
    """

    mean_overlap: float
    standard_error: float
    sampled: int
    population: int


def turnover(
    before: Neighbors,
    after: Neighbors,
    missing: npt.NDArray[np.bool_] | None = None,
) -> Turnover:
    """Returns the turnover of all tokens.

    Args:
      before: neighbors at the reference step.
      after: neighbors of the same rows at the step, by the same metric.
      missing: which tokens are not at both steps, bool ``[rows]``; None for none.
    """
    rows = len(before.indices)
    overlap, jaccard = np.empty(rows, np.float32), np.empty(rows, np.float32)
    for start in range(0, rows, BLOCK):
        part = slice(start, start + BLOCK)
        was, now = before.indices[part], after.indices[part]
        both = np.sort(np.concatenate([was, now], axis=1), axis=1)
        again = (both[:, 1:] == both[:, :-1]) & (both[:, 1:] >= 0)
        kept = again.sum(axis=1)
        sizes = (was >= 0).sum(axis=1), (now >= 0).sum(axis=1)
        with np.errstate(invalid="ignore"):
            overlap[part] = kept / np.maximum(*sizes)
            jaccard[part] = kept / (sizes[0] + sizes[1] - kept)
    gone = np.flatnonzero(missing) if missing is not None else np.empty(0, np.int64)
    overlap[gone] = jaccard[gone] = np.nan
    return Turnover(overlap, jaccard, gone, _mean(overlap), _mean(jaccard))


@dataclass(frozen=True)
class Sampled:
    """A table of which the neighbors of some rows are wanted.

    Attributes:
      usable: which rows can be neighbors, bool ``[rows]``; see
        ``tb_wordembed.analysis.neighbors.metrics.usable``.
      nearest: returns the k nearest rows of the rows of these numbers.
    """

    usable: npt.NDArray[np.bool_]
    nearest: Callable[[Numbers], Neighbors]


def estimated_turnover(
    before: Sampled,
    after: Sampled,
    sample: int = 1000,
    seed: int = 0,
    missing: npt.NDArray[np.bool_] | None = None,
) -> TurnoverEstimate:
    """Estimates the mean overlap@k from tokens drawn at random, without replacement,
    among those that have neighbors at either step.

    The standard error of the mean of m values out of N is ``sqrt((1 - m / N) s2 / m)``,
    s2 their variance with divisor m - 1 (Cochran 1977, "Sampling Techniques", chapter
    2). The neighbors of a sampled token are exact.

    Args:
      before: the table at the reference step.
      sample: the number of tokens to draw; all when there are fewer.
      missing: which tokens are not at both steps, bool ``[rows]``; None for none.
    """
    has_any = _have_neighbors(before.usable) | _have_neighbors(after.usable)
    population = np.flatnonzero(has_any if missing is None else has_any & ~missing)
    size = min(sample, len(population))
    drawn = np.random.default_rng(seed).choice(population, size, replace=False)
    drawn.sort()
    was, now = before.nearest(drawn), after.nearest(drawn)
    overlap = turnover(was, now).overlap.astype(np.float64)
    return TurnoverEstimate(
        _mean(overlap), _standard_error(overlap, len(population)), size, len(population)
    )


def _have_neighbors(usable: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    return usable & (np.count_nonzero(usable) > 1)


def _mean(values: npt.NDArray[np.floating]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean(dtype=np.float64)) if len(known) else float("nan")


def _standard_error(values: npt.NDArray[np.float64], population: int) -> float:
    size = len(values)
    if size == population:
        return 0.0 if size else float("nan")
    if size == 1:
        return float("nan")
    return float(np.sqrt((1 - size / population) * values.var(ddof=1) / size))
