"""Measures of whole steps: drift, norms, health, paths, breaks, and what stands out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import changes
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.drift import drift as row_drift
from tb_wordembed.analysis.findings.exchanges import Exchanged, exchanged
from tb_wordembed.analysis.findings.find import find
from tb_wordembed.analysis.findings.finding import Finding
from tb_wordembed.analysis.findings.histories import History
from tb_wordembed.analysis.findings.table import settled
from tb_wordembed.analysis.findings.words import Company, Examined, worth_examining
from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.analysis.rows import narrow, norms
from tb_wordembed.read.cache import Cache
from tb_wordembed.read.directions import Directions
from tb_wordembed.read.neighbors import Progress, part, silent
from tb_wordembed.read.step_measures import Passes, Table
from tb_wordembed.snapshots.model import SeriesIndex, Snapshot
from tb_wordembed.snapshots.store import Store

COMPANY = 10
"""Neighbors by which words are found to have changed company."""

_OTHERS = 1 << 14
"""Rows that tell how near to one another places are."""

_CURVES_BYTES = 64 << 20
"""Of row blocks of all steps side by side, and of what is kept of the curves."""


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


class Measured(Directions):
    """A series, and the measures that take all of its tables."""

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

    def path(self, progress: Progress = silent) -> Path:
        """How far every token has come through all steps, and how straight."""
        last = self._of_all_sound(
            lambda: self._passes.last(
                (self.run, self.tag), self._tables(), self.shape, progress
            )
        )
        still = np.full(self.shape[0], np.nan, np.float32)
        net = last.from_first.euclidean if last.from_first else still
        return Path(last.path.copy(), net.copy(), last.straightness())

    def health(self, progress: Progress = silent) -> list[StepHealth]:
        """Health of the table at each step."""
        return self._of_all_sound(
            lambda: self._passes.health(
                (self.run, self.tag), self._tables(), self.shape, progress
            )
        )

    def health_so_far(self) -> list[StepHealth]:
        """Health of the first steps, as far as it is known: at once, even while it is
        measured."""
        return self._passes.health_so_far((self.run, self.tag), self._tables())

    def settled_step(self) -> int | None:
        """The step since which the usual token hardly turns any more; None where it
        does. See ``tb_wordembed.analysis.findings.table.settled`` for the rule."""
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
        """What stands out, warnings first; ``analysis.findings.sentences``
        puts it in words. Steps before the last change of the vocabulary are left out.

        Args:
          with_company: also finds words that changed company, by the exact neighbors
            of all tokens at the first step and the last, which takes a while.
          progress: of that.
        """
        return self._of_all_sound(partial(self._findings, with_company, progress))

    def _findings(self, with_company: bool, progress: Progress) -> list[Finding]:
        share = 0.5 if with_company else 1.0
        self.health(part(progress, 0, share))
        history = self._history()
        steps = history.steps
        company = None
        if with_company and len(steps) > 1:
            told = part(progress, 0.5, 0.5)
            kept = self.turnover(steps[0], steps[-1], COMPANY, progress=told)
            company = Company(kept.overlap, COMPANY)
        rows = worth_examining(history)
        examined = Examined(rows, self._breaks_from_last(rows, steps))
        return find(
            history,
            self.health()[-len(steps) :],
            company,
            examined,
            [self._exchanged(rows, at, steps) for at, rows in history.peaks],
        )

    def _exchanged(
        self, rows: npt.NDArray[np.int64], at: int, steps: Sequence[int]
    ) -> Exchanged:
        old, new = (self._snapshot(step) for step in steps[at - 1 : at + 1])
        before, after = (self._rows(one, rows.tolist()) for one in (old, new))
        others = partial(self._sample, old, _OTHERS)
        return exchanged(rows, at, before, after, others, len(steps))

    def _breaks_from_last(
        self, rows: npt.NDArray[np.int64], steps: Sequence[int]
    ) -> changes.Breaks:
        tables = [self._rows(self._snapshot(step), rows.tolist()) for step in steps]
        curves = [row_drift(tables[-1], table) for table in tables]
        return changes.breaks(np.stack(curves, axis=1), steps)

    def _history(self) -> History:
        return self._passes.history((self.run, self.tag), self._tables(), self.shape)

    def breaks(
        self, measure: Measure = "cosine", progress: Progress = silent
    ) -> changes.Breaks:
        """The step at which the drift from the first step breaks, for every token; see
        ``tb_wordembed.analysis.changes.breaks``. Positions are those in ``steps``."""
        return self._of_all_sound(partial(self._breaks, measure, progress))

    def _breaks(self, measure: Measure, progress: Progress) -> changes.Breaks:
        parts = [
            changes.breaks(curves, self.steps)
            for curves in self._curves(measure, progress)
        ]
        return changes.Breaks(
            np.concatenate([one.positions for one in parts]),
            np.concatenate([one.strengths for one in parts]),
            np.concatenate([one.jumps for one in parts]),
        )

    def _curves(
        self, measure: Measure, progress: Progress
    ) -> Iterator[npt.NDArray[np.float32]]:
        """Drift from the first step to each step, ``[rows, steps]``, of some rows after
        others. What is little in all is kept: then no more is read when a step comes
        than that step and the first."""
        snapshots = list(self._snapshots.values())
        rows = max(1, _CURVES_BYTES // (4 * self.shape[1] * len(snapshots)))
        if 4 * self.shape[0] * len(snapshots) > _CURVES_BYTES:
            for blocks in self._side_by_side(snapshots, rows, progress):
                curves = [row_drift(blocks[0], block, measure) for block in blocks]
                yield np.stack(curves, axis=1)
            return
        kept = self._drifts(snapshots, rows, measure, progress)
        for start in range(0, self.shape[0], rows):
            yield np.stack([one[start : start + rows] for one in kept], axis=1)

    def _drifts(
        self,
        snapshots: Sequence[Snapshot],
        rows: int,
        measure: Measure,
        progress: Progress,
    ) -> list[npt.NDArray[np.float32]]:
        """What ``drift`` gives from the first of these to each of them. Those that are
        not known are read side by side, so many rows at a time."""
        ids = [self._content_id(one) for one in snapshots]
        keys = [("drift", ids[0], one, measure) for one in ids]
        found = [self._cache.kept(key) for key in keys]
        missing = [at for at, one in enumerate(found) if one is None]
        if missing:
            # The first is read whether it is missing or not.
            read = [0, *(at for at in missing if at)]
            parts = [
                [row_drift(blocks[0], block, measure) for block in blocks]
                for blocks in self._side_by_side(
                    [snapshots[at] for at in read], rows, progress
                )
            ]
            for at, curve in zip(read, zip(*parts, strict=True), strict=True):
                found[at] = np.concatenate(curve)
                self._cache.put(keys[at], found[at])
        return [one for one in found if one is not None]

    def _side_by_side(
        self, snapshots: Sequence[Snapshot], rows: int, progress: Progress
    ) -> Iterator[list[npt.NDArray[np.float32]]]:
        """The same rows of each, so many at a time."""
        readers = [self._blocks(one, rows) for one in snapshots]
        for blocks in zip(*readers, strict=True):
            progress(blocks[0][0] / self.shape[0])
            yield [block for _, block in blocks]

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
