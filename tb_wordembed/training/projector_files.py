"""Files for the Projector's own tab, kept up to date while a model trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tb_wordembed.format.metadata import TOKEN_COLUMN
from tb_wordembed.format.paths import is_remote
from tb_wordembed.projector.metadata_file import Values
from tb_wordembed.projector.rows import MOST_ROWS
from tb_wordembed.projector.tab_files import Shown, write
from tb_wordembed.write.columns import Column
from tb_wordembed.write.harmless import Harmless

PROMPT_BYTES = 64_000_000
"""The size of the rows shown, in bytes, above which they are written at the end."""


class ProjectorFiles:
    """Files that show the latest tables. No error of theirs ends a training. The
    Projector reads no tables from a remote directory, so nothing is written there."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._written: int | None = None
        self._errors = Harmless(
            "The snapshots are not affected and training goes on; further failures are "
            "not reported"
        )

    def show(
        self, step: int, tables: Mapping[str, Shown], *, at_end: bool = False
    ) -> None:
        """Shows tables by tag: small ones at once, others when the training ends."""
        # The Projector shows no other tables, such as biases.
        shown = {tag: [one] for tag, one in tables.items() if min(one.shape) > 1}
        shapes = [one.shape for (one,) in shown.values()]
        size = sum(4 * min(rows, MOST_ROWS) * columns for rows, columns in shapes)
        is_due = step != self._written if at_end else size <= PROMPT_BYTES
        if not shown or not is_due or is_remote(self._directory):
            return
        with self._errors.caught(
            "the files for the Projector could not be written in "
            f"{self._directory} at step {step}"
        ):
            write(self._directory, shown)
            self._written = step


def values_of(columns: Sequence[Column], rows: int) -> dict[str, Values]:
    """Returns columns by name, the tokens first; without tokens, row numbers. Images
    are left out."""
    found: dict[str, Values] = {TOKEN_COLUMN: [f"#{row}" for row in range(rows)]}
    for one in columns:
        if one.has_images:
            continue
        found[one.name] = (
            one.values
            if isinstance(one.values, np.ndarray)
            else [text.decode("utf-8", "replace") for text in one.values]
        )
    return found
