"""The metadata that marks a summary value as a table or as a column of one.

The writer and the reader share this module. The plugin content of a summary is
a small JSON object, which docs/event_format.md describes on one page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from tensorboard.compat.proto import summary_pb2

from tb_wordembed.errors import quoted
from tb_wordembed.format.storable_names import is_unicode

PLUGIN_NAME = "wordembed"
FORMAT_VERSION = 2
"""The version that is read, with all before it."""
_WHOLE_VERSION = 1
"""The version of a value that is no part, which older readers read, too."""
TOKEN_COLUMN = "token"
"""The name of the column with the token of each row."""
ITEM_BYTES = {"float32": 4, "float64": 8, "float16": 2, "bfloat16": 2}
"""The bytes of a number, by the dtypes in which a table may be stored."""
TABLE_DTYPES = tuple(ITEM_BYTES)
MOST_RANGES = 64
"""The largest number of ranges of fixed rows."""

RowRanges = tuple[tuple[int, int], ...]
"""Rows as ranges, ascending: the first row of each, and the one after its last."""


class FormatError(ValueError):
    """A summary has our plugin name, but content that can't be read."""


class Part(NamedTuple):
    """Which rows of a table a value has: those from ``start`` on, as many as its tensor
    has, of the ``vocab_size`` rows that are logged at this step in several parts."""

    start: int
    vocab_size: int


@dataclass(frozen=True)
class TableRole:
    """The role of an embedding table ``[vocab_size, embedding_dim]``.

    Attributes:
      full_vocab_size: the number of rows of the table from which these rows were
        chosen; None if all rows were written.
      fixed_rows: the rows that training must not change, such as padding; None where
        the snapshot does not say. They are numbered as in the whole of a table that is
        logged in parts.
      part: which rows it has; None for all that are logged.
    """

    full_vocab_size: int | None = None
    fixed_rows: RowRanges | None = None
    part: Part | None = None


@dataclass(frozen=True)
class ColumnRole:
    """The role of a column, one value per row ``[vocab_size]`` of a table, or of a part
    of its rows.

    Attributes:
      has_images: whether its values are images (see ``tb_wordembed.format.images``), or
        no bytes for a row without one.
    """

    table: str
    column: str
    part: Part | None = None
    has_images: bool = False


Role = TableRole | ColumnRole


def column_tag(table: str, column: str) -> str:
    """Returns the tag of a column of the table with the tag ``table``."""
    return f"{table}/column/{column}"


def encode(role: Role) -> bytes:
    """Returns the plugin content of a summary value with this role."""
    version = _WHOLE_VERSION if role.part is None else FORMAT_VERSION
    content: dict[str, object] = {"format_version": version}
    if isinstance(role, TableRole):
        content["kind"] = "table"
        if role.full_vocab_size is not None:
            content["full_vocab_size"] = role.full_vocab_size
        if role.fixed_rows is not None:
            content["fixed_rows"] = role.fixed_rows
    else:
        content.update(kind="column", table=role.table, column=role.column)
        if role.has_images:
            content["images"] = True
    if role.part is not None:
        content["part"] = role.part
    return json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()


def decode(content: bytes) -> Role:
    """Returns the role that the plugin content of a summary value says. Raises
    FormatError if the content is not ours, or of a newer format version."""
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"plugin content is not JSON: {content[:80]!r}") from error
    if not isinstance(fields, dict):
        raise FormatError(f"plugin content is not a JSON object: {content[:80]!r}")
    version = fields.get("format_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _unexpected("format_version", version, "an integer from 1")
    if version > FORMAT_VERSION:
        raise FormatError(
            f"written in format version {quoted(version)}; this tb_wordembed reads up "
            f"to {FORMAT_VERSION}. Upgrade: pip install -U tb_wordembed"
        )
    # In version 1 the field has no meaning, as in the readers of that time.
    part = _part(fields.get("part") if version > _WHOLE_VERSION else None)
    kind = fields.get("kind")
    if kind == "table":
        full = fields.get("full_vocab_size")
        if full is not None and (type(full) is not int or full < 1):
            raise _unexpected("full_vocab_size", full, "an integer from 1")
        return TableRole(full, _row_ranges(fields.get("fixed_rows")), part)
    if kind == "column":
        table, column = fields.get("table"), fields.get("column")
        if isinstance(table, str) and isinstance(column, str) and column:
            if not is_unicode(table + column):
                raise FormatError(f"a name is not Unicode: {content[:80]!r}")
            # Tokens are text, whatever else is said of them.
            has_images = fields.get("images") is True and column != TOKEN_COLUMN
            return ColumnRole(table, column, part, has_images)
        raise FormatError(f"column content names no table and column: {content[:80]!r}")
    raise _unexpected("kind", kind, '"table" or "column"')


def _unexpected(name: str, value: object, expected: str) -> FormatError:
    return FormatError(f"{name} is {quoted(value)}; expected {expected}")


def _part(field: object) -> Part | None:
    if field is None:
        return None
    if isinstance(field, list) and [type(number) for number in field] == [int, int]:
        start, vocab_size = field
        if 0 <= start < vocab_size < 2**63:
            return Part(start, vocab_size)
    expected = "the first row and the number of rows of the whole, such as [1000, 4000]"
    raise _unexpected("part", field, expected)


def _row_ranges(field: object) -> RowRanges | None:
    if field is None:
        return None
    ranges = field if isinstance(field, list) else [None]
    end, found = 0, []
    for one in ranges[: MOST_RANGES + 1]:
        if not (isinstance(one, list) and [type(row) for row in one] == [int, int]):
            break
        start, stop = one
        if not end <= start < stop < 2**63:
            break
        found.append((start, stop))
        end = stop
    if len(found) < len(ranges) or len(found) > MOST_RANGES:
        expected = f"{MOST_RANGES} ranges at most, ascending, such as [[0, 1]]"
        raise _unexpected("fixed_rows", field, expected)
    return tuple(found)


def summary_metadata(
    role: Role, *, description: str | None = None
) -> summary_pb2.SummaryMetadata:
    """Returns the summary metadata of a value with this role.

    ``data_class`` is left unset on purpose: TensorBoard's data server then keeps
    nothing of the value in memory ("will not be processed by data ingestion
    pipelines"), and reads past it.
    """
    return summary_pb2.SummaryMetadata(
        summary_description=str(description or "").encode(errors="replace").decode(),
        plugin_data=summary_pb2.SummaryMetadata.PluginData(
            plugin_name=PLUGIN_NAME, content=encode(role)
        ),
    )
