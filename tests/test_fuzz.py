"""A few of the inputs that ``scripts/fuzz`` tries by the million."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "fuzz"


def test_broken_files_and_odd_requests_are_answered_in_words() -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, "--inputs", "4000", "--seed", "1"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "4,000 inputs, 0 failures"
