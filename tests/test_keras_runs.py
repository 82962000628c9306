"""Each training of a Keras model has a run of its own; one that goes on stays in it."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed

pytestmark = pytest.mark.tensorflow

keras = pytest.importorskip("keras")

from tb_wordembed.keras import EmbeddingCallback  # noqa: E402 - needs Keras


def build() -> Any:
    model = keras.Sequential(
        [
            keras.Input((4,), dtype="int32"),
            keras.layers.Embedding(5, 3, name="words"),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    return model


def fit(model: Any, callback: Any, epochs: int = 2, **more: Any) -> None:
    x = np.arange(16).reshape(4, 4) % 4
    y = np.ones((4, 1))
    model.fit(x, y, epochs=epochs, verbose=0, callbacks=[callback], **more)


def rebuilt(log_dir: Path) -> None:
    callback = EmbeddingCallback(log_dir)
    for _ in range(3):
        fit(build(), callback)


def run_again(log_dir: Path) -> None:
    for _ in range(3):
        fit(build(), EmbeddingCallback(log_dir))


def trials(log_dir: Path) -> None:
    """As KerasTuner does it: deep copies, of a callback that was used already, too."""
    callback = EmbeddingCallback(log_dir)
    for _ in range(2):
        fit(build(), copy.deepcopy(callback))
    fit(build(), callback)


def folds_of_one_model(log_dir: Path) -> None:
    callback, model = EmbeddingCallback(log_dir), build()
    weights = model.get_weights()
    for _ in range(3):
        model.set_weights(weights)
        fit(model, callback)


def goes_on(log_dir: Path) -> None:
    callback, model = EmbeddingCallback(log_dir), build()
    fit(model, callback)
    fit(model, callback, epochs=1)


def resumed(log_dir: Path) -> None:
    model = build()
    fit(model, EmbeddingCallback(log_dir))
    fit(model, EmbeddingCallback(log_dir), epochs=3, initial_epoch=2)


def resumed_beside_others(log_dir: Path) -> None:
    fit(build(), EmbeddingCallback(log_dir), epochs=3)
    model = build()
    fit(model, EmbeddingCallback(log_dir), epochs=2)
    fit(build(), EmbeddingCallback(log_dir), epochs=1)
    fit(model, EmbeddingCallback(log_dir), epochs=4, initial_epoch=2)


def resumed_later(log_dir: Path) -> None:
    fit(build(), EmbeddingCallback(log_dir))
    fit(build(), EmbeddingCallback(log_dir), epochs=5, initial_epoch=4)


def in_the_log_directory(log_dir: Path) -> None:
    for _ in range(2):
        fit(build(), EmbeddingCallback(log_dir, run=""))


def with_another_table(log_dir: Path) -> None:
    fit(build(), EmbeddingCallback(log_dir))
    other = build()
    other.layers[0].name = "items"
    fit(other, EmbeddingCallback(log_dir))


class Late(keras.layers.Layer):  # type: ignore[misc,name-defined]
    """A layer that makes its table in the first batch."""

    def build(self, shape: Any) -> None:
        self.words = keras.layers.Embedding(5, 3, name="words")
        self.words.build()
        self.built = True

    def call(self, inputs: Any) -> Any:
        return keras.ops.mean(self.words(inputs), axis=1)


def tables_found_in_the_first_batch(log_dir: Path) -> None:
    for _ in range(2):
        model = keras.Sequential([Late(), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        fit(model, EmbeddingCallback(log_dir))


def of_batches(log_dir: Path) -> None:
    for _ in range(2):
        fit(build(), EmbeddingCallback(log_dir, update_freq="batch"))
    model = build()
    fit(model, EmbeddingCallback(log_dir, update_freq=2), batch_size=1)
    last = EmbeddingCallback(log_dir, update_freq=2)
    fit(model, last, epochs=3, initial_epoch=2, batch_size=1)


THREE = [0, 1, 2]

CASES: list[tuple[Callable[[Path], None], dict[str, list[int]]]] = [
    (rebuilt, {"embeddings": THREE, "embeddings-2": THREE, "embeddings-3": THREE}),
    (run_again, {"embeddings": THREE, "embeddings-2": THREE, "embeddings-3": THREE}),
    (trials, {"embeddings": THREE, "embeddings-2": THREE, "embeddings-3": THREE}),
    (
        folds_of_one_model,
        {"embeddings": THREE, "embeddings-2": THREE, "embeddings-3": THREE},
    ),
    (goes_on, {"embeddings": [0, 1, 2, 3]}),
    (resumed, {"embeddings": [0, 1, 2, 3]}),
    (
        resumed_beside_others,
        {"embeddings": [0, 1, 2, 3], "embeddings-2": [0, 1, 2, 3, 4]}
        | {"embeddings-3": [0, 1]},
    ),
    (resumed_later, {"embeddings": [0, 1, 2, 4, 5]}),
    (in_the_log_directory, {".": THREE, "embeddings-2": THREE}),
    (
        tables_found_in_the_first_batch,
        {"embeddings": [1, 2], "embeddings-2": [1, 2]},
    ),
    (
        of_batches,
        {"embeddings": THREE, "embeddings-2": THREE}
        | {"embeddings-3": [0, 2, 4, 6, 8, 10, 12]},
    ),
]


@pytest.mark.parametrize(("train", "expected"), CASES)
def test_nothing_is_replaced(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    train: Callable[[Path], None],
    expected: dict[str, list[int]],
) -> None:
    train(tmp_path)
    log = tb_wordembed.open(tmp_path)
    assert {one.run: one.steps for one in log.all_series} == expected
    assert not log.notes
    ours = [one for one in caplog.records if one.name == "tb_wordembed"]
    assert not [one for one in ours if one.levelno >= logging.WARNING]


def test_tables_of_other_names_share_a_run(tmp_path: Path) -> None:
    with_another_table(tmp_path)
    log = tb_wordembed.open(tmp_path)
    assert {(one.run, one.tag) for one in log.all_series} == {
        ("embeddings", "items"),
        ("embeddings", "words"),
    }


def test_a_training_resumed_before_the_last_step_is_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fit(build(), EmbeddingCallback(tmp_path), epochs=4)
    fit(build(), EmbeddingCallback(tmp_path), epochs=4, initial_epoch=2)
    (record,) = [one for one in caplog.records if one.name == "tb_wordembed"]
    assert "'words': step 2 replaces 3 steps, 2 to 4, logged to" in record.getMessage()


def test_the_first_line_says_what_is_logged_and_where(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tb_wordembed")
    run_again(tmp_path)
    said = [one.getMessage() for one in caplog.records if one.name == "tb_wordembed"]
    runs = ["embeddings", "embeddings-2", "embeddings-3"]
    assert said == [
        f"EmbeddingCallback logs 'words' (5 x 3) to {tmp_path / run}, from step 0 on"
        for run in runs
    ]


def test_a_copy_for_a_trial_keeps_what_it_was_given(tmp_path: Path) -> None:
    lookup = keras.layers.StringLookup(vocabulary=["the", "a", "of", "to"])
    callback = EmbeddingCallback(tmp_path, tokens=lookup, freq=2, dtype="float16")
    (copied,) = copy.deepcopy([callback])
    assert copied is not callback
    fit(build(), copied, epochs=4)
    series = tb_wordembed.open(tmp_path).series()
    assert (series.steps, series.dtype) == ([0, 2, 4], "float16")
    assert series.tokens == ["[UNK]", "the", "a", "of", "to"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_trials_of_a_real_tuner_have_a_run_each(tmp_path: Path) -> None:
    tuner_package = pytest.importorskip("keras_tuner")

    def hyper(parameters: Any) -> Any:
        parameters.Choice("seed", [1, 2, 3])
        return build()

    tuner = tuner_package.GridSearch(
        hyper, objective="loss", max_trials=3, directory=str(tmp_path / "tuner")
    )
    callback = EmbeddingCallback(tmp_path / "logs")
    x = np.arange(16).reshape(4, 4) % 4
    tuner.search(x, np.ones((4, 1)), epochs=2, verbose=0, callbacks=[callback])
    log = tb_wordembed.open(tmp_path / "logs")
    assert log.runs == ["embeddings", "embeddings-2", "embeddings-3"]
    assert [one.steps for one in log.all_series] == [THREE] * 3
