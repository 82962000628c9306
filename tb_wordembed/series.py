"""The snapshots of one run and tag, and what can be asked of them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from tb_wordembed import metadata
from tb_wordembed.analysis import projection
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.drift import drift as row_drift
from tb_wordembed.analysis.health import StepHealth, step_health
from tb_wordembed.analysis.neighbors import Change, Metric, Nearest, change, nearest
from tb_wordembed.cache import Cache
from tb_wordembed.errors import NotFoundError, not_found
from tb_wordembed.snapshots.model import ColumnRecord, Problem, SeriesIndex, Snapshot
from tb_wordembed.snapshots.store import DamagedSnapshotError, Float32Table, Store

T = TypeVar("T")

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


class Series:
    """The snapshots of one run and tag, by ascending step.

    Snapshots that another shape superseded are left out (see ``Log.problems``), so
    that all of them have the same rows and dimensions.
    """

    def __init__(self, index: SeriesIndex, store: Store, cache: Cache) -> None:
        self._index = index
        self._store = store
        self._cache = cache
        self.run = index.run
        self.tag = index.tag
        self.description = index.description

    @property
    def _snapshots(self) -> dict[int, Snapshot]:
        shape = _shape(self._index)
        return {
            one.step: one for one in self._index.snapshots if one.table.shape == shape
        }

    @property
    def steps(self) -> list[int]:
        """The logged steps, ascending."""
        return list(self._snapshots)

    @property
    def wall_times(self) -> list[float]:
        """When each step was written, in seconds since 1970."""
        return [one.wall_time for one in self._snapshots.values()]

    @property
    def shape(self) -> tuple[int, int]:
        """``(vocab_size, embedding_dim)``."""
        return _shape(self._index)

    @property
    def dtype(self) -> str:
        """The element type in the log; tables are handed out as float32."""
        return self._index.snapshots[-1].table.dtype

    @property
    def tokens(self) -> list[str]:
        """The label of each row; ``#i`` for row i where none was logged."""
        logged = self._columns().get(metadata.TOKEN_COLUMN)
        if isinstance(logged, list):
            return list(logged)
        return [f"#{index}" for index in range(self.shape[0])]

    @property
    def has_tokens(self) -> bool:
        """Whether labels were logged."""
        return any(
            one.name == metadata.TOKEN_COLUMN and one.values.dtype == "text"
            for one in self._fitting_columns()
        )

    @property
    def metadata(self) -> dict[str, list[str] | npt.NDArray[np.float64]]:
        """Columns other than the tokens: text, or numbers as float64."""
        return {
            name: values.copy()
            for name, values in self._columns().items()
            if name != metadata.TOKEN_COLUMN
        }

    @property
    def column_kinds(self) -> dict[str, Literal["text", "number"]]:
        """``"text"`` or ``"number"`` for each column other than the tokens."""
        return {
            one.name: "text" if one.values.dtype == "text" else "number"
            for one in self._fitting_columns()
            if one.name != metadata.TOKEN_COLUMN
        }

    @property
    def columns_id(self) -> str:
        """Changes whenever tokens or columns change."""
        parts = (f"{c.name}:{c.values.checksum:08x}" for c in self._fitting_columns())
        return "|".join(parts)

    def index_of(self, token_or_index: str | int) -> int:
        """Row number of a token (of its first occurrence), or the number itself.

        Raises:
          NotFoundError: there is no such row.
        """
        if isinstance(token_or_index, str):
            return self._index_of_token(token_or_index)
        index = int(token_or_index)
        if not 0 <= index < self.shape[0]:
            raise NotFoundError(
                f"index {index} is not a row; expected 0 to {self.shape[0] - 1}"
            )
        return index

    def _index_of_token(self, token: str) -> int:
        tokens = self.tokens
        if token in tokens:
            return tokens.index(token)
        # Few enough to be compared at once.
        alike = [one for one in tokens if one[:1].casefold() == token[:1].casefold()]
        close = difflib.get_close_matches(token, alike[:5000], 3)
        hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
        raise NotFoundError(
            f"token {token!r} is not in the vocabulary of {len(tokens)} tokens{hint}"
        )

    def table(self, step: int) -> Float32Table:
        """The table at a step, float32 ``[vocab_size, embedding_dim]``.

        Raises:
          NotFoundError: there is no snapshot at this step.
          DamagedSnapshotError: its bytes are not those that were written.
        """
        return self._store.table(self._snapshot(step))

    def rows(self, step: int, indices: Sequence[int]) -> Float32Table:
        """Rows of the table at a step, float32 ``[len(indices), embedding_dim]``."""
        checked = [self.index_of(int(index)) for index in indices]
        return self._store.rows(self._snapshot(step), checked)

    def drift(
        self, from_step: int, to_step: int, measure: Measure = "cosine"
    ) -> npt.NDArray[np.float32]:
        """Drift of every token between two steps, float32 ``[vocab_size]``; see
        ``tb_wordembed.analysis.drift.drift``."""
        before, after = self._snapshot(from_step), self._snapshot(to_step)
        found: npt.NDArray[np.float32] = self._cache.get(
            ("drift", before.content_id, after.content_id, measure),
            lambda: np.concatenate(
                [
                    row_drift(old, new, measure)
                    for (_, old), (_, new) in zip(
                        self._store.blocks(before),
                        self._store.blocks(after),
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
            ("basis", *(one.content_id for one in snapshots)),
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
                snapshot.content_id,
                basis.mean.tobytes(),
                basis.components.tobytes(),
            ),
            lambda: np.concatenate(
                [basis.project(block) for _, block in self._store.blocks(snapshot)]
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
        reference = self._store.rows(self._snapshot(reference_step), [index])
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
        return np.concatenate([self._store.rows(one, [index]) for one in snapshots])

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
            one.content_id,
            previous.content_id if previous else None,
            first.content_id,
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
        before = self._store.blocks(previous) if previous else None
        # At the second step both are the same table: read it once.
        start = self._store.blocks(first) if previous not in (None, first) else None
        for _, rows in self._store.blocks(one):
            old = next(before)[1] if before else None
            yield rows, old, next(start)[1] if start else old

    def _moments(self, snapshot: Snapshot) -> projection.Moments:
        return self._cache.get(
            ("moments", snapshot.content_id),
            lambda: projection.moments(self._store.blocks(snapshot), self.shape[1]),
        )

    def _nearest(self, index: int, step: int, k: int, metric: Metric) -> Nearest:
        snapshot = self._snapshot(step)
        return self._cache.get(
            ("nearest", snapshot.content_id, index, k, metric),
            lambda: nearest(
                self._store.blocks(snapshot),
                index,
                self._store.rows(snapshot, [index])[0],
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

    def _snapshot(self, step: int) -> Snapshot:
        try:
            return self._snapshots[step]
        except KeyError:
            raise NotFoundError(
                not_found("step", step, self.steps) + f" in {self.run!r} {self.tag!r}"
            ) from None

    def _of_all_sound(self, compute: Callable[[], T]) -> T:
        """A result of everything that was logged. What turns out to be damaged is left
        out of this series from then on, and the rest is asked again.

        Raises:
          NotFoundError: all of it is damaged.
        """
        while True:
            try:
                return compute()
            except DamagedSnapshotError as error:
                self._index = self._store.without_damaged(self._index)
                if not self._index.snapshots:
                    raise NotFoundError(
                        f"all snapshots are damaged: {error}"
                    ) from error

    def _columns(self) -> dict[str, list[str] | npt.NDArray[np.float64]]:
        return self._of_all_sound(self._read_columns)

    def _read_columns(self) -> dict[str, list[str] | npt.NDArray[np.float64]]:
        return {
            one.name: self._cache.get(
                ("column", one.values), partial(self._store.column, one)
            )
            for one in self._fitting_columns()
        }

    def _fitting_columns(self) -> list[ColumnRecord]:
        rows = self.shape[0]
        return [one for one in self._index.columns if one.values.shape == (rows,)]


def _shape(series: SeriesIndex) -> tuple[int, int]:
    """The newest snapshot's."""
    vocab_size, embedding_dim = series.snapshots[-1].table.shape
    return vocab_size, embedding_dim


def other_shapes(series: SeriesIndex) -> Iterator[Problem]:
    """What a series leaves out because its shape is not the newest one's."""
    shape = _shape(series)
    where = f"{series.run!r} {series.tag!r}"
    for one in series.snapshots:
        if one.table.shape != shape:
            yield Problem(
                one.table.file.path,
                one.table.record_offset,
                f"step {one.step} of {where} has shape {list(one.table.shape)} and the "
                f"newest step {list(shape)}; left out",
            )
    for column in series.columns:
        if column.values.shape != shape[:1]:
            yield Problem(
                column.values.file.path,
                column.values.record_offset,
                f"column {column.name!r} of {where} has {column.values.shape[0]} "
                f"values and the newest table {shape[0]} rows; left out",
            )
