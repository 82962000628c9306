"""``rows=``: which rows are written, what belongs to them, what readers are told."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed.write.writer import SnapshotWriter

TABLE = np.arange(12, dtype=np.float32).reshape(6, 2)
TOKENS = ["<pad>", "the", "good", "rare", "bad", "a"]
COUNTS = [0, 90, 20, 1, 30, 80]


def log(folder: Path, data: Any = TABLE, step: int = 0, **given: Any) -> None:
    with SnapshotWriter(folder) as writer:
        writer.embedding("words", data, step, **given)


def series(folder: Path) -> Any:
    return tb_wordembed.open(folder).series()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([4, 2], [4, 2]),
        (np.array([5.0, 0.0]), [5, 0]),  # As R has them.
        (slice(1, 3), [1, 2]),
        (slice(None, None, -2), [5, 3, 1]),
        ([False, True, False, False, True, True], [1, 4, 5]),
        ("top:3", [1, 4, 5]),
        ("top:1", [1]),
    ],
)
def test_the_chosen_rows_keep_token_column_and_number(
    tmp_path: Path, rows: Any, expected: list[int]
) -> None:
    log(tmp_path, tokens=TOKENS, metadata={"count": COUNTS}, rows=rows)
    found = series(tmp_path)
    assert found.table(0).tolist() == TABLE[expected].tolist()
    assert found.tokens == [TOKENS[row] for row in expected]
    assert found.metadata["count"].tolist() == [COUNTS[row] for row in expected]
    assert found.metadata["row"].tolist() == expected
    assert (found.shape[0], found.full_vocab_size) == (len(expected), 6)


@pytest.mark.parametrize("rows", [None, slice(None), "top:6", "top:50000", range(6)])
def test_all_rows_are_a_whole_table(tmp_path: Path, rows: Any) -> None:
    log(tmp_path, tokens=TOKENS, rows=rows)
    assert (series(tmp_path).full_vocab_size, series(tmp_path).metadata) == (6, {})


def test_rows_without_tokens_are_labeled_by_their_number(tmp_path: Path) -> None:
    log(tmp_path, rows=[5, 1])
    assert series(tmp_path).tokens == ["#5", "#1"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"rows": [0, 6]}, "there is no row 6; the table has rows 0 to 5"),
        ({"rows": [-1]}, "there is no row -1"),
        ({"rows": [2, 1, 2]}, "row 2 is there twice"),
        ({"rows": [0.5]}, "expected the numbers of rows, 0 to 5, a slice"),
        ({"rows": [0.0, np.inf]}, "expected the numbers of rows, 0 to 5, a slice"),
        ({"rows": [True, False]}, "one bool for each row"),
        ({"rows": 3}, "expected the numbers of rows"),
        ({"rows": []}, "chooses none of the 6 rows"),
        ({"rows": slice(7, 9)}, "chooses none of the 6 rows"),
        ({"rows": slice("a")}, "expected a slice of whole numbers"),
        ({"rows": slice(0, 5, 0)}, "expected a slice of whole numbers"),
        ({"rows": "most"}, 'expected "top:" and how many'),
        ({"rows": "top:0"}, 'such as "top:50000"'),
        ({"rows": "top:2"}, r"no column of numbers called frequency, .* rows=slice\(2"),
        (
            {"rows": "top:2", "tokens": TOKENS, "metadata": {"count": ["many"] * 6}},
            "needs to know how often each token occurs",
        ),
        (
            {"rows": [1, 2], "tokens": ["the", "good"]},
            "tokens has 2 entries but the table has 6 rows.*those of the whole table",
        ),
        (
            {"rows": [4, 5], "tokens": {0: "bad", 1: "a"}},
            "tokens has none for the 2 rows that rows= chooses",
        ),
        ({"rows": [1], "metadata": {"row": COUNTS}}, "another name"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_written(
    tmp_path: Path, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        log(tmp_path, **given)
    assert not tb_wordembed.open(tmp_path).all_series


def test_tokens_and_rows_stay_as_they_are(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        given: dict[str, Any] = {"tokens": TOKENS, "metadata": {"count": COUNTS}}
        writer.embedding("words", TABLE, 0, rows="top:2", **given)
        writer.embedding("words", TABLE + 1, 1, rows="top:2")
        with pytest.raises(ValueError, match=r"other rows than .* pass their tokens"):
            writer.embedding("words", TABLE, 2, rows=[0])
        with pytest.raises(ValueError, match="pass their tokens"):
            writer.embedding("words", TABLE, 2)
    found = series(tmp_path)
    assert (found.steps, found.tokens) == ([0, 1], ["the", "a"])
    assert found.table(1).tolist() == (TABLE + 1)[[1, 5]].tolist()


def test_other_rows_are_matched_by_their_tokens(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0, rows=[1, 2], tokens=TOKENS)
        writer.embedding("words", TABLE, 1, rows=[2, 4], tokens=TOKENS)
    found = series(tmp_path)
    assert found.tokens == ["good", "bad"]
    assert found.metadata["row"].tolist() == [2, 4]
    assert found.table(0)[0].tolist() == TABLE[2].tolist()
    assert np.isnan(found.table(0)[1]).all()


def test_only_the_chosen_rows_are_copied(tmp_path: Path) -> None:
    table = np.ones((200_000, 64), np.float32)  # 51 MB
    with SnapshotWriter(tmp_path) as writer:
        tracemalloc.start()
        writer.embedding("words", table, 0, rows=slice(0, 1000))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < table.nbytes / 10
    assert series(tmp_path).full_vocab_size == 200_000


@pytest.mark.parametrize(
    ("package", "make"),
    [
        ("tensorflow", lambda tf: tf.Variable(TABLE)),
        ("tensorflow", lambda tf: tf.constant(TABLE)),
        ("torch", lambda torch: torch.nn.Parameter(torch.tensor(TABLE))),
        ("jax", lambda jax: jax.numpy.asarray(TABLE)),
        ("builtins", lambda _: TABLE.tolist()),
    ],
)
def test_arrays_of_any_package(tmp_path: Path, package: str, make: Any) -> None:
    log(tmp_path, make(pytest.importorskip(package)), rows=[4, 1])
    assert series(tmp_path).table(0).tolist() == TABLE[[4, 1]].tolist()


def test_one_row_of_a_vast_table_can_be_written(tmp_path: Path) -> None:
    vast = np.broadcast_to(np.float32(1), (10_000_000, 100))  # 4 GB
    log(tmp_path, vast, rows=[9_999_999])
    assert series(tmp_path).tokens == ["#9999999"]


def test_summary_and_protobuf_have_the_same_rows(tmp_path: Path) -> None:
    summary = tb_wordembed.summary.embedding_pb(
        "words", TABLE, tokens=TOKENS, rows=[4, 1]
    )
    log(tmp_path, tokens=TOKENS, rows=[4, 1])
    written = next(tmp_path.iterdir()).read_bytes()
    assert all(value.SerializeToString() in written for value in summary.value)
