"""Small real trainings for the benchmark of findings: the table at each epoch."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from measure import skipped

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "support"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "docs" / "cases"))

from faults import OPTIMIZERS, factorization

from tb_wordembed.demo.dataset import load_reviews

Tables = Any
"""The table at each epoch, the untrained one first, float32 ``[epochs, rows, dim]``."""

EPOCHS = 16
SEEDS = 3


def usual() -> dict[str, list[Tables]]:
    """Returns usual trainings of each kind, one for each seed."""
    found: dict[str, Callable[[int], Tables]] = {"factorization": factorization}
    if importlib.util.find_spec("gensim"):
        found["word2vec"] = lambda seed: word2vec(seed, skip_gram=seed % 2, rate=0.05)
    else:
        skipped("word2vec", "gensim is not installed")
    if importlib.util.find_spec("keras"):
        found["Keras"] = lambda seed: reviews(seed, "adam", 3e-4)
    else:
        skipped("Keras", "it is not installed")
    return {
        name: [train(seed) for seed in range(SEEDS)] for name, train in found.items()
    }


def varied(quick: bool) -> Iterator[Tables]:
    """Yields trainings with optimizers, sizes and learning rates of all sorts."""
    for seed, (of, options) in enumerate(_varied(quick)):
        tables = of(100 + seed, *options)
        # Too high a rate is not healthy.
        if np.isfinite(tables).all():
            yield tables


def _varied(quick: bool) -> Iterable[tuple[Callable[..., Tables], Any]]:
    """Returns each training and its options."""
    rates, sizes = (0.1, 0.3, 1.0, 3.0), ((4, 500), (16, 500), (64, 500))
    large = itertools.product(OPTIMIZERS, (0.3, 1.0), (8, 32), (100, 3000))
    made: list[tuple[Callable[..., Tables], Any]] = [
        *(
            (factorization, (*one, *size))
            for *one, size in itertools.product(OPTIMIZERS, rates, sizes)
        ),
        *((factorization, one) for one in large),
    ]
    if importlib.util.find_spec("gensim"):
        options = itertools.product((0, 1), (0.005, 0.025, 0.1), (16, 100), (0, 1))
        made += [(word2vec, one) for one in options]
    if importlib.util.find_spec("keras"):
        learning = itertools.product(("sgd", "adam", "rmsprop", "adagrad"), (1, 10))
        scale = {"sgd": 0.05, "adam": 3e-4, "rmsprop": 3e-4, "adagrad": 0.01}
        made += [
            (reviews, (optimizer, scale[optimizer] * rate, model, size))
            for optimizer, rate in learning
            for model, size in (("average", 1000), ("average", 4000), ("conv", 1000))
        ]
    return made[::12] if quick else made


def along_a_line(seed: int, rate: float = 20.0) -> Tables:
    """Trains the classifier of the cases fast: as it tells two classes apart, words go
    far along one line, and else stay at their random start."""
    classifier = importlib.import_module("classifier")
    data = load_reviews(vocab_size=5000)
    seen = np.random.default_rng(1).permutation(len(data.texts))[:8000]
    made = classifier.epochs(data, seen, 8, seed=seed, rate=rate)
    return np.stack([table for table, _ in made])


def word2vec(
    seed: int, skip_gram: int = 0, rate: float = 0.025, dim: int = 64, softmax: int = 0
) -> Tables:
    """Trains word2vec on the text that gensim carries."""
    from gensim.models import Word2Vec
    from gensim.models.callbacks import CallbackAny2Vec
    from gensim.test.utils import datapath
    from gensim.utils import simple_preprocess

    class Kept(CallbackAny2Vec):  # type: ignore[misc]
        def __init__(self) -> None:
            self.tables: list[Any] = []

        def on_epoch_end(self, model: Word2Vec) -> None:
            self.tables.append(model.wv.vectors.copy())

    lines = Path(datapath("lee_background.cor")).read_text("utf-8").splitlines()
    texts = [simple_preprocess(one) for one in lines]
    model = Word2Vec(
        vector_size=dim,
        alpha=rate,
        sg=skip_gram,
        hs=softmax,
        negative=0 if softmax else 5,
        seed=seed,
        workers=1,
    )
    model.build_vocab(texts)
    untrained, kept = model.wv.vectors.copy(), Kept()
    model.train(texts, total_examples=len(texts), epochs=EPOCHS, callbacks=[kept])
    return np.stack([untrained, *kept.tables])


def reviews(
    seed: int, optimizer: str, rate: float, model: str = "average", rows: int = 2000
) -> Tables:
    """Trains a model of the demo on some of its reviews."""
    import keras

    from tb_wordembed.demo.train import MODELS

    keras.utils.set_random_seed(seed)
    data = load_reviews(rows)
    classifier = MODELS[model].build(data.texts.shape[1], rows)
    given = keras.optimizers.get(
        {"class_name": optimizer, "config": {"learning_rate": rate}}
    )
    classifier.compile(given, loss="binary_crossentropy")
    layer, tables = classifier.get_layer("embedding"), []

    def keep(*_: Any) -> None:
        tables.append(layer.get_weights()[0])

    keep()
    some = np.random.default_rng(seed).choice(len(data.texts), 2000, replace=False)
    classifier.fit(
        data.texts[some],
        data.labels[some],
        epochs=EPOCHS,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=keep)],
    )
    return np.stack(tables)
