"""Tables that grow or shrink keep the words that were logged before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from logs import FILE_NAME, column_value, event, table_value, write
from plugins import getter, plugin_on
from standard_projector import Standard

import tb_wordembed
from tb_wordembed.cli import main
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.series import Series

X = float("nan")


class Logged(NamedTuple):
    """A step: a number for each row, by which it is recognized; its words."""

    rows: list[float]
    tokens: str | None = None


class Case(NamedTuple):
    """Steps, the labels that are right, and each step's numbers in their order."""

    steps: list[Logged]
    labels: list[str]
    numbers: list[list[float]]


CASES = {
    "one more row": Case(
        [Logged([1, 2, 3], "abc"), Logged([1, 2, 3, 4])],
        ["a", "b", "c", "#3"],
        [[1, 2, 3, X], [1, 2, 3, 4]],
    ),
    "two more, one by one": Case(
        [Logged([1, 2], "ab"), Logged([1, 2, 3]), Logged([1, 2, 3, 4])],
        ["a", "b", "#2", "#3"],
        [[1, 2, X, X], [1, 2, 3, X], [1, 2, 3, 4]],
    ),
    "and gets words later": Case(
        [Logged([1, 2], "ab"), Logged([1, 2, 3]), Logged([1, 2, 3], "abc")],
        ["a", "b", "c"],
        [[1, 2, X], [1, 2, 3], [1, 2, 3]],
    ),
    "and gets words in another order": Case(
        [Logged([1, 2], "ab"), Logged([1, 2, 3]), Logged([3, 1, 2], "cab")],
        ["c", "a", "b"],
        [[X, 1, 2], [X, 1, 2], [3, 1, 2]],
    ),
    "and loses a word that is not its last": Case(
        [Logged([1, 2, 5], "abe"), Logged([1, 2, 5, 3]), Logged([2, 5, 3], "bec")],
        ["b", "e", "c"],
        [[2, 5, X], [2, 5, X], [2, 5, 3]],
    ),
    "after its words changed": Case(
        [Logged([1, 2], "ab"), Logged([2, 1], "ba"), Logged([2, 1, 3])],
        ["b", "a", "#2"],
        [[2, 1, X], [2, 1, X], [2, 1, 3]],
    ),
    "after larger ones with words": Case(
        [Logged([1, 2, 3], "abc"), Logged([2, 3], "bc"), Logged([2, 3, 4])],
        ["b", "c", "#2"],
        [[2, 3, X], [2, 3, X], [2, 3, 4]],
    ),
    "it shrinks": Case(
        [Logged([1, 2, 3], "abc"), Logged([1, 2])],
        ["a", "b"],
        [[1, 2], [1, 2]],
    ),
    "it shrinks and grows": Case(
        [Logged([1, 2, 3], "abc"), Logged([1, 2]), Logged([1, 2, 3, 4])],
        ["a", "b", "c", "#3"],
        [[1, 2, 3, X], [1, 2, X, X], [1, 2, 3, 4]],
    ),
    "words of rows that had none": Case(
        [Logged([1, 2, 3], "ab#"), Logged([1, 2, 3], "abc")],
        ["a", "b", "c"],
        [[1, 2, 3], [1, 2, 3]],
    ),
    "words come only with more rows": Case(
        [Logged([1, 2]), Logged([1, 2, 3], "abc")],
        ["a", "b", "c"],
        [[1, 2, 3]],
    ),
    "no words at all": Case(
        [Logged([1, 2]), Logged([1, 2, 3])],
        ["#0", "#1", "#2"],
        [[1, 2, X], [1, 2, 3]],
    ),
    "a word that looks like a row": Case(
        [Logged([1, 2], "a#"), Logged([1, 2, 3])],
        ["a", "#1", "#2"],
        [[1, 2, X], [1, 2, 3]],
    ),
}


def log(directory: Path, steps: list[Logged]) -> Path:
    """Logs the steps as a training does, a writer for each: as if it was resumed."""
    for step, (rows, words) in enumerate(steps):
        tokens = None
        if words is not None:
            tokens = [f"#{row}" if w == "#" else w for row, w in enumerate(words)]
        table = np.array([[row, 1, row * row] for row in rows], np.float32)
        with tb_wordembed.SnapshotWriter(directory) as writer:
            writer.embedding("words", table, step, tokens=tokens)
    return directory


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def test_words_stay_and_rows_are_told_by_them(case: Case, tmp_path: Path) -> None:
    series = tb_wordembed.open(log(tmp_path, case.steps)).series()
    assert series.tokens == case.labels
    found = [series.table(step)[:, 0] for step in series.steps]
    np.testing.assert_array_equal(found, np.array(case.numbers, np.float32))
    for step in series.steps:
        count = len(case.labels)
        rows = series.rows(step, range(count))
        np.testing.assert_array_equal(rows, series.table(step))
        there = np.isfinite(rows[:, 0])
        np.testing.assert_array_equal(series.absent(step), ~there)
        drift = series.drift(step, series.steps[-1])
        np.testing.assert_array_equal(np.isfinite(drift), there)


