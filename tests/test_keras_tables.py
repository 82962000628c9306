"""Every table of a Keras model is logged, or a sentence says that it is not."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed

pytestmark = pytest.mark.tensorflow

keras = pytest.importorskip("keras")
layers = keras.layers

from tb_wordembed.keras import EmbeddingCallback  # noqa: E402 - needs Keras

TOKENS = ["<pad>", "the", "good", "bad", "film"]


class Late(layers.Layer):  # type: ignore[misc,name-defined]
    """A layer that makes its Embedding in ``build``."""

    def build(self, shape: Any) -> None:
        self.inner = layers.Embedding(5, 3, name="late")
        self.inner.build()
        self.built = True

    def call(self, inputs: Any) -> Any:
        return self.inner(inputs)


class PositionEmbedding(layers.Layer):  # type: ignore[misc,name-defined]
    """As in KerasHub: one row per position."""

    def __init__(self, count: int = 4, **more: Any) -> None:
        super().__init__(**more)
        self.count = count

    def build(self, shape: Any) -> None:
        self.position_embeddings = self.add_weight(
            name="embeddings", shape=[self.count, shape[-1]], initializer="uniform"
        )
        self.built = True

    def call(self, inputs: Any) -> Any:
        return inputs + self.position_embeddings[:4]


class ReversibleEmbedding(layers.Embedding):  # type: ignore[misc,name-defined]
    """As in KerasHub: a second table leads back from vectors to words."""

    def build(self, shape: Any = None) -> None:
        super().build(shape)
        self.reverse_embeddings = self.add_weight(
            name="reverse_embeddings", shape=(3, 5), initializer="uniform"
        )

    def call(self, inputs: Any) -> Any:
        return super().call(inputs) @ self.reverse_embeddings


class Own(layers.Layer):  # type: ignore[misc,name-defined]
    """A user's class, with a weight called ``embeddings``."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.embeddings = self.add_weight(
            name="table", shape=(5, 3), initializer="uniform"
        )

    def call(self, inputs: Any) -> Any:
        return keras.ops.take(self.embeddings, inputs, axis=0)


class EmbedWithoutName(Own):
    """A table that nothing but the name of the class gives away."""

    def __init__(self, **more: Any) -> None:
        layers.Layer.__init__(self, **more)
        self.embeddings = None
        self.lookup = self.add_weight(
            name="lookup", shape=(5, 3), initializer="uniform"
        )

    def call(self, inputs: Any) -> Any:
        return keras.ops.take(self.lookup, inputs, axis=0)


class Model(keras.Model):  # type: ignore[misc,name-defined]
    """A model without an input shape, whose layers follow one another."""

    def __init__(self, *stack: Any) -> None:
        super().__init__(name="model")
        self.stack = list(stack)
        self.dense = layers.Dense(1, name="dense")

    def call(self, inputs: Any) -> Any:
        for layer in self.stack:
            inputs = layer(inputs)
        return self.dense(keras.ops.mean(inputs, axis=1))


class Both(layers.Layer):  # type: ignore[misc,name-defined]
    """An Embedding made early beside a late one."""

    def __init__(self) -> None:
        super().__init__(name="both")
        self.early = layers.Embedding(5, 3, name="early")
        self.late = Late(name="outer")

    def call(self, inputs: Any) -> Any:
        return self.early(inputs) + self.late(inputs)


def fit(model: Any, callback: Any, epochs: int = 2) -> None:
    model.compile("sgd", "mse")
    x, y = np.arange(16).reshape(4, 4) % 4, np.ones((4, 1))
    model.fit(x, y, epochs=epochs, verbose=0, callbacks=[callback])


def words() -> Any:
    return layers.Embedding(5, 3, name="words")


ALL, LATER = [0, 1, 2], [1, 2]

# The layers, the argument layers=, and the shape and steps of each table.
MODELS: dict[str, tuple[Callable[[], list[Any]], Any, dict[str, Any]]] = {
    "made in build": (lambda: [Late()], None, {"late": ((5, 3), LATER)}),
    "early and late": (
        lambda: [Both()],
        None,
        {"early": ((5, 3), ALL), "late": ((5, 3), LATER)},
    ),
    "the late one only": (lambda: [Both()], "late", {"late": ((5, 3), LATER)}),
    "the layer around the late one": (
        lambda: [Both()],
        "outer",
        {"late": ((5, 3), LATER)},
    ),
    "positions": (
        lambda: [words(), PositionEmbedding(name="positions")],
        None,
        {"words": ((5, 3), ALL), "positions": ((4, 3), LATER)},
    ),
    "two ways": (
        lambda: [ReversibleEmbedding(5, 3, name="words")],
        None,
        {"words": ((5, 3), LATER), "words/reverse_embeddings": ((5, 3), LATER)},
    ),
    "a class of the user": (
        lambda: [Own(name="own")],
        None,
        {"own": ((5, 3), ALL)},
    ),
    "a dense layer by name": (
        lambda: [words(), layers.Dense(2, name="hidden")],
        ["words", "hidden"],
        {"words": ((5, 3), ALL), "hidden": ((3, 2), LATER)},
    ),
    "a class that is unknown, by name": (
        lambda: [EmbedWithoutName(name="own")],
        "own",
        {"own": ((5, 3), ALL)},
    ),
    "several weights": (
        lambda: [words(), layers.LSTM(2, return_sequences=True, name="memory")],
        "memory",
        {"memory/kernel": ((3, 8), []), "memory/recurrent_kernel": ((2, 8), [])},
    ),
}


