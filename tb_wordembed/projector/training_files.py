"""Files for the Projector's own tab, kept up to date while a model trains."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tb_wordembed.format.metadata import TOKEN_COLUMN
from tb_wordembed.format.paths import is_remote
from tb_wordembed.projector.columns import Values
from tb_wordembed.projector.rows import MOST_ROWS, Numbers
from tb_wordembed.projector.tab_files import Shown, write
from tb_wordembed.write.columns import Column

_logger = logging.getLogger("tb_wordembed")

PROMPT_BYTES = 64_000_000
"""Tables that come to more, as the Projector is given them, wait for the end."""


@dataclass(frozen=True, eq=False)
class Source:
    """A table while it is trained: its shape, its numbers now, and its columns."""

    shape: tuple[int, int]
    table: Callable[[], Numbers]
    columns: Sequence[Column]

    @property
    def shown_bytes(self) -> int:
        """The size of the rows that the Projector is given."""
        rows, columns = self.shape
        return 4 * min(rows, MOST_ROWS) * columns


class TrainingFiles:
    """Keeps them at the latest state. Nothing that goes wrong ends the training.

    Args:
      directory: of the run. Of a remote one the Projector can't read raw tables: there
        nothing is written.
    """

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._written: int | None = None
        self._has_warned = False

    def show(
        self, step: int, sources: Mapping[str, Source], *, at_end: bool = False
    ) -> None:
        """Has the Projector show tables by tag: at once if they are small, or else when
        training ends."""
        # The Projector passes over others, such as biases.
        shown = {tag: one for tag, one in sources.items() if min(one.shape) > 1}
        size = sum(one.shown_bytes for one in shown.values())
        is_due = step != self._written if at_end else size <= PROMPT_BYTES
        if not shown or not is_due or is_remote(self._directory):
            return
        try:
            write(
                self._directory,
                {
                    tag: [Shown(step, one.table, _columns(one))]
                    for tag, one in shown.items()
                },
            )
            self._written = step
        except Exception as error:  # noqa: BLE001 - hours of training are at stake
            self._warn(step, error)

    def _warn(self, step: int, error: Exception) -> None:
        if not self._has_warned:
            _logger.warning(
                "the files for the Projector could not be written in %s at step %d: "
                "%s: %s. The snapshots are not affected and training goes on; further "
                "failures are not reported",
                self._directory,
                step,
                type(error).__name__,
                error,
            )
        self._has_warned = True


def _columns(source: Source) -> dict[str, Values]:
    found: dict[str, Values] = {
        one.name: [text.decode("utf-8", "replace") for text in one.values]
        if isinstance(one.values, tuple)
        else one.values
        for one in source.columns
    }
    tokens = found.pop(TOKEN_COLUMN, None)
    if tokens is None:
        tokens = [f"#{row}" for row in range(source.shape[0])]
    return {TOKEN_COLUMN: tokens, **found}
