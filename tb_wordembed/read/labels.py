"""The labels of a table, each read when it is asked for, and the search among them."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from tb_wordembed.integers import positive_integer
from tb_wordembed.snapshots.texts import EncodedTexts

MOST_FOUND = 10_000
"""The largest number of rows that a search returns."""

_MOST_LOOKED_AT = 300_000
"""The largest number of labels that a search reads."""

_WORD_MARK = re.compile("^[\\s\u0121\u2581]")
"""What subword vocabularies put at the beginning of words, in small letters."""


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes:
      rows: the rows, int64: those that are the very word, then those that start with
        the first word, then the others; each by row.
      more: whether there may be more.
    """

    rows: npt.NDArray[np.int64]
    more: bool


class Labels(Sequence[str]):
    """The label of each row: the text that was logged, or ``#<row>``.

    Args:
      parts: the texts that were logged, from row 0 on; there may be more or fewer than
        rows.
      rows: the number of rows.
    """

    def __init__(self, parts: Sequence[EncodedTexts], rows: int) -> None:
        self._parts = parts
        self._starts = list(itertools.accumulate(map(len, parts), initial=0))
        self._rows = rows
        self._logged = min(self._starts[-1], rows)

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, row: int) -> str: ...

    @overload
    def __getitem__(self, row: slice) -> list[str]: ...

    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(self._rows))]
        if not 0 <= row < self._rows:
            raise IndexError(f"row {row} is not one of the {self._rows} rows")
        if row >= self._logged:
            return f"#{row}"
        part = bisect.bisect_right(self._starts, row) - 1
        return self._parts[part][row - self._starts[part]]

    def first(self, label: str) -> int | None:
        """Returns the first row with a label; None where there is none."""
        size = len(label.encode("utf-8", "replace"))
        key = b"B" + bytes(
            (size >> shift & 0x7F) | (0x80 if size >> shift + 7 else 0)
            for shift in range(0, max(size.bit_length(), 1), 7)
        )
        found = self._with_bytes(key + label.encode("utf-8", "replace"))
        for row in itertools.chain(found, self._beginning_with(label)):
            if self[row] == label:
                return row
        return None

    def search(self, query: str, most: int = MOST_FOUND) -> Found:
        """Returns the rows whose labels hold all words of a query, or for ``^word``
        start with it. Letter case does not count; that of scripts other than Latin,
        where a label mixes both cases, does.

        Args:
          most: how many to find at most, 10,000.
        """
        most = positive_integer("most", most, MOST_FOUND)
        words = query.lower().split()
        if not words:
            return Found(np.empty(0, np.int64), more=False)
        starts_with = words[0].startswith("^") and words[0] != "^"
        first = words[0][1:] if starts_with else words[0]
        wanted = [first, *words[1:]]
        rows: set[int] = set()
        exact = self.first(query.strip())
        candidates, more = self._candidates(max(wanted, key=len)), False
        for count, row in enumerate(candidates):
            if len(rows) > most or count == _MOST_LOOKED_AT:
                more = True
                break
            small = self[row].lower()
            fits = all(word in small for word in wanted)
            if fits and (not starts_with or small.startswith(first)):
                rows.add(row)
        more = more or len(rows) > most
        kept = sorted(rows)[:most]
        if exact is not None and exact not in kept:
            kept = [exact, *kept[: most - 1]]
        kept.sort(key=lambda row: self._rank(row, query.strip(), first))
        return Found(np.array(kept, np.int64), more)

    def _rank(self, row: int, query: str, first: str) -> tuple[int, int]:
        label = self[row]
        small = label.lower()
        if label == query or small == query.lower():
            return (0 if label == query else 1), row
        return (2 if _WORD_MARK.sub("", small).startswith(first) else 3), row

    def _candidates(self, word: str) -> Iterator[int]:
        forms = {word, word.upper(), word.title()}
        if word.isascii():
            forms = {word}
        for form in sorted(forms):
            yield from self._with_bytes(form.encode("utf-8", "replace"))
        yield from self._beginning_with(word)

    def _with_bytes(self, part: bytes) -> Iterator[int]:
        for start, texts in zip(self._starts, self._parts, strict=False):
            for row in texts.with_bytes(part):
                if start + row >= self._logged:
                    return
                yield start + row

    def _beginning_with(self, word: str) -> Iterator[int]:
        """Yields the rows without a logged label whose numbers begin as a word does."""
        digits = word.removeprefix("#")
        if not re.fullmatch("[0-9]{1,12}", digits) or str(int(digits)) != digits:
            return
        low, size = int(digits), 1
        while low * size < self._rows:
            start = max(low * size, self._logged)
            yield from range(start, min((low + 1) * size, self._rows))
            if not low:
                return
            size *= 10
