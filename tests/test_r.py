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

TRAINING = Path(__file__).parent / "from_r.R"


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


def test_a_training_in_r_is_logged_and_read_back(tmp_path: Path) -> None:
    pytest.importorskip("keras")
    # An R that is older than this NumPy, or a Python that nothing can be embedded in.
    ready = r("-e", "stopifnot(reticulate::py_numpy_available(initialize = TRUE))")
    if ready.returncode:
        pytest.skip(f"R can't use this Python's NumPy {np.__version__}: {ready.stderr}")
    done = r(str(TRAINING), str(tmp_path))
    assert done.returncode == 0, done.stderr
    log = tb_wordembed.open(tmp_path)
    assert log.runs == ["by hand", "embeddings"]
    words = log.series("embeddings", "words")
    assert words.steps == [0, 1, 2, 3]
    assert words.tokens[:2] == ["<pad>", "word1"]
    assert not np.array_equal(words.table(0), words.table(3))
    assert log.series("by hand", "matrix").steps == [0, 1, 2]
