"""Finds the weights of a Keras layer that are embedding tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np

KERAS = "keras", "tf_keras"
"""The packages whose layers are those of Keras itself."""

Path = tuple[str, ...]
"""The names on the way from a model to a layer, its own name last."""


@dataclass(frozen=True)
class Draft:
    """A table before it has its tag."""

    path: Path
    layer: Any
    suffix: str
    shape: tuple[int, int]
    table: Callable[[], Any]
    is_weight: bool = True
    has_tokens: bool = True


def embeddings_of(path: Path, layer: Any) -> Iterator[Draft]:
    """Yields the tables of a layer that is an embedding."""
    if is_embedding(layer):
        shape = int(layer.input_dim), int(layer.output_dim)
        table = partial(_looked_up, layer)
        yield Draft(path, layer, "", shape, table, is_weight=False)
    else:
        for name in ("embeddings", "position_embeddings"):
            weight = _weight(layer, name)
            if weight is not None:
                is_positions = name == "position_embeddings"
                table = partial(_itself, weight)
                yield Draft(
                    path,
                    layer,
                    "",
                    _shape(weight),
                    table,
                    has_tokens=not is_positions,
                )
    weight = _weight(layer, "reverse_embeddings")
    if weight is not None and not getattr(layer, "quantization_mode", None):
        table = partial(keras.ops.transpose, weight)
        yield Draft(path, layer, "reverse_embeddings", _shape(weight)[::-1], table)


def is_embedding(layer: Any) -> bool:
    """Returns whether a layer is an ``Embedding`` of Keras, or derived from it."""
    return hasattr(layer, "input_dim") and any(
        one.__name__ == "Embedding" and one.__module__.partition(".")[0] in KERAS
        for one in type(layer).__mro__
    )


def _looked_up(layer: Any) -> Any:
    """Returns the table that an Embedding layer looks up."""
    if getattr(layer, "quantization_mode", None):
        # Its weights are integers and scales.
        return layer(np.arange(layer.input_dim))
    return layer.embeddings


def matrices_of(path: Path, layer: Any) -> Iterator[Draft]:
    """Yields all two-dimensional weights of a layer that is no embedding."""
    weights = matrices(layer, own=True) or matrices(layer, own=False)
    taken: set[str] = set()
    for weight in weights:
        stem = weight.name.rpartition("/")[2].partition(":")[0]
        name, number = stem, 1
        while name in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name)
        suffix = name if len(weights) > 1 else ""
        yield Draft(path, layer, suffix, _shape(weight), partial(_itself, weight))


def matrices(layer: Any, *, own: bool) -> list[Any]:
    """Returns the two-dimensional weights of a layer: its own alone, or also those of
    the layers below it."""
    below: set[int] = set()
    if own:
        for child in layer._flatten_layers(include_self=False):
            below.update(map(id, child.weights))
    return [
        one for one in layer.weights if id(one) not in below and len(one.shape) == 2
    ]


def _weight(layer: Any, attribute: str) -> Any:
    """Returns the two-dimensional weight that a layer has under a name, or None."""
    value = getattr(layer, attribute, None)
    found = matrices(layer, own=False) if value is not None else []
    return value if any(value is one for one in found) else None


def _shape(weight: Any) -> tuple[int, int]:
    rows, columns = weight.shape
    return int(rows), int(columns)


def _itself(weight: Any) -> Any:
    return weight
