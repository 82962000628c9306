"""Checkpoints that are read where they lie, as the libraries write them: the numbers
are those that NumPy has."""

from __future__ import annotations

import csv
import json
import os
import struct
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed import cli
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.disk_cache import RESULTS
from tb_wordembed.read.measure_log import measuring
from tb_wordembed.read.reference import Reference
from tb_wordembed.read.series import Series
from tb_wordembed.snapshots.checkpoints import find
from tb_wordembed.snapshots.local_files import FileChangedError
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError

ROWS, DIM, STEPS = 300, 3, (10, 20, 100)
TABLES = {
    step: np.random.default_rng(step).standard_normal((ROWS, DIM), np.float32)
    for step in STEPS
}


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TB_WORDEMBED_CACHE_DIR", str(tmp_path / "cache"))


def put(path: Path, content: bytes = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def npy(folder: Path) -> None:
    folder.mkdir()
    for step, table in TABLES.items():
        np.save(folder / f"words-{step}.npy", table)


def npy_in_parts(folder: Path) -> None:
    folder.mkdir()
    for step, table in TABLES.items():
        for number, rows in enumerate(np.split(table, [120, 290])):
            np.save(folder / f"words-{step}-{number:05d}-of-00003.npy", rows)


def safetensors(folder: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    for step, table in TABLES.items():
        path = put(folder / f"checkpoint-{step}" / "model.safetensors")
        tensors = {"embed.weight": table, "head": table.T.copy(), "bias": table[0]}
        numpy.save_file(tensors, path)


def safetensors_in_shards(folder: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    for step, table in TABLES.items():
        names = [f"model-0000{one}-of-00002.safetensors" for one in (1, 2)]
        at = folder / f"checkpoint-{step}"
        put(at / names[0])
        numpy.save_file({"head": table[:5], "norm": table[0]}, at / names[0])
        numpy.save_file({"embed.weight": table}, at / names[1])
        places = {"head": names[0], "norm": names[0], "embed.weight": names[1]}
        index = json.dumps({"metadata": {}, "weight_map": places})
        (at / "model.safetensors.index.json").write_text(index)


def safetensors_by_rows(folder: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    for step, table in TABLES.items():
        for number, rows in enumerate(np.split(table, [100]), start=1):
            name = f"step{step}/rank-{number:05d}-of-00002.safetensors"
            numpy.save_file({"embed.weight": rows}, put(folder / name))


def tensorflow(folder: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    words = tf.Variable(TABLES[STEPS[0]])
    checkpoint = tf.train.Checkpoint(words=words, bias=tf.Variable(3.0))
    for step, table in TABLES.items():
        words.assign(table)
        checkpoint.write(str(folder / f"ckpt-{step}"))


def tensorflow_partitioned(folder: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    sharded = pytest.importorskip("tensorflow.python.distribute.sharded_variable")
    for step, table in TABLES.items():
        parts = [tf.Variable(rows) for rows in np.split(table, [7, 200])]
        words = sharded.ShardedVariable(parts)
        tf.train.Checkpoint(words=words).write(str(folder / f"ckpt-{step}"))


def parquet(folder: Path, list_size: int = -1) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    folder.mkdir()
    for step, table in TABLES.items():
        values = pa.array([*table], pa.list_(pa.float32(), list_size))
        rows = pa.table({"row": np.arange(ROWS), "embedding": values})
        pq.write_table(rows, folder / f"words-{step}.parquet", row_group_size=70)


def parquet_of_fixed_lists(folder: Path) -> None:
    parquet(folder, DIM)


def parquet_in_directories(folder: Path) -> None:
    pa, dataset = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.dataset")
    for step, table in TABLES.items():
        rows = pa.table({str(at): table[:, at] for at in range(DIM)})
        options = {"max_rows_per_file": 25, "max_rows_per_group": 25}
        at = folder / f"step-{step}"
        dataset.write_dataset(rows, at, format="parquet", **options)
        assert (at / "part-10.parquet").is_file()


def zarr_arrays(folder: Path, version: int = 2, **options: Any) -> None:
    zarr = pytest.importorskip("zarr", minversion="3")
    for step, table in TABLES.items():
        array = zarr.create_array(
            str(folder / f"words-{step}.zarr"),
            shape=table.shape,
            dtype=table.dtype,
            zarr_format=version,
            **{"chunks": (70, 2), **options},
        )
        array[...] = table


def zarr_3(folder: Path) -> None:
    zarr_arrays(folder, 3)


def zarr_in_shards(folder: Path) -> None:
    zarr_arrays(folder, 3, chunks=(20, 3), shards=(200, 3))


def zarr_groups(folder: Path) -> None:
    zarr = pytest.importorskip("zarr", minversion="3")
    for step, table in TABLES.items():
        group = zarr.open_group(str(folder / f"checkpoint-{step}"), mode="w")
        for key in ("encoder/embedding", "decoder/head", "decoder/bias"):
            rows = table if key == "encoder/embedding" else table.T
            rows = rows[0] if key.endswith("bias") else rows
            made = group.create_array(key, shape=rows.shape, dtype=rows.dtype)
            made[...] = rows


def zarr_steps_in_a_group(folder: Path, name: str = "words-{}") -> None:
    zarr = pytest.importorskip("zarr", minversion="3")
    group = zarr.open_group(str(folder / "steps.zarr"), mode="w")
    for step, table in TABLES.items():
        for key in (name.format(step), f"momentum/{step}"):
            made = group.create_array(key, shape=table.shape, dtype=table.dtype)
            made[...] = table


WRITERS = [
    npy,
    npy_in_parts,
    safetensors,
    safetensors_in_shards,
    safetensors_by_rows,
    tensorflow,
    tensorflow_partitioned,
    parquet,
    parquet_of_fixed_lists,
    parquet_in_directories,
    zarr_arrays,
    zarr_3,
    zarr_in_shards,
    zarr_groups,
    zarr_steps_in_a_group,
]


@pytest.fixture(params=WRITERS, ids=lambda one: one.__name__)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write: Callable[[Path], None] = request.param
    write(tmp_path / "checkpoints")
    return tmp_path / "checkpoints"


def test_each_checkpoint_is_a_step(folder: Path) -> None:
    log = tb_wordembed.open(folder)
    assert log.problems == []
    series = log.series()
    assert series.steps == [*STEPS]
    assert series.shape == (ROWS, DIM)
    for step, table in TABLES.items():
        np.testing.assert_array_equal(series.table(step), table)
        np.testing.assert_array_equal(series.rows(step, [250, 1]), table[[250, 1]])
    np.testing.assert_allclose(
        series.drift(10, 100, measure="euclidean"),
        np.linalg.norm(TABLES[100] - TABLES[10], axis=1),
        rtol=1e-5,
    )


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("words-{}", "words"),
        ("embedding/{}", "embedding"),
        ("step_{}/words", "words"),
        ("model.embed.{}", "model.embed"),
        ("{}", "embedding"),
    ],
)
def test_arrays_of_a_group_are_steps_where_their_names_say_so(
    tmp_path: Path, name: str, tag: str
) -> None:
    zarr_steps_in_a_group(tmp_path, name)
    (only,) = tb_wordembed.open(tmp_path / "steps.zarr").all_series
    assert (only.tag, only.steps) == (tag, [*STEPS])


@pytest.mark.parametrize("name", ["layers.{}.weight", "h/{}/attention", "table_{}"])
def test_arrays_that_are_counted_are_other_tables(tmp_path: Path, name: str) -> None:
    zarr_steps_in_a_group(tmp_path, name)
    found = tb_wordembed.open(tmp_path / "steps.zarr").all_series
    assert {one.tag for one in found} >= {name.format(step) for step in STEPS}
    assert {tuple(one.steps) for one in found} == {(0,)}


def test_arrays_of_other_shapes_are_other_tables(tmp_path: Path) -> None:
    zarr = pytest.importorskip("zarr", minversion="3")
    group = zarr.open_group(str(tmp_path), mode="w")
    for number in (1, 2):
        key, table = f"embedding_{number}", TABLES[10][:number]
        group.create_array(key, shape=table.shape, dtype=table.dtype)[...] = table
    found = tb_wordembed.open(tmp_path).all_series
    assert [one.tag for one in found] == ["embedding_1", "embedding_2"]


@pytest.mark.parametrize("shape", ["[[1], [2]]", '"ab"', "[{}, null]"])
def test_arrays_of_no_valid_shape_are_said(tmp_path: Path, shape: str) -> None:
    for number in (1, 2):
        said = f'{{"shape": {shape}, "zarr_format": 2}}'
        put(tmp_path / f"words-{number}" / ".zarray", said.encode())
    put(tmp_path / ".zgroup", b'{"zarr_format": 2}')
    log = tb_wordembed.open(tmp_path)
    assert not log.all_series
    assert log.problems


def healths(series: Series) -> list[dict[str, Any]]:
    return [asdict(one) for one in series.health()]


def test_measuring_saves_the_numbers_that_a_log_has(
    folder: Path, tmp_path: Path
) -> None:
    with tb_wordembed.SnapshotWriter(tmp_path / "log") as writer:
        for step, table in TABLES.items():
            writer.embedding("words", table, step=step)
    expected = tb_wordembed.open(tmp_path / "log").series()
    with measuring(folder) as work:
        (done,) = [work.measure(one) for one in work.log.all_series]
        assert done.computed
        np.testing.assert_equal(healths(work.log.series()), healths(expected))
    # They lie beside the checkpoints, wherever these are, and are found again.
    assert [*folder.glob(f"{RESULTS}/*.result")]
    folder = folder.rename(tmp_path / "moved")
    with measuring(folder) as work:
        (done,) = [work.measure(one) for one in work.log.all_series]
        assert not done.computed
        found = work.log.series()
        for step in STEPS:
            np.testing.assert_array_equal(
                found.positions(step, (1, 2)), expected.positions(step, (1, 2))
            )


def test_runs_are_the_directories_above_the_steps(tmp_path: Path) -> None:
    for run in ("seed1", "seed2"):
        for step in STEPS:
            np.save(
                put(tmp_path / run / f"epoch={step // 10}-{step}.npy"), TABLES[step]
            )
    log = tb_wordembed.open(tmp_path)
    assert log.runs == ["seed1", "seed2"]
    assert log.series("seed2").steps == [*STEPS]


def test_a_directory_with_event_files_shows_these_alone(tmp_path: Path) -> None:
    npy(tmp_path / "checkpoints")
    with tb_wordembed.SnapshotWriter(tmp_path / "run") as writer:
        writer.embedding("logged", TABLES[10], step=1)
    (only,) = tb_wordembed.open(tmp_path).all_series
    assert only.tag == "logged"


def test_embeddings_are_chosen_among_other_tables(tmp_path: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    tensors = {"head": TABLES[10], "optimizer.embed.exp_avg": TABLES[10]}
    numpy.save_file(tensors, tmp_path / "a.safetensors")
    (only,) = tb_wordembed.open(tmp_path).all_series
    assert only.tag == "head"
    numpy.save_file({**tensors, "model.embed": TABLES[20]}, tmp_path / "a.safetensors")
    (only,) = tb_wordembed.open(tmp_path).all_series
    assert only.tag == "model.embed"


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_other_dtypes_are_read_as_float32(tmp_path: Path, dtype: str) -> None:
    np.save(tmp_path / "words.npy", TABLES[10].astype(dtype))
    series = tb_wordembed.open(tmp_path).series()
    assert series.dtype == dtype
    np.testing.assert_array_equal(
        series.table(0), TABLES[10].astype(dtype).astype(np.float32)
    )


def problems(folder: Path) -> str:
    return " ".join(map(str, tb_wordembed.open(folder).problems))


def test_a_check_says_what_has_no_checksums(tmp_path: Path) -> None:
    npy(tmp_path / "a")
    tensorflow(tmp_path / "b")
    for folder, status in (("a", "no checksum"), ("b", "sound")):
        checked = tb_wordembed.open(tmp_path / folder).check()
        assert {one.status for one in checked.snapshots} == {status}
        assert checked.problems == []


def test_a_directory_of_everything_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npy(tmp_path / "checkpoints")
    monkeypatch.setattr(find, "_MOST_FILES", 2)
    with pytest.raises(OSError, match="more than 2 files below it"):
        tb_wordembed.open(tmp_path)


def test_what_can_not_be_read_in_place_says_what_to_do(tmp_path: Path) -> None:
    np.savez(tmp_path / "words.npz", words=TABLES[10])
    assert "words.npz" in problems(tmp_path)
    assert "tb-wordembed import" in problems(tmp_path)
    np.save(tmp_path / "turned.npy", np.asfortranarray(TABLES[10]))
    assert "np.ascontiguousarray(table)" in problems(tmp_path)


def test_a_missing_part_of_a_checkpoint_is_said(tmp_path: Path) -> None:
    npy_in_parts(tmp_path / "checkpoints")
    (tmp_path / "checkpoints" / "words-20-00001-of-00003.npy").unlink()
    log = tb_wordembed.open(tmp_path / "checkpoints")
    assert log.series().steps == [10, 100]
    assert "2 of 3 files are there" in problems(tmp_path / "checkpoints")
    safetensors_in_shards(tmp_path / "model")
    (tmp_path / "model/checkpoint-20/model-00002-of-00002.safetensors").unlink()
    log = tb_wordembed.open(tmp_path / "model")
    assert log.series(".", "embed.weight").steps == [10, 100]
    assert "names the file 'model-00002-of-00002" in problems(tmp_path / "model")


def test_parts_of_different_shapes_are_no_table(tmp_path: Path) -> None:
    np.save(tmp_path / "words-00000-of-00002.npy", TABLES[10])
    np.save(tmp_path / "words-00001-of-00002.npy", TABLES[10][:, :2])
    assert "600 x 3 float32" in problems(tmp_path)
    assert "600 x 2 float32" in problems(tmp_path)


def test_two_checkpoints_of_one_step_are_told(tmp_path: Path) -> None:
    for name in ("a1/words-5.npy", "a2/words-5.npy", "a2/words-6.npy"):
        np.save(put(tmp_path / name), TABLES[10])
    numpy = pytest.importorskip("safetensors.numpy")
    for name in ("a2/other-5.safetensors", "a2/other-6.safetensors"):
        numpy.save_file({"words": TABLES[20]}, tmp_path / name)
    log = tb_wordembed.open(tmp_path)
    assert log.series("a2").steps == [5, 6]
    assert "at step 5, as a2/" in problems(tmp_path)


def test_a_damaged_checkpoint_of_tensorflow_is_found_by_its_checksum(
    tmp_path: Path,
) -> None:
    tensorflow_partitioned(tmp_path / "ckpt")
    (data,) = (tmp_path / "ckpt").glob("ckpt-20.data-*")
    with data.open("r+b") as file:
        file.seek(2000)
        file.write(b"\xff\xff")
    series = tb_wordembed.open(tmp_path / "ckpt").series()
    with pytest.raises(DamagedSnapshotError, match="checksum"):
        series.table(20)
    with measuring(tmp_path / "ckpt") as work:
        assert work.measure(work.log.series()).steps == 2


def test_a_file_that_changes_while_it_is_read_is_not_shown(tmp_path: Path) -> None:
    npy(tmp_path / "checkpoints")
    log = tb_wordembed.open(tmp_path / "checkpoints")
    series = log.series()
    before = series.norms(20)
    np.save(tmp_path / "checkpoints" / "words-20.npy", 2 * TABLES[20])
    os.utime(tmp_path / "checkpoints" / "words-20.npy", ns=(1, 1))
    with pytest.raises(FileChangedError):
        series.table(20)
    log.refresh()
    np.testing.assert_allclose(log.series().norms(20), 2 * before, rtol=1e-6)


@pytest.mark.parametrize("writer", WRITERS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("keep", [0.0, 0.02, 0.5, 0.98])
def test_cut_files_are_problems(
    tmp_path: Path, writer: Callable[[Path], None], keep: float
) -> None:
    writer(tmp_path / "a")
    for path in (tmp_path / "a").rglob("*"):
        if path.is_file():
            os.truncate(path, int(path.stat().st_size * keep))
    log = tb_wordembed.open(tmp_path / "a")
    assert log.all_series == []
    assert log.problems


def test_random_bytes_in_headers_are_problems_or_tables(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    tensorflow(tmp_path / "a")
    safetensors(tmp_path / "b")
    npy(tmp_path / "c")
    for folder in "abc":
        files = [
            one
            for one in (tmp_path / folder).rglob("*")
            if one.is_file() and ".data-" not in one.name
        ]
        for path in files * 20:
            content = bytearray(path.read_bytes())
            for at in rng.integers(0, min(len(content), 400), 3):
                content[at] = rng.integers(256)
            original = path.read_bytes()
            path.write_bytes(content)
            for series in tb_wordembed.open(tmp_path / folder).all_series:
                assert series.shape[0]
            path.write_bytes(original)


def test_the_command_measures_checkpoints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    npy(tmp_path / "checkpoints")
    arguments = ["measure", str(tmp_path / "checkpoints"), "--format", "csv"]
    assert cli.main(arguments) == 0
    assert ".,words,3,300,3," in capsys.readouterr().out


def test_tokens_are_given_to_every_table_of_as_many_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    npy_in_parts(tmp_path / "a")
    np.save(tmp_path / "a" / "other.npy", TABLES[10][:7])
    words = [f"w\x07ord{row}" for row in range(ROWS)]
    log = tb_wordembed.open(tmp_path / "a", tokens=words)
    series = log.series(tag="words")
    assert series.tokens == words
    assert log.series(tag="other").tokens == [f"#{row}" for row in range(7)]
    assert series.index_of("w\x07ord3") == 3
    found = series.neighbors("w\x07ord3", 10, k=4)
    expected = tb_wordembed.open(tmp_path / "a").series(tag="words")
    assert [words[int(one.token[1:])] for one in expected.neighbors(3, 10, k=4)] == [
        one.token for one in found
    ]
    (tmp_path / "vocab.txt").write_text("\n".join(map(str, range(1000, 1000 + ROWS))))
    named = ["--tokens", str(tmp_path / "vocab.txt"), "--format", "csv"]
    for command in ("drift", "measure", "check", "health"):
        options = [] if command == "check" else ["--tag", "words"]
        assert cli.main([command, str(tmp_path / "a"), *options, *named]) == 0
        out = capsys.readouterr().out
        if command == "drift":
            rows = [*csv.DictReader(out.splitlines())]
            assert len(rows) == 20
            assert all(int(one["token"]) - 1000 == int(one["index"]) for one in rows)


def test_tokens_of_no_table_are_refused(tmp_path: Path) -> None:
    npy(tmp_path / "a")
    with pytest.raises(ValueError, match="2 tokens, and a table of 300 rows"):
        tb_wordembed.open(tmp_path / "a", tokens=["a", "b"])
    with tb_wordembed.SnapshotWriter(tmp_path / "run") as writer:
        writer.embedding("logged", TABLES[10], step=1)
    with pytest.raises(ValueError, match="event files have theirs"):
        tb_wordembed.open(tmp_path / "run", tokens=[str(row) for row in range(ROWS)])
    with pytest.raises(ValueError, match="1 tokens, and a table of 300 rows"):
        tb_wordembed.open(tmp_path / "a", tokens=lambda rows: ["a"])
    wrong: Any
    for wrong in ("vocab.txt", [7] * ROWS, [None] * ROWS):
        with pytest.raises(TypeError, match="a list with the text of each row, not "):
            tb_wordembed.open(tmp_path / "a", tokens=wrong)


def test_tokens_hide_no_reason_why_nothing_is_read(tmp_path: Path) -> None:
    put(tmp_path / "w.npy", b"nonsense")
    opened = tb_wordembed.open(tmp_path, tokens=["a", "b"])
    with pytest.raises(NotFoundError, match=r"no embedding snapshots.*w\.npy"):
        opened.series()


def test_anchors_are_the_rows_that_the_tokens_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tb_wordembed.read.disk_cache.WORTH_SECONDS", 0.0)
    for run in "ab":
        npy(tmp_path / run)
        np.save(tmp_path / run / "words-10.npy", TABLES[20 if run == "b" else 10])
    words = [f"w{row}" for row in range(ROWS)]
    anchors = words[:5]

    def drift(tokens: list[str], anchors: list[Any]) -> Any:
        opened = tb_wordembed.open(tmp_path, tokens=tokens)
        a, b = (opened.series(run) for run in opened.runs)
        return a.drift(10, 10, reference=Reference(b, anchors=anchors))

    for tokens in words, words[::-1]:
        rows = [tokens.index(one) for one in anchors]
        np.testing.assert_array_equal(drift(tokens, anchors), drift(tokens, rows))


def _header(entries: dict[str, Any]) -> bytes:
    content = json.dumps(entries).encode()
    return struct.pack("<Q", len(content)) + content


def test_a_shard_outside_its_directory_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "secret.npy", TABLES[10])
    index = {"weight_map": {"embed": "../secret.npy"}}
    put(tmp_path / "a" / "model.safetensors.index.json", json.dumps(index).encode())
    assert "not beside it" in problems(tmp_path / "a")


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "F32", "shape": [4, 2], "data_offsets": [0, 1 << 60]},
        {"dtype": "F32", "shape": [1 << 40, 2], "data_offsets": [0, 32]},
        {"dtype": "F32", "shape": [4, -2], "data_offsets": [0, 32]},
        {"dtype": "F32"},
        [],
    ],
)
def test_hostile_headers_are_problems(tmp_path: Path, entry: Any) -> None:
    put(tmp_path / "a.safetensors", _header({"embed": entry}) + bytes(32))
    assert "a.safetensors" in problems(tmp_path)
