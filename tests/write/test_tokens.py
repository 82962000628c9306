"""Labels from the forms that users have their vocabulary in."""

from __future__ import annotations

import enum
import io
import logging
import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tb_wordembed.write.columns import as_columns
from tb_wordembed.write.tokens import read
from tb_wordembed.write.vocabulary import tell


def labels(source: Any, vocab_size: int, index_from: int | None = None) -> list[str]:
    """The tokens that are written beside a table of so many rows."""
    column = as_columns(source, None, vocab_size, index_from)[0]
    assert column.name == "token"
    assert not isinstance(column.values, np.ndarray)
    return [token.decode() for token in column.values]


@pytest.fixture(scope="module")
def imdb_word_index() -> dict[str, int]:
    """As keras.datasets.imdb.get_word_index(): 88,584 words, the first at 1."""
    words = ["the", "and", "a", "of", "to", *(f"word{i}" for i in range(6, 88_585))]
    return {word: rank for rank, word in enumerate(words, start=1)}


# --------------------------------------------------------------------------- lists


@pytest.mark.parametrize(
    "source",
    [
        ["a", "b", "c"],
        ("a", "b", "c"),
        np.array(["a", "b", "c"]),
        iter(["a", "b", "c"]),
        {"a": 0, "b": 0, "c": 0}.keys(),
    ],
    ids=["list", "tuple", "array", "iterator", "keys"],
)
def test_a_list_has_a_token_per_row(source: Any) -> None:
    (column,) = as_columns(source, None, 3)
    assert column.values == (b"a", b"b", b"c")


@pytest.mark.tensorflow
def test_a_string_tensor_is_a_list() -> None:
    tf = pytest.importorskip("tensorflow")
    (column,) = as_columns(tf.constant(["a", "é"]), None, 2)
    assert column.values == (b"a", "é".encode())


def test_a_list_must_have_an_entry_for_every_row() -> None:
    with pytest.raises(ValueError, match="tokens has 3 entries but the table has 4"):
        as_columns(["a", "b", "c"], None, 4)


@pytest.mark.parametrize(
    "source",
    [
        ["the\n", "cat\r\n", "sat\n"],
        ["the\n", "cat\n", "sat"],
    ],
)
def test_lines_of_readlines_lose_their_ends(source: list[str]) -> None:
    assert labels(source, 3) == ["the", "cat", "sat"]
    assert labels(["\n", "a", "b"], 3) == ["\n", "a", "b"]


def test_an_array_of_one_object_is_that_object() -> None:
    assert labels(np.array({"a": 1, "b": 0}, dtype=object), 2) == ["b", "a"]


class Genre(str, enum.Enum):
    """Texts with names."""

    FILM = "film"
    BOOK = "book"


