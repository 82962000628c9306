"""Results that outlive a process."""

from __future__ import annotations

import dataclasses
import gc
import os
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from logs import FILE_NAME, random_tables, write_series

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.analysis import measure_steps
from tb_wordembed.engine.code_version import code_version
from tb_wordembed.read import disk_cache, log, step_measures
from tb_wordembed.read.disk_cache import (
    DiskCache,
    cache_directory,
    results_directory,
    stable,
)
from tb_wordembed.read.series import Series
from tb_wordembed.snapshots.index_entries import FileId
from tb_wordembed.snapshots.store import Store

TABLES = random_tables(12, 80, 6)

Bound = Callable[[int], None]


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> Bound:
    """Sets the number of bytes that the results of a user may take."""
    return lambda size: monkeypatch.setattr(disk_cache, "bytes_per_cache", lambda: size)


@dataclasses.dataclass(frozen=True)
class Kind:
    """Something with a result in it."""

    name: str
    values: Any
    others: Any


values_strategy = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st_numpy.arrays(
        st.sampled_from([np.float64, np.float32, np.int64, np.uint64, np.bool_]),
        st_numpy.array_shapes(max_dims=2, min_side=0),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.builds(Kind, st.text(), inner, inner)
    ),
    max_leaves=6,
)


@given(values_strategy, st.text())
def test_what_is_kept_comes_back(
    tmp_path_factory: pytest.TempPathFactory, value: Any, key: str
) -> None:
    kept = DiskCache(tmp_path_factory.mktemp("kept"))
    kept.save(("key", key), value)
    found = kept.load(("key", key), [Kind])
    assert_same(found, value)
    assert kept.load(("another", key), [Kind]) is None


def assert_same(found: Any, value: Any) -> None:
    assert type(found) is type(value)
    if isinstance(value, np.ndarray):
        assert found.dtype == value.dtype
        np.testing.assert_array_equal(found, value)
    elif isinstance(value, (list, tuple)):
        assert len(found) == len(value)
        for one, other in zip(found, value, strict=True):
            assert_same(one, other)
    elif isinstance(value, Kind):
        assert_same(vars(found)["values"], value.values)
        assert_same(found.others, value.others)
        assert found.name == value.name
    else:
        assert found == value or (found != found and value != value)


def only_file(directory: Path) -> Path:
    (found,) = directory.iterdir()
    return found


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: b"something else",
        lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:],
        lambda data: data.replace(b"Kind", b"Evil"),
    ],
    ids=["empty", "cut", "another", "flipped", "of an unknown kind"],
)
def test_a_damaged_file_is_not_there_and_goes(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    kept = DiskCache(tmp_path)
    kept.save("key", Kind("a", np.arange(100), None))
    file = only_file(tmp_path)
    file.write_bytes(spoil(file.read_bytes()))
    assert kept.load("key", [Kind]) is None
    assert list(tmp_path.iterdir()) == []


def test_no_flipped_bit_fails_or_changes_a_number(tmp_path: Path) -> None:
    kept = DiskCache(tmp_path)
    kept.save("key", np.arange(3.0))
    file = only_file(tmp_path)
    data = file.read_bytes()
    for at in range(len(data)):
        for bit in (1, 8):
            file.write_bytes(data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :])
            found = kept.load("key", [])
            assert found is None or found.tolist() == [0, 1, 2]


def test_what_can_be_read_but_not_touched_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = DiskCache(tmp_path)
    kept.save("key", 7)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("os.utime", refuse)
    assert kept.load("key", []) == 7


def test_what_cannot_be_opened_now_is_there_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = DiskCache(tmp_path)
    kept.save("key", 7)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr("os.open", refuse)
        assert kept.load("key", []) is None
    assert kept.load("key", []) == 7


def test_nothing_but_known_kinds_is_made(tmp_path: Path) -> None:
    kept = DiskCache(tmp_path)
    kept.save("key", Kind("a", None, None))
    assert kept.load("key", []) is None


