"""Chooses what an import takes: the table of several in a file, the step of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tb_wordembed.errors import FileError, quoted
from tb_wordembed.format.metadata import TABLE_DTYPES
from tb_wordembed.snapshots.checkpoints.find import natural
from tb_wordembed.snapshots.checkpoints.placed_rows import (
    called_embeddings,
    own_tables,
)
from tb_wordembed.write.table_files.found_array import Found

_MOST_LISTED = 30

_DIGITS = re.compile(r"(\d+)")


def table_of(found: Sequence[Found], key: str | None) -> tuple[str, str]:
    """Returns the name of the array that is meant, and a sentence that says why.

    Args:
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


def steps_of(names: Sequence[str], pattern: str | None) -> tuple[list[int], str]:
    """Returns the step of each file, and a sentence that says where they are from.

    Args:
      pattern: a regular expression with a group that is the step; where it matches
        several times, the last counts. None takes the number in which the names
        differ, if they differ in one, or else 0, 1, 2, ... in natural order: 2 before
        10.

    Raises:
      ValueError: the expression is wrong, or no number is where it looks.
    """
    if pattern is not None:
        return [_matched(name, pattern) for name in names], "as --step-from says"
    if len(names) == 1:
        return [0], "0, for a single file"
    parts = [_DIGITS.split(name) for name in names]
    if len({tuple(one[::2]) for one in parts}) == 1:
        numbers = [[int(number) for number in one[1::2]] for one in parts]
        varying = [of for of in zip(*numbers, strict=True) if len(set(of)) > 1]
        if (
            len(varying) == 1
            and len(set(varying[0])) == len(names)
            and max(varying[0]) < 2**63
        ):
            return list(varying[0]), "the number in the names"
    ordered = sorted(names, key=natural)
    return [ordered.index(name) for name in names], (
        "0, 1, 2, ... in the order of the names, which differ in more than a number; "
        "--step-from takes another"
    )


def _matched(name: str, pattern: str) -> int:
    try:
        found = next(iter([*re.finditer(pattern, name)][::-1]), None)
    except re.error as error:
        raise ValueError(
            f"step_from={pattern!r} is no regular expression: {error}"
        ) from error
    if found is None or not found.groups():
        raise ValueError(
            f"step_from={pattern!r} finds no step in {name!r}; expected a regular "
            r"expression with a group around the number, such as 'epoch-(\d+)'"
        )
    if not re.fullmatch(r"\d+", found[1] or ""):
        raise ValueError(
            f"step_from={pattern!r} finds {found[1]!r} in {name!r}, which is no number"
        )
    return int(found[1])