def test_an_enum_of_texts_is_its_texts() -> None:
    assert labels(list(Genre), 2) == ["film", "book"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (Counter(a=2, b=1), r"Counter, which says how often.*metadata="),
        (io.StringIO("a\nb\n"), "open file, StringIO; pass its path"),
        (np.array("ab"), "tokens can't be read from str"),
    ],
)
def test_what_only_looks_like_tokens_is_refused(source: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        labels(source, 2)


@pytest.mark.parametrize("source", [{"a", "b"}, b"ab", 7, object()])
def test_what_has_no_order_is_refused(source: Any) -> None:
    with pytest.raises(ValueError, match="tokens can't be read from"):
        read(source)


# --------------------------------------------------------------------------- dicts


@pytest.mark.parametrize(
    "source",
    [
        {0: "a", 2: "c"},
        {np.int64(0): "a", np.int64(2): "c"},
        {"0": "a", "2": "c"},
        {"a": 0, "c": 2},
        {"a": 0.0, "c": 2.0},
        {b"a": 0, b"c": 2},
        {np.float32(0): "a", np.float32(2): "c"},
    ],
    ids=["row-token", "numpy", "json", "token-row", "from R", "bytes", "f4"],
)
def test_a_dict_may_leave_rows_out(source: Any) -> None:
    (column,) = as_columns(source, None, 4)
    assert column.values == (b"a", b"#1", b"c", b"#3")


def test_a_dict_of_counts_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no row of the table.*If these are counts"):
        labels({"a": 10, "b": 3, "c": 2}, 3)


def test_a_dict_may_have_more_words_than_rows() -> None:
    assert labels({"a": 0, "b": 1, "c": 2}, 2) == ["a", "b"]


def test_the_first_of_two_words_of_a_row_is_taken() -> None:
    assert labels({"a": 0, "b": 0}, 1) == ["a"]


def test_a_dict_that_names_no_row_is_an_error() -> None:
    with pytest.raises(
        ValueError, match=r"none of the 2 tokens .* 0 to 4, .* 10 to 11"
    ):
        labels({10: "a", 11: "b"}, 5)


@pytest.mark.parametrize(
    ("source", "entry"),
    [
        ({}, "nothing"),
        ({"a": "b"}, r"\('a', 'b'\)"),
        ({"a": 1, "b": 0.5}, r"\('b', 0.5\)"),
        ({"a": 1, "b": None}, r"\('b', None\)"),
        ({-1: "a", 0: "b"}, r"\(-1, 'a'\)"),
        ({("a",): 0}, r"\(\('a',\), 0\)"),
        ({1: "a", "b": 2}, r"\(1, 'a'\)"),
        ({"word2idx": {"a": 0}}, r"members is meant, pass it: d\['word2idx'\]"),
    ],
)
def test_a_dict_without_rows_is_an_error(source: Any, entry: str) -> None:
    message = f"from row to token or from token to row.*{entry}"
    with pytest.raises(ValueError, match=message):
        read(source)


IDS = {57: 0, 6: 1, 15: 2}


@pytest.mark.parametrize(
    ("source", "rows", "expected"),
    [
        (IDS, 3, ["57", "6", "15"]),
        ({str(item): row for item, row in IDS.items()}, 3, ["57", "6", "15"]),
        (IDS, 4, ["57", "6", "15", "#3"]),
        (IDS, 2, ["57", "6"]),
        ({row: item for item, row in IDS.items()}, 3, ["57", "6", "15"]),
        ({str(row): item for item, row in IDS.items()}, 3, ["57", "6", "15"]),
        ({0: 57, 1: 57}, 2, ["57", "57"]),
        ({"<pad>": 0, 57: 1, 6: 2}, 3, ["<pad>", "57", "6"]),
        ({0: 0, 1: 1, 2: 2}, 3, ["0", "1", "2"]),
        ({0: 1, 1: 0}, 2, ["1", "0"]),
        ({"0": 1, "1": 0}, 2, ["1", "0"]),
        # Without a word for the first row.
        ({57: 1, 6: 2, 15: 3}, 4, ["#0", "57", "6", "15"]),
        ({1: 57, 2: 6, 3: 15}, 4, ["#0", "57", "6", "15"]),
        ({np.int64(57): np.int64(0), np.int64(6): np.int64(1)}, 2, ["57", "6"]),
        ({57.0: 0.0, 6.0: 1.0}, 2, ["57", "6"]),
    ],
)
def test_a_dict_of_integers_is_read_as_it_fits(
    source: Any, rows: int, expected: list[str]
) -> None:
    assert labels(source, rows) == expected


@pytest.mark.parametrize(
    ("source", "rows"),
    [({0: 1, 1: 2, 2: 0}, 3), ({"0": 1, "1": 2, "2": 0}, 3), ({2: 3, 3: 5}, 10)],
)
def test_a_dict_that_fits_in_two_ways_is_refused(source: Any, rows: int) -> None:
    message = (
        r"in two ways.*from row to token, so that row . is '#?.'.*from token to row, "
        r"so that row . is '#?.'.*{row: str\(token\) for row, token in d\.items\(\)}"
    )
    with pytest.raises(ValueError, match=message):
        labels(source, rows)


def test_the_remedies_for_two_readings_work() -> None:
    d = {0: 1, 1: 2, 2: 0}
    assert labels({row: str(token) for row, token in d.items()}, 3) == ["1", "2", "0"]
    assert labels({row: str(token) for token, row in d.items()}, 3) == ["2", "0", "1"]


@pytest.mark.parametrize(
    ("source", "rows", "line"),
    [
        ({"a": 0, "b": 1, "c": 7}, 2, "1 of 3 tokens have no row in the table"),
        ({"a": 0, "b": 3}, 4, r"2 of 4 rows have no token; they .* such as #1"),
        ({"a": 0, "b": 0, "c": 1}, 2, "1 of 3 tokens share the row of an earlier"),
        (["a", "b", "a"], 3, "1 of 3 rows repeat the token of an earlier row.*'a'"),
        ({1: 57, 2: 6}, 3, "from row to token; 1 of 3 rows have no token"),
    ],
)
def test_what_is_odd_is_said_once(
    source: Any, rows: int, line: str, said: Callable[[], list[str]]
) -> None:
    for _ in range(2):
        labels(source, rows)
    (found,) = said()
    assert re.search(line, found), found


def test_what_is_not_odd_is_not_said(said: Callable[[], list[str]]) -> None:
    labels(["a", "b", "c"], 3)
    labels({"a": 0, "b": 1, "c": 2}, 3)
    labels({"a": 1, "b": 2, "c": 3}, 4)  # Keras keeps index 0 for padding.
    labels(IDS, 3)
    assert not said()


def test_the_rare_words_of_a_keras_dataset_are_not_said(
    imdb_word_index: dict[str, int], said: Callable[[], list[str]]
) -> None:
    labels(imdb_word_index, 2001)
    assert not said()


class Scalar:
    """A tensor of one number."""

    def __init__(self, number: int) -> None:
        self._number = number

    def item(self) -> int:
        """The number."""
        return self._number


@pytest.mark.parametrize("make", [Scalar, np.array, np.int64])
def test_tensors_of_one_number_are_that_number(make: Any) -> None:
    assert labels([make(7), make(9)], 2) == ["7", "9"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ([("a", 3), ("b", 1)], r"entry 0 is of type tuple, \('a', 3\).*entry\[0\] for"),
        (["a", {"word": "b"}], r"entry 1 is of type dict, .*\[entry\['word'\] for"),
        (["a", ["b"]], r"entry 1 is of type list"),
        (["a", object()], r"entry 1 is of type object.*\[str\(entry\) for"),
        ({0: ("a", 1), 1: "b"}, "entry 0 is of type tuple"),
    ],
)
def test_what_is_no_text_is_refused_by_name(source: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        labels(source, 2)


BYTES = [*map(chr, (*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x144)))]


