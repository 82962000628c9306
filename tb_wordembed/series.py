"""What can be asked of the snapshots of one run and tag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import projection
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.drift import drift as row_drift
from tb_wordembed.analysis.health import StepHealth, step_health
from tb_wordembed.analysis.neighbors import Change, Metric, Nearest, change, nearest
from tb_wordembed.logged import LoggedSeries
from tb_wordembed.snapshots.model import Snapshot
from tb_wordembed.snapshots.tensors import Float32Table

MOST_BASIS_STEPS = 64
"""The basis pools at most this many steps, evenly spaced: more hardly change it."""


@dataclass(frozen=True)
class Neighbor:
    """A row near another one."""

    index: int
    token: str
    distance: float


@dataclass(frozen=True)
class NeighborChange:
    """The neighbors of a token at two steps, and their comparison."""

    before: list[Neighbor]
    after: list[Neighbor]
    change: Change


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


class Series(LoggedSeries):
    """The snapshots of one run and tag, and the measures of them."""

    def drift(
        self, from_step: int, to_step: int, measure: Measure = "cosine"
    ) -> npt.NDArray[np.float32]:
        """Drift of every token between two steps, float32 ``[vocab_size]``; see
        ``tb_wordembed.analysis.drift.drift``."""
        before, after = self._snapshot(from_step), self._snapshot(to_step)
        found: npt.NDArray[np.float32] = self._cache.get(
            ("drift", self._content_id(before), self._content_id(after), measure),
            lambda: np.concatenate(
                [
                    row_drift(old, new, measure)
                    for (_, old), (_, new) in zip(
                        self._blocks(before),
                        self._blocks(after),
                        strict=True,
                    )
                ]
            ),
        )
        return np.array(found)

    def neighbors(
        self,
        token_or_index: str | int,
        step: int,
        k: int = 10,
        metric: Metric = "cosine",
    ) -> list[Neighbor]:
        """The k tokens nearest to a token at a step, nearest first; exact, the token
        itself left out. See ``tb_wordembed.analysis.neighbors.nearest``."""
        near = self._nearest(self.index_of(token_or_index), step, k, metric)
        return self._labeled(near)

    def neighbor_change(
        self,
        token_or_index: str | int,
        from_step: int,
        to_step: int,
        k: int = 10,
        metric: Metric = "cosine",
    ) -> NeighborChange:
        """Which neighbors a token gained, kept and lost between two steps."""
        index = self.index_of(token_or_index)
        before = self._nearest(index, from_step, k, metric)
        after = self._nearest(index, to_step, k, metric)
        return NeighborChange(
            self._labeled(before),
            self._labeled(after),
            change(before.indices, after.indices),
        )

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
                projection.pool(self._moments(one) for one in snapshots)
            ),
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
        moments = self._moments(self._snapshot(step))
        return self.basis().explained_variance_ratio(moments)

    def trajectory(
        self,
        token_or_index: str | int,
        reference_step: int,
        measure: Measure = "cosine",
    ) -> Trajectory:
        """One token through all steps."""
        index = self.index_of(token_or_index)
        rows = self._of_all_sound(lambda: self._rows_of_all(index))
        reference = self._rows(self._snapshot(reference_step), [index])
        step_drift = np.full(len(rows), np.nan, np.float32)
        step_drift[1:] = row_drift(rows[:-1], rows[1:], measure)
        return Trajectory(
            drift=row_drift(np.repeat(reference, len(rows), 0), rows, measure),
            step_drift=step_drift,
            norm=np.linalg.norm(rows.astype(np.float64), axis=1),
            trail=self.basis().project(rows),
        )

    def _rows_of_all(self, index: int) -> Float32Table:
        snapshots = self._snapshots.values()
        return np.concatenate([self._rows(one, [index]) for one in snapshots])

    def health(self) -> list[StepHealth]:
        """Health of the table at each step."""
        return self._of_all_sound(self._health)

    def _health(self) -> list[StepHealth]:
        snapshots = list(self._snapshots.values())
        found = []
        for position, one in enumerate(snapshots):
            previous = snapshots[position - 1] if position else None
            found.append(self._step_health(one, previous, snapshots[0]))
        return found

    def _step_health(
        self, one: Snapshot, previous: Snapshot | None, first: Snapshot
    ) -> StepHealth:
        key = (
            "health",
            self._content_id(one),
            self._content_id(previous) if previous else None,
            self._content_id(first),
        )
        return self._cache.get(
            key,
            lambda: step_health(
                self._together(one, previous, first), self._moments(one)
            ),
        )

    def _together(
        self, one: Snapshot, previous: Snapshot | None, first: Snapshot
    ) -> Iterator[tuple[Float32Table, Float32Table | None, Float32Table | None]]:
        """Row blocks of a table, of the one before and of the first."""
        before = self._blocks(previous) if previous else None
        # At the second step both are the same table: read it once.
        start = self._blocks(first) if previous not in (None, first) else None
        for _, rows in self._blocks(one):
            old = next(before)[1] if before else None
            yield rows, old, next(start)[1] if start else old

    def _moments(self, snapshot: Snapshot) -> projection.Moments:
        return self._cache.get(
            ("moments", self._content_id(snapshot)),
            lambda: projection.moments(self._blocks(snapshot), self.shape[1]),
        )

    def _nearest(self, index: int, step: int, k: int, metric: Metric) -> Nearest:
        snapshot = self._snapshot(step)
        return self._cache.get(
            ("nearest", self._content_id(snapshot), index, k, metric),
            lambda: nearest(
                self._blocks(snapshot),
                index,
                self._rows(snapshot, [index])[0],
                k,
                metric,
            ),
        )

    def _labeled(self, near: Nearest) -> list[Neighbor]:
        tokens = self.tokens
        return [
            Neighbor(index, tokens[index], distance)
            for index, distance in zip(
                near.indices.tolist(), near.distances.tolist(), strict=True
            )
        ]
