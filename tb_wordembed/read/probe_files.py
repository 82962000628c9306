"""Reads files with a probe, as they are published, and recognizes what they hold.

Lines that are empty or begin with ``#`` say nothing. The others are, in UTF-8, of one
of these kinds:

- three columns, two words and a number: pairs with a similarity, such as WordSim-353;
- four words, with lines such as ``: capitals`` between sections: analogies, such as
  ``questions-words.txt`` of word2vec;
- two columns, a word and its class;
- four lines ``name: word, word, ...``: two sets of targets and two of attributes, for
  WEAT.

Columns are separated by tabs, semicolons, commas or spaces. In the first kind, the
first line may name the columns.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tb_wordembed.analysis.probes import (
    Analogies,
    Associations,
    Classes,
    Pairs,
    Probe,
)
from tb_wordembed.format.paths import expand

_MOST_BYTES = 1 << 26
"""The size of the largest file that is read."""

_Rows = list[tuple[int, list[str]]]
"""The number of each line, and its columns."""


def read_probe(path: str | os.PathLike[str]) -> Probe:
    """Returns the probe in a local file.

    Raises:
      OSError: the file can't be read.
      ValueError: it holds no probe; the message says which line is not understood.
    """
    file = Path(expand(path))
    size = file.stat().st_size
    if size > _MOST_BYTES:
        raise ValueError(
            f"{str(file)!r} has {size:,} bytes; expected a probe of at most "
            f"{_MOST_BYTES:,}"
        )
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{str(file)!r} is not a text in UTF-8: {error}") from error
    try:
        return parse_probe(text)
    except ValueError as error:
        raise ValueError(f"{str(file)!r}: {error}") from error


def parse_probe(text: str) -> Probe:
    """Returns the probe in a text. Raises ValueError as ``read_probe`` does."""
    lines = [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    if len(lines) == 4 and all(line.find(":") > 0 for _, line in lines):
        return _associations([line for _, line in lines])
    # A line ": capitals" begins a section.
    rows = _split([one for one in lines if not one[1].startswith(":")])
    if not rows:
        raise ValueError("there is no line in it; expected a probe")
    widths = {len(cells) for _, cells in rows}
    if widths == {4}:
        return Analogies([(a, b, c, d) for _, (a, b, c, d) in rows])
    if widths == {3}:
        return _pairs(rows)
    if widths == {2}:
        return _classes(rows)
    raise _not_understood(rows)


def _associations(lines: Sequence[str]) -> Associations:
    x, y, a, b = (
        [word.strip() for word in line.partition(":")[2].split(",")] for line in lines
    )
    return Associations((x, y), (a, b))


def _split(lines: Sequence[tuple[int, str]]) -> _Rows:
    """Returns the columns of lines, which all have the same separator."""
    separators = (one for one in "\t;," if all(one in line for _, line in lines))
    separator = next(separators, None)
    return [
        (number, [cell.strip() for cell in line.split(separator)])
        for number, line in lines
    ]


def _classes(rows: _Rows) -> Classes:
    labels: dict[str, str] = {}
    for number, (word, label) in rows:
        if labels.setdefault(word, label) != label:
            raise ValueError(
                f"line {number}: {word!r} has the class {label!r}, and before "
                f"{labels[word]!r}; expected one class for each word"
            )
    return Classes(labels)


def _pairs(rows: _Rows) -> Pairs:
    pairs = []
    for number, (one, other, score) in rows:
        try:
            pairs.append((one, other, float(score)))
        except ValueError as error:
            if number != rows[0][0]:
                raise ValueError(
                    f"line {number}: {score!r} is no number; expected two words and "
                    "how similar they are"
                ) from error
    return Pairs(pairs)


def _not_understood(rows: _Rows) -> ValueError:
    first, usual = rows[0][0], len(rows[0][1])
    number, cells = next((one for one in rows if len(one[1]) != usual), rows[0])
    other = "" if number == first else f", line {first} has {usual}"
    return ValueError(
        f"line {number} has {len(cells)} columns{other}; expected "
        "two words and a number on each line, four words, a word and its class, or "
        'four lines such as "flowers: rose, tulip"'
    )
