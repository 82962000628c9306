"""Probes score as gensim does, on vectors that it trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gensim.models import Word2Vec
from gensim.test.utils import datapath
from gensim.utils import simple_preprocess

import tb_wordembed
from tb_wordembed.read.series import Series


@pytest.fixture(scope="module")
def vectors() -> Any:
    lines = Path(datapath("lee_background.cor")).read_text("utf-8").splitlines()
    texts = [simple_preprocess(line) for line in lines]
    return Word2Vec(texts, vector_size=20, min_count=2, seed=1, workers=1).wv


@pytest.fixture
def series(vectors: Any, tmp_path: Path) -> Series:
    with tb_wordembed.SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", vectors, 0)
    return tb_wordembed.open(tmp_path).series()


@pytest.mark.parametrize("name", ["wordsim353.tsv", "simlex999.txt"])
def test_word_pairs(vectors: Any, series: Series, name: str) -> None:
    (found,) = series.probe(datapath(name))
    _, expected, unknown = vectors.evaluate_word_pairs(datapath(name))
    assert found.value == pytest.approx(expected.statistic, abs=1e-6)
    total = 353 if "353" in name else 999
    assert found.used == round(total * (1 - unknown / 100))


def test_analogies(vectors: Any, series: Series) -> None:
    name = datapath("questions-words.txt")
    (found,) = series.probe(name)
    share, sections = vectors.evaluate_word_analogies(name)
    total = sections[-1]
    assert found.used == len(total["correct"]) + len(total["incorrect"]) > 100
    assert found.value == pytest.approx(share)
