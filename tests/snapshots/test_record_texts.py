"""Texts that are read from the bytes of a record are those that protobuf reads."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto import tensor_pb2
from tensorboard.util import tensor_util

from tb_wordembed.snapshots import record_texts as module
from tb_wordembed.snapshots.record_texts import EncodedTexts
from tb_wordembed.snapshots.tensors import Bytes, DamagedTensorError


def as_content(message: tensor_pb2.TensorProto) -> Bytes:
    return np.frombuffer(message.SerializeToString(), np.uint8)


def encoded(texts: list[str]) -> EncodedTexts:
    message = tensor_util.make_tensor_proto(np.array(texts, object))
    return EncodedTexts(as_content(message), len(texts))


@pytest.fixture(autouse=True)
def small_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LANE_TEXTS", 5)
    monkeypatch.setattr(module, "_PIECE_BYTES", 100)


TRAPS = ["", "B", "B\x03abc", "BBBBBBBB", "B\x01xB\x01xB\x01x" * 20, "é" * 200]
"""Texts with bytes that look like the beginning of a text."""


@given(st.lists(st.one_of(st.sampled_from(TRAPS), st.text(max_size=5)), max_size=90))
def test_texts_are_those_that_were_written(texts: list[str]) -> None:
    assert list(encoded(texts)) == texts


@given(
    st.lists(st.text("abAB \x03é", max_size=6), max_size=60),
    st.text("abé", min_size=1, max_size=3),
)
def test_every_text_with_some_bytes_is_found(texts: list[str], part: str) -> None:
    pieces = encoded(texts).having(part.encode(), "any", loosely=True)
    found = np.concatenate([np.empty(0, np.int64), *pieces]).tolist()
    assert found == sorted(set(found))
    assert {row for row, text in enumerate(texts) if part in text.lower()} <= set(found)


def test_other_fields_among_the_texts_are_left_out() -> None:
    both = [
        tensor_pb2.TensorProto(dtype=7, string_val=[text.encode()], float_val=[1.0])
        for text in ("one", "two")
    ]
    content = np.concatenate([as_content(one) for one in both])
    assert list(EncodedTexts(content, 2)) == ["one", "two"]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_another_number_of_texts_is_damage(count: int) -> None:
    content = as_content(
        tensor_util.make_tensor_proto(np.array(["one", "two"], object))
    )
    with pytest.raises(DamagedTensorError, match="it holds 2 texts"):
        EncodedTexts(content, count)


def test_far_more_texts_than_there_should_be_are_not_counted_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns, turn = itertools.count(), module._next
    monkeypatch.setattr(module, "_next", lambda *args: (next(turns), turn(*args))[1])
    with pytest.raises(DamagedTensorError, match="it holds 20000 texts"):
        EncodedTexts(as_content(tensor_util.make_tensor_proto([""] * 20_000)), 1)
    assert next(turns) < 100


def test_bytes_that_are_no_message_are_damage() -> None:
    with pytest.raises(DamagedTensorError, match="not a tensor"):
        EncodedTexts(np.full(50, 0x42, np.uint8), 3)
