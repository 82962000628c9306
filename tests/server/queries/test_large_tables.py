"""Answers about some rows of a table, and rows found among all of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from golden_log import COLUMNS, write_log
from logs import FILE_NAME, random_tables, write_series
from questions import ask, ask_until_done

import tb_wordembed
from tb_wordembed.engine import large_arrays
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.log import Log

ROWS = 400
SOME = [7, 3, 399, 12, 3]
SHOWN = ".".join(map(str, SOME))


@pytest.fixture
def log(tmp_path: Path) -> Log:
    write_series(tmp_path / FILE_NAME, list(random_tables(4, ROWS, 5)))
    return tb_wordembed.open(tmp_path)


PER_ROW: list[tuple[str, dict[str, Any]]] = [
    ("drift", {"from_step": 0, "to_step": 2}),
    ("drift", {"from_step": 1, "to_step": 3, "measure": "euclidean"}),
    ("norms", {"step": 1}),
    ("positions", {"step": 2}),
    ("positions", {"step": 2, "components": "4.2"}),
    ("positions", {"step": 2, "components": "1.0"}),
    ("positions", {"step": 2, "layout": "axes", "x": "'#0'", "y": "'#5'"}),
    ("path", {}),
    ("breaks", {}),
    ("updates", {}),
    ("undertrained", {"step": 3}),
    ("turnover", {"from_step": 0, "to_step": 3}),
    ("axis", {"step": 3, "expression": "'#0'"}),
    ("token_trust", {"step": 3, "k": 2}),
    ("rows_in_reference", {}),
]


@pytest.mark.parametrize(("route", "asked"), PER_ROW)
def test_answers_about_some_rows_are_those_about_all(
    log: Log, route: str, asked: dict[str, Any]
) -> None:
    whole = ask_until_done(log, route, **asked)
    some = ask_until_done(log, route, **asked, shown=SHOWN)
    for name, values in vars(some).items():
        if isinstance(values, np.ndarray) and name != "fixed_rows":
            assert len(values) == len(SOME)
            all_of = getattr(whole, name)[SOME]
            np.testing.assert_allclose(values, all_of, rtol=2e-6, atol=1e-6)


def test_tokens_and_columns_of_some_rows(tmp_path: Path) -> None:
    write_log(tmp_path)
    log, of = tb_wordembed.open(tmp_path), {"run": "embeddings", "tag": "words"}
    assert ask(log, "tokens", **of, shown="6.0").tokens == ["日本", "good"]
    for column in ("frequency", "part_of_speech"):
        found = ask(log, "column", **of, column=column, shown="6.0")
        values = found.texts or found.numbers
        assert values == [COLUMNS[column][6], COLUMNS[column][0]]


def test_a_sample_has_one_row_of_each_equal_part(log: Log) -> None:
    whole = ask(log, "norms", step=0).values
    some = ask(log, "norms", step=0, shown="sample.50.400").values
    rows = [int(np.flatnonzero(whole == value)[0]) for value in some]
    assert [row // 8 for row in rows] == list(range(50))
    assert len({row % 8 for row in rows}) == 8


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        ("1..2", "parameter 'shown' is '1..2'"),
        ("sample.5", "expected such as sample.1000.400"),
        ("sample.0.400", "expected such as"),
        ("sample.5.401", "expected such as"),
        ("sample.300000.400", "1 to 200,000"),
        (".".join(["1"] * 200_001), "names 200,001 rows; expected 200,000 at most"),
    ],
)
def test_wrong_rows_get_words(log: Log, shown: str, message: str) -> None:
    for route in ("norms", "undertrained"):
        with pytest.raises(ValueError, match=message):
            ask(log, route, step=0, shown=shown)


def test_a_row_that_is_not_there_is_not_found(log: Log) -> None:
    with pytest.raises(NotFoundError, match="index 400"):
        ask(log, "norms", step=0, shown="3.400")


def ranked(log: Log, route: str, **asked: Any) -> list[int]:
    found = ask_until_done(log, "ranked", route=route, **asked)
    rows: list[int] = found.rows.tolist()
    return rows


@pytest.mark.parametrize("rows_at_once", [1 << 20, 64])
def test_rows_are_ranked_among_all_of_a_table(
    log: Log, rows_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_arrays, "ROWS_AT_ONCE", rows_at_once)
    series = log.series()
    norms, drift = series.norms(3), series.drift(0, 3, "norm_change")
    of = {"field": "values", "most": 20}
    largest = ranked(log, "norms", question="step=3", **of)
    assert largest == np.argsort(-norms, kind="stable")[:20].tolist()
    smallest = ranked(log, "norms", question="step=3", order="smallest", **of)
    assert smallest == np.argsort(norms, kind="stable")[:20].tolist()
    question = "from_step=0&to_step=3&measure=norm_change"
    sized = ranked(log, "drift", question=question, order="largest_size", **of)
    assert sized == np.argsort(-np.abs(drift), kind="stable")[:20].tolist()
    paths = ranked(log, "path", question="", field="length", most=5)
    assert paths == np.argsort(-series.path().length, kind="stable")[:5].tolist()


def test_rows_are_ranked_by_a_logged_column(tmp_path: Path) -> None:
    write_log(tmp_path)
    log, of = tb_wordembed.open(tmp_path), {"run": "embeddings", "tag": "words"}
    asked = {**of, "field": "numbers", "most": 3}
    found = ranked(log, "column", question="column=frequency", **asked)
    expected = np.argsort(-np.asarray(COLUMNS["frequency"], float), kind="stable")
    assert found == expected[:3].tolist()
    with pytest.raises(ValueError, match="holds texts"):
        ask(log, "ranked", route="column", question="column=part_of_speech", **asked)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"question": "step=0", "field": "length"}, "'length'; expected one of"),
        ({"question": "size=0", "field": "values"}, "'size' is unknown"),
        ({"question": "step=x", "field": "values"}, "'step' is 'x'"),
    ],
)
def test_wrong_rankings_get_words(
    log: Log, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ask(log, "ranked", route="norms", **asked)


@pytest.mark.parametrize("components", [(1, 3), (1, 0)])
def test_rows_in_a_rectangle_are_those_whose_positions_are_in_it(
    log: Log, components: tuple[int, int]
) -> None:
    places = log.series().positions(2, components)
    low, high = np.quantile(places, 0.3, axis=0), np.quantile(places, 0.8, axis=0)
    box = "_".join(str(float(one)) for one in [*low, *high])
    inside = np.flatnonzero(((places >= low) & (places <= high)).all(axis=1))
    named = ".".join(map(str, components))
    asked = {"step": 2, "components": named, "box": box}
    found = ask_until_done(log, "within", **asked)
    assert found.rows.tolist() == inside.tolist()
    assert found.count == len(inside)
    some = ask_until_done(log, "within", **asked, most=10)
    assert (len(some.rows), some.count) == (10, len(inside))
    assert set(some.rows.tolist()) <= set(inside.tolist())


def test_a_wrong_rectangle_gets_words(log: Log) -> None:
    for box in ("", "1_2_3", "1_2_3_nan", "a_b_c_d"):
        with pytest.raises(ValueError, match="expected four numbers x0_y0_x1_y1"):
            ask(log, "within", step=0, box=box)


def test_a_search_answers_with_rows(log: Log) -> None:
    found = ask(log, "search", query="#39")
    assert found.rows.tolist() == [39, *range(390, 400)]
    assert not found.more


def test_a_search_finds_a_regular_expression(log: Log) -> None:
    found = ask_until_done(log, "search", query="/^#3.$/")
    assert (found.rows.tolist(), found.problem) == ([*range(30, 40)], "")


def test_a_search_that_failed_is_made_again(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("sys.executable", "/nowhere/python")
        failed = ask_until_done(log, "search", query="/^#3.$/")
    assert "no process could be started" in failed.problem
    found = ask_until_done(log, "search", query="/^#3.$/")
    assert (found.rows.tolist(), found.problem) == ([*range(30, 40)], "")


NORM, DRIFT, TOKEN = (
    ["norms", "step=3", "values"],
    ["drift", "from_step=0&to_step=3", "values"],
    ["tokens"],
)
A, B = ["column", 0], ["column", 1]


@pytest.mark.parametrize(
    ("columns", "meets", "expected"),
    [
        ([NORM], [">", A, ["number", 2]], lambda norm, drift: norm > 2),
        (
            [NORM, DRIFT],
            ["and", ["<=", A, ["number", 2]], ["!=", B, ["number", 1]]],
            lambda norm, drift: (norm <= 2) & (drift != 1),
        ),
        (
            [NORM, DRIFT],
            [
                "or",
                [">", ["*", A, B], ["number", 2]],
                ["<", B, ["/", A, ["number", 9]]],
            ],
            lambda norm, drift: (norm * drift > 2) | (drift < norm / 9),
        ),
        (
            [TOKEN],
            ["not", ["ends", A, ["text", "7"]]],
            lambda norm, drift: np.arange(ROWS) % 10 != 7,
        ),
        (
            [TOKEN],
            ["in", A, ["text", "#5"], ["text", "#399"], ["text", "none"]],
            lambda norm, drift: np.isin(np.arange(ROWS), [5, 399]),
        ),
        ([NORM], ["<", ["number", 1], ["number", 2]], lambda norm, drift: norm == norm),
        (
            [NORM],
            ["in", ["number", 1], A, ["number", 1]],
            lambda norm, drift: norm == norm,
        ),
        ([NORM], ["<", A, ["number", 10**400]], lambda norm, drift: norm == norm),
    ],
)
def test_rows_that_meet_a_condition_are_ranked(
    log: Log, columns: Any, meets: Any, expected: Any
) -> None:
    series = log.series()
    norm, drift = (
        one.astype(np.float64) for one in (series.norms(3), series.drift(0, 3))
    )
    condition = json.dumps({"columns": columns, "meets": meets})
    asked = {"question": "step=3", "field": "values", "condition": condition}
    found = ask_until_done(log, "ranked", route="norms", **asked, most=400)
    rows = np.flatnonzero(expected(norm, drift))
    assert len(rows) > 0
    assert found.count == len(rows)
    assert found.rows.tolist() == rows[np.argsort(-norm[rows], kind="stable")].tolist()


def test_ranks_follow_another_run_that_is_written_anew(tmp_path: Path) -> None:
    tables = list(random_tables(3, 50, 4))
    for run, table in (("ours", tables[0]), ("theirs", tables[1])):
        write_series(tmp_path / run / FILE_NAME, [table])
    log = tb_wordembed.open(tmp_path)

    def ranked() -> list[int]:
        question = "from_step=0&to_step=0&measure=euclidean&reference_run=theirs"
        asked = {"route": "drift", "question": question, "field": "values"}
        rows: list[int] = ask_until_done(
            log, "ranked", run="ours", **asked
        ).rows.tolist()
        drift = log.series("ours").drift(
            0, 0, "euclidean", reference=log.series("theirs")
        )
        assert rows == np.argsort(-drift, kind="stable").tolist()
        return rows

    before = ranked()
    shutil.rmtree(tmp_path / "theirs")
    write_series(tmp_path / "theirs" / FILE_NAME, [tables[2]])
    log.refresh()
    assert ranked() != before


def test_a_condition_on_logged_columns(tmp_path: Path) -> None:
    write_log(tmp_path)
    log, of = tb_wordembed.open(tmp_path), {"run": "embeddings", "tag": "words"}
    kinds, counts = COLUMNS["part_of_speech"], COLUMNS["frequency"]
    condition = {
        "columns": [
            ["column", "column=part_of_speech", "texts"],
            ["column", "column=frequency", "numbers"],
        ],
        "meets": ["and", ["=", A, ["text", kinds[0]]], [">", B, ["number", 5]]],
    }
    asked = {
        "question": "step=5",
        "field": "values",
        "condition": json.dumps(condition),
    }
    found = ask_until_done(log, "ranked", **of, route="norms", **asked)
    both = zip(kinds, counts, strict=True)
    expected = [row for row, (kind, n) in enumerate(both) if kind == kinds[0] and n > 5]
    assert sorted(found.rows.tolist()) == expected
    assert found.count == len(expected) > 0


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("no", "expected JSON with 'columns' and 'meets'"),
        ("[" * 9000, "expected JSON with"),
        ({"columns": [], "meets": ["column", 0]}, "has no value here"),
        ({"columns": [NORM], "meets": ["column", 0]}, "is no condition"),
        ({"columns": [NORM], "meets": ["and", A, A]}, "is no condition"),
        ({"columns": [NORM], "meets": ["=", A, ["text", "x"]]}, "has no value here"),
        ({"columns": [TOKEN, TOKEN], "meets": ["=", A, B]}, "has no value here"),
        ({"columns": [NORM], "meets": [">"] * 501}, "more than 500 parts"),
        (
            {
                "columns": [TOKEN],
                "meets": ["in", A, *(["text", str(n)] for n in range(101))],
            },
            "more than 100 texts",
        ),
        ({"columns": [["norms", "size=1", "values"]], "meets": A}, "'size' is unknown"),
        ({"columns": [["index", "", "values"]], "meets": A}, "'index' ranks no rows"),
        (
            {"columns": [["column", "column=x", "texts"]], "meets": A},
            "'x' is no column",
        ),
        ({"columns": [["words"]], "meets": A}, "not ['tokens'] or lists of three"),
        ({"columns": [NORM] * 21, "meets": A}, "more than 20 columns"),
    ],
)
def test_wrong_conditions_get_words(log: Log, condition: Any, message: str) -> None:
    text = condition if isinstance(condition, str) else json.dumps(condition)
    asked = {"question": "step=0", "field": "values", "condition": text}
    try:
        problem = ask_until_done(log, "ranked", route="norms", **asked).job.error
    except ValueError as error:
        problem = str(error)
    assert message in problem
