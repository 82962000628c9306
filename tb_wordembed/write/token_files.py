"""Reads tokens and other columns from files: text, tables, JSON, NumPy arrays.

What a file holds is recognized by its content, and by its name only where two kinds
look alike.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tb_wordembed.format.paths import is_remote
from tb_wordembed.write.token_columns import as_number, is_header_word, readings_of
from tb_wordembed.write.token_objects import is_byte_level_file
from tb_wordembed.write.vocabulary import Reading, Vocabulary

_REMEDY = "A text is taken for the path of a file; pass tokens themselves as a list"
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
Rows = list[list[str]]


def read_file(path: str | os.PathLike[str]) -> Vocabulary | Any:
    """Reads a local or remote file.

    Returns:
      The vocabulary, or the dict or list that a JSON or NumPy file holds.

    Raises:
      FileNotFoundError: there is no such file.
      OSError: it can't be read.
      ValueError: it is empty, a directory, not a text, or its lines differ; says where.
    """
    content = _content(path)
    if content.startswith(b"\x93NUMPY"):
        return _read_numpy(path, content)
    text = _decoded(path, content)
    if not text.strip():
        raise ValueError(f"{path} is empty; it should have a line for every row")
    if text.lstrip()[0] in "[{":
        try:
            return _from_json(path, json.loads(text))
        except json.JSONDecodeError as error:
            if os.fspath(path).lower().endswith(".json"):
                raise ValueError(f"{path} is no valid JSON: {error}") from error
    return _read_lines(path, text)


# ------------------------------------------------------------------ bytes to characters


def _content(path: str | os.PathLike[str]) -> bytes:
    name = os.fspath(path)
    if not name:
        raise ValueError(f"tokens={name!r} is no path. {_REMEDY}")
    try:
        read = _read_remote if is_remote(name) else _read_local
        return read(name)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"tokens={name!r}: no such file. {_REMEDY}") from error
    except IsADirectoryError as error:
        raise ValueError(f"tokens={name!r} is a directory. {_REMEDY}") from error
    except OSError as error:
        raise OSError(f"tokens={name!r} can't be read: {error}. {_REMEDY}") from error


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


def _read_numpy(path: str | os.PathLike[str], content: bytes) -> Any:
    try:
        return np.load(io.BytesIO(content), allow_pickle=False)
    except ValueError as error:
        raise ValueError(
            f"{path} holds Python objects, which are not read since they could run "
            "code. Save texts: np.save(path, np.array(tokens, dtype=str))"
        ) from error


def _decoded(path: str | os.PathLike[str], content: bytes) -> str:
    """Returns the text of a file, with its line ends as ``\\n``."""
    marks = [mark for mark in _BYTE_ORDER_MARKS if content.startswith(mark)]
    encoding = _BYTE_ORDER_MARKS[marks[0]] if marks else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - before.rfind(b"\n")
        raise ValueError(
            f"{path} is no text in UTF-8: line {line}, byte {column} of the line is "
            f"0x{content[error.start]:02X}. Save it as UTF-8, or pass "
            f'Path({os.fspath(path)!r}).read_text("latin-1").splitlines() if that is '
            "its encoding"
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ValueError(
            f"{path} has a byte of value 0 in line {line}: it is no text, or in UTF-16 "
            "without a byte order mark. Save it as UTF-8"
        )
    text = text.replace("\r\n", "\n")
    return text if "\n" in text else text.replace("\r", "\n")


# ----------------------------------------------------------------------------- JSON


def _from_json(path: str | os.PathLike[str], content: Any) -> Any:
    """Returns the vocabulary, dict or list in a JSON file."""
    name = os.fspath(path)
    if isinstance(content, Mapping):
        model = content.get("model")
        if isinstance(model, Mapping) and "vocab" in model:
            return _of_tokenizer(name, content)
        config = content.get("config")
        if isinstance(config, Mapping) and "word_index" in config:  # Keras Tokenizer
            words = config["word_index"]
            return json.loads(words) if isinstance(words, str) else words
    elif content and all(isinstance(entry, Mapping) for entry in content):
        names = list(dict.fromkeys(key for entry in content for key in entry))
        columns = [[entry.get(key) for entry in content] for key in names]
        return Vocabulary(name, tuple(readings_of(names, columns)))
    return content


def _of_tokenizer(name: str, tokenizer: Mapping[str, Any]) -> Vocabulary:
    """Reads a tokenizer.json of Hugging Face."""
    vocab = tokenizer["model"]["vocab"]
    if isinstance(vocab, Mapping):
        words = {row: word for word, row in vocab.items()}
    else:  # Pairs of word and score.
        words = {row: entry[0] for row, entry in enumerate(vocab)}
    for added in tokenizer.get("added_tokens") or ():
        words[added["id"]] = added["content"]
    is_byte_level = is_byte_level_file(tokenizer)
    return Vocabulary(name, (Reading(words),), is_byte_level=is_byte_level)


# ----------------------------------------------------------------------- lines of text


def _read_lines(path: str | os.PathLike[str], text: str) -> Vocabulary:
    name = os.fspath(path)
    try:
        rows = _rectangle(_fields(text, Path(name).suffix.lower()))
        readings = list(_readings(rows))
    except (ValueError, csv.Error) as error:
        raise ValueError(f"{name}: {error}") from error
    blank = len(text) - len(text.rstrip("\n")) - 1
    if blank > 0:
        line = f"{blank} blank last lines were left out"
        readings = [
            replace(reading, remark="; ".join(filter(None, (reading.remark, line))))
            for reading in readings
        ]
    first = "\t".join(rows[0]) if len(readings) == 1 else None
    return Vocabulary(name, tuple(readings), first_line=first)


def _fields(text: str, suffix: str) -> Rows:
    """Splits a text into lines and fields."""
    lines = text.rstrip("\n").split("\n")
    if suffix == ".csv":
        counts = {mark: lines[0].count(mark) for mark in ",;\t"}
        return _csv_rows(text, max(counts, key=lambda mark: counts[mark]))
    if "\t" in text:
        return _tab_rows(text, lines)
    if (rows := _space_rows(lines)) is not None:
        return rows
    for mark in ",;":
        if lines[0].count(mark):
            try:
                rows = _csv_rows(text, mark)
            except csv.Error:
                continue
            even = {len(row) for row in rows} == {len(rows[0])}
            if even and _has_header(rows) is not None:
                return rows
    return _unquoted([[line] for line in lines])


def _csv_rows(text: str, delimiter: str) -> Rows:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [row or [""] for row in reader]
    except csv.Error as error:
        raise csv.Error(
            f"line {reader.line_num}: {error}; a field with a quote or a line end is "
            "put in quotes, and its quotes are doubled"
        ) from error
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _tab_rows(text: str, lines: list[str]) -> Rows:
    """Splits at tabs. Quotes count where a spreadsheet or R has put them."""
    plain = [line.split("\t") for line in lines]
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
    width = max(map(len, rows))
    for column in range(width):
        texts = [
            row[column]
            for row in rows
            if column < len(row) and row[column] and as_number(row[column]) is None
        ]
        if texts and all(re.fullmatch(r'"([^"]|"")*"', text) for text in texts):
            for row in rows:
                if column < len(row) and row[column].startswith('"'):
                    row[column] = row[column][1:-1].replace('""', '"')
    return rows


def _space_rows(lines: list[str]) -> Rows | None:
    """Splits lines of a word and numbers: counts, or vectors as of word2vec and GloVe.

    Returns:
      A word and its number, or the word alone before a vector; None for other lines.
    """
    number = r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
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
    line_pattern = re.compile(rf"(\S.*?)((?: {number}){{{count}}}) *")
    rows = []
    for line in body:
        match = line_pattern.fullmatch(line)
        if match is None:
            return None
        word, numbers = match.groups()
        rows.append([word, numbers.strip()] if count == 1 else [word])
    return rows


def _rectangle(rows: Rows) -> Rows:
    """Gives every line as many fields as the first.

    Raises:
      ValueError: a line has more fields; says which.
    """
    width = len(rows[0])
    if width > 0 and len(rows) > 1 and all(len(row) == width + 1 for row in rows[1:]):
        if width == 1 and not is_header_word(rows[0][0]):
            raise ValueError(_uneven(rows, 2))
        rows[0].insert(0, "")  # R writes no name above its column of row names.
        width += 1
    for number, row in enumerate(rows, start=1):
        while len(row) > width and not row[-1]:
            row.pop()
        if len(row) > width or (width > 1 and len(row) == 1 and not row[0]):
            raise ValueError(_uneven(rows, number))
        row += [""] * (width - len(row))
    used = [i for i in range(width) if any(row[i] for row in rows[1:] or rows)]
    used = [i for i in used if len(used) == 1 or any(row[i] for row in rows)]
    return [[row[i] for i in used or [0]] for row in rows]


def _uneven(rows: Rows, number: int) -> str:
    fields = len(rows[number - 1])
    return (
        f"{fields} fields in line {number} and {len(rows[0])} in line 1; "
        "a file of one column has no tabs at all"
    )


def _readings(rows: Rows) -> Iterator[Reading]:
    """Yields the ways to read lines: with a header, or without, or both."""
    has_header = _has_header(rows)
    meanings = ("line 1 is a header", "line 1 is no header")
    if len(rows[0]) == 1:
        words = [row[0] for row in rows]
        is_usual = len(words) > 1 and is_header_word(words[0])
        yield Reading(words, meaning=meanings[1] if is_usual else "")
        if is_usual:
            yield Reading(words[1:], meaning=meanings[0])
        return
    if has_header is not False and len(rows) > 1:
        names = [
            name or ("" if place == 1 else f"column {place}")
            for place, name in enumerate(rows[0], start=1)
        ]
        if has_header or len(set(names)) == len(names):
            yield from readings_of(names, _columns(rows[1:]), meanings[0], parse=True)
    if not has_header:
        names = [f"column {place}" for place in range(1, len(rows[0]) + 1)]
        columns = _columns(rows)
        if len(names) == 2 and _are_counts(columns[1]):
            names[1] = "count"
        yield from readings_of(names, columns, meanings[1], parse=True)


def _has_header(rows: Rows) -> bool | None:
    """Returns whether line 1 names the columns; None if that can't be decided.

    A column of numbers decides: its name is no number.
    """
    if len(rows) == 1:
        return None
    first = [name for name in rows[0] if name]
    if first == [str(place) for place in range(len(first))]:  # pandas without names
        return True if len(first) < len(rows[0]) else None
    above_numbers = [
        name
        for name, column in zip(rows[0], zip(*rows[1:], strict=True), strict=True)
        if name and any(column) and all(as_number(v) is not None for v in column if v)
    ]
    if above_numbers:
        return any(as_number(name) is None for name in above_numbers)
    return True if any(map(is_header_word, first)) else None


def _columns(rows: Rows) -> list[tuple[str, ...]]:
    return list(zip(*rows, strict=True))


def _are_counts(texts: Sequence[str]) -> bool:
    """Returns whether these are whole numbers, and don't number the rows."""
    if not all(text.isdecimal() for text in texts):
        return False
    return sorted(map(int, texts)) != list(range(len(texts)))
