"""Chance changes tokens as often as p-values say, and real changes are found.

Trainings that differ in nothing but chance: word2vec on the text that gensim carries
(``pip install gensim``), and the demo's classifier (``pip install tensorflow-cpu``).
Each training in turn is a further one, whose drift from each of the others is held
against the noise floor of those. Then word2vec on a text in which 40 words, in pairs of
like frequency, are swapped in a known share of their occurrences. Prints how often
tokens count as changed, and how well rankings find the 40 words. Then how long the
floor of 5 large tables takes.
"""

from __future__ import annotations

import importlib.util
import itertools
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from measure import (
    Target,
    absolute,
    in_turn,
    line,
    ratio,
    scratch,
    seconds,
    skipped,
    start,
)

import tb_wordembed
from tb_wordembed.analysis.findings.false_alarm_rates import BETWEEN_RUNS
from tb_wordembed.analysis.noise import RATE
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.read.memory_cache import Cache
from tb_wordembed.read.series import Series

Table = npt.NDArray[np.float32]

LEVEL = 0.05
BANDS = 3
PAIRS = 20
SHARES = (0.0, 0.1, 0.2, 0.5, 1.0)


def main() -> None:
    """Prints the calibration of p-values, and the power of rankings."""
    quick = start(__doc__ or "")
    seeds = 5 if quick else 9
    if importlib.util.find_spec("gensim"):
        texts = lines()
        with tempfile.TemporaryDirectory() as directory:
            runs = [word2vec(directory, texts, seed) for seed in range(seeds)]
            calibration("word2vec", runs)
            power(directory, texts, runs, 1 if quick else 3)
    else:
        skipped("word2vec", "gensim is not installed")
    if quick:
        skipped("the demo's classifier", "it takes minutes; run without --quick")
    elif importlib.util.find_spec("tensorflow"):
        with tempfile.TemporaryDirectory() as directory:
            calibration("demo", demo(Path(directory), seeds))
    else:
        skipped("the demo's classifier", "tensorflow is not installed")
    speed(*((10_000, 100) if quick else (50_000, 300)), rounds=3)


def calibration(name: str, runs: Sequence[Series]) -> None:
    """Prints, by band of frequency, the share of tokens that count as changed between
    trainings of which none is changed, with the standard error over the trainings."""
    frequency = runs[0].frequency()
    assert frequency is not None
    bands = np.array_split(np.argsort(frequency, kind="stable"), BANDS)
    shares, alarms = [], Counter[str]()
    for run in runs:
        others = [one for one in runs if one is not run]
        step = run.steps[-1]
        floor = run.noise_floor(others)
        of_run = []
        for other in others:
            drift = run.drift(other.steps[-1], step, reference=other)
            is_changed = floor.p_values(drift) <= LEVEL
            of_run.append([is_changed[band].mean() for band in bands])
            alarms.update(one.kind for one in run.findings_between(other, others))
        shares.append(np.mean(of_run, axis=0))
    print(
        f"  {name}: {len(runs)} trainings of {len(frequency):,} tokens, level {LEVEL}"
    )
    means = np.mean(shares, axis=0)
    errors = np.std(shares, axis=0, ddof=1) / np.sqrt(len(shares))
    for band, mean, error in zip(bands, means, errors, strict=True):
        low, high = frequency[band].min(), frequency[band].max()
        apart = abs(mean - LEVEL) / error
        line(
            f"changed of tokens that occur {low:,.0f} to {high:,.0f} times: {mean:.4f}",
            f"standard error {error:.4f}; {apart:.1f} of them from the level",
            apart,
            Target("<=", 2),
        )

    compared = len(runs) * (len(runs) - 1)
    for kind in BETWEEN_RUNS:
        share = alarms[kind] / compared
        line(
            f"comparisons with a finding {kind}: {alarms[kind]} of {compared}",
            f"at a false discovery rate of {RATE}",
            share,
            Target("<=", RATE),
        )


def speed(rows: int, dim: int, rounds: int) -> None:
    """Prints how long the noise floor of 5 trainings takes, against their bytes and
    against the matrix products without which there is no alignment of 10 pairs, on as
    many threads."""
    rng = np.random.default_rng(0)
    with scratch(8 * 5 * rows * dim) as directory:
        base = rng.normal(size=(rows, dim)).astype(np.float32)
        tables, files = [], []
        for seed in range(5):
            turn = np.linalg.qr(rng.normal(size=(dim, dim)))[0].astype(np.float32)
            noise = rng.normal(size=base.shape).astype(np.float32)
            tables.append((base + noise / 4) @ turn)
            files.append(directory / f"{seed}.bin")
            tables[-1].tofile(files[-1])
            with tb_wordembed.SnapshotWriter(directory / f"logs/{seed}") as writer:
                writer.embedding("words", tables[-1], 0)

        def opened() -> list[Series]:
            log = tb_wordembed.open(directory / "logs")
            log.cache = Cache(1 << 30)  # nothing from earlier rounds
            return [log.series(run) for run in log.runs]

        def floor_of(seeds: list[Series]) -> object:
            return seeds[0].noise_floor(seeds)

        def estimate_of(seeds: list[Series]) -> object:
            return seeds[0].usual_overlap(seeds)

        def product(pair: tuple[npt.NDArray[Any], npt.NDArray[Any]]) -> None:
            one, other = pair
            one @ (one.T @ other)

        def products() -> None:
            for _ in LOCAL.map(product, itertools.combinations(tables, 2)):
                pass

        took = in_turn(
            {
                "floor": lambda: seconds(lambda: floor_of(opened())),
                "estimate": lambda: seconds(lambda: estimate_of(opened())),
                "bytes": lambda: seconds(lambda: [np.fromfile(one) for one in files]),
                "products": lambda: seconds(products),
            },
            rounds,
        )
    what = f"noise floor of {rows:,} tokens x {dim}, 5 seeds"
    ratio(what, took["floor"], "reading", took["bytes"], Target("<=", 2))
    ratio(what, took["floor"], "its products", took["products"], Target("<=", 2))
    absolute("their usual overlap of neighbors, from a sample", took["estimate"])


