"""Finds tokens that were hardly trained, beside rows that are known to be unused."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tb_wordembed.analysis.findings.finding import Finding, Ints, count, finding
from tb_wordembed.analysis.findings.row_histories import History
from tb_wordembed.analysis.rows import Rows

FEWEST_UNUSED = 10
"""With fewer rows that are known to be unused, nothing is said of the others."""

NEAR = 0.9
"""The share of the unused rows that are as near to their mean as a token which was
hardly trained."""

APART = 0.5
"""Half of the other tokens must be so much farther from that mean: else the unused rows
are no cluster that a row could have stayed in."""


def undertrained_rows(
    history: History, values: Rows, unused: Ints
) -> Iterator[Finding]:
    """Yields the tokens that are as near to the mean of the unused rows as these.

    Args:
      values: the distance of each row from that mean, float32 ``[vocab_size]``; NaN
        where it has none.
      unused: the rows that are known to be unused.
    """
    own = values[unused]
    own = own[np.isfinite(own)]
    # A row of zeros is padding, and has a finding of its own.
    there = np.isfinite(values) & (history.norm != 0)
    others = np.setdiff1d(np.flatnonzero(there), unused)
    if len(own) < FEWEST_UNUSED or not len(others):
        return
    limit = float(np.quantile(own, NEAR))
    near = others[values[others] <= limit]
    if not len(near) or limit > APART * np.median(values[others]):
        return
    rows = near[np.argsort(values[near], kind="stable")]
    numbers = count(history, rows) | {
        "unused": len(unused),
        "share": NEAR,
        "distance": float(values[rows[-1]]),
        "usual": float(np.median(values[others])),
    }
    yield finding(history, "undertrained", "notice", None, rows, numbers)
