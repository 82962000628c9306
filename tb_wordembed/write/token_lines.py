"""Reads tokens and other columns from the lines of a text: one per line, or a table."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tb_wordembed.format.column_names import is_header_word
from tb_wordembed.write.token_columns import (
    MISSING,
    as_number,
    is_distinct,
    readings_of,
)
from tb_wordembed.write.vocabulary import Reading, Vocabulary

Rows = list[list[str]]


def read_lines(path: str | os.PathLike[str], text: str) -> Vocabulary:
    """Reads a list with a token per line, or a table of fields. In the text of the
    file, lines end with ``\\n``. Raises ValueError, and says where, if they differ in
    their number of fields."""
    name = os.fspath(path)
    try:
        rows = _rectangle(_fields(text, Path(name).suffix.lower()))
        is_list = len(rows[0]) == 1
        readings = list(_readings_of_list(rows) if is_list else _readings(rows))
    except (ValueError, csv.Error) as error:
        raise ValueError(f"{name}: {error}") from error
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        remark = f"line {line} has a carriage return inside, which ends no line here"
        readings = [replace(reading, remark=remark) for reading in readings]
    has_header = any("is a header" in reading.meaning for reading in readings)
    first = None if has_header or len(rows) == 1 else "\t".join(rows[0])
    return Vocabulary(name, tuple(readings), first_line=first)


def _fields(text: str, suffix: str) -> Rows:
    """Splits a text into lines and fields."""
    lines = text.rstrip("\n").split("\n")
    if len(lines) > 1 and (named := re.fullmatch("sep=(.)", lines[0])):  # Excel's
        return _csv_rows(text.partition("\n")[2], named[1])
    is_csv = suffix == ".csv"
    if not is_csv:
        if (rows := _numbered_rows(lines)) is not None:
            return rows
        if "\t" in text:
            return _tab_rows(text, lines)
        if all(re.match('"[^"]*" ["0-9]', line) for line in lines[1:] or [""]):
            with contextlib.suppress(csv.Error):  # What write.table of R writes.
                return _csv_rows(text, " ")
        if (rows := _space_rows(lines)) is not None:
            return rows
    for mark in ("::", "|", ";", "\t", ","):
        if mark in lines[0] and (rows := _even_rows(text, mark)) is not None:
            is_sure = is_csv or (mark == ";" and len(rows) > 1)
            if is_sure or _has_header(rows) is not None:
                return rows
    if is_csv:
        return _csv_rows(text, max(",;\t", key=lines[0].count))
    return _unquoted([[line] for line in text.removesuffix("\n").split("\n")])


def _numbered_rows(lines: list[str]) -> Rows | None:
    """Returns the words of lines such as ``0 cat`` or ``1: cat``, whose numbers are
    those of the lines, from 0 or 1 on; None for others."""
    rows = []
    first = 0 if lines[0].startswith("0") else 1
    for number, line in enumerate(lines, start=first):
        # Numbers that follow a number are a vector.
        match = re.fullmatch(rf"{number}(?:: ?| )([^\d.+-].*)", line)
        if match is None or len(lines) == 1:
            return None
        rows.append([match[1]])
    return rows


def _even_rows(text: str, mark: str) -> Rows | None:
    """Splits at a mark; None if the lines differ in the number of fields."""
    try:
        rows = (
            [line.split(mark) for line in text.rstrip("\n").split("\n")]
            if len(mark) > 1
            else _csv_rows(text, mark)
        )
    except csv.Error:
        return None
    return rows if {len(row) for row in rows} == {len(rows[0])} else None


def _csv_rows(text: str, delimiter: str) -> Rows:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [row or [""] for row in reader]
    except csv.Error as error:
        raise csv.Error(
            f"line {reader.line_num}: {error}; a field with a quote or a line end is "
            "put in quotes, and its quotes are doubled"
        ) from error
    return _without_last_blanks(rows)


def _without_last_blanks(rows: Rows) -> Rows:
    count = len(rows)
    while count and not any(map(str.strip, rows[count - 1])):
        count -= 1
    return rows[:count]


def _tab_rows(text: str, lines: list[str]) -> Rows:
    """Splits at tabs. Quotes count where a spreadsheet or R has put them."""
    plain = _without_last_blanks([line.split("\t") for line in lines])
    if '"' not in text:
        return plain
    try:
        quoted = _csv_rows(text, "\t")
    except csv.Error:
        return plain
    if len({len(row) for row in quoted}) < len({len(row) for row in plain}):
        return quoted  # Some fields hold tabs or line ends.
    return _unquoted(plain)


def _unquoted(rows: Rows) -> Rows:
    """Removes quotes from the columns in which every text has them."""
    for column in range(max(map(len, rows))):
        texts = [row[column] for row in rows if column < len(row) and row[column]]
        bare = (text for text in texts if not re.fullmatch(r'"([^"]|"")*"', text))
        if all(as_number(text) is not None for text in bare):
            for row in rows:
                if column < len(row) and row[column].startswith('"'):
                    row[column] = row[column][1:-1].replace('""', '"')
    return rows


def _space_rows(lines: list[str]) -> Rows | None:
    """Splits lines of a word and its count, and leaves out vectors behind words, as of
    word2vec and GloVe; None for other lines."""
    number = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
    first = lines[1] if re.fullmatch(r"\d+ \d+", lines[0]) and len(lines) > 1 else None
    body = lines[1:] if first is not None else lines
    fields = body[0].rstrip().split(" ")
    count = 0
    while count < len(fields) - 1 and re.fullmatch(number, fields[-1 - count]):
        count += 1
    if first is not None and count != int(lines[0].split(" ")[1]):
        body, count = lines, 1
    if count == 0:
        return None
    if count > 1:
        number += "|[-+]?nan|[-+]?inf"
    # A word may be a space of another kind, or have spaces in it.
    line_pattern = re.compile(rf"([^ ].*?)((?: (?:{number})){{{count}}}) *")
    rows = []
    for line in body:
        match = line_pattern.fullmatch(line)
        if match is None:
            return None
        word, numbers = match.groups()
        rows.append([word, numbers.strip()] if count == 1 else [word])
    # Phrases such as "windows 95" and "windows 98" are no words with a count.
    return rows if count > 1 or is_distinct([row[0] for row in rows]) else None


def _rectangle(rows: Rows) -> Rows:
    """Gives every line as many fields as the first."""
    width = len(rows[0])
    if {*map(len, rows)} == {1}:
        return rows
    if len(rows) > 1 and all(len(row) == width + 1 for row in rows[1:]):
        if width == 1 and not _are_numbered(rows):
            raise ValueError(_uneven(rows, 2))
        if any(row[1].startswith(" ") for row in rows[1:]):
            raise ValueError(
                f"{_uneven(rows, 2)}. A field with the mark between fields inside is "
                "put in quotes"
            )
        rows[0].insert(0, "")  # R writes no name above its column of row names.
        width += 1
    for number, row in enumerate(rows, start=1):
        while len(row) > width and not row[-1]:
            row.pop()
        if len(row) > width or (width > 1 and len(row) == 1 and not row[0]):
            raise ValueError(_uneven(rows, number))
        row += [""] * (width - len(row))
    used = [i for i in range(width) if any(row[i] for row in rows[1:] or rows)]
    return [[row[i] for i in used or [0]] for row in rows]


def _are_numbered(rows: Rows) -> bool:
    """Returns whether the lines after a header start with the numbers 1 to n."""
    numbers = [str(number) for number in range(1, len(rows))]
    return is_header_word(rows[0][0]) and [row[0] for row in rows[1:]] == numbers


def _uneven(rows: Rows, number: int) -> str:
    if not any(rows[number - 1]):
        return f"line {number} is blank; delete it"
    fields = len(rows[number - 1])
    return (
        f"{fields} fields in line {number} and {len(rows[0])} in line 1; "
        "a file of one column has no tabs at all"
    )


_MEANINGS = ("line 1 is a header", "line 1 is no header")


def _readings_of_list(rows: Rows) -> Iterator[Reading]:
    """Yields the ways to read lines of one field: with a header, with blank lines."""
    all_words = [row[0] for row in rows]
    words = [row[0] for row in _without_last_blanks(rows)]
    blanks = {"": words}
    if not all(map(str.strip, all_words)):
        left = "" if len(words) == len(all_words) else "blank last lines are left out"
        full = [word for word in words if word.strip()]
        blanks = {left: words, "blank lines are left out": full}
        blanks["blank lines are rows"] = all_words
    for of_blanks, words in blanks.items():
        is_usual = len(words) > 1 and is_header_word(words[0])
        for skipped, of_header in ((0, _MEANINGS[1]), (1, _MEANINGS[0])):
            if is_usual or not skipped:
                meaning = "; ".join(filter(None, (of_header * is_usual, of_blanks)))
                yield Reading(words[skipped:], meaning=meaning)


def _readings(rows: Rows) -> Iterator[Reading]:
    """Yields the ways to read a table: with a header, or without, or both."""
    has_header = _has_header(rows)
    if has_header is not False and len(rows) > 1:
        names = [
            name or ("" if place == 1 else f"column {place}")
            for place, name in enumerate(rows[0], start=1)
        ]
        if has_header or len(set(names)) == len(names):
            columns = list(zip(*rows[1:], strict=True))
            yield from readings_of(names, columns, _MEANINGS[0], parse=True)
    if not has_header:
        names = [f"column {place}" for place in range(1, len(rows[0]) + 1)]
        columns = list(zip(*rows, strict=True))
        if len(names) == 2 and _are_counts(columns[1]):
            names[1] = "count"
        yield from readings_of(names, columns, _MEANINGS[1], parse=True)


def _has_header(rows: Rows) -> bool | None:
    """Returns whether line 1 names the columns: a column of numbers decides, as its
    name is no number. None if that can't be decided."""
    if len(rows) == 1:
        return None
    first = [name for name in rows[0] if name]
    if first == [str(place) for place in range(len(first))]:  # pandas without names
        return True if len(first) < len(rows[0]) else None
    above_numbers = [
        name
        for name, column in zip(rows[0], zip(*rows[1:], strict=True), strict=True)
        if name
        and {*column} - {*MISSING}
        and all(v in MISSING or as_number(v) is not None for v in column)
    ]
    if above_numbers:
        return any(as_number(name) is None for name in above_numbers)
    return True if any(map(is_header_word, first)) else None


def _are_counts(texts: Sequence[str]) -> bool:
    """Returns whether these are whole numbers, and don't number the rows."""
    if not all(text.isdecimal() for text in texts):
        return False
    return sorted(map(int, texts)) != list(range(len(texts)))
