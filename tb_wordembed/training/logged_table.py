"""An embedding table of a model of any framework, as a training logs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tb_wordembed.format.metadata import RowRanges
from tb_wordembed.write.columns import Column
from tb_wordembed.write.stored_dtypes import Array


@dataclass(frozen=True, kw_only=True)
class LoggedTable:
    """An embedding table of a model, which is the table of one of its layers.

    Attributes:
      shape: its number of rows and of columns.
      table: returns it as it is now, ``[vocab_size, embedding_dim]``.
      is_divided: whether each process logs the rows that it has. ``table`` returns one
        of which ``tb_wordembed.write.shards.shards_of`` finds them.
      tag: its tag, which no other table of the model has; empty until it has one.
      has_tokens: whether its rows are tokens, and not positions.
      chosen: the numbers of the rows to log, int64 ``[rows]``; None for all.
      columns: the columns to write beside it, of the rows to log.
      fixed_rows: the rows of the whole table that training must not change, such as
        padding; None where that is not known.
      tokens_from: the name of what its tokens were found in, if nobody passed them.
    """

    shape: tuple[int, int]
    table: Callable[[], Any]
    is_divided: bool = False
    tag: str = ""
    has_tokens: bool = True
    chosen: Array | None = None
    columns: tuple[Column, ...] = ()
    fixed_rows: RowRanges | None = None
    tokens_from: str = ""

    @property
    def rows(self) -> int:
        """The number of rows of the table."""
        return self.shape[0]

    @property
    def logged_shape(self) -> tuple[int, int]:
        """The number of rows to log, and of columns."""
        rows = self.rows if self.chosen is None else len(self.chosen)
        return rows, self.shape[1]

    @property
    def is_built(self) -> bool:
        """Whether there are numbers to log."""
        return True

    def is_named(self, by: Any) -> bool:
        """Returns whether this table is meant by a name."""
        return bool(by == self.tag)


def sizes(tables: Sequence[LoggedTable]) -> str:
    """Returns the tags of tables and how many rows each has."""
    each = (f"{one.tag!r} with {one.rows} rows" for one in tables)
    return "the Embedding layers " + ", ".join(each)


def described(tables: Sequence[LoggedTable]) -> str:
    """Returns the tags of tables, their shapes, and where their tokens were found."""
    each = (
        f"{one.tag!r} ({_rows(one)} x {one.shape[1]}"
        f"{one.tokens_from and f', tokens of {one.tokens_from!r}'})"
        for one in tables
    )
    return ", ".join(each) or "no table yet"


def _rows(table: LoggedTable) -> str:
    logged = table.logged_shape[0]
    return f"{logged}" if logged == table.rows else f"{logged} of {table.rows} rows"


def no_layer(argument: str, by: Any, tables: Sequence[LoggedTable]) -> str:
    """Returns the message that an argument names a layer that is not there."""
    name = getattr(by, "name", by)
    return f"{argument}: there is no layer {name!r}; the model has {sizes(tables)}"
