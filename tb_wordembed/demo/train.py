"""Trains the demo's classifier and logs how its embedding drifts."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.demo.dataset import LabeledTexts, load_imdb, load_reviews
from tb_wordembed.demo.download import DatasetError


@dataclass(frozen=True)
class Dataset:
    """Labeled texts that can be had.

    Attributes:
      load: from vocabulary size to the texts that are of use.
      what: the texts are.
      size: how many there are, of use or not.
    """

    load: Callable[[int], LabeledTexts]
    what: str
    size: int


DATASETS = {
    "reviews": Dataset(load_reviews, "movie-review snippets", 10_605),
    "imdb": Dataset(load_imdb, "movie reviews", 25_000),
}
# fmt: off
POSITIVE = [
    "good", "great", "best", "funny", "love", "entertaining", "fun", "beautiful",
    "moving", "powerful", "charming", "enjoyable", "brilliant", "delightful",
]
NEGATIVE = [
    "bad", "worst", "dull", "boring", "awful", "stupid", "fails", "lacks", "mess",
    "tedious", "predictable", "flat", "lame", "bland",
]
# fmt: on


@dataclass(frozen=True)
class Model:
    """A classifier of texts whose first layer is an embedding."""

    vocab_size: int
    epochs: int
    build: Callable[[int, int], Any]
    """From text length and vocabulary size to a compiled Keras model."""


def build_average(length: int, vocab_size: int) -> Any:
    """The mean of a text's word vectors decides: the words visibly part."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((length,), dtype="int32"),
            layers.Embedding(vocab_size, 64, mask_zero=True, name="embedding"),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    # Slower than Adam's default, so that the words part over epochs, not in the first.
    optimizer = keras.optimizers.Adam(3e-4)
    model.compile(optimizer, loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_conv(length: int, vocab_size: int) -> Any:
    """Two convolutions over the word vectors: the usual text-classification model."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((length,), dtype="int32"),
            layers.Embedding(vocab_size, 128, name="embedding"),
            layers.Conv1D(32, 7, activation="relu"),
            layers.MaxPooling1D(5),
            layers.Conv1D(32, 7, activation="relu"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
    return model


MODELS = {
    "average": Model(vocab_size=5000, epochs=10, build=build_average),
    "conv": Model(vocab_size=2001, epochs=5, build=build_conv),
}


@dataclass(frozen=True)
class Training:
    """What a training left behind."""

    log_dir: Path
    tokens: list[str]
    before: npt.NDArray[np.float32]
    """The embedding table before training, ``[vocab_size, embedding_dim]``."""
    after: npt.NDArray[np.float32]
    """The same after the last epoch."""


def train(
    log_dir: Path,
    data: LabeledTexts,
    model: str = "average",
    *,
    epochs: int | None = None,
    seed: int = 0,
) -> Training:
    """Trains a classifier on ``data`` and logs its embedding at every epoch.

    Args:
      log_dir: folder of this one training; its runs are written below it.
      data: what to learn; a tenth of it is held out for validation.
      model: a key of ``MODELS``.
      epochs: how long to train; by default what the model asks for.
      seed: of the weights, the split and the order of batches.
    """
    import keras

    from tb_wordembed.keras import EmbeddingCallback

    keras.utils.set_random_seed(seed)
    classifier = MODELS[model].build(data.texts.shape[1], len(data.tokens))
    embedding = classifier.get_layer("embedding")
    (before,) = embedding.get_weights()
    order = np.random.default_rng(seed).permutation(len(data.texts))
    classifier.fit(
        data.texts[order],
        data.labels[order],
        validation_split=0.1,
        batch_size=32,
        epochs=epochs if epochs is not None else MODELS[model].epochs,
        verbose=1 if sys.stdout.isatty() else 2,
        callbacks=[
            keras.callbacks.TensorBoard(str(log_dir), write_graph=False),
            EmbeddingCallback(
                str(log_dir), tokens=data.tokens, metadata=data.columns()
            ),
        ],
    )
    (after,) = embedding.get_weights()
    return Training(log_dir, data.tokens, before, after)


def mean_cosine(
    table: npt.NDArray[np.float32],
    tokens: Sequence[str],
    first: Sequence[str],
    second: Sequence[str],
) -> float:
    """Mean cosine, -1..1, between every word of ``first`` and every word of ``second``.

    Words that the vocabulary ``tokens`` lacks are left out.
    """
    index = {token: row for row, token in enumerate(tokens)}

    def directions(words: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = table[[index[word] for word in words if word in index]]
        norms: npt.NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / norms

    return float((directions(first) @ directions(second).T).mean())


def make_directory(logdir: Path, name: str) -> Path:
    """Makes ``logdir/name``, numbered if it is taken, so that every training is kept.

    Raises:
      OSError: it can't be made.
    """
    logdir.mkdir(parents=True, exist_ok=True)
    candidate, number = logdir / name, 1
    while True:
        try:
            candidate.mkdir()
            return candidate
        except FileExistsError:
            number += 1
            candidate = logdir / f"{name}-{number}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``tb-wordembed demo``."""
    parser.add_argument(
        "logdir",
        nargs="?",
        default="runs",
        type=Path,
        metavar="LOGDIR",
        help="where to write the log (default: %(default)s)",
    )
    parser.add_argument(
        "--model",
        choices=MODELS,
        default="average",
        help="average: the mean of the word vectors decides; conv: two convolutions "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--dataset",
        choices=DATASETS,
        default="reviews",
        help="reviews: 10,605 movie-review snippets, from the package index; "
        "imdb: Keras's own, 25,000 whole reviews (default: %(default)s)",
    )
    parser.add_argument(
        "--epochs",
        type=_positive,
        metavar="N",
        help="how long to train (default: 10 for average, 5 for conv)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="random seed (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Runs ``tb-wordembed demo``; returns its exit code."""
    # Quiet, and the same numbers on every CPU; read when TensorFlow is imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    try:
        import keras  # noqa: F401
        import tensorflow  # noqa: F401
    except ImportError as error:
        print(
            f"tb-wordembed demo: {error}. The demo trains with Keras on TensorFlow: "
            "pip install tensorflow (or tensorflow-cpu)",
            file=sys.stderr,
        )
        return 2
    dataset = DATASETS[args.dataset]
    try:
        data = dataset.load(MODELS[args.model].vocab_size)
    except DatasetError as error:
        print(f"tb-wordembed demo: {error}", file=sys.stderr)
        return 2
    print(_summary(dataset, data), flush=True)
    log_dir = make_directory(args.logdir, f"{args.model}-{args.dataset}")
    done = train(log_dir, data, args.model, epochs=args.epochs, seed=args.seed)
    _report(done, args.logdir)
    return 0


def _summary(dataset: Dataset, data: LabeledTexts) -> str:
    used, vocabulary = len(data.texts), f"a vocabulary of {len(data.tokens):,}"
    if used == dataset.size:
        return f"{used:,} {dataset.what}, {vocabulary}"
    return (
        f"{used:,} of {dataset.size:,} {dataset.what} (the others are rated exactly 0 "
        f"or have no word of the vocabulary), {vocabulary}"
    )


def _tensorboard() -> str:
    """The command that starts TensorBoard here."""
    if shutil.which("tensorboard"):
        return "tensorboard"
    return subprocess.list2cmdline([sys.executable, "-m", "tensorboard.main"])


def _report(done: Training, logdir: Path) -> None:
    before, after = (
        round(mean_cosine(table, done.tokens, POSITIVE, NEGATIVE), 2) + 0.0
        for table in (done.before, done.after)
    )
    print(
        f"\nMean cosine between {len(POSITIVE)} positive words ({POSITIVE[0]}, "
        f"{POSITIVE[1]}, ...) and {len(NEGATIVE)} negative ones ({NEGATIVE[0]}, "
        f"{NEGATIVE[1]}, ...): {before:.2f} before training, {after:.2f} after.\n"
        f"Logged to {done.log_dir}. To see it:\n\n"
        f"  {_tensorboard()} --logdir {logdir}\n"
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of epochs from 1")
    return int(text)
