"""Tokens that were read before are recognized, and changed ones are not."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

from tb_wordembed.write import known_tokens
from tb_wordembed.write.columns import as_columns


class Tokenizer:
    """As a tokenizer of Hugging Face: each call returns another dict."""

    def __init__(self, words: list[str]) -> None:
        self.words = words

    def get_vocab(self) -> dict[str, int]:
        """Returns the row of each token."""
        return {word: row for row, word in enumerate(self.words)}


def labels(tokens: Any, rows: int = 3, index_from: int | None = None) -> list[str]:
    (column,) = as_columns(tokens, None, rows, index_from)
    return [text.decode() for text in column.values]


@pytest.mark.parametrize(
    "make",
    [
        lambda: ["a", "b", "c"],
        lambda: {"a": 0, "b": 1, "c": 2},
        lambda: {"c": 2, "b": 1, "a": 0},
        lambda: {0: "a", 1: "b", 2: "c"},
        lambda: Tokenizer(["a", "b", "c"]),
    ],
)
def test_the_same_tokens_are_read_once(make: Any) -> None:
    (first,) = as_columns(make(), None, 3)
    (again,) = as_columns(make(), None, 3)
    assert again is first
    assert labels(make()) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a", "b", "c"], ["a", "b", "d"]),
        ({"a": 0, "b": 1, "c": 2}, {"a": 0, "c": 1, "b": 2}),
        ({0: "a", 1: "b", 2: "c"}, {0: "a", 1: "b", 2: "d"}),
        (Tokenizer(["a", "b", "c"]), Tokenizer(["a", "c", "b"])),
        ([0, 1, 2], [False, True, 2]),
        ([1, 2, 3], [1.0, 2.0, 3.5]),
        ({"a": 0, "b": 1, "c": 2}, OrderedDict(a=2, b=1, c=0)),
        (np.array(["a", "b", "c"]), np.array(["a", "b", "d"])),
    ],
)
def test_other_tokens_are_not_taken_for_known_ones(before: Any, after: Any) -> None:
    earlier = labels(before)
    assert labels(after) != earlier
    assert labels(before) == earlier


def test_a_list_that_the_caller_changes_is_read_again() -> None:
    tokens = ["a", "b", "c"]
    assert labels(tokens) == ["a", "b", "c"]
    tokens[1] = "x"
    assert labels(tokens) == ["a", "x", "c"]


def test_the_same_tokens_for_another_table_are_read_again() -> None:
    assert labels({"a": 0, "b": 1}, rows=3) == ["a", "b", "#2"]
    assert labels({"a": 0, "b": 1}, rows=2) == ["a", "b"]
    assert labels({"a": 0, "b": 1}, rows=3, index_from=1) == ["#0", "a", "b"]
    with pytest.raises(ValueError, match="2 entries but the table has 3"):
        labels(["a", "b"], rows=3)


def test_vocabularies_that_are_large_together_are_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(known_tokens, "MOST_TOKENS", 5)
    (first,) = as_columns(["a", "b", "c"], None, 3)
    as_columns(["d", "e", "f"], None, 3)
    (again,) = as_columns(["a", "b", "c"], None, 3)
    assert again is not first
    assert again.values == first.values
