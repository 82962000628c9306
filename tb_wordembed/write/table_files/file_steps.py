"""The step of each file: the numbers in their names, or their order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tb_wordembed.snapshots.checkpoints.find import natural

_DIGITS = re.compile(r"(\d+)")


def steps_of(names: Sequence[str], pattern: str | None) -> tuple[list[int], str]:
    """Returns the step of each file, and a sentence that says where they are from.

    Args:
      names: the files, as they were passed.
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
