"""Event files of scalars and snapshots.

Of any apparent size: where tables are holes, all around them is real but the checksums
of the records that hold them, for readers that skip tables.
"""

from __future__ import annotations

import os
import struct
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from crc32c import crc32c
from tensorboard.compat.proto import (
    event_pb2,
    summary_pb2,
    tensor_pb2,
    tensor_shape_pb2,
    types_pb2,
)
from tensorboard.plugins.scalar.summary_v2 import scalar_pb

from tb_wordembed.format.metadata import TableRole, summary_metadata
from tb_wordembed.summary import embedding_pb
from tb_wordembed.write.table_parts import table_parts
from tb_wordembed.write.tables import as_table

FILE_NAME = "events.out.tfevents.1700000000.host.1.0"
EMBEDDING_DIM = 250
TAG, SCALAR_TAG = "words", "epoch_loss"
SCALAR = scalar_pb(SCALAR_TAG, 0.5)
"""As tf.summary.scalar writes one."""
METADATA = embedding_pb(TAG, np.zeros((1, 1), np.float32)).value[-1].metadata


Table = npt.NDArray[np.float32]


def write(
    path: Path,
    scalars: int,
    tables: int,
    table: int | Table,
    tokens: Sequence[str] | None = None,
) -> None:
    """Writes this many scalars and snapshots, evenly mixed; where there are
    scalars, one is last.

    Args:
      path: of the file; its directory is made.
      scalars: how many.
      tables: how many.
      table: what each holds; a number of bytes makes it a hole of as many.
      tokens: the tokens of their rows, before the first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    steps = max(tables, scalars)
    with path.open("wb") as file:
        start = event_pb2.Event(wall_time=_time(0), file_version="brain.Event:2")
        _append(file, start)
        if tokens is not None:
            column, _ = embedding_pb(
                TAG, np.zeros((len(tokens), 1)), tokens=tokens
            ).value
            _append(file, _event(0, summary_pb2.Summary(value=[column])))
        for step in range(steps):
            # One more by the end of this step than before it?
            if (step + 1) * tables // steps > step * tables // steps:
                if isinstance(table, int):
                    _append_hole(file, step, table)
                else:
                    for part in _parts(table):
                        _append(file, _event(step, part))
            if (step + 1) * scalars // steps > step * scalars // steps:
                _append(file, _event(step, SCALAR))


def _parts(table: Table) -> Iterator[summary_pb2.Summary]:
    """Yields a snapshot as tf.summary writes it: a large table in several summaries."""
    for rows, part in table_parts(as_table(table)):
        summary = embedding_pb(TAG, rows.values)
        metadata = summary_metadata(TableRole(part=part))
        summary.value[-1].metadata.CopyFrom(metadata)
        yield summary


def append_hole(path: Path, step: int, table_bytes: int) -> None:
    """Appends one more snapshot."""
    # Not "ab", which would write at the end whatever is sought.
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        _append_hole(file, step, table_bytes)


def check_holes() -> None:
    """Ends the benchmark where holes would take room."""
    with tempfile.TemporaryFile() as file:
        file.truncate(64 << 20)
        if os.fstat(file.fileno()).st_blocks > 1 << 10:
            sys.exit("Needs a file system with sparse files; set TMPDIR to one.")


def _time(step: int) -> float:
    return 1.7e9 + step


def _event(step: int, summary: summary_pb2.Summary) -> event_pb2.Event:
    return event_pb2.Event(wall_time=_time(step), step=step, summary=summary)


def _append(file: BinaryIO, event: event_pb2.Event) -> None:
    data = event.SerializeToString()
    file.write(_header(len(data)) + data + _masked_crc(data))


def _append_hole(file: BinaryIO, step: int, table_bytes: int) -> None:
    shape = (table_bytes // (4 * EMBEDDING_DIM), EMBEDDING_DIM)
    tensor = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_FLOAT,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(
            dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in shape]
        ),
    )
    content = 4 * shape[0] * shape[1]
    # Each message around the hole: what comes before it in it, and what behind.
    end = summary_pb2.Summary.Value(metadata=METADATA).SerializeToString()
    start = tensor.SerializeToString() + _prefix(4, content)
    start = (
        summary_pb2.Summary.Value(tag=TAG).SerializeToString()
        + _prefix(8, len(start) + content)
        + start
    )
    start = _prefix(1, len(start) + content + len(end)) + start
    start = (
        event_pb2.Event(wall_time=_time(step), step=step).SerializeToString()
        + _prefix(5, len(start) + content + len(end))
        + start
    )
    file.write(_header(len(start) + content + len(end)) + start)
    file.seek(content, os.SEEK_CUR)
    file.write(end + bytes(4))


def _prefix(number: int, length: int) -> bytes:
    """Returns key and length of a protobuf field of this many bytes."""
    out = bytearray([number << 3 | 2])
    while length > 0x7F:
        out.append(length & 0x7F | 0x80)
        length >>= 7
    out.append(length)
    return bytes(out)


def _header(length: int) -> bytes:
    data = struct.pack("<Q", length)
    return data + _masked_crc(data)


def _masked_crc(data: bytes) -> bytes:
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)
