"""The Projector's page inside our tab: its requests over HTTP, and their answers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from logs import (
    FILE_NAME,
    column_value,
    event,
    random_tables,
    table_value,
    write,
    write_series,
)
from plugins import getter, plugin_on
from werkzeug.test import TestResponse

import tb_wordembed
from tb_wordembed.projector import rows
from tb_wordembed.server import (
    projector_key,
    projector_page,
    projector_routes,
)
from tb_wordembed.server.projector_key import Place

RUN, TAG = "a run/with #&% in+it", "wörds & items/1"
TOKENS = ["good", "", "a\tb", "nan", "5", "the"]


def make_log(logdir: Path, steps: int = 2) -> list[Any]:
    tables = [
        np.random.default_rng(step).normal(size=(6, 4)).astype(np.float32)
        for step in range(steps)
    ]
    tables[1][3, 1] = np.nan
    write(
        logdir / RUN / FILE_NAME,
        event(
            0,
            column_value(TAG, "token", TOKENS),
            column_value(TAG, "frequency", np.arange(6)),
            column_value(TAG, "drift", list("abcdef")),
        ),
        *(event(step, table_value(TAG, table)) for step, table in enumerate(tables)),
    )
    return tables


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    make_log(tmp_path)
    get = getter(plugin_on(logdir=str(tmp_path)))

    def ask(name: str, key: str = Place(RUN, TAG, 1, 0).key) -> TestResponse:
        return get(f"projector/{key}/{name}")

    return ask


def test_the_page_is_tensorboards_own(ask: Any) -> None:
    html = ask("projector_binary.html")
    assert html.mimetype == "text/html"
    assert "unsafe-eval" in html.headers["Content-Security-Policy"]
    script = ask("projector_binary.js")
    assert script.mimetype == "text/javascript"
    found = projector_page.find()
    assert isinstance(found, projector_page.Page)
    assert html.data == found.html
    assert b"vz-projector-dashboard" in script.data


def test_it_finds_one_tensor_of_the_rows_that_are_finite(
    ask: Any, tmp_path: Path
) -> None:
    (run,) = ask("runs").get_json()
    assert not re.search("[&#%+]", run)
    (embedding,) = ask("info").get_json()["embeddings"]
    assert embedding["tensorShape"] == [5, 4]
    assert not re.search("[&#%+]", embedding["tensorName"])
    tensor = np.frombuffer(ask("tensor").data, "<f4").reshape(5, 4)
    table = tb_wordembed.open(tmp_path).series().table(1)
    np.testing.assert_array_equal(tensor, table[[0, 1, 2, 4, 5]])


def test_columns_are_those_logged_and_measured(ask: Any, tmp_path: Path) -> None:
    lines = ask("metadata").get_data(as_text=True).split("\n")
    names = lines[0].split("\t")
    assert names == [
        *("token", "frequency", "drift", "norm", "drift (measured)", "neighbors kept")
    ]
    fields = [line.split("\t") for line in lines[1:-1]]
    assert [one[0] for one in fields] == ["good", "(empty)", "a\\tb", "5", "the"]
    assert [one[1] for one in fields] == ["0", "1", "2", "4", "5"]
    series = tb_wordembed.open(tmp_path).series()
    shown = [float(one[4]) for one in fields]
    np.testing.assert_allclose(shown, series.drift(0, 1)[[0, 1, 2, 4, 5]], rtol=1e-5)
    kept = [float(one[5]) for one in fields]
    overlap = series.turnover(0, 1, projector_routes.K).overlap[[0, 1, 2, 4, 5]]
    np.testing.assert_allclose(kept, overlap, rtol=1e-5)


def test_labels_stay_with_their_rows_when_others_are_shown(tmp_path: Path) -> None:
    # Rows that are not finite are others at each step.
    tables = random_tables(3, 5, 3)
    for step, lost in enumerate(([], [1], [1, 3])):
        tables[step][lost] = np.nan
    write_series(tmp_path / FILE_NAME, tables, tokens=list("abcde"))
    log = tb_wordembed.open(tmp_path)
    (series,) = log.all_series
    for step in (0, 1, 2, 0):
        body, _ = projector_routes.answer(
            log, Place(series.run, series.tag, step, 0), "metadata"
        )
        lines = [line.split("\t") for line in body.decode().splitlines()]
        assert lines[0] == ["token", "norm", "drift", "neighbors kept"]
        norms = series.norms(step)
        rows = np.flatnonzero(np.isfinite(tables[step]).all(axis=1)).tolist()
        assert [one[0] for one in lines[1:]] == ["abcde"[row] for row in rows]
        shown = [float(one[1]) for one in lines[1:]]
        np.testing.assert_allclose(shown, norms[rows], rtol=1e-5)


def test_a_large_table_has_a_column_of_neighbors_when_they_are_known(
    ask: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(projector_routes, "PROMPT_OPERATIONS", 1)
    log = tb_wordembed.open(tmp_path)
    where = Place(RUN, TAG, 1, 0)
    assert b"neighbors kept" not in projector_routes.answer(log, where, "metadata")[0]
    log.series().turnover(0, 1)
    assert b"neighbors kept" in projector_routes.answer(log, where, "metadata")[0]


def test_the_other_requests_of_the_page_are_answered(ask: Any) -> None:
    assert ask("bookmarks").get_json() == []
    assert ask("sprite_image").status_code == 404
    assert ask("other").status_code == 404
    assert ask("tensor", Place(RUN, TAG, 7, 0).key).status_code == 404
    assert ask("runs", Place("x", TAG, 1, 0).key).status_code == 404


@pytest.mark.parametrize(
    "key",
    [
        *(
            "",
            "x",
            "%00",
            "bnVsbA",
            "W10",
            "WzEsMiwzLDQsWzVdXQ",
            "WyJhIiwiYiIsMSwyLDNd",
        ),
        pytest.param("W1tb" * 10_000, id="lists in lists"),
    ],
)
def test_an_address_that_was_not_given_is_a_404(ask: Any, key: str) -> None:
    assert ask("runs", key).status_code == 404


def test_a_key_needs_no_escape_and_says_it_all() -> None:
    for run in ("", "a/b#c&d", "世界", "x" * 300):
        where = Place(run, "é", -3, 5, "1.2")
        assert re.fullmatch(r"[\w-]+", where.key, re.ASCII)
        assert projector_key.parse(where.key) == where


def test_a_large_table_is_sampled_with_what_is_selected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_log(tmp_path)
    log = tb_wordembed.open(tmp_path)
    monkeypatch.setattr(rows.shown_rows, "__defaults__", (None, (), 3))
    shown = projector_routes.shown(log, Place(RUN, TAG, 0, 0, "1"))
    assert len(shown.rows) == 3
    assert 1 in shown.rows
    assert (shown.sampled, shown.non_finite) == (3, 0)
    body, _ = projector_routes.answer(log, Place(RUN, TAG, 0, 0, "1"), "tensor")
    assert len(body) == 3 * 4 * 4


def test_the_route_says_where_it_is(tmp_path: Path) -> None:
    make_log(tmp_path)
    get = getter(plugin_on(logdir=str(tmp_path)))
    asked = {"run": RUN, "tag": TAG, "step": 1, "reference_step": 0}
    response = get("projector", **asked)
    size = int.from_bytes(response.data[:8], "little")
    header = json.loads(response.data[8 : 8 + size])
    answer = json.loads(header["__metadata__"]["response"])
    where = projector_key.parse(answer["key"])
    assert replace(where, content="") == Place(RUN, TAG, 1, 0)
    assert where.content
    assert answer["problem"] == ""
    assert (answer["sampled"], answer["non_finite"]) == (0, 1)
    shown = np.frombuffer(response.data[8 + size :], "<i4")
    assert shown.tolist() == [0, 1, 2, 4, 5]
    wrong = {**asked, "indices": ".".join(map(str, range(201)))}
    assert get("projector", **wrong).status_code == 400
    assert get("projector", **asked, indices="77").status_code == 404


def test_an_unknown_page_is_reported_in_words_and_nothing_else_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_log(tmp_path)
    found = projector_page.find()
    assert isinstance(found, projector_page.Page)
    problem = projector_page.check(found.html, b"/runs /info?run= nothing else")
    assert problem is not None
    assert "/tensor?run=" in problem
    assert projector_page.check(b"<html>", b"") is not None
    monkeypatch.setattr(projector_page, "find", lambda: problem)
    get = getter(plugin_on(logdir=str(tmp_path)))
    asked = {"run": RUN, "tag": TAG, "step": 1, "reference_step": 0}
    assert b"no longer asks for" in get("projector", **asked).data
    key = Place(RUN, TAG, 1, 0).key
    refused = get(f"projector/{key}/projector_binary.html")
    assert refused.status_code == 404
    assert "Its own tab" in refused.get_data(as_text=True)
    assert get("index").status_code == 200
