"""Events made to do harm, behind checksums that are right.

``pytest --hypothesis-profile=long`` searches for longer than by default.
"""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from attacked import (
    BEFORE,
    GOOD,
    OTHER_TABLE,
    VERSION,
    Seen,
    Table,
    ask_everything,
    put,
    put_event,
    read,
    table_at,
)
from google.protobuf.message import DecodeError
from hostile import plugin_contents, twisted
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from logs import column_value, event, record, scalar_value, table_value
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2
from tensorboard.util import tensor_util

import tb_wordembed
from tb_wordembed.format.record import prefix
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of one log after another."""
    return tmp_path_factory.mktemp("attacked")


def listed_one_by_one(table: npt.NDArray[Any]) -> Any:
    """A table whose numbers are fields of their own."""
    value = table_value("listed", table)
    shape = value.tensor.tensor_shape
    kind = "double_val" if table.dtype == np.float64 else "float_val"
    value.tensor.CopyFrom(
        tensor_pb2.TensorProto(
            dtype=value.tensor.dtype, tensor_shape=shape, **{kind: table.ravel()}
        )
    )
    return value


ATTACKED = event(
    3,
    column_value("words", "token", BEFORE),
    column_value("words", "frequency", np.arange(4)),
    table_value("words", table_at(0), "the words"),
    listed_one_by_one(table_at(1)),
    table_value("half", table_at(2).astype(np.float16)),
    scalar_value("loss", 1),
)


@given(data=twisted(ATTACKED))
def test_events_twisted_behind_right_checksums(directory: Path, data: bytes) -> None:
    put_event(directory, data)
    found = read(tb_wordembed.open(directory))
    check_events(found, [data])
    ask_everything(directory)


@pytest.mark.parametrize("first", ["tensor", "other"])
@pytest.mark.parametrize(
    "other",
    [
        {"simple_value": 1.0},
        {"tensor": table_value("", table_at(1)).tensor},
        {"tensor": tensor_pb2.TensorProto(tensor_content=table_at(1).tobytes())},
        {"tensor": table_value("", np.ones((2, 6), np.float32)).tensor},
        {"metadata": column_value("words", "x", np.arange(4)).metadata},
    ],
    ids=["number", "tensor", "content", "shape", "metadata"],
)
def test_a_value_with_something_twice_is_read_as_protobuf_reads_it_or_not_at_all(
    directory: Path, first: str, other: dict[str, Any]
) -> None:
    parts = [
        table_value("words", table_at(0)).SerializeToString(),
        summary_pb2.Summary.Value(**other).SerializeToString(),
    ]
    value = b"".join(parts if first == "tensor" else parts[::-1])
    summary = prefix(1, len(value)) + value
    data = prefix(5, len(summary)) + summary
    put_event(directory, data)
    check_events(read(tb_wordembed.open(directory)), [data])


def check_events(found: dict[str, Seen], events: Sequence[bytes]) -> None:
    """Each table and token is that which TensorBoard reads in these events."""
    np.testing.assert_array_equal(found["good"].tables[9], OTHER_TABLE)
    theirs = []
    for one in events:
        try:
            theirs += list(tensors_in(event_pb2.Event.FromString(one)))
        except DecodeError:
            # There is nothing that it could mean.
            return
    for tag in found.keys() - {"good"}:
        for step, table in found[tag].tables.items():
            same = [array for *key, array in theirs if key == [tag, step]]
            # Rows are those of the newest table: cut, or followed by NaN.
            rows = min((len(table), *map(len, same)))
            assert np.isnan(table[rows:]).all()
            assert any(is_same(table[:rows], one[:rows]) for one in same), (tag, step)
        texts = [array.tolist() for _, _, array in theirs if array.dtype == object]
        assert not found[tag].has_tokens or found[tag].tokens in [
            [one.decode("utf-8", "backslashreplace") for one in text] for text in texts
        ]


@pytest.mark.parametrize("bits", [-1, 1 << 16])
def test_a_half_of_more_than_16_bits_is_damage(directory: Path, bits: int) -> None:
    value = table_value("half", np.ones((2, 2), np.float16))
    del value.tensor.half_val[:]
    value.tensor.half_val.extend([bits, 0, 0, 0])
    put_event(directory, event(3, value))
    log = tb_wordembed.open(directory)
    assert "half" in log.tags(".")
    with pytest.raises(DamagedSnapshotError, match="16 bits"):
        log.series(".", "half").table(3)


ALIKE = [event(step, table_value("words", table_at(step))) for step in (1, 3, 5)]


@given(data=st.tuples(*map(twisted, ALIKE)))
def test_events_that_are_nearly_alike(directory: Path, data: tuple[bytes, ...]) -> None:
    put(directory, b"".join(map(record, [VERSION, ALIKE[0], *data, GOOD])))
    check_events(read(tb_wordembed.open(directory)), [ALIKE[0], *data])


def tensors_in(
    message: event_pb2.Event,
) -> Iterator[tuple[str, int, npt.NDArray[Any]]]:
    """Tag, step and tensor of each value, by TensorBoard's own reading."""
    for value in message.summary.value:
        array = tensorboards_reading(value.tensor)
        if array is not None and array.ndim:
            yield value.tag, message.step, array


def tensorboards_reading(
    tensor: tensor_pb2.TensorProto,
) -> npt.NDArray[Any] | None:
    # Protobuf and tensor_util raise whatever hostile bytes provoke.
    with contextlib.suppress(Exception), warnings.catch_warnings():
        # NumPy 2.5 warns of how it reads float16.
        warnings.simplefilter("ignore", DeprecationWarning)
        return np.asarray(tensor_util.make_ndarray(tensor))
    return None


