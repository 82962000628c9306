"""Labels from the objects of other packages, made with those packages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import gensim.models
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import sentencepiece
import spacy
import tiktoken
import tokenizers
import transformers
from gensim.models.doc2vec import TaggedDocument
from sklearn.feature_extraction.text import (
    CountVectorizer,
    HashingVectorizer,
    TfidfVectorizer,
)
from sklearn.preprocessing import LabelEncoder, OrdinalEncoder

from tb_wordembed.write.columns import as_columns
from tb_wordembed.write.tables import as_table
from tb_wordembed.write.vocabulary import tell

WORDS = ["the", "cat", "sat"]


def columns(tokens: Any, rows: int = 3, metadata: Any = None) -> dict[str, list[Any]]:
    """The columns that are written beside a table of so many rows, by name."""
    return {
        column.name: [None if value != value else value for value in column.values]
        if isinstance(column.values, np.ndarray)
        else [value.decode() for value in column.values]
        for column in as_columns(tokens, metadata, rows)
    }


# ------------------------------------------------------------------ Series and frames

TABLE = {"word": WORDS, "n": [10, 3, 2]}
SHUFFLED = pd.DataFrame(TABLE).iloc[[2, 0, 1]]


def test_counts_of_numbered_items_go_to_the_items() -> None:
    sales = pd.DataFrame({"item": [0, 1, 1, 2, 2, 2]})
    by_item = sales.groupby("item").size()
    for counts in (by_item, sales["item"].value_counts().sort_index()):
        assert columns([2, 0, 1], metadata={"n": counts})["n"] == [3, 1, 2]
    assert columns([2, 0, 1], metadata=by_item.to_frame("n"))["n"] == [3, 1, 2]
    assert columns([2, 0, 1], metadata={"n": pd.Series([7, 8, 9])})["n"] == [7, 8, 9]


@pytest.mark.parametrize(
    "tokens",
    [
        pd.Series(WORDS),
        pd.Series(WORDS, dtype="string"),
        pd.Series(WORDS, dtype="category"),
        pd.Index(WORDS),
        pd.Categorical(WORDS),
        pd.Series(["sat", "the", "cat"], index=[2, 0, 1]),
        pd.Series({"sat": 2, "the": 0, "cat": 1}),
        pl.Series(WORDS),
        pl.Series(WORDS, dtype=pl.Categorical),
        pa.array(WORDS),
        pa.chunked_array([WORDS[:1], WORDS[1:]]),
    ],
)
def test_a_series(tokens: Any) -> None:
    assert columns(tokens) == {"token": WORDS}


@pytest.mark.parametrize(
    "tokens",
    [
        pd.DataFrame(TABLE),
        SHUFFLED,
        SHUFFLED.rename_axis("row"),
        pd.DataFrame({"n": TABLE["n"]}, index=WORDS),
        pd.DataFrame({"row": [2, 0, 1], "n": [2, 10, 3]}, index=["sat", "the", "cat"]),
        pl.DataFrame(TABLE),
        pa.table(TABLE),
    ],
)
def test_a_frame(tokens: Any) -> None:
    assert columns(tokens) == {"token": WORDS, "n": [10, 3, 2]}


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (
            pd.Series(WORDS, index=[0, 2, 5]),
            r"rows 0 to 2, the tokens have 0 to 5.*list",
        ),
        (pd.Series(WORDS, index=[0, 0, 1]), "index of this Series repeats"),
        (pd.Series([10, 3, 2], index=WORDS), "none of the 3|some of the 3"),
        (pd.Series([1, 1, 2], index=WORDS), "Series of counts, not of rows"),
        (pd.Series([*WORDS, "the"]).value_counts(), "Series of counts, not of rows"),
        (pd.Series(WORDS, index=["x", "y", "z"]), r"list in row order.*s\.tolist\(\)"),
        (pd.MultiIndex.from_product([WORDS, [0]]), "several levels"),
        (pd.DataFrame(), "a table without a column"),
        (SHUFFLED.set_index([[1, 1, 2], [1, 2, 3]]), "several levels"),
    ],
)
def test_an_index_that_does_not_fit_is_refused(tokens: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        columns(tokens)


@pytest.mark.parametrize(
    "tokens", [SHUFFLED, SHUFFLED["word"], pl.DataFrame(SHUFFLED.reset_index())]
)
def test_an_index_out_of_order_is_said(
    tokens: Any, caplog: pytest.LogCaptureFixture
) -> None:
    tell.cache_clear()
    assert columns(tokens)["token"] == WORDS
    assert "the rows are in the order of" in caplog.text


def test_numbers_that_are_tokens_and_rows_are_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tell.cache_clear()
    found = columns(["2", "0", "1"], metadata={"n": {0: 5, 1: 6, 2: 7}})
    assert found["n"] == [7, 5, 6]
    assert "its keys are taken for tokens" in caplog.text


COUNTS = pd.Series(["cat", *["the"] * 3, *["sat"] * 2])


@pytest.mark.parametrize(
    ("values", "right"),
    [
        (COUNTS.value_counts(), [3, 1, 2]),
        (Counter(COUNTS), [3, 1, 2]),
        (pd.Series([2, 3, 1], index=[2, 0, 1]), [3, 1, 2]),
        (pd.Series([3, 1, 2]), [3, 1, 2]),
        (pd.Series([3, None, 2], dtype="Int64"), [3, None, 2]),
        (pd.Series([3, None, 2]), [3, None, 2]),
        (pd.Series(["a", None, "c"], dtype="string"), ["a", "", "c"]),
        (pd.Series([True, None, False], dtype="boolean"), [1, None, 0]),
        (pd.array([3, None, 2], dtype="Int64"), [3, None, 2]),
        (pl.Series([3, None, 2]), [3, None, 2]),
        (pa.array([3, None, 2]), [3, None, 2]),
    ],
)
def test_a_metadata_column(values: Any, right: list[Any]) -> None:
    assert columns(WORDS, metadata={"c": values})["c"] == right


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_frame_of_metadata(make: Any) -> None:
    found = columns(WORDS, metadata=make({"n": [3, 1, 2], "kind": ["a", "b", "c"]}))
    assert found == {"token": WORDS, "n": [3, 1, 2], "kind": ["a", "b", "c"]}


def test_a_frame_of_metadata_is_looked_up_by_its_index() -> None:
    frame = pd.DataFrame({"n": [2, 3, 1]}, index=["sat", "the", "cat"])
    assert columns(WORDS, metadata=frame)["n"] == [3, 1, 2]
    assert columns(None, metadata=frame.set_axis([2, 0, 1]))["n"] == [3, 1, 2]


def test_a_frame_of_numbers_is_a_table_and_one_with_texts_is_refused() -> None:
    frame = pd.DataFrame(np.ones((3, 2)))
    np.testing.assert_array_equal(as_table(frame).values, np.ones((3, 2)))
    with_missing = pd.DataFrame({"a": [1, None, 3], "b": [4, 5, 6]}, dtype="Float64")
    for data in (frame.assign(word=WORDS), with_missing):
        with pytest.raises(
            ValueError, match=r'pass data\.select_dtypes\("number"\)'
        ) as e:
            as_table(data)
        remedy = eval(str(e.value).partition("pass ")[2], {"data": data})
        assert as_table(remedy).values.shape == (3, 2)
    vectors = pd.Series([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ValueError, match=r"Series .* pass np\.stack\(data\)"):
        as_table(vectors)


# -------------------------------------------------------------------------- tokenizers

TEXT = ["the café sat", "the cat sat", "日本語 sat"]


def byte_level() -> tokenizers.Tokenizer:
    """A tokenizer of bytes, such as GPT-2's."""
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel()
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<|end|>"], show_progress=False
    )
    tokenizer.train_from_iterator(TEXT * 3, trainer)
    return tokenizer


