"""Events of event files: a tensor in parts that are not copied, or a few scalars."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from tensorboard.compat.proto import event_pb2, summary_pb2, types_pb2
from tensorboard.plugins.scalar import metadata as scalar_metadata

from tb_wordembed.format import field_keys, record
from tb_wordembed.format.metadata import (
    Part,
    column_tag,
    summary_metadata,
)
from tb_wordembed.snapshots.tensors import tensor_proto
from tb_wordembed.write.columns import Column
from tb_wordembed.write.event_file import Bytes, Event
from tb_wordembed.write.tables import Table


def table_tensor(table: Table, content: Bytes) -> Event:
    """Returns a table as a tensor, around the bytes of its numbers, which are not
    copied."""
    header = table.tensor_header.SerializeToString()
    return [header + record.prefix(field_keys.TENSOR_CONTENT, len(content)), content]


def column_event(
    wall_time: float, step: int, tag: str, column: Column, part: Part | None
) -> Event:
    """Returns an event with a column, or a part of one, of the table of this tag."""
    metadata = summary_metadata(column.role(tag, part))
    name = column_tag(tag, column.name)
    return tensor_event(wall_time, step, name, [column.content], metadata)


def tensor_event(
    wall_time: float,
    step: int,
    tag: str,
    tensor: Event,
    metadata: summary_pb2.SummaryMetadata,
) -> Event:
    """Returns an event around the parts of a tensor, which are not copied.

    Fields are in the order of their numbers, as protobuf itself writes them.
    """
    end = summary_pb2.Summary.Value(metadata=metadata).SerializeToString()
    size = sum(map(len, tensor))
    start = summary_pb2.Summary.Value(tag=tag).SerializeToString()
    start += record.prefix(field_keys.VALUE_TENSOR, size)
    for key in (field_keys.SUMMARY_VALUE, field_keys.EVENT_SUMMARY):
        start = record.prefix(key, len(start) + size + len(end)) + start
    head = event_pb2.Event(wall_time=wall_time, step=step).SerializeToString()
    return [head + start, *tensor, end]


def scalar_event(wall_time: float, step: int, values: Mapping[str, float]) -> Event:
    """Returns an event with an ordinary scalar summary, which TensorBoard's own
    dashboards show, for each number, by tag; NaN included."""
    summary = summary_pb2.Summary()
    kind = scalar_metadata.create_summary_metadata(display_name=None, description=None)
    for tag, value in values.items():
        number = np.float32(value).tobytes()
        tensor = tensor_proto(types_pb2.DT_FLOAT, (), number)
        summary.value.add(tag=tag, tensor=tensor, metadata=kind)
    event = event_pb2.Event(wall_time=wall_time, step=step, summary=summary)
    return [event.SerializeToString()]
