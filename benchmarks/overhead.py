"""Logging a training costs a small share of it, and at most a copy of the table.

The same training runs with and without logging, each in a process of its own: 100,000
words of 300 numbers each, Adam, and epochs of 25,000 reviews of 200 words, like IMDB.
Once more with ``on_finding``, which looks at each snapshot.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import Target, line, ratio, scratch, skipped, start

ROWS, DIM, BAG, BATCH, REVIEWS = 100_000, 300, 200, 512, 25_000
TABLE_BYTES = 4 * ROWS * DIM
SHARE = Target("<=", 0.02)
COPIES = Target("<=", 1)


def main() -> None:
    """Measures each framework that is installed."""
    quick = start(__doc__ or "")
    epochs = 2 if quick else 5
    with scratch(2 * (epochs + 1) * TABLE_BYTES) as directory:
        for name, package in (("PyTorch", "torch"), ("Keras", "tensorflow")):
            if importlib.util.find_spec(package) is None:
                skipped(name, f"needs pip install {package}")
            else:
                measure(name, package, directory, epochs)


def measure(name: str, package: str, directory: Path, epochs: int) -> None:
    """Compares the trainings of one framework."""
    plain = child(package, epochs, None, None)
    logged = child(package, epochs, directory / package, None)
    alert = child(package, epochs, directory / f"{package}-alerts", "warn")
    ratio(f"{name}: logging", logged["logging"], "an epoch", plain["epochs"], SHARE)
    # What is written in a thread takes time of the next epoch.
    with_it = f"{name}: an epoch with logging"
    ratio(with_it, logged["epochs"], "one without", plain["epochs"])
    looking = [
        max(two - one, 0)
        for one, two in zip(logged["logging"], alert["logging"], strict=True)
    ]
    ratio(f"{name}: findings", looking, "an epoch", plain["epochs"], SHARE)
    copies = (logged["peak"] - plain["peak"]) / TABLE_BYTES
    peaks = f"peaks {logged['peak'] / 1e6:.0f} MB and {plain['peak'] / 1e6:.0f} MB"
    line(f"{name}: memory, {copies:.2f} x the table", peaks, copies, COPIES)


def child(
    package: str, epochs: int, log: Path | None, on_finding: str | None
) -> dict[str, Any]:
    """Trains in a process of its own; returns what it measured."""
    arguments = f"{epochs}, {log and str(log)!r}, {on_finding!r}"
    call = f"import overhead; overhead.train_{package}({arguments})"
    done = subprocess.run(
        [sys.executable, "-c", call],
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def train_torch(epochs: int, log: str | None, on_finding: Any) -> None:
    """Trains with PyTorch; prints what it took."""
    import torch
    from torch import nn

    from tb_wordembed.torch import EmbeddingLogger

    model = nn.Sequential(nn.EmbeddingBag(ROWS, DIM), nn.Linear(DIM, 1))
    optimizer = torch.optim.Adam(model.parameters())
    bags = torch.randint(ROWS, (REVIEWS, BAG))
    logger = EmbeddingLogger(log, model, on_finding=on_finding) if log else None

    def epoch() -> None:
        for batch in bags.split(BATCH):
            optimizer.zero_grad()
            model(batch).square().mean().backward()
            optimizer.step()

    report(epochs, epoch, logger.step if logger else lambda: None)


def train_tensorflow(epochs: int, log: str | None, on_finding: Any) -> None:
    """Trains with Keras; prints what it took."""
    import keras
    import numpy as np

    from tb_wordembed.keras import EmbeddingCallback

    words = keras.layers.Embedding(ROWS, DIM)
    layers = [keras.Input((BAG,)), words, keras.layers.GlobalAveragePooling1D()]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile("adam", "mse")
    bags = np.random.default_rng(0).integers(ROWS, size=(REVIEWS, BAG))
    zeros = np.zeros((REVIEWS, 1))
    callback: Any = keras.callbacks.Callback()
    if log:
        callback = EmbeddingCallback(log, on_finding=on_finding)
    callback.set_model(model)
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    number = iter(range(epochs + 1))

    def epoch() -> None:
        model.fit(bags, zeros, batch_size=BATCH, verbose=0)

    report(epochs, epoch, lambda: callback.on_epoch_end(next(number)))


def report(epochs: int, epoch: Callable[[], None], after: Callable[[], None]) -> None:
    """Prints the seconds of epochs, and of what follows each; the first warms up."""
    found: dict[str, Any] = {"epochs": [], "logging": []}
    for number in range(epochs + 1):
        begin = time.perf_counter()
        epoch()
        trained = time.perf_counter()
        after()
        end = time.perf_counter()
        if number:
            found["epochs"].append(end - begin)
            found["logging"].append(end - trained)
    unit = 1 if sys.platform == "darwin" else 1024
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    print(json.dumps(found))


if __name__ == "__main__":
    main()
