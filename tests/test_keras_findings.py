"""``on_finding`` of the Keras callback: warns, stops the training, calls a function."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.tensorflow

keras = pytest.importorskip("keras")

import tb_wordembed  # noqa: E402 - needs Keras
from tb_wordembed.keras import EmbeddingCallback  # noqa: E402 - too

ROWS = 50


def train(folder: Path, on_finding: Any, *, trainable: bool = True) -> int:
    """Trains for six epochs, in the third of which a row becomes NaN; returns the
    number of epochs that were trained."""
    words = keras.layers.Embedding(ROWS, 4, name="words", trainable=trainable)
    model = keras.Sequential(
        [keras.Input((3,), dtype="int32"), words, keras.layers.Flatten()]
    )
    model.add(keras.layers.Dense(1))
    model.compile("sgd", "mse")

    def spoil(epoch: int, _: Any) -> None:
        if epoch == 2 and trainable:
            table = words.get_weights()[0]
            table[7] = np.nan
            words.set_weights([table])

    spoiling = keras.callbacks.LambdaCallback(on_epoch_end=spoil)
    logged = EmbeddingCallback(
        folder, tokens=[f"word{row}" for row in range(ROWS)], on_finding=on_finding
    )
    # Row 7 is in no batch.
    some = np.arange(30).reshape(10, 3) % 6
    history = model.fit(
        some, np.ones((10, 1)), epochs=6, verbose=0, callbacks=[spoiling, logged]
    )
    return len(history.epoch)


def test_stops_the_training_and_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "tb_wordembed"):
        assert train(tmp_path, "stop") == 3
    assert "'words': “word7” was NaN" in caplog.text
    assert tb_wordembed.open(tmp_path).series().steps == [0, 1, 2, 3]


def test_a_function_gets_the_findings_and_the_training_goes_on(tmp_path: Path) -> None:
    found: list[Any] = []
    assert train(tmp_path, found.append) == 6
    (one,) = found
    assert (one.tag, one.kind, one.step, one.rows.tolist()) == (
        "words",
        "not_finite",
        3,
        [7],
    )


def test_a_layer_that_is_frozen_on_purpose_stops_nothing(tmp_path: Path) -> None:
    assert train(tmp_path, "stop", trainable=False) == 6


def test_anything_else_is_refused_before_the_training() -> None:
    loud: Any = "shout"
    with pytest.raises(ValueError, match="expected 'warn', 'stop', or a function"):
        EmbeddingCallback("logs", on_finding=loud)
