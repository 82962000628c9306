"""Indicators of under-trained tokens find the unused rows of a real language model.

The word embeddings of all-MiniLM-L6-v2, 30,522 x 384, have 994 rows called
``[unusedN]``. Half of them are given as known; the number is how often a row of the
other half has a lower indicator than one of the remaining rows (ROC AUC).
"""

from __future__ import annotations

import numpy as np
import packages
from measure import Target, line, scratch, start

import tb_wordembed
from tb_wordembed.analysis.undertrained import INDICATORS

TARGET = Target(">", 0.99)
LISTED = 40


def main() -> None:
    """Prints the AUC of each indicator, and the tokens that rank among the unused."""
    start(__doc__ or "")
    table, tokens = packages.minilm()
    unused = np.array([row for row, one in enumerate(tokens) if "[unused" in one])
    shuffled = np.random.default_rng(0).permutation(unused)
    known, planted = np.array_split(shuffled, 2)
    others = np.setdiff1d(np.arange(len(tokens)), unused)
    print(f"  {len(unused)} unused rows, {len(known)} of them known")
    with scratch(2 * table.nbytes) as directory:
        with tb_wordembed.SnapshotWriter(directory) as writer:
            writer.embedding("tokens", table, 0, tokens=tokens)
        series = tb_wordembed.open(directory).series()
        for indicator in INDICATORS:
            values = series.undertrained(0, known.tolist(), indicator).values
            area = roc_auc(values[planted], values[others])
            spread = f"{len(planted)} rows against {len(others):,}"
            line(f"AUC of {indicator}: {area:.4f}", spread, area, TARGET)
        found = series.undertrained(0, known.tolist())
    order = others[np.argsort(found.values[others])]
    low = order[: np.count_nonzero(found.values[others] < found.values[planted].max())]
    print(
        f"  {len(low)} other rows are as low by {found.indicator} as the planted ones; "
        f"the lowest: {' '.join(tokens[row] for row in low[:LISTED])}"
    )


def roc_auc(low: np.ndarray, high: np.ndarray) -> float:
    """Returns how often a number of ``low`` is below one of ``high``; equal ones count
    half."""
    below = np.sort(low)
    left, right = (np.searchsorted(below, high, side) for side in ("left", "right"))
    return float((left + right).mean() / (2 * len(below)))


if __name__ == "__main__":
    main()
