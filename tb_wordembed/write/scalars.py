"""Ordinary scalar summaries, for TensorBoard's own dashboards, without TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from tensorboard.compat.proto import event_pb2, summary_pb2, types_pb2
from tensorboard.plugins.scalar import metadata

from tb_wordembed.write.tables import tensor_proto


def scalar_event(
    wall_time: float, step: int, values: Mapping[str, float]
) -> event_pb2.Event:
    """Returns an event with a scalar summary for each number, by tag; NaN included."""
    summary = summary_pb2.Summary()
    kind = metadata.create_summary_metadata(display_name=None, description=None)
    for tag, value in values.items():
        tensor = tensor_proto(types_pb2.DT_FLOAT, ())
        tensor.tensor_content = np.float32(value).tobytes()
        summary.value.add(tag=tag, tensor=tensor, metadata=kind)
    return event_pb2.Event(wall_time=wall_time, step=step, summary=summary)
