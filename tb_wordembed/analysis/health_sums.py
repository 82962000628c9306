"""Health of a table, from sums over its row blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_wordembed.analysis import health
from tb_wordembed.analysis.drift import Drift
from tb_wordembed.analysis.moments import Moments
from tb_wordembed.analysis.rows import Rows, Wide, count_duplicates, fingerprints
from tb_wordembed.analysis.sums import Other, Part, Sums


class HealthSums:
    """What health needs of a whole table, summed block by block.

    Args:
      shape: ``(vocab_size, embedding_dim)``.
      others: how many tables it is compared with.

    Attributes:
      prints: ``fingerprints`` of all rows, uint64 ``[vocab_size, 2]``.
    """

    def __init__(self, shape: tuple[int, int], others: int) -> None:
        vocab_size, embedding_dim = shape
        self._sums = Sums(embedding_dim, others)
        self._directions = np.zeros(embedding_dim)
        self.prints = np.empty((vocab_size, 2), np.uint64)

    def part(
        self, start: int, rows: Rows, norm: Wide, others: Sequence[Other]
    ) -> tuple[Wide, Part]:
        """What a block adds: several threads may work on one each.

        Args:
          start: number of its first row.
          rows: float32 ``[rows, embedding_dim]``.
          norm: ``norms(rows)``.
          others: the same rows of each other table.
        """
        self.prints[start : start + len(rows)] = fingerprints(rows)
        directions = health.sum_of_directions(rows, norm)
        return directions, self._sums.part(rows, norm, others)

    def take(self, directions: Wide, part: Part) -> None:
        """Adds what a block adds; in another order, sums are rounded otherwise."""
        self._directions += directions
        self._sums.take(part)

    def moments(self) -> Moments:
        """Of all rows so far."""
        return self._sums.moments()

    def likeness(self, index: int, moments: Moments) -> health.Likeness:
        """To one of the other tables, whose moments these are."""
        return health.likeness(self._sums.pair(index, moments))

    def health(
        self,
        norm: Wide,
        from_previous: Drift | None,
        from_first: Drift | None,
        to_previous: health.Likeness | None,
        to_first: health.Likeness | None,
        absent: int,
    ) -> health.StepHealth:
        """Of the table.

        Args:
          norm: of each row; NaN where it is not finite.
          from_previous: drift from the step before; None at the first step.
          from_first: drift from the first step.
          to_previous: likeness to the step before.
          to_first: likeness to the first step.
          absent: how many rows the table doesn't have yet.

        Raises:
          ValueError: more rows are said to be absent than are NaN.
        """
        moments = self._sums.moments()
        missing = int(np.isnan(norm).sum())
        if not 0 <= absent <= missing:
            raise ValueError(
                f"absent is {absent}; expected 0 to {missing}, the number of rows that "
                "are not finite"
            )
        singular = health.singular_values(moments)
        directed = int((norm > 0).sum())
        return health.StepHealth(
            norm=health.quantiles(norm),
            drift_from_previous=_cosine_quantiles(from_previous),
            drift_from_first=_cosine_quantiles(from_first),
            effective_rank=health.effective_rank(singular),
            participation_ratio=health.participation_ratio(moments),
            iso_score=health.iso_score(moments),
            mean_pairwise_cosine=health.mean_pairwise_cosine(
                directed, self._directions
            ),
            spectrum=singular[: health.SPECTRUM],
            to_previous=to_previous,
            to_first=to_first,
            frozen_rows=None
            if from_previous is None
            else int(from_previous.unchanged.sum()),
            zero_rows=int((norm == 0).sum()),
            duplicate_rows=count_duplicates(self.prints[np.isfinite(norm)]),
            non_finite_rows=missing - absent,
        )


def _cosine_quantiles(of: Drift | None) -> Wide:
    return health.quantiles(np.empty(0) if of is None else of.cosine)
