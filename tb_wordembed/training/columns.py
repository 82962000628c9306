"""Finds the columns, and the rows to log, of each embedding table of a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from tb_wordembed.format.paths import located
from tb_wordembed.integers import as_integer
from tb_wordembed.training.logged_table import LoggedTable, no_layer, sizes
from tb_wordembed.write.chosen_rows import columns_and_rows
from tb_wordembed.write.columns import Column, as_column, as_columns
from tb_wordembed.write.data_frames import as_mapping
from tb_wordembed.write.tokens import read
from tb_wordembed.write.vocabulary import Vocabulary

T = TypeVar("T", bound=LoggedTable)


def with_columns(
    embeddings: Sequence[T],
    tokens: Any,
    metadata: Any,
    index_from: int | None,
    log_dir: str,
    found: Mapping[str, Any] | None = None,
    rows: Any = None,
) -> list[T]:
    """Returns the tables with their columns, and with the rows to log of each.

    Args:
      tokens, metadata, index_from: as in the callbacks.
      log_dir: the directory in which files of tokens are looked for, too.
      found: tokens that the model has itself, by tag, if none are passed.
      rows: the rows to log of each table that has tokens (see ``write.chosen_rows``),
        or a dict from layer name to those of that layer; None for all.

    Raises:
      FileNotFoundError: there is no such file of tokens.
      ValueError: tokens, metadata or rows fit no layer, or not the layer they are for.
    """
    found = found or {}
    vocabularies = _vocabularies(embeddings, tokens, index_from, log_dir)
    vocabularies |= {tag: read(source) for tag, source in found.items()}
    tables = _metadata(embeddings, metadata, vocabularies)
    chosen_rows = _rows(embeddings, rows)
    complete = []
    for embedding in embeddings:
        tag = embedding.tag
        sources = vocabularies.get(tag), tables.get(tag), embedding.rows, None
        try:
            columns, chosen = columns_and_rows(*sources, chosen_rows.get(tag))
        except ValueError as error:
            raise ValueError(f"layer {tag!r}: {error}") from error
        source = found.get(tag)
        name = "" if source is None else getattr(source, "name", type(source).__name__)
        one = replace(embedding, columns=columns, chosen=chosen, tokens_from=name)
        complete.append(one)
    return complete


def _rows(embeddings: Sequence[LoggedTable], rows: Any) -> dict[str, Any]:
    """Returns the rows to log of each table, by tag, where these aren't all."""
    if isinstance(rows, Mapping):
        return _by_tag("rows", rows, embeddings)
    return {one.tag: rows for one in _with_tokens(embeddings)}


def _with_tokens(embeddings: Sequence[T]) -> Sequence[T]:
    """Returns the tables whose rows are tokens, or all if there is none: the rows of a
    table of positions are no tokens."""
    return [one for one in embeddings if one.has_tokens] or embeddings


