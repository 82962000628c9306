"""Trains the demo's classifier and logs how its embedding drifts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tb_wordembed.demo.dataset import LabeledTexts, load_imdb, load_reviews
from tb_wordembed.demo.topics import TOPICS, load_posts

Table = npt.NDArray[np.float32]

# fmt: off
SENTIMENT = {
    "positive": [
        "good", "great", "best", "funny", "love", "entertaining", "fun", "beautiful",
        "moving", "powerful", "charming", "enjoyable", "brilliant", "delightful",
    ],
    "negative": [
        "bad", "worst", "dull", "boring", "awful", "stupid", "fails", "lacks", "mess",
        "tedious", "predictable", "flat", "lame", "bland",
    ],
}
SPORTS = {
    "hockey": ["hockey", "nhl", "puck", "goalie", "leafs", "penguins", "bruins"],
    "baseball": ["baseball", "pitcher", "pitching", "braves", "mets", "cubs", "inning"],
}
# fmt: on


class Model(NamedTuple):
    """A classifier of texts whose first layer is an embedding."""

    vocab_size: int
    epochs: int
    build: Callable[[int, int], Any]
    """Takes text length and vocabulary size, and returns a compiled Keras model."""
    datasets: Mapping[str, Callable[[int], LabeledTexts]]
    """What it can learn from, the usual one first: each takes a vocabulary size."""
    sides: Mapping[str, Sequence[str]]
    """Two named lists of words; training moves their words apart or together."""
    swapped: Sequence[tuple[str, str]]
    """Words that trade places in a training whose changes are more than chance."""
    advice: str = ""
    """How its table is seen best."""
    balanced: bool = False
    """Whether each class has the same weight in the loss, however many texts it has."""


def build_average(length: int, vocab_size: int) -> Any:
    """Builds a model in which the mean of a text's word vectors decides."""
    import keras
    from keras import layers

    # Slower than Adam's default, so that the words part over epochs, not in the first.
    return _compiled(
        keras.optimizers.Adam(3e-4),
        length,
        layers.Embedding(vocab_size, 64, mask_zero=True, name="embedding"),
        layers.GlobalAveragePooling1D(),
    )


def build_conv(length: int, vocab_size: int) -> Any:
    """Builds the usual text classifier: two convolutions over the word vectors."""
    from keras import layers

    return _compiled(
        "rmsprop",
        length,
        layers.Embedding(vocab_size, 128, name="embedding"),
        layers.Conv1D(32, 7, activation="relu"),
        layers.MaxPooling1D(5),
        layers.Conv1D(32, 7, activation="relu"),
        layers.GlobalMaxPooling1D(),
    )


def build_topics(length: int, vocab_size: int) -> Any:
    """Builds a model in which each word has a direction in a plane, and the mean of
    a text's directions decides. The plane is that of the map: what is learned lies in
    two dimensions of the table's 32."""
    import keras
    from keras import layers

    return _compiled(
        keras.optimizers.Adam(2e-3),
        length,
        layers.Embedding(vocab_size, 32, mask_zero=True, name="embedding"),
        layers.Dense(2, use_bias=False),
        # No word says more than another by being longer, so words of a topic gather in
        # one place.
        layers.UnitNormalization(),
        layers.GlobalAveragePooling1D(),
        classes=len(TOPICS),
    )


def _compiled(optimizer: Any, length: int, *layers: Any, classes: int = 2) -> Any:
    import keras

    if classes == 2:
        decision = keras.layers.Dense(1, activation="sigmoid")
        loss = "binary_crossentropy"
    else:
        decision = keras.layers.Dense(classes, activation="softmax")
        loss = "sparse_categorical_crossentropy"
    text = keras.Input((length,), dtype="int32")
    model = keras.Sequential([text, *layers, decision])
    model.compile(optimizer, loss=loss, metrics=["accuracy"])
    return model


_OF_REVIEWS: dict[str, Any] = {
    "datasets": {"reviews": load_reviews, "imdb": load_imdb},
    "sides": SENTIMENT,
    "swapped": [
        ("good", "bad"),
        ("funny", "dull"),
        ("best", "worst"),
        ("great", "boring"),
    ],
}

