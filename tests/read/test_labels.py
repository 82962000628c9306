"""Labels are those of ``Series.tokens``, and a search finds what a look at each of them
finds."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from logs import FILE_NAME, column_parts, event, random_tables, table_value, write
from tensorboard.util import tensor_util

import tb_wordembed
from tb_wordembed.read import expressions
from tb_wordembed.read.labels import Labels
from tb_wordembed.snapshots.record_texts import EncodedTexts


def labels_of(tokens: list[str], rows: int | None = None, cut: int = 0) -> Labels:
    parts = [tokens[:cut], tokens[cut:]] if cut else [tokens]
    encoded = [
        EncodedTexts(
            np.frombuffer(
                tensor_util.make_tensor_proto(
                    np.array(one, object)
                ).SerializeToString(),
                np.uint8,
            ),
            len(one),
        )
        for one in parts
    ]
    return Labels(encoded, len(tokens) if rows is None else rows)


WORDS = st.text("aAbB é#1", max_size=4)


@given(st.lists(WORDS, min_size=1, max_size=40), st.integers(0, 50), st.integers(0, 9))
def test_labels_read_as_a_list(tokens: list[str], rows: int, cut: int) -> None:
    expected = [*tokens[:rows], *(f"#{row}" for row in range(len(tokens), rows))]
    labels = labels_of(tokens, rows, min(cut, len(tokens)))
    assert list(labels) == expected
    for one in {*tokens, "#1", "#45", "", "none"}:
        first = expected.index(one) if one in expected else None
        assert labels.first(one) == first


@given(
    st.lists(WORDS, min_size=1, max_size=40), st.text("abé ^", min_size=1, max_size=3)
)
@example(["A"], "^ a")
@example(["\u0130zmir", "\u0130ZM\u0130R", "izmir"], "\u0130zm")
def test_a_search_finds_what_holds_all_words(tokens: list[str], query: str) -> None:
    words = query.lower().split()
    starts = bool(words) and words[0].startswith("^") and words[0] != "^"
    wanted = [words[0][1:], *words[1:]] if starts else words
    found = labels_of(tokens).search(query)
    expected = {
        row
        for row, token in enumerate(tokens)
        if wanted
        and all(word in token.lower() for word in wanted)
        and (not starts or token.lower().startswith(wanted[0]))
    }
    assert expected == set(found.rows.tolist())
    assert not found.more


def test_the_word_itself_comes_first_and_then_what_starts_with_it() -> None:
    tokens = ["undo", "redo", "Do", "do", "\u2581doing", "dog"]
    found = labels_of(tokens).search("do")
    assert [tokens[row] for row in found.rows] == [
        *("do", "Do", "\u2581doing", "dog", "undo", "redo")
    ]


def test_the_word_itself_is_found_behind_more_matches_than_are_returned() -> None:
    found = labels_of([*(f"word{n}" for n in range(50)), "word"]).search("word", 3)
    assert found.rows.tolist() == [50, 0, 1]
    assert found.more


def test_rows_without_tokens_are_found_by_their_numbers() -> None:
    found = labels_of([], rows=300).search("#12")
    assert found.rows.tolist() == [12, *range(120, 130)]


def test_tokens_of_a_log_in_parts_are_read_one_by_one(tmp_path: Path) -> None:
    (table,) = random_tables(1, 7, 3)
    tokens = [f"token {row}" for row in range(7)]
    columns = column_parts("words", "token", tokens, [2, 3])
    write(tmp_path / FILE_NAME, event(0, *columns, table_value("words", table)))
    series = tb_wordembed.open(tmp_path).series()
    assert [*series.labels] == series.tokens == tokens
    assert series.index_of("token 5") == 5
    with pytest.raises(IndexError, match="row 7"):
        series.labels[7]


@given(st.lists(WORDS, min_size=1, max_size=40), st.integers(0, 50), WORDS)
def test_a_text_is_found_at_its_place(tokens: list[str], rows: int, part: str) -> None:
    long = ["b" + "A" * 200, "#" * 127 + "é", "1" + "a" * 17_000, "a" * 16_384 + "B"]
    labels = labels_of([*tokens, *long], rows + len(long))
    small = part.lower()
    expected = {
        "whole": [one == part for one in labels],
        "any": [small in one.lower() for one in labels],
        "start": [one.lower().startswith(small) for one in labels],
        "end": [one.lower().endswith(small) for one in labels],
    }
    for place, found in expected.items():
        assert labels.where(place, part).tolist() == found, place  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "source", "flags"),
    [
        ("/a+1$/", "a+1$", 0),
        ("/^AB?/i", "^AB?", re.IGNORECASE),
        (r"/^(?<first>[ab]).*(?<!\1)$/u", r"^(?P<first>[ab]).*(?<!\1)$", 0),
        ("/^#?[12]/", "^#?[12]", 0),
    ],
)
def test_an_expression_is_found_as_python_finds_it(
    query: str, source: str, flags: int
) -> None:
    rng = np.random.default_rng(3)
    tokens = ["".join(rng.choice(list("aAbB é#1"), size=4)) for _ in range(300)]
    labels = labels_of([*tokens, "long " * 50], 320, 100)
    expected = [
        row
        for row, one in enumerate(labels)
        if re.search(source, one, re.RegexFlag(flags))
    ]
    found = labels.search(query)
    assert found.rows.tolist() == expected
    assert (found.more, found.problem) == (False, "")
    assert len(expected) > 1
    few = labels.search(query, 1)
    assert (few.rows.tolist(), few.more) == (expected[:1], True)


def test_an_expression_that_never_ends_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expressions, "SILENT_SECONDS", 0.3)
    found = labels_of(["b", "a" * 40 + "c"]).search("/^(a+)+$/")
    assert found.rows.tolist() == []
    assert found.more
    assert "took longer than 0.3 seconds" in found.problem
    assert labels_of(["b", "ab"]).search("/b$/").rows.tolist() == [0, 1]


@pytest.mark.parametrize("query", [r"/\p{L}/", "/(/", "/a**/", "/(?<a/"])
def test_what_python_cannot_read_as_an_expression_gets_words(query: str) -> None:
    found = labels_of(["a"]).search(query)
    assert found.more
    assert "Python's regular expressions don't have this" in found.problem
