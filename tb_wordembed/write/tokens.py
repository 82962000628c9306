"""Reads the token of each row from any form in which users have a vocabulary."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tb_wordembed.integers import as_integer
from tb_wordembed.write.tables import to_numpy
from tb_wordembed.write.token_files import read_file

_logger = logging.getLogger("tb_wordembed")

# The word indexes of keras.datasets.imdb and reuters, by their sizes and the words from
# index 1 on: the datasets shift every index by 3, and use the first rows for these.
_KERAS_SIZES = (88_584, 30_979)
_KERAS_WORDS = (("the", "and", "a", "of", "to"), ("the", "of", "to", "in", "said"))
_KERAS_INDEX_FROM = 3
_KERAS_FIRST_ROWS = ("<pad>", "<start>", "<unk>", "<unused>")


@dataclass(frozen=True)
class Vocabulary:
    """Tokens that have been read, before it is known which table they are for.

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
        """The number of rows of the smallest table with a row for each word."""
        if isinstance(self.words, list):
            return len(self.words)
        return max(self.words, default=-1) + 1

    def labels(self, vocab_size: int | None) -> list[Any]:
        """Returns one label per row; ``#<row>`` for a row without a word.

        Raises:
          ValueError: no row has a word, or ``vocab_size`` is None and needed.
        """
        words = self.words
        if isinstance(words, list):
            return words
        if vocab_size is None:
            raise ValueError(
                "the number of rows is not known when this tf.function is traced; pass "
                "tokens as a list with one entry per row"
            )
        if not any(0 <= row < vocab_size for row in words):
            theirs = f", the tokens have {min(words)} to {max(words)}" if words else ""
            raise ValueError(
                f"none of the {len(words)} tokens belongs to a row of the table: it "
                f"has rows 0 to {vocab_size - 1}{theirs}"
            )
        return [words.get(row, f"#{row}") for row in range(vocab_size)]


def read(source: Any, index_from: int | None = None) -> Vocabulary:
    """Reads the vocabulary in ``source``.

    Args:
      source: one of

        - a list or array of tokens, one per row of the table;
        - a dict from row to token, or from token to row, such as the ``word_index`` of
          a Keras ``Tokenizer``. The word indexes of ``keras.datasets.imdb`` and
          ``reuters`` are recognized, in both directions: their first word belongs to
          row 4. For a dict that looks like a part of one there is a warning in Python's
          log;
        - the path of a TSV file, as the Projector reads it: one column without a
          header, or several with one (the others become columns of the metadata);
        - a Keras ``TextVectorization``, ``StringLookup`` or ``IntegerLookup`` layer;
        - a tokenizer with ``get_vocab()``, such as those of Hugging Face;
        - a vocabulary that was read.

        A list or a file must have an entry for every row. The others may cover fewer
        or more rows than the table has: a row without a word is labeled ``#<row>``.
      index_from: the number to add to every index of a dict or a tokenizer. By default
        3 for the two Keras word indexes, and 0 for any other; with 3, rows 0 to 3 are
        labeled ``<pad>``, ``<start>``, ``<unk>`` and ``<unused>``.

    Raises:
      ValueError: it is none of these, or ``index_from`` is not a whole number.
      FileNotFoundError: there is no such file.
      OSError: the file can't be read.
    """
    if index_from is not None and as_integer(index_from) is None:
        raise ValueError(
            f"index_from={index_from!r}: expected a whole number, such as 3; it is "
            "added to each index of a dict"
        )
    if isinstance(source, Vocabulary):
        return source
    if isinstance(source, (str, os.PathLike)):
        vocabulary = Vocabulary(*read_file(source))
    elif (by_token := _by_token(source)) is not None:
        by_row: dict[int, Any] = {}
        for word, index in by_token.items():
            by_row.setdefault(int(index), word)
        if index_from is None and not isinstance(source, Mapping):
            index_from = 0  # A tokenizer knows its rows.
        return Vocabulary(_shifted(by_row, index_from))
    elif isinstance(source, Mapping):
        return Vocabulary(_shifted(_by_row(source), index_from))
    elif hasattr(source, "get_vocabulary"):
        vocabulary = Vocabulary(_layer_words(source))
    elif isinstance(listed := to_numpy(source), Iterable) and not isinstance(
        listed, (bytes, set, frozenset)
    ):
        vocabulary = Vocabulary(
            list(listed.tolist() if hasattr(listed, "tolist") else listed)
        )
    else:
        raise ValueError(
            f"tokens can't be read from {type(source).__name__}; pass a list with one "
            "token per row, a dict, the path of a TSV file, a Keras TextVectorization "
            "or StringLookup layer, or a tokenizer with get_vocab()"
        )
    if index_from is not None:
        raise ValueError(
            f"index_from={index_from} is for a dict; this {type(source).__name__} "
            "says itself which rows its tokens belong to"
        )
    return vocabulary


