"""Reads vectors in text, as of word2vec, GloVe and fastText, or of the Projector."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import multimode

import numpy as np

from tb_wordembed.errors import FileError, quoted
from tb_wordembed.write.stored_dtypes import Array
from tb_wordembed.write.table_files.found_array import (
    Content,
    Found,
    Report,
)
from tb_wordembed.write.valid_text import as_text

HEADER = re.compile(rb"(\d+) (\d+)[ \r]*\n")
"""The first line of word2vec's formats: the numbers of rows and of columns."""

_NUMBER = re.compile(
    rb"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|inf)", re.I
)
_WHOLE = re.compile(rb"\d+")
_DECIMAL_COMMA = re.compile(rb"\d+[ ;]+[-+]?\d+")
"""What is between two commas of numbers such as ``0,1 0,2``."""

_BLOCK_BYTES = 1 << 22
_FIRST_LINES = 20
_ENDS = b" \t\r\n"


@dataclass(frozen=True)
class _Layout:
    """How a file is laid out: where its first row is, how many there are if a header
    says it, and of how many numbers, which may follow a word."""

    start: int
    rows: int | None
    dim: int
    separator: bytes
    has_words: bool


def find(path: Path, *, has_words: bool | None = None) -> list[Found]:
    """Returns the table in a text file. ``has_words`` says whether each line begins
    with a word; None finds out."""
    layout = _layout(path, has_words)
    shape = layout.rows, layout.dim
    return [Found("", shape, "float32", partial(_read, path, layout))]


def _layout(path: Path, has_words: bool | None) -> _Layout:
    with path.open("rb") as file:
        content = file.read(_BLOCK_BYTES)
    start = len(codecs.BOM_UTF8) * content.startswith(codecs.BOM_UTF8)
    lines = content[start:].split(b"\n")
    header = HEADER.fullmatch(lines[0] + b"\n") if len(lines) > 1 else None
    first = [one.rstrip(_ENDS) for one in lines[bool(header) :][:_FIRST_LINES]]
    first = [one for one in first if one]
    if not first:
        raise FileError("has no line with a vector")
    # A word may be a comma, as the first one of many files is.
    marks = (mark for mark in (b"\t", b",") if all(mark in line for line in first))
    separator = next(marks, b" ")
    fields = [one.split(separator) for one in first]
    if separator == b"," and any(map(_DECIMAL_COMMA.fullmatch, fields[0][1:-1])):
        raise FileError(
            f"has commas in its numbers, as in {quoted(as_text(first[0]))}; expected "
            "points: replace each comma by a point"
        )
    if header is not None:
        rows, dim = int(header[1]), int(header[2])
        # A number and its separator are two bytes at least.
        if rows * dim * 2 > path.stat().st_size:
            raise FileError(
                f"says in its first line that it has {rows:,} rows of {dim} numbers, "
                f"but has {path.stat().st_size:,} bytes: it is damaged or cut short"
            )
        least = min(numbers_at_end(one[1:]) for one in fields)
        if least > dim:
            raise FileError(
                f"says in its first line that rows have {dim} numbers, but they have "
                f"{least}. Correct the number in the first line; in words that end in "
                "numbers, put _ in place of spaces"
            )
        is_plain = len(fields[0]) == dim and has_words is not True
        return _Layout(start + header.end(), rows, dim, separator, not is_plain)
    if has_words is None:
        if len(fields) > 1 and separator != b" " and _are_names(*fields[:2]):
            start += len(lines[0]) + 1
            fields = fields[1:]
        has_words = _begins_with_words(fields)
    # A word may have spaces in it, or numbers at its end: most lines decide.
    counts = [numbers_at_end(one[has_words:]) for one in fields]
    dim = min(multimode(one for one in counts if one > 0), default=0)
    if dim < 1:
        raise FileError(
            "is not of a kind that is known. Its first line is "
            f"{quoted(as_text(first[0]))}; expected a word and its vector on each "
            "line, or another format that tb-wordembed import --help names"
        )
    return _Layout(start, None, dim, separator, has_words)


def _are_names(first: Sequence[bytes], second: Sequence[bytes]) -> bool:
    """Returns whether the first line names the columns, as pandas and R do: by words,
    or by 0, 1, 2 and so on above other numbers."""
    names = [one.strip(b' "') for one in first]
    if not any(map(_NUMBER.fullmatch, names[1:])):
        return len(names) > 1
    numbers = names[1:] if names[0] != b"0" else names
    are_whole = all(_WHOLE.fullmatch(one.strip()) for one in second[1:])
    return (
        not are_whole
        and len(numbers) > 1
        and numbers == [b"%d" % at for at in range(len(numbers))]
    )


def numbers_at_end(fields: Sequence[bytes]) -> int:
    """Returns how many numbers there are after the last field that is none."""
    count = 0
    while count < len(fields) and _NUMBER.fullmatch(fields[-1 - count].strip()):
        count += 1
    return count


