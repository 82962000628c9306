"""What can be asked of the snapshots of one run and tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed import vocabulary
from tb_wordembed.analysis import changes, projection
from tb_wordembed.analysis.alignment import Alignment, align
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.drift import drift as row_drift
from tb_wordembed.analysis.finding import Finding
from tb_wordembed.analysis.findings import find
from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.analysis.histories import History
from tb_wordembed.analysis.moments import Moments, moments, pair, pool
from tb_wordembed.analysis.neighbors import Metric
from tb_wordembed.analysis.quality import Quality, quality
from tb_wordembed.analysis.rows import norms
from tb_wordembed.analysis.table_findings import settled
from tb_wordembed.analysis.word_findings import Company, Examined, worth_examining
from tb_wordembed.cache import Cache
from tb_wordembed.neighborhoods import Neighborhoods, Progress, silent
from tb_wordembed.passes import Passes, Table
from tb_wordembed.snapshots.model import SeriesIndex, Snapshot
from tb_wordembed.snapshots.store import Store
from tb_wordembed.snapshots.tensors import Float32Table

MOST_BASIS_STEPS = 64
"""The basis pools at most this many steps, evenly spaced: more hardly change it."""

COMPANY = 10
"""Neighbors by which words are found to have changed company."""

_CURVES_BYTES = 64 << 20
"""Of row blocks of all steps side by side."""


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
class Path:
    """The ways of all tokens from the first step to the last, ``[vocab_size]`` each.

    Attributes:
      length: the sum of the Euclidean displacements from step to step, float64.
      displacement: Euclidean, from the first step to the last, float32; NaN with one
        step.
      straightness: displacement over length, float32, 0..1; NaN for what never moved.
    """

    length: npt.NDArray[np.float64]
    displacement: npt.NDArray[np.float32]
    straightness: npt.NDArray[np.float32]


class Series(Neighborhoods):
    """The snapshots of one run and tag, and the measures of them."""

    def __init__(
        self, index: SeriesIndex, store: Store, cache: Cache, passes: Passes
    ) -> None:
        super().__init__(index, store, cache)
        self._passes = passes

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

    def path(self) -> Path:
        """How far every token has come through all steps, and how straight."""
        last = self._of_all_sound(
            lambda: self._passes.last((self.run, self.tag), self._tables(), self.shape)
        )
        still = np.full(self.shape[0], np.nan, np.float32)
        net = last.from_first.euclidean if last.from_first else still
        return Path(last.path.copy(), net.copy(), last.straightness())

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
        blocks = self._beside(step, other, other_step)
        return align(pair(((a, b) for a, b in blocks), self.shape[1]), centered)

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
            norm=norms(rows),
            trail=self.basis().project(rows),
        )

    def _rows_of_all(self, index: int) -> Float32Table:
        snapshots = self._snapshots.values()
        return np.concatenate([self._rows(one, [index]) for one in snapshots])

    def health(self) -> list[StepHealth]:
        """Health of the table at each step."""
        return self._of_all_sound(
            lambda: self._passes.health(
                (self.run, self.tag), self._tables(), self.shape
            )
        )

    def settled_step(self) -> int | None:
        """The step since which the usual token hardly turns any more; None where it
        does. See ``tb_wordembed.analysis.table_findings.settled`` for the rule."""
        return self._of_all_sound(self._settled_step)

    def _settled_step(self) -> int | None:
        history = self._history()
        # Without the steps before the vocabulary was that of the last one.
        health = self.health()[-len(history.steps) :] if history.steps else []
        found = settled(history, health)
        return None if found is None else history.steps[found]

    def findings(
        self, *, with_company: bool = False, progress: Progress = silent
    ) -> list[Finding]:
        """What stands out, warnings first; ``tb_wordembed.analysis.sentences.sentence``
        puts it in words. Steps before the last change of the vocabulary are left out.

        Args:
          with_company: also finds words that changed company, by the exact neighbors
            of all tokens at the first step and the last, which takes a while.
          progress: of that.
        """
        return self._of_all_sound(partial(self._findings, with_company, progress))

    def _findings(self, with_company: bool, progress: Progress) -> list[Finding]:
        history = self._history()
        steps = history.steps
        company = None
        if with_company and len(steps) > 1:
            kept = self.turnover(steps[0], steps[-1], COMPANY, progress=progress)
            company = Company(kept.overlap, COMPANY)
        rows = worth_examining(history)
        examined = Examined(rows, self._breaks_from_last(rows, steps))
        return find(history, self.health()[-len(steps) :], company, examined)

    def _breaks_from_last(
        self, rows: npt.NDArray[np.int64], steps: Sequence[int]
    ) -> changes.Breaks:
        tables = [self._rows(self._snapshot(step), rows.tolist()) for step in steps]
        curves = [row_drift(tables[-1], table) for table in tables]
        return changes.breaks(np.stack(curves, axis=1), steps)

    def _history(self) -> History:
        return self._passes.history((self.run, self.tag), self._tables(), self.shape)

    def breaks(self, measure: Measure = "cosine") -> changes.Breaks:
        """The step at which the drift from the first step breaks, for every token; see
        ``tb_wordembed.analysis.changes.breaks``. Positions are those in ``steps``."""
        return self._of_all_sound(partial(self._breaks, measure))

    def _breaks(self, measure: Measure) -> changes.Breaks:
        snapshots = list(self._snapshots.values())
        rows = max(1, _CURVES_BYTES // (4 * self.shape[1] * len(snapshots)))
        parts = []
        for blocks in zip(*(self._blocks(one, rows) for one in snapshots), strict=True):
            first = blocks[0][1]
            curves = [row_drift(first, block, measure) for _, block in blocks]
            parts.append(changes.breaks(np.stack(curves, axis=1), self.steps))
        return changes.Breaks(
            np.concatenate([one.positions for one in parts]),
            np.concatenate([one.strengths for one in parts]),
            np.concatenate([one.jumps for one in parts]),
        )

    def _tables(self) -> list[Table]:
        return [
            Table(
                one.step,
                self._content_id(one),
                partial(self._blocks, one),
                self._absent(one),
            )
            for one in self._snapshots.values()
        ]

    def _moments(self, snapshot: Snapshot) -> Moments:
        return self._cache.get(
            ("moments", self._content_id(snapshot)),
            lambda: moments(self._blocks(snapshot), self.shape[1]),
        )