MODELS = {
    "average": Model(5000, epochs=10, build=build_average, **_OF_REVIEWS),
    "conv": Model(2001, epochs=5, build=build_conv, **_OF_REVIEWS),
    "topics": Model(
        3000,
        epochs=10,
        build=build_topics,
        datasets={"newsgroups": load_posts},
        sides=SPORTS,
        swapped=[
            ("hockey", "windows"),
            ("god", "disk"),
            ("orbit", "baseball"),
            ("bible", "israel"),
        ],
        advice="Color the map by topic, and play the steps.\n\n",
        balanced=True,
    ),
}


def train(
    log_dir: Path,
    data: LabeledTexts,
    model: str = "average",
    *,
    epochs: int | None = None,
    seed: int = 0,
    run: str = "embeddings",
) -> tuple[Table, Table]:
    """Trains a classifier and logs its embedding table at every epoch.

    Args:
      log_dir: the directory of this training; its runs are written below it.
      data: the texts to learn; a tenth of them is held out for validation.
      epochs: how long to train; by default as long as the model asks for.
      seed: the seed of the weights, the split and the order of batches.
      run: the run of the embedding, below ``log_dir``; empty for ``log_dir`` itself.

    Returns:
      The table before and after training, ``[vocab_size, embedding_dim]``.
    """
    import keras

    from tb_wordembed.keras import EmbeddingCallback

    keras.utils.set_random_seed(seed)
    spec = MODELS[model]
    classifier = spec.build(data.texts.shape[1], len(data.tokens))
    embedding = classifier.get_layer("embedding")
    (before,) = embedding.get_weights()
    order = np.random.default_rng(seed).permutation(len(data.texts))
    classifier.fit(
        data.texts[order],
        data.labels[order],
        validation_split=0.1,
        batch_size=32,
        epochs=epochs if epochs is not None else spec.epochs,
        class_weight=class_weights(data.labels) if spec.balanced else None,
        verbose=1 if sys.stdout.isatty() else 2,
        callbacks=[
            keras.callbacks.TensorBoard(str(log_dir), write_graph=False),
            EmbeddingCallback(
                str(log_dir), tokens=data.tokens, metadata=data.columns(), run=run
            ),
        ],
    )
    (after,) = embedding.get_weights()
    return before, after


def class_weights(labels: npt.NDArray[np.float32]) -> dict[int, float]:
    """Returns the weight of a text of each class, 1 on average, so that all classes
    have the same weight."""
    classes, counts = np.unique(labels.astype(int), return_counts=True)
    weights = len(labels) / (len(classes) * counts)
    return dict(zip(classes.tolist(), weights.tolist(), strict=True))


def train_seeds(
    logdir: Path,
    data: LabeledTexts,
    model: str = "average",
    *,
    count: int,
    epochs: int | None = None,
    first: int = 1,
) -> tuple[list[str], str]:
    """Trains the classifier with several seeds, and once more on texts in which the
    words of ``swapped`` of the model trade places.

    Returns:
      The names of the runs of the seeds, ``seed1`` and so on, and that of the training
      on changed texts, ``swapped``.
    """
    names = [*(f"seed{number}" for number in range(1, count + 1)), "swapped"]
    runs = []
    for seed, name in enumerate(names, first):
        directory = make_directory(logdir, name)
        texts = data.swapped(MODELS[model].swapped) if name == "swapped" else data
        train(directory, texts, model, epochs=epochs, seed=seed, run="")
        runs.append(directory.name)
    return runs[:-1], runs[-1]


def mean_cosine(
    table: Table, tokens: Sequence[str], first: Sequence[str], second: Sequence[str]
) -> float:
    """Returns the mean cosine, -1 to 1, of every word of ``first`` with every word of
    ``second``, without those that the vocabulary ``tokens`` lacks."""
    index = {token: row for row, token in enumerate(tokens)}

    def directions(words: Sequence[str]) -> Table:
        rows = table[[index[word] for word in words if word in index]]
        norms: Table = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / norms

    return float((directions(first) @ directions(second).T).mean())


def make_directory(logdir: Path, name: str) -> Path:
    """Makes ``logdir/name``, numbered if it is taken: so every training is kept."""
    logdir.mkdir(parents=True, exist_ok=True)
    candidate, number = logdir / name, 1
    while True:
        try:
            candidate.mkdir()
            return candidate
        except FileExistsError:
            number += 1
            candidate = logdir / f"{name}-{number}"