@pytest.mark.parametrize(
    ("stack", "wanted", "expected"), MODELS.values(), ids=MODELS.keys()
)
def test_every_table_is_found(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    stack: Callable[[], list[Any]],
    wanted: Any,
    expected: dict[str, Any],
) -> None:
    model = Model(*stack())
    fit(model, EmbeddingCallback(tmp_path, layers=wanted))
    found = {one.tag: one for one in tb_wordembed.open(tmp_path).all_series}
    assert {tag: one.shape for tag, one in found.items()} == {
        tag: shape for tag, (shape, _) in expected.items()
    }
    for tag, (_, steps) in expected.items():
        assert found[tag].steps == (steps or LATER)
    assert not [one for one in caplog.records if one.name == "tb_wordembed"]


def test_what_is_logged_is_what_was_trained(tmp_path: Path) -> None:
    model = Model(ReversibleEmbedding(5, 3, name="words"), PositionEmbedding(name="at"))
    fit(model, EmbeddingCallback(tmp_path))
    log = tb_wordembed.open(tmp_path)
    ways, positions = model.stack
    for tag, table in {
        "words": ways.embeddings,
        "words/reverse_embeddings": keras.ops.transpose(ways.reverse_embeddings),
        "at": positions.position_embeddings,
    }.items():
        expected = keras.ops.convert_to_numpy(table)
        np.testing.assert_array_equal(log.series(tag=tag).table(2), expected)


def test_tokens_go_to_late_tables_and_not_to_positions(tmp_path: Path) -> None:
    callback = EmbeddingCallback(tmp_path, tokens=TOKENS)
    fit(Model(Late(), PositionEmbedding(5, name="at")), callback)
    log = tb_wordembed.open(tmp_path)
    assert log.series(tag="late").tokens == TOKENS
    assert not log.series(tag="at").has_tokens


@pytest.mark.parametrize(
    ("stack", "arguments", "said"),
    [
        ([Late], {"tokens": TOKENS[:3]}, "tokens has 3 entries, but the model has"),
        ([Late], {"layers": "nowhere"}, "layers: there is no layer 'nowhere'"),
        ([Late], {"layers": "model"}, "layers: there is no layer 'model'"),
    ],
)
def test_what_fits_no_late_table_is_a_warning(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    stack: list[Any],
    arguments: dict[str, Any],
    said: str,
) -> None:
    fit(Model(*(one() for one in stack)), EmbeddingCallback(tmp_path, **arguments))
    (record,) = [one for one in caplog.records if one.name == "tb_wordembed"]
    assert said in record.getMessage()
    assert record.getMessage().endswith("Training goes on")


def test_a_layer_without_a_table_cannot_be_logged(tmp_path: Path) -> None:
    model = keras.Sequential(
        [keras.Input((4,)), words(), layers.Flatten(name="flat"), layers.Dense(1)]
    )
    with pytest.raises(ValueError, match="'flat' has no weights of two dimensions"):
        fit(model, EmbeddingCallback(tmp_path, layers="flat"))


# ------------------------------------------------------------- functions of the model


def with_head(*, has_input: bool = True) -> Any:
    stack = [words(), layers.GlobalAveragePooling1D(), layers.Dense(5, name="head")]
    model = keras.Sequential([*([keras.Input((4,))] if has_input else []), *stack])
    model.compile("sgd", "mse")
    return model


def fit_head(model: Any, callback: EmbeddingCallback, **more: Any) -> None:
    x = np.arange(16).reshape(4, 4) % 4
    model.fit(x, np.ones((4, 5)), verbose=0, callbacks=[callback], **more)


def head(model: Any) -> Any:
    return keras.ops.transpose(model.get_layer("head").kernel)


