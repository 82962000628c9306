"""The tokens that a user passed, and the ways in which they can be read.

A file whose first line may be a header, or a dict of integers, can be read in two ways.
Which one is right is decided by the number of rows of the table; if both fit and give
different labels, that is an error.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tb_wordembed.errors import LOG
from tb_wordembed.format.byte_level import is_byte_level, readable
from tb_wordembed.write.stored_texts import Texts
from tb_wordembed.write.valid_text import (
    as_scalars,
    as_text,
    as_texts,
    encoded,
    repeated,
    shortest,
)

ByRow = list[Any] | dict[int, Any]

# The numbers of so many rows take about 6 GiB.
_MOST_NUMBERED = 1 << 26


@dataclass(frozen=True)
class Reading:
    """One way to understand the tokens that a user passed.

    Attributes:
      words: one word per row, or the word of each row that has one.
      columns: further columns of the same source, in the same form as the words.
      is_whole: whether words outside of the table are an error. Otherwise they are left
        out, such as the rare words of a tokenizer.
      is_ranked: whether the words are known to be in the order of their frequency, so
        that nobody expects a row for each of them.
      meaning: what this reading assumes, for messages, such as "line 1 is a header".
      remark: a warning for the user, such as "2 rows have two words".
    """

    words: ByRow
    columns: Mapping[str, ByRow] = field(default_factory=dict)
    is_whole: bool = False
    is_ranked: bool = False
    meaning: str = ""
    remark: str = ""

    @property
    def rows(self) -> int:
        """The number of rows of the smallest table with a row for each word."""
        if isinstance(self.words, list):
            return len(self.words)
        return max(self.words, default=-1) + 1

    def fills(self, vocab_size: int) -> bool:
        """Returns whether each row of a table has its word, and each word its row."""
        return self.rows == len(self.words) == vocab_size and self.is_inside(vocab_size)

    def is_inside(self, vocab_size: int) -> bool:
        """Returns whether each word has a row in the table."""
        if isinstance(self.words, list):
            return len(self.words) == vocab_size
        return self.rows <= vocab_size and min(self.words, default=-1) >= 0

    def touches(self, vocab_size: int) -> bool:
        """Returns whether some words have a row in the table; others may lack one.

        Numbers with gaps, of which most are outside of the table, are counts, not rows.
        """
        if isinstance(self.words, list) or self.is_whole:
            return False
        inside = sum(0 <= row < vocab_size for row in self.words)
        has_gaps = self.rows - min(self.words, default=0) > 2 * len(self.words)
        is_sparse = 2 * inside < min(len(self.words), vocab_size)
        return inside > 0 and not (has_gaps and is_sparse)

    def is_same(self, other: Reading) -> bool:
        """Returns whether both readings give each row the same label."""
        mine, theirs = self.words, other.words
        if isinstance(mine, dict) and isinstance(theirs, dict):
            same_rows = mine.keys() == theirs.keys()
            return same_rows and all(
                as_text(word) == as_text(theirs[row]) for row, word in mine.items()
            )
        return mine == theirs


@dataclass(frozen=True)
class Labels:
    """The words of a table, one per row, and the columns that came with them.

    Attributes:
      words: ``[vocab_size]`` words as the user passed them; ``#<row>`` for none.
      texts: ``[vocab_size]`` words as they are shown.
      values: the same in UTF-8.
      columns: ``[vocab_size]`` values for each further column; None for none.
      is_by_row: whether the source says which row each word is for, as a dict does.
    """

    words: list[Any]
    texts: Sequence[str]
    values: Texts
    columns: dict[str, list[Any]]
    is_by_row: bool


@dataclass(frozen=True)
class Vocabulary:
    """Tokens that have been read, before it is known which table they are for.

    Attributes:
      source: what they were read from, for messages, such as "a list".
      readings: the ways to understand them, at least one.
      first_line: the first line of a file, if that may be a header.
      is_byte_level: whether the words are known to be written in the alphabet of
        byte-level BPE. Otherwise it is recognized by content.
    """

    source: str
    readings: tuple[Reading, ...]
    first_line: str | None = None
    is_byte_level: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether every row of the table must have its word."""
        return all(isinstance(reading.words, list) for reading in self.readings)

    @property
    def rows(self) -> int:
        """The number of rows of the table that the tokens most likely are for."""
        return self.readings[0].rows

    def fills(self, vocab_size: int) -> bool:
        """Returns whether one of the readings fills a table of so many rows."""
        return any(reading.fills(vocab_size) for reading in self.readings)

    def labels(self, vocab_size: int | None) -> Labels:
        """Returns the words by row, and tells the user what is odd about them.

        Raises:
          ValueError: the words don't fit the table, they fit in two ways, or
            ``vocab_size`` is None and needed.
        """
        reading = self._reading(vocab_size)
        if isinstance(reading.words, list):
            vocab_size = len(reading.words)
        assert vocab_size is not None
        if not may_be_numbered(vocab_size, len(reading.words)):
            raise ValueError(
                f"tokens of {self.source} label {len(reading.words):,} of "
                f"{vocab_size:,} rows, and to number the others would take too much "
                "memory; pass a list with one token per row"
            )
        words = as_scalars("tokens", _expanded(reading.words, vocab_size, _number))
        texts, values = encoded(as_texts(words))
        if self.is_byte_level or is_byte_level(shortest(texts, values)):
            texts, values = encoded([readable(text) for text in texts])
        columns = {
            name: _expanded(values, vocab_size, lambda _: None)
            for name, values in reading.columns.items()
        }
        remarks = [*self._remarks(reading, vocab_size), *repeated(texts, values)]
        if remarks:
            tell(f"tokens of {self.source}: {'; '.join(remarks)}")
        is_by_row = isinstance(reading.words, dict)
        return Labels(words, texts, values, columns, is_by_row)

    def _reading(self, vocab_size: int | None) -> Reading:
        """Returns the reading that fits a table best; an error if two fit as well."""
        if vocab_size is None:
            if len(self.readings) == 1 and self.is_exact:
                return self.readings[0]
            raise ValueError(
                "the number of rows is not known when this tf.function is traced; pass "
                "tokens as a list with one entry per row"
            )
        for fits in (Reading.fills, Reading.is_inside, Reading.touches):
            fitting: list[Reading] = []
            for reading in self.readings:
                if fits(reading, vocab_size) and not any(
                    reading.is_same(other) for other in fitting
                ):
                    fitting.append(reading)
            if len(fitting) > 1:
                raise ValueError(self._ambiguous(fitting, vocab_size))
            if fitting:
                return fitting[0]
        raise ValueError(self._mismatch(vocab_size))

    def _ambiguous(self, fitting: list[Reading], vocab_size: int) -> str:
        all_labels = [_expanded(one.words, vocab_size, _number) for one in fitting]
        row = next(
            row
            for row, words in enumerate(zip(*all_labels, strict=True))
            if len(set(map(as_text, words))) > 1
        )
        shown = ", or ".join(
            f"{reading.meaning}, so that row {row} is {as_text(labels[row])!r}"
            for reading, labels in zip(fitting, all_labels, strict=True)
        )
        remedy = "a list with one token per row"
        if fitting[0].meaning.startswith("from "):
            remedy = (
                "a dict from row to text: from a dict d, {row: str(token) for row, "
                "token in d.items()} if it goes from row to token, or {row: str(token) "
                "for token, row in d.items()} if it goes from token to row"
            )
        return (
            f"tokens of {self.source} can be read in two ways, and both fit the table "
            f"of {vocab_size} rows: {shown}. Say which by passing {remedy}"
        )

    def _mismatch(self, vocab_size: int) -> str:
        reading = self.readings[0]
        words = reading.words
        if isinstance(words, dict):
            span = f", the tokens have {min(words)} to {max(words)}" if words else ""
            is_none = not any(0 <= row < vocab_size for row in words)
            message = (
                f"{'none' if is_none else 'some'} of the {len(words)} tokens "
                f"{'belongs to a' if is_none else 'belong to no'} row of the table: it "
                f"has rows 0 to {vocab_size - 1}{span}"
            )
            if reading.meaning == "from token to row":
                message += ". If these are counts, pass them as a column of metadata"
            if reading.is_whole:
                message += ". If they are in the order of the rows, pass them as a list"
            return message
        message = (
            f"tokens has {len(words)} entries but the table has {vocab_size} rows; "
            "pass one entry per row, in the order of the rows (rows for padding and "
            "unknown words included), or a dict from row to token"
        )
        if reading.meaning:
            message += f". {self.source} was read so: {reading.meaning}"
        if len(words) == vocab_size + 1 and self.first_line is not None:
            message += (
                f". Line 1 looks like a header: {self.first_line!r}. If it is one, "
                "delete it"
            )
        elif len(words) == vocab_size - 1:
            message += ". One token is missing: often that for padding or unknown words"
        return message + (f". {reading.remark}" if reading.remark else "")

    def _remarks(self, reading: Reading, vocab_size: int) -> Iterator[str]:
        if len(self.readings) > 1 and reading.meaning:
            yield reading.meaning
        if reading.remark:
            yield reading.remark
        if isinstance(reading.words, dict):
            inside = len(reading.words)
            if not reading.is_inside(vocab_size):
                inside = sum(0 <= row < vocab_size for row in reading.words)
            if inside < len(reading.words) and not reading.is_ranked:
                yield (
                    f"{len(reading.words) - inside:,} of {len(reading.words):,} tokens "
                    f"have no row in the table, which has {vocab_size:,}"
                )
            # Indexes from 1 on leave the first row to padding, as those of Keras do.
            is_padding = inside == vocab_size - 1 and 0 not in reading.words
            if inside < vocab_size and not (is_padding and len(self.readings) == 1):
                first = next(r for r in range(vocab_size) if r not in reading.words)
                yield (
                    f"{vocab_size - inside:,} of {vocab_size:,} rows have no token; "
                    f"they are labeled by number, such as #{first}"
                )


def may_be_numbered(vocab_size: int, count: int) -> bool:
    """Returns whether there is memory to give each row of a table a value, where a user
    has ``count`` values: a row takes about 100 bytes."""
    return vocab_size <= max(_MOST_NUMBERED, 4 * count)


def _number(row: int) -> str:
    return f"#{row}"


def _expanded(
    by_row: ByRow, vocab_size: int, missing: Callable[[int], Any]
) -> list[Any]:
    if isinstance(by_row, list):
        return by_row
    return [by_row[row] if row in by_row else missing(row) for row in range(vocab_size)]


# A writer may be given the same tokens at every step.
@functools.lru_cache(maxsize=256)
def tell(text: str) -> None:
    """Writes a sentence to Python's log, once."""
    LOG.warning("%s", text)