def _vocabularies(
    embeddings: Sequence[LoggedTable], tokens: Any, index_from: int | None, log_dir: str
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
    embeddings = _with_tokens(embeddings)
    fitting = [one.tag for one in embeddings if vocabulary.fills(one.rows)]
    if fitting:
        return dict.fromkeys(fitting, vocabulary)
    if vocabulary.is_exact:
        raise ValueError(
            f"tokens has {vocabulary.rows} entries, but the model has "
            f"{sizes(embeddings)}. Pass one token per row, rows for padding and "
            f"unknown words included{_by_layer_hint('tokens', embeddings)}"
        )
    if len({one.rows for one in embeddings}) > 1:
        raise ValueError(
            f"tokens goes up to row {vocabulary.rows - 1}, but the model has "
            f"{sizes(embeddings)}. Say which layer they are for; they may leave rows "
            f"of it out: tokens={{{embeddings[0].tag!r}: ...}}"
        )
    return {one.tag: vocabulary for one in embeddings}


def _is_by_layer(tokens: Any) -> bool:
    """Returns whether this goes from layer name to tokens, not from or to rows."""
    return (
        isinstance(tokens, Mapping)
        and len(tokens) > 0
        and all(isinstance(key, str) for key in tokens)
        # The row of a token, or the token of a row that was read from JSON.
        and not any(
            as_integer(value) is not None
            or (key.isdecimal() and isinstance(value, (str, bytes)))
            for key, value in tokens.items()
        )
    )


def _metadata(
    embeddings: Sequence[LoggedTable],
    metadata: Any,
    vocabularies: Mapping[str, Vocabulary],
) -> dict[str, Any]:
    if metadata is None or not _is_mapping(metadata):
        # as_columns raises the error.
        return {} if metadata is None else {embeddings[0].tag: metadata}
    items = dict(metadata.items())
    if _is_columns_by_layer(items, embeddings):
        return _by_tag("metadata", items, embeddings)
    embeddings = _with_tokens(embeddings)
    lengths = {
        name: len(as_column(str(name), values, None).values)
        for name, values in items.items()
        if not _is_mapping(values)
    }
    fitting = _with_rows(embeddings, lengths)
    if not fitting:  # A Series that is looked up by its index may leave tokens out.
        lengths = {
            name: n for name, n in lengths.items() if not as_mapping(items[name])
        }
        fitting = _with_rows(embeddings, lengths)
    if len(lengths) < len(items) and vocabularies:
        fitting = [tag for tag in fitting if tag in vocabularies]
    if not fitting:
        raise ValueError(
            f"metadata has columns with {lengths} entries, but the model has "
            f"{sizes(embeddings)}. Pass one entry per row"
            f"{_by_layer_hint('metadata', embeddings)}"
        )
    return dict.fromkeys(fitting, items)


def _with_rows(
    embeddings: Sequence[LoggedTable], lengths: Mapping[str, int]
) -> list[str]:
    """Returns the tags of the tables with as many rows as each column has values."""
    return [one.tag for one in embeddings if set(lengths.values()) <= {one.rows}]


def _is_columns_by_layer(
    items: Mapping[Any, Any], embeddings: Sequence[LoggedTable]
) -> bool:
    """Returns whether the keys are names of layers, not of columns."""
    if not items or not all(map(_is_mapping, items.values())):
        return False
    return all(any(e.is_named(name) for e in embeddings) for name in items) or any(
        isinstance(values, Iterable) and not isinstance(values, (str, bytes))
        for columns in items.values()
        for _, values in columns.items()
    )


def _is_mapping(value: Any) -> bool:
    """Returns whether this is a dict or data frame, not a Series with items()."""
    return hasattr(value, "items") and not hasattr(value, "tolist")


def _by_tag(
    argument: str, sources: Mapping[str, Any], embeddings: Sequence[LoggedTable]
) -> dict[str, Any]:
    """Returns the source for each table, from sources by layer or its name."""
    by_tag: dict[str, Any] = {}
    for by, source in sources.items():
        tags = [one.tag for one in embeddings if one.is_named(by)]
        if not tags:
            raise ValueError(no_layer(argument, by, embeddings))
        by_tag |= dict.fromkeys(tags, source)
    return by_tag


def _by_layer_hint(argument: str, embeddings: Sequence[LoggedTable]) -> str:
    if len(embeddings) == 1:
        return ""
    return f", or say for which layer: {argument}={{{embeddings[0].tag!r}: ...}}"


def as_labels(
    metadata: Any, header: Sequence[str] | None, rows: int
) -> tuple[Column, ...]:
    """Returns columns from the metadata of ``SummaryWriter.add_embedding``: a label per
    row or, with a header, a list per row of one value for each name in it."""
    if metadata is None or not header:
        labels = None if metadata is None else [str(one) for one in metadata]
        return as_columns(labels, None, rows)
    for row, one in enumerate(metadata):
        if len(one) != len(header):
            raise ValueError(
                f"metadata has {len(one)} values in row {row}, and metadata_header has "
                f"{len(header)} names; pass a list per row with one value for each name"
            )
    values = dict(zip(header, zip(*metadata, strict=True), strict=True))
    labels = [str(one) for one in values.pop(header[0])]
    return as_columns(labels, {name: list(one) for name, one in values.items()}, rows)


def without_iterators(source: Any) -> Any:
    """Returns a source that each fit can read: iterators, which end, become lists."""
    if isinstance(source, Iterator):
        return list(source)
    if isinstance(source, dict):
        return {key: without_iterators(value) for key, value in source.items()}
    return source
