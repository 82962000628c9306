"""Finds the Embedding layers of a Keras model, and the columns of each."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np

from tb_wordembed.format.metadata import TABLE_DTYPES
from tb_wordembed.format.paths import located
from tb_wordembed.integers import as_integer
from tb_wordembed.write.columns import Column, as_column, as_columns
from tb_wordembed.write.tables import check_shape
from tb_wordembed.write.tokens import read
from tb_wordembed.write.vocabulary import Vocabulary


@dataclass(frozen=True)
class Embedding:
    """An Embedding layer of a model.

    Attributes:
      tag: the tag of its table, which no other layer of the model has.
      layer: the ``keras.layers.Embedding``.
      scopes: the names of the model and the layers that it is in.
      columns: the columns to write beside its table.
    """

    tag: str
    layer: Any
    scopes: tuple[str, ...]
    columns: tuple[Column, ...] = ()

    @property
    def rows(self) -> int:
        """The number of rows of its table."""
        return int(self.layer.input_dim)

    def is_named(self, by: Any) -> bool:
        """Whether this layer is meant by a name or a layer."""
        return by is self.layer or by in (self.tag, self.layer.name)

    def check_size(self, dtype: str | None) -> None:
        """Checks that its table can be written in a dtype, or in its own.

        Raises:
          ValueError: it is too large.
        """
        own = str(getattr(self.layer, "variable_dtype", "float32"))
        stored = dtype or (own if own in TABLE_DTYPES else "float32")
        with _errors_of(self):
            check_shape((self.rows, self.layer.output_dim), stored)

    def table(self) -> Any:
        """Returns the table that it looks up, ``[vocab_size, embedding_dim]``; the
        layer must be built."""
        if getattr(self.layer, "quantization_mode", None):
            # Its weights are integers and scales.
            return self.layer(np.arange(self.rows))
        return self.layer.embeddings


@contextlib.contextmanager
def _errors_of(embedding: Embedding) -> Iterator[None]:
    """Adds the layer to the message of a ValueError."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"layer {embedding.tag!r}: {error}") from error


def find(model: Any, wanted: Any) -> list[Embedding]:
    """Finds the Embedding layers of a model, also those inside other layers and models.

    Args:
      model: a Keras model.
      wanted: layers or their names, one or several; None for all.

    Raises:
      ValueError: there is none, or not one that is wanted.
    """
    paths = dict(_walk(model, (), set()))
    names = [path[-1] for path in paths]
    embeddings = []
    for path, layer in paths.items():
        tag = path[-1] if names.count(path[-1]) == 1 else "/".join(path)
        embeddings.append(Embedding(tag, layer, (model.name, *path[:-1])))
    if not embeddings:
        raise ValueError(
            f"the model {model.name!r} has no keras.layers.Embedding layer, neither "
            "of its own nor in a layer of it. Other tables are logged with "
            "tb_wordembed.SnapshotWriter or tb_wordembed.summary.embedding"
        )
    if wanted is None:
        return embeddings
    if isinstance(wanted, (str, keras.layers.Layer)):
        wanted = [wanted]
    if not isinstance(wanted, Iterable) or not (chosen := list(wanted)):
        raise ValueError(
            f"layers={wanted!r} names no layer; leave it out for {_sizes(embeddings)}"
        )
    selected: list[Embedding] = []
    for item in chosen:
        found = _named("layers", item, embeddings)
        selected += [one for one in found if one not in selected]
    return selected


