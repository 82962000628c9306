"""Scores of a series, step by step, against what people know about words."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.probes import Known, Probe
from tb_wordembed.analysis.rows import Rows
from tb_wordembed.engine.progress import Progress, counted, silent
from tb_wordembed.integers import positive_integer
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.probe_files import read_probe

MOST_ITEMS = 100_000
"""The largest number of pairs, questions or words in a probe."""


@dataclass(frozen=True)
class ProbeScore:
    """The score of a probe at a step.

    Attributes:
      value: what ``measure`` of the probe says; NaN where it is not defined, since too
        few words are known.
      used: the number of pairs, questions or words that it rests on.
    """

    step: int
    value: float
    used: int


def probe(
    series: LoggedSeries,
    given: Probe | str | os.PathLike[str],
    steps: Iterable[int] | None = None,
    *,
    restrict_vocab: int | None = None,
    progress: Progress = silent,
) -> list[ProbeScore]:
    """Returns the score of a probe at some steps.

    A word of the probe means the token that is the same text, or else the first that
    differs from it in letter case only. Pairs and questions with an unknown word are
    left out, as in gensim.

    Args:
      given: a probe, see ``tb_wordembed.analysis.probes``, or the path of a file that
        holds one, see ``tb_wordembed.read.probe_files``.
      steps: the steps; by default all.
      restrict_vocab: the number of rows, from the first on, that are looked at, as in
        gensim, where these are the most frequent ones; by default all.

    Raises:
      NotFoundError: there is no such step.
      OSError: the file can't be read.
      ValueError: the file holds no probe, the probe has more than 100,000 items, or
        ``restrict_vocab`` is not a number from 1.
    """
    asked = read_probe(given) if isinstance(given, (str, os.PathLike)) else given
    items = asked.items
    if len(items) > MOST_ITEMS:
        raise ValueError(
            f"the probe has {len(items):,} items; expected at most {MOST_ITEMS:,}"
        )
    most = series.shape[0]
    if restrict_vocab is not None:
        most = min(most, positive_integer("restrict_vocab", restrict_vocab))
    known, numbers = _look_up(series.tokens[:most], items)
    each, places = np.unique(numbers, return_inverse=True)
    scores = []
    chosen = series.steps if steps is None else list(steps)
    for step in counted(chosen, len(chosen), progress):
        rows = series.rows(step, each.tolist())[places.reshape(numbers.shape)]
        first_rows = partial(_first_rows, series, step, most)
        found = asked.score(Known(known, numbers, rows, first_rows))
        scores.append(ProbeScore(step, found.value, found.used))
    return scores


def _look_up(
    tokens: list[str], items: list[tuple[str, ...]]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Returns the numbers of the items whose words are all known, and the rows of these
    words, int64 ``[items, words]``."""
    exact: dict[str, int] = {}
    folded: dict[str, int] = {}
    for row, token in enumerate(tokens):
        exact.setdefault(token, row)
        folded.setdefault(token.casefold(), row)
    rows = np.array(
        [
            [exact.get(word, folded.get(word.casefold(), -1)) for word in words]
            for words in items
        ],
        np.int64,
    ).reshape(len(items), -1)
    known = np.flatnonzero((rows >= 0).all(axis=1))
    return known, rows[known]


def _first_rows(
    series: LoggedSeries, step: int, most: int
) -> Iterator[tuple[int, Rows]]:
    for start, block in series.row_blocks(step):
        if start < most:
            yield start, block[: most - start]
