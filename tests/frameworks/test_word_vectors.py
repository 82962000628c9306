"""Vectors that fastText, GloVe and word2vec wrote, which gensim carries: imported with
the numbers, neighbors and analogies that gensim finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath

import tb_wordembed

# Files, and how gensim reads them.
FILES: dict[str, dict[str, Any]] = {
    "lee_fasttext.vec": {},
    "crime-and-punishment.vec": {},
    "word2vec_pre_kv_c": {},
    "high_precision.kv.txt": {},
    "high_precision.kv.bin": {"binary": True},
    "euclidean_vectors.bin": {"binary": True},
    "test_glove.txt": {"no_header": True},
}


@pytest.mark.parametrize("name", FILES)
def test_vectors_are_imported_as_gensim_reads_them(name: str, tmp_path: Path) -> None:
    theirs = KeyedVectors.load_word2vec_format(datapath(name), **FILES[name])
    tb_wordembed.import_tables(tmp_path, datapath(name))
    series = tb_wordembed.open(tmp_path).series()
    assert series.tokens == theirs.index_to_key
    assert np.array_equal(series.table(0), theirs.vectors)
    if len(series.tokens) < 20:
        return
    plain = [word for word in series.tokens if word.isalpha()]
    one, two, three = plain[2], plain[8], plain[15]
    found = [near.token for near in series.neighbors(one, 0, k=10)]
    assert found == [word for word, _ in theirs.most_similar(one, topn=10)]
    analogy = series.analogy(f"{one} - {two} + {three}", 0, n=5)
    expected = theirs.most_similar(positive=[one, three], negative=[two], topn=5)
    assert [near.token for near in analogy] == [word for word, _ in expected]


@pytest.mark.parametrize(
    "name", ["lee_fasttext_new.bin", "pang_lee_polarity_fasttext.bin"]
)
def test_a_model_of_fasttext_itself_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"fastText.*the \.vec file beside it"):
        tb_wordembed.import_tables(tmp_path / "logs", datapath(name))
    assert not (tmp_path / "logs").exists()


@pytest.mark.parametrize("name", ["word2vec_3.3", "doc2vec_old"])
def test_pickles_of_gensim_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a pickle, which is not read"):
        tb_wordembed.import_tables(tmp_path / "logs", datapath(name))
