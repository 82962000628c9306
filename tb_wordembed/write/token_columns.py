"""Finds the tokens among several columns of a file or a data frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tb_wordembed.format.column_names import ID_NAMES, name_parts, usual_names
from tb_wordembed.integers import as_integer
from tb_wordembed.write.valid_text import as_texts, is_missing
from tb_wordembed.write.vocabulary import ByRow, Reading

Column = Sequence[Any]

_ROW_NAMES = ("", "index", "row", "idx", "unnamed: 0")

_CODE = re.compile(r"[-+]?0\d")

MISSING = ("", "NA")
"""What stands for a number that is missing; the second is R's."""


def readings_of(
    names: Sequence[str],
    columns: Sequence[Column],
    meaning: str = "",
    *,
    parse: bool = False,
) -> list[Reading]:
    """Returns the ways to read columns, of which one holds the tokens.

    A column that numbers the rows says which row each token is for. Its name is index,
    row or the like, or it has none; a column of ids counts, too, if its numbers go to
    n - 1, or are 1 to n. The tokens are in the column that looks most like names.

    Args:
      names: the name of each column; none is empty, but that of row numbers may be.
      columns: for each name, ``[n]`` texts or numbers.
      meaning: what the caller assumes about the source.
      parse: whether columns of texts that all are numbers become numbers. Tokens stay
        texts, and so do columns with codes such as ``00501``.

    Raises:
      ValueError: there are two columns of the same name.
    """
    if len(set(names)) != len(names):
        raise ValueError(f"two columns of the same name: {', '.join(map(repr, names))}")
    raw = dict(zip(names, columns, strict=True))
    values = {
        name: (_parsed(column) if parse else None) or column
        for name, column in raw.items()
    }
    if not names:
        raise ValueError("a table without a column has no tokens")
    numbering = _row_numbers(values)
    if numbering is None or len(values) == 1:
        return [_reading(raw, values, meaning)]
    rows = [int(number) for number in values[numbering]]
    is_named = numbering.lower() in _ROW_NAMES
    if is_named:
        del raw[numbering], values[numbering]
    in_order = _reading(raw, values, meaning)
    size = len(rows)
    if rows == list(range(size)):
        return [in_order]
    meaning += f"{'; ' * bool(meaning)}column {numbering!r} numbers the rows"
    by_number = _reading(raw, values, meaning, _placed(rows))
    if is_named and rows != sorted(rows):
        remark = f"the rows are in the order of {numbering or 'the index'!r}"
        remark = "; ".join(filter(None, (by_number.remark, remark)))
        by_number = replace(by_number, remark=remark)
    readings = [by_number]
    if sorted(rows) == list(range(1, size + 1)):
        from_zero = _placed([row - 1 for row in rows])
        readings.insert(0, _reading(raw, values, f"{meaning} from 1 on", from_zero))
        if rows == list(range(1, size + 1)):
            readings[0] = replace(in_order, meaning="")
            return readings
    if not is_named and not numbering.startswith("column "):
        unused = f"column {numbering!r} is not used"
        readings.insert(0, replace(in_order, meaning=unused))
    return readings


def _row_numbers(columns: dict[str, Column]) -> str | None:
    """Returns the name of the column that numbers the rows, if there is one."""
    for name, values in columns.items():
        if len(values) == 0 or as_integer(values[0]) is None:
            continue
        numbers = [as_integer(value) for value in values]
        known = {number for number in numbers if number is not None}
        if len(known) < len(values) or not known or min(known) < 0:
            continue
        is_named = name.lower() in _ROW_NAMES
        is_id = bool(name_parts(name) & set(ID_NAMES))
        is_from_zero = max(known) == len(values) - 1
        is_from_one = is_id and known == set(range(1, len(values) + 1))
        is_meant = is_id or name.startswith("column ")
        if is_named or (is_meant and is_from_zero) or is_from_one:
            return name
    return None


def _placed(rows: Sequence[int]) -> Callable[[Column], ByRow]:
    """Returns a function that puts values into their rows."""

    def place(values: Column) -> ByRow:
        by_row = dict(zip(rows, values, strict=True))
        if by_row.keys() == set(range(len(rows))):
            return [by_row[row] for row in range(len(rows))]
        return by_row

    return place


def _reading(
    raw: dict[str, Column],
    columns: dict[str, Column],
    meaning: str,
    place: Callable[[Column], ByRow] = list,
) -> Reading:
    chosen, is_clear = _token_column(columns)
    remark = "" if is_clear else f"the tokens are in column {chosen!r}"
    return Reading(
        words=place(raw[chosen]),
        columns={
            name or "index": place(raw[name] if _has_codes(raw[name]) else values)
            for name, values in columns.items()
            if name != chosen
        },
        is_whole=True,
        meaning=meaning,
        remark=remark,
    )


def _token_column(columns: dict[str, Column]) -> tuple[str, bool]:
    """Returns the name of the column of tokens, and whether no other could be meant.

    A column with values that repeat is taken only if there is none without.
    """
    texts = [name for name, values in columns.items() if not _are_numbers(values)]
    usual = usual_names([*columns])
    ids = [name for name in columns if name_parts(name) & set(ID_NAMES)]
    distinct = {name for name, values in columns.items() if is_distinct(values)}
    order = [
        *(name for name in usual if name in distinct and name in texts),
        # An index of texts, beside a column that pandas has named after them.
        *(name for name in texts if name == "" and name in distinct),
        *(name for name in usual if name in distinct),
        *(name for name in texts if name in distinct),
        *(name for name in ids if name in distinct),
        *usual,
        *texts,
        *columns,
    ]
    chosen = order[0]
    others = {name for name in texts if name in distinct} - {chosen}
    if chosen in usual:
        is_clear = chosen in distinct or not others
    else:
        is_clear = chosen in texts and not others and not {*usual} & {*texts}
    return chosen, len(columns) == 1 or is_clear


def as_number(text: str) -> int | float | None:
    """Returns the number that a text is; None for other texts. What Python alone takes
    for a number, such as ``1_000``, is a text."""
    if "_" in text or not text.isascii():
        return None
    for parse in (int, float):
        try:
            return parse(text)
        except ValueError:
            continue
    return None


def _parsed(values: Column) -> list[Any] | None:
    """Returns texts as numbers, missing ones as None; None if some are no numbers."""
    numbers = []
    for value in values:
        numbers.append(as_number(value))
        if numbers[-1] is None and value not in MISSING:
            return None
    found = [number for number in numbers if number is not None]
    if not found:
        return None
    if all(isinstance(number, int) for number in found):
        return numbers
    return [None if number is None else float(number) for number in numbers]


def _has_codes(values: Column) -> bool:
    """Returns whether a value is a text such as ``00501``, whose zeros would be lost in
    a number."""
    return any(isinstance(value, str) and _CODE.match(value) for value in values)


def _are_numbers(values: Column) -> bool:
    has_text = any(issubclass(kind, (str, bytes)) for kind in set(map(type, values)))
    return not has_text and not all(map(is_missing, values))


def is_distinct(values: Column) -> bool:
    """Returns whether at least 99 % of the values are distinct."""
    return len(set(as_texts(values))) >= 0.99 * len(values)
