"""EmbeddingCallback in real trainings: what a Keras user finds in the log."""

from __future__ import annotations

import logging
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.util import tensor_util

pytestmark = pytest.mark.tensorflow

keras = pytest.importorskip("keras")
layers = keras.layers

from standard_projector import Standard  # noqa: E402 - as the next

import tb_wordembed  # noqa: E402 - as the next
from tb_wordembed.keras import EmbeddingCallback, is_chief  # noqa: E402 - needs Keras
from tb_wordembed.projector.tab_files import Shown  # noqa: E402 - too
from tb_wordembed.training.projector_files import ProjectorFiles  # noqa: E402 - too

ROWS, DIM = 5, 3
TOKENS = ["<pad>", "the", "good", "bad", "film"]


def sequential(*, has_input: bool = True, **arguments: Any) -> Any:
    model = keras.Sequential(
        [
            *([keras.Input((4,), dtype="int32")] if has_input else []),
            layers.Embedding(ROWS, DIM, name="words", **arguments),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1),
        ],
        name="reviews",
    )
    model.compile("sgd", "mse")
    return model


def fit(model: Any, callback: EmbeddingCallback, epochs: int = 2, **more: Any) -> Any:
    x = np.arange(16).reshape(4, 4) % 4
    y = np.ones((4, 1))
    callbacks = [callback, *more.pop("callbacks", [])]
    return model.fit(x, y, epochs=epochs, verbose=0, callbacks=callbacks, **more)


def values(folder: Path) -> list[tuple[int, str, Any]]:
    """Step, tag and array of every table and column, in the order of the files."""
    return [
        (event.step, value.tag, tensor_util.make_ndarray(value.tensor))
        for path in sorted(folder.glob("*tfevents*"))
        for event in event_file_loader.EventFileLoader(str(path)).Load()
        for value in event.summary.value
        if value.metadata.plugin_data.plugin_name != "scalars"
    ]


def tables(folder: Path, tag: str) -> dict[int, Any]:
    return {step: array for step, found, array in values(folder) if found == tag}


