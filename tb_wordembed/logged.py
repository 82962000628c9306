"""The snapshots of one run and tag, as they were logged."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from tb_wordembed import metadata
from tb_wordembed.cache import Cache
from tb_wordembed.errors import NotFoundError, not_found
from tb_wordembed.snapshots.model import ColumnRecord, Problem, SeriesIndex, Snapshot
from tb_wordembed.snapshots.store import DamagedSnapshotError, Float32Table, Store

T = TypeVar("T")


class LoggedSeries:
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
                sound = self._store.without_damaged(self._index)
                if not sound.snapshots:
                    raise NotFoundError(
                        f"all snapshots are damaged: {error}"
                    ) from error
                self._index = sound

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
