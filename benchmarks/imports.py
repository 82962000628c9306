"""A table in a file is imported in a few times the time of reading its bytes.

GloVe 6B, 400,000 x 50, as an ``.npy`` file and as text, and the word embeddings of
MiniLM, 30,522 x 384, in safetensors. Needs ``pip install gensim pyarrow``.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import packages
from measure import Target, faster, in_turn, ratio, scratch, seconds, skipped, start

import tb_wordembed

TARGET = Target("<", 3.0)
KEY = "embeddings.word_embeddings.weight"
_PEAK = """
import re, sys, tb_wordembed
def peak():
    status = open("/proc/self/status").read()
    return int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) * 1024
file, key, log = sys.argv[1:]
tb_wordembed.SnapshotWriter(log + "-warm").close()
before = peak()
tb_wordembed.import_tables(log, file, key=key or None)
print(peak() - before)
"""


def main() -> None:
    """Compares times, memory and answers."""
    quick = start(__doc__ or "")
    if not all(map(importlib.util.find_spec, ("gensim", "pyarrow"))):
        skipped("imports", "gensim or pyarrow is not installed")
        return
    with scratch(2_000_000_000) as folder:
        rounds = 2 if quick else 7
        weights, _ = packages.minilm_files(folder)
        _compare("MiniLM, safetensors", weights, 30_522 * 384 * 4, rounds, key=KEY)
        (folder / "vocab.txt").unlink()
        vectors, words = packages.glove_files(folder)
        tokens = packages.glove_words(words)
        size = 400_000 * 50 * 4
        _compare("GloVe, npy with no words", vectors, size, rounds)
        _compare_with_words(vectors, words, rounds)
        text = folder / "glove.txt"
        _write_text(text, np.load(vectors), tokens)
        _compare_text(text, 2)
        _compare_answers(text, folder)


def _imported(file: Path, **options: Any) -> Callable[[], float]:
    """Returns a function that imports a file and says how long it took."""
    log = file.parent / "log"

    def measure() -> float:
        shutil.rmtree(log, ignore_errors=True)
        return seconds(lambda: tb_wordembed.import_tables(log, file, **options))

    return measure


def _compare(what: str, file: Path, size: int, rounds: int, **options: Any) -> None:
    """Compares an import with reading as many bytes as the table has."""

    def read() -> bytes:
        with file.open("rb") as opened:
            return opened.read(size)

    def write() -> int:
        with (file.parent / "copy").open("wb") as opened:
            return opened.write(read())

    sides = {
        "import": _imported(file, **options),
        "read": lambda: seconds(read),
        "copy": lambda: seconds(write),
    }
    times = in_turn(sides, rounds)
    ratio(what, times["import"], "reading its bytes", times["read"], TARGET)
    ratio(what, times["import"], "copying its bytes", times["copy"])
    _memory(what, file, size, str(options.get("key", "")))


def _compare_with_words(file: Path, words: Path, rounds: int) -> None:
    """Compares an import of a table and its words with reading the table's bytes, and
    one that begins with the words in a file with loading both into Python."""
    listed = packages.glove_words(words)

    def load() -> object:
        return np.load(file), packages.glove_words(words)

    sides = {
        "import": _imported(file, tokens=listed),
        "read": lambda: seconds(file.read_bytes),
        "words": lambda: seconds(lambda: packages.glove_words(words)),
        "load": lambda: seconds(load),
    }
    times = in_turn(sides, rounds)
    what = "GloVe, npy with its words"
    ratio(what, times["import"], "reading its bytes", times["read"], TARGET)
    both = [sum(pair) for pair in zip(times["import"], times["words"], strict=True)]
    ratio(what, both, "loading both into Python", times["load"])


def _compare_text(file: Path, rounds: int) -> None:
    from gensim.models import KeyedVectors

    def load() -> object:
        return KeyedVectors.load_word2vec_format(str(file), no_header=True)

    sides = {
        "import": _imported(file),
        "gensim": lambda: seconds(load),
        "numpy": lambda: seconds(
            lambda: np.loadtxt(
                file, np.float32, comments=None, usecols=range(1, 51), encoding="utf-8"
            )
        ),
        "read": lambda: seconds(file.read_bytes),
    }
    times = in_turn(sides, rounds, warm_up=False)
    faster("GloVe, text", times["import"], "gensim", times["gensim"], Target(">", 1))
    faster("GloVe, text", times["import"], "np.loadtxt", times["numpy"])
    ratio("GloVe, text", times["import"], "reading its bytes", times["read"])
    _memory("GloVe, text", file, 400_000 * 50 * 4, "")


def _memory(what: str, file: Path, size: int, key: str) -> None:
    arguments = [sys.executable, "-c", _PEAK, str(file), key, str(file.parent / "peak")]
    if not Path("/proc/self/status").exists():
        skipped(f"{what}: memory", "there is no /proc")
        return
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    share = int(done.stdout) / size
    print(f"  {what}: at its peak, {share:.2f} x the table in memory", flush=True)


def _write_text(path: Path, table: Any, words: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for word, row in zip(words, table.tolist(), strict=True):
            file.write(f"{word} {' '.join([f'{number:.5g}' for number in row])}\n")


def _compare_answers(text: Path, folder: Path) -> None:
    """Compares neighbors and an analogy with those of gensim."""
    from gensim.models import KeyedVectors

    theirs = KeyedVectors.load_word2vec_format(str(text), no_header=True)
    series = tb_wordembed.open(folder / "log").series()
    assert np.array_equal(series.table(0), theirs.vectors)
    neighbors = [one.token for one in series.neighbors("king", 0, k=10)]
    analogy = [one.token for one in series.analogy("king - man + woman", 0, n=5)]
    peers = [
        [word for word, _ in theirs.most_similar("king", topn=10)],
        [word for word, _ in theirs.most_similar(["king", "woman"], ["man"], topn=5)],
    ]
    for what, ours, peer in zip(
        ("king", "king - man + woman"), (neighbors, analogy), peers, strict=True
    ):
        same = "as gensim" if ours == peer else f"gensim: {', '.join(peer)}"
        print(f"  {what}: {', '.join(ours)} ({same})")


if __name__ == "__main__":
    main()
