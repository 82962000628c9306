"""``update_freq``: after which batches the tables are logged, and under which steps."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

pytestmark = pytest.mark.tensorflow

keras = pytest.importorskip("keras")

import tb_wordembed  # noqa: E402 - needs Keras
from tb_wordembed.keras import EmbeddingCallback  # noqa: E402 - too

BATCHES = 5
X = np.arange(4 * BATCHES).reshape(BATCHES, 4) % 4


def build(**compiled: Any) -> Any:
    model = keras.Sequential(
        [
            keras.Input((4,), dtype="int32"),
            keras.layers.Embedding(5, 3, name="words"),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse", **compiled)
    return model


class Kept(keras.callbacks.Callback):  # type: ignore[misc,name-defined]
    """The table after each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Any] = []

    def on_train_begin(self, logs: Any = None) -> None:
        self.tables = self.tables or [self.model.layers[0].get_weights()[0]]

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.tables.append(self.model.layers[0].get_weights()[0])


def fit(model: Any, *callbacks: Any, epochs: int = 2, **more: Any) -> None:
    more = {"batch_size": 1, "verbose": 0, **more}
    model.fit(X, np.ones((BATCHES, 1)), epochs=epochs, callbacks=[*callbacks], **more)


def steps(log_dir: Path, run: str = "embeddings") -> list[int]:
    return list(tb_wordembed.open(log_dir).series(run).steps)


@pytest.mark.parametrize(
    ("update_freq", "expected"),
    [
        ("epoch", [0, 1, 2]),
        ("batch", [*range(11)]),
        (1, [*range(11)]),
        (3, [0, 3, 6, 9, 10]),
        (5, [0, 5, 10]),
        (100, [0, 10]),
    ],
)
def test_a_step_is_the_number_of_batches(
    tmp_path: Path, update_freq: Any, expected: list[int]
) -> None:
    kept = Kept()
    callback = EmbeddingCallback(tmp_path, update_freq=update_freq)
    fit(build(), callback, kept)
    assert steps(tmp_path) == expected
    series = tb_wordembed.open(tmp_path).series()
    for step in expected:
        batches = step * BATCHES if update_freq == "epoch" else step
        np.testing.assert_array_equal(series.table(step), kept.tables[batches])


def test_one_epoch_shows_how_it_went(tmp_path: Path) -> None:
    fit(build(), EmbeddingCallback(tmp_path, update_freq=2), epochs=1)
    assert steps(tmp_path) == [0, 2, 4, 5]


def test_the_steps_are_those_of_the_loss_of_keras_own_callback(tmp_path: Path) -> None:
    fit(
        build(),
        EmbeddingCallback(tmp_path, update_freq=2),
        keras.callbacks.TensorBoard(tmp_path, update_freq=2),
    )
    reader = EventAccumulator(str(tmp_path / "train")).Reload()
    loss = [event.step for event in reader.Tensors("batch_loss")]
    assert [step for step in steps(tmp_path) if step] == loss == [2, 4, 6, 8, 10]


def test_a_second_fit_goes_on_counting(tmp_path: Path) -> None:
    callback, model = EmbeddingCallback(tmp_path, update_freq=4), build()
    fit(model, callback, epochs=1)
    fit(model, callback, epochs=1)
    assert steps(tmp_path) == [0, 4, 5, 8, 10]


def test_a_resumed_training_goes_on_in_its_run(tmp_path: Path) -> None:
    model = build()
    fit(model, EmbeddingCallback(tmp_path, update_freq=4))
    fit(build(), EmbeddingCallback(tmp_path, update_freq=4), epochs=1)
    fit(model, EmbeddingCallback(tmp_path, update_freq=4), epochs=3, initial_epoch=2)
    assert steps(tmp_path) == [0, 4, 8, 10, 12, 15]
    assert steps(tmp_path, "embeddings-2") == [0, 4, 5]