def test_everything_else_has_the_same_words(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log(tmp_path / "run", case.steps)
    last = len(case.steps) - 1
    get = getter(plugin_on(logdir=str(tmp_path)))
    (series,) = json.loads(get("index").data)["series"]
    assert series["vocab_size"] == len(case.labels)
    assert series["has_tokens"] == any(one.tokens for one in case.steps)
    assert json.loads(get("tokens", run="run", tag="words").data)["tokens"] == (
        case.labels
    )
    assert main(["drift", str(tmp_path), "--format=json", f"--from={last}"]) == 0
    ranked = json.loads(capsys.readouterr().out)
    assert sorted(one["token"] for one in ranked) == sorted(case.labels)
    assert main(["check", str(tmp_path)]) == (len(case.numbers) < len(case.steps))
    assert main(["export", str(tmp_path), "--projector", "--steps=all"]) == 0
    standard = Standard(tmp_path, "run")
    (newest,) = [
        name for name in standard.names("run") if name.endswith(f"step {last})")
    ]
    labels = [one["label"] for one in standard.labels("run", newest)]
    assert labels == case.labels


def test_a_log_that_is_open_while_its_table_grows(tmp_path: Path) -> None:
    opened = tb_wordembed.open(log(tmp_path, CASES["one more row"].steps))
    before = opened.series()
    assert before.tokens == ["a", "b", "c", "#3"]
    with tb_wordembed.SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", np.ones((5, 3), np.float32), 2)
    opened.refresh()
    # By it the page knows that it needs the tokens anew.
    assert opened.series().columns_id != before.columns_id
    assert opened.series().tokens == ["a", "b", "c", "#3", "#4"]


METADATA = {"class": ["noun", "verb"], "frequency": [7, 5]}


@pytest.mark.parametrize(
    ("later", "classes", "frequencies"),
    [
        (Logged([1, 2, 3]), ["noun", "verb", ""], [7, 5, X]),
        (Logged([3, 1, 2], "cab"), ["", "noun", "verb"], [X, 7, 5]),
        (Logged([2], "b"), ["verb"], [5]),
        (Logged([1]), ["noun"], [7]),
        (Logged([2, 1], "ba"), ["noun", "verb"], [7, 5]),
    ],
    ids=["grows", "grows in front", "shrinks", "is cut", "same size: by row"],
)
def test_metadata_is_missing_for_new_rows(
    later: Logged, classes: list[str], frequencies: list[float], tmp_path: Path
) -> None:
    table = np.array([[1, 1], [2, 1]], np.float32)
    with tb_wordembed.SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", table, 0, tokens=["a", "b"], metadata=METADATA)
        writer.embedding(
            "words",
            np.array([[row, 1] for row in later.rows], np.float32),
            1,
            tokens=None if later.tokens is None else list(later.tokens),
        )
    series = tb_wordembed.open(tmp_path).series()
    assert series.metadata["class"] == classes
    np.testing.assert_array_equal(series.metadata["frequency"], frequencies)
    np.testing.assert_array_equal(series.frequency(), frequencies)
    assert series.column_kinds == {"class": "text", "frequency": "number"}
    assert series.layout_tokens() == list(range(len(later.rows)))


def test_words_of_a_damaged_table_stay(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    numbers = np.array([[1.25, 2], [3, 4]], np.float32)
    more = np.ones((3, 2), np.float32)
    write(
        path,
        event(0, column_value("words", "token", list("ab"))),
        event(0, table_value("words", numbers)),
        event(1, table_value("words", more)),
        event(2, table_value("words", more * 2)),
    )
    content = path.read_bytes()
    path.write_bytes(content.replace(numbers.tobytes(), more[:2].tobytes(), 1))
    log = tb_wordembed.open(tmp_path)
    series = log.series()
    assert series.health()
    assert series.steps == [1, 2]
    assert series.tokens == ["a", "b", "#2"]
    assert ["checksum" in one.message for one in log.problems] == [True]


@pytest.mark.parametrize("damaged", ["words-before", "words-after"])
def test_columns_are_left_out_whose_rows_only_damaged_words_tell(
    damaged: str, tmp_path: Path
) -> None:
    path = tmp_path / FILE_NAME
    table = np.ones((2, 2), np.float32)
    after = ["words-after", "b", "c"]
    write(
        path,
        event(0, column_value("words", "token", ["words-before", "b"])),
        event(0, column_value("words", "class", ["x", "y"])),
        event(0, table_value("words", table)),
        event(1, column_value("words", "token", after)),
        event(1, column_value("words", "length", ["1", "2", "3"])),
        event(1, table_value("words", np.ones((3, 2), np.float32))),
        event(2, table_value("words", np.ones((3, 2), np.float32))),
    )
    path.write_bytes(path.read_bytes().replace(damaged.encode(), b"?" * len(damaged)))
    log = tb_wordembed.open(tmp_path)
    series = log.series()
    with pytest.raises(NotFoundError, match=r"'class'; there are: 'length'$"):
        series.column("class")
    assert series.metadata == {"length": ["1", "2", "3"]}
    assert series.steps == [1, 2]
    tokens = after if damaged == "words-before" else ["#0", "#1", "#2"]
    assert series.tokens == tokens
    said = [one.message for one in log.problems]
    assert any("'class'" in one and "other tokens" in one for one in said)


def test_words_of_a_table_with_other_dimensions_stay_its_own(tmp_path: Path) -> None:
    with tb_wordembed.SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", np.ones((2, 2)), 0, tokens=["a", "b"])
        writer.embedding("words", np.ones((3, 4)), 1)
    series: Series = tb_wordembed.open(tmp_path).series()
    assert series.tokens == ["#0", "#1", "#2"]
