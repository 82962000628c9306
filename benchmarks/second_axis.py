"""What the second axis of a map says where the first component holds most variance.

The demo's words lie apart along one direction and by chance in all others. For each way
of drawing the map at the last step: how much of what is known about words besides their
place across is read from their places, namely the logarithm of their frequency, and the
epoch by which they had gone half of their way. That is the R² of the mean of the 30
nearest words on the map, each axis scaled to variance 1: 0 or less where a map says
nothing, 1 where it says all. Then trustworthiness and continuity. The non-linear layout
is left out of a quick run.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import tempfile
import time
from pathlib import Path
from typing import Any

import noise
import numpy as np
from measure import Target, line, skipped, start

from tb_wordembed.analysis.neighbors.all_rows import all_nearest
from tb_wordembed.read.series import Series

NEAR = 30
TARGET = Target(">", 0.2)


def main() -> None:
    """Trains the demo and prints what each map says."""
    quick = start(__doc__ or "")
    if not importlib.util.find_spec("tensorflow"):
        skipped("the demo's classifier", "tensorflow is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()):
            (series,) = noise.demo(Path(folder), 1)
        last = series.steps[-1]
        shown = series.shown_components()
        print(f"  components of the pooled variance: {series.basis().shares.round(4)}")
        print(f"  components shown: {shown}")
        maps = {
            "PC 1": series.positions(last, [1]),
            "PC 1, PC 2": series.positions(last, [1, 2]),
            "PC 1, change": series.positions(last, [1, 0]),
        }
        if not quick:
            begin = time.process_time()
            maps["t-SNE"] = series.layout()[-1].positions
            took = time.process_time() - begin
            print(f"  t-SNE of all steps: {took:.0f} s of a processor")
        known = {"log frequency": frequency(series), "epoch": epoch(series)}
        for name, places in maps.items():
            for what, values in known.items():
                target = TARGET if name == "PC 1, change" else None
                found = read_from(places, values)
                said = f"{name}: R² of {what} {found:.3f}"
                line(said, f"{len(values):,} words, step {last}", found, target)
            of = series.quality_of(places, last)
            print(
                f"  {name}: trustworthiness {of.trustworthiness:.3f}, continuity "
                f"{of.continuity:.3f}"
            )


def frequency(series: Series) -> Any:
    """Returns the logarithm of one more than the frequency of each word."""
    return np.log1p(np.asarray(series.frequency()))


def epoch(series: Series) -> Any:
    """Returns the epoch by which each word had gone half of its way across."""
    across = np.stack([series.positions(step, [1])[:, 0] for step in series.steps])
    ways = np.abs(np.diff(across, axis=0)).cumsum(axis=0)
    return (ways >= ways[-1] / 2).argmax(axis=0).astype(float)


def read_from(places: Any, values: Any) -> float:
    """Returns the share of the variance of values that the nearest points explain."""
    scaled = (places - places.mean(axis=0)) / places.std(axis=0)
    near = all_nearest(scaled.astype(np.float32), NEAR, "euclidean").indices
    rest = values - values[near].mean(axis=1)
    return float(1 - (rest**2).sum() / ((values - values.mean()) ** 2).sum())


if __name__ == "__main__":
    main()
