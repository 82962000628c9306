"""Probes: scores by hand, files as they are published, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed.analysis.probes import Analogies, Associations, Classes, Pairs
from tb_wordembed.cli import main
from tb_wordembed.read.probe_files import parse_probe
from tb_wordembed.read.series import Series

WORDS = ["king", "man", "woman", "queen", "Paris", "rome", "zero"]


def table() -> Any:
    rows = np.array(
        [[3, 1, 0], [1, 1, 0], [1, 0, 1], [3, 0, 1], [0, 5, 5], [1, 9, 9], [0, 0, 0]]
    )
    return rows.astype(np.float32)


def log(folder: Path, *tables: Any, tokens: Any = WORDS) -> Series:
    with tb_wordembed.SnapshotWriter(folder / "run") as writer:
        for step, rows in enumerate(tables):
            writer.embedding("t", rows, step, tokens=tokens)
    return tb_wordembed.open(folder).series()


def value(series: Series, probe: Any, **arguments: Any) -> tuple[float, int]:
    (found,) = series.probe(probe, [0], **arguments)
    return found.value, found.used


def test_pairs_are_ranked_as_their_cosines(tmp_path: Path) -> None:
    series = log(tmp_path, table())
    near = ("king", "queen", 8.0)
    far = ("king", "rome", 1.0)
    middle = ("man", "woman", 5.0)
    # Cosines: 0.9, about 0.23, 0.5.
    assert value(series, Pairs([near, far, middle])) == pytest.approx((1.0, 3))
    turned = [(a, b, -score) for a, b, score in (near, far, middle)]
    assert value(series, Pairs(turned)) == pytest.approx((-1.0, 3))
    # Equal numbers share their rank: correlation of (1, 2.5, 2.5) with (1, 2, 3).
    tied = Pairs([far, middle, ("king", "queen", 5.0)])
    assert value(series, tied)[0] == pytest.approx(np.sqrt(3) / 2)


def test_unknown_words_and_rows_without_direction_are_left_out(tmp_path: Path) -> None:
    series = log(tmp_path, table())
    pairs = [("king", "queen", 2.0), ("man", "rome", 1.0)]
    more = [("king", "nobody", 9.0), ("zero", "king", 9.0)]
    assert value(series, Pairs(pairs + more)) == pytest.approx((1.0, 2))
    undefined, used = value(series, Pairs(more))
    assert np.isnan(undefined)
    assert used == 0


def test_words_are_known_in_another_letter_case(tmp_path: Path) -> None:
    tokens = ["KING", "king", *WORDS[2:]]
    series = log(tmp_path, table(), tokens=tokens)
    # "king" is row 1, and "paris" is "Paris".
    pairs = [("king", "woman", 1.0), ("paris", "rome", 2.0)]
    assert value(series, Pairs(pairs)) == pytest.approx((1.0, 2))


def test_analogies_leave_out_the_words_of_the_question(tmp_path: Path) -> None:
    series = log(tmp_path, table())
    right = ("man", "king", "woman", "queen")
    wrong = ("man", "king", "woman", "rome")
    assert value(series, Analogies([right, wrong])) == (0.5, 2)
    # Without its row, queen can't be an answer.
    assert value(series, Analogies([right]), restrict_vocab=3)[1] == 0


def test_analogies_equal_brute_force(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(60, 6)).astype(np.float32)
    tokens = [f"w{row}" for row in range(60)]
    series = log(tmp_path, rows, tokens=tokens)
    numbers = np.array([rng.choice(60, 4, replace=False) for _ in range(300)])
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    right = 0
    for a, b, c, answer in numbers:
        cosines = units @ (units[b] - units[a] + units[c])
        cosines[[a, b, c]] = -np.inf
        right += cosines.argmax() == answer
    questions = [(f"w{a}", f"w{b}", f"w{c}", f"w{d}") for a, b, c, d in numbers]
    assert value(series, Analogies(questions)) == (right / 300, 300)


def test_classes_leave_a_word_out_of_its_own_centroid(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(50, 4)).astype(np.float32)
    labels = rng.choice(["a", "b", "c"], 50)
    tokens = [f"w{row}" for row in range(50)]
    series = log(tmp_path, rows, tokens=tokens)
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    right = 0
    for row in range(50):
        others = np.arange(50) != row
        means = {one: units[others & (labels == one)].mean(axis=0) for one in "abc"}
        cosines = {k: units[row] @ m / np.linalg.norm(m) for k, m in means.items()}
        right += max(cosines, key=lambda one: cosines[one]) == labels[row]
    probe = Classes(dict(zip(tokens, labels.tolist(), strict=True)))
    assert value(series, probe) == (right / 50, 50)


def test_association_is_the_effect_size_of_weat(tmp_path: Path) -> None:
    series = log(tmp_path, table())
    probe = Associations((["king"], ["queen"]), (["man"], ["woman"]))
    # s(king) = 4 / sqrt(20) - 3 / sqrt(20), and s(queen) the opposite.
    apart, spread = 2 / np.sqrt(20), np.sqrt(2) / np.sqrt(20)
    assert value(series, probe) == pytest.approx((apart / spread, 4))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# comment\ntiger\tcat\t7.35\n", Pairs([("tiger", "cat", 7.35)])),
        ("Word 1,Word 2,Human\r\nlove, sex,6.77", Pairs([("love", "sex", 6.77)])),
        (": x\na b c d\n\n: y\ne f g h", Analogies([(*"abcd",), (*"efgh",)])),
        (
            "new york\tplace\ndog\tanimal",
            Classes({"new york": "place", "dog": "animal"}),
        ),
        ("\ufeffdog;animal", Classes({"dog": "animal"})),
        (
            "X: a, b\nY: c\nA: d\nB: e",
            Associations((["a", "b"], ["c"]), (["d"], ["e"])),
        ),
    ],
)
def test_reads_published_forms(tmp_path: Path, text: str, expected: Any) -> None:
    file = tmp_path / "probe.txt"
    file.write_text(text, "utf-8")
    series = log(tmp_path, table())
    assert parse_probe(text.removeprefix("\ufeff")) == expected
    assert len(series.probe(file)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no line"),
        ("# nothing\n: section\n", "no line"),
        ("a b c\nd e f\n", "line 2: 'f' is no number"),
        ("a b c d\ne f\n", "line 2 has 2 columns, line 1 has 4; expected"),
        ("alone\n", "line 1 has 1 columns"),
        ("dog\tanimal\ndog\tnoun\n", "line 2: 'dog' has the class 'noun'"),
    ],
)
def test_refuses_what_is_no_probe(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_probe(text)


def test_refuses_too_many_items(tmp_path: Path) -> None:
    series = log(tmp_path, table())
    with pytest.raises(ValueError, match=r"100,001 items; expected at most 100,000"):
        series.probe(Pairs([("a", "b", 1.0)] * 100_001))
    with pytest.raises(ValueError, match="restrict_vocab is 0"):
        series.probe(Pairs([("a", "b", 1.0)]), restrict_vocab=0)


def test_the_command_scores_every_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # King becomes zero, so that one pair is left.
    shuffled = table()[::-1].copy()
    log(tmp_path, table(), shuffled)
    file = tmp_path / "pairs.tsv"
    file.write_text("king\tqueen\t8\nking\trome\t1\nman\twoman\t5\nx\ty\t1\n", "utf-8")
    arguments = ["probe", str(tmp_path), str(file)]
    assert main([*arguments, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["step"] for row in rows] == [0, 1]
    assert rows[0]["spearman"] == pytest.approx(1)
    assert [row["used"] for row in rows] == [3, 1]
    assert main([*arguments, "--step", "0"]) == 0
    assert "used of 4 in the file" in capsys.readouterr().err
    assert main(["probe", str(tmp_path), str(tmp_path / "none.tsv")]) == 2
    assert "none.tsv" in capsys.readouterr().err