def _begins_with_words(lines: Sequence[Sequence[bytes]]) -> bool:
    """Returns whether lines without a header begin with words. Raises FileError if they
    may begin with numbers for tokens, or with those of the vector."""
    if not all(_NUMBER.fullmatch(fields[0]) for fields in lines):
        return True
    rest = [field for fields in lines for field in fields[1:]]
    are_whole = all(_WHOLE.fullmatch(fields[0]) for fields in lines)
    if are_whole and not all(map(_WHOLE.fullmatch, rest)):
        raise FileError(
            "begins each line with a whole number, which may be a token or the first "
            "number of the vector. Write the numbers of rows and of columns into a "
            "first line, as word2vec does, such as '1000 64'"
        )
    return False


def _read(path: Path, layout: _Layout, report: Report) -> Content:
    rows = layout.rows
    if rows is None:
        # A number and its separator are two bytes at least.
        most = path.stat().st_size // (2 * layout.dim) + 1
        rows = min(_most_rows(path), most)
    numbers = np.empty((rows, layout.dim), np.float32)
    words: list[str] = []
    row = 0
    for lines in _blocks(path, layout):
        if row + len(lines) > rows:
            raise FileError(f"has more rows than the {rows:,} that its first line says")
        pairs = _split(lines, layout)
        numbers[row : row + len(lines)] = _parsed(pairs, layout, row)
        if layout.has_words:
            words += _texts([_unquoted(word, layout) for word, _ in pairs])
        row += len(lines)
        report(row / rows)
    if layout.rows is not None and row < rows:
        raise FileError(
            f"ends after {row:,} of the {rows:,} rows that its first line says: it is "
            "cut short"
        )
    return Content(numbers[:row], words or None)


def _most_rows(path: Path) -> int:
    """Returns the number of lines, of which some may be blank."""
    with path.open("rb") as file:
        blocks = iter(lambda: file.read(_BLOCK_BYTES), b"")
        return sum(block.count(b"\n") for block in blocks) + 1


def _blocks(path: Path, layout: _Layout) -> Iterator[list[bytes]]:
    """Yields lines without their ends; blank ones are left out."""
    with path.open("rb") as file:
        file.seek(layout.start)
        while lines := file.readlines(_BLOCK_BYTES):
            stripped = [line.rstrip(_ENDS) for line in lines]
            if kept := [line for line in stripped if line]:
                yield kept


def _split(lines: list[bytes], layout: _Layout) -> list[tuple[bytes, bytes]]:
    """Returns the word of each line, and its numbers."""
    if not layout.has_words:
        return [(b"", line) for line in lines]
    separator, gaps = layout.separator, layout.dim - 1
    pairs = []
    for line in lines:
        word, _, numbers = line.partition(separator)
        if numbers.count(separator) != gaps:  # A word with spaces in it.
            fields = line.rsplit(separator, layout.dim)
            word, numbers = fields[0], separator.join(fields[1:])
        pairs.append((word, numbers))
    return pairs


def _parsed(pairs: list[tuple[bytes, bytes]], layout: _Layout, start: int) -> Array:
    separator = layout.separator
    joined = separator.join([numbers for _, numbers in pairs])
    if layout.has_words:  # After a word there are not more numbers than wanted.
        is_even = joined.count(separator) == len(pairs) * layout.dim - 1
    else:
        gaps = layout.dim - 1
        is_even = all(numbers.count(separator) == gaps for _, numbers in pairs)
    if is_even:
        sep = separator.decode().strip() or " "
        try:
            found = np.fromstring(joined, np.float32, sep=sep)
        except (ValueError, DeprecationWarning):
            found = np.empty(0, np.float32)  # What is wrong is looked for below.
        if found.size == len(pairs) * layout.dim:
            _check_range(found, joined, layout, start)
            return found.reshape(-1, layout.dim)
    for row, (_, numbers) in enumerate(pairs, start=start):
        fields = numbers.split(layout.separator)
        wrong = [one for one in fields if not _NUMBER.fullmatch(one.strip())]
        if wrong or len(fields) != layout.dim:
            is_first = len(fields) == layout.dim
            problem = (
                f"has {quoted(as_text(wrong[0]))} where a number should be"
                if wrong and is_first
                else f"has {len(fields) - len(wrong)} numbers, not {layout.dim}"
            )
            raise FileError(f"row {row} (counted from 0) {problem}")
    raise FileError(f"rows {start} to {start + len(pairs) - 1} have no valid numbers")


def _check_range(numbers: Array, joined: bytes, layout: _Layout, start: int) -> None:
    """Refuses a number that became infinite, though its text is not."""
    infinite = np.flatnonzero(np.isinf(numbers))
    fields = joined.split(layout.separator) if len(infinite) else []
    for at in infinite:
        if b"n" not in fields[at].lower():
            most = np.finfo(np.float32).max
            raise FileError(
                f"row {start + at // layout.dim} (counted from 0) has "
                f"{quoted(as_text(fields[at]))}, which is beyond what float32 holds, "
                f"{most:.5g}. Divide the numbers by a constant"
            )


def _unquoted(word: bytes, layout: _Layout) -> bytes:
    """Returns a word without the quotes that CSV puts around it."""
    is_quoted = layout.separator == b"," and len(word) > 1
    if is_quoted and word.startswith(b'"') and word.endswith(b'"'):
        return word[1:-1].replace(b'""', b'"')
    return word


def _texts(words: list[bytes]) -> list[str]:
    try:
        return b"\n".join(words).decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return [as_text(word) for word in words]
