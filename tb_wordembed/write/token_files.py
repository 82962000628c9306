"""Reads tokens and other columns from files: TSV, as the Projector reads it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tb_wordembed.format.paths import is_remote

_TOKEN_COLUMN_NAMES = ("token", "word", "label")
_REMEDY = "A text is taken for the path of a TSV file; pass tokens themselves as a list"


def read_file(path: str | os.PathLike[str]) -> tuple[list[str], dict[str, list[Any]]]:
    """Reads the tokens and the other columns of a local or remote file in UTF-8.

    With several columns, the tokens are in the one called token, word or label; if
    there is none, in the first whose entries are not all numbers.

    Raises:
      FileNotFoundError: there is no such file.
      OSError: it can't be read.
      ValueError: it is empty or a directory, or a row has not as many fields as the
        header; says which.
    """
    rows = [line.split("\t") for line in _lines(path)]
    if not rows:
        raise ValueError(f"{path} is empty; it should have a line for every row")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise ValueError(
                f"{path} has {len(row)} fields in line {number} and {len(rows[0])} in "
                "line 1; a file of one column has no tabs at all"
            )
    header, body = (["token"], rows) if len(rows[0]) == 1 else (rows[0], rows[1:])
    names = [name or f"column {i}" for i, name in enumerate(header, start=1)]
    if len(set(names)) != len(names):
        raise ValueError(f"{path} has two columns of the same name: {names}")
    columns = {name: [row[i] for row in body] for i, name in enumerate(names)}
    numbers = {name: _parse_numbers(values) for name, values in columns.items()}
    by_name = {name.lower(): name for name in names}
    texts = [name for name in names if numbers[name] is None]
    wanted = [by_name[name] for name in _TOKEN_COLUMN_NAMES if name in by_name]
    chosen = [*wanted, *texts, *names][0]
    others = {n: numbers[n] or columns[n] for n in names if n != chosen}
    return columns[chosen], others


def _lines(path: str | os.PathLike[str]) -> list[str]:
    name = os.fspath(path)
    if not name:
        raise ValueError(f"tokens={name!r} is no path. {_REMEDY}")
    try:
        read = _read_remote if is_remote(name) else _read_local
        content = read(name)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"tokens={name!r}: no such file. {_REMEDY}") from error
    except IsADirectoryError as error:
        raise ValueError(f"tokens={name!r} is a directory. {_REMEDY}") from error
    except OSError as error:
        raise OSError(f"tokens={name!r} can't be read: {error}. {_REMEDY}") from error
    lines = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _read_local(name: str) -> bytes:
    return Path(name).expanduser().read_bytes()


def _read_remote(name: str) -> bytes:
    from tensorboard.compat import tf

    try:
        with tf.io.gfile.GFile(name, "rb") as file:
            content: bytes = file.read()
            return content
    except (FileNotFoundError, tf.errors.NotFoundError) as error:
        raise FileNotFoundError(name) from error
    except Exception as error:
        # Each file system raises errors of its own.
        raise OSError(f"{type(error).__name__}: {error}") from error


def _parse_numbers(values: list[str]) -> list[Any] | None:
    """Returns the values as numbers, empty ones as None; None if some are texts."""
    for parse in (int, float):
        try:
            numbers = [parse(value) if value else None for value in values]
        except ValueError:
            continue
        return numbers if any(number is not None for number in numbers) else None
    return None
