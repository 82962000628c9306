"""Texts are stored as protobuf stores them, and the same ones are found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto import tensor_pb2

from tb_wordembed.write.columns import as_column
from tb_wordembed.write.stored_texts import StoredTexts, stored

SHORT = st.text(st.characters(exclude_characters="\n", codec="utf-8"), max_size=31)
ANY = st.text(st.characters(codec="utf-8"), max_size=200)


@given(st.lists(SHORT | ANY | st.just("é" * 64), min_size=1))
def test_the_bytes_are_those_of_protobuf(texts: list[str]) -> None:
    column = as_column("word", texts, None)
    tensor = tensor_pb2.TensorProto.FromString(column.content)
    assert column.content == tensor.SerializeToString()
    assert [*tensor.string_val] == [text.encode() for text in texts]


@given(st.lists(SHORT, min_size=1), st.data())
def test_some_texts_are_stored_as_they_would_be_alone(
    texts: list[str], data: st.DataObject
) -> None:
    found = stored(texts)
    assert isinstance(found, StoredTexts)
    assert [*found] == [found[row] for row in range(len(found))]
    start = data.draw(st.integers(0, len(texts) - 1))
    stop = data.draw(st.integers(start + 1, len(texts)))
    some = found[start:stop]
    assert [*some] == [text.encode() for text in texts[start:stop]]
    assert some.fields == tensor_pb2.TensorProto(string_val=some).SerializeToString()
    np.testing.assert_array_equal(some.lengths, [*map(len, some)])


@given(st.lists(st.text("ab\0é", max_size=60), min_size=1), st.booleans())
def test_texts_that_repeat_are_found(texts: list[str], again: bool) -> None:
    if again:
        texts = [*texts, texts[0]]
    found = stored(texts)
    assert isinstance(found, StoredTexts)
    assert found.are_distinct() == (len(set(texts)) == len(texts))


@pytest.mark.parametrize("which", [slice(0, 2, 2), slice(1, 1)])
def test_texts_that_are_not_side_by_side_are_refused(which: slice) -> None:
    found = stored(["a", "b", "c"])
    with pytest.raises(ValueError, match="expected consecutive texts"):
        found[which]
