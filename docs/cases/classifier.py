"""The classifier of the cases: a text is the mean of its words' rows, then a line."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from tb_wordembed.demo.dataset import LabeledTexts

RATE, BATCH, DIMENSIONS = 10.0, 100, 16


def epochs(
    data: LabeledTexts,
    texts: np.ndarray,
    count: int,
    masks_padding: bool = True,
    seed: int = 0,
    dimensions: int = DIMENSIONS,
    rate: float = RATE,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yields the table and the line of the untrained model, and after each epoch.

    Args:
      data: reviews as rows of token indices, filled up with 0.
      texts: the numbers of those that the training sees.
      count: the number of epochs.
      masks_padding: whether the mean leaves out the padding, as it should.
      seed: of the random start and of the order of the texts.
      dimensions: the width of the table.
      rate: the learning rate of the table.
    """
    means = text_means(data, masks_padding)
    rng = np.random.default_rng(seed)
    table = rng.uniform(-0.05, 0.05, (len(data.tokens), dimensions)).astype(np.float32)
    line = rng.normal(size=dimensions).astype(np.float32)
    yield table, line
    for _ in range(count):
        order = rng.permutation(texts)
        for batch in np.array_split(order, max(1, len(order) // BATCH)):
            rows = means[batch]
            chance = 1 / (1 + np.exp(-(rows @ table) @ line))
            error = (data.labels[batch] - chance) / len(batch)
            to_line = (rows @ table).T @ error
            table = table + rate * np.outer(rows.T @ error, line).astype(np.float32)
            line = line + to_line.astype(np.float32)
        yield table, line


def text_means(data: LabeledTexts, masks_padding: bool = True) -> csr_array:
    """Returns the weight of each token in each text's mean, ``[texts, tokens]``."""
    texts, places = np.nonzero(data.texts if masks_padding else data.texts >= 0)
    shape = len(data.texts), len(data.tokens)
    ones = np.ones(len(texts), np.float32)
    counts = csr_array((ones, (texts, data.texts[texts, places])), shape)
    counts.sum_duplicates()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    return csr_array(counts / lengths[:, None])


def accuracy(
    data: LabeledTexts, texts: np.ndarray, table: np.ndarray, line: np.ndarray
) -> float:
    """Returns the share of some texts whose label the model tells."""
    found = (text_means(data)[texts] @ table) @ line > 0
    return float((found == (data.labels[texts] > 0.5)).mean())
