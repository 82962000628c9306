"""What is recognized of an event is what reading its fields says."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logs import FILE_NAME, event, record, table_value

from tb_wordembed.format import field_numbers
from tb_wordembed.format.record import varint_field
from tb_wordembed.snapshots.event import Value
from tb_wordembed.snapshots.file_index import FileIndex
from tb_wordembed.snapshots.files import Stat
from tb_wordembed.snapshots.patterns import Patterns

STEPS = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 300)


def values_of(path: Path) -> list[Value]:
    index = FileIndex(str(path))
    index.refresh(Stat.of(path.stat()))
    assert not index.problems
    return index.values


def read_field_by_field(path: Path) -> list[Value]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Patterns, "find", lambda *_: None)
        return values_of(path)


def event_bytes(tag: str, step: int, rows: int, late_step: int | None) -> bytes:
    table = np.full((rows, 3), step % 1000, np.float32)
    data = event(step, table_value(tag, table), wall_time=step % 77 / 7)
    # The last step in an event is the one that counts.
    late = (
        b"" if late_step is None else varint_field(field_numbers.EVENT_STEP, late_step)
    )
    return data + late


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.builds(
            event_bytes,
            tag=st.sampled_from(["a", "b", "longer/tag"]),
            step=STEPS,
            rows=st.sampled_from([1, 2, 20_000]),
            late_step=st.none() | st.integers(0, 3),
        ),
        max_size=8,
    )
)
def test_recognizing_says_what_reading_says(
    tmp_path: Path, events: list[bytes]
) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"".join(map(record, events)))
    found, expected = values_of(path), read_field_by_field(path)
    assert found == expected
    assert len(found) == len(events)


def test_a_series_is_read_field_by_field_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / FILE_NAME
    events = [event_bytes(tag, step, 4, None) for step in range(1, 30) for tag in "ab"]
    path.write_bytes(b"".join(map(record, events)))
    learned: list[object] = []
    learn = Patterns.learn

    def watched(self: Patterns, *given: Any) -> None:
        learned.append(given)
        learn(self, *given)

    monkeypatch.setattr(Patterns, "learn", watched)
    assert [one.step for one in values_of(path)][::2] == list(range(1, 30))
    # Once a tag: both look alike up to it.
    assert len(learned) == 2


def test_wall_times_are_kept_to_the_bit(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    times = [struct.unpack("<d", struct.pack("<Q", bits))[0] for bits in range(1, 9)]
    value = table_value("words", np.eye(3, dtype=np.float32))
    path.write_bytes(b"".join(record(event(1, value, wall_time=t)) for t in times))
    assert [one.wall_time for one in values_of(path)] == times
