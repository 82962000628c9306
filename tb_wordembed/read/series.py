"""What can be asked of the snapshots of one run and tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.alignment import Alignment, align
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.drift import drift as row_drift
from tb_wordembed.analysis.rows import norms
from tb_wordembed.analysis.sums import pair
from tb_wordembed.read import vocabulary
from tb_wordembed.read.layouts import Pictures
from tb_wordembed.snapshots.tensors import Float32Table

MOST_TRAJECTORIES = 500
"""Each takes a read per step."""


@dataclass(frozen=True)
class Trajectory:
    """One token through all steps. Arrays have one entry per step."""

    drift: npt.NDArray[np.float32]
    """From the reference step."""
    step_drift: npt.NDArray[np.float32]
    """From the step before; NaN at the first."""
    norm: npt.NDArray[np.float64]
    trail: npt.NDArray[np.float32]
    """Positions in the shared basis, ``[steps, 3]``."""


@dataclass(frozen=True)
class Trajectories:
    """Some tokens through all steps: the arrays of ``Trajectory``, one row per token,
    ``[tokens, steps]`` and, for ``trail``, ``[tokens, steps, 3]``."""

    drift: npt.NDArray[np.float32]
    step_drift: npt.NDArray[np.float32]
    norm: npt.NDArray[np.float64]
    trail: npt.NDArray[np.float32]


class Series(Pictures):
    """The snapshots of one run and tag, and the measures of them."""

    def alignment(
        self,
        step: int,
        other: Series,
        other_step: int,
        *,
        centered: bool = False,
    ) -> Alignment:
        """The rotation that best lays the table at a step upon one of another series,
        such as another run or seed, over the tokens that both have; see
        ``tb_wordembed.analysis.alignment``.

        Raises:
          ValueError: the two have different dimensions.
        """
        ids = self.content_id(step), other.content_id(other_step)
        products = self._cache.get(
            ("pair", self.columns_id, other.columns_id, *ids),
            lambda: pair(self._beside(step, other, other_step), self.shape[1]),
        )
        return align(products, centered)

    def aligned_drift(
        self,
        step: int,
        other: Series,
        other_step: int,
        measure: Measure = "cosine",
        *,
        centered: bool = False,
    ) -> npt.NDArray[np.float32]:
        """Drift of every token from this series to another one, after ``alignment``:
        raw displacement between runs would mostly be the rotation between them.
        float32 ``[vocab_size]``; NaN for a token that the other lacks."""
        found = self.alignment(step, other, other_step, centered=centered)
        return np.concatenate(
            [
                row_drift(found.apply(before), after, measure)
                for before, after in self._beside(step, other, other_step)
            ]
        )

    def _beside(
        self, step: int, other: Series, other_step: int
    ) -> Iterator[tuple[Float32Table, Float32Table]]:
        """Row blocks of two tables, matched by their tokens."""
        if other.shape[1] != self.shape[1]:
            raise ValueError(
                f"{other.run!r} {other.tag!r} has {other.shape[1]} dimensions and "
                f"{self.run!r} {self.tag!r} {self.shape[1]}; only tables of as many "
                "can be aligned"
            )
        if self.has_tokens and other.has_tokens:
            rows = vocabulary.match_tokens(self.tokens, other.tokens)
        else:
            rows = vocabulary.match_rows(self.shape[0], other.shape[0])
        table = other.table(other_step)
        for start, block in self._blocks(self._snapshot(step)):
            yield block, vocabulary.take(table, rows[start : start + len(block)])

    def trajectory(
        self,
        token_or_index: str | int,
        reference_step: int,
        measure: Measure = "cosine",
    ) -> Trajectory:
        """One token through all steps."""
        index = self.index_of(token_or_index)
        found = self.trajectories([index], reference_step, measure)
        return Trajectory(
            drift=found.drift[0],
            step_drift=found.step_drift[0],
            norm=found.norm[0],
            trail=found.trail[0],
        )

    def trajectories(
        self, indices: Sequence[int], reference_step: int, measure: Measure = "cosine"
    ) -> Trajectories:
        """Some tokens through all steps: only their rows are read.

        Raises:
          ValueError: more than ``MOST_TRAJECTORIES`` at once.
        """
        if len(indices) > MOST_TRAJECTORIES:
            raise ValueError(
                f"{len(indices)} trajectories at once; expected "
                f"{MOST_TRAJECTORIES} at most"
            )
        checked = [self.index_of(index) for index in indices]
        tables = self._of_all_sound(lambda: self._rows_of_all(checked))
        reference = self._rows(self._snapshot(reference_step), checked)
        shape = (len(checked), len(tables))
        drift = np.empty(shape, np.float32)
        step_drift = np.full(shape, np.nan, np.float32)
        norm = np.empty(shape, np.float64)
        trail = np.empty((*shape, 3), np.float32)
        basis = self.basis()
        for at, rows in enumerate(tables):
            drift[:, at] = row_drift(reference, rows, measure)
            norm[:, at] = norms(rows)
            trail[:, at] = basis.project(rows)
            if at:
                step_drift[:, at] = row_drift(tables[at - 1], rows, measure)
        return Trajectories(drift, step_drift, norm, trail)