def row_of(tokenizer: tokenizers.Tokenizer, token: str) -> int:
    row = tokenizer.token_to_id(token)
    assert row is not None
    return int(row)


def test_byte_level_tokens_are_readable(tmp_path: Path) -> None:
    tokenizer = byte_level()
    size = tokenizer.get_vocab_size()
    tokens = columns(tokenizer, size)["token"]
    assert tokens[0] == "<|end|>"
    assert " café" in tokens
    assert tokens[row_of(tokenizer, "ĠcafÃ©")] == " café"
    assert tokens[row_of(tokenizer, "æ")] == "0xE6"
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    assert columns(tmp_path / "tokenizer.json", size)["token"] == tokens
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    assert columns(fast, size)["token"] == tokens


def test_counts_by_either_form_of_a_byte_level_token_are_found() -> None:
    tokenizer = byte_level()
    size = tokenizer.get_vocab_size()
    row = row_of(tokenizer, "ĠcafÃ©")
    for key in ("ĠcafÃ©", " café"):
        assert columns(tokenizer, size, {"n": {key: 7}})["n"][row] == 7


def test_tiktoken() -> None:
    ranks = {bytes([byte]): byte for byte in range(256)} | {b" caf\xc3\xa9": 256}
    encoding = tiktoken.Encoding(
        "tiny", pat_str=r"\S+", mergeable_ranks=ranks, special_tokens={"<|end|>": 260}
    )
    tokens = columns(encoding, 261)["token"]
    assert tokens[256:] == [" café", "#257", "#258", "#259", "<|end|>"]
    assert tokens[0xE3] == "0xE3"
    assert tokens[0x41] == "A"