def _walk(
    layer: Any, path: tuple[str, ...], seen: set[int]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yields the Embedding layers below a layer, with the names on the way to them."""
    taken: set[str] = set()
    for child in layer._flatten_layers(include_self=False, recursive=False):
        if id(child) in seen:
            continue
        seen.add(id(child))
        name, number = child.name, 1
        while name in taken:
            name, number = f"{child.name}_{number}", number + 1
        taken.add(name)
        if isinstance(child, keras.layers.Embedding):
            yield (*path, name), child
        yield from _walk(child, (*path, name), seen)


def build_early(embedding: Embedding) -> None:
    """Builds a layer that Keras would build in the first batch.

    With TensorFlow, a model without an input shape has no tables until then. Building
    one neither needs an input nor draws random numbers in another order, and under the
    scopes it would have had, its variables have the same names.
    """
    layer = embedding.layer
    is_plain = type(layer).build is keras.layers.Embedding.build
    if layer.built or not is_plain or not hasattr(keras, "name_scope"):
        return
    with contextlib.ExitStack() as stack:
        for name in embedding.scopes:
            stack.enter_context(keras.name_scope(name))
        layer.build()


# ------------------------------------------------------------ which columns fit which


def with_columns(
    embeddings: Sequence[Embedding],
    tokens: Any,
    metadata: Any,
    index_from: int | None,
    log_dir: str,
) -> list[Embedding]:
    """Returns the layers with their columns.

    Args:
      embeddings: all layers that are to be logged.
      tokens: tokens for the layers with as many rows, or a dict from layer name to
        tokens.
      metadata: columns for the layers with as many rows, or a dict from layer name to
        columns.
      index_from: see ``tb_wordembed.write.tokens.read``.
      log_dir: the directory in which files of tokens are looked for, too.

    Raises:
      FileNotFoundError: there is no such file of tokens.
      ValueError: tokens or metadata fit no layer, or not the layer they are for.
    """
    vocabularies = _vocabularies(embeddings, tokens, index_from, log_dir)
    tables = _metadata(embeddings, metadata, vocabularies)
    complete = []
    for embedding in embeddings:
        tag = embedding.tag
        with _errors_of(embedding):
            columns = as_columns(vocabularies.get(tag), tables.get(tag), embedding.rows)
        complete.append(replace(embedding, columns=columns))
    return complete


def _vocabularies(
    embeddings: Sequence[Embedding], tokens: Any, index_from: int | None, log_dir: str
) -> dict[str, Vocabulary]:
    if tokens is None:
        return {}
    if _is_by_layer(tokens):
        return {
            tag: read(
                located(source, log_dir),
                index_from if isinstance(source, Mapping) else None,
            )
            for tag, source in _by_tag("tokens", tokens, embeddings).items()
        }
    vocabulary = read(located(tokens, log_dir), index_from)
    fitting = [e.tag for e in embeddings if vocabulary.fills(e.rows)]
    if not fitting and not vocabulary.is_exact and len(embeddings) == 1:
        fitting = [embeddings[0].tag]
    if not fitting and not vocabulary.is_exact:
        raise ValueError(
            f"tokens goes up to row {vocabulary.rows - 1}, but the model has "
            f"{_sizes(embeddings)}. Say which layer they are for; they may leave rows "
            f"of it out: tokens={{{embeddings[0].tag!r}: ...}}"
        )
    if not fitting:
        raise ValueError(
            f"tokens has {vocabulary.rows} entries, but the model has "
            f"{_sizes(embeddings)}. Pass one token per row, rows for padding and "
            f"unknown words included{_by_layer_hint('tokens', embeddings)}"
        )
    return dict.fromkeys(fitting, vocabulary)


def _is_by_layer(tokens: Any) -> bool:
    """Whether this goes from layer name to tokens, not from or to rows."""
    return (
        isinstance(tokens, Mapping)
        and len(tokens) > 0
        and all(isinstance(key, str) and not key.isdecimal() for key in tokens)
        and all(as_integer(value) is None for value in tokens.values())
    )


def _metadata(
    embeddings: Sequence[Embedding],
    metadata: Any,
    vocabularies: Mapping[str, Vocabulary],
) -> dict[str, Any]:
    if metadata is None or not hasattr(metadata, "items"):
        # as_columns raises the error.
        return {} if metadata is None else {embeddings[0].tag: metadata}
    items = dict(metadata.items())
    if _is_columns_by_layer(items, embeddings):
        return _by_tag("metadata", items, embeddings)
    lengths = {
        name: len(as_column(str(name), values, None).values)
        for name, values in items.items()
        if not _is_mapping(values)
    }
    fitting = [e.tag for e in embeddings if set(lengths.values()) <= {e.rows}]
    if len(lengths) < len(items) and vocabularies:
        fitting = [tag for tag in fitting if tag in vocabularies]
    if not fitting:
        raise ValueError(
            f"metadata has columns with {lengths} entries, but the model has "
            f"{_sizes(embeddings)}. Pass one entry per row"
            f"{_by_layer_hint('metadata', embeddings)}"
        )
    return dict.fromkeys(fitting, items)


def _is_columns_by_layer(
    items: Mapping[Any, Any], embeddings: Sequence[Embedding]
) -> bool:
    """Whether this goes from layer name to columns, not from column name to values."""
    if not items or not all(map(_is_mapping, items.values())):
        return False
    return all(any(e.is_named(name) for e in embeddings) for name in items) or any(
        isinstance(values, Iterable) and not isinstance(values, (str, bytes))
        for columns in items.values()
        for _, values in columns.items()
    )


def _is_mapping(value: Any) -> bool:
    """Whether this is a dict or data frame; a pandas Series has items() too."""
    return hasattr(value, "items") and not hasattr(value, "tolist")


def _by_tag(
    argument: str, sources: Mapping[str, Any], embeddings: Sequence[Embedding]
) -> dict[str, Any]:
    return {
        found.tag: source
        for name, source in sources.items()
        for found in _named(argument, name, embeddings)
    }


def _named(argument: str, by: Any, embeddings: Sequence[Embedding]) -> list[Embedding]:
    """Returns the layers that are meant by a name or a layer.

    Raises:
      ValueError: there is none.
    """
    found = [one for one in embeddings if one.is_named(by)]
    if not found:
        raise ValueError(
            f"{argument}: there is no layer {getattr(by, 'name', by)!r}; the model has "
            f"{_sizes(embeddings)}"
        )
    return found


def _sizes(embeddings: Sequence[Embedding]) -> str:
    sizes = (f"{e.tag!r} with {e.rows} rows" for e in embeddings)
    return "the Embedding layers " + ", ".join(sizes)


def _by_layer_hint(argument: str, embeddings: Sequence[Embedding]) -> str:
    if len(embeddings) == 1:
        return ""
    return f", or say for which layer: {argument}={{{embeddings[0].tag!r}: ...}}"
