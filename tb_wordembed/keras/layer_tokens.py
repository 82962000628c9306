"""Finds the tokens that a Keras model has for its embedding tables."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from tb_wordembed.keras.tables import walk
from tb_wordembed.keras.weights import Embedding
from tb_wordembed.write.tokens import read


def vocabulary_layers(model: Any, embeddings: Sequence[Embedding]) -> dict[str, Any]:
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
