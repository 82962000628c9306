"""Per-row values, in any form, become columns of text or numbers, or an error."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.util import tensor_util

from tb_wordembed.write.columns import Column, as_column, as_columns
from tb_wordembed.write.valid_text import as_text


def stored_values(column: Column) -> Any:
    return tensor_util.make_ndarray(TensorProto.FromString(column.content))


@given(st.lists(st.text(), min_size=1))
@example(["\ud800", "a\udfff", "\ud83d\ude00", "\x00", ""])
def test_any_text_is_stored_and_valid_text_is_kept(texts: list[str]) -> None:
    column = as_column("word", texts, len(texts))
    found = [v.decode() for v in stored_values(column).tolist()]
    for stored, text in zip(found, texts, strict=True):
        try:
            text.encode()
        except UnicodeEncodeError:
            continue
        assert stored == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\ud800b", "a\ufffdb"),
        (b"caf\xc3\xa9", "café"),
        (b"caf\xe9", "caf0xE9"),
        (b"\xe3\x81", "0xE30x81"),
        (57.0, "57"),
        (5.5, "5.5"),
        (np.float32(57), "57"),
        (None, ""),
        (float("nan"), ""),
    ],
)
def test_any_value_has_a_text(value: Any, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("values", "dtype", "stored"),
    [
        ([3, 1], "<i8", [3, 1]),
        (np.array([3, 1], np.uint8), "<i8", [3, 1]),
        ([True, False], "<i8", [1, 0]),
        ([0.5, 1], "<f8", [0.5, 1]),
        ([0.5, None], "<f8", [0.5, np.nan]),
        ([2**63, 1], "<f8", [2.0**63, 1]),
    ],
)
def test_numbers_stay_numbers(values: Any, dtype: str, stored: list[float]) -> None:
    column = as_column("frequency", values, 2)
    assert isinstance(column.values, np.ndarray)
    assert column.values.dtype.str == dtype
    np.testing.assert_array_equal(stored_values(column), stored)


@pytest.mark.parametrize(
    ("values", "stored"),
    [
        (["noun", None], (b"noun", b"")),
        (["noun", float("nan")], (b"noun", b"")),
        (["noun", 3], (b"noun", b"3")),
        ([b"noun", b"caf\xc3\xa9"], (b"noun", "café".encode())),
        (np.array(["noun", "verb"]), (b"noun", b"verb")),
        ([None, None], (b"", b"")),
        # Ids keep their digits.
        ([1234567890123456789, None], (b"1234567890123456789", b"")),
        (np.array([2**64 - 1, 1], np.uint64), (b"18446744073709551615", b"1")),
        ([10**400, 1], (b"1" + b"0" * 400, b"1")),
    ],
)
def test_anything_else_is_text(values: Any, stored: tuple[bytes, ...]) -> None:
    assert as_column("class", values, 2).values == stored


def test_a_masked_entry_of_a_column_is_one_without_a_value() -> None:
    column = as_column("frequency", np.ma.masked_equal([3, 1], 1), 2)
    np.testing.assert_array_equal(np.asarray(column.values), [3, np.nan])


def test_what_is_missing_in_r_is_missing_among_values_by_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "rpytools", sys)
    counts = {"good": 7, "bad": -(2**31)}
    (_, column) = as_columns(["<pad>", "good", "bad"], {"frequency": counts}, 3)
    np.testing.assert_array_equal(np.asarray(column.values), [np.nan, 7, np.nan])


def test_tokens_are_text_even_if_they_look_like_numbers() -> None:
    assert as_columns([1984, 42], None, 2)[0].values == (b"1984", b"42")


@pytest.mark.parametrize("given", ["file", "metadata"])
def test_no_other_column_takes_the_place_of_the_tokens(
    tmp_path: Path, given: str
) -> None:
    file = tmp_path / "words.tsv"
    file.write_text("word\ttoken\na\tx\nb\tx\nc\ty\n")
    given_so = {
        "file": (file, None),
        "metadata": (list("abc"), {"token": ["x", "x", "y"]}),
    }
    with pytest.raises(ValueError, match=r'called "token".*another name'):
        as_columns(*given_so[given], 3)


def test_a_wrong_count_gives_both_numbers_and_the_remedy() -> None:
    message = "tokens has 1999 entries but the table has 2001 rows; pass one entry"
    with pytest.raises(ValueError, match=message):
        as_columns(["a"] * 1999, None, 2001)
    with pytest.raises(ValueError, match="metadata column 'pos' has 1 entries"):
        as_column("pos", ["a"], 2)


@pytest.mark.parametrize("values", ["ab", b"ab", {"a", "b"}, {"a": 1, "b": 2}, 7])
def test_what_has_no_rows_is_refused(values: Any) -> None:
    with pytest.raises(ValueError, match="list with one entry per row"):
        as_column("class", values, 2)


@given(st.lists(st.text(alphabet="ab", max_size=2), min_size=1, max_size=4), st.data())
def test_the_digest_tells_columns_apart(values: list[str], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.text(alphabet="ab", max_size=2), min_size=1))
    digests = [
        Column("c", tuple(v.encode() for v in c)).digest for c in (values, other)
    ]
    assert (digests[0] == digests[1]) == (values == other)


# ------------------------------------------------------------------------ metadata


def test_metadata_becomes_columns_after_the_tokens() -> None:
    columns = as_columns(["a", "b"], {"count": [3, 1], "class": ["x", "y"]}, 2)
    assert [column.name for column in columns] == ["token", "count", "class"]


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"token": ["a", "b"]}, "pass it as tokens"),
        ({"": [1, 2]}, "called ''"),
        ({3: [1, 2]}, "called 3"),
        ({"class": ["x"]}, "'class' has 1 entries but the table has 2 rows"),
        ([1, 2], "metadata is of type list; pass a dict"),
    ],
)
def test_bad_metadata_is_refused(metadata: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        as_columns(None, metadata, 2)


def test_a_column_given_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tokens.tsv"
    path.write_text("word\tcount\na\t1\n")
    with pytest.raises(ValueError, match="two columns 'count'"):
        as_columns(path, {"count": [1]}, 1)


# ------------------------------------------------------------------ values by token


def test_a_counter_is_looked_up_by_token() -> None:
    counts = Counter({"good": 7, "bad": 5, "unknown": 1})
    (_, column) = as_columns(["<pad>", "good", "bad"], {"frequency": counts}, 3)
    np.testing.assert_array_equal(np.asarray(column.values), [np.nan, 7, 5])
    (_, column) = as_columns({"bad": 1, "good": 2}, {"frequency": counts}, 4)
    np.testing.assert_array_equal(np.asarray(column.values), [np.nan, 5, 7, np.nan])


@pytest.mark.parametrize("tokens", [["the", "café"], [b"the", "café".encode()]])
def test_texts_are_looked_up_too(tokens: list[Any]) -> None:
    (_, column) = as_columns(tokens, {"class": {"café": "noun"}}, 2)
    assert column.values == (b"", b"noun")


@pytest.mark.parametrize(
    ("tokens", "metadata", "message"),
    [
        (
            None,
            {"n": Counter(a=1)},
            "token to value, but there are no tokens; pass",
        ),
        (["a"], {"n": {"b": 1}}, "'n' has 1 keys, of which none .* is a token"),
        (["a"], {"n": {}}, "'n' has 0 keys"),
    ],
)
def test_what_cannot_be_looked_up_is_refused_in_words(
    tokens: Any, metadata: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        as_columns(tokens, metadata, 1)


@pytest.mark.parametrize("shape", [(3, 1), (3, 2), ()])
def test_a_column_that_is_no_column_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"'frequency' has shape .*ravel"):
        as_columns(None, {"frequency": np.ones(shape)}, 3)


@pytest.mark.parametrize("tokens", [None, ["a", "b"]])
def test_says_how_a_dict_by_token_may_be_called_before_it_is_looked_up(
    tokens: list[str] | None,
) -> None:
    with pytest.raises(ValueError, match=r'called "token".*another name'):
        as_columns(tokens, {"token": {"c": 1}}, 2)
