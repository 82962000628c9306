"""What can be asked of the directions in which tokens lie, and move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import axes
from tb_wordembed.analysis.motion import (
    SharedMotion,
    most_parallel,
    shared_along,
    shared_motion,
)
from tb_wordembed.integers import count
from tb_wordembed.read.neighbors import Neighborhoods

MOST_INTERVALS = 8
"""Neighbors are looked up at so many steps on the way of a token."""


@dataclass(frozen=True)
class Similar:
    """A row in the direction of something."""

    index: int
    token: str
    cosine: float


@dataclass(frozen=True)
class Motion:
    """Why a token moved; see ``tb_wordembed.analysis.motion``.

    Attributes:
      shared_share: of its squared displacement what its neighbors on the way explain,
        0..1; NaN where it did not move.
      own_share: the rest.
      neighbors: how many neighbors were averaged.
      steps: at which its neighbors were looked up.
      parallel: the tokens whose displacement is most parallel to its own.
    """

    shared_share: float
    own_share: float
    neighbors: int
    steps: list[int]
    parallel: list[Similar]


class Directions(Neighborhoods):
    """A series, and the directions in it."""

    def motion(
        self,
        token_or_index: str | int,
        from_step: int,
        to_step: int,
        k: int = 10,
        n: int = 10,
    ) -> Motion:
        """Why a token moved between two steps: along with its neighbors, or on its own;
        and the n tokens that moved most like it.

        Neighbors are the k nearest by cosine at the time: looked up again at every step
        on the way, or at ``MOST_INTERVALS`` of them, evenly spaced.
        """
        index, n = self.index_of(token_or_index), count("n", n)
        moved, steps = self._of_all_sound(
            partial(self._shared_motion, index, from_step, to_step, k)
        )
        before, after = (self.rows(step, [index])[0] for step in (from_step, to_step))
        found = most_parallel(
            self._blocks(self._snapshot(from_step)),
            self._blocks(self._snapshot(to_step)),
            index,
            before,
            after,
            n,
        )
        return Motion(
            moved.shared_share,
            moved.own_share,
            moved.neighbors,
            steps,
            self._similar(found.indices, found.cosines),
        )

    def _shared_motion(
        self, index: int, from_step: int, to_step: int, k: int
    ) -> tuple[SharedMotion, list[int]]:
        steps = self._way(from_step, to_step)
        found = [
            shared_motion(before[0], after[0], before[1:], after[1:])
            for before, after in (
                self._with_neighbors(index, *interval, k)
                for interval in pairwise(steps)
            )
        ]
        before, after = (self.rows(step, [index])[0] for step in (from_step, to_step))
        return shared_along(found, before, after), steps[:-1]

    def _with_neighbors(
        self, index: int, from_step: int, to_step: int, k: int
    ) -> Sequence[npt.NDArray[np.float32]]:
        """Rows of a token and of its neighbors at the first of two steps, at both."""
        around = self._nearest(index, from_step, k, "cosine").indices.tolist()
        return [self.rows(step, [index, *around]) for step in (from_step, to_step)]

    def _way(self, from_step: int, to_step: int) -> list[int]:
        """From a step to another, by way of some between them."""
        for step in (from_step, to_step):
            self.check_step(step)
        low, high = sorted((from_step, to_step))
        steps = [step for step in self.steps if low <= step <= high]
        if len(steps) > MOST_INTERVALS + 1:
            even = np.linspace(0, len(steps) - 1, MOST_INTERVALS + 1).round()
            steps = [steps[int(position)] for position in even]
        if len(steps) == 1:
            steps *= 2
        return steps if from_step <= to_step else steps[::-1]

    def axis(
        self, expression: str, step: int, *, scaled: bool = True
    ) -> npt.NDArray[np.float32]:
        """Where every token lies along a direction spanned by tokens, such as
        ``good - bad``, float32 ``[vocab_size]``; see ``tb_wordembed.analysis.axes``.

        Raises:
          ValueError: the expression can't be read, or names an unknown token.
        """
        snapshot = self._snapshot(step)
        terms, rows = self._terms(expression)
        along = axes.direction(terms, self._rows(snapshot, rows))
        blocks = self._blocks(snapshot)
        return np.concatenate(
            [axes.coordinates(block, along, scaled) for _, block in blocks]
        )

    def analogy(self, expression: str, step: int, n: int = 10) -> list[Similar]:
        """The tokens nearest to an expression, such as ``king - man + woman``, at a
        step; its own are left out.

        Raises: as ``axis``.
        """
        n, snapshot = count("n", n), self._snapshot(step)
        terms, rows = self._terms(expression)
        along = axes.direction(terms, self._rows(snapshot, rows))
        found = axes.analogy(self._blocks(snapshot), along, rows, n)
        return self._similar(found.indices, found.cosines)

    def _terms(self, expression: str) -> tuple[list[axes.Term], list[int]]:
        terms = axes.parse(expression)
        tokens = self.tokens
        wanted = {term.token for term in terms}
        rows: dict[str, int] = {}
        for row, token in enumerate(tokens):
            if token in wanted:
                rows.setdefault(token, row)
        return terms, axes.look_up(terms, rows.get)

    def _similar(
        self, indices: npt.NDArray[np.int64], cosines: npt.NDArray[np.float64]
    ) -> list[Similar]:
        tokens = self.tokens
        return [
            Similar(index, tokens[index], cosine)
            for index, cosine in zip(indices.tolist(), cosines.tolist(), strict=True)
        ]