def is_same(table: Table, theirs: npt.NDArray[Any]) -> bool:
    if theirs.dtype.kind != "f" or theirs.shape != table.shape:
        return False
    with np.errstate(all="ignore"):
        return np.array_equal(table, theirs.astype(np.float32), equal_nan=True)


@given(content=plugin_contents(), table=st.booleans())
def test_plugin_content_of_nested_garbage(
    directory: Path, content: bytes, table: bool
) -> None:
    value = column_value("words", "token", BEFORE)
    if table:
        value = table_value("words", table_at(0))
    value.metadata.plugin_data.content = content
    put_event(directory, event(0, value, table_value("words", table_at(0))))
    found = read(tb_wordembed.open(directory))
    np.testing.assert_array_equal(found["good"].tables[9], OTHER_TABLE)
    np.testing.assert_array_equal(found["words"].tables[0], table_at(0))
    ask_everything(directory)


_SPECIAL = [0, -0.0, 1, 1e-45, 1e-30, 65504, 1e30, 3.4e38, np.inf, -np.inf, np.nan]


@given(data=st.data(), dtype=st.sampled_from(["float16", "float32", "float64"]))
def test_numbers_at_their_extremes(
    directory: Path, data: st.DataObject, dtype: str
) -> None:
    bits = {"float16": np.uint16, "float32": np.uint32, "float64": np.uint64}[dtype]
    with np.errstate(over="ignore"):
        special = np.array([*_SPECIAL, 1e300], np.float64).astype(dtype).view(bits)
    elements = st.sampled_from(special.tolist()) | st.integers(0, np.iinfo(bits).max)
    values = [
        data.draw(st_numpy.arrays(bits, (4, 3), elements=elements)).view(dtype)
        for _ in range(3)
    ]
    listed = dtype != "float16" and data.draw(st.booleans())
    as_value = listed_one_by_one if listed else partial(table_value, "words")
    events = [event(step, as_value(one)) for step, one in enumerate(values)]
    put(directory, b"".join(map(record, events)))
    for seen in read(tb_wordembed.open(directory)).values():
        for step, table in seen.tables.items():
            with np.errstate(all="ignore"):
                expected = values[step].astype(np.float32)
            np.testing.assert_array_equal(table, expected)
    ask_everything(directory)


@pytest.mark.parametrize(
    ("bits", "dtype"),
    [(0x7C01, "float16"), (0x7F800001, "float32"), (0x7FF0000000000001, "float64")],
    ids=["float16", "float32", "float64"],
)
def test_a_nan_that_signals_warns_nobody(
    directory: Path, bits: int, dtype: str
) -> None:
    table = table_at(0).astype(dtype)
    table.view(f"u{table.itemsize}")[1, 2] = bits
    put(directory, record(event(0, table_value("words", table))))
    (series,) = tb_wordembed.open(directory).all_series
    assert np.isnan(series.table(0)).sum() == 1
    assert series.health()[0].non_finite_rows == 1
    assert np.isnan(series.trajectory(1, 0).norm).all()
    assert series.neighbors(1, 0) == []
    ask_everything(directory)


@pytest.mark.parametrize("key", ["table", "column"])
def test_a_name_that_is_not_unicode_is_refused(directory: Path, key: str) -> None:
    content = {"format_version": 1, "kind": "column", "table": "words", "column": "x"}
    value = column_value("words", "x", np.arange(4))
    value.metadata.plugin_data.content = json.dumps({**content, key: "\ud800"}).encode()
    put_event(directory, event(0, value, table_value("words", table_at(0))))
    index = ask_everything(directory)
    assert [one["columns"] for one in index["series"]] == [[], []]
    assert len(index["problems"]) == 1


@pytest.mark.parametrize(
    "wall_time", [np.nan, np.inf, -np.inf, 1e300, -1.0, 5e-324], ids=str
)
def test_impossible_wall_times(directory: Path, wall_time: float) -> None:
    value = table_value("words", table_at(0))
    put(directory, record(event(0, value, wall_time=wall_time)))
    (series,) = ask_everything(directory)["series"]
    assert series["steps"] == [0]


@pytest.mark.parametrize("step", [-(2**63), -1, 2**53 + 1, 2**63 - 1])
def test_negative_and_extreme_steps(directory: Path, step: int) -> None:
    events = [event(n, table_value("words", table_at(0))) for n in (-(2**63), step)]
    put(directory, b"".join(map(record, events)))
    series = tb_wordembed.open(directory).series()
    assert series.steps == sorted({-(2**63), step})
    assert not series.drift(-(2**63), step).any()
    assert step in ask_everything(directory)["series"][0]["steps"]


@pytest.mark.parametrize("tag", ["", "\0", "a\0b", "../..", "\u202e", "\n", "%2f", "é"])
def test_tags_that_are_hard_to_name(directory: Path, tag: str) -> None:
    value = table_value(tag, table_at(0)).SerializeToString()
    if not tag:
        value = b"\x0a\x00" + value
    summary = b"\x0a" + _length(value) + value
    put(directory, record(b"\x2a" + _length(summary) + summary))
    seen = read(tb_wordembed.open(directory))
    np.testing.assert_array_equal(seen[tag].tables[0], table_at(0))
    ask_everything(directory)


def _length(data: bytes) -> bytes:
    return bytes([len(data) & 0x7F | 0x80, len(data) >> 7])


def test_tags_that_are_not_utf_8_are_not_taken_for_one(directory: Path) -> None:
    one = event(0, table_value("tagA", table_at(0))).replace(b"tagA", b"tag\xff")
    two = event(1, table_value("tagA", table_at(1))).replace(b"tagA", b"tag\xfe")
    put(directory, record(one) + record(two))
    for seen in read(tb_wordembed.open(directory)).values():
        assert len(seen.tables) == 1
    ask_everything(directory)
