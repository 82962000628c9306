"""From R, by way of reticulate, as the packages keras and keras3 of R do it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tb_wordembed

EXAMPLES = Path(__file__).parents[1] / "examples" / "r"


def r(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs R with this Python in it."""
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed: apt install r-base-core r-cran-reticulate")
    root = Path(tb_wordembed.__file__).parent.parent
    return subprocess.run(
        [program, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env={
            **os.environ,
            "RETICULATE_PYTHON": sys.executable,
            "PYTHONPATH": str(root),
        },
    )


def test_the_examples_in_r_are_logged_and_read_back(tmp_path: Path) -> None:
    pytest.importorskip("keras")
    # An R that is older than this NumPy, or a Python that nothing can be embedded in.
    ready = r("-e", "stopifnot(reticulate::py_numpy_available(initialize = TRUE))")
    if ready.returncode:
        pytest.skip(f"R can't use this Python's NumPy {np.__version__}: {ready.stderr}")
    for script in sorted(EXAMPLES.glob("*.R")):
        done = r(str(script), str(tmp_path))
        assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= 11
    log = tb_wordembed.open(tmp_path)
    assert log.runs == ["embeddings", "matrix", "reviews"]
    words = log.series("embeddings", "words")
    assert words.steps == [0, 1, 2, 3]
    assert words.tokens[:2] == ["<pad>", "word1"]
    assert not np.array_equal(words.table(0), words.table(3))
    assert sum(words.metadata["frequency"]) == 5000
    assert words.metadata["class"][1] == "even"
    matrix = log.series("matrix", "words")
    assert matrix.steps == [0, 1, 2]
    counts = np.asarray(matrix.metadata["frequency"])
    assert np.isnan(counts[0])
    assert counts[1:].tolist() == list(range(49, 0, -1))
    reviews = log.series("reviews", "words")
    assert (reviews.steps, reviews.table(5).shape) == ([0, 1, 2, 3, 4, 5], (2001, 128))
    assert reviews.tokens[0] != reviews.tokens[1]
    # The words that moved most, as R printed them.
    drift = reviews.drift(0, 5)
    for row in np.argsort(-np.nan_to_num(drift))[:10]:
        assert f"{reviews.tokens[row]} " in done.stdout
