"""Per-row columns from TSV files, in the Projector's convention."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

_TOKEN_COLUMN_NAMES = ("token", "word", "label")


def read_tsv(
    path: str | os.PathLike[str],
) -> tuple[list[str], dict[str, list[Any]]]:
    """Tokens and the other columns of a TSV file, UTF-8, as the Projector reads it.

    With several columns, the tokens are those of the column called token, word or
    label; if there is none, of the first whose entries are not all numbers.

    Raises:
      FileNotFoundError: there is no such file.
      ValueError: a row has not as many fields as the header; says which.
    """
    rows = [line.split("\t") for line in _lines(path)]
    if not rows:
        raise ValueError(f"{path} is empty; it should have a line for every row")
    if len(rows[0]) == 1:
        rows.insert(0, ["token"])
    header, *body = rows
    for number, row in enumerate(body, start=2):
        if len(row) != len(header):
            raise ValueError(
                f"{path} has {len(row)} fields in line {number} and {len(header)} in "
                "line 1; a file of one column has no tabs at all"
            )
    names = [name or f"column {i}" for i, name in enumerate(header, start=1)]
    if len(set(names)) != len(names):
        raise ValueError(f"{path} has two columns of the same name: {names}")
    columns = {name: [row[i] for row in body] for i, name in enumerate(names)}
    numbers = {name: _parse_numbers(values) for name, values in columns.items()}
    by_name = {name.lower(): name for name in names}
    chosen = next((by_name[n] for n in _TOKEN_COLUMN_NAMES if n in by_name), None)
    if chosen is None:
        chosen = next((name for name in names if numbers[name] is None), names[0])
    others: dict[str, list[Any]] = {
        n: numbers[n] or columns[n] for n in names if n != chosen
    }
    return columns[chosen], others


def _lines(path: str | os.PathLike[str]) -> list[str]:
    name = os.fspath(path)
    try:
        if "://" in name:
            from tensorboard.compat import tf

            with tf.io.gfile.GFile(name, "rb") as remote:
                content: bytes = remote.read()
        else:
            content = Path(name).expanduser().read_bytes()
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"tokens={name!r}: no such file. A text is taken for the path of a TSV "
            "file; pass tokens themselves as a list"
        ) from error
    lines = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _parse_numbers(values: list[str]) -> list[float | int | None] | None:
    """The values as numbers, empty ones as None; None if they are not."""
    for parse in (int, float):
        try:
            numbers = [parse(value) if value else None for value in values]
        except ValueError:
            continue
        return numbers if any(number is not None for number in numbers) else None
    return None
