"""Under-trained tokens at a step, and the rows that are known to be unused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.block_sums import moments
from tb_wordembed.analysis.findings.row_histories import History
from tb_wordembed.analysis.projection import principal_basis
from tb_wordembed.analysis.undertrained import (
    INDICATORS,
    Indicator,
    Unused,
    values,
)
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.step_measures import history

_UNUSED_NAME = re.compile(
    r"[\[<]\|?[\w -]*(unused|reserved)[\w -]*\|?[\]>]", re.IGNORECASE
)
"""Matches ``[unused12]``, ``<unused12>`` and ``<|reserved_special_token_12|>``."""


@dataclass(frozen=True)
class Undertrained:
    """An indicator of how little each token was trained.

    Attributes:
      indicator: its name; see ``tb_wordembed.analysis.undertrained.Indicator``.
      values: float32 ``[vocab_size]``, low for the least trained tokens; NaN where a
        row has none.
      known_unused: the rows that tokens were compared with, ascending, int64.
    """

    indicator: Indicator
    values: npt.NDArray[np.float32]
    known_unused: npt.NDArray[np.int64]


def undertrained(
    series: LoggedSeries,
    step: int,
    known_unused: Iterable[str | int] | None = None,
    indicator: Indicator | None = None,
    progress: Progress = silent,
) -> Undertrained:
    """Returns how little each token was trained (Land & Bartolo 2024).

    Args:
      known_unused: tokens or rows that are known to be unused. By default, those that
        are called so, such as ``[unused12]``; or else those that no logged step has
        changed while it changed others, and training may change.
      indicator: which indicator; by default the Euclidean distance from the mean of
        the known unused rows, or the norm if none is known. The authors prefer cosine
        where input and output of a model share the table.

    Raises:
      NotFoundError: there is no such step, token or row.
      ValueError: there is no such indicator, or it needs rows that are known to be
        unused, and none is known.
    """
    if known_unused is None:
        unused = find_unused(series, progress)
    else:
        unused = np.unique(np.fromiter(map(series.index_of, known_unused), np.int64))
    chosen: Indicator = indicator or ("euclidean" if len(unused) else "norm")
    if chosen not in INDICATORS:
        raise ValueError(f"indicator is {chosen!r}; expected one of {INDICATORS}")
    if chosen == "norm":
        reference = Unused(np.empty(0), np.empty(0))
    elif not len(unused):
        raise ValueError(
            f"indicator {chosen!r} compares with rows that are known to be unused, and "
            'none is known; pass some as known_unused, or take indicator "norm"'
        )
    else:
        first = None
        if "without_first" in chosen:
            whole = moments(series.row_blocks(step), series.shape[1])
            first = principal_basis(whole, 1).components[0]
        reference = Unused.of(series.rows(step, unused.tolist()), first)

    def compute() -> npt.NDArray[np.float32]:
        blocks = series.row_blocks(step, buffers=LOCAL.threads)
        parts = LOCAL.map(lambda one: values(one[1], chosen, reference), blocks)
        return np.concatenate(list(parts))

    key = ("undertrained", series.content_id(step), chosen, unused.tobytes())
    return Undertrained(chosen, series.cache.get(key, compute), unused)


def find_unused(
    series: LoggedSeries, progress: Progress = silent, past: History | None = None
) -> npt.NDArray[np.int64]:
    """Returns the rows of a series that are known to be unused, ascending, int64: see
    ``undertrained``. ``past`` is what happened to each row, where that is at hand."""
    labels = series.labels
    # No text is made of the bytes of the others.
    may_be = labels.where("any", "unused") | labels.where("any", "reserved")
    rows: list[int] = np.flatnonzero(may_be).tolist()
    names = [row for row in rows if _UNUSED_NAME.fullmatch(labels[row])]
    if names:
        return np.array(names, np.int64)
    past = past or history(series, progress)
    is_still = (past.intervals > 0) & (past.changes == 0) & ~past.is_fixed
    return np.flatnonzero(is_still) if past.changes.any() else np.empty(0, np.int64)