def generated() -> Any:
    """Batches of which Keras doesn't know the number."""
    for row in X:
        yield row[None], np.ones((1, 1))


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_a_training_resumed_from_a_generator_counts_the_updates(tmp_path: Path) -> None:
    model, updates = build(), []
    for epoch in range(2):
        updates.append(int(model.optimizer.iterations))
        model.fit(
            generated(),
            initial_epoch=epoch,
            epochs=epoch + 1,
            shuffle=False,
            verbose=0,
            callbacks=[EmbeddingCallback(tmp_path, update_freq=2)],
        )
    # Keras with TensorFlow counts an update more when the batches end.
    assert updates[1] in (5, 6)
    assert steps(tmp_path)[:4] == [0, 2, 4, 5]
    assert steps(tmp_path)[-1] == updates[1] + BATCHES


def test_a_training_that_was_interrupted_goes_on_at_its_batch(tmp_path: Path) -> None:
    class Interrupt(keras.callbacks.Callback):  # type: ignore[misc,name-defined]
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch == 2:
                raise KeyboardInterrupt

    callback, model = EmbeddingCallback(tmp_path, update_freq=2), build()
    with pytest.raises(KeyboardInterrupt):
        fit(model, callback, Interrupt())
    fit(model, callback, epochs=1)
    assert steps(tmp_path) == [0, 2, 3, 4, 6, 8]


def test_several_batches_in_one_execution(tmp_path: Path) -> None:
    model = build(steps_per_execution=2)
    fit(model, EmbeddingCallback(tmp_path, update_freq=3))
    found = steps(tmp_path)
    assert found == [0, 4, 7, 9, 10]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"update_freq": "batches"}, r'"epoch", "batch" or a number of batches'),
        ({"update_freq": 0}, r"update_freq is 0; expected 1 or more"),
        ({"update_freq": 1.5}, r"update_freq is 1.5; expected a whole number"),
        ({"update_freq": True}, r"update_freq is True; expected a whole number"),
        ({"update_freq": 10, "freq": 2}, r"freq=2 .* pass one of the two"),
    ],
)
def test_other_frequencies_are_refused(
    tmp_path: Path, arguments: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        EmbeddingCallback(tmp_path, **arguments)


JAX_TRAINING = """
import sys
import keras
import numpy as np
from tb_wordembed.keras import EmbeddingCallback

alone, kept, into = sys.argv[1:]
tables = []

class Keep(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        tables.append(np.array(self.model.layers[0].embeddings))

    def on_train_batch_end(self, batch, logs=None):
        self.model.jax_state_sync()
        self.on_train_begin()

x = np.arange(16).reshape(4, 4) % 4
for log, callbacks in ((alone, []), (kept, [Keep()])):
    model = keras.Sequential([
        keras.Input((4,), dtype="int32"),
        keras.layers.Embedding(5, 3, name="words"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(1),
    ])
    model.compile("sgd", "mse")
    callbacks.insert(0, EmbeddingCallback(log, update_freq="batch"))
    y = np.ones((4, 1))
    model.fit(x, y, epochs=2, batch_size=1, verbose=0, callbacks=callbacks)
np.save(into, tables)
"""


def test_batches_with_jax(tmp_path: Path) -> None:
    pytest.importorskip("jax")
    alone, kept, tables = (tmp_path / name for name in ("alone", "kept", "tables.npy"))
    done = subprocess.run(
        [sys.executable, "-c", JAX_TRAINING, *map(str, (alone, kept, tables))],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert steps(alone) == [*range(9)]
    series = tb_wordembed.open(alone).series()
    assert not np.array_equal(series.table(3), series.table(4))
    series = tb_wordembed.open(kept).series()
    for step, table in enumerate(np.load(tables)):
        np.testing.assert_array_equal(series.table(step), table)


def test_a_failing_disk_ends_no_training(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    callback = EmbeddingCallback(tmp_path, update_freq="batch")

    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("tb_wordembed.write.snapshot_file.SnapshotFile.write", full)
    with caplog.at_level(logging.WARNING):
        fit(build(), callback)
    said = [one.getMessage() for one in caplog.records if one.name == "tb_wordembed"]
    assert len(said) == 2
    assert "no space left" in said[0]
    assert "11 of 11 snapshots could not be written" in said[1]