def power(
    directory: str, texts: list[list[str]], seeds: Sequence[Series], rounds: int
) -> None:
    """Prints the AUC with which rankings find the words that were swapped."""
    old, step = seeds[0], seeds[0].steps[-1]
    floor = old.noise_floor(seeds)
    for share in SHARES:
        found: dict[str, list[float]] = {}
        for round_ in range(rounds):
            seed = 100 + round_
            rng = np.random.default_rng(seed)
            pairs = words_to_swap(texts, rng)
            changed = swapped(texts, pairs, share, rng)
            new = word2vec(directory, changed, seed, f"share-{share}")
            rows = [old.index_of(word) for pair in pairs for word in pair]
            aligned = old.drift(step, step, reference=new)
            for name, score in (
                ("against the floor", -floor.p_values(aligned)),
                ("aligned drift", aligned),
                ("unaligned drift", raw_drift(old, new, step)),
            ):
                found.setdefault(name, []).append(auc(score, rows))
        said = ", ".join(f"{name} {np.mean(of):.3f}" for name, of in found.items())
        print(f"  {share:.0%} of occurrences swapped, AUC: {said}")


def raw_drift(old: Series, new: Series, step: int) -> Table:
    """Returns 1 - cos of rows as they are, in the rows of the old run."""
    rows = old.rows_in_reference(new)
    before, after = new.table(step)[rows].astype(float), old.table(step).astype(float)
    dots = np.einsum("ij,ij->i", before, after)
    sizes = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    found: Table = (1 - dots / sizes).astype(np.float32)
    found[rows < 0] = np.nan
    return found


def auc(scores: npt.NDArray[np.floating], rows: Sequence[int]) -> float:
    """Returns the chance that a score of one of ``rows`` is above that of another."""
    from scipy.stats import rankdata

    known = np.isfinite(scores)
    is_changed = np.isin(np.arange(len(scores)), rows)[known]
    ranks, count = rankdata(scores[known]), int(is_changed.sum())
    above = ranks[is_changed].sum() - count * (count + 1) / 2
    return float(above / (count * (len(ranks) - count)))


# -------------------------------------------------------------------------- trainings


def lines() -> list[list[str]]:
    """Returns the words of each text that gensim carries."""
    from gensim.test.utils import datapath
    from gensim.utils import simple_preprocess

    path = Path(datapath("lee_background.cor"))
    texts = path.read_text("utf-8").splitlines()
    return [simple_preprocess(one, max_len=30) for one in texts]


def word2vec(
    directory: str, texts: list[list[str]], seed: int, name: str = "seed"
) -> Series:
    """Trains word2vec, logs its last table, and returns its series."""
    from gensim.models import Word2Vec

    model = Word2Vec(
        texts, vector_size=50, sg=1, epochs=15, min_count=5, seed=seed, workers=1
    )
    run = f"{name}-{seed}"
    with tb_wordembed.SnapshotWriter(f"{directory}/{run}") as writer:
        writer.embedding("words", model.wv, 0)
    return tb_wordembed.open(directory).series(run)


def demo(directory: Path, seeds: int) -> list[Series]:
    """Trains the demo's classifier and returns the series of each training."""
    from tb_wordembed.demo import dataset, train

    data = dataset.load_reviews(train.MODELS["average"].vocab_size)
    for seed in range(seeds):
        train.train(directory / str(seed), data, seed=seed)
    log = tb_wordembed.open(directory)
    return [log.series(run) for run in log.runs]


def words_to_swap(
    texts: list[list[str]], rng: np.random.Generator
) -> list[tuple[str, str]]:
    """Returns pairs of words that are about as frequent."""
    counts = Counter(itertools.chain.from_iterable(texts))
    usual = [word for word, count in counts.most_common() if 10 <= count <= 200]
    places = rng.choice(len(usual) // 2, PAIRS, replace=False)
    return [(usual[2 * place], usual[2 * place + 1]) for place in places.tolist()]


def swapped(
    texts: list[list[str]],
    pairs: list[tuple[str, str]],
    share: float,
    rng: np.random.Generator,
) -> list[list[str]]:
    """Returns texts in which each word of a pair is its other word, in a share of its
    occurrences."""
    other = {word: two for one, two in pairs for word, two in ((one, two), (two, one))}

    def kept(word: str) -> str:
        return other[word] if word in other and rng.random() < share else word

    return [[kept(word) for word in text] for text in texts]


if __name__ == "__main__":
    main()
