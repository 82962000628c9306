"""Trainings of Keras without TensorFlow."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tb_wordembed

BACKEND_TRAINING = """
import sys
import keras
import numpy as np
from tb_wordembed.keras import EmbeddingCallback

model = keras.Sequential([
    keras.Input((4,), dtype="int32"),
    keras.layers.Embedding(5, 3, name="words"),
    keras.layers.GlobalAveragePooling1D(),
    keras.layers.Dense(1),
])
model.compile("sgd", "mse")
x = np.arange(16).reshape(4, 4) % 4
callback = EmbeddingCallback(sys.argv[1])
model.fit(x, np.ones((4, 1)), epochs=2, verbose=0, callbacks=[callback])
table = keras.ops.convert_to_numpy(model.layers[0].embeddings)
np.save(sys.argv[2], table)
assert "tensorflow" not in sys.modules
"""


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_a_training_on_another_backend(tmp_path: Path, backend: str) -> None:
    pytest.importorskip(backend)
    trained = tmp_path / "trained.npy"
    done = subprocess.run(
        [sys.executable, "-c", BACKEND_TRAINING, str(tmp_path / "runs"), str(trained)],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    series = tb_wordembed.open(tmp_path / "runs").series("embeddings", "words")
    assert series.steps == [0, 1, 2]
    assert not np.array_equal(series.table(0), series.table(2))
    np.testing.assert_array_equal(series.table(2), np.load(trained))
