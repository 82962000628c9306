"""Tokens of the vocabulary layers that a Keras model holds itself."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

from tb_wordembed.keras import EmbeddingCallback  # noqa: E402

pytestmark = pytest.mark.tensorflow
TEXTS = np.array(["good film", "good book", "bad film"])


def vectorization(size: int | None = None) -> Any:
    layer = keras.layers.TextVectorization(max_tokens=size, output_sequence_length=2)
    layer.adapt(TEXTS)
    return layer


def fit(
    model: Any, inputs: Any, folder: Path, **arguments: Any
) -> dict[str, list[str]]:
    """Trains for an epoch, and returns the tokens of each table."""
    model.compile(loss="mse")
    callback = EmbeddingCallback(folder, projector=False, **arguments)
    model.fit(inputs, np.zeros((3, 1)), epochs=1, verbose=0, callbacks=[callback])
    every = tb_wordembed.open(folder).all_series
    return {series.tag: list(series.tokens) for series in every}


def text_model(rows: int, *before: Any) -> Any:
    layers = [
        keras.Input((), dtype="string"),
        *before,
        keras.layers.Embedding(rows, 2, name="words"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(1),
    ]
    return keras.Sequential(layers)


def test_a_text_model_labels_its_own_table(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tb_wordembed")
    words = vectorization().get_vocabulary()[1:]
    found = fit(text_model(8, vectorization()), tf.constant(TEXTS), tmp_path)
    assert found["words"] == ["<pad>", *words, "#6", "#7"]
    assert "'words' (8 x 2, tokens of 'text_vectorization" in caplog.text


def test_tokens_that_are_passed_come_first(tmp_path: Path) -> None:
    words = [f"w{row}" for row in range(8)]
    model = text_model(8, vectorization())
    found = fit(model, tf.constant(TEXTS), tmp_path, tokens=words)
    assert found["words"] == words


class Own(keras.layers.Layer):  # type: ignore[misc,name-defined]
    """A layer of a user, with methods of these names."""

    def get_vocabulary(self, kind: str) -> list[str]:
        return [kind]

    def call(self, x: Any) -> Any:
        return x


def test_a_layer_of_another_kind_ends_no_training(tmp_path: Path) -> None:
    found = fit(text_model(8, vectorization(), Own()), tf.constant(TEXTS), tmp_path)
    assert found["words"][2:4] == vectorization().get_vocabulary()[2:4]


def towers(users: list[str], movies: list[str], *, nested: bool) -> Any:
    inputs, outputs = [], []
    for name, words in (("users", users), ("movies", movies)):
        one = keras.Input((1,), dtype="string")
        lookup = keras.layers.StringLookup(vocabulary=words, name=f"{name}_lookup")
        table = keras.layers.Embedding(len(words) + 1, 2, name=name)
        if nested:
            tower = keras.Sequential([lookup, table], name=f"{name}_tower")
            out = tower(one)
        else:
            out = table(lookup(one))
        inputs.append(one)
        outputs.append(keras.layers.Flatten()(out))
    return keras.Model(inputs, keras.layers.Dot(1)(outputs))


@pytest.mark.parametrize(
    ("movies", "nested", "expected"),
    [
        (["x", "y", "z"], False, (["[UNK]", "a", "b"], ["[UNK]", "x", "y", "z"])),
        (["x", "y"], True, (["[UNK]", "a", "b"], ["[UNK]", "x", "y"])),
        # Of the same size, side by side: either may be meant.
        (["x", "y"], False, (["#0", "#1", "#2"], ["#0", "#1", "#2"])),
    ],
)
def test_each_tower_of_a_recommender_has_its_own(
    tmp_path: Path, movies: list[str], nested: bool, expected: Any
) -> None:
    inputs = [tf.constant([["a"], ["b"], ["a"]]), tf.constant([["x"], ["y"], ["y"]])]
    model = towers(["a", "b"], movies, nested=nested)
    found = fit(model, inputs, tmp_path)
    assert (found["users"], found["movies"]) == expected
