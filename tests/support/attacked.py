"""What a reader sees of logs that were made to do harm."""

from __future__ import annotations

import argparse
import json
import struct
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import numpy as np
import numpy.typing as npt
import pytest
import safetensors.numpy
from crc32c import crc32c
from google.protobuf.message import DecodeError
from logs import FILE_NAME, column_value, event, record, scalar_value, table_value
from tensorboard.backend import application
from tensorboard.compat.proto import event_pb2
from tensorboard.plugins import base_plugin
from werkzeug import test as werkzeug_test

import tb_wordembed
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.log import Log
from tb_wordembed.server.loader import Loader
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError

T = TypeVar("T")
Table = npt.NDArray[np.float32]

LONGEST_SECONDS = 60
"""Nothing here takes a second: what is still at it has hung."""
LONGEST_MESSAGE = 1000

REFUSALS = (DamagedSnapshotError, NotFoundError, OSError)


def in_time(work: Callable[[], T]) -> T:
    """What the work returns or raises; fails the test if it doesn't end."""
    outcome: list[T] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # noqa: BLE001 (handed on below)
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(LONGEST_SECONDS)
    if thread.is_alive():
        assert thread.ident is not None
        frame = sys._current_frames()[thread.ident]
        pytest.fail("it hangs in\n" + "".join(traceback.format_stack(frame)))
    if failures:
        raise failures[0]
    return outcome[0]


# -------------------------------------------------------------------- what is looked at


@dataclass
class Seen:
    """A series as its reader sees it."""

    tokens: list[str]
    has_tokens: bool
    tables: dict[int, Table]
    """Of the steps that were not refused."""


def read(log: Log) -> dict[str, Seen]:
    """What is seen, if it can be read in time."""
    return in_time(lambda: seen(log))


def seen(log: Log) -> dict[str, Seen]:
    """All series of a log, by tag: they belong to one run."""
    return {one.tag: _seen(one) for one in log.all_series}


def _seen(series: tb_wordembed.read.series.Series) -> Seen:
    tables = {}
    for step in series.steps:
        try:
            tables[step] = series.table(step)
            last = len(tables[step]) - 1
            rows = series.rows(step, [last, 0])
        except REFUSALS:
            tables.pop(step, None)
            continue
        np.testing.assert_array_equal(rows, tables[step][[last, 0]])
    try:
        return Seen(series.tokens, series.has_tokens, tables)
    except REFUSALS:
        return Seen([], False, tables)


def ask_everything(directory: Path) -> dict[str, Any]:
    """The answer to ``index``, once all other questions have been answered as well:
    with what was asked for, or with words."""
    return in_time(lambda: _ask_everything(directory))


def _ask_everything(directory: Path) -> dict[str, Any]:
    get = _getter(directory)
    _answer(get, "index")
    for one in _answer(get, "index")["series"]:
        words = {"run": one["run"], "tag": one["tag"]}
        _answer(get, "tokens", **words)
        _answer(get, "health", **words)
        for column in one["columns"]:
            _answer(get, "column", **words, column=column["name"])
        for step in {*one["steps"][:1], *one["steps"][-1:]}:
            steps = {"from_step": one["steps"][0], "to_step": step}
            row = {**words, "index": one["vocab_size"] - 1}
            _answer(get, "positions", **words, step=step)
            _answer(get, "drift", **words, **steps)
            _answer(get, "drift", **words, **steps, measure="euclidean")
            _answer(get, "neighbors", **row, step=step, metric="euclidean")
            _answer(get, "neighbor_change", **row, **steps)
            row_alone = {"indices": str(row["index"]), "reference_step": step}
            _answer(get, "trajectories", **words, **row_alone)
    index: dict[str, Any] = _answer(get, "index")
    for problem in index["problems"]:
        assert len(problem["message"]) <= LONGEST_MESSAGE
    return index


def _getter(directory: Path) -> Callable[..., werkzeug_test.TestResponse]:
    flags = argparse.Namespace(
        logdir=str(directory), logdir_spec="", samples_per_plugin={}
    )
    plugin = Loader().load(base_plugin.TBContext(flags=flags, logdir=flags.logdir))
    assert plugin is not None
    client = werkzeug_test.Client(application.TensorBoardWSGI([plugin]))
    return lambda route, **parameters: client.get(
        f"/data/plugin/wordembed/{route}", query_string=urlencode(parameters)
    )