def test_what_was_not_used_longest_goes_first(bound: Bound, tmp_path: Path) -> None:
    one = np.zeros(1000)
    bound(5 * 9000)
    kept = DiskCache(tmp_path)
    for number in range(5):
        kept.save(number, one)
        age(tmp_path, 100)
    assert kept.load(0, []) is not None
    kept.save(5, one)
    there = [number for number in range(6) if kept.load(number, []) is not None]
    assert there == [0, 2, 3, 4, 5]
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 5 * 9000


def age(directory: Path, seconds: float) -> None:
    for file in directory.iterdir():
        then = file.stat().st_mtime - seconds
        os.utime(file, (then, then))


def test_what_is_too_large_is_not_kept(bound: Bound, tmp_path: Path) -> None:
    bound(30_000)
    DiskCache(tmp_path).save("key", np.zeros(1000))
    assert list(tmp_path.iterdir()) == []
    bound(0)
    DiskCache(tmp_path).save("key", 1)
    assert list(tmp_path.iterdir()) == []


def test_what_a_writer_left_unfinished_goes_after_a_while(tmp_path: Path) -> None:
    new, old = (tmp_path / f".{digit * 32}.result.{digit * 16}.part" for digit in "01")
    old.write_bytes(b"half")
    age(tmp_path, 7200)
    new.write_bytes(b"half")
    DiskCache(tmp_path).save("key", 1)
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".part", ".result"]
    assert new.exists()


