"""Reads word2vec's binary format."""

from __future__ import annotations

import mmap
from functools import partial
from pathlib import Path

import numpy as np

from tb_wordembed.errors import FileError
from tb_wordembed.write.table_files.found_array import (
    Content,
    Found,
    Report,
)
from tb_wordembed.write.table_files.word_vectors import HEADER, numbers_at_end
from tb_wordembed.write.valid_text import as_text

_LONGEST_WORD = 1 << 16
_REPORTED_ROWS = 1 << 16


def is_one(head: bytes) -> bool:
    """Returns whether a file has the first line of word2vec, and binary numbers after
    its first word."""
    header = HEADER.match(head)
    if header is None:
        return False
    line, end, _ = head[header.end() :].partition(b"\n")
    fields = line.split()
    # A number at the end of what was read may be cut.
    is_text = numbers_at_end(fields if end else fields[:-1]) >= min(int(header[2]), 8)
    return not is_text


def find(path: Path) -> list[Found]:
    """Returns the table in a file."""
    with path.open("rb") as file:
        header = HEADER.match(file.read(64))
    assert header is not None
    shape = int(header[1]), int(header[2])
    check = (shape[0], shape[1] * 4 + 1)  # A word of one byte, or its space.
    size = path.stat().st_size - header.end()
    if check[0] * check[1] > size:
        raise FileError(
            f"says in its first line that it has {shape[0]:,} rows of {shape[1]} "
            f"numbers, but has only {size:,} bytes after it: it is damaged or cut short"
        )
    return [Found("", shape, "float32", partial(_read, path, shape, header.end()))]


def _read(path: Path, shape: tuple[int, int], start: int, report: Report) -> Content:
    rows, dim = shape
    numbers = np.empty(shape, "<f4")
    words = []
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        at = start
        for row in range(rows):
            end = content.find(b" ", at, at + _LONGEST_WORD)
            if end < 0 or end + 1 + 4 * dim > len(content):
                raise FileError(
                    f"has no word and vector in row {row}, at byte {at:,}: it is "
                    "damaged or cut short"
                )
            # Some programs end each row with a line end, others don't.
            words.append(as_text(content[at:end].lstrip(b"\n")))
            at = end + 1 + 4 * dim
            numbers[row] = np.frombuffer(content[end + 1 : at], "<f4")
            if row % _REPORTED_ROWS == 0:
                report(row / rows)
    return Content(numbers, words)
