"""Chooses one of several arrays in a file: by name, or where only one can be meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tb_wordembed.errors import FileError, quoted
from tb_wordembed.format.metadata import TABLE_DTYPES
from tb_wordembed.snapshots.checkpoints.placed_rows import (
    called_embeddings,
    own_tables,
)
from tb_wordembed.write.table_files.found_array import Found

_MOST_LISTED = 30


def choose(found: Sequence[Found], key: str | None) -> tuple[str, str]:
    """Returns the name of the array that is meant, and a sentence that says why.

    Args:
      found: the arrays in a file; several have the same name where they differ in step.
      key: the name, or a part that no other name has; None takes the only table, or the
        only one of several whose name says that it is an embedding.

    Raises:
      FileError: several may be meant, or none; lists them with their shapes.
    """
    tables = {one.key: one for one in found if _is_table(one)}
    if not tables:
        raise FileError(
            "has no table in it: no array of floats of shape [vocab_size, "
            f"embedding_dim]. It has {_listed(found)}"
        )
    if key is not None:
        named = [key] if key in tables else [one for one in tables if key in one]
        if len(named) == 1:
            return named[0], "named"
        problem = "several tables whose names have" if named else "no table"
        shown = [tables[one] for one in named] or tables.values()
        raise FileError(f"has {problem} {quoted(key)}. It has {_listed(shown)}")
    own = own_tables(tables)
    named = called_embeddings(own)
    if len(own) == 1:
        return own[0], "the only table"
    if len(named) == 1:
        return named[0], f"the only one of {len(own)} that is called an embedding"
    shown = [tables[one] for one in named or own or tables]
    raise FileError(
        f"has several tables. Say which with --key, by its name or a part of it: "
        f"{_listed(shown)}"
    )


def _is_table(one: Found) -> bool:
    return len(one.shape) == 2 and one.dtype in (*TABLE_DTYPES, "float")


def _listed(found: Iterable[Found]) -> str:
    named = [str(one) for one in found]
    more = len(named) - _MOST_LISTED
    return ", ".join(named[:_MOST_LISTED]) + (f" and {more} more" if more > 0 else "")
