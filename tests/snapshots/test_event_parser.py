"""Events that are recognized by earlier ones mean what their fields say."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logs import FILE_NAME, event, record, table_value

from tb_wordembed.format import field_keys
from tb_wordembed.format.record import varint
from tb_wordembed.snapshots.event_parser import Value
from tb_wordembed.snapshots.file_index import FileIndex
from tb_wordembed.snapshots.local_files import Stat

STEPS = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 300)


def values_of(path: Path) -> list[Value]:
    index = FileIndex(str(path))
    index.refresh(Stat.of(path.stat()))
    assert not index.problems
    return index.values


def event_bytes(
    tag: str, step: int, rows: int, description: str, late_step: int | None
) -> bytes:
    table = np.full((rows, 3), step % 1000, np.float32)
    data = event(step, table_value(tag, table, description), wall_time=step % 77 / 7)
    # The last step in an event is the one that counts.
    if late_step is None:
        return data
    return data + varint(field_keys.EVENT_STEP) + varint(late_step)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.builds(
            event_bytes,
            tag=st.sampled_from(["a", "b", "longer/tag"]),
            step=STEPS,
            rows=st.sampled_from([1, 2, 20_000]),
            description=st.sampled_from(["", "one", "two"]),
            late_step=st.none() | st.integers(0, 3),
        ),
        max_size=8,
    )
)
def test_an_event_after_others_is_read_as_it_is_alone(
    tmp_path: Path, events: list[bytes]
) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"".join(map(record, events)))
    found = values_of(path)
    assert len(found) == len(events)
    start = 0
    for data, value in zip(events, found, strict=True):
        path.write_bytes(record(data))
        (alone,) = values_of(path)
        assert (value.step, value.wall_time) == (alone.step, alone.wall_time)
        assert (value.tag, value.label) == (alone.tag, alone.label)
        tensor, expected = value.tensor, alone.tensor
        assert tensor.record_offset == start
        assert tensor.start == start + expected.start
        assert (tensor.length, tensor.shape) == (expected.length, expected.shape)
        assert tensor.checksum == expected.checksum
        start += len(record(data))


def test_a_value_without_metadata_has_the_role_that_its_tag_had_last(
    tmp_path: Path,
) -> None:
    table = np.eye(3, dtype=np.float32)
    bare = table_value("words", table)
    bare.ClearField("metadata")
    described = [table_value("words", table, text) for text in ("one", "two")]
    path = tmp_path / FILE_NAME
    order = [described[0], bare, described[1], bare, described[0], bare]
    path.write_bytes(b"".join(record(event(1, value)) for value in order))
    found = [value.label.description for value in values_of(path)]
    assert found == ["one", "one", "two", "two", "one", "one"]


def test_wall_times_are_kept_to_the_bit(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    times = [struct.unpack("<d", struct.pack("<Q", bits))[0] for bits in range(1, 9)]
    value = table_value("words", np.eye(3, dtype=np.float32))
    path.write_bytes(b"".join(record(event(1, value, wall_time=t)) for t in times))
    assert [one.wall_time for one in values_of(path)] == times
