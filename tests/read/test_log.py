"""``tb_wordembed.open``: a log as its reader sees it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from golden_log import STEPS, TOKENS, write_log
from logs import FILE_NAME, column_value, event, random_tables, table_value, write
from logs import write_series as write_plain
from scipy.spatial import distance

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.errors import NotFoundError
from tb_wordembed.format import field_keys as keys
from tb_wordembed.format.record import prefix
from tb_wordembed.read.basis import MOST_BASIS_STEPS
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series
from tb_wordembed.snapshots.store import Store


@pytest.fixture
def words(tmp_path: Path) -> Series:
    write_log(tmp_path)
    return tb_wordembed.open(tmp_path).series("embeddings", "words")


def test_what_was_logged_is_there(words: Series) -> None:
    assert words.steps == STEPS
    assert words.wall_times == [1_700_000_000.0 + step for step in STEPS]
    assert words.shape == (8, 4)
    assert words.dtype == "float32"
    assert words.tokens == TOKENS
    assert words.description == "Words of the golden log"
    assert list(words.metadata) == ["frequency", "part_of_speech"]
    assert words.metadata["part_of_speech"] == list("aaaannnx")
    np.testing.assert_array_equal(
        words.metadata["frequency"], [50, 40, 30, 9, 99, 1, 0, 3]
    )


def test_a_log_and_its_series_say_what_they_hold(tmp_path: Path) -> None:
    assert repr(Log([("", str(tmp_path))])) == "<Log without embedding snapshots>"
    write_log(tmp_path)
    log = tb_wordembed.open(tmp_path)
    words = "<Series 'embeddings' 'words': 8 x 4 float32, 4 steps from 0 to 5>"
    assert repr(log.series("embeddings", "words")) == words
    assert words in repr(log)


def test_tables_rows_and_drift(words: Series) -> None:
    before, after = words.table(0), words.table(2)
    assert before.dtype == np.float32
    np.testing.assert_array_equal(words.rows(2, [3, 1]), after[[3, 1]])
    drift = words.drift(0, 2)
    for row in (0, 1, 2, 3):
        expected = distance.cosine(before[row].astype(float), after[row].astype(float))
        assert drift[row] == pytest.approx(expected, rel=1e-6)
    assert drift[4] == 0
    assert np.isnan(drift[6])


def test_no_caller_changes_the_answers_of_others(words: Series) -> None:
    words.tokens.reverse()
    words.health().clear()
    assert words.tokens == TOKENS
    assert len(words.health()) == 4
    health = words.health()[1]
    assert health.to_first is not None
    frequency = words.metadata["frequency"]
    assert isinstance(frequency, np.ndarray)
    answers: list[np.ndarray] = [
        words.drift(0, 2, "euclidean"),
        words.norms(0),
        words.positions(2),
        words.all_neighbors(0).indices,
        words.all_neighbors(0).distances,
        words.basis().mean,
        words.path().length,
        words.path().displacement,
        health.norm,
        health.spectrum,
        frequency,
    ]
    for one in answers:
        with pytest.raises(ValueError, match="read-only"):
            one[:] = -1
    components = words.basis().components
    components[:] = -1
    assert not (words.basis().components == -1).any()


def test_neighbors_by_token_and_by_index(words: Series) -> None:
    by_token = words.neighbors("good", 2, k=3)
    assert by_token == words.neighbors(0, 2, k=3)
    assert by_token == words.neighbors(np.int64(0), 2, k=3)
    assert by_token[0].token == "great"
    assert "good" not in [one.token for one in words.neighbors("good", 2, k=100)]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("goood", "'goood' is not in the vocabulary of 8 .*did you mean 'good'"),
        ("zzz", "'zzz' is not in the vocabulary of 8 tokens$"),
        (8, "0 to 7"),
        (-1, "0 to"),
    ],
)
def test_tokens_that_are_not_there(
    words: Series, wanted: str | int, message: str
) -> None:
    with pytest.raises(NotFoundError, match=message):
        words.neighbors(wanted, 0)


def test_errors_read_as_sentences(words: Series) -> None:
    with pytest.raises(NotFoundError) as caught:
        words.table(3)
    assert str(caught.value).startswith("there is no step 3; there are: 0, 1, 2, 5")


def test_labels_where_none_were_logged(tmp_path: Path) -> None:
    write_plain(tmp_path / FILE_NAME, random_tables(2, 3, 2))
    series = tb_wordembed.open(tmp_path).series()
    assert series.tokens == ["#0", "#1", "#2"]
    assert not series.has_tokens


def test_the_only_series_need_not_be_named(tmp_path: Path) -> None:
    write_plain(tmp_path / "a" / FILE_NAME, random_tables(2, 3, 2))
    log = tb_wordembed.open(tmp_path)
    assert log.series().run == "a"
    write_plain(tmp_path / "b" / FILE_NAME, random_tables(2, 3, 2))
    log.refresh()
    assert log.runs == ["a", "b"]
    assert log.tags("b") == ["words"]
    with pytest.raises(ValueError, match="several runs, name one of: 'a', 'b'"):
        log.series()


def test_a_log_that_is_not_there_or_empty(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no log directory"):
        tb_wordembed.open(tmp_path / "nope")
    with pytest.raises(OSError, match="'nosuch://b/x' can't be read"):
        tb_wordembed.open("nosuch://b/x")
    log = tb_wordembed.open(tmp_path)
    assert log.runs == []
    with pytest.raises(NotFoundError, match="no embedding snapshots"):
        log.series()


def test_new_steps_appear_on_refresh(tmp_path: Path) -> None:
    path = write_plain(tmp_path / FILE_NAME, random_tables(2, 3, 2))
    log = tb_wordembed.open(tmp_path)
    write(path, event(2, table_value("words", np.ones((3, 2), np.float32))))
    assert log.series().steps == [0, 1]
    log.refresh()
    assert log.series().steps == [0, 1, 2]


def test_another_dimension_is_left_out_and_said(tmp_path: Path) -> None:
    path = write_plain(tmp_path / FILE_NAME, random_tables(2, 3, 2), tokens="abc")
    write(path, event(2, table_value("words", np.ones((4, 5), np.float32))))
    log = tb_wordembed.open(tmp_path)
    series = log.series()
    assert series.steps == [2]
    assert series.tokens == ["#0", "#1", "#2", "#3"]
    messages = [one.message for one in log.problems]
    assert len(messages) == 2
    assert (
        "step 0 of '.' 'words' has shape [3, 2] and the newest step [4, 5]"
        in messages[0]
    )


def test_a_column_that_fits_no_table_is_said(tmp_path: Path) -> None:
    path = write_plain(tmp_path / FILE_NAME, random_tables(1, 3, 2), tokens="abcd")
    log = tb_wordembed.open(path.parent)
    assert log.series().tokens == ["#0", "#1", "#2"]
    (problem,) = log.problems
    assert "'token' of '.' 'words' has 4 values and the newest table 3" in (
        problem.message
    )


def changed_vocabulary(path: Path) -> Series:
    """Step 0 with a, b, c; then d comes in front, b goes, and c is there twice."""
    rows = {0: [1, 2, 3], 1: [40, 30, 10, 31], 2: [400, 300, 100, 310]}
    tables = {
        step: np.array([[x, 1, x + 1, x + 2] for x in numbers], np.float32)
        for step, numbers in rows.items()
    }
    write(
        path / FILE_NAME,
        event(0, column_value("words", "token", list("abc"))),
        event(0, table_value("words", tables[0])),
        event(1, column_value("words", "token", list("dcac"))),
        event(1, column_value("words", "frequency", np.array([4, 3, 1, 3]))),
        event(1, table_value("words", tables[1])),
        event(2, table_value("words", tables[2])),
    )
    return tb_wordembed.open(path).series()


def test_rows_of_a_changed_vocabulary_are_told_by_their_tokens(tmp_path: Path) -> None:
    series = changed_vocabulary(tmp_path)
    assert series.steps == [0, 1, 2]
    assert series.tokens == list("dcac")
    nan = np.nan
    np.testing.assert_array_equal(series.table(0)[:, 0], [nan, 3, 1, nan])
    np.testing.assert_array_equal(series.table(1)[:, 0], [40, 30, 10, 31])
    np.testing.assert_array_equal(
        series.rows(0, [2, 0, 1])[:, 0], np.array([1, nan, 3], np.float32)
    )
    drift = series.drift(0, 2, "euclidean")
    assert np.isnan(drift[[0, 3]]).all()
    np.testing.assert_allclose(drift[1:3], np.sqrt(3) * np.array([297, 99]))
    assert [one.token for one in series.neighbors("a", 0, metric="euclidean")] == ["c"]
    positions = series.positions(0)
    assert np.isnan(positions[[0, 3]]).all()
    assert np.isfinite(positions[1:3]).all()
    trail = series.trajectory("d", 1).trail
    assert np.isnan(trail[0]).all()
    assert np.isfinite(trail[1:]).all()


def test_tokens_logged_again_at_a_resume_leave_rows_in_place(tmp_path: Path) -> None:
    for step in (0, 1):
        with tb_wordembed.SnapshotWriter(tmp_path) as writer:
            table = np.full((3, 2), step, np.float32)
            writer.embedding("words", table, step, tokens=["a", "b", "b"])
    series = tb_wordembed.open(tmp_path).series()
    np.testing.assert_array_equal(series.table(0), np.zeros((3, 2)))
    np.testing.assert_allclose(series.drift(0, 1, "euclidean"), [np.sqrt(2)] * 3)


def test_a_table_without_labels_grows_at_its_end(tmp_path: Path) -> None:
    with tb_wordembed.SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", np.ones((2, 2)), 0)
        writer.embedding("words", np.ones((3, 2)) * 2, 1)
    series = tb_wordembed.open(tmp_path).series()
    assert series.shape == (3, 2)
    assert series.tokens == ["#0", "#1", "#2"]
    np.testing.assert_array_equal(series.table(0), [[1, 1], [1, 1], [np.nan] * 2])
    assert not tb_wordembed.open(tmp_path).problems


def test_labels_logged_late_are_those_of_earlier_steps_too(tmp_path: Path) -> None:
    with tb_wordembed.SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", np.ones((2, 2)), 0)
        writer.embedding("words", np.ones((2, 2)), 1, tokens=["a", "b"])
        writer.embedding("words", np.ones((3, 2)), 2, tokens=["c", "a", "b"])
    series = tb_wordembed.open(tmp_path).series()
    np.testing.assert_array_equal(series.table(0)[:, 0], [np.nan, 1, 1])


def test_rows_that_nothing_tells_are_left_out_and_said(tmp_path: Path) -> None:
    changed_vocabulary(tmp_path)
    path = tmp_path / FILE_NAME
    data = bytearray(path.read_bytes())
    data[data.index(b"words/column/token") + 40] ^= 1
    path.write_bytes(data)
    log = tb_wordembed.open(tmp_path)
    series = log.series()
    assert series.tokens == list("dcac")
    assert series.health()
    assert series.steps == [1, 2]
    assert any("no tokens to tell its rows by" in one.message for one in log.problems)


def test_newer_columns_replace_older_ones(tmp_path: Path) -> None:
    path = write_plain(tmp_path / FILE_NAME, random_tables(1, 2, 2), tokens="ab")
    log = tb_wordembed.open(tmp_path)
    before = log.series()
    write(path, event(5, column_value("words", "token", ["x", "y"])))
    log.refresh()
    # They come before the table that they belong to.
    assert log.series().tokens == ["a", "b"]
    write(path, event(5, table_value("words", np.ones((2, 2), np.float32))))
    log.refresh()
    assert log.series().tokens == ["x", "y"]
    assert log.series().columns_id != before.columns_id


def test_a_new_step_moves_the_basis_of_all(tmp_path: Path) -> None:
    # In one dimension the direction cannot turn: only the mean tells.
    path = write_plain(tmp_path / FILE_NAME, [np.array([[1], [2]], np.float32)])
    log = tb_wordembed.open(tmp_path)
    assert log.series().positions(0)[:, 0].tolist() == [-0.5, 0.5]
    write(path, event(1, table_value("words", np.array([[101], [102]], np.float32))))
    log.refresh()
    assert log.series().positions(0)[:, 0].tolist() == [-50.5, -49.5]


def test_what_is_damaged_is_left_out_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = write_plain(tmp_path / FILE_NAME, random_tables(3, 4, 3), tokens="abcd")
    data = path.read_bytes()
    log = tb_wordembed.open(tmp_path)
    (index,) = Store([("", str(tmp_path))]).refresh().series
    broken = bytearray(data)
    broken[index.snapshots[1].table.parts[0].start] ^= 1
    (tokens,) = index.columns[0].values.parts
    broken[tokens.start + tokens.length - 1] ^= 1
    path.write_bytes(broken)
    log.refresh()
    series = log.series()
    assert series.tokens == ["#0", "#1", "#2", "#3"]
    assert len(series.neighbors(0, 0)) == 3
    assert len(series.health()) == 2
    assert series.steps == [0, 2]
    assert series.positions(0).shape == (4, 3)
    assert len(series.trajectory(0, 0).norm) == 2
    assert [one.message for one in log.problems] == [
        f"{what} of '.' 'words': the checksum of the data is wrong; left out"
        for what in ("column 'token'", "step 1")
    ]


def test_a_series_of_which_nothing_is_sound_says_so_each_time(tmp_path: Path) -> None:
    path = write_plain(tmp_path / FILE_NAME, random_tables(1, 4, 3))
    data = bytearray(path.read_bytes())
    log = tb_wordembed.open(tmp_path)
    (index,) = Store([("", str(tmp_path))]).refresh().series
    data[index.snapshots[0].table.parts[0].start] ^= 1
    path.write_bytes(data)
    log.refresh()
    series = log.series()
    for _ in range(2):
        with pytest.raises(NotFoundError, match=r"all snapshots are damaged.*checksum"):
            series.health()
    assert series.shape == (4, 3)


def test_the_basis_of_a_long_series_pools_evenly_spaced_steps(tmp_path: Path) -> None:
    write_plain(tmp_path / FILE_NAME, random_tables(200, 4, 2))
    series = tb_wordembed.open(tmp_path).series()
    steps = series.basis_steps()
    assert len(steps) <= MOST_BASIS_STEPS
    assert steps == list(range(0, 200, 16))
    assert series.positions(77).shape == (4, 3)


def test_the_basis_of_a_long_series_keeps_still_while_it_grows(tmp_path: Path) -> None:
    tables = random_tables(48, 4, 2)
    with SnapshotWriter(tmp_path) as writer:
        before: list[int] = []
        turns = 0
        for step, table in enumerate(tables):
            writer.embedding("words", table, step)
            steps = tb_wordembed.open(tmp_path).series().basis_steps()
            turns += step >= 32 and steps != before
            before = steps
    # Of the last sixteen steps, every fourth.
    assert turns == 4


def test_several_directories_by_name(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_plain(tmp_path / name / "run" / FILE_NAME, random_tables(1, 2, 2))
    log = Log([("a", str(tmp_path / "one")), ("", str(tmp_path / "two"))])
    scanning = [log.scanning]
    log.refresh()
    assert [*scanning, log.scanning] == [True, False]
    assert log.runs == ["a/run", "run"]


@pytest.mark.parametrize(
    ("behind", "message"),
    [
        (b"\x42\x01d", "it holds 4 texts"),
        (b"\x08\x01", "it holds no texts"),
        (b"\x12\x04\x12\x02\x08\x07", "not a tensor"),
        (b"\x42\x7fd", "not a tensor"),
    ],
    ids=["one more token", "another dtype", "one more dimension", "a token cut short"],
)
def test_tokens_that_are_not_what_they_begin_as_are_left_out_and_said(
    tmp_path: Path, behind: bytes, message: str
) -> None:
    column = column_value("words", "token", list("abc"))
    tensor = column.tensor.SerializeToString() + behind
    column.ClearField("tensor")
    data = column.SerializeToString() + prefix(keys.VALUE_TENSOR, len(tensor)) + tensor
    for key in (keys.SUMMARY_VALUE, keys.EVENT_SUMMARY):
        data = prefix(key, len(data)) + data
    write(tmp_path / FILE_NAME, data, event(0, table_value("words", np.ones((3, 2)))))
    log = tb_wordembed.open(tmp_path)
    assert log.series().tokens == ["#0", "#1", "#2"]
    assert [message in one.message for one in log.problems] == [True]
