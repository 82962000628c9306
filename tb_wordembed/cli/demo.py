"""``tb-wordembed demo``: trains a classifier and logs its embedding."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tb_wordembed.cli.common import Commands, Options, count, directory, whole_number
from tb_wordembed.demo import dataset, train
from tb_wordembed.read.noise import LEAST_SEEDS, MOST_SEEDS


def add(commands: Commands) -> None:
    """Adds the command ``demo``."""
    demo = commands.add_parser(
        "demo", help="train a classifier of texts and log its embedding"
    )
    demo.add_argument(
        "logdir",
        nargs="?",
        default="runs",
        type=directory,
        metavar="LOGDIR",
        help="where to write the log (default: %(default)s)",
    )
    demo.add_argument(
        "--model",
        choices=train.MODELS,
        default="average",
        help="of movie reviews: average: the mean of the word vectors decides; conv: "
        "two convolutions. Of posts to newsgroups: topics: the mean of the words' "
        "directions in a plane decides between five topics (default: %(default)s)",
    )
    demo.add_argument(
        "--dataset",
        choices=["reviews", "imdb", "newsgroups"],
        help="reviews: 10,605 movie-review snippets, from the package index; "
        "imdb: Keras's own, 25,000 whole reviews; newsgroups: for the model topics, "
        "posts from the package index (default: reviews; for topics newsgroups)",
    )
    demo.add_argument(
        "--epochs",
        type=count,
        metavar="N",
        help="how long to train (default: 10 for average and topics, 5 for conv)",
    )
    demo.add_argument(
        "--seed", type=int, default=0, help="random seed (default: %(default)s)"
    )
    demo.add_argument(
        "--seeds",
        type=whole_number(LEAST_SEEDS, MOST_SEEDS),
        metavar="N",
        help="also train N runs to compare with, each with another seed, and one on "
        f"texts in which some words trade places; {LEAST_SEEDS} to {MOST_SEEDS}",
    )
    demo.set_defaults(command=_demo)


def _demo(options: Options) -> int:
    # Quiet, and the same numbers on every CPU; read when TensorFlow is imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    try:
        import keras  # noqa: F401
        import tensorflow  # noqa: F401
    except ImportError as error:
        raise ValueError(
            f"{error}. The demo trains with Keras on TensorFlow: pip install "
            "tensorflow (or tensorflow-cpu)"
        ) from error
    model = train.MODELS[options.model]
    name = options.dataset or next(iter(model.datasets))
    if name not in model.datasets:
        raise ValueError(
            f"--dataset {name} is not for --model {options.model}; it learns from "
            f"{' or '.join(model.datasets)}"
        )
    data = model.datasets[name](model.vocab_size)
    sys.stdout.write(
        f"{len(data.texts):,} texts, a vocabulary of {len(data.tokens):,}\n"
    )
    sys.stdout.flush()
    log_dir = train.make_directory(options.logdir, f"{options.model}-{name}")
    tables = train.train(
        log_dir, data, options.model, epochs=options.epochs, seed=options.seed
    )
    compared = _seeds_of(options, data)
    before, after = (
        round(train.mean_cosine(table, data.tokens, *model.sides.values()), 2) + 0.0
        for table in tables
    )
    one, other = (
        f"{len(words)} words of {side} ({words[0]}, {words[1]}, ...)"
        for side, words in model.sides.items()
    )
    sys.stdout.write(
        f"\nMean cosine between {one} and {other}: {before:.2f} before training, "
        f"{after:.2f} after.\nLogged to {log_dir}. To see it:\n\n"
        f"  {_tensorboard()} --logdir {options.logdir}\n\n"
        f"{model.advice}{compared}"
    )
    return 0


def _seeds_of(options: Options, data: dataset.LabeledTexts) -> str:
    """Trains the seeds that are asked for, and returns what to do with them."""
    if options.seeds is None:
        return ""
    seeds, swapped = train.train_seeds(
        options.logdir,
        data,
        options.model,
        count=options.seeds,
        epochs=options.epochs,
        first=options.seed + 1,
    )
    swapped_words = train.MODELS[options.model].swapped
    pairs = ", ".join(" and ".join(pair) for pair in swapped_words)
    return (
        f"The runs {seeds[0]} to {seeds[-1]} differ in nothing but chance. In the "
        f"texts of {swapped}, words traded places: {pairs}. To find them:\n\n"
        f"  tb-wordembed compare {options.logdir} --run {swapped} --with {seeds[0]} "
        f"--seeds {' '.join(seeds)}\n\n"
    )


def _tensorboard() -> str:
    """Returns the command that starts TensorBoard here."""
    if shutil.which("tensorboard"):
        return "tensorboard"
    return subprocess.list2cmdline([sys.executable, "-m", "tensorboard.main"])
