"""How columns of tokens, of numbers of rows, and of frequencies are usually called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Parts of the names of columns that hold tokens, and of those that number rows.
_TOKEN_NAMES = (
    *("token", "word", "term", "label", "name", "title", "item", "text", "vocab"),
    *("vocabulary", "piece", "symbol", "lemma", "string", "key", "category"),
)
ID_NAMES = ("id", "code", "isbn", "sku", "uuid")
FREQUENCY_NAMES = ("frequency", "count", "freq", "counts")


def name_parts(name: str) -> set[str]:
    """Returns the words in the name of a column, in lower case and in the singular."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[^a-zA-Z]+", " ", name)
    parts = spaced.lower().split()
    return {*parts, *(part.removesuffix("s") for part in parts)}


def is_header_word(word: str) -> bool:
    """Returns whether this is a usual name of a column of tokens or row numbers."""
    usual = {*_TOKEN_NAMES, *ID_NAMES, "index", "idx"}
    # pandas names the only column of a Series 0, and R that of a vector x.
    return word in ("0", "x") or (len(word) <= 24 and bool(name_parts(word) & usual))


def usual_names(names: Sequence[str]) -> list[str]:
    """Returns those of the names that are usual for a column of tokens, the most usual
    first; a name may be there more than once."""
    return [
        name
        for part in _TOKEN_NAMES
        for name in names
        if part in name_parts(name) and not name_parts(name) & set(ID_NAMES)
    ]


def frequency_column(numeric: Iterable[str]) -> str | None:
    """Returns the first of the names of numeric columns that is frequency, count, freq
    or counts, in capitals or not; None if there is none."""
    return next((name for name in numeric if name.lower() in FREQUENCY_NAMES), None)
