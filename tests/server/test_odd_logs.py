"""Every route and command on logs of tiny, empty or extreme tables."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from logs import FILE_NAME, random_tables, write_series
from page_file import PageFile
from questions import ROUTES, ask_until_done

import tb_wordembed
from tb_wordembed.cli import main
from tb_wordembed.read.log import Log
from tb_wordembed.server import wire
from tb_wordembed.server.report import make_report

NOT_PER_ROW = {"projector", "similarity_matrix", "search", "ranked", "within"}


def changed(tables: list[Any], rows: Any, value: float) -> list[Any]:
    for table in tables:
        table[rows] = value
    return tables


def tables(steps: int, rows: int, dim: int) -> list[Any]:
    return list(random_tables(steps, rows, dim))


ODD: dict[str, list[Any]] = {
    "one row": tables(3, 1, 4),
    "one dimension": tables(3, 6, 1),
    "one number": tables(2, 1, 1),
    "two rows": tables(3, 2, 3),
    "one step": tables(1, 7, 3),
    "zeros": changed(tables(3, 5, 3), slice(None), 0),
    "nothing finite": changed(tables(3, 5, 3), slice(None), np.nan),
    "infinite at the end": [*tables(2, 5, 3), np.full((5, 3), np.inf, np.float32)],
    "all rows the same": changed(tables(3, 9, 3), slice(None), 0.25),
    "half of the rows the same": changed(tables(3, 12, 3), slice(0, 6), 0.25),
    "a row of zeros and one of NaN": changed(
        changed(tables(3, 9, 3), 2, 0), (4, 1), np.nan
    ),
    "nothing moves": tables(1, 8, 3) * 9,
    "the largest numbers": [3e38 * np.sign(one) for one in tables(3, 8, 3)],
    "the smallest numbers": [1e-44 * np.sign(one) for one in tables(3, 8, 3)],
}


@pytest.fixture(params=ODD)
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Log:
    found = [one.astype(np.float32) for one in ODD[request.param]]
    write_series(tmp_path / FILE_NAME, found)
    return tb_wordembed.open(tmp_path)


def questions(log: Log) -> dict[str, dict[str, Any]]:
    series = log.series()
    steps = {"from_step": series.steps[0], "to_step": series.steps[-1]}
    token = {"index": series.shape[0] - 1}
    step = {"step": series.steps[-1]}
    return {
        "index": {},
        "tokens": {},
        "positions": step,
        "trails": {"indices": f"0.{token['index']}"},
        "drift": steps,
        "rows_in_reference": {},
        "norms": step,
        "path": {},
        "quality": {**step, "k": 2},
        "token_trust": {**step, "k": 2},
        "health": {},
        "trajectories": {
            "indices": f"0.{token['index']}",
            "reference_step": series.steps[0],
        },
        "neighbors": {**token, **step},
        "neighbor_change": {**token, **steps},
        "motion": {**token, **steps},
        "turnover": steps,
        "second_order_drift": steps,
        "similarity_matrix": {},
        "breaks": {},
        "axis": {**step, "expression": "'#0'"},
        "analogy": {**step, "expression": "'#0'"},
        "findings": {"with_neighbors": True},
        "projector": {**step, "reference_step": series.steps[0]},
        "groups": steps,
        "group_trajectories": {"reference_step": series.steps[0]},
        "updates": {},
        "undertrained": step,
        "probe": {"text": "good great 9.1\ngood awful 1.2\nfilm movie 9.8"},
        "all_health": {},
        "search": {"query": "#"},
        "ranked": {
            "route": "norms",
            "question": f"step={step['step']}",
            "field": "values",
        },
        "within": {**step, "box": "-1_-1_1_1"},
    }


def test_every_route_answers(log: Log) -> None:
    asked = questions(log)
    # Other tests ask these: few of these logs settle, as their noise demands.
    assert set(asked) == set(ROUTES) - {
        *("column", "cancel", "noise", "findings_between")
    }
    rows = log.series().shape[0]
    for name, parameters in asked.items():
        found = ask_until_done(log, name, **parameters)
        job = getattr(found, "job", None)
        assert job is None or (job.state, job.error) == ("done", "")
        body, kind = wire.encode(found)
        if kind == wire.JSON:
            json.loads(body)
        if name in NOT_PER_ROW or "group" in name:
            continue  # Names the rows shown, none if all are; or has another kind.
        for field, value in vars(found).items():
            if isinstance(value, np.ndarray) and field != "fixed_rows":
                assert len(value) in (rows, 2), name


def test_every_log_makes_a_web_page(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_report, "page_script", lambda: b"")
    page = PageFile(make_report.web_page(log.series()))
    [series] = page.answer("index")["series"]
    assert (series["vocab_size"], series["embedding_dim"]) == log.series().shape
    for step in series["steps"]:
        found = page.answer("positions", step=step)["positions"]
        assert len(found) == series["vocab_size"]


def test_a_layout_has_a_place_for_each_row_that_has_one(log: Log) -> None:
    pytest.importorskip("openTSNE", reason="the extra `layout` is not installed")
    series = log.series()
    frames = series.layout()
    for step, frame in zip(series.steps, frames, strict=True):
        table = series.table(step).astype(np.float64)
        usable = np.isfinite(table).all(axis=1) & (table != 0).any(axis=1)
        placed = np.isfinite(frame.positions).all(axis=1)
        np.testing.assert_array_equal(placed, usable)


@pytest.mark.parametrize(
    "command",
    [
        ["ls"],
        ["check"],
        ["health", "--neighbors"],
        ["drift", "--breaks"],
        ["drift", "--measure", "overlap"],
        ["drift", "--measure", "second_order"],
        ["drift", "--measure", "straightness"],
        ["neighbors", "#0"],
        ["neighbors", "#0", "--from", "0", "-k", "100"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("odd", ODD)
def test_every_command_answers(
    odd: str, command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [one.astype(np.float32) for one in ODD[odd]]
    write_series(tmp_path / FILE_NAME, found)
    name, *rest = command
    forms = ["table", "json"]
    if "--neighbors" in rest:
        # Findings are sentences, which only a table comes with.
        forms.remove("json")
    for form in forms:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert main([name, str(tmp_path), *rest, "--format", form]) == 0
        out, _ = capsys.readouterr()
        if form == "json":
            json.loads(out)
