"""Findings, which come in two parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from logs import FILE_NAME, random_tables, write_series
from questions import ask, ask_until_done

import tb_wordembed

TABLES = random_tables(3, 120, 6)


def test_words_that_changed_neighbors_join_the_findings_when_they_are_known(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(400, 16)).astype(np.float32)
    tables = [table.copy() for _ in range(3)]
    for step, one in enumerate(tables):
        one += (0.01 * step * rng.normal(size=one.shape)).astype(np.float32)
    tables[1][[3, 4]] = tables[2][[3, 4]] = rng.normal(size=(2, 16))
    write_series(tmp_path / FILE_NAME, tables)
    log = tb_wordembed.open(tmp_path)
    assert ask_until_done(log, "findings").job.error == ""
    done = ask_until_done(log, "findings", with_neighbors=True)
    (changed,) = (one for one in done.findings if one.kind == "changed_neighbors")
    assert sorted(changed.view.indices) == [3, 4]
    others = [one for one in done.findings if one.kind != "changed_neighbors"]
    assert others == ask(log, "findings").findings
