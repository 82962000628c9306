"""Paths that users name are understood in the same way wherever they are taken."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed import SnapshotWriter, summary
from tb_wordembed.cli import main

TABLE = np.eye(3, dtype=np.float32)
TOKENS = ["the", "good", "bad"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory beside the current one, both empty."""
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "home"


def with_writer(logdir: str, tokens: Any = None) -> None:
    with SnapshotWriter(logdir) as writer:
        writer.embedding("words", TABLE, 0, tokens=tokens)


def with_summary(logdir: str, tokens: Any = None) -> None:
    tf = pytest.importorskip("tensorflow")
    # TensorFlow itself takes a directory as it is.
    directory = os.path.expanduser(logdir)  # noqa: PTH111
    with tf.summary.create_file_writer(directory).as_default():
        summary.embedding("words", TABLE, 0, tokens=tokens)


def with_callback(logdir: str, tokens: Any = None) -> None:
    keras = pytest.importorskip("keras")
    from tb_wordembed.keras import EmbeddingCallback

    embedding = keras.layers.Embedding(3, 3, name="words")
    model = keras.Sequential([embedding, keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    callback = EmbeddingCallback(logdir, tokens=tokens)
    model.fit(np.zeros((2, 1)), np.ones(2), verbose=0, callbacks=[callback])


WRITERS = [
    with_writer,
    pytest.param(with_summary, marks=pytest.mark.tensorflow),
    pytest.param(with_callback, marks=pytest.mark.tensorflow),
]


@pytest.mark.parametrize("write", WRITERS)
def test_a_tilde_is_the_home_directory(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    write: Callable[..., None],
) -> None:
    write("~/runs")
    assert not list(Path.cwd().iterdir())
    assert (home / "runs").is_dir()
    assert tb_wordembed.open("~/runs").all_series[0].tag == "words"
    assert main(["ls", "~/runs"]) == 0
    assert main(["check", "~/runs"]) == 0
    assert "words" in capsys.readouterr().out


def test_an_export_goes_to_the_home_directory(home: Path) -> None:
    with_writer("~/runs/a")
    url = "https://example.org/words"
    assert main(["export", "~/runs", "--projector-json", url, "-o", "~/out"]) == 0
    assert (home / "out" / "projector_config.json").exists()
    assert not list(Path.cwd().iterdir())


# Where the file is, and the name that is passed for it.
PLACES = {
    "here": ("here/labels.tsv", "labels.tsv"),
    "in a folder here": ("here/data/labels.tsv", "data/labels.tsv"),
    "in the log directory": ("home/runs/labels.tsv", "labels.tsv"),
    "in a folder of it": ("home/runs/data/labels.tsv", "data/labels.tsv"),
    "at home": ("home/labels.tsv", "~/labels.tsv"),
    "as a whole path": ("elsewhere/labels.tsv", "{}/elsewhere/labels.tsv"),
}


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(("place", "named"), PLACES.values(), ids=PLACES.keys())
@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_of_tokens_is_found(
    tmp_path: Path,
    write: Callable[..., None],
    place: str,
    named: str,
    kind: Callable[[str], Any],
) -> None:
    file = tmp_path / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(TOKENS) + "\n")
    write("~/runs", kind(named.format(tmp_path)))
    assert tb_wordembed.open("~/runs").series().tokens == TOKENS


def test_the_file_here_comes_before_one_in_the_log_directory(home: Path) -> None:
    (home / "runs").mkdir()
    (home / "runs" / "labels.tsv").write_text("a\nb\nc\n")
    Path("labels.tsv").write_text("\n".join(TOKENS))
    with_writer("~/runs", "labels.tsv")
    assert tb_wordembed.open("~/runs").series().tokens == TOKENS


@pytest.mark.tensorflow
def test_a_file_of_tokens_of_one_layer_is_found(home: Path) -> None:
    (home / "runs").mkdir()
    (home / "runs" / "labels.tsv").write_text("\n".join(TOKENS))
    with_callback("~/runs", {"words": "labels.tsv"})
    assert tb_wordembed.open("~/runs").series().tokens == TOKENS


@pytest.mark.parametrize("write", WRITERS)
def test_an_error_says_where_it_looked(
    tmp_path: Path, home: Path, write: Callable[..., None]
) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        write("~/runs", "labels.tsv")
    message = str(caught.value)
    assert message.startswith("tokens='labels.tsv': there is no file")
    assert repr(str(tmp_path / "here" / "labels.tsv")) in message
    assert repr(str(home / "runs" / "labels.tsv")) in message
    assert message.endswith("pass tokens themselves as a list")