def test_files_of_others_in_the_named_directory_stay(
    bound: Bound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TB_WORDEMBED_CACHE_DIR", str(tmp_path))
    others = [tmp_path / "thesis.tex", tmp_path / "weights.result", tmp_path / "a.tmp"]
    others.append(tmp_path / f"{'0' * 32}.result")
    for file in others:
        file.write_bytes(bytes(10_000))
    age(tmp_path, 7200)
    bound(1000)
    DiskCache(results_directory()).save("key", 1)
    assert all(file.read_bytes() == bytes(10_000) for file in others)
    assert DiskCache(results_directory()).load("key", []) == 1


def test_only_files_with_the_names_of_results_are_deleted(
    bound: Bound, tmp_path: Path
) -> None:
    names = ["thesis.tex", "weights.result", "abc.part", f"{'0' * 32}-abc.result"]
    for name in names:
        (tmp_path / name).write_bytes(bytes(10_000))
    age(tmp_path, 7200)
    bound(1000)
    DiskCache(tmp_path).save("key", 1)
    assert {file.name for file in tmp_path.iterdir()}.issuperset(names)


def test_no_links_are_followed(bound: Bound, tmp_path: Path) -> None:
    elsewhere, cache = tmp_path / "elsewhere", tmp_path / "cache"
    elsewhere.mkdir()
    cache.symlink_to(elsewhere)
    DiskCache(cache).save("key", 1)
    assert list(elsewhere.iterdir()) == []
    cache.unlink()

    DiskCache(cache).save("key", 1)
    (result,) = cache.iterdir()
    target = elsewhere / "weights.result"
    result.replace(target)
    before = target.read_bytes()
    result.symlink_to(target)
    old = cache / f"{'0' * 32}.result"
    old.symlink_to(target)
    bound(1000)
    assert DiskCache(cache).load("key", []) is None
    DiskCache(cache).save("key", 2)
    DiskCache(cache).save("another", 3)
    assert target.read_bytes() == before
    assert result.is_symlink()
    assert old.is_symlink()


def test_no_room_and_no_directory_are_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    for kept in (DiskCache(file / "below"), DiskCache(None)):
        kept.save("key", 1)
        assert kept.load("key", []) is None
    monkeypatch.setenv("TB_WORDEMBED_CACHE_BYTES", "plenty")
    DiskCache(tmp_path).save("key", 1)
    assert list(tmp_path.iterdir()) == [file]


def test_another_version_does_not_find_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    DiskCache(tmp_path).save("key", 1)
    monkeypatch.setattr(disk_cache, "code_version", lambda: b"another")
    assert DiskCache(tmp_path).load("key", []) is None


def test_the_version_is_that_of_all_code(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_version()
    read = Path.read_bytes

    def changed(path: Path) -> bytes:
        return read(path) + (b"#" if path.name == "tensors.py" else b"")

    monkeypatch.setattr(Path, "read_bytes", changed)
    assert code_version.__wrapped__() != before


def test_writers_and_readers_at_once(bound: Bound, tmp_path: Path) -> None:
    """Each finds nothing, or all of it."""
    failures: list[BaseException] = []
    bound(400_000)

    def work(number: int) -> None:
        kept = DiskCache(tmp_path)
        try:
            for turn in range(30):
                kept.save(turn % 7, np.full(3000, turn % 7))
                found = kept.load((turn + number) % 7, [])
                assert found is None or (found == (turn + number) % 7).all()
        except BaseException as error:  # noqa: BLE001 (told below)
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_names_do_not_tell_where_a_file_system_was_mounted() -> None:
    one, other = FileId("a", 1, 2, 0), FileId("a", 3, 4, 1)
    assert stable((one, 7, "x")) == stable((other, 7, "x"))
    assert stable((one, 7)) != stable((FileId("b", 1, 2, 0), 7))
    assert stable(("a", ("b", "c"))) != stable((("a", "b"), "c"))


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TB_WORDEMBED_CACHE_DIR", str(tmp_path))
    assert results_directory() == tmp_path / "tb_wordembed"
    monkeypatch.delenv("TB_WORDEMBED_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert results_directory() == tmp_path / "tb_wordembed" / "results"
    assert cache_directory() == tmp_path / "tb_wordembed"

    monkeypatch.delenv("XDG_CACHE_HOME")
    # As for a user without a home directory.
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    assert results_directory() is None


# --------------------------------------------------------------- through the series


@pytest.fixture
def saving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Saves results however little time they took, in the directory it returns."""
    monkeypatch.setattr(disk_cache, "WORTH_SECONDS", 0.0)
    monkeypatch.setenv("TB_WORDEMBED_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def reopened(saving: Path, tmp_path: Path) -> Callable[[], Series]:
    """Opens a log as another process would."""
    del saving
    write_series(tmp_path / "log" / FILE_NAME, TABLES)
    return lambda: tb_wordembed.open(tmp_path / "log").series()


def not_again(*given: Any, **named: Any) -> None:
    raise AssertionError("it is known already")


def test_neighbors_and_layouts_are_not_found_again(
    reopened: Callable[[], Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openTSNE", reason="the extra `layout` is not installed")
    first = reopened()
    kept, laid_out, places = first.turnover(0, 11), first.layout(), first.positions(3)
    for name in (
        "read.neighbors.all_nearest",
        "analysis.tsne_layout.layout",
        "analysis.projection.principal_basis",
    ):
        monkeypatch.setattr(f"tb_wordembed.{name}", not_again)
    again = reopened()
    np.testing.assert_array_equal(again.turnover(0, 11).overlap, kept.overlap)
    np.testing.assert_array_equal(again.positions(3), places)
    for one, other in zip(again.layout(), laid_out, strict=True):
        np.testing.assert_array_equal(one.positions, other.positions)
        assert (one.step, one.quality) == (other.step, other.quality)


def test_the_pass_goes_on_where_an_earlier_process_ended(
    reopened: Callable[[], Series], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = reopened()
    health, path, findings = first.health(), first.path(), first.findings()
    measured: list[int] = []
    measure = measure_steps.measure_steps

    def counting(tables: Any, *given: Any, **named: Any) -> Any:
        measured.append(len(tables))
        return measure(tables, *given, **named)

    monkeypatch.setattr(step_measures, "measure_steps", counting)
    again = reopened()
    assert repr(again.health()) == repr(health)
    np.testing.assert_array_equal(again.path().length, path.length)
    assert repr(again.findings()) == repr(findings)
    assert measured == []
    more = random_tables(14, 80, 6)[12:]
    write_series(tmp_path / "log" / "events.out.tfevents.2.b", [*TABLES, *more])
    grown = reopened()
    grown_health = grown.health()
    assert measured in ([2], [8, 6])
    monkeypatch.setenv("TB_WORDEMBED_CACHE_DIR", str(tmp_path / "empty"))
    fresh = reopened()
    assert repr(fresh.health()) == repr(grown_health)
    np.testing.assert_array_equal(fresh.path().length, grown.path().length)


def test_who_asked_before_a_new_step_came_in_does_not_undo_what_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_series(tmp_path / FILE_NAME, TABLES)
    whole = tb_wordembed.open(tmp_path)
    store = Store([("", str(tmp_path))])
    (index,) = store.refresh().series
    first_five = dataclasses.replace(index, snapshots=index.snapshots[:5])
    older = Series(first_five, store, whole.cache)
    newer = whole.series()
    health = newer.health()
    measured: list[int] = []
    measure = measure_steps.measure_steps

    def counting(tables: Any, *given: Any, **named: Any) -> Any:
        measured.append(len(tables))
        return measure(tables, *given, **named)

    monkeypatch.setattr(step_measures, "measure_steps", counting)
    assert repr(older.health()) == repr(health[:5])
    assert measured == []
    assert len(older.path().length) == 80
    assert measured == [5]
    newer.path()
    assert measured == [5]


def test_the_bytes_written_for_a_new_step_are_of_the_order_of_its_table(
    saving: Path, tmp_path: Path
) -> None:
    tables, written = random_tables(24, 2000, 16), 0
    seen: dict[Path, int] = {}
    with SnapshotWriter(tmp_path / "grows") as writer:
        for step, table in enumerate(tables):
            writer.embedding("words", table, step)
            writer.flush()
            if step == 0:
                opened = tb_wordembed.open(tmp_path / "grows")
            opened.refresh()
            assert len(opened.series().health()) == step + 1
            now = {one: one.stat() for one in saving.rglob("*.result")}
            for path, info in now.items():
                if seen.get(path) != info.st_mtime_ns:
                    written += info.st_size
            seen = {path: info.st_mtime_ns for path, info in now.items()}
    assert written < sum(table.nbytes for table in tables)


@pytest.mark.parametrize("bound", [0, 3_000_000])
def test_measures_of_many_series_take_no_more_than_the_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: int
) -> None:
    tables = random_tables(3, 20_000, 4)
    for run in "abcdef":
        write_series(tmp_path / run / FILE_NAME, tables)
    reference = tb_wordembed.open(tmp_path).series("a")
    health, length = reference.health(), reference.path().length
    del reference
    monkeypatch.setattr(log, "CACHE_BYTES", bound)
    opened = tb_wordembed.open(tmp_path)
    tracemalloc.start()
    for series in opened.all_series:
        assert repr(series.health()) == repr(health)
    del series
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < bound + 2_000_000
    # What was dropped is measured again.
    np.testing.assert_array_equal(opened.series("a").path().length, length)


def test_another_process_answers_from_the_disk(tmp_path: Path) -> None:
    write_series(tmp_path / "log" / FILE_NAME, TABLES)
    script = (
        "import sys, tb_wordembed, numpy as np\n"
        "from tb_wordembed.read import disk_cache, neighbors\n"
        "disk_cache.WORTH_SECONDS = 0.0\n"
        "if sys.argv[2] == 'again':\n"
        "    neighbors.all_nearest = None\n"
        "series = tb_wordembed.open(sys.argv[1]).series()\n"
        "print(series.turnover(0, 11).mean_overlap)\n"
    )
    answers = [
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "log"), turn],
            capture_output=True,
            text=True,
            check=True,
            env={
                **os.environ,
                "TB_WORDEMBED_CACHE_DIR": str(tmp_path / "cache"),
            },
        ).stdout
        for turn in ("first", "again")
    ]
    assert answers[0] == answers[1] != ""
    assert not any(file.suffix == ".result" for file in (tmp_path / "log").iterdir())
