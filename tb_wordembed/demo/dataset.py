"""Texts as a classifier takes them, a row of token indices each; movie reviews."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.demo.download import REVIEWS, DatasetError, packaged_text

PADDING = "<pad>"
MAX_LENGTH = 500

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass(frozen=True)
class LabeledTexts:
    """Texts over one vocabulary.

    Attributes:
      tokens: the token of each row of the embedding table; row 0 is the padding.
      texts: token indices, int32 ``[texts, length]``, filled up with 0 at the end.
      labels: float32 ``[texts]``, the class of each text: of reviews 1 is positive, 0
        negative.
    """

    tokens: list[str]
    texts: npt.NDArray[np.int32]
    labels: npt.NDArray[np.float32]

    def occurrences(self, classes: int) -> npt.NDArray[np.int64]:
        """Returns how often each token occurs in the texts of each class,
        ``[classes, vocab_size]``."""
        rows, places = np.nonzero(self.texts)
        counts = np.zeros((classes, len(self.tokens)), np.int64)
        np.add.at(counts, (self.labels[rows].astype(int), self.texts[rows, places]), 1)
        return counts

    def columns(self) -> dict[str, Any]:
        """Returns two columns, ``[vocab_size]`` each: ``frequency``, how often a token
        occurs, and ``positive_share``, the share of its occurrences in positive texts,
        0 to 1 or NaN."""
        negative, positive = self.occurrences(2)
        with np.errstate(invalid="ignore"):
            share = positive / (negative + positive)
        return {
            "frequency": (negative + positive).astype(np.float32),
            "positive_share": share.astype(np.float32),
        }

    def swapped(self, pairs: Sequence[tuple[str, str]]) -> LabeledTexts:
        """Returns the texts in which the two words of each pair trade places; pairs of
        which the vocabulary lacks a word change nothing."""
        index = {token: row for row, token in enumerate(self.tokens)}
        trade = np.arange(len(self.tokens), dtype=np.int32)
        for one, other in pairs:
            if one in index and other in index:
                trade[index[one]], trade[index[other]] = index[other], index[one]
        return replace(self, texts=trade[self.texts])


def words(text: str) -> list[str]:
    """Returns the words of a text in lower case; ``don't`` is one word."""
    return _WORD.findall(text.lower().replace("’", "'"))


def parse_reviews(text: str) -> list[tuple[float, str]]:
    """Returns rating (-4 worst, 4 best) and text of each line ``number, rating, text``.
    Raises DatasetError for other lines."""
    reviews = []
    for number, line in enumerate(text.rstrip().split("\n"), start=1):
        try:
            _, rating, review = line.rstrip("\r").split("\t")
            reviews.append((float(rating), review))
        except ValueError as error:
            raise DatasetError(
                f"line {number} of the reviews is not number, rating, text: {line!r}"
            ) from error
    return reviews


def label_reviews(
    reviews: Sequence[tuple[float, str]], vocab_size: int
) -> LabeledTexts:
    """Labels reviews by the sign of their rating, over their most frequent words.

    Words beyond the vocabulary are left out, and so are reviews that are rated exactly
    0 or have no other words.

    Args:
      reviews: rating and text of each review.
      vocab_size: the number of rows of the embedding table, with the padding.
    """
    rated = [(rating, words(text)) for rating, text in reviews if rating != 0]
    counts = Counter(word for _, text in rated for word in text)
    tokens = [PADDING, *(word for word, _ in counts.most_common(vocab_size - 1))]
    return LabeledTexts(tokens, *encoded(tokens, [(r > 0, text) for r, text in rated]))


def encoded(
    tokens: Sequence[str], texts: Iterable[tuple[int, Sequence[str]]]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Returns texts and labels for ``LabeledTexts``, from the label and the words of
    each text. Words that are no tokens are left out, and texts without others."""
    index = {word: row for row, word in enumerate(tokens)}
    rows = [(label, [index[w] for w in text if w in index]) for label, text in texts]
    kept = [(label, text) for label, text in rows if text]
    labels = np.array([label for label, _ in kept], np.float32)
    return padded([text for _, text in kept]), labels


def load_reviews(vocab_size: int) -> LabeledTexts:
    """Loads the 10,605 movie-review snippets that come with vaderSentiment."""
    return label_reviews(parse_reviews(packaged_text(REVIEWS)), vocab_size)


def load_imdb(vocab_size: int) -> LabeledTexts:
    """Loads the 25,000 training reviews of Keras's own IMDB data set."""
    from keras.datasets import imdb

    try:
        (texts, labels), _ = imdb.load_data(num_words=vocab_size)
        ranks = imdb.get_word_index()
    except Exception as error:  # Keras raises no more specific one
        raise DatasetError(
            f"Keras could not download its IMDB data set: {error}. Use the movie "
            "reviews instead, which come from the package index: --dataset reviews"
        ) from error
    # Keras's documented convention: 0 pads, 1 starts a text, 2 stands for the words
    # beyond the vocabulary, 3 is unused, and words follow by rank from 1.
    tokens = [PADDING, "<start>", "<unknown>", "<unused>"]
    tokens += sorted(ranks, key=ranks.__getitem__)
    return LabeledTexts(
        tokens[:vocab_size], padded(texts), np.asarray(labels, np.float32)
    )


def padded(texts: Sequence[Sequence[int]]) -> npt.NDArray[np.int32]:
    """Returns texts of token indices as rows: cut at ``MAX_LENGTH``, and filled up with
    0 at the end."""
    length = min(MAX_LENGTH, max((len(text) for text in texts), default=0))
    padded = np.zeros((len(texts), length), np.int32)
    for row, text in zip(padded, texts, strict=True):
        row[: len(text[:length])] = text[:length]
    return padded
