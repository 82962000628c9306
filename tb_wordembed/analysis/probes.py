"""Probes: what people know about words, and how well a table agrees with it.

Rows that are zero or not finite have no direction: what needs one of them is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.rows import Blocks, Rows, Wide, finite, mean_ranks, norms

_FEWEST = 2
"""The least number of different values that a rank correlation needs, or classes."""


@dataclass(frozen=True)
class Score:
    """A score of a table, which rests on ``used`` items; NaN where it is not defined,
    since too few words are known."""

    value: float
    used: int


@dataclass(frozen=True)
class Known:
    """The items of a probe whose words are all in a table, and the table as row blocks.

    Attributes:
      items: the numbers of these items in the probe, int64 ``[items]``.
      numbers: the row of each of their words, int64 ``[items, words]``.
      rows: these rows, float32 ``[items, words, embedding_dim]``.
    """

    items: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]
    rows: Rows
    blocks: Callable[[], Blocks]

    def units(self) -> tuple[npt.NDArray[np.bool_], Wide]:
        """Returns which items have a direction for each word, bool ``[items]``, and the
        unit rows of their words, float64 ``[those items, words, embedding_dim]``."""
        flat = self.rows.astype(np.float64).reshape(-1, self.rows.shape[2])
        with np.errstate(invalid="ignore", divide="ignore"):
            units = flat / norms(flat)[:, None]
        found = finite(units).reshape(self.numbers.shape)
        there: npt.NDArray[np.bool_] = np.logical_and.reduce(found, axis=1)
        return there, units.reshape(self.rows.shape)[there]


@dataclass(frozen=True)
class Pairs:
    """Pairs of words and how similar people find them, such as WordSim-353.

    The score is Spearman's rank correlation of these numbers with the cosines, -1..1
    (Finkelstein et al. 2002, "Placing Search in Context").
    """

    pairs: Sequence[tuple[str, str, float]]
    measure = "spearman"

    @property
    def items(self) -> list[tuple[str, ...]]:
        """The words of each item."""
        return [(one, other) for one, other, _ in self.pairs]

    def score(self, known: Known) -> Score:
        """Returns the score of a table."""
        there, units = known.units()
        cosines = np.einsum("ij,ij->i", units[:, 0], units[:, 1])
        given = np.array([self.pairs[item][2] for item in known.items[there]])
        if min(len(np.unique(cosines)), len(np.unique(given))) < _FEWEST:
            return Score(np.nan, len(cosines))
        found = np.corrcoef(mean_ranks(cosines), mean_ranks(given))[0, 1]
        return Score(float(found), len(cosines))


@dataclass(frozen=True)
class Analogies:
    """Questions: a is to b as c is to d.

    The score is the share of questions for which d is nearest, by cosine, to b - a + c,
    of unit rows and without a, b and c (Mikolov et al. 2013, "Efficient Estimation of
    Word Representations in Vector Space").
    """

    questions: Sequence[tuple[str, str, str, str]]
    measure = "accuracy"

    @property
    def items(self) -> list[tuple[str, ...]]:
        """The words of each item."""
        return list(self.questions)

    def score(self, known: Known) -> Score:
        """Returns the score of a table; reads it whole."""
        there, units = known.units()
        if not len(units):
            return Score(np.nan, 0)
        asked = known.numbers[there]
        target = units[:, 1] - units[:, 0] + units[:, 2]
        # Of four, one is not a word of the question.
        near = nearest(known.blocks(), target, 4).indices
        is_own = (near[:, :, None] == asked[:, None, :3]).any(axis=2)
        answer = near[np.arange(len(near)), is_own.argmin(axis=1)]
        return Score(float((answer == asked[:, 3]).mean()), len(asked))


@dataclass(frozen=True)
class Classes:
    """The class of each word, such as its part of speech.

    The score is the share of words that are nearest, by cosine, to the mean of the unit
    rows of their own class: a nearest-centroid classifier, with each word left out of
    its own centroid (Manning et al. 2008, "Introduction to Information Retrieval",
    section 14.2). A word that is alone in its class is left out.
    """

    labels: Mapping[str, str]
    measure = "accuracy"

    @property
    def items(self) -> list[tuple[str, ...]]:
        """The words of each item."""
        return [(word,) for word in self.labels]

    def score(self, known: Known) -> Score:
        """Returns the score of a table."""
        there, units = known.units()
        units, labels = units[:, 0], np.array(list(self.labels.values()))
        _, codes, sizes = np.unique(
            labels[known.items[there]], return_inverse=True, return_counts=True
        )
        used = sizes[codes] > 1
        if not used.any() or len(sizes) < _FEWEST:
            return Score(np.nan, int(used.sum()))
        sums = np.zeros((len(sizes), units.shape[1]))
        np.add.at(sums, codes, units)
        own = sums[codes] - units
        with np.errstate(invalid="ignore", divide="ignore"):
            cosines = units @ (sums / norms(sums)[:, None]).T
            to_own = np.einsum("ij,ij->i", units, own) / norms(own)
        cosines[np.arange(len(units)), codes] = to_own
        best = np.where(np.isnan(cosines), -np.inf, cosines).argmax(axis=1)
        return Score(float((best == codes)[used].mean()), int(used.sum()))


@dataclass(frozen=True)
class Associations:
    """Two sets of target words, and two of attribute words.

    The score is the effect size of WEAT, about -2..2: how much nearer the first targets
    are to the first attributes than the second targets are, in standard deviations of a
    sample (Caliskan et al. 2017, "Semantics derived automatically from language corpora
    contain human-like biases").
    """

    targets: tuple[Sequence[str], Sequence[str]]
    attributes: tuple[Sequence[str], Sequence[str]]
    measure = "effect_size"

    @property
    def items(self) -> list[tuple[str, ...]]:
        """The words of each item."""
        return [(word,) for words in self._sets for word in words]

    @property
    def _sets(self) -> tuple[Sequence[str], ...]:
        return (*self.targets, *self.attributes)

    def score(self, known: Known) -> Score:
        """Returns the score of a table."""
        there, units = known.units()
        numbers = np.repeat(range(4), [len(words) for words in self._sets])
        sets = numbers[known.items[there]]
        x, y, a, b = (units[sets == number, 0] for number in range(4))
        if not all(map(len, (x, y, a, b))):
            return Score(np.nan, len(units))
        nearer = [(one @ a.T).mean(axis=1) - (one @ b.T).mean(axis=1) for one in (x, y)]
        spread = float(np.std(np.concatenate(nearer), ddof=1))
        apart = float(nearer[0].mean() - nearer[1].mean())
        return Score(apart / spread if spread else np.nan, len(units))


Probe: TypeAlias = Pairs | Analogies | Classes | Associations
