"""summary.embedding follows the conventions of tf.summary; embedding_pb needs none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.compat.proto import summary_pb2
from tensorboard.util import tensor_util

import tb_wordembed
from tb_wordembed import summary
from tb_wordembed.format import metadata
from tb_wordembed.write import tables
from tb_wordembed.write.writer import SnapshotWriter

TABLE = np.arange(6, dtype=np.float32).reshape(3, 2)
TOKENS = ["the", "a", "of"]


def values(folder: Path) -> list[tuple[int, summary_pb2.Summary.Value]]:
    return [
        (event.step, value)
        for path in sorted(folder.iterdir())
        for event in event_file_loader.EventFileLoader(str(path)).Load()
        for value in event.summary.value
    ]


def tags(folder: Path) -> list[tuple[int, str]]:
    return [(step, value.tag) for step, value in values(folder)]


@pytest.fixture
def tf() -> Any:
    module = pytest.importorskip("tensorflow")
    module.summary.experimental.set_step(None)
    return module


@pytest.fixture
def writer(tf: Any, tmp_path: Path) -> Any:
    return tf.summary.create_file_writer(str(tmp_path))


def eager(function: Callable[[], Any]) -> Callable[[], Any]:
    return function


@pytest.fixture(params=["eager", "tf.function"])
def mode(request: pytest.FixtureRequest, tf: Any) -> Any:
    """A decorator: both modes must do the same."""
    return eager if request.param == "eager" else tf.function


# ---------------------------------------------------------------------- conventions


@pytest.mark.tensorflow
def test_a_summary_is_what_snapshot_writer_writes(
    tf: Any, writer: Any, tmp_path: Path
) -> None:
    given: dict[str, Any] = {
        "tokens": dict(enumerate(TOKENS, start=1)),
        "index_from": -1,
        "metadata": {"count": [3, 2, 1], "score": {TOKENS[0]: 0.5, TOKENS[2]: 1.0}},
        "fixed_rows": [0, 2],
        "description": "*words*",
    }
    with writer.as_default():
        result = summary.embedding("words", tf.Variable(TABLE), 5, **given)
    assert result.dtype == tf.bool
    assert bool(result)
    with SnapshotWriter(tmp_path / "ours") as ours:
        ours.embedding("words", TABLE, 5, **given)
    (path,) = tmp_path.glob("events*")
    (tmp_path / "theirs").mkdir()
    path.rename(tmp_path / "theirs" / path.name)
    expected = [read(v) for v in values(tmp_path / "ours")]
    assert [read(v) for v in values(tmp_path / "theirs")] == expected


def read(found: tuple[int, summary_pb2.Summary.Value]) -> tuple[Any, ...]:
    step, value = found
    array = tensor_util.make_ndarray(value.tensor)
    return step, value.tag, value.metadata, str(array.dtype), str(array.tolist())


@pytest.mark.tensorflow
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_floats_keep_their_dtype(
    tf: Any, mode: Any, writer: Any, tmp_path: Path, dtype: str
) -> None:
    keras = pytest.importorskip("keras")
    tensor = tf.constant(TABLE, dtype)
    variable = keras.Variable(tensor, dtype=dtype)
    for data in (tensor, tf.Variable(tensor), variable, tensor.numpy()):
        log = mode(lambda data=data: summary.embedding("words", data, 1))
        with writer.as_default():
            assert log().numpy()
    found = values(tmp_path)
    assert len(found) == 4
    for _, value in found:
        array = tf.make_ndarray(value.tensor)
        assert array.dtype.name == dtype
        np.testing.assert_array_equal(array.astype(np.float32), TABLE)


@pytest.mark.tensorflow
def test_a_table_in_shards_of_several_servers_is_logged_shard_by_shard(
    tf: Any, mode: Any, writer: Any, tmp_path: Path, caplog: Any
) -> None:
    sharded = pytest.importorskip("tensorflow.python.distribute.sharded_variable")
    shards = [tf.Variable(TABLE[:2]), tf.Variable(TABLE[2:])]
    table = sharded.ShardedVariable(shards)
    with writer.as_default():
        log = mode(lambda: summary.embedding("words", table, 1, tokens=TOKENS))
        assert log().numpy()
    shapes = [
        tensor_util.make_ndarray(value.tensor).shape
        for _, value in values(tmp_path)
        if value.tag == "words"
    ]
    assert sorted(shapes) == [(1, 2), (2, 2)]
    words = tb_wordembed.open(tmp_path).series()
    assert words.tokens == TOKENS
    np.testing.assert_array_equal(words.table(1), TABLE)
    # With Python 3.13, AutoGraph can't transform the lambda of this test.
    assert not [one for one in caplog.messages if "<lambda>" not in one]


@pytest.mark.tensorflow
@pytest.mark.parametrize("rows", [None, [4, 0, 2, 3], slice(1, 5)])
def test_a_table_larger_than_an_event_is_logged_in_parts(
    tf: Any,
    mode: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: Any,
) -> None:
    monkeypatch.setattr(tables, "MAX_PART_BYTES", 16)
    table = np.arange(10, dtype=np.float32).reshape(5, 2)
    tokens = list("abcde")
    shards = [tf.Variable(table[:4]), tf.Variable(table[4:])]
    sharded = pytest.importorskip("tensorflow.python.distribute.sharded_variable")
    sources = tf.Variable(table), table, sharded.ShardedVariable(shards)
    given = {"tokens": tokens, "rows": rows, "fixed_rows": 3}
    for number, data in enumerate(sources):
        log = mode(lambda data=data: summary.embedding("t", data, 1, **given))
        directory = tmp_path / str(number)
        with tf.summary.create_file_writer(str(directory)).as_default():
            assert log().numpy()
        found = tb_wordembed.open(directory)
        assert not found.problems
        assert not found.notes
        chosen = np.arange(5)[slice(None) if rows is None else rows]
        series = found.series()
        np.testing.assert_array_equal(series.table(1), table[chosen])
        assert series.tokens == [tokens[row] for row in chosen]
        assert series.fixed_rows.tolist() == [chosen.tolist().index(3)]
        parts = [value for _, value in values(directory) if value.tag == "t"]
        assert len(parts) == (2 if rows is not None else 3)


@pytest.mark.tensorflow
def test_chosen_rows_are_those_that_snapshot_writer_writes(
    tf: Any, mode: Any, tmp_path: Path
) -> None:
    sharded = pytest.importorskip("tensorflow.python.distribute.sharded_variable")
    shards = [tf.Variable(TABLE[:2]), tf.Variable(TABLE[2:])]
    variables = [tf.Variable(TABLE), sharded.ShardedVariable(shards), TABLE]
    given: dict[str, Any] = {"tokens": TOKENS, "rows": "top:2"}
    given["metadata"] = {"count": [3, 1, 2]}
    with SnapshotWriter(tmp_path / "ours") as ours:
        ours.embedding("words", TABLE, 1, **given)
    expected = [read(v) for v in values(tmp_path / "ours")]
    for number, table in enumerate(variables):
        theirs = tmp_path / str(number)
        log = mode(lambda table=table: summary.embedding("words", table, 1, **given))
        with tf.summary.create_file_writer(str(theirs)).as_default():
            log()
        assert [read(v) for v in values(theirs)] == expected


@pytest.mark.tensorflow
def test_rows_of_a_table_of_unknown_length_are_refused(tf: Any, writer: Any) -> None:
    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32)])  # type: ignore[untyped-decorator]
    def log(table: Any) -> Any:
        return summary.embedding("words", table, 1, rows=[0])

    with writer.as_default(), pytest.raises(ValueError, match="rows= needs it"):
        log(TABLE)


@pytest.mark.tensorflow
def test_integers_and_lists_become_floats(
    tf: Any, mode: Any, writer: Any, tmp_path: Path
) -> None:
    with writer.as_default():
        for data in (tf.constant([[1, 2]]), np.array([[1, 2]]), [[1, 2]]):
            mode(lambda data=data: summary.embedding("words", data, 1))()
    for _, value in values(tmp_path):
        array = tensor_util.make_ndarray(value.tensor)
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, [[1, 2]])


@pytest.mark.tensorflow
def test_a_step_may_be_a_whole_number_as_r_has_it(
    tf: Any, mode: Any, writer: Any, tmp_path: Path
) -> None:
    with writer.as_default():
        mode(lambda: summary.embedding("words", TABLE, 3.0))()
    assert tags(tmp_path) == [(3, "words")]


@pytest.mark.tensorflow
def test_the_default_step_and_name_scopes_are_used(
    tf: Any, mode: Any, writer: Any, tmp_path: Path
) -> None:
    step = tf.Variable(0, dtype=tf.int64)
    tf.summary.experimental.set_step(step)

    def log() -> Any:
        with tf.name_scope("outer"), tf.name_scope("inner"):
            return summary.embedding("my words", TABLE, tokens=TOKENS)

    traced = mode(log)
    with writer.as_default():
        for number in (3, 4):
            step.assign(number)
            traced()
    tf.summary.experimental.set_step(None)
    tag = "outer/inner/my words"
    assert tags(tmp_path) == [(3, f"{tag}/column/token"), (3, tag), (4, tag)]
    ((_, column), *_) = values(tmp_path)
    role = metadata.decode(column.metadata.plugin_data.content)
    assert role == metadata.ColumnRole(tag, "token")


@pytest.mark.tensorflow
def test_record_if_decides_and_tokens_wait_for_the_first_recorded_snapshot(
    tf: Any, mode: Any, writer: Any, tmp_path: Path
) -> None:
    step = tf.Variable(1, dtype=tf.int64)
    log = mode(lambda: summary.embedding("words", TABLE, step, tokens=TOKENS))
    written = []
    with writer.as_default(), tf.summary.record_if(lambda: step % 2 == 0):
        for _ in range(4):
            written.append(bool(log()))
            step.assign_add(1)
    assert written == [False, True, False, True]
    assert tags(tmp_path) == [(2, "words/column/token"), (2, "words"), (4, "words")]


@pytest.mark.tensorflow
def test_without_a_default_writer_nothing_happens(mode: Any) -> None:
    assert not mode(lambda: summary.embedding("words", TABLE, 0, tokens=TOKENS))()


@pytest.mark.tensorflow
def test_without_a_step_it_is_an_error(mode: Any, writer: Any, tmp_path: Path) -> None:
    log = mode(lambda: summary.embedding("words", TABLE, tokens=TOKENS))
    with writer.as_default(), pytest.raises(ValueError, match="No step set"):
        log()
    assert tags(tmp_path) == []


@pytest.mark.tensorflow
def test_what_is_not_recorded_is_not_even_read(tf: Any, writer: Any) -> None:
    class Unreadable:
        shape = (3, 2)

        def __array__(self, *_: Any, **__: Any) -> Any:
            raise AssertionError("was read")

    with writer.as_default(), tf.summary.record_if(False):
        assert not summary.embedding("words", Unreadable(), 0)


# --------------------------------------------------------------- tokens and metadata


@pytest.mark.tensorflow
def test_each_writer_gets_the_tokens(tf: Any, tmp_path: Path) -> None:
    for run in ("a", "b"):
        with tf.summary.create_file_writer(str(tmp_path / run)).as_default():
            for step in range(2):
                summary.embedding("words", TABLE, step, tokens=TOKENS)
    expected = [(0, "words/column/token"), (0, "words"), (1, "words")]
    assert tags(tmp_path / "a") == tags(tmp_path / "b") == expected


@pytest.mark.tensorflow
def test_one_function_writes_them_for_every_writer_it_is_traced_with(
    tf: Any, tmp_path: Path
) -> None:
    log = tf.function(
        lambda writer_number: summary.embedding("words", TABLE, 0, tokens=TOKENS)
    )
    for number in range(2):
        with tf.summary.create_file_writer(str(tmp_path / str(number))).as_default():
            log(number)
            log(number)
        assert [tag for _, tag in tags(tmp_path / str(number))] == [
            "words/column/token",
            "words",
            "words",
        ]


@pytest.mark.tensorflow
def test_changed_tokens_are_written_again(
    mode: Any, writer: Any, tmp_path: Path
) -> None:
    with writer.as_default():
        for step, last in enumerate(["of", "of", "or", "of"]):
            tokens = [*TOKENS[:2], last]
            mode(
                lambda step=step, tokens=tokens: summary.embedding(
                    "words", TABLE, step, tokens=tokens, metadata={"count": [1, 2, 3]}
                )
            )()
    steps = [step for step, tag in tags(tmp_path) if tag == "words/column/token"]
    assert steps == [0, 2, 3]
    assert [tag for _, tag in tags(tmp_path)].count("words/column/count") == 1


@pytest.mark.tensorflow
def test_tokens_are_written_each_time_if_the_writer_cannot_be_told(
    writer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tensorflow.python.ops import summary_ops_v2

    with writer.as_default():
        summary.embedding("words", TABLE, 0, tokens=TOKENS)
        monkeypatch.setitem(sys.modules, "tensorflow.python.ops", object())
        summary.embedding("words", TABLE, 1, tokens=TOKENS)
        monkeypatch.undo()
    assert summary_ops_v2 is not None
    steps = [step for step, tag in tags(tmp_path) if tag == "words/column/token"]
    assert steps == [0, 1]


# --------------------------------------------------------------------------- errors


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data": TABLE[0]}, r"shape \[2\], of rank 1|has \[2\], of rank 1"),
        ({"data": TABLE[0], "rows": [1]}, r"has \[2\], of rank 1"),
        ({"data": TABLE[:0]}, r"at least one row"),
        ({"tokens": ["the"]}, "tokens has 1 entries but the table has 3 rows"),
        ({"metadata": {"n": [1]}}, "column 'n' has 1 entries but the table has 3"),
        ({"name": ""}, "not empty"),
        ({"data": np.array([["a"]])}, "holds numbers"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_written(
    tf: Any,
    mode: Any,
    writer: Any,
    tmp_path: Path,
    arguments: dict[str, Any],
    message: str,
) -> None:
    given: dict[str, Any] = {
        "name": "words",
        "data": TABLE,
        "step": 0,
        "tokens": TOKENS,
    }
    given |= arguments
    for data in (given["data"], tf.constant(given["data"])):
        log = mode(lambda data=data: summary.embedding(**(given | {"data": data})))
        with writer.as_default(), pytest.raises(ValueError, match=message):
            log()
    assert tags(tmp_path) == []


@pytest.mark.tensorflow
@pytest.mark.parametrize("shape", [None, [None, None], [None, 2], [3, None]])
def test_a_shape_known_only_at_run_time_is_checked_then(
    tf: Any, writer: Any, tmp_path: Path, shape: list[int | None] | None
) -> None:
    log = tf.function(
        lambda table: summary.embedding("words", table, 0, tokens=TOKENS),
        input_signature=[tf.TensorSpec(shape, tf.float32)],
    )
    wrong = {"no rows": TABLE[:0], "two": TABLE[:2], "rank": TABLE.reshape(3, 2, 1)}
    if shape == [3, None]:
        wrong = {"no columns": TABLE[:, :0]}
    elif shape is not None:
        del wrong["rank"]
    with writer.as_default():
        for data in wrong.values():
            with pytest.raises(tf.errors.InvalidArgumentError):
                log(tf.constant(data))
        assert tags(tmp_path) == []
        log(tf.constant(TABLE))
    assert tags(tmp_path) == [(0, "words/column/token"), (0, "words")]


@pytest.mark.tensorflow
def test_a_dict_of_tokens_needs_a_known_number_of_rows(tf: Any, writer: Any) -> None:
    log = tf.function(
        lambda table: summary.embedding("words", table, 0, tokens={0: "the"}),
        input_signature=[tf.TensorSpec([None, 2], tf.float32)],
    )
    with writer.as_default(), pytest.raises(ValueError, match="number of rows is not"):
        log(tf.constant(TABLE))


@pytest.mark.tensorflow
def test_a_training_step_with_a_tape_may_log(
    tf: Any, writer: Any, tmp_path: Path
) -> None:
    table = tf.Variable(TABLE)

    def train() -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.gather(table, [0, 2]) ** 2)
            summary.embedding("words", table, 0, tokens=TOKENS)
        return tape.gradient(loss, table)

    with writer.as_default():
        gradient = tf.function(train)()
    np.testing.assert_array_equal(tf.convert_to_tensor(gradient)[1], [0, 0])
    assert len(tags(tmp_path)) == 2


# --------------------------------------------------------------- without TensorFlow


def test_a_summary_proto_has_the_columns_and_then_the_table() -> None:
    found = summary.embedding_pb(
        "words",
        TABLE,
        tokens=TOKENS,
        metadata={"n": [1, 2, 3]},
        fixed_rows=0,
        description="d",
    )
    names = [value.tag for value in found.value]
    assert names == ["words/column/token", "words/column/n", "words"]
    table = found.value[-1]
    np.testing.assert_array_equal(tensor_util.make_ndarray(table.tensor), TABLE)
    role = metadata.TableRole(None, ((0, 1),))
    assert metadata.decode(table.metadata.plugin_data.content) == role
    assert table.metadata.summary_description == "d"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data": TABLE[0]}, "rank 1"),
        ({"tokens": ["a"]}, "tokens has 1 entries but the table has 3 rows"),
        ({"tag": ""}, "not empty"),
        ({"fixed_rows": 3}, "row 3; the table has rows 0 to 2"),
    ],
)
def test_a_summary_proto_of_something_else_is_refused(
    arguments: dict[str, Any], message: str
) -> None:
    given: dict[str, Any] = {"tag": "words", "data": TABLE}
    with pytest.raises(ValueError, match=message):
        summary.embedding_pb(**(given | arguments))


def test_where_tensorflow_is_missing_the_error_says_what_to_do() -> None:
    script = (
        "import sys; sys.modules['tensorflow'] = None\n"
        "from tb_wordembed import summary\n"
        "assert len(summary.embedding_pb('words', [[1.0]], tokens=['a']).value) == 2\n"
        "try: summary.embedding('words', [[1.0]], 0)\n"
        "except ImportError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "pip install tensorflow" in done.stdout
    assert "SnapshotWriter" in done.stdout
