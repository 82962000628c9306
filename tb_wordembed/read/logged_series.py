"""The tables of one run and tag, as they were logged."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.read import vocabulary
from tb_wordembed.read.series_outline import SeriesOutline
from tb_wordembed.snapshots.tensors import Float32Table


class LoggedSeries(SeriesOutline):
    """The snapshots of one run and tag, by ascending step.

    All snapshots have the rows of the newest vocabulary. Where tokens were added,
    dropped or moved, the rows of an older snapshot are found by their tokens, and the
    row of a token that it lacks is NaN. Rows without labels are matched by their
    number. A snapshot that can't be compared with the newest is left out (see
    ``Log.problems``).
    """

    def table(self, step: int) -> Float32Table:
        """Returns the table at a step, float32 ``[vocab_size, embedding_dim]``; NaN in
        the rows of tokens that its vocabulary lacked.

        Raises:
          NotFoundError: there is no snapshot at this step.
          DamagedSnapshotError: its bytes are not those that were written.
        """
        snapshot = self._snapshot(step)
        rows = self._columns.row_map(snapshot)
        return vocabulary.take(self._store.table(snapshot), rows)

    def blocks(self, step: int) -> Iterator[Float32Table]:
        """Returns the rows of ``table`` in blocks of consecutive rows, for tables that
        don't fit into memory."""
        return (block for _, block in self.row_blocks(step))

    def row_blocks(
        self, step: int, most_rows: int | None = None, buffers: int = 1
    ) -> Iterable[tuple[int, Float32Table]]:
        """Returns the table at a step as pairs: the number of a block's first row, and
        the block, float32 ``[rows, embedding_dim]``. Other processes can read it, too,
        unless the vocabulary at this step is an older one.

        Args:
          most_rows: the number of rows in a block; by default, about 4 MiB of them.
          buffers: a block is valid until so many more are asked for.

        Raises: as ``table``; the checksum is known when the last block comes.
        """
        snapshot = self._snapshot(step)
        rows = self._columns.row_map(snapshot)
        if rows is None:
            return self._store.row_blocks(snapshot, most_rows, buffers)
        return vocabulary.take_blocks(self._store.table(snapshot), rows, most_rows)

    def sample_blocks(
        self, step: int, most_rows: int
    ) -> Iterable[tuple[int, Float32Table]]:
        """Returns about ``most_rows`` rows, spread evenly over the table at a step, as
        ``row_blocks`` does. Returns all rows if there are hardly more, or if the
        vocabulary at this step is an older one."""
        snapshot = self._snapshot(step)
        if (
            self.shape[0] <= 2 * most_rows
            or self._columns.row_map(snapshot) is not None
        ):
            return self.row_blocks(step)
        return self._store.sample(snapshot, most_rows)

    def rows(self, step: int, indices: Sequence[int]) -> Float32Table:
        """Returns rows of the table at a step, float32 ``[len(indices),
        embedding_dim]``.

        Raises: as ``table``, though the bytes of single rows are not checked.
        """
        return self._rows([step], indices)[0]

    def rows_at_all_steps(self, indices: Sequence[int]) -> list[Float32Table]:
        """Returns ``rows`` at each step, without steps that are damaged."""
        return self.skip_damaged(lambda: self._rows(self.steps, indices))

    def _rows(self, steps: Sequence[int], indices: Sequence[int]) -> list[Float32Table]:
        snapshots = [self._snapshot(step) for step in steps]
        checked = self._row_numbers(indices)
        maps = [self._columns.row_map(one) for one in snapshots]
        if all(one is None for one in maps):
            return self._store.rows_of_each(snapshots, checked)
        return [
            vocabulary.take_read(partial(self._store.rows, one), rows, checked)
            for one, rows in zip(snapshots, maps, strict=True)
        ]

    def _row_numbers(self, indices: Sequence[int]) -> list[int]:
        """Returns ``index_of`` each of some rows."""
        # To check them one by one takes longer than to read them.
        are_integers = set(map(type, indices)) == {int}
        if are_integers and min(indices) >= 0 and max(indices) < self.shape[0]:
            return [*indices]
        return [self.index_of(one) for one in indices]

    def absent(self, step: int) -> npt.NDArray[np.bool_]:
        """Returns which tokens the vocabulary at a step lacks, ``[vocab_size]``."""
        rows = self._columns.row_map(self._snapshot(step))
        return np.zeros(self.shape[0], np.bool_) if rows is None else rows < 0

    def births_and_deaths(self) -> list[tuple[int, int]]:
        """Returns how many tokens the vocabulary of each step has that the step before
        lacked, and how many it lacks that the step before had. Both are 0 at the first
        step."""

        def find() -> list[tuple[int, int]]:
            pairs = itertools.pairwise(self._snapshots.values())
            return [(0, 0), *(self._columns.births_and_deaths(*one) for one in pairs)]

        return self.skip_damaged(find)

    def checksums(self, *steps: int) -> tuple[int, ...]:
        """Returns the checksums of the records of these steps: they are equal for a
        copy of the log elsewhere, and don't depend on the vocabulary."""
        return tuple(self._snapshot(step).table.checksum for step in steps)

    def content_id(self, *steps: int) -> tuple[Hashable, ...]:
        """Returns a key that changes when the numbers of these steps, or their rows,
        change."""
        return tuple(self._columns.content_id(self._snapshot(step)) for step in steps)
