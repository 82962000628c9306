"""Tokens that a caller gives for the rows of checkpoints."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import numpy as np
from crc32c import crc32c

from tb_wordembed.errors import quoted
from tb_wordembed.snapshots.index_entries import FileId, Location
from tb_wordembed.snapshots.tensors import Bytes, text_tensor

TokensOf = Callable[[int], Sequence[str]]
"""Returns the token of each row of a table, by the number of its rows. Raises
ValueError if there are none for so many rows; the message says why."""


class GivenTokens:
    """The tokens, if any, of all tables that they fit."""

    def __init__(self, tokens: TokensOf | None = None) -> None:
        self._tokens = tokens
        self._contents: dict[int, Bytes | None] = {}
        self._why_not = "there are no checkpoints"

    def check(self) -> None:
        """Raises ValueError if there are tokens, and no table had so many rows."""
        if self._tokens and not any(one is not None for one in self._contents.values()):
            raise ValueError(
                f"the tokens are of no table: {self._why_not}. They are given to "
                "checkpoints that are read where they lie; event files have theirs"
            )

    def location(self, rows: int, directory: str) -> Location | None:
        """Returns the place of the tokens of a table, which holds them, as they are in
        no file; None if none fit. Raises TypeError if they are no texts."""
        if self._tokens and rows not in self._contents:
            self._contents[rows] = None
            try:
                texts = _encoded(self._tokens(rows), rows)
            except ValueError as error:
                self._why_not = str(error)
            else:
                encoded = text_tensor(rows, [texts])
                self._contents[rows] = np.frombuffer(encoded, np.uint8)
        content = self._contents.get(rows)
        if content is None:
            return None
        name = os.path.join(directory, "tokens")  # noqa: PTH118 - keeps "//"
        file, size = FileId(name, 0, 0, 0, directory), len(content)
        mark = crc32c(content.data)
        place = file, 0, size, mark, "text", (rows,)
        return Location(*place, "message", 0, size, held=content)


def _encoded(tokens: Sequence[str], rows: int) -> list[bytes]:
    """Returns the tokens of so many rows in UTF-8. Raises ValueError if there are more
    or fewer, and TypeError if they are no texts."""
    if isinstance(tokens, str):
        wrong = [tokens]
    else:
        wrong = [one for one in tokens if not isinstance(one, str)]
    if wrong:
        raise TypeError(
            f"tokens: expected a list with the text of each row, not {quoted(wrong[0])}"
        )
    if len(tokens) != rows:
        raise ValueError(f"there are {len(tokens)} tokens, and a table of {rows} rows")
    return [one.encode("utf-8", "replace") for one in tokens]
