"""The label of each row, from whatever form users have their vocabulary in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tb_wordembed.metadata import TOKEN_COLUMN
from tb_wordembed.tables import Column, as_column, as_text
from tb_wordembed.tsv import read_tsv

# The word indexes of keras.datasets.imdb and reuters, as (size, rank of "the"): the
# datasets shift every index by 3, and use the first rows for these.
_KERAS_DATASETS = ((88_584, 1), (30_979, 1))
_KERAS_INDEX_FROM = 3
_KERAS_FIRST_ROWS = ("<pad>", "<start>", "<unk>", "<unused>")


@dataclass(frozen=True)
class Vocabulary:
    """Labels that have been read, before it is known which table they are for.

    Attributes:
      words: one per row, or the word of each row that has one.
      columns: further columns of the same file, one entry per row.
    """

    words: list[Any] | dict[int, Any]
    columns: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def is_exact(self) -> bool:
        """Whether every row of the table must have its entry."""
        return isinstance(self.words, list)

    @property
    def rows(self) -> int:
        """Rows of a table that is just covered."""
        if isinstance(self.words, list):
            return len(self.words)
        return max(self.words, default=-1) + 1

    def labels(self, vocab_size: int | None) -> list[Any]:
        """One label per row; ``#<row>`` for a row without a word.

        Raises:
          ValueError: no row has a word, or ``vocab_size`` is None and needed.
        """
        if isinstance(self.words, list):
            return self.words
        if vocab_size is None:
            raise ValueError(
                "the number of rows is not known when this tf.function is traced; pass "
                "tokens as a list with one entry per row"
            )
        if not any(0 <= row < vocab_size for row in self.words):
            raise ValueError(
                f"none of the {len(self.words)} tokens belongs to a row of the table: "
                f"it has rows 0 to {vocab_size - 1}"
                + (
                    f", the tokens have {min(self.words)} to {max(self.words)}"
                    if self.words
                    else ""
                )
            )
        return [self.words.get(row, f"#{row}") for row in range(vocab_size)]


def read(source: Any, index_from: int | None = None) -> Vocabulary:
    """The vocabulary in ``source``.

    Args:
      source: one of

        - a list or array of tokens, one per row of the table;
        - a dict from row to token, or from token to row, such as the ``word_index`` of
          a Keras ``Tokenizer``. The word indexes of ``keras.datasets.imdb`` and
          ``reuters`` are recognized: their first word belongs to row 4;
        - the path of a TSV file, as the Projector reads it: one column without a
          header, or several with one (the others become columns of the metadata);
        - a Keras ``TextVectorization``, ``StringLookup`` or ``IntegerLookup`` layer;
        - a tokenizer with ``get_vocab()``, such as those of Hugging Face.

        A list or a file must have an entry for every row. The others may cover fewer
        or more rows than the table has: a row without a word is labeled ``#<row>``.
      index_from: added to every index of a dict from token to row. By default 3 for
        the two Keras word indexes, with rows 0 to 3 labeled ``<pad>``, ``<start>``,
        ``<unk>`` and ``<unused>``, and 0 for any other.

    Raises:
      ValueError: it is none of these.
      FileNotFoundError: there is no such file.
    """
    if isinstance(source, (str, os.PathLike)):
        vocabulary = Vocabulary(*read_tsv(source))
    elif (by_token := _by_token(source)) is not None:
        return Vocabulary(_shifted(by_token, index_from))
    elif isinstance(source, Mapping):
        vocabulary = Vocabulary(_by_row(source))
    elif hasattr(source, "get_vocabulary"):
        vocabulary = Vocabulary(_of_layer(source))
    elif isinstance(source, (bytes, set, frozenset)) or not _is_iterable(source):
        raise ValueError(
            f"tokens can't be read from {type(source).__name__}; pass a list with one "
            "token per row, a dict, the path of a TSV file, a Keras TextVectorization "
            "or StringLookup layer, or a tokenizer with get_vocab()"
        )
    else:
        vocabulary = Vocabulary(_listed(source))
    if index_from is not None:
        raise ValueError(
            f"index_from={index_from} is for a dict from token to row; this "
            f"{type(source).__name__} says itself which rows its tokens belong to"
        )
    return vocabulary


def as_columns(
    tokens: Any,
    metadata: Any,
    vocab_size: int | None,
    index_from: int | None = None,
) -> tuple[Column, ...]:
    """The columns to write beside a table: tokens first.

    Args:
      tokens: see ``read``, or None.
      metadata: a mapping or data frame from column name to one text or number per
        row, or None.
      vocab_size: rows of the table; None if that is not known yet.
      index_from: see ``read``.

    Raises:
      ValueError: something doesn't fit; the message says what and the remedy.
    """
    vocabulary = None if tokens is None else read(tokens, index_from)
    return columns_of(vocabulary, metadata, vocab_size)


def columns_of(
    vocabulary: Vocabulary | None, metadata: Any, vocab_size: int | None
) -> tuple[Column, ...]:
    """As ``as_columns``, with a vocabulary that has been read."""
    columns: dict[str, Any] = {}
    if vocabulary is not None:
        columns[TOKEN_COLUMN] = vocabulary.labels(vocab_size)
        columns.update(vocabulary.columns)
    for name, values in _named(metadata):
        if name == TOKEN_COLUMN:
            raise ValueError(
                f'a metadata column can\'t be called "{TOKEN_COLUMN}"; pass it as '
                "tokens"
            )
        if name in columns:
            raise ValueError(f"there are two columns {name!r}: in tokens and metadata")
        columns[name] = values
    return tuple(
        as_column(name, values, vocab_size) for name, values in columns.items()
    )


def _named(metadata: Any) -> Iterable[tuple[str, Any]]:
    if metadata is None:
        return ()
    if not hasattr(metadata, "items"):
        raise ValueError(
            f"metadata is of type {type(metadata).__name__}; pass a dict from column "
            "name to one value per row"
        )
    items = list(metadata.items())
    for name, _ in items:
        if not isinstance(name, str) or not name or as_text(name) != name:
            raise ValueError(f"a metadata column is called {name!r}; pass a text")
    return items


# --------------------------------------------------------------- dicts and objects


def _by_token(source: Any) -> Mapping[Any, Any] | None:
    """The dict from token to row that a source is or has, if any."""
    for name in ("get_vocab", "get_stoi", "word_index"):
        member = getattr(source, name, None)
        if member is not None:
            source = member() if callable(member) else member
            break
    if not isinstance(source, Mapping) or not source:
        return None
    if not all(isinstance(token, (str, bytes)) for token in source):
        return None
    return None if None in map(as_row, source.values()) else source


def _shifted(words: Mapping[Any, Any], index_from: int | None) -> dict[int, Any]:
    if index_from is None:
        known = (len(words), words.get("the")) in _KERAS_DATASETS
        index_from = _KERAS_INDEX_FROM if known else 0
    by_row: dict[int, Any] = {}
    for word, index in words.items():
        by_row.setdefault(int(index) + int(index_from), word)
    if index_from == _KERAS_INDEX_FROM:
        for row, label in enumerate(_KERAS_FIRST_ROWS):
            by_row.setdefault(row, label)
    return by_row


def _by_row(source: Mapping[Any, Any]) -> dict[int, Any]:
    # JSON, and lists from R, have only text for keys.
    if source and all(isinstance(key, str) and key.isdecimal() for key in source):
        return {int(key): word for key, word in source.items()}
    by_row = {as_row(row): word for row, word in source.items()}
    if not source or None in by_row:
        raise ValueError(
            "a dict of tokens goes from row to token or from token to row, with "
            "integers for rows; this one starts with "
            f"{next(iter(source.items()), 'nothing')!r}"
        )
    return {row: word for row, word in by_row.items() if row is not None}


def as_row(value: Any) -> int | None:
    """A whole number of any type, or None; numbers from R are floats."""
    if isinstance(value, (bool, np.bool_)):
        return None
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)) and value.is_integer():
        return int(value)
    return None


def _of_layer(layer: Any) -> dict[int, Any]:
    """Words by row of a Keras vocabulary layer, or of a tokenizer of KerasHub."""
    if hasattr(layer, "adapt"):
        words = layer.get_vocabulary(include_special_tokens=False)
        if len(words) == 0:
            raise ValueError(
                f"layer {layer.name!r} has no vocabulary yet; call its adapt() first"
            )
    # The text of padding is empty in TextVectorization; nobody could see it.
    return {
        row: "<pad>" if isinstance(word, str) and not word else word
        for row, word in enumerate(layer.get_vocabulary())
    }


def _is_iterable(source: Any) -> bool:
    return isinstance(source, Iterable) or hasattr(source, "numpy")


def _listed(source: Any) -> list[Any]:
    if callable(getattr(source, "numpy", None)):
        source = source.numpy()
    return list(source.tolist() if hasattr(source, "tolist") else source)