def test_byte_level_tokens_are_recognized_by_their_alphabet() -> None:
    tokens = [*BYTES, "ĠcafÃ©", "<｜end｜>", "ã"]
    found = labels(tokens, len(tokens))
    assert found[256:] == [" café", "<｜end｜>", "0xE3"]
    assert found[BYTES.index("Ġ")] == " "
    assert labels(tokens[1:], len(tokens) - 1)[255:257] == ["ĠcafÃ©", "<｜end｜>"]


# ---------------------------------------------------------- the word indexes of Keras


def test_the_imdb_index_is_shifted_as_its_dataset_is(
    imdb_word_index: dict[str, int],
) -> None:
    tokens = labels(imdb_word_index, 2001)
    assert len(tokens) == 2001
    assert tokens[:6] == ["<pad>", "<start>", "<unk>", "<unused>", "the", "and"]
    assert tokens[2000] == "word1997"


def test_the_reuters_index_is_shifted_too() -> None:
    index = {"the": 1, **{f"word{i}": i for i in range(2, 30_980)}}
    assert labels(index, 10)[3:6] == ["<unused>", "the", "word2"]


def test_an_explicit_index_from_wins(imdb_word_index: dict[str, int]) -> None:
    assert labels(imdb_word_index, 3, index_from=0) == ["#0", "the", "and"]
    assert labels(imdb_word_index, 7, index_from=5)[5:] == ["#5", "the"]


