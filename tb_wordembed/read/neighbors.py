"""What can be asked of the neighbors of tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.all_rows import Neighbors, all_nearest
from tb_wordembed.analysis.neighbors.given_rows import (
    Change,
    Metric,
    Nearest,
    change,
    nearest,
)
from tb_wordembed.analysis.neighbors.second_order import (
    all_second_order_drift,
    second_order_drift,
)
from tb_wordembed.analysis.neighbors.turnover import (
    Turnover,
    TurnoverEstimate,
    sampled_turnover,
    turnover,
)
from tb_wordembed.integers import count
from tb_wordembed.read.logged_series import LoggedSeries

Progress = Callable[[float], None]
"""Told which share of the work is done, 0..1. What it raises ends the work."""


def silent(share: float) -> None:
    """Progress that nobody wants to know."""
    del share


def part(progress: Progress, start: float, size: float) -> Progress:
    """Progress of a part of the work."""
    return lambda share: progress(start + size * share)


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


class Neighborhoods(LoggedSeries):
    """A series, and who is near whom in it."""

    def neighbors(
        self,
        token_or_index: str | int,
        step: int,
        k: int = 10,
        metric: Metric = "cosine",
    ) -> list[Neighbor]:
        """The k tokens nearest to a token at a step, nearest first; exact, the token
        itself left out. See ``tb_wordembed.analysis.neighbors.given_rows``."""
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

    def all_neighbors(
        self,
        step: int,
        k: int = 10,
        metric: Metric = "cosine",
        progress: Progress = silent,
    ) -> Neighbors:
        """The k nearest tokens of every token at a step, exact: what ``neighbors``
        says of each. See ``tb_wordembed.analysis.neighbors.all_rows``."""
        k, snapshot = count("k", k), self._snapshot(step)
        return self._cache.get(
            ("all_neighbors", self._content_id(snapshot), k, metric),
            lambda: all_nearest(self.table(step), k, metric, progress),
            kinds=(Neighbors,),
        )

    def turnover(
        self,
        from_step: int,
        to_step: int,
        k: int = 10,
        metric: Metric = "cosine",
        progress: Progress = silent,
    ) -> Turnover:
        """How much of its k neighbors every token kept between two steps; exact. See
        ``tb_wordembed.analysis.neighbors.turnover``."""
        before = self.all_neighbors(from_step, k, metric, part(progress, 0, 0.5))
        after = self.all_neighbors(to_step, k, metric, part(progress, 0.5, 0.5))
        return turnover(before, after)

    def known_turnover(
        self, from_step: int, to_step: int, k: int = 10, metric: Metric = "cosine"
    ) -> Turnover | None:
        """``turnover``, if the neighbors at both steps are known already."""
        before, after = (
            self._cache.kept(
                ("all_neighbors", self._content_id(self._snapshot(step)), k, metric)
            )
            for step in (from_step, to_step)
        )
        return None if before is None or after is None else turnover(before, after)

    def turnover_estimate(
        self,
        from_step: int,
        to_step: int,
        k: int = 10,
        metric: Metric = "cosine",
        sample: int = 1000,
    ) -> TurnoverEstimate:
        """The mean overlap@k of all tokens from a sample, and its standard error."""
        k, sample = count("k", k), count("sample", sample)
        before, after = self._snapshot(from_step), self._snapshot(to_step)
        ids = self._content_id(before), self._content_id(after)
        return self._cache.get(
            ("turnover_estimate", *ids, k, metric, sample),
            lambda: sampled_turnover(
                self.table(from_step), self.table(to_step), k, metric, sample
            ),
        )

    def second_order_drift(
        self, token_or_index: str | int, from_step: int, to_step: int, k: int = 10
    ) -> float:
        """How much a token's likeness to its neighbors changed; see
        ``tb_wordembed.analysis.second_order``."""
        index = self.index_of(token_or_index)
        around = sorted(
            {
                other
                for step in (from_step, to_step)
                for other in self._nearest(index, step, k, "cosine").indices.tolist()
            }
        )
        before, after = (
            self.rows(step, [index, *around]) for step in (from_step, to_step)
        )
        return second_order_drift(before[0], after[0], before[1:], after[1:])

    def all_second_order_drift(
        self,
        from_step: int,
        to_step: int,
        k: int = 10,
        progress: Progress = silent,
    ) -> npt.NDArray[np.float32]:
        """``second_order_drift`` of every token, float32 ``[vocab_size]``."""
        before = self.all_neighbors(from_step, k, "cosine", part(progress, 0, 0.45))
        after = self.all_neighbors(to_step, k, "cosine", part(progress, 0.45, 0.45))
        return all_second_order_drift(
            self.table(from_step),
            self.table(to_step),
            before.indices,
            after.indices,
            part(progress, 0.9, 0.1),
        )

    def _nearest(self, index: int, step: int, k: int, metric: Metric) -> Nearest:
        k, snapshot = count("k", k), self._snapshot(step)
        return self._cache.get(
            ("nearest", self._content_id(snapshot), index, k, metric),
            partial(self._find_nearest, index, step, k, metric),
        )

    def _find_nearest(self, index: int, step: int, k: int, metric: Metric) -> Nearest:
        snapshot = self._snapshot(step)
        row = self._rows(snapshot, [index])[0]
        return nearest(self._blocks(snapshot), index, row, k, metric)

    def _labeled(self, near: Nearest) -> list[Neighbor]:
        tokens = self.tokens
        return [
            Neighbor(index, tokens[index], distance)
            for index, distance in zip(
                near.indices.tolist(), near.distances.tolist(), strict=True
            )
        ]
