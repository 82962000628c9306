"""Finds the embedding tables of a model: of Keras 3, tf_keras and KerasHub."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import keras

from tb_wordembed.keras.weights import (
    KERAS,
    Embedding,
    Path,
    embeddings_of,
    is_embedding,
    matrices,
    matrices_of,
    numbered,
    of_function,
)
from tb_wordembed.training.logged_table import no_layer, sizes


def find(model: Any, wanted: Any, known: Sequence[Embedding] = ()) -> list[Embedding]:
    """Finds the embedding tables of a model, also those inside other layers and models.

    Args:
      wanted: ``layers`` of ``EmbeddingCallback``.
      known: the tables that were found before; they keep their tags.

    Raises:
      ValueError: such a function returns no table.
    """
    if isinstance(wanted, Mapping):
        return [of_function(tag, get, model) for tag, get in wanted.items()]
    layers = list(walk(model))
    named = _listed(wanted)
    embeddings = _tagged(_untagged(layers, named), known)
    if wanted is None:
        return embeddings
    selected: list[Embedding] = []
    for item in named:
        found = _below(item, embeddings, layers)
        selected += [one for one in found if one not in selected]
    return selected


def check_all_found(model: Any, wanted: Any, found: Sequence[Embedding]) -> None:
    """Checks that a model has tables, and each layer that is wanted its own.

    Raises:
      ValueError: there is none, or one that is wanted has no table.
    """
    if wanted is None and not found:
        raise ValueError(
            f"the model {model.name!r} has no keras.layers.Embedding layer, neither "
            "of its own nor in a layer of it. Other layers are logged if layers= names "
            "them, and other tables with tb_wordembed.SnapshotWriter or "
            "tb_wordembed.summary.embedding"
        )
    layers = list(walk(model))
    named = _listed(wanted)
    if wanted is not None and not named:
        raise ValueError(
            f"layers={wanted!r} names no layer; leave it out for "
            f"{sizes(find(model, None))}"
        )
    for item in [] if isinstance(wanted, Mapping) else named:
        if _below(item, found, layers):
            continue
        if any(_is_meant(item, path, layer) for path, layer in layers):
            raise ValueError(
                f"layers: the layer {getattr(item, 'name', item)!r} has no weights of "
                "two dimensions to log"
            )
        raise ValueError(no_layer("layers", item, find(model, None)))


def may_grow(model: Any, wanted: Any) -> bool:
    """Returns whether a layer that isn't built yet may bring tables: it has a ``build``
    of its own, or is wanted, as in ``find``."""
    named = _listed(wanted)
    layers = [((model.name,), model), *walk(model)]
    if isinstance(wanted, Mapping):  # Functions may take them from any layer.
        return not all(getattr(layer, "built", True) for _, layer in layers)
    return any(
        _has_own_build(layer) or any(_is_meant(by, path, layer) for by in named)
        for path, layer in layers
        if not getattr(layer, "built", True) and not _is_plain(layer)
    )


def _has_own_build(layer: Any) -> bool:
    return any(
        "build" in vars(one) and one.__module__.partition(".")[0] not in KERAS
        for one in type(layer).__mro__
    )


def _is_plain(layer: Any) -> bool:
    """Returns whether a layer can be built early."""
    return type(layer).build is keras.layers.Embedding.build


def not_logged(model: Any, logged: Sequence[Embedding]) -> list[str]:
    """Returns the names of layers that are not logged, but are embeddings, or are
    called so and have weights of two dimensions."""
    known = {id(one.layer) for one in logged}
    return [
        "/".join(path)
        for path, layer in walk(model)
        if id(layer) not in known
        and (is_embedding(layer) or "embed" in _names(layer))
        and (is_embedding(layer) or matrices(layer, own=True))
    ]


def _names(layer: Any) -> str:
    return f"{type(layer).__name__} {layer.name}".lower()


def build_early(model: Any, embedding: Embedding) -> None:
    """Builds a layer that Keras would build in the first batch.

    With TensorFlow, a model without an input shape has no tables until then. Building
    one neither needs an input nor draws random numbers in another order, and under the
    scopes it would have had, its variables have the same names.
    """
    layer = embedding.layer
    if layer.built or not _is_plain(layer) or not hasattr(keras, "name_scope"):
        return
    with contextlib.ExitStack() as stack:
        for name in (model.name, *embedding.path[:-1]):
            stack.enter_context(keras.name_scope(name))
        layer.build()


def walk(
    layer: Any, path: Path = (), seen: set[int] | None = None
) -> Iterator[tuple[Path, Any]]:
    """Yields the layers below a layer, with the names on the way to them."""
    seen = set() if seen is None else seen
    taken: set[str] = set()
    for child in layer._flatten_layers(include_self=False, recursive=False):
        if id(child) in seen:
            continue
        seen.add(id(child))
        inner = (*path, numbered(child.name, taken))
        yield inner, child
        yield from walk(child, inner, seen)


def _listed(wanted: Any) -> list[Any]:
    """Returns the wanted layers or names as a list, which may be empty."""
    if isinstance(wanted, str) or hasattr(wanted, "_flatten_layers"):
        return [wanted]
    return list(wanted) if isinstance(wanted, Iterable) else []


def _is_meant(by: Any, path: Path, layer: Any) -> bool:
    return by is layer or by in (layer.name, path[-1], "/".join(path))


def _below(
    by: Any, embeddings: Sequence[Embedding], layers: list[tuple[Path, Any]]
) -> list[Embedding]:
    """Returns the tables of the layers that are meant, and of those inside them."""
    if found := [one for one in embeddings if one.is_named(by)]:
        return found
    inside: set[int] = set()
    for path, layer in layers:
        if _is_meant(by, path, layer):
            inside.update(map(id, layer._flatten_layers()))
    return [one for one in embeddings if id(one.layer) in inside]


def _untagged(layers: list[tuple[Path, Any]], named: Sequence[Any]) -> list[Embedding]:
    found = [one for path, layer in layers for one in embeddings_of(path, layer)]
    have_tables = {id(one.layer) for one in found}
    for path, layer in layers:
        inside = {id(one) for one in layer._flatten_layers()}
        if any(_is_meant(by, path, layer) for by in named) and not inside & have_tables:
            found += matrices_of(path, layer)
    return found


def _tagged(untagged: list[Embedding], known: Sequence[Embedding]) -> list[Embedding]:
    """Returns the tables with tags: the name of the layer, after those of the layers
    that it is in if another one has the same."""
    names = [one.path[-1] for one in untagged if not one.suffix]
    tags = {(id(one.layer), one.suffix): one.tag for one in known}
    taken = set(tags.values())
    embeddings = []
    for one in untagged:
        name = one.path[-1]
        is_alone = names.count(name) <= 1 and name not in taken
        tag = name if is_alone else "/".join(one.path)
        tag = f"{tag}/{one.suffix}" if one.suffix else tag
        tag = tags.get((id(one.layer), one.suffix), tag)
        embeddings.append(replace(one, tag=tag))
    return embeddings
