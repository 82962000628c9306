"""Real trainings of gensim, logged by its callback, and its vectors as data."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gensim.models import Doc2Vec, FastText, KeyedVectors, Word2Vec
from gensim.models.doc2vec import TaggedDocument

import tb_wordembed
from tb_wordembed.gensim import EmbeddingCallback

SENTENCES = [["the", "cat", "sat"], ["the", "dog", "ran"], ["the", "cat", "ran"]] * 5
SMALL: dict[str, Any] = {"vector_size": 6, "min_count": 1, "sample": 0, "epochs": 3}
SMALL |= {"workers": 1, "seed": 1}
COUNTS = {"the": 15, "cat": 10, "ran": 10, "sat": 5, "dog": 5}


def counts(series: Any) -> dict[str, int]:
    return dict(zip(series.tokens, series.metadata["frequency"], strict=True))


def test_word2vec_is_logged_with_counts(tmp_path: Path) -> None:
    model = Word2Vec(SENTENCES, callbacks=[EmbeddingCallback(tmp_path)], **SMALL)
    words = tb_wordembed.open(tmp_path).series("embeddings", "words")
    assert words.steps == [0, 1, 2, 3]
    assert counts(words) == COUNTS
    assert np.array_equal(words.table(3), model.wv.vectors)
    assert not np.array_equal(words.table(2), words.table(3))
    assert (tmp_path / "embeddings" / "projector_config.pbtxt").is_file()


def test_fasttext_is_logged_with_the_parts_of_words(tmp_path: Path) -> None:
    options = {**SMALL, "bucket": 100}
    model = FastText(**options)
    model.build_vocab(SENTENCES)
    model.train(
        SENTENCES,
        total_examples=len(SENTENCES),
        epochs=3,
        callbacks=[EmbeddingCallback(tmp_path)],
    )
    words = tb_wordembed.open(tmp_path).series("embeddings", "words")
    assert counts(words) == COUNTS
    assert np.array_equal(words.table(3), model.wv.vectors)
    for step in range(3):
        assert not np.array_equal(words.table(step), words.table(step + 1))


@pytest.mark.parametrize("dm", [0, 1])
def test_doc2vec_is_logged_with_documents(dm: int, tmp_path: Path) -> None:
    texts = [TaggedDocument(words, [f"text {n}"]) for n, words in enumerate(SENTENCES)]
    callback = EmbeddingCallback(tmp_path)
    model = Doc2Vec(texts, dm=dm, callbacks=[callback], **SMALL)
    log = tb_wordembed.open(tmp_path)
    # With dm=0 the words are not trained.
    assert log.tags("embeddings") == ["documents", "words"][: dm + 1]
    documents = log.series("embeddings", "documents")
    assert documents.tokens == [f"text {n}" for n in range(15)]
    assert np.array_equal(documents.table(3), model.dv.vectors)


def test_the_most_frequent_words_alone_can_be_logged(tmp_path: Path) -> None:
    callback = EmbeddingCallback(tmp_path, rows="top:3")
    model = Word2Vec(SENTENCES, callbacks=[callback], **SMALL)
    words = tb_wordembed.open(tmp_path).series("embeddings", "words")
    assert (words.full_vocab_size, len(words.tokens)) == (5, 3)
    assert counts(words) == {one: COUNTS[one] for one in ("the", "cat", "ran")}
    for token, vector in zip(words.tokens, words.table(3), strict=True):
        assert np.array_equal(vector, model.wv[token])


def test_rows_that_are_not_there_are_refused_before_training(tmp_path: Path) -> None:
    callback = EmbeddingCallback(tmp_path, rows=[5])
    with pytest.raises(ValueError, match=r"layer 'words': rows: there is no row 5"):
        Word2Vec(SENTENCES, callbacks=[callback], **SMALL)


def test_trainings_go_on_or_get_runs_of_their_own(tmp_path: Path) -> None:
    callback = EmbeddingCallback(tmp_path, every_n_epochs=2)
    model = Word2Vec(SENTENCES, callbacks=[callback], **SMALL)
    model.train(SENTENCES, total_examples=15, epochs=2, callbacks=[callback])
    Word2Vec(SENTENCES, callbacks=[callback], **SMALL)
    log = tb_wordembed.open(tmp_path)
    assert log.series("embeddings", "words").steps == [0, 2, 3, 4, 5]
    assert log.series("embeddings-2", "words").steps == [0, 2, 3]


def test_a_log_that_cant_be_written_ends_no_training(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    callback = EmbeddingCallback(tmp_path / "file")
    with caplog.at_level(logging.WARNING, "tb_wordembed"):
        model = Word2Vec(SENTENCES, callbacks=[callback], **SMALL)
    assert len(model.wv) == 5
    assert "Training goes on" in caplog.text
    with pytest.raises(ValueError, match="every_n_epochs"):
        EmbeddingCallback(tmp_path, every_n_epochs=0)


def test_keyed_vectors_are_data_with_their_own_columns(tmp_path: Path) -> None:
    model = Word2Vec(SENTENCES, **SMALL)
    model.wv.save_word2vec_format(str(tmp_path / "w.txt"))
    loaded = KeyedVectors.load_word2vec_format(str(tmp_path / "w.txt"))
    with tb_wordembed.SnapshotWriter(tmp_path / "run") as writer:
        writer.embedding("own", model.wv, 0)
        writer.embedding("named", model.wv, 0, tokens=list("abcde"), metadata={})
        writer.embedding("loaded", loaded, 0)  # gensim makes counts up for it.
    log = tb_wordembed.open(tmp_path)
    assert counts(log.series(tag="own")) == COUNTS
    assert log.series(tag="named").tokens == list("abcde")
    assert not log.series(tag="named").metadata
    assert log.series(tag="loaded").tokens == model.wv.index_to_key
    assert not log.series(tag="loaded").metadata


def test_findings_are_told(tmp_path: Path) -> None:
    class Spoiling(EmbeddingCallback):
        def on_train_end(self, model: Any) -> None:
            # gensim itself crashes when it trains on NaN.
            model.wv.vectors[1] = np.nan
            super().on_train_end(model)

    found: list[Any] = []
    # The last of three epochs is logged when training has ended.
    callback = Spoiling(tmp_path, every_n_epochs=2, on_finding=found.append)
    Word2Vec(SENTENCES, callbacks=[callback], **SMALL)
    (one,) = found
    assert (one.tag, one.kind, one.step, one.rows.tolist()) == (
        "words",
        "not_finite",
        3,
        [1],
    )


def test_gensim_can_not_be_stopped(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="gensim trains to the end"):
        EmbeddingCallback(tmp_path, on_finding="stop")
