"""The labels of a table, each read when it is asked for, and the search among them."""

from __future__ import annotations

import bisect
import contextlib
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.integers import positive_integer
from tb_wordembed.read.expressions import (
    ExpressionError,
    expression_in,
    rows_matching,
)
from tb_wordembed.snapshots.record_texts import (
    Block,
    EncodedTexts,
    Place,
    block_of,
)

MOST_FOUND = 10_000
"""The largest number of rows that a search returns."""

_MOST_LOOKED_AT = 300_000
"""The largest number of labels that a search reads."""

_FITS: dict[Place, Callable[[str, str], bool]] = {
    "whole": str.__eq__,
    "any": str.__contains__,
    "start": str.startswith,
    "end": str.endswith,
}

_NUMBERED = 1 << 16
"""The number of rows without labels that are searched at a time."""

_WORD_MARK = re.compile("^[\\s\u0121\u2581]")
"""What subword vocabularies put at the beginning of words, in small letters."""


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes:
      rows: the rows, int64: those that are the very word, then those that start with
        the first word, then the others; each by row.
      more: whether there may be more.
      problem: why not all labels were searched; empty where they were.
    """

    rows: npt.NDArray[np.int64]
    more: bool
    problem: str = ""


class Labels(Sequence[str]):
    """The label of each of some rows: the text that was logged, or ``#<row>``. There
    may be more texts than rows, or fewer."""

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
        logged: Iterator[int] = (
            row for rows in self._having(label, "whole") for row in rows.tolist()
        )
        for row in itertools.chain(logged, self._beginning_with(label)):
            if self[row] == label:
                return row
        return None

    def search(
        self, query: str, most: int = MOST_FOUND, progress: Progress = silent
    ) -> Found:
        """Returns the rows whose labels hold all words of a query, or for ``^word``
        start with it. Letter case does not count; that of letters other than a to z,
        where a label mixes both cases, does. For ``/ing$/`` returns those in which the
        regular expression is found.

        Args:
          most: how many to find at most, 10,000.
        """
        most = positive_integer("most", most, MOST_FOUND)
        expression = expression_in(query)
        if expression is not None:
            return self._matching(*expression, most, progress)
        words = query.lower().split()
        if not words:
            return Found(np.empty(0, np.int64), more=False)
        starts_with = words[0].startswith("^") and words[0] != "^"
        first = words[0][1:] if starts_with else words[0]
        wanted = [first, *words[1:]]
        rows: set[int] = set()
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
        # Else it is among the rows, as a label that holds all words.
        may_lack_it = more or starts_with or not query.isascii()
        exact = self.first(query.strip()) if may_lack_it else None
        if exact is not None and exact not in kept:
            kept = [exact, *kept[: most - 1]]
        kept.sort(key=lambda row: self._rank(row, query.strip(), first))
        return Found(np.array(kept, np.int64), more)

    def _matching(
        self, source: str, flags: int, most: int, progress: Progress
    ) -> Found:
        rows: list[int] = []
        problem = ""
        try:
            blocks = self._blocks(progress)
            with contextlib.closing(rows_matching(blocks, source, flags)) as found:
                for some in found:
                    rows += some
                    if len(rows) > most:
                        break
        except ExpressionError as error:
            problem = str(error)
        more = len(rows) > most or problem != ""
        return Found(np.array(rows[:most], np.int64), more, problem)

    def _blocks(self, progress: Progress) -> Iterator[tuple[int, Block]]:
        for start, texts in zip(self._starts, self._parts, strict=False):
            for row, block in texts.blocks():
                count = self._logged - start - row
                if count > 0:
                    progress((start + row) / self._rows)
                    yield start + row, Block(block.content, block.starts[: count + 1])
        for row in range(self._logged, self._rows, _NUMBERED):
            stop = min(row + _NUMBERED, self._rows)
            progress(row / self._rows)
            yield row, block_of([f"#{one}" for one in range(row, stop)])

    def where(self, place: Place, part: str) -> npt.NDArray[np.bool_]:
        """Returns which labels are this text, or hold it anywhere, at the start or at
        the end, ``[rows]``. Letter case counts for whole labels; of scripts other than
        Latin it counts as in ``search``."""
        mask = np.zeros(self._rows, np.bool_)
        small = part if place == "whole" else part.lower()
        fits = _FITS[place]
        has_numbers = set(small) <= set("#0123456789")
        unlabeled = range(self._logged, self._rows) if has_numbers else range(0)
        looked_at: Iterator[int] = iter(unlabeled)
        if place == "whole" or small.isascii():
            for rows in self._having(small, place):
                mask[rows] = True
        else:
            # Of other scripts, each label that may fit is looked at.
            looked_at = itertools.chain(self._candidates(small), unlabeled)
        for row in looked_at:
            label = self[row]
            if fits(label if place == "whole" else label.lower(), small):
                mask[row] = True
        return mask

    def _rank(self, row: int, query: str, first: str) -> tuple[int, int]:
        label = self[row]
        small = label.lower()
        if label == query or small == query.lower():
            return (0 if label == query else 1), row
        return (2 if _WORD_MARK.sub("", small).startswith(first) else 3), row

    def _candidates(self, word: str) -> Iterator[int]:
        forms = {word}
        if not word.isascii():
            forms |= {word.upper(), word.title()}
            # The small letter of \u0130 is two characters, which \u0130 is made of.
            forms |= {unicodedata.normalize("NFC", one) for one in forms}
        for form in sorted(forms):
            for rows in self._having(form, "any", loosely=True):
                yield from rows.tolist()
        yield from self._beginning_with(word)

    def _having(
        self, text: str, place: Place, *, loosely: bool = False
    ) -> Iterator[npt.NDArray[np.int64]]:
        """Yields rows with a logged label as ``EncodedTexts.having`` does."""
        part = text.encode("utf-8", "replace")
        for start, texts in zip(self._starts, self._parts, strict=False):
            for rows in texts.having(part, place, loosely=loosely):
                yield rows[rows < self._logged - start] + start

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


def labeled(
    labels: Labels, rows: npt.NDArray[np.integer], values: npt.NDArray[np.floating]
) -> Iterator[tuple[int, str, float]]:
    """Yields rows with their labels and a value of each."""
    for row, value in zip(rows.tolist(), values.tolist(), strict=True):
        yield row, labels[row], value
