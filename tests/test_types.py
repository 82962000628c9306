"""The types of the package, as a type checker sees them in a program that uses it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

mypy = pytest.importorskip("mypy.api")

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
import numpy as np
import tb_wordembed
from tb_wordembed.keras import EmbeddingCallback

with tb_wordembed.SnapshotWriter("runs") as log:
    log.embedding("words", np.zeros((3, 2)), step=0, tokens=["a", "b", "c"])
words = tb_wordembed.open("runs").series()
reveal_type(words.steps)
reveal_type(words.drift(0, 1))
reveal_type(words.neighbors("a", 0)[0].token)
reveal_type(words.noise_floor([words, words]).pairs)
EmbeddingCallback("runs", update_freq=100)
words.drift("first", 1)
words.shape_of_it
"""


def test_a_program_that_uses_the_package_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, config = tmp_path / "program.py", tmp_path / "mypy.ini"
    program.write_text(PROGRAM, "utf-8")
    config.write_text("[mypy]\n", "utf-8")
    monkeypatch.setenv("MYPYPATH", str(ROOT))
    cache = ROOT / ".mypy_cache" / "outside"
    options = [f"--config-file={config}", f"--cache-dir={cache}"]
    said, errors, status = mypy.run(
        ["--strict", "--follow-imports=silent", *options, str(program)]
    )
    steps, drift, token, pairs = re.findall(r'Revealed type is "(.+)"', said)
    assert (steps, token, pairs) == ("list[int]", "str", "int")
    assert drift.startswith("numpy.ndarray[")
    assert "32Bit" in drift
    wrong = re.findall(r"\[([\w-]+)\]$", said, re.MULTILINE)
    assert wrong == ["arg-type", "attr-defined"]
    assert (errors, status) == ("", 1)
