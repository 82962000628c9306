"""The Python in the documents runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed.read.series import Series

ROOT = Path(__file__).resolve().parents[1]
STEPS = 11
WORDS = ["good", "bad", "king", "man", "woman", *(f"word{row}" for row in range(45))]
FIRST_SEED = 2


def train(directory: Path, seed: int) -> Series:
    """Logs a table that learns less and less."""
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(len(WORDS), 8))
    with tb_wordembed.SnapshotWriter(directory) as log:
        for step in range(STEPS):
            genres = ["drama", "comedy"] * (len(WORDS) // 2)
            log.embedding(
                "words", table, step, tokens=WORDS, metadata={"genre": genres}
            )
            table += 0.4**step * rng.normal(size=table.shape)
    return tb_wordembed.open(directory).series()


@pytest.mark.parametrize("document", ["README.md", "docs/guides/reading.md"])
def test_a_log_is_read_back_as_the_document_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: str
) -> None:
    text = (ROOT / document).read_text("utf-8")
    (snippet,) = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    train(tmp_path / "runs" / "embeddings", 0)
    train(tmp_path / "runs" / "old run", 1)
    seeds = {
        f"seed{n}": train(tmp_path / f"seed{n}", FIRST_SEED + n) for n in (1, 2, 3)
    }
    probe = "good bad 1\nking man 7\nking woman 6\n"
    (tmp_path / "wordsim353.tsv").write_text(probe, "utf-8")
    monkeypatch.chdir(tmp_path)
    for line in snippet.splitlines():
        try:
            exec(line, seeds)
        except Exception as error:
            raise AssertionError(
                f"{line.partition('#')[0].strip()}: {error}"
            ) from error
