"""Findings name what happened to a table in real trainings, and else stay silent.

Trainings: item factors of a recommender with four optimizers, and word2vec on the text
that gensim carries, if it is installed (``pip install gensim``). Prints how many
healthy trainings raise a warning, and for each fault how often exactly it is named, at
the right step.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from measure import Target, line, skipped, start

import tb_wordembed

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from faults import FAULTS, OPTIMIZERS, factorization, planted

HEALTHY = Target("<=", 0.01)
NAMED = Target(">", 0.95)
EPOCHS = 12
FAULT_AT = 10


def main() -> None:
    """Prints the share of false warnings, and of faults that are named."""
    quick = start(__doc__ or "")
    os.environ["TB_WORDEMBED_CACHE_BYTES"] = "0"
    rates, dims = ((0.3, 1.0), (16,)) if quick else ((0.1, 0.3, 1.0, 3.0), (4, 16, 64))
    trainings = [
        factorization(seed, optimizer, rate, dim)
        for seed, (optimizer, rate, dim) in enumerate(
            itertools.product(OPTIMIZERS, rates, dims)
        )
    ]
    usual = [factorization(100 + seed) for seed in range(3)]
    if importlib.util.find_spec("gensim"):
        trainings += word2vec(quick)
        usual += list(word2vec(quick=True))[:3]
    else:
        skipped("word2vec", "gensim is not installed")
    healthy = [one for one in trainings if np.isfinite(one).all()]
    false = sum(bool(warnings(one)) for one in healthy)
    share = false / len(healthy)
    line(f"false warnings: {share:.3f}", f"{false} of {len(healthy)}", share, HEALTHY)
    for fault in FAULTS:
        kind = "rotated" if fault == "reflected" else fault
        found = [warnings(planted(one, fault, FAULT_AT)) for one in usual]
        named = sum(one == [(kind, FAULT_AT)] for one in found)
        share = named / len(found)
        line(f"{fault}: {share:.2f}", f"{named} of {len(found)}", share, NAMED)


def warnings(tables: Any) -> list[tuple[str, int | None]]:
    """Returns the warnings of a training, with their steps."""
    with tempfile.TemporaryDirectory() as directory:
        with tb_wordembed.SnapshotWriter(directory) as writer:
            for step, table in enumerate(tables):
                writer.embedding("table", table, step)
        found = tb_wordembed.open(directory).series().findings()
    return [(one.kind, one.step) for one in found if one.severity == "warning"]


def word2vec(quick: bool) -> Iterator[Any]:
    """Yields the tables of trainings of word2vec, ``[steps, rows, dim]`` each."""
    from gensim.models import Word2Vec
    from gensim.models.callbacks import CallbackAny2Vec
    from gensim.test.utils import datapath
    from gensim.utils import simple_preprocess

    class Tables(CallbackAny2Vec):  # type: ignore[misc]
        def __init__(self) -> None:
            self.kept: list[Any] = []

        def on_epoch_end(self, model: Word2Vec) -> None:
            self.kept.append(model.wv.vectors.copy())

    lines = Path(datapath("lee_background.cor")).read_text("utf-8").splitlines()
    texts = [simple_preprocess(one) for one in lines]
    rates, dims = ((0.05,), (64,)) if quick else ((0.005, 0.025, 0.1), (16, 100))
    options = itertools.product((0, 1), rates, dims, (0, 1))
    for seed, (skip_gram, rate, dim, softmax) in enumerate(options):
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
        untrained, tables = model.wv.vectors.copy(), Tables()
        model.train(texts, total_examples=len(texts), epochs=EPOCHS, callbacks=[tables])
        yield np.stack([untrained, *tables.kept])


if __name__ == "__main__":
    main()
