"""Probes, as the page asks for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from questions import ask, ask_until_done

import tb_wordembed
from tb_wordembed.analysis.probes import Pairs
from tb_wordembed.read.log import Log

TOKENS = ["good", "great", "bad", "awful", "film", "movie", "plot", "story"]
TEXTS = {
    "pairs": "good great 9\ngood bad 2\nfilm movie 9\ngood sea 3",
    "analogies": ": opposites\ngood bad great awful\nfilm movie plot story",
    "classes": "good adjective\nbad adjective\nfilm noun\nplot noun",
    "associations": "x: good, great\ny: bad, awful\na: film, movie\nb: plot, story",
}


@pytest.fixture
def log(tmp_path: Path) -> Log:
    rng = np.random.default_rng(0)
    with tb_wordembed.SnapshotWriter(tmp_path) as writer:
        for step in (0, 5):
            table = rng.normal(size=(8, 6)).astype(np.float32)
            writer.embedding("words", table, step, tokens=TOKENS)
    return tb_wordembed.open(tmp_path)


@pytest.mark.parametrize("kind", TEXTS)
def test_the_scores_are_those_of_the_series(
    log: Log, tmp_path: Path, kind: str
) -> None:
    (tmp_path / "probe.txt").write_text(TEXTS[kind], "utf-8")
    expected = log.series().probe(tmp_path / "probe.txt")
    answer = ask_until_done(log, "probe", text=TEXTS[kind])
    assert (answer.kind, answer.steps) == (kind, [0, 5])
    assert answer.used == [one.used for one in expected]
    assert answer.values == pytest.approx([one.value for one in expected])
    assert answer.items == {"analogies": 2, "associations": 8}.get(kind, 4)


def test_a_score_of_too_few_words_is_null(log: Log) -> None:
    answer = ask_until_done(log, "probe", text="sea ship 3\nsea sky 4")
    assert (answer.values, answer.used, answer.items) == ([None, None], [0, 0], 2)


@pytest.mark.parametrize(
    ("text", "said"), [("", "no line"), ("one two 3\nfour", "line 2 has 1 columns")]
)
def test_refuses_what_is_no_probe(log: Log, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ask(log, "probe", text=text)


def test_tells_the_series_how_far_it_is(log: Log) -> None:
    shares: list[float] = []
    pairs = Pairs([("good", "bad", 1.0), ("good", "great", 2.0)])
    log.series().probe(pairs, progress=lambda share, message="": shares.append(share))
    assert shares == [0, 0.5]
