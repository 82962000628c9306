"""Pictures of a table: its tokens as points of two or three coordinates."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import axes, projection
from tb_wordembed.analysis.layout import layout
from tb_wordembed.analysis.moments import Moments, pool
from tb_wordembed.analysis.neighbors.given_rows import Metric
from tb_wordembed.analysis.quality import Quality, quality
from tb_wordembed.analysis.sums import moments
from tb_wordembed.integers import count
from tb_wordembed.read.measures import Measured
from tb_wordembed.read.neighbors import Progress, silent
from tb_wordembed.read.step_measures import WORKERS
from tb_wordembed.snapshots.model import Snapshot

MOST_BASIS_STEPS = 16
"""The basis pools at most this many steps: more hardly change it."""

MOST_BASIS_ROWS = 1 << 18
"""Of all pooled steps together, evenly spread: more hardly change it, either."""

MOST_COMPONENTS = 10
"""Principal components that can be shown."""

MOST_LAID_OUT = 10_000
"""A layout is made of so many tokens; the others are placed by their neighbors."""

FIRST_THREE = (1, 2, 3)

_BLOCK_BYTES = 1 << 20
"""Of a row block: it stays in a cache while it is worked on."""


@dataclass(frozen=True)
class LaidOut:
    """A layout of the tokens at a step: float32 ``[vocab_size, 2]``, and how far it
    can be trusted."""

    step: int
    positions: npt.NDArray[np.float32]
    quality: Quality


class Pictures(Measured):
    """A series, and the pictures of its tables."""

    def basis_steps(self) -> list[int]:
        """The steps that are pooled for the basis: the first, and from there on every
        one, or every second, fourth, eighth..., so that they are not too many. While a
        series grows, the basis keeps still but for one in so many steps."""
        steps, stride = self.steps, 1
        while len(steps) > MOST_BASIS_STEPS * stride:
            stride *= 2
        return steps[::stride]

    def basis(self, components: Sequence[int] = FIRST_THREE) -> projection.Basis:
        """Principal components of the pooled steps.

        Args:
          components: which, from 1, by falling variance; 10 at most. Beyond
            ``embedding_dim`` they are zero.

        Raises:
          ValueError: there is no such component.
        """
        chosen, full = _places(components), self._of_all_sound(self._basis)
        return projection.Basis(full.mean, full.components[chosen])

    def _basis(self) -> projection.Basis:
        snapshots = [self._snapshot(step) for step in self.basis_steps()]
        return self._cache.get(
            ("basis", MOST_COMPONENTS, *(self._content_id(one) for one in snapshots)),
            lambda: projection.principal_basis(
                pool(self._sampled_moments(snapshots)), MOST_COMPONENTS
            ),
            kinds=(projection.Basis,),
        )

    def _sampled_moments(self, snapshots: Sequence[Snapshot]) -> list[Moments]:
        most_rows = MOST_BASIS_ROWS // len(snapshots)

        def work(one: Snapshot) -> Moments:
            return moments(self._sample(one, most_rows), self.shape[1])

        with ThreadPoolExecutor(WORKERS) as threads:
            return list(threads.map(work, snapshots))

    def positions(
        self, step: int, components: Sequence[int] = FIRST_THREE
    ) -> npt.NDArray[np.float32]:
        """The table at a step in the shared basis, float32
        ``[vocab_size, len(components)]``; see ``basis``."""
        chosen = _places(components)
        found: npt.NDArray[np.float32] = self._cache.get(
            ("positions", *self._picture_id(step), *chosen),
            lambda: self._project(step).positions[:, chosen],
        )
        return np.array(found)

    def explained_variance_ratio(
        self, step: int, components: Sequence[int] = FIRST_THREE
    ) -> npt.NDArray[np.float64]:
        """Share of the variance at a step that each component shows,
        ``[len(components)]``."""
        chosen = _places(components)
        return self._cache.get(
            ("explained", *self._picture_id(step)),
            lambda: self._project(step).explained_variance_ratio,
        )[chosen]

    def _project(self, step: int) -> projection.Projection:
        """All components of a table; the shares of its variance are kept, since they
        come with the positions."""
        basis = self._of_all_sound(self._basis)
        rows = max(1, _BLOCK_BYTES // (4 * self.shape[1]))
        blocks = self._blocks(self._snapshot(step), rows, WORKERS)
        found = projection.project(basis, blocks, self.shape, WORKERS)
        self._cache.put(
            ("explained", *self._picture_id(step)), found.explained_variance_ratio
        )
        return found

    def _picture_id(self, step: int) -> tuple[Hashable, ...]:
        basis = self._of_all_sound(self._basis)
        parts = basis.mean.tobytes(), basis.components.tobytes()
        return (self.content_id(step), *parts)

    def axes(self, expressions: Sequence[str], step: int) -> npt.NDArray[np.float32]:
        """Every token along several directions, float32
        ``[vocab_size, len(expressions)]``; see ``axis``."""
        return np.stack([self.axis(one, step) for one in expressions], axis=1)

    def quality(
        self,
        step: int,
        components: int | Sequence[int] = 2,
        k: int = 10,
        metric: Metric = "cosine",
        progress: Progress = silent,
    ) -> Quality:
        """Trustworthiness and continuity of the first components, or of those named, at
        a step; see ``tb_wordembed.analysis.quality``."""
        if not isinstance(components, Iterable):
            components = range(1, count("components", components) + 1)
        positions = self.positions(step, components)
        return self.quality_of(positions, step, k, metric, progress)

    def quality_of(
        self,
        positions: npt.NDArray[np.floating],
        step: int,
        k: int = 10,
        metric: Metric = "cosine",
        progress: Progress = silent,
    ) -> Quality:
        """Trustworthiness and continuity of any picture, ``[vocab_size, coordinates]``,
        of the table at a step."""
        blocks = partial(self._blocks, self._snapshot(step))
        return quality(blocks, positions, count("k", k), metric, progress=progress)

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

    def trails(
        self, indices: Sequence[int], components: Sequence[int] = FIRST_THREE
    ) -> npt.NDArray[np.float32]:
        """Some tokens at all steps in the shared basis, float32
        ``[len(indices), steps, len(components)]``. Only their rows are read."""
        checked = [self.index_of(index) for index in indices]
        basis = self.basis(components)
        rows = self._of_all_sound(partial(self._rows_of_all, checked))
        return np.stack([basis.project(table) for table in rows], axis=1)

    def axis_trails(
        self, indices: Sequence[int], expressions: Sequence[str]
    ) -> npt.NDArray[np.float32]:
        """Some tokens at all steps along several directions, those of each step,
        float32 ``[len(indices), steps, len(expressions)]``. Only their rows are
        read."""
        checked = [self.index_of(index) for index in indices]
        rows = np.stack(self._of_all_sound(partial(self._rows_of_all, checked)))
        along = []
        for expression in expressions:
            terms, spanning = self._terms(expression)
            tables = self._of_all_sound(partial(self._rows_of_all, spanning))
            along.append(axes.path(rows, terms, np.stack(tables)).T)
        return np.stack(along, axis=2)

    def _rows_of_all(self, indices: Sequence[int]) -> list[npt.NDArray[np.float32]]:
        return [self._rows(one, indices) for one in self._snapshots.values()]


def _places(components: Sequence[int]) -> list[int]:
    """Where components are, from 0.

    Raises:
      ValueError: there is no such component.
    """
    found = [count("component", number) for number in components]
    for number in found:
        if number > MOST_COMPONENTS:
            raise ValueError(f"component is {number}; expected 1 to {MOST_COMPONENTS}")
    return [number - 1 for number in found]
