"""Prints rows as a table, CSV, JSON or Markdown."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable
from typing import TextIO

Row = dict[str, str | int | float | None]
"""A value per column; all rows of an answer have the same columns."""


def fields(one: object, *names: str) -> Row:
    """Returns a part of a row: attributes of an object, by their names."""
    return {name: getattr(one, name) for name in names}


_LONGEST = 200
"""The number of characters that a cell of a table shows."""

_QUOTED = re.compile(r'[",\r\n]|^\s|\s\Z')


def _write_table(rows: list[Row], out: TextIO) -> None:
    if not rows:
        return
    cells = [[_cell(name) for name in rows[0]]]
    cells += [[_cell(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    numeric = [not any(isinstance(row[name], str) for row in rows) for name in rows[0]]
    for line in cells:
        parts = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        ]
        out.write("  ".join(parts).rstrip() + "\n")


def _cell(value: str | float | None) -> str:
    if value is None or value != value:
        return "-"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    return printable(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def printable(text: str) -> str:
    """Escapes a text with characters that a terminal must not show, such as control
    characters in the names of a log."""
    return text if text.isprintable() else repr(text)[1:-1]


def _write_csv(rows: list[Row], out: TextIO) -> None:
    """Writes comma-separated values, with tokens as they are: what begins like a
    formula stays so, for programs that read the file."""
    if isinstance(out, io.TextIOWrapper) and not out.isatty():
        # In a file, other encodings and line ends would make other tokens.
        out.reconfigure(encoding="utf-8", newline="")
    lines = [list(rows[0]), *(row.values() for row in rows)] if rows else []
    for cells in lines:
        out.write(",".join(map(_csv_cell, cells)) + "\n")


def _csv_cell(value: str | float | None) -> str:
    # The csv module leaves a carriage return unquoted, at which its readers end a line.
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _write_json(rows: list[Row], out: TextIO) -> None:
    finite = [
        {
            name: value
            if not isinstance(value, float) or math.isfinite(value)
            else None
            for name, value in row.items()
        }
        for row in rows
    ]
    out.write(json.dumps(finite, indent=2, allow_nan=False) + "\n")


def _write_markdown(rows: list[Row], out: TextIO) -> None:
    """Writes a table for comments and reports, as GitHub renders it."""
    if not rows:
        return
    numeric = [not any(isinstance(row[name], str) for row in rows) for name in rows[0]]
    lines = [
        [_code(name) for name in rows[0]],
        ["---:" if right else "---" for right in numeric],
        *([_markdown_cell(value) for value in row.values()] for row in rows),
    ]
    for line in lines:
        out.write(f"| {' | '.join(line)} |\n")


def _markdown_cell(value: str | float | None) -> str:
    return _code(_cell(value)) if isinstance(value, str) else _cell(value)


def _code(text: str) -> str:
    # In code, a token is neither markup nor a link nor a mention of somebody.
    if not text:
        return ""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    edge = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{edge}{text}{edge}{fence}".replace("|", "\\|")


def markdown_paragraph(text: str) -> str:
    """Returns a text as a paragraph below a table."""
    return "\n" + _code(printable(text)).replace("\\|", "|") + "\n"


FORMATS: dict[str, Callable[[list[Row], TextIO], None]] = {
    "csv": _write_csv,
    "json": _write_json,
    "markdown": _write_markdown,
    "table": _write_table,
}