@pytest.mark.parametrize("has_input", [True, False])
def test_a_function_of_the_model_may_be_logged(tmp_path: Path, has_input: bool) -> None:
    model = with_head(has_input=has_input)
    chosen = {"head": head, "in": lambda model: model.get_layer("words").embeddings}
    callback = EmbeddingCallback(tmp_path, layers=chosen, tokens={"head": TOKENS})
    fit_head(model, callback, epochs=2)
    log = tb_wordembed.open(tmp_path)
    assert log.tags("embeddings") == ["head", "in"]
    found = log.series("embeddings", "head")
    # A model without an input shape has no output head before the first batch.
    assert found.steps == ([0, 1, 2] if has_input else [1, 2])
    assert found.tokens == TOKENS
    trained = model.get_layer("head").kernel.numpy().T
    np.testing.assert_array_equal(found.table(2), trained)
    assert not np.array_equal(found.table(1), found.table(2))
    embeddings = model.get_layer("words").embeddings.numpy()
    np.testing.assert_array_equal(log.series("embeddings", "in").table(2), embeddings)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"head": "head"}, r"layers: 'head' goes to 'head'; expected a function"),
        ({"head": layers.Dense(1)}, r"layers: 'head' goes to .*expected a function"),
        ({"head": lambda model: model.nothing}, r"'head' returns no table: Attribute"),
        ({"head": lambda _: 7}, r"the function for 'head' returns no table"),
        ({"b": lambda m: m.layers[-1].bias}, r"'b' returns the shape \[5\]; a table"),
        ({"": head}, "the name of a table is a text in Unicode, and not empty"),
        ({}, "names no layer"),
    ],
)
def test_a_function_that_gives_no_table_is_an_error_before_training(
    tmp_path: Path, chosen: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        fit_head(with_head(), EmbeddingCallback(tmp_path, layers=chosen))
    assert not list(tmp_path.iterdir())


def test_a_function_that_fails_later_ends_no_training(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    calls = iter(range(3))

    def failing(model: Any) -> Any:
        next(calls)
        return head(model)

    with caplog.at_level(logging.WARNING):
        callback = EmbeddingCallback(tmp_path, layers={"head": failing})
        fit_head(with_head(), callback, epochs=4)
    assert any("could not be written" in one.getMessage() for one in caplog.records)
    steps = tb_wordembed.open(tmp_path).series().steps
    assert steps[0] == 0
    assert len(steps) < 5


# --------------------------------------------------------------- one line of the log


def ours(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Returns what this package said; TensorFlow warns about much else."""
    return [one.getMessage() for one in caplog.records if one.name == "tb_wordembed"]


def test_one_line_says_what_is_logged_and_what_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tb_wordembed")
    fit(Model(Both()), EmbeddingCallback(tmp_path, layers=["early"]))
    (only,) = ours(caplog)
    to = f"to {tmp_path / 'embeddings'}"
    assert only == (
        f"EmbeddingCallback logs 'early' (5 x 3) {to}, from step 0 on; layers that "
        "aren't built yet are looked at after the first batch"
    )
    caplog.clear()
    fit(Model(Both()), EmbeddingCallback(tmp_path, run="all"))
    first, second = ours(caplog)
    assert "logs 'early' (5 x 3) to" in first
    assert second == (
        "EmbeddingCallback logs 'early' (5 x 3), 'late' (5 x 3) to "
        f"{tmp_path / 'all'}, after the first batch"
    )


def test_a_table_of_an_unknown_class_is_named_in_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    token = keras.Input((4,), dtype="int32")
    both = words()(token) + EmbedWithoutName(name="mine")(token)
    model = keras.Model(token, layers.Dense(1)(layers.Flatten()(both)))
    fit(model, EmbeddingCallback(tmp_path))
    (said,) = ours(caplog)
    assert said.endswith("from step 0 on; not logged: 'mine' (see layers=)")


# --------------------------------------------------------------------------- tf_keras

LEGACY = """
import sys
import numpy as np
import tensorflow as tf
from tb_wordembed.keras import EmbeddingCallback

assert tf.keras.__name__.startswith(("tf_keras", "keras.api._v2")), tf.keras.__name__
class Late(tf.keras.layers.Layer):
    def build(self, shape):
        self.inner = tf.keras.layers.Embedding(5, 3, name="late")
        self.inner.build(None)
        super().build(shape)
    def call(self, inputs):
        return self.inner(inputs)

token = tf.keras.Input((4,), dtype="int32")
words = tf.keras.layers.Embedding(5, 3, name="words")
early = tf.keras.layers.GlobalAveragePooling1D()(words(token))
model = tf.keras.Model(token, tf.keras.layers.Dense(1)(early))
class Both(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.inner, self.late = model, Late()
    def call(self, inputs):
        return self.inner(inputs) + tf.reduce_mean(self.late(inputs), axis=[1, 2])
both = Both()
both.compile("sgd", "mse")
x = np.arange(16).reshape(4, 4) % 4
lookup = tf.keras.layers.StringLookup(vocabulary=["the", "a", "of", "to"])
callback = EmbeddingCallback(sys.argv[1], tokens=lookup)
both.fit(x, np.ones((4, 1)), epochs=2, verbose=0, callbacks=[callback],
         validation_split=0.5)
np.save(sys.argv[2], words.embeddings.numpy())
"""


def test_tf_keras_as_tf_keras_makes_it(tmp_path: Path) -> None:
    pytest.importorskip("tf_keras")
    trained = tmp_path / "trained.npy"
    done = subprocess.run(
        [sys.executable, "-c", LEGACY, str(tmp_path / "runs"), str(trained)],
        env={**os.environ, "TF_USE_LEGACY_KERAS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    log = tb_wordembed.open(tmp_path / "runs")
    assert log.tags("embeddings") == ["late", "words"]
    series = log.series(tag="words")
    assert series.steps == [0, 1, 2]
    assert series.tokens == ["[UNK]", "the", "a", "of", "to"]
    np.testing.assert_array_equal(series.table(2), np.load(trained))
    assert log.series(tag="late").steps == [1, 2]