def test_sentencepiece(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("\n".join(TEXT * 20))
    sentencepiece.SentencePieceTrainer.train(
        input=str(tmp_path / "text"),
        model_prefix=str(tmp_path / "m"),
        vocab_size=24,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(
        model_file=str(tmp_path / "m.model")
    )
    size = processor.get_piece_size()
    pieces = [processor.id_to_piece(row) for row in range(size)]
    assert columns(processor, size)["token"] == pieces
    assert columns(tmp_path / "m.vocab", size)["token"] == pieces


# --------------------------------------------------------------- gensim, spaCy, sklearn


def test_gensim(tmp_path: Path) -> None:
    sentences = [text.split() for text in TEXT]
    model = gensim.models.Word2Vec(sentences, vector_size=4, min_count=1, seed=1)
    words = list(model.wv.index_to_key)
    for tokens in (model, model.wv):
        assert columns(tokens, len(words))["token"] == words
    with pytest.raises(ValueError, match=r"pass data\.wv, the word vectors"):
        as_table(model)
    np.testing.assert_array_equal(as_table(model.wv).values, model.wv.vectors)
    model.wv.save_word2vec_format(str(tmp_path / "w.txt"))
    assert columns(tmp_path / "w.txt", len(words))["token"] == words


def test_the_words_or_texts_of_doc2vec_are_told_apart_by_their_number() -> None:
    texts = [TaggedDocument(text.split(), [f"d{i}"]) for i, text in enumerate(TEXT)]
    model = gensim.models.Doc2Vec(texts, vector_size=4, min_count=1, seed=1)
    words = list(model.wv.index_to_key)
    assert columns(model, len(words))["token"] == words
    assert columns(model, 3)["token"] == ["d0", "d1", "d2"]
    model = gensim.models.Doc2Vec(texts[1:2], vector_size=4, min_count=1, seed=1)
    model.dv.index_to_key = ["d0", "d1", "d2"]
    with pytest.raises(ValueError, match=r"two ways.*its words, wv.*its texts, dv"):
        columns(model, 3)


def test_a_text_of_spacy_is_no_vocabulary() -> None:
    pipeline = spacy.blank("en")
    for word in WORDS:
        pipeline.vocab.set_vector(word, np.ones(4))
    with pytest.raises(ValueError, match=r"of type Token, the; .*\[str\(entry\) for"):
        columns(pipeline(" ".join(WORDS)))


def test_spacy() -> None:
    pipeline = spacy.blank("en")
    for word in WORDS:
        pipeline.vocab.set_vector(word, np.ones(4))
    vectors = pipeline.vocab.vectors
    rows = vectors.shape[0]
    expected = [f"#{row}" for row in range(rows)]
    for word in WORDS:
        expected[vectors.key2row[pipeline.vocab.strings[word]]] = word
    for tokens in (pipeline, pipeline.vocab):
        assert columns(tokens, rows)["token"] == expected
    with pytest.raises(ValueError, match="no row per word"):
        columns(spacy.blank("en"))


@pytest.mark.parametrize(
    "vectorizer",
    [CountVectorizer(), TfidfVectorizer(), CountVectorizer(analyzer="char", min_df=2)],
)
def test_vectorizers(vectorizer: Any) -> None:
    with pytest.raises(ValueError, match=r"call its fit\(\) first"):
        columns(vectorizer)
    words = list(vectorizer.fit(TEXT).get_feature_names_out())
    assert columns(vectorizer, len(words))["token"] == words


def test_encoders() -> None:
    assert columns(LabelEncoder().fit(WORDS))["token"] == ["cat", "sat", "the"]
    one = OrdinalEncoder().fit([[word] for word in WORDS])
    assert columns(one)["token"] == ["cat", "sat", "the"]
    with pytest.raises(ValueError, match=r"encodes 2 columns; .*categories_\[0\]"):
        columns(OrdinalEncoder().fit([[word, 1] for word in WORDS]))
    with pytest.raises(ValueError, match="a hashing vectorizer keeps none"):
        columns(HashingVectorizer())