def _answer(
    get: Callable[..., werkzeug_test.TestResponse], route: str, **parameters: Any
) -> Any:
    response = get(route, **parameters)
    if response.status_code != 200:
        assert response.status_code == 404, response.text
        assert route != "index"
        assert 0 < len(response.text) <= LONGEST_MESSAGE
        return None
    if response.mimetype == "application/json":
        return json.loads(response.data, parse_constant=pytest.fail)
    return safetensors.numpy.load(response.data)


# ------------------------------------------------------------------- the log attacked

STEPS = range(4)
BEFORE, AFTER = ["a", "b", "c", "d"], ["d", "c", "b", "a"]
"""The order of the rows, which changes at step 2."""


def row_of(token: str, step: int) -> list[float]:
    """Of each token at each step another."""
    return [ord(token) + step / 8, step - 0.5, -float(ord(token))]


def tokens_at(step: int) -> list[str]:
    return BEFORE if step < 2 else AFTER


def table_at(step: int) -> Table:
    return np.array([row_of(token, step) for token in tokens_at(step)], np.float32)


def _events() -> Iterator[bytes]:
    for step in STEPS:
        if step in (0, 2):
            yield event(step, column_value("words", "token", tokens_at(step)))
        yield event(step, table_value("words", table_at(step)), scalar_value("loss", 1))


VERSION = event_pb2.Event(file_version="brain.Event:2").SerializeToString()
RECORDS = [VERSION, *_events()]
WHOLE = b"".join(map(record, RECORDS))

OTHER_TABLE = np.full((4, 3), 7, np.float32)
OTHER = b"".join(
    map(
        record, [VERSION, *(event(n, table_value("other", OTHER_TABLE)) for n in STEPS)]
    )
)


def put(directory: Path, data: bytes) -> Path:
    """The only event file of a log."""
    path = directory / FILE_NAME
    path.write_bytes(data)
    return path


def check_numbers(log: Log, data: bytes) -> None:
    """Each number is that which was written for its token and step."""
    for tag, seen in read(log).items():
        for step, table in seen.tables.items():
            if tag == "other":
                np.testing.assert_array_equal(table, OTHER_TABLE)
                continue
            assert (tag, step in STEPS) == ("words", True)
            if in_order(data) and seen.has_tokens:
                expected = [row_of(token, step) for token in seen.tokens]
                np.testing.assert_array_equal(table, np.array(expected, np.float32))
            else:
                # Records that were moved or lost may mean another order of the rows.
                assert sorted(table.tolist()) == sorted(table_at(step).tolist())


def in_order(data: bytes) -> bool:
    """Whether each record is in its place, as far as they go; if it is damaged, it
    can still be told what it is."""
    found = list(frames(data))
    return len(found) <= len(RECORDS) and all(
        payload == was or (not sound and is_about_the_same(payload, was))
        for (payload, sound), was in zip(found, RECORDS, strict=False)
    )


def is_about_the_same(payload: bytes, was: bytes) -> bool:
    """Whether a record differs in what its tensors hold, and in nothing else."""
    try:
        messages = [event_pb2.Event.FromString(one) for one in (payload, was)]
    except DecodeError:
        return False
    for message in messages:
        for value in message.summary.value:
            value.tensor.ClearField("tensor_content")
            value.tensor.ClearField("string_val")
    return bool(messages[0] == messages[1])


def frames(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """The data of each record that can be found, and whether its checksum is right."""
    at = 0
    while at + 12 <= len(data):
        length, crc = struct.unpack_from("<QI", data, at)
        if crc != masked(data[at : at + 8]) or at + 16 + length > len(data):
            return
        payload = data[at + 12 : at + 12 + length]
        yield (
            payload,
            data[at + 12 + length :][:4] == masked(payload).to_bytes(4, "little"),
        )
        at += 16 + length


def masked(data: bytes) -> int:
    crc = crc32c(data)
    return (crc >> 15 | crc << 17 & 0xFFFFFFFF) + 0xA282EAD8 & 0xFFFFFFFF


GOOD = event(9, table_value("good", OTHER_TABLE))


def put_event(directory: Path, data: bytes) -> Path:
    """A log of this event and of a good one behind it."""
    return put(directory, b"".join(map(record, [VERSION, data, GOOD])))
