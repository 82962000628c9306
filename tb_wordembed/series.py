"""What can be asked of the snapshots of one run and tag."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed import vocabulary
from tb_wordembed.analysis import projection
from tb_wordembed.analysis.alignment import Alignment, align
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.drift import drift as row_drift
from tb_wordembed.analysis.layout import layout
from tb_wordembed.analysis.moments import Moments, moments, pair, pool
from tb_wordembed.analysis.neighbors import Metric
from tb_wordembed.analysis.quality import Quality, quality
from tb_wordembed.analysis.rows import narrow, norms
from tb_wordembed.measured import Measured
from tb_wordembed.snapshots.model import Snapshot
from tb_wordembed.snapshots.tensors import Float32Table

MOST_BASIS_STEPS = 64
"""The basis pools at most this many steps, evenly spaced: more hardly change it."""

MOST_LAID_OUT = 10_000
"""A layout is made of so many tokens; the others are placed by their neighbors."""

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


@dataclass(frozen=True)
class LaidOut:
    """A layout of the tokens at a step: float32 ``[vocab_size, 2]``, and how far it
    can be trusted."""

    step: int
    positions: npt.NDArray[np.float32]
    quality: Quality


class Series(Measured):
    """The snapshots of one run and tag, and the measures of them."""

    def drift(
        self, from_step: int, to_step: int, measure: Measure = "cosine"
    ) -> npt.NDArray[np.float32]:
        """Drift of every token between two steps, float32 ``[vocab_size]``; see
        ``tb_wordembed.analysis.drift.Drift``."""
        before, after = self._snapshot(from_step), self._snapshot(to_step)
        found: npt.NDArray[np.float32] = self._cache.get(
            ("drift", self._content_id(before), self._content_id(after), measure),
            lambda: np.concatenate(
                [
                    row_drift(old, new, measure)
                    for (_, old), (_, new) in zip(
                        self._blocks(before), self._blocks(after), strict=True
                    )
                ]
            ),
        )
        return np.array(found)

    def norms(self, step: int) -> npt.NDArray[np.float32]:
        """Euclidean norm of every row at a step, float32 ``[vocab_size]``; NaN where
        the row is not finite."""
        snapshot = self._snapshot(step)
        found: npt.NDArray[np.float32] = self._cache.get(
            ("norms", self._content_id(snapshot)), partial(self._norms, snapshot)
        )
        return np.array(found)

    def _norms(self, snapshot: Snapshot) -> npt.NDArray[np.float32]:
        parts = [norms(block) for _, block in self._blocks(snapshot)]
        return narrow(np.concatenate(parts))

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

    def basis_steps(self) -> list[int]:
        """The steps that are pooled for the basis."""
        steps = self.steps
        if len(steps) <= MOST_BASIS_STEPS:
            return steps
        even = np.linspace(0, len(steps) - 1, MOST_BASIS_STEPS).round().astype(int)
        return [steps[position] for position in even]

    def basis(self) -> projection.Basis:
        """The three principal components of the pooled steps."""
        return self._of_all_sound(self._basis)

    def _basis(self) -> projection.Basis:
        snapshots = [self._snapshot(step) for step in self.basis_steps()]
        return self._cache.get(
            ("basis", *(self._content_id(one) for one in snapshots)),
            lambda: projection.principal_basis(
                pool(self._moments(one) for one in snapshots)
            ),
            kinds=(projection.Basis,),
        )

    def positions(self, step: int) -> npt.NDArray[np.float32]:
        """The table at a step in the shared basis, float32 ``[vocab_size, 3]``."""
        basis, snapshot = self.basis(), self._snapshot(step)
        found: npt.NDArray[np.float32] = self._cache.get(
            (
                "positions",
                self._content_id(snapshot),
                basis.mean.tobytes(),
                basis.components.tobytes(),
            ),
            lambda: np.concatenate(
                [basis.project(block) for _, block in self._blocks(snapshot)]
            ),
        )
        return np.array(found)

    def explained_variance_ratio(self, step: int) -> npt.NDArray[np.float64]:
        """Share of the variance at a step that each component shows, ``[3]``."""
        found = self._moments(self._snapshot(step))
        return self.basis().explained_variance_ratio(found)

    def quality(
        self, step: int, components: int = 2, k: int = 10, metric: Metric = "cosine"
    ) -> Quality:
        """Trustworthiness and continuity of the first components at a step; see
        ``tb_wordembed.analysis.quality``."""
        snapshot, positions = self._snapshot(step), self.positions(step)
        return quality(
            lambda: self._blocks(snapshot), positions[:, :components], k, metric
        )

    def layout_tokens(self) -> list[int]:
        """Rows of the tokens that a layout is made of, 10,000 at most: the most
        frequent ones, if a frequency was logged, or else those that moved furthest."""
        numbers = self.metadata.get("frequency")
        weight: npt.NDArray[np.floating] = (
            numbers
            if isinstance(numbers, np.ndarray)
            else self.drift(self.steps[0], self.steps[-1], "euclidean")
        )
        order = np.argsort(np.where(np.isnan(weight), np.inf, -weight), kind="stable")
        return sorted(order[:MOST_LAID_OUT].tolist())

    def layout(
        self,
        metric: Metric = "cosine",
        report: Callable[[float, str], None] = lambda share, message: None,
    ) -> list[LaidOut]:
        """A non-linear layout of every step, each carried on from the one before; see
        ``tb_wordembed.analysis.layout.layout``.

        Raises:
          ImportError: openTSNE is not installed: ``pip install tb_wordembed[layout]``.
        """
        return self._cache.get(
            ("layout", self.content_id(*self.steps), self.columns_id, metric),
            partial(self._lay_out, metric, report),
            kinds=(LaidOut, Quality),
        )

    def _lay_out(
        self, metric: Metric, report: Callable[[float, str], None]
    ) -> list[LaidOut]:
        tables = [partial(self._blocks, one) for one in self._snapshots.values()]
        frames = layout(tables, self.layout_tokens(), metric, report)
        return [
            LaidOut(step, frame, quality(table, frame, metric=metric))
            for step, table, frame in zip(self.steps, tables, frames, strict=True)
        ]

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
        checked = [self.index_of(int(index)) for index in indices]
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

    def _rows_of_all(self, indices: Sequence[int]) -> list[Float32Table]:
        return [self._rows(one, indices) for one in self._snapshots.values()]

    def _moments(self, snapshot: Snapshot) -> Moments:
        return self._cache.get(
            ("moments", self._content_id(snapshot)),
            lambda: moments(self._blocks(snapshot), self.shape[1]),
        )