def test_the_index_is_recognized_in_the_other_direction(
    imdb_word_index: dict[str, int],
) -> None:
    for index in (
        {rank: word for word, rank in imdb_word_index.items()},
        {str(rank): word for word, rank in imdb_word_index.items()},
    ):
        assert labels(index, 6) == labels(imdb_word_index, 6)
        assert labels(index, 3, index_from=0) == ["#0", "the", "and"]


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Returns a function that gives the lines of the log so far."""
    tell.cache_clear()
    caplog.set_level(logging.WARNING, "tb_wordembed")
    return lambda: [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize("direction", ["token to row", "row to token"])
def test_a_part_of_the_index_is_labeled_as_it_says_with_one_warning(
    imdb_word_index: dict[str, int], direction: str, said: Callable[[], list[str]]
) -> None:
    part: dict[Any, Any] = {w: i for w, i in imdb_word_index.items() if i < 1998}
    if direction == "row to token":
        part = {rank: word for word, rank in part.items()}
    assert labels(part, 5, index_from=3)[3:] == ["<unused>", "the"]
    assert labels(part, 3, index_from=0) == ["#0", "the", "and"]
    assert not [line for line in said() if "index_from" in line]
    for _ in range(2):
        assert labels(part, 3) == ["#0", "the", "and"]
    (line,) = [line for line in said() if "index_from" in line]
    assert "a dict of 1997 words" in line
    assert "pass index_from=3" in line


def test_a_part_of_the_reuters_index_is_a_warning(
    said: Callable[[], list[str]],
) -> None:
    words = ["the", "of", "to", "in", "said", "and"]
    assert labels({w: i for i, w in enumerate(words, 1)}, 2) == ["#0", "the"]
    assert len([line for line in said() if "index_from" in line]) == 1


@pytest.mark.parametrize(
    "source",
    [
        {0: "<pad>", 1: "the", 2: "and", 3: "a", 4: "of", 5: "to"},
        {"the": 1, "film": 2, "good": 3, "bad": 4, "of": 5},
        {"the": 4, "and": 5, "a": 6, "of": 7, "to": 8},
        SimpleNamespace(word_index={"the": 1, "and": 2, "a": 3, "of": 4, "to": 5}),
    ],
    ids=["has row 0", "other words", "shifted already", "tokenizer"],
)
def test_other_dicts_are_no_warning(source: Any, said: Callable[[], list[str]]) -> None:
    read(source)
    assert not said()


@pytest.mark.parametrize("source", [{0: "a", 1: "b"}, {"0": "a"}, {"a": 0}])
def test_index_from_applies_to_dicts_of_both_directions(source: Any) -> None:
    assert labels(source, 4, index_from=3)[2:] == ["<unk>", "a"]
    assert labels(source, 2, index_from=1) == ["#0", "a"]


def test_index_from_is_for_dicts_only() -> None:
    with pytest.raises(ValueError, match="index_from=3 is for a dict; this list says"):
        labels(["a", "b"], 2, index_from=3)


@pytest.mark.parametrize("index_from", ["3", 1.5, True, [3]])
def test_index_from_is_a_whole_number(index_from: Any) -> None:
    with pytest.raises(ValueError, match=r"index_from=.*expected a whole number"):
        labels({"a": 0}, 1, index_from=index_from)


# -------------------------------------------------------------- layers and tokenizers


@pytest.mark.tensorflow
def test_text_vectorization() -> None:
    keras = pytest.importorskip("keras")
    layer = keras.layers.TextVectorization(max_tokens=10)
    with pytest.raises(ValueError, match=r"no vocabulary yet; call its adapt\(\)"):
        read(layer)
    layer.adapt(["good film", "good book", "café"])
    tokens = labels(layer, 8)
    assert tokens[:3] == ["<pad>", "[UNK]", "good"]
    assert set(tokens[3:6]) == {"film", "book", "café"}
    assert tokens[6:] == ["#6", "#7"]


@pytest.mark.tensorflow
def test_string_and_integer_lookup() -> None:
    keras = pytest.importorskip("keras")
    words = keras.layers.StringLookup(vocabulary=["a", "b"])
    assert labels(words, 3) == ["[UNK]", "a", "b"]
    numbers = keras.layers.IntegerLookup(vocabulary=[10, 20])
    (column,) = as_columns(numbers, None, 3)
    assert column.values == (b"-1", b"10", b"20")


def test_tokenizers_are_known_by_what_they_can_do() -> None:
    vocabulary = {"[PAD]": 0, "##ing": 2}
    for tokenizer in (
        SimpleNamespace(get_vocab=lambda: vocabulary),
        SimpleNamespace(get_stoi=lambda: vocabulary),
        SimpleNamespace(word_index=vocabulary),
    ):
        assert labels(tokenizer, 3) == ["[PAD]", "#1", "##ing"]


def test_a_hugging_face_tokenizer() -> None:
    tokenizers = pytest.importorskip("tokenizers")
    model = tokenizers.models.WordLevel({"[UNK]": 0, "film": 1}, unk_token="[UNK]")
    assert labels(tokenizers.Tokenizer(model), 3) == ["[UNK]", "film", "#2"]


# --------------------------------------------------------------------------- files


def tsv(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    path = folder / "tokens.tsv"
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("content", ["the\ncafé\n", "the\r\ncafé\r\n", "the\ncafé"])
def test_one_column_has_no_header(tmp_path: Path, content: str) -> None:
    path = tsv(tmp_path, content)
    assert [column.name for column in as_columns(path, None, 2)] == ["token"]
    assert labels(path, 2) == ["the", "café"]
    assert labels(os.fspath(path), 2) == ["the", "café"]


def test_several_columns_have_one_and_the_others_are_metadata(tmp_path: Path) -> None:
    path = tsv(tmp_path, "Word\tCount\tClass\nthe\t3\tdet\n1984\t\tnum\n", "utf-8-sig")
    token, count, kind = as_columns(path, None, 2)
    assert [column.name for column in (token, count, kind)] == [
        "token",
        "Count",
        "Class",
    ]
    assert token.values == (b"the", b"1984")
    np.testing.assert_array_equal(np.asarray(count.values), [3, np.nan])
    assert kind.values == (b"det", b"num")


@pytest.mark.parametrize("header", ["rank\tterm", "pos\tlabel", "rank\tToken"])
def test_the_tokens_are_the_named_or_the_first_text_column(
    tmp_path: Path, header: str
) -> None:
    body = "1\tthe" if header.startswith("rank") else "det\tthe"
    assert labels(tsv(tmp_path, f"{header}\n{body}\n"), 1) == ["the"]


def test_a_line_break_of_unicode_does_not_end_a_row(tmp_path: Path) -> None:
    assert labels(tsv(tmp_path, "a\u2028b\x0bc\nd\n"), 2) == ["a\u2028b\x0bc", "d"]


def test_a_missing_file_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no such file.*as a list"):
        read(str(tmp_path / "none.tsv"))
    with pytest.raises(ValueError, match=r"is a directory.*as a list"):
        read(tmp_path)
    with pytest.raises(ValueError, match=r"tokens='' is no path.*as a list"):
        read("")


@pytest.mark.tensorflow
def test_a_missing_remote_file_is_an_error_with_the_remedy() -> None:
    pytest.importorskip("tensorflow", reason="ram:// is TensorFlow's")
    with pytest.raises(FileNotFoundError, match=r"ram://.*no such file.*as a list"):
        read("ram://no/such.tsv")


def test_a_remote_file_out_of_reach_is_an_error_with_the_remedy() -> None:
    with pytest.raises(OSError, match=r"tokens='nowhere://.*can't be read.*as a list"):
        read("nowhere://words.tsv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("word\tn\na\t1\t2\n\nb\t1\n", "3 fields in line 2 and 2 in line 1"),
        ("word\tn\n\na\t1\n", "line 2 is blank; delete it"),
        ("a\nb\tc\n", "2 fields in line 2 and 1 in line 1"),
        ("word\tword\nx\ty\n", "two columns of the same name"),
    ],
)
def test_a_bad_file_is_an_error_in_words(
    tmp_path: Path, content: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        read(tsv(tmp_path, content))


def test_a_file_must_have_a_line_for_every_row(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="tokens has 2 entries but the table has 3"):
        as_columns(tsv(tmp_path, "a\nb\n"), None, 3)