def ours(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What was logged here; TensorFlow has warnings of its own."""
    return [one for one in caplog.records if one.name == "tb_wordembed"]


def tokens_of(folder: Path) -> dict[str, list[str]]:
    suffix = "/column/token"
    return {
        tag.removesuffix(suffix): [text.decode() for text in array.tolist()]
        for _, tag, array in values(folder)
        if tag.endswith(suffix)
    }


# --------------------------------------------------------------------- what is logged


def test_the_untrained_table_and_one_after_every_epoch(tmp_path: Path) -> None:
    model = sequential()
    seen = {0: model.layers[0].get_weights()[0]}

    class Keep(keras.callbacks.Callback):  # type: ignore[misc,name-defined]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            seen[epoch + 1] = self.model.layers[0].get_weights()[0]

    fit(
        model,
        EmbeddingCallback(tmp_path, tokens=TOKENS, metadata={"count": range(ROWS)}),
        epochs=3,
        callbacks=[Keep()],
    )
    assert [path.name for path in tmp_path.iterdir()] == ["embeddings"]
    logged = tables(tmp_path / "embeddings", "words")
    assert list(logged) == [0, 1, 2, 3]
    for step, table in logged.items():
        np.testing.assert_array_equal(table, seen[step])
    assert not np.array_equal(logged[0], logged[3])
    assert tokens_of(tmp_path / "embeddings") == {"words": TOKENS}
    assert list(tables(tmp_path / "embeddings", "words/column/count")) == [0]


def test_it_has_a_run_of_its_own_beside_those_of_keras(tmp_path: Path) -> None:
    fit(
        sequential(),
        EmbeddingCallback(tmp_path, run="tables"),
        callbacks=[keras.callbacks.TensorBoard(tmp_path)],
        validation_split=0.5,
    )
    runs = {path.name for path in tmp_path.iterdir()}
    assert runs == {"tables", "train", "validation"}
    assert list(tables(tmp_path / "tables", "words")) == [0, 1, 2]


class Subclassed(keras.Model):  # type: ignore[misc,name-defined]
    def __init__(self) -> None:
        super().__init__(name="reviews")
        self.words = layers.Embedding(ROWS, DIM, name="words")
        self.dense = layers.Dense(1)

    def call(self, inputs: Any) -> Any:
        return self.dense(keras.ops.mean(self.words(inputs), axis=1))


def unbuilt(kind: str) -> Any:
    if kind == "Sequential":
        return sequential(has_input=False)
    model = Subclassed()
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("kind", ["Sequential", "subclassed"])
def test_an_unbuilt_model_trains_as_it_would_and_has_its_step_0(
    tmp_path: Path, kind: str
) -> None:
    keras.utils.set_random_seed(7)
    alone = unbuilt(kind)
    alone.fit(np.arange(16).reshape(4, 4) % 4, np.ones((4, 1)), epochs=2, verbose=0)
    keras.utils.set_random_seed(7)
    model = unbuilt(kind)
    fit(model, EmbeddingCallback(tmp_path))
    for weight, expected in zip(model.weights, alone.weights, strict=True):
        np.testing.assert_array_equal(weight, expected)
    paths = [weight.path for weight in model.weights]
    assert paths[0] == alone.weights[0].path == "reviews/words/embeddings"
    assert list(tables(tmp_path / "embeddings", "words")) == [0, 1, 2]


def test_freq_thins_out_but_keeps_the_first_and_the_last(tmp_path: Path) -> None:
    fit(sequential(), EmbeddingCallback(tmp_path, freq=2), epochs=5)
    assert list(tables(tmp_path / "embeddings", "words")) == [0, 2, 4, 5]


def test_dtype_halves_the_log(tmp_path: Path) -> None:
    model = sequential()
    fit(model, EmbeddingCallback(tmp_path, dtype="float16"))
    table = tables(tmp_path / "embeddings", "words")[2]
    assert table.dtype == np.float16
    np.testing.assert_allclose(table, model.layers[0].embeddings, rtol=1e-3, atol=1e-6)


# ------------------------------------------------------------------------ resumption


def test_a_resumed_training_goes_on_at_its_epoch(tmp_path: Path) -> None:
    fit(sequential(), EmbeddingCallback(tmp_path), epochs=5, initial_epoch=3)
    assert list(tables(tmp_path / "embeddings", "words")) == [3, 4, 5]


def test_a_second_fit_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    callback, model = EmbeddingCallback(tmp_path, tokens=TOKENS), sequential()
    fit(model, callback)
    fit(model, callback)
    fit(model, callback, epochs=6, initial_epoch=4)
    steps = [step for step, tag, _ in values(tmp_path / "embeddings") if tag == "words"]
    assert steps == [0, 1, 2, 3, 4, 5, 6]


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING, "tb_wordembed")
    return caplog


def test_a_training_resumed_before_the_last_step_is_a_warning(
    tmp_path: Path, warnings: pytest.LogCaptureFixture
) -> None:
    fit(sequential(), EmbeddingCallback(tmp_path), epochs=4)
    fit(sequential(), EmbeddingCallback(tmp_path), epochs=4, initial_epoch=2)
    (record,) = warnings.records
    assert "'words': step 2 replaces 3 steps, 2 to 4, logged to" in record.getMessage()


def test_what_goes_on_or_goes_elsewhere_is_no_warning(
    tmp_path: Path, warnings: pytest.LogCaptureFixture
) -> None:
    model, callback = sequential(), EmbeddingCallback(tmp_path)
    fit(model, callback)
    fit(model, callback)
    fit(model, EmbeddingCallback(tmp_path), epochs=6, initial_epoch=4)
    steps = [step for step, tag, _ in values(tmp_path / "embeddings") if tag == "words"]
    assert steps == [0, 1, 2, 3, 4, 5, 6]
    fit(model, EmbeddingCallback(tmp_path, run="second"))
    other = sequential()
    other.layers[0].name = "items"
    fit(other, EmbeddingCallback(tmp_path))
    assert not warnings.records


def test_weights_restored_after_the_last_epoch_are_where_the_next_fit_starts(
    tmp_path: Path,
) -> None:
    callback, model = EmbeddingCallback(tmp_path), sequential()
    seen: list[Any] = []

    class Restore(keras.callbacks.Callback):  # type: ignore[misc,name-defined]
        """As EarlyStopping(restore_best_weights=True) of training that gets worse."""

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            seen.append(self.model.get_weights())

        def on_train_end(self, logs: Any = None) -> None:
            self.model.set_weights(seen[0])

    fit(model, callback, callbacks=[Restore()])
    logged = tables(tmp_path / "embeddings", "words")
    assert list(logged) == [0, 1, 2]
    np.testing.assert_array_equal(logged[2], seen[1][0])
    fit(model, callback, epochs=1)
    steps = [step for step, _, _ in values(tmp_path / "embeddings")]
    assert steps == [0, 1, 2, 2, 3]
    np.testing.assert_array_equal(
        tables(tmp_path / "embeddings", "words")[2], seen[0][0]
    )


def test_a_fit_after_an_interrupted_one_starts_with_the_table_it_left(
    tmp_path: Path,
) -> None:
    callback, model = EmbeddingCallback(tmp_path, freq=2), sequential()

    class Interrupt(keras.callbacks.Callback):  # type: ignore[misc,name-defined]
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.epoch = epoch

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if self.epoch == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(model, callback, epochs=5, callbacks=[Interrupt()])
    left = model.layers[0].get_weights()[0]
    fit(model, callback, epochs=1)
    steps = [step for step, _, _ in values(tmp_path / "embeddings")]
    assert steps == [0, 2, 3, 4]
    np.testing.assert_array_equal(tables(tmp_path / "embeddings", "words")[3], left)


def test_iterators_of_tokens_and_metadata_last_for_every_fit(tmp_path: Path) -> None:
    callback, model = (
        EmbeddingCallback(
            tmp_path, tokens=iter(TOKENS), metadata={"count": iter(range(ROWS))}
        ),
        sequential(),
    )
    for _ in range(2):
        fit(model, callback, epochs=1)
    found = [
        array.tolist()
        for _, tag, array in values(tmp_path / "embeddings")
        if tag == "words/column/token"
    ]
    assert found == [[token.encode() for token in TOKENS]] * 2


# ------------------------------------------------------------------ several processes


def test_of_several_workers_the_chief_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = sequential()
    if not hasattr(model, "distribute_strategy"):
        pytest.skip("not with TensorFlow")
    extended = type(model.distribute_strategy.extended)
    monkeypatch.setattr(extended, "should_save_summary", False)
    fit(model, EmbeddingCallback(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("process", [0, 1])
def test_of_several_jax_processes_the_first_writes(
    monkeypatch: pytest.MonkeyPatch, process: int
) -> None:
    jax = SimpleNamespace(process_index=lambda: process)
    monkeypatch.setitem(sys.modules, "jax", jax)
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    assert is_chief(SimpleNamespace(name="a model of the JAX backend")) == (not process)


# ----------------------------------------------------------------- finding the layers


def two_inputs() -> Any:
    """Users and items, one tower inside another, and one layer used twice."""
    users, items, liked = (keras.Input((4,), dtype="int32") for _ in range(3))
    item = layers.Embedding(7, DIM, name="embedding")
    tower = keras.Sequential(
        [layers.Embedding(ROWS, DIM, name="embedding"), layers.Dense(DIM)], name="user"
    )
    outer = keras.Sequential([tower, layers.Dense(DIM)], name="outer")
    merged = layers.Concatenate()([outer(users), item(items), item(liked)])
    output = layers.Dense(1)(layers.GlobalAveragePooling1D()(merged))
    model = keras.Model([users, items, liked], output)
    model.compile("sgd", "mse")
    return model


def fit_two(model: Any, callback: EmbeddingCallback) -> None:
    x = np.arange(16).reshape(4, 4) % 4
    model.fit([x, x, x], np.ones((4, 1)), verbose=0, callbacks=[callback])


def test_nested_layers_are_found_and_named_apart_and_shared_ones_logged_once(
    tmp_path: Path,
) -> None:
    model = two_inputs()
    fit_two(model, EmbeddingCallback(tmp_path))
    found = [(step, tag) for step, tag, _ in values(tmp_path / "embeddings")]
    both = ["embedding", "outer/user/embedding"]
    assert sorted(found) == [(0, both[0]), (0, both[1]), (1, both[0]), (1, both[1])]
    np.testing.assert_array_equal(
        tables(tmp_path / "embeddings", "embedding")[1],
        model.get_layer("embedding").embeddings,
    )


def test_a_layer_in_a_wrapper_is_found(tmp_path: Path) -> None:
    model = keras.Sequential(
        [
            keras.Input((2, 2), dtype="int32"),
            layers.TimeDistributed(layers.Embedding(ROWS, DIM, name="words")),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    x = np.zeros((4, 2, 2), int)
    callback = EmbeddingCallback(tmp_path)
    model.fit(x, np.ones((4, 1)), verbose=0, callbacks=[callback])
    assert list(tables(tmp_path / "embeddings", "words")) == [0, 1]


@pytest.mark.parametrize("by", ["tag", "layer", "layers"])
def test_layers_can_be_chosen(tmp_path: Path, by: str) -> None:
    model = two_inputs()
    layer = model.get_layer("outer").get_layer("user").get_layer("embedding")
    wanted = {"tag": "outer/user/embedding", "layer": layer, "layers": [layer]}[by]
    fit_two(model, EmbeddingCallback(tmp_path, layers=wanted))
    assert {tag for _, tag, _ in values(tmp_path / "embeddings")} == {
        "outer/user/embedding"
    }


def test_the_effective_table_of_lora_is_logged(tmp_path: Path) -> None:
    model = sequential(lora_rank=2)
    fit(model, EmbeddingCallback(tmp_path))
    found = tables(tmp_path / "embeddings", "words")
    effective = keras.ops.convert_to_numpy(model.layers[0](np.arange(ROWS)))
    np.testing.assert_array_equal(found[2], effective)
    assert not np.array_equal(found[0], found[2])


def test_the_effective_table_of_quantized_weights_is_logged(tmp_path: Path) -> None:
    model = sequential()
    table = model.layers[0].get_weights()[0]
    if not hasattr(model.layers[0], "quantize"):
        pytest.skip(f"Keras {keras.__version__} quantizes no Embedding layer")
    model.layers[0].quantize("int8")
    fit(model, EmbeddingCallback(tmp_path), epochs=1)
    found = tables(tmp_path / "embeddings", "words")[0]
    np.testing.assert_allclose(found, table, atol=np.abs(table).max() / 100)


# ------------------------------------------------------------- what fits which layer


@pytest.mark.parametrize(
    "tokens",
    [
        TOKENS,
        dict(enumerate(TOKENS)),
        {token: row for row, token in enumerate(TOKENS)},
        {"outer/user/embedding": TOKENS},
        layers.StringLookup(
            vocabulary=TOKENS[1:], num_oov_indices=1, oov_token="<pad>"
        ),
    ],
    ids=["list", "row-token", "token-row", "by layer", "StringLookup"],
)
def test_tokens_go_to_the_layer_they_fit(tmp_path: Path, tokens: Any) -> None:
    fit_two(two_inputs(), EmbeddingCallback(tmp_path, tokens=tokens))
    assert tokens_of(tmp_path / "embeddings") == {"outer/user/embedding": TOKENS}


def test_a_vocabulary_may_be_longer_than_the_only_table(tmp_path: Path) -> None:
    words = ["the", "and", "a", *(f"word{i}" for i in range(4, 88_585))]
    index = {word: rank for rank, word in enumerate(words, start=1)}
    fit(sequential(), EmbeddingCallback(tmp_path, tokens=index))
    assert tokens_of(tmp_path / "embeddings") == {
        "words": ["<pad>", "<start>", "<unk>", "<unused>", "the"]
    }


def test_tokens_and_metadata_can_be_given_by_layer(tmp_path: Path) -> None:
    fit_two(
        two_inputs(),
        EmbeddingCallback(
            tmp_path,
            tokens={"outer/user/embedding": {"a": 0}},
            metadata={"outer/user/embedding": {"age": list(range(ROWS))}},
        ),
    )
    found = {tag for _, tag, _ in values(tmp_path / "embeddings")}
    assert "outer/user/embedding/column/age" in found
    assert tokens_of(tmp_path / "embeddings") == {
        "outer/user/embedding": ["a", "#1", "#2", "#3", "#4"]
    }


@pytest.mark.parametrize("model", [sequential, two_inputs])
def test_a_counter_goes_to_the_layer_that_has_the_tokens(
    tmp_path: Path, model: Any
) -> None:
    counts = Counter(the=9, good=4)
    callback = EmbeddingCallback(
        tmp_path,
        tokens=TOKENS,
        metadata={"frequency": counts, "length": list(range(ROWS))},
    )
    only = EmbeddingCallback(
        tmp_path, tokens=TOKENS, metadata={"frequency": counts}, run="only"
    )
    for each in (callback, only):
        (fit if model is sequential else fit_two)(model(), each)
        found = {
            tag: array
            for _, tag, array in values(tmp_path / each.run)
            if tag.endswith("/column/frequency")
        }
        (frequency,) = found.values()
        np.testing.assert_array_equal(frequency, [np.nan, 9, 4, np.nan, np.nan])


class Series(list[Any]):
    """What tells a Series of pandas, which is not installed beside Keras."""

    iloc = ()

    def __init__(self, values: dict[str, int]) -> None:
        super().__init__(values.values())
        self.index = list(values)  # type: ignore[assignment]
        self.items = values.items

    def tolist(self) -> list[Any]:
        return list(self)


@pytest.mark.parametrize("model", [sequential, two_inputs])
@pytest.mark.parametrize(
    ("counts", "right"),
    [
        ({"the": 9, "good": 4}, [np.nan, 9, 4, np.nan, np.nan]),  # No <pad> in texts.
        ({"the": 9, **dict.fromkeys("abcdefgh", 1)}, [np.nan, 9, *[np.nan] * 3]),
        (dict(zip(reversed(TOKENS), range(ROWS), strict=True)), [4, 3, 2, 1, 0]),
    ],
)
def test_value_counts_may_lack_tokens_and_have_others(
    tmp_path: Path, model: Any, counts: dict[str, int], right: list[float]
) -> None:
    callback = EmbeddingCallback(
        tmp_path, tokens=TOKENS, metadata={"frequency": Series(counts)}
    )
    (fit if model is sequential else fit_two)(model(), callback)
    found = {tag: array for _, tag, array in values(tmp_path / "embeddings")}
    (frequency,) = (found[tag] for tag in found if tag.endswith("/column/frequency"))
    np.testing.assert_array_equal(frequency, right)


# --------------------------------------------------------- errors come before training


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"tokens": TOKENS[:2]},
            r"tokens has 2 entries, but the model has .*'outer/user/embedding' with 5 "
            r"rows, 'embedding' with 7 rows.*for which layer: tokens=.'outer",
        ),
        (
            {"tokens": {"the": 90_000, "a": 1}},
            "tokens goes up to row 90000, but .*Say which layer they "
            r"are for; they may leave rows of it out: tokens=.'outer/user/embedding'",
        ),
        ({"tokens": {"words": TOKENS}}, "tokens: there is no layer 'words'"),
        (
            {"tokens": {"outer/user/embedding": TOKENS[:2]}},
            "layer 'outer/user/embedding': tokens has 2 entries but the table has 5",
        ),
        ({"metadata": {"count": [1]}}, r"metadata has columns with \{'count': 1\}"),
        ({"metadata": [1]}, "metadata is of type list"),
        ({"metadata": Series({"the": 1})}, "metadata is of type Series; pass a dict"),
        (
            {"metadata": {"n": Counter(the=1)}},
            "'n' goes from token to value, but",
        ),
        (
            {"metadata": {"words": {"count": [1]}}},
            "metadata: there is no layer 'words'",
        ),
        ({"layers": ["words"]}, "layers: there is no layer 'words'; the model has"),
        ({"layers": []}, r"layers=\[\] names no layer; leave it out for the"),
        ({"layers": 3}, "layers=3 names no layer"),
        ({"index_from": 3, "tokens": TOKENS}, "index_from=3 is for a dict"),
    ],
)
def test_what_fits_no_layer_is_said_before_training(
    tmp_path: Path, arguments: dict[str, Any], message: str
) -> None:
    model = two_inputs()
    before = model.get_weights()
    with pytest.raises(ValueError, match=message):
        fit_two(model, EmbeddingCallback(tmp_path, **arguments))
    for weight, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"freq": 0}, "freq is 0; expected 1 or more"),
        ({"freq": 0.5}, r"freq is 0\.5; expected a whole number"),
        ({"run": None}, "run=None: expected the name of a directory in the log"),
        ({"run": "/tmp/words"}, "run='/tmp/words': expected the name"),
        ({"run": "../words"}, r"run='\.\./words': expected the name"),
        ({"dtype": "int8"}, "dtype='int8'"),
    ],
)
def test_bad_settings_are_said_at_once(
    tmp_path: Path, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        EmbeddingCallback(tmp_path, **arguments)
    assert EmbeddingCallback(tmp_path, freq=2.0).freq == 2  # type: ignore[arg-type]


def test_a_model_without_embeddings_is_an_error(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)], name="plain")
    model.compile("sgd", "mse")
    message = r"'plain' has no keras\.layers\.Embedding.*SnapshotWriter"
    with pytest.raises(ValueError, match=message):
        fit(model, EmbeddingCallback(tmp_path))


def test_the_most_frequent_rows_have_their_tokens_and_their_projector_file(
    tmp_path: Path,
) -> None:
    model = sequential()
    callback = EmbeddingCallback(
        tmp_path, tokens=TOKENS, metadata={"count": [0, 9, 3, 1, 4]}, rows="top:3"
    )
    fit(model, callback)
    series = tb_wordembed.open(tmp_path).series()
    rows = [1, 2, 4]
    assert series.tokens == [TOKENS[row] for row in rows]
    assert list(series.metadata["row"]) == rows
    assert (series.steps, series.full_vocab_size) == ([0, 1, 2], ROWS)
    trained = model.layers[0].get_weights()[0][rows]
    np.testing.assert_array_equal(series.table(2), trained)
    shown = Standard(tmp_path, "embeddings").tensor("embeddings", "words (step 2)")
    np.testing.assert_allclose(shown, trained, rtol=1e-5)


def test_rows_can_be_given_by_layer(tmp_path: Path) -> None:
    rows = {"outer/user/embedding": [4, 0]}
    fit_two(two_inputs(), EmbeddingCallback(tmp_path, rows=rows))
    log = tb_wordembed.open(tmp_path)
    assert {one.tag: one.shape[0] for one in log.all_series} == {
        "embedding": 7,
        "outer/user/embedding": 2,
    }


def test_rows_that_are_not_there_are_an_error_before_training(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"layer 'words': rows: there is no row 9"):
        fit(sequential(), EmbeddingCallback(tmp_path, rows=[9]))
    assert not list(tmp_path.iterdir())


def test_a_directory_that_cannot_be_made_is_an_error_before_training(
    tmp_path: Path,
) -> None:
    (tmp_path / "logs").write_text("a file")
    with pytest.raises(OSError, match="logs"):
        fit(sequential(), EmbeddingCallback(tmp_path / "logs"))


# ----------------------------------------------------------- the standard Projector


def test_the_projector_shows_the_latest_table_with_its_words(tmp_path: Path) -> None:
    """The story that this package began with: IMDB's 2,000 words, 128 dimensions."""
    words = {f"word{index}": index for index in range(1, 2001)}
    model = keras.Sequential(
        [
            keras.Input((20,), dtype="int32"),
            layers.Embedding(2001, 128, name="words"),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    x = np.random.default_rng(0).integers(0, 2001, (64, 20))
    callback = EmbeddingCallback(tmp_path, tokens=words)
    model.fit(x, x[:, 0] % 2, epochs=5, verbose=0, callbacks=[callback])
    standard = Standard(tmp_path, "embeddings")
    assert standard.becomes_active()
    (name,) = standard.names("embeddings")
    assert name == "words (step 5)"
    shown = standard.tensor("embeddings", name)
    assert shown.shape == (2001, 128)
    np.testing.assert_allclose(shown, model.layers[0].get_weights()[0], rtol=1e-5)
    labels = [one["label"] for one in standard.labels("embeddings", name)]
    assert labels == ["#0", *words]


def test_the_projector_has_all_layers_that_it_can_show(tmp_path: Path) -> None:
    token = keras.Input((4,), dtype="int32")
    parts = [
        layers.Flatten()(layers.Embedding(ROWS, DIM, name="words")(token)),
        layers.Flatten()(layers.Embedding(7, 2, name="items")(token)),
        layers.Flatten()(layers.Embedding(ROWS, 1, name="bias")(token)),
    ]
    model = keras.Model(token, layers.Dense(1)(layers.Concatenate()(parts)))
    model.compile("sgd", "mse")
    count = {"words": {"count": range(ROWS)}}
    fit(model, EmbeddingCallback(tmp_path, metadata=count))
    standard = Standard(tmp_path, "embeddings")
    assert standard.names("embeddings") == ["items (step 2)", "words (step 2)"]
    assert standard.labels("embeddings", "words (step 2)")[1] == {
        "token": "#1",
        "count": "1",
    }


def test_large_tables_are_written_when_training_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tb_wordembed.training.projector_files.PROMPT_BYTES", 10)
    seen = []

    class Look(keras.callbacks.Callback):  # type: ignore[misc,name-defined]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            seen.append((tmp_path / "embeddings/projector_config.pbtxt").exists())

    fit(sequential(), EmbeddingCallback(tmp_path), callbacks=[Look()])
    assert seen == [False, False]
    assert Standard(tmp_path, "embeddings").names("embeddings") == ["words (step 2)"]


@pytest.mark.parametrize("logdir", ["logs", "memory://logs"])
def test_nothing_is_written_for_the_projector_where_it_is_not_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logdir: str
) -> None:
    written: list[Any] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "tb_wordembed.training.projector_files.write",
        lambda *found: written.append(found),
    )
    if "://" in logdir:
        files = ProjectorFiles(logdir)
        table = Shown(0, (2, 2), lambda: np.eye(2), lambda: {"token": ["a", "b"]})
        files.show(0, {"words": table}, at_end=True)
    else:
        fit(sequential(), EmbeddingCallback(logdir, projector=False))
    assert written == []


@pytest.mark.parametrize("broken", ["a config", "a file in the way"])
def test_what_the_projector_is_denied_is_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    run = tmp_path / "embeddings"
    run.mkdir()
    name = "projector_config.pbtxt" if broken == "a config" else "wordembed_projector"
    (run / name).write_text("mine { not a config")
    history = fit(sequential(), EmbeddingCallback(tmp_path), epochs=3)
    assert len(history.history["loss"]) == 3
    (record,) = ours(caplog)
    assert "files for the Projector could not be written" in record.getMessage()
    assert (run / name).read_text() == "mine { not a config"
    assert list(tables(run, "words")) == [0, 1, 2, 3]


# ------------------------------------------------------------ training is never ended


def test_a_failing_disk_is_one_warning_and_training_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tb_wordembed.write.snapshot_file import SnapshotFile

    write, calls = SnapshotFile.write, []

    def failing(self: SnapshotFile, *arguments: Any, **more: Any) -> None:
        calls.append(arguments[3])
        if arguments[3] in (1, 2):
            raise OSError(28, "No space left on device")
        write(self, *arguments, **more)

    monkeypatch.setattr(SnapshotFile, "write", failing)
    with caplog.at_level(logging.WARNING, "tb_wordembed"):
        history = fit(sequential(), EmbeddingCallback(tmp_path), epochs=3)
    assert len(history.history["loss"]) == 3
    assert calls == [0, 1, 2, 3]
    first, last = (one.getMessage() for one in ours(caplog))
    assert "'words' at step 1" in first
    assert "No space left on device" in first
    assert last == f"2 of 4 snapshots could not be written to {tmp_path / 'embeddings'}"
    assert list(tables(tmp_path / "embeddings", "words")) == [0, 3]


def test_a_file_system_that_fails_at_last_is_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tb_wordembed.write.snapshot_file import SnapshotFile

    close = SnapshotFile.close

    def failing(self: SnapshotFile) -> None:
        close(self)
        raise OSError(122, "Disk quota exceeded")

    monkeypatch.setattr(SnapshotFile, "close", failing)
    callback = EmbeddingCallback(tmp_path)
    with caplog.at_level(logging.WARNING, "tb_wordembed"):
        history = fit(sequential(), callback)
    assert len(history.history["loss"]) == 2
    (record,) = ours(caplog)
    assert "embeddings could not be closed" in record.getMessage()
    assert "Disk quota exceeded" in record.getMessage()


def test_numbers_that_outgrow_float16_are_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = sequential()

    class Explode(keras.callbacks.Callback):  # type: ignore[misc,name-defined]
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.model.layers[0].embeddings.assign(np.full((ROWS, DIM), 1e6))

    fit(model, EmbeddingCallback(tmp_path, dtype="float16"), callbacks=[Explode()])
    assert "beyond what float16 holds" in ours(caplog)[0].getMessage()


@pytest.mark.filterwarnings("ignore:Layer .flatten:UserWarning")
@pytest.mark.parametrize(
    ("pool", "moves"), [(layers.GlobalAveragePooling1D, False), (layers.Flatten, True)]
)
def test_padding_of_a_layer_with_mask_zero_must_not_move(
    tmp_path: Path, pool: Any, moves: bool
) -> None:
    words = layers.Embedding(ROWS, DIM, mask_zero=True, name="words")
    model = keras.Sequential([keras.Input((4,)), words, pool(), layers.Dense(1)])
    model.compile("sgd", "mse")
    fit(model, EmbeddingCallback(tmp_path))
    series = tb_wordembed.open(tmp_path).series()
    assert series.fixed_rows.tolist() == [0]
    kinds = {one.kind for one in series.findings()}
    # A layer that ignores the mask trains the padding, too.
    assert ("fixed_rows_moved" in kinds) == moves
