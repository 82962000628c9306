"""Event files for tests, made with TensorBoard's own messages."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from crc32c import crc32c
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.util import tensor_util

from tb_wordembed.format import metadata
from tb_wordembed.format.metadata import Part
from tb_wordembed.format.record import footer, header


def table_value(
    tag: str, table: npt.NDArray[Any], description: str = ""
) -> summary_pb2.Summary.Value:
    return summary_pb2.Summary.Value(
        tag=tag,
        tensor=tensor_util.make_tensor_proto(table),
        metadata=metadata.summary_metadata(
            metadata.TableRole(), description=description
        ),
    )


def column_value(
    table: str, column: str, values: Sequence[str] | npt.NDArray[Any]
) -> summary_pb2.Summary.Value:
    array = values if isinstance(values, np.ndarray) else np.array(values, object)
    return summary_pb2.Summary.Value(
        tag=metadata.column_tag(table, column),
        tensor=tensor_util.make_tensor_proto(array),
        metadata=metadata.summary_metadata(metadata.ColumnRole(table, column)),
    )


def part_of(
    value: summary_pb2.Summary.Value, start: int, vocab_size: int
) -> summary_pb2.Summary.Value:
    """The value of a table or column, marked as the rows from ``start`` on."""
    data = value.metadata.plugin_data
    role = replace(metadata.decode(data.content), part=Part(start, vocab_size))
    data.content = metadata.encode(role)
    return value


def table_parts(
    tag: str, table: npt.NDArray[Any], cuts: Sequence[int], description: str = ""
) -> list[summary_pb2.Summary.Value]:
    """A table in parts that end where ``cuts`` says."""
    bounds = [0, *cuts, len(table)]
    return [
        part_of(table_value(tag, table[start:stop], description), start, len(table))
        for start, stop in itertools.pairwise(bounds)
    ]


def column_parts(
    table: str,
    column: str,
    values: Sequence[str] | npt.NDArray[Any],
    cuts: Sequence[int],
) -> list[summary_pb2.Summary.Value]:
    """A column in parts that end where ``cuts`` says."""
    bounds = [0, *cuts, len(values)]
    return [
        part_of(column_value(table, column, values[start:stop]), start, len(values))
        for start, stop in itertools.pairwise(bounds)
    ]


def scalar_value(tag: str, number: float) -> summary_pb2.Summary.Value:
    return summary_pb2.Summary.Value(tag=tag, simple_value=number)


def event(
    step: int, *values: summary_pb2.Summary.Value, wall_time: float | None = None
) -> bytes:
    return event_pb2.Event(  # type: ignore[no-any-return]
        wall_time=1_700_000_000.0 + step if wall_time is None else wall_time,
        step=step,
        summary=summary_pb2.Summary(value=values),
    ).SerializeToString()


def record(data: bytes) -> bytes:
    return header(len(data)) + data + footer(crc32c(data))


def write(path: Path, *events: bytes) -> Path:
    """Appends events to an event file; starts it as a writer would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first = [] if path.exists() else [_version()]
    with path.open("ab") as file:
        for data in first + list(events):
            file.write(record(data))
    return path


def _version() -> bytes:
    return event_pb2.Event(  # type: ignore[no-any-return]
        wall_time=1.7e9, file_version="brain.Event:2"
    ).SerializeToString()


def random_tables(
    steps: int, vocab_size: int, embedding_dim: int, seed: int = 0
) -> list[npt.NDArray[np.float32]]:
    """A random walk: each table is the one before with a little added."""
    rng = np.random.default_rng(seed)
    walk = rng.normal(size=(steps, vocab_size, embedding_dim)).cumsum(axis=0)
    return list(walk.astype(np.float32))


def lengthening(
    steps: int = 4, vocab_size: int = 400, embedding_dim: int = 8
) -> list[npt.NDArray[np.float32]]:
    """Tables whose rows go apart along one direction, a little along a second one, and
    differ by chance in all of them."""
    rng = np.random.default_rng(3)
    chance = 0.02 * rng.normal(size=(vocab_size, embedding_dim))
    along, aside = np.linalg.qr(rng.normal(size=(embedding_dim, 2)))[0].T
    far, little = rng.normal(size=(2, vocab_size, 1))
    return [
        (chance + step * (far * along + 0.002 * little * aside)).astype(np.float32)
        for step in range(steps)
    ]


def write_series(
    path: Path,
    tables: Sequence[npt.NDArray[Any]],
    tag: str = "words",
    tokens: Sequence[str] | None = None,
) -> Path:
    """A log of one table per step, from step 0 on."""
    columns = [] if tokens is None else [column_value(tag, "token", list(tokens))]
    write(path, *([event(0, *columns)] if columns else []))
    return write(
        path,
        *(event(step, table_value(tag, table)) for step, table in enumerate(tables)),
    )


FILE_NAME = "events.out.tfevents.1700000000.host.1.0"
