"""What is known of a series without its tables: steps, shape, tokens and columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Literal, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.segments import Engine
from tb_wordembed.errors import NotFoundError, not_found, quoted
from tb_wordembed.format import metadata
from tb_wordembed.format.byte_level import readable_forms
from tb_wordembed.format.column_names import frequency_column
from tb_wordembed.format.paths import is_remote
from tb_wordembed.integers import as_integer
from tb_wordembed.read import vocabulary, why_missing
from tb_wordembed.read.columns import Columns, Values
from tb_wordembed.read.labels import Labels
from tb_wordembed.read.memory_cache import Cache
from tb_wordembed.snapshots.index_entries import SeriesIndex, Snapshot
from tb_wordembed.snapshots.store import Store
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError

T = TypeVar("T")
P = ParamSpec("P")

_MOST_CLOSE = 1_000_000
"""The most tokens that are compared with one that is not in the vocabulary."""


class SeriesOutline:
    """The steps of one run and tag, and the tokens and columns of the newest one.

    It leaves out the steps that turn out to be damaged; see ``skip_damaged``.
    """

    def __init__(
        self, index: SeriesIndex, store: Store, cache: Cache, engine: Engine = LOCAL
    ) -> None:
        self.cache = cache
        """The results that were computed before, for this series and others."""
        self.engine = engine
        """What works on the row blocks of the tables."""
        self._store = store
        self.run = index.run
        self.tag = index.tag
        self.description = index.description
        self._show(index)

    def _show(self, index: SeriesIndex) -> None:
        self._index = index
        self._newest = index.snapshots[-1]
        self._columns = Columns(index, self._store, self.cache)
        self._snapshots = {
            one.step: one for one in index.snapshots if self._columns.fits(one)
        }

    def __repr__(self) -> str:
        rows, dims = self.shape
        steps = self.steps
        said = f"step {steps[0]}"
        if len(steps) > 1:
            said = f"{len(steps):,} steps from {steps[0]} to {steps[-1]}"
        name = f"{quoted(self.run)} {quoted(self.tag)}"
        return f"<Series {name}: {rows:,} x {dims:,} {self.dtype}, {said}>"

    @property
    def steps(self) -> list[int]:
        """The logged steps, ascending."""
        return list(self._snapshots)

    @property
    def replaced_steps(self) -> int:
        """The number of steps that a later training replaced: another snapshot of the
        same step, or of an earlier one, was written after them. They are not among
        ``steps``."""
        return len(self._index.superseded)

    @property
    def wall_times(self) -> list[float]:
        """The time at which each step was written, in seconds since 1970."""
        return [one.wall_time for one in self._snapshots.values()]

    @property
    def shape(self) -> tuple[int, int]:
        """``(vocab_size, embedding_dim)``."""
        vocab_size, embedding_dim = self._newest.table.shape
        return vocab_size, embedding_dim

    @property
    def full_vocab_size(self) -> int:
        """The number of rows of the table that was trained: more than ``shape`` says
        where only some rows were logged. The column ``row`` has their numbers there."""
        return max(self._newest.full_vocab_size or 0, self.shape[0])

    @property
    def directory(self) -> str:
        """The path of the run: the directory that holds its newest snapshot, or that of
        all checkpoints."""
        return self._newest.table.parts[0].file.home

    @property
    def is_remote(self) -> bool:
        """Whether its snapshots have to be fetched."""
        return is_remote(self._newest.table.parts[0].file.path)

    @property
    def dtype(self) -> str:
        """The element type in the log; tables are handed out as float32."""
        return self._newest.table.dtype

    @property
    def tokens(self) -> list[str]:
        """The label of each row; ``#i`` for row i where none was logged."""
        logged = self.skip_damaged(lambda: self._columns.column(metadata.TOKEN_COLUMN))
        texts = logged if isinstance(logged, list) else []
        return vocabulary.labels(texts, self.shape[0])

    @property
    def labels(self) -> Labels:
        """The same as a sequence that reads a label when it is asked for."""
        # Looks up the columns in each call: ``skip_damaged`` may replace them.
        return self.skip_damaged(lambda: self._columns.labels())

    def texts(self, column: str) -> Labels | None:
        """Returns a column of texts in the same way; None if there is none of this name
        with a text for each row."""
        return self.skip_damaged(lambda: self._columns.texts(column))

    @property
    def has_tokens(self) -> bool:
        """Whether labels were logged."""
        return self._columns.tokens is not None

    @property
    def metadata(self) -> dict[str, Values]:
        """Columns other than the tokens: text, or numbers as float64. A row for which
        none was logged has the empty text, or NaN."""
        found = self.skip_damaged(lambda: self._columns.values())
        return {
            name: values[:]
            for name, values in found.items()
            if name != metadata.TOKEN_COLUMN
        }

    @property
    def column_kinds(self) -> dict[str, Literal["text", "number"]]:
        """``"text"`` or ``"number"`` for each column other than the tokens."""
        return {
            name: "text" if one.values.dtype == "text" else "number"
            for name, one in self._columns.in_force.items()
            if name != metadata.TOKEN_COLUMN
        }

    @property
    def frequency_column(self) -> str | None:
        """The column that says how often each token occurs; None without one."""
        kinds = self.column_kinds.items()
        return frequency_column(name for name, kind in kinds if kind == "number")

    def frequency(self) -> npt.NDArray[np.float64] | None:
        """Returns how often each token occurs, float64 ``[vocab_size]``; None without
        such a column."""
        name = self.frequency_column
        found = None if name is None else self.column(name)
        return found if isinstance(found, np.ndarray) else None

    def column(self, name: str) -> Values:
        """Returns the values of a column, as in ``metadata``, and reads no other.

        Raises:
          NotFoundError: there is no such column.
        """
        found = self.skip_damaged(lambda: self._columns.column(name))
        names = list(self.column_kinds)
        if found is None or name not in names:
            raise NotFoundError(not_found("column", name, names))
        return found[:]

    @property
    def image_columns(self) -> list[str]:
        """The names of the columns of images."""
        return list(self._columns.images)

    def image(self, column: str, token: str | int) -> bytes:
        """Returns the image of a token: the bytes of a PNG, JPEG, GIF or WebP file, as
        they are in the log and not checked; none for a row without an image.

        Args:
          token: a token, or a row number; see ``index_of``.

        Raises:
          NotFoundError: there is no such column of images, or no such token.
          ValueError: the images of the column take more than 128 MiB.
        """
        row, names = self.index_of(token), self.image_columns
        if column not in names:
            raise NotFoundError(not_found("column of images", column, names))
        return self.skip_damaged(lambda: self._columns.image(column, row))

    @property
    def fixed_rows(self) -> npt.NDArray[np.int64]:
        """The rows that training must not change, such as padding, ascending: those
        that the writer named last."""
        return self.skip_damaged(
            lambda: self._columns.fixed_rows(reversed(self._snapshots.values()))
        )

    @property
    def columns_id(self) -> str:
        """A text that changes when tokens or columns change."""
        return self._columns.id

    def index_of(self, token_or_index: str | int) -> int:
        """Returns the row number of a token (of its first occurrence), or the number
        itself.

        Raises:
          NotFoundError: there is no such row.
        """
        if isinstance(token_or_index, str):
            return self._index_of_token(token_or_index)
        index = as_integer(token_or_index)
        if index is None or not 0 <= index < self.shape[0]:
            raise NotFoundError(
                f"index {token_or_index!r} is not a row; expected 0 to "
                f"{self.shape[0] - 1}"
            )
        return index

    def _index_of_token(self, token: str) -> int:
        labels = self.labels
        for form in (token, *readable_forms(token)):
            row = labels.first(form)
            if row is not None:
                return row
        close = vocabulary.close_to(token, labels[:_MOST_CLOSE])
        hint = f"; did you mean {' or '.join(map(quoted, close))}?" if close else ""
        raise NotFoundError(
            f"token {quoted(token)} is not in the vocabulary of {len(labels)} tokens"
            f"{hint}"
        )

    def check_step(self, step: int) -> None:
        """Raises NotFoundError when there is no snapshot at this step."""
        self._snapshot(step)

    def _snapshot(self, step: int) -> Snapshot:
        try:
            return self._snapshots[step]
        except KeyError:
            index = self._store.index
            problems = [*index.problems, *index.incomplete]
            problems += vocabulary.misfits(self._index)
            why = why_missing.of_step(problems, self.run, self.tag, step)
            raise NotFoundError(
                f"{not_found('step', step, self.steps)} in {quoted(self.run)} "
                f"{quoted(self.tag)}{why_missing.explanation(why)}"
            ) from None

    def skip_damaged(self, compute: Callable[[], T]) -> T:
        """Returns what ``compute`` returns. If it meets a damaged snapshot, the series
        leaves out that step from then on, and ``compute`` is called again.

        Raises:
          DamagedSnapshotError: a snapshot of another series is damaged.
          NotFoundError: all snapshots are damaged.
        """
        while True:
            index = self._index
            try:
                return compute()
            except DamagedSnapshotError as error:
                sound = self._store.without_damaged(index)
                if sound == index:
                    raise
                if not sound.snapshots:
                    why = f"all snapshots are damaged: {error}"
                    raise NotFoundError(why) from error
                self._show(sound)


OfSeries = TypeVar("OfSeries", bound=SeriesOutline)


def skips_damaged(
    function: Callable[Concatenate[OfSeries, P], T],
) -> Callable[Concatenate[OfSeries, P], T]:
    """Makes a function of a series leave out damaged steps as ``skip_damaged`` does."""

    @wraps(function)
    def again(series: OfSeries, /, *args: P.args, **more: P.kwargs) -> T:
        return series.skip_damaged(lambda: function(series, *args, **more))

    return again