# --------------------------------------------------------------- dicts and objects


def _by_token(source: Any) -> Mapping[Any, Any] | None:
    """Returns the dict from token to row that a source is or has, if there is one."""
    for name in ("get_vocab", "get_stoi", "word_index"):
        member = getattr(source, name, None)
        if member is not None:
            source = member() if callable(member) else member
            break
    if not isinstance(source, Mapping) or not source:
        return None
    if not all(isinstance(token, (str, bytes)) for token in source):
        return None
    return None if None in map(as_integer, source.values()) else source


def _shifted(words: dict[int, Any], index_from: int | None) -> dict[int, Any]:
    """Returns words by row, from words by index."""
    if index_from is None:
        index_from = 0
        if len(words) in _KERAS_SIZES and words.get(1) == "the":
            index_from = _KERAS_INDEX_FROM
        elif 0 not in words and tuple(map(words.get, range(1, 6))) in _KERAS_WORDS:
            warn_of_part(len(words))
    by_row = {index + int(index_from): word for index, word in words.items()}
    if index_from == _KERAS_INDEX_FROM:
        for row, label in enumerate(_KERAS_FIRST_ROWS):
            by_row.setdefault(row, label)
    return by_row


@functools.cache  # A writer may be given the same dict at every step.
def warn_of_part(size: int) -> None:
    """Warns, once for each size, that a dict may be a part of a Keras word index."""
    _logger.warning(
        "tokens, a dict of %d words, looks like a part of a word index of "
        "keras.datasets, whose data is shifted by %d. The rows are labeled as the dict "
        "says; if the data came from keras.datasets, pass index_from=%d (0 says that "
        "it did not)",
        size,
        _KERAS_INDEX_FROM,
        _KERAS_INDEX_FROM,
    )


def _by_row(source: Mapping[Any, Any]) -> dict[int, Any]:
    # JSON, and lists from R, have only text for keys.
    if source and all(isinstance(key, str) and key.isdecimal() for key in source):
        return {int(key): word for key, word in source.items()}
    by_row = {as_integer(row): word for row, word in source.items()}
    if not source or None in by_row:
        raise ValueError(
            "a dict of tokens goes from row to token or from token to row, with "
            "integers for rows; this one starts with "
            f"{next(iter(source.items()), 'nothing')!r}"
        )
    return {row: word for row, word in by_row.items() if row is not None}


def _layer_words(layer: Any) -> dict[int, Any]:
    """Returns words by row of a Keras vocabulary layer or a tokenizer of KerasHub."""
    if hasattr(layer, "adapt"):
        words = layer.get_vocabulary(include_special_tokens=False)
        if len(words) == 0:
            raise ValueError(
                f"layer {layer.name!r} has no vocabulary yet; call its adapt() first"
            )
    # In TextVectorization the text of padding is empty, which nobody could see.
    return {
        row: "<pad>" if isinstance(word, str) and not word else word
        for row, word in enumerate(layer.get_vocabulary())
    }
