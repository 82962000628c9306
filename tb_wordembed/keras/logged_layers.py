"""``LoggedLayers``: which tables of a model are logged, with which columns and rows."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from typing import Any

from tb_wordembed.errors import LOG
from tb_wordembed.keras.tables import (
    build_early,
    check_all_found,
    find,
    may_grow,
    not_logged,
    walk,
)
from tb_wordembed.keras.weights import Embedding
from tb_wordembed.training.columns import with_columns, without_iterators
from tb_wordembed.training.logged_table import described
from tb_wordembed.write.harmless import Harmless
from tb_wordembed.write.tokens import read


class LoggedLayers:
    """The tables of a model that are logged. Some may be found only in a first batch.

    Args:
      log_dir, layers: as in ``EmbeddingCallback``.
      sources: ``tokens``, ``metadata``, ``index_from`` and ``rows``, as there.

    Attributes:
      embeddings: the tables that were found by now.
      may_grow: whether layers that aren't built yet may bring further ones.
    """

    def __init__(self, log_dir: str, layers: Any, **sources: Any) -> None:
        self._layers = without_iterators(layers)
        self._sources = without_iterators(sources) | {"log_dir": log_dir}
        self._model: Any = None
        self.forget()

    def forget(self) -> None:
        """Forgets the model."""
        self._model, self.embeddings, self.may_grow = None, list[Embedding](), False

    def begin(self, model: Any) -> None:
        """Finds the tables that a model has before its training, and builds some early.

        Raises:
          ValueError: it has none, or an argument fits none of them.
        """
        self._model = model
        try:
            self._find()
        except ValueError:
            # They may fit a layer that makes its table in the first batch.
            if not self.may_grow:
                raise
        for embedding in self.embeddings:
            build_early(model, embedding)

    def grow(self) -> bool:
        """Finds the tables of layers that were built meanwhile; returns whether there
        are any. No error in it ends the training."""
        before = len(self.embeddings)
        with Harmless().caught("EmbeddingCallback finds no further tables"):
            self._find()
        return len(self.embeddings) > before

    def _find(self) -> None:
        """Finds the tables, their columns, and the rows to log of each."""
        self.may_grow = may_grow(self._model, self._layers)
        self.embeddings = find(self._model, self._layers, self.embeddings)
        check_all_found(self._model, self._layers, self.embeddings)
        found = {}
        if self._sources["tokens"] is None:
            found = _vocabulary_layers(self._model, self.embeddings)
        self.embeddings = with_columns(self.embeddings, found=found, **self._sources)

    def say(self, where: str) -> None:
        """Says in one line of Python's log what is logged, and what is not."""
        left_out = not_logged(self._model, self.embeddings)
        said = f"EmbeddingCallback logs {described(self.embeddings)} {where}"
        if self.may_grow:
            said += "; layers that aren't built yet are looked at after the first batch"
        if left_out:
            said += f"; not logged: {', '.join(map(repr, left_out))} (see layers=)"
        is_chosen = self._layers is not None or not left_out
        LOG.log(logging.INFO if is_chosen else logging.WARNING, "%s", said)


def _vocabulary_layers(model: Any, embeddings: Sequence[Embedding]) -> dict[str, Any]:
    """Returns the vocabulary layer in the model for each table, by its tag.

    It is the only one beside the table in its model or layer, or else the only one of
    as many tokens as the table has rows. Where several may be meant, none is taken.
    """
    layers = list(walk(model))
    inside = {
        id(part)
        for _, layer in layers
        if hasattr(layer, "get_vocabulary")
        for part in layer._flatten_layers(include_self=False)
    }
    lookups = [
        (path[:-1], layer, size)
        for path, layer in layers
        if id(layer) not in inside and (size := _size(layer))
    ]
    found = {}
    for embedding in embeddings:
        if not embedding.has_tokens:
            continue
        fitting = [one for one in lookups if one[2] <= embedding.rows]
        above = embedding.path[:-1]
        beside = [layer for path, layer, _ in fitting if path == above]
        filling = [layer for _, layer, size in fitting if size == embedding.rows]
        for layers in (beside, [one for one in beside if one in filling], filling):
            if len(layers) == 1:
                found[embedding.tag] = layers[0]
                break
    return found


def _size(layer: Any) -> int:
    """Returns the number of tokens of a layer that turns tokens into rows; 0 for any
    other, or if it doesn't know its tokens by now."""
    if not hasattr(layer, "get_vocabulary") or getattr(layer, "invert", False):
        return 0
    mode = getattr(layer, "_output_mode", getattr(layer, "output_mode", "int"))
    if mode != "int":
        return 0
    # What users call so in a layer of their own may be something else.
    with contextlib.suppress(Exception):
        return read(layer).rows
    return 0
