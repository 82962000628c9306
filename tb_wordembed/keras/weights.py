"""Finds the weights of a Keras layer that are embedding tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import keras
import numpy as np

from tb_wordembed.training.logged_table import LoggedTable
from tb_wordembed.write.tag_and_step import check_tag

KERAS = "keras", "tf_keras"
"""The packages whose layers are those of Keras itself."""

Path = tuple[str, ...]
"""The names on the way from a model to a layer, its own name last."""


@dataclass(frozen=True)
class Embedding(LoggedTable):
    """An embedding table of a Keras model.

    Attributes:
      path: the names on the way from the model to the layer, its own name last.
      layer: the layer that it belongs to.
      suffix: the end of its tag, if it is not the only table of its layer.
      is_weight: whether it is a weight that was found, not one that is yet to come.
    """

    path: Path
    layer: Any
    suffix: str
    is_weight: bool = True

    @property
    def is_built(self) -> bool:
        """Whether there are numbers to log."""
        return self.is_weight or bool(self.layer.built)

    def is_named(self, by: Any) -> bool:
        """Returns whether this table is meant by a name or a layer."""
        return by is self.layer or by in (self.tag, self.layer.name)


def embeddings_of(path: Path, layer: Any) -> Iterator[Embedding]:
    """Yields the tables of a layer that is an embedding."""
    if is_embedding(layer):
        shape = int(layer.input_dim), int(layer.output_dim)
        table = partial(_looked_up, layer)
        fixed = ((0, 1),) if getattr(layer, "mask_zero", False) else None
        yield Embedding(
            path, layer, "", is_weight=False, shape=shape, table=table, fixed_rows=fixed
        )
    else:
        for name in ("embeddings", "position_embeddings"):
            weight = _weight(layer, name)
            if weight is not None:
                found = _of_weight(path, layer, "", weight)
                yield replace(found, has_tokens=name == "embeddings")
    weight = _weight(layer, "reverse_embeddings")
    if weight is not None and not getattr(layer, "quantization_mode", None):
        table = partial(keras.ops.transpose, weight)
        shape = _shape(weight)[::-1]
        yield Embedding(path, layer, "reverse_embeddings", shape=shape, table=table)


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


def matrices_of(path: Path, layer: Any) -> Iterator[Embedding]:
    """Yields all two-dimensional weights of a layer that is no embedding."""
    weights = matrices(layer, own=True) or matrices(layer, own=False)
    taken: set[str] = set()
    for weight in weights:
        name = numbered(weight.name.rpartition("/")[2].partition(":")[0], taken)
        suffix = name if len(weights) > 1 else ""
        yield _of_weight(path, layer, suffix, weight)


def numbered(name: str, taken: set[str]) -> str:
    """Returns a name that is not taken, with a number if need be, and takes it."""
    free, number = name, 1
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    taken.add(free)
    return free


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


def _of_weight(path: Path, layer: Any, suffix: str, weight: Any) -> Embedding:
    shape = _shape(weight)
    return Embedding(path, layer, suffix, shape=shape, table=lambda: weight)


def of_function(tag: Any, get: Any, model: Any) -> Embedding:
    """Returns the table that a function takes from a model.

    Raises:
      ValueError: it is no function, or returns no table of two dimensions.
    """
    check_tag(tag)
    if not callable(get) or hasattr(get, "_flatten_layers"):
        raise ValueError(
            f"layers: {tag!r} goes to {get!r}; expected a function that takes a table "
            'from the model, such as lambda model: model.get_layer("head").kernel'
        )
    try:
        shape = tuple(map(int, get(model).shape))
    except Exception as error:
        raise ValueError(
            f"layers: the function for {tag!r} returns no table: "
            f"{type(error).__name__}: {error}"
        ) from error
    if len(shape) != 2:
        raise ValueError(
            f"layers: the function for {tag!r} returns the shape {list(shape)}; a "
            "table has two dimensions, [vocab_size, embedding_dim]"
        )
    return Embedding((tag,), model, "", tag=tag, shape=shape, table=partial(get, model))


def _shape(weight: Any) -> tuple[int, int]:
    rows, columns = weight.shape
    return int(rows), int(columns)
