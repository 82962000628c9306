"""Reads the token of each row from any form in which users have a vocabulary."""

from __future__ import annotations

import io
import itertools
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from tb_wordembed.integers import as_integer
from tb_wordembed.write.data_frames import as_mapping, entries, frame_columns
from tb_wordembed.write.tables import to_numpy
from tb_wordembed.write.token_columns import readings_of
from tb_wordembed.write.token_files import read_file
from tb_wordembed.write.token_objects import by_row, read_object
from tb_wordembed.write.vocabulary import Reading, Vocabulary, tell

# The word indexes of keras.datasets.imdb and reuters, by their sizes and the words from
# index 1 on: the datasets shift every index by 3, and use the first rows for these.
_KERAS_SIZES = (88_584, 30_979)
_KERAS_WORDS = (("the", "and", "a", "of", "to"), ("the", "of", "to", "in", "said"))
_KERAS_INDEX_FROM = 3
_KERAS_FIRST_ROWS = ("<pad>", "<start>", "<unk>", "<unused>")


def read(source: Any, index_from: int | None = None) -> Vocabulary:
    """Reads the vocabulary in ``source``.

    What can be understood in two ways is decided by the number of rows of the table, or
    refused; whatever is odd is said in one line in Python's log.

    Args:
      source: one of

        - a list or array of tokens, one per row of the table;
        - a dict from row to token, or from token to row, such as the ``word_index`` of
          a Keras ``Tokenizer``. If both are integers, those that are exactly 0 to n - 1
          are the rows. The word indexes of ``keras.datasets.imdb`` and ``reuters`` are
          recognized, in both directions: their first word belongs to row 4. For a dict
          that looks like a part of one there is a warning in Python's log;
        - a Series or frame of pandas or polars. One with an index of its own is looked
          up by it; further columns of a frame become columns of the metadata;
        - the path of a file: a line per token, or TSV, CSV, with or without a header;
          a list or dict in JSON; ``tokenizer.json``; vectors in text, as of word2vec or
          GloVe; ``.npy``. Text is UTF-8, or UTF-16 with a byte order mark;
        - a Keras ``TextVectorization``, ``StringLookup`` or ``IntegerLookup`` layer;
        - a tokenizer of Hugging Face, SentencePiece, tiktoken; the words of gensim
          (``KeyedVectors``), spaCy (``Vocab``) or a vectorizer of scikit-learn;
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
    if isinstance(source, io.IOBase):
        raise ValueError(
            f"tokens is an open file, {type(source).__name__}; pass its path, or its "
            "lines as a list without line ends, file.read().splitlines()"
        )
    if isinstance(source, Counter):
        raise ValueError(
            "tokens is a Counter, which says how often a token occurs and not which "
            "row it has; pass a list with one token per row, and the Counter as a "
            'column of metadata, metadata={"count": counter}'
        )
    name = "a " + type(source).__name__
    if isinstance(source, (str, os.PathLike)):
        name, source = os.fspath(source), read_file(source)
    if isinstance(source, np.ndarray) and source.ndim == 0:
        source = source.item()  # An object, as np.save() stores it.
    if isinstance(source, Vocabulary):
        vocabulary = source
    elif (found := read_object(source)) is not None:
        # A tokenizer knows its rows.
        by = index_from or 0
        return replace(
            found, readings=tuple(_shifted(one, by) for one in found.readings)
        )
    elif (columns := frame_columns(source)) is not None:
        vocabulary = Vocabulary(
            name, tuple(readings_of(list(columns), [*columns.values()]))
        )
    elif (mapping := as_mapping(source)) is not None:
        readings = _of_mapping(mapping)
        if mapping is not source:  # A Series: its index has to fit.
            readings = [replace(reading, is_whole=True) for reading in readings]
            if any(r.remark for r in readings) or source.name == "count":
                raise ValueError(
                    "tokens is a Series of counts, not of rows: several tokens have "
                    "the same number, or it is called count. Pass the tokens as a list "
                    "in the order of the rows, and the Series as a column of metadata"
                )
            is_by_row = readings[0].meaning == "from row to token"
            if is_by_row and list(mapping) != sorted(mapping):
                remark = "the rows are in the order of the index of the Series"
                readings = [replace(reading, remark=remark) for reading in readings]
        return Vocabulary(name, tuple(_shifted(one, index_from) for one in readings))
    elif isinstance(listed := to_numpy(entries(source)), Iterable) and not isinstance(
        listed, (str, bytes, set, frozenset)
    ):
        words = list(listed.tolist() if hasattr(listed, "tolist") else listed)
        words = _without_line_ends(words)
        vocabulary = Vocabulary(name, (Reading(words),))
    else:
        raise ValueError(
            f"tokens can't be read from {type(source).__name__}; pass a list with one "
            "token per row, a dict, the path of a file, a Keras TextVectorization or "
            "StringLookup layer, or a tokenizer"
        )
    if index_from is not None:
        raise ValueError(
            f"index_from={index_from} is for a dict; this {type(source).__name__} "
            "says itself which rows its tokens belong to"
        )
    return vocabulary


def _without_line_ends(words: list[Any]) -> list[Any]:
    """Returns lines as of ``readlines()`` without their ends, which the last one may
    lack; other words as they are."""
    before_last = itertools.islice(words, max(len(words) - 1, 0))
    if len(words) < 2 or not all(
        isinstance(word, str) and word.endswith("\n") for word in before_last
    ):
        return words
    return [word.removesuffix("\n").removesuffix("\r") for word in words]


def _of_mapping(source: Mapping[Any, Any]) -> list[Reading]:
    """Returns the ways to read a dict: from token to row, from row to token, or both.
    Raises ValueError where there is none."""
    rows = _integers(source, and_digits=True)
    numbers = _integers(source.values())
    readings = []
    if rows is not None and min(rows) >= 0:
        words = dict(zip(rows, source.values(), strict=True))
        readings.append(Reading(words, meaning="from row to token"))
    # Several tokens may share a row, but no token is several numbers.
    is_clear = numbers is not None and len(set(numbers)) == len(numbers)
    kinds = (str, bytes, int, float, np.generic)
    are_tokens = all(issubclass(kind, kinds) for kind in set(map(type, source)))
    if numbers and (is_clear or not readings) and are_tokens:
        if is_clear:
            reading = Reading(dict(zip(numbers, source, strict=True)))
        else:
            reading = by_row(dict(zip(source, numbers, strict=True)))
        readings.append(replace(reading, meaning="from token to row"))
    if not readings:
        raise ValueError(
            "a dict or Series of tokens goes from row to token or from token to row, "
            f"with integers from 0 on for rows; this one has {_odd_entry(source)}"
        )
    exact = [reading for reading in readings if reading.fills(len(source))]
    return exact if len(exact) == 1 else readings


def _odd_entry(source: Mapping[Any, Any]) -> str:
    """Returns an entry of a dict that has no row, for a message, and the remedy."""
    entries = source.items()
    odd = (
        (key, value)
        for key, value in entries
        if as_integer(value) is None and (as_integer(key) or -1) < 0
    )
    entry = next(odd, next(iter(entries), "nothing"))
    text = repr(entry)
    shown = text if len(text) < 100 else f"{text[:97]}..."
    members = [key for key, value in entries if isinstance(value, (Mapping, list))]
    if members:
        return f"{shown}. If one of its members is meant, pass it: d[{members[0]!r}]"
    return (
        f"{shown}. If its values are the tokens, pass them as a list in row order: "
        "list(d.values()) of a dict, s.tolist() of a Series"
    )


def _integers(values: Collection[Any], and_digits: bool = False) -> list[int] | None:
    """Returns values as integers, also digits, as in JSON; None if one is none."""
    if set(map(type, values)) == {int}:
        return list(values)
    numbers: list[int] = []
    for value in values:
        if isinstance(value, str):
            number = int(value) if and_digits and value.isdecimal() else None
        else:
            number = value if type(value) is int else as_integer(value)
        if number is None:
            return None
        numbers.append(number)
    return numbers or None


def _shifted(reading: Reading, index_from: int | None) -> Reading:
    """Returns a reading by row, from one by index; a list of words stays as it is."""
    words, is_keras = reading.words, False
    if isinstance(words, list):
        return reading
    if index_from is None:
        is_keras = len(words) in _KERAS_SIZES and words.get(1) == "the"
        first = tuple(map(words.get, range(1, 6)))
        if not is_keras and 0 not in words and first in _KERAS_WORDS:
            tell(
                f"tokens, a dict of {len(words)} words, looks like a part of a "
                "word index of keras.datasets, whose data is shifted by 3. The "
                "rows are labeled as the dict says; if the data came from "
                "keras.datasets, pass index_from=3 (0 says that it did not)"
            )
    by = _KERAS_INDEX_FROM if is_keras else int(index_from or 0)
    words = {row + by: word for row, word in words.items()} if by else words
    if by == _KERAS_INDEX_FROM:
        words = dict(enumerate(_KERAS_FIRST_ROWS)) | words
    return replace(reading, words=words, is_ranked=is_keras)
