"""What ``tb-wordembed measure`` saves, and who finds it."""

from __future__ import annotations

import shutil
from dataclasses import asdict
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
from questions import ask

import tb_wordembed
from tb_wordembed import cli
from tb_wordembed.engine import local, segments
from tb_wordembed.engine.progress import Cancelled
from tb_wordembed.read import disk_cache, neighbors, positions, step_measures
from tb_wordembed.read.disk_cache import RESULTS
from tb_wordembed.read.log import open_with
from tb_wordembed.read.measure_log import Measured, measuring
from tb_wordembed.read.series import Series
from tb_wordembed.snapshots.row_blocks import BlockSegment
from tb_wordembed.snapshots.store import Store

ROWS, DIM, STEPS = 600, 6, 3
MORE = 6
"""The segments of which the turnover is estimated, one for each of two passes of two
steps, and of which rows that came together are found, in two passes of the last step.
They read blocks of 4 MiB."""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes segments of 4 blocks of 20 rows, so that there are several."""
    for module in (local, segments):
        monkeypatch.setattr(module, "TREE_WIDTH", 4)
    monkeypatch.setattr(step_measures, "BLOCK_BYTES", 20 * 4 * DIM)
    monkeypatch.setattr(positions, "_BLOCK_BYTES", 20 * 4 * DIM)
    monkeypatch.setattr(neighbors, "_ROWS_AT_ONCE", 40)
    monkeypatch.setattr(neighbors, "TREE_WIDTH", 4)


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TB_WORDEMBED_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    tables = random_tables(STEPS, ROWS, DIM)
    tables[1][7], tables[2][9:12] = np.nan, tables[0][9]
    write_series(tmp_path / "logs" / "run" / FILE_NAME, tables)
    return tmp_path / "logs"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Notes whatever is read of tables, but for single rows."""
    noted: list[Any] = []
    for kind, name in ((Store, "blocks"), (Store, "table"), (BlockSegment, "__iter__")):
        original = getattr(kind, name)

        def noting(self: Any, *given: Any, original: Any = original) -> Any:
            noted.append(given)
            return original(self, *given)

        monkeypatch.setattr(kind, name, noting)
    return noted


def answers(series: Series) -> dict[str, Any]:
    """What the tab asks first."""
    last = series.steps[-1]
    return {
        "health": [asdict(one) for one in series.health()],
        "path": asdict(series.path()),
        "drift": [series.drift(0, step) for step in series.steps[1:]],
        "norms": [series.norms(step) for step in series.steps],
        "positions": [series.positions(step, (1, 2)) for step in series.steps],
        "turnover": asdict(series.turnover_estimate(0, last)),
        "explained": series.explained_variance_ratio(last),
        "basis": asdict(series.basis()),
    }


def measure(logdir: Path) -> list[Measured]:
    with measuring(logdir) as work:
        return [work.measure(one) for one in work.log.all_series]


def test_measuring_gives_the_numbers_of_the_local_engine_to_the_last_bit(
    logdir: Path,
) -> None:
    expected = answers(tb_wordembed.open(logdir).series())
    with measuring(logdir) as work:
        series = work.log.series()
        work.measure(series)
        np.testing.assert_equal(answers(series), expected)


def test_what_was_measured_is_found_without_reading_a_table(
    logdir: Path, tmp_path: Path, reads: list[Any]
) -> None:
    expected = answers(tb_wordembed.open(logdir).series())
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
    (done,) = measure(logdir)
    # A segment of 4 x 20 rows: 8 of each step for the pass and for the positions.
    assert done == Measured("run", "words", STEPS, (ROWS, DIM), 8 + 8 * STEPS + MORE)
    reads.clear()
    found = tb_wordembed.open(logdir).series()
    np.testing.assert_equal(answers(found), expected)
    assert reads == []


def test_the_server_answers_from_what_was_measured(
    logdir: Path, reads: list[Any]
) -> None:
    measure(logdir)
    reads.clear()
    log = tb_wordembed.open(logdir)
    run = {"run": "run", "tag": "words"}
    drift = ask(log, "drift", **run, from_step=0, to_step=2)
    assert len(drift.values) == ROWS
    ask(log, "norms", **run, step=1)
    ask(log, "positions", **run, step=1, components="1.2")
    ask(log, "health", **run)
    ask(log, "path", **run)
    assert reads == []
    # What was not measured still has to be.
    ask(log, "drift", **run, from_step=1, to_step=2)
    assert reads


def test_a_second_time_there_is_nothing_to_do(logdir: Path) -> None:
    measure(logdir)
    files = {one.name for one in (logdir / "run" / RESULTS).iterdir()}
    assert [one.computed for one in measure(logdir)] == [0]
    assert {one.name for one in (logdir / "run" / RESULTS).iterdir()} == files
    # Norms and positions of each step, drift from the first, and five of the series:
    # segments of blocks are gone, since their measures are saved.
    assert len(files) == 3 * STEPS - 1 + 5


def test_an_open_log_finds_what_is_measured_meanwhile(
    logdir: Path, reads: list[Any]
) -> None:
    series = tb_wordembed.open(logdir).series()
    assert series.health_so_far() == []
    measure(logdir)
    reads.clear()
    assert len(series.health_so_far()) == STEPS
    assert reads == []


def test_a_copy_of_the_run_has_its_results(
    logdir: Path, tmp_path: Path, reads: list[Any]
) -> None:
    measure(logdir)
    shutil.copytree(logdir, tmp_path / "elsewhere")
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
    reads.clear()
    assert tb_wordembed.open(tmp_path / "elsewhere" / "run").series().health()
    assert reads == []


def test_an_interrupted_command_goes_on_where_it_was(logdir: Path) -> None:
    expected = answers(tb_wordembed.open(logdir).series())

    def interrupt(share: float, message: str = "") -> None:
        if share > 0.3:
            raise Cancelled

    with measuring(logdir) as work, pytest.raises(Cancelled):
        work.measure(work.log.series(), progress=interrupt)
    shutil.rmtree(logdir.parent / "cache", ignore_errors=True)
    (done,) = measure(logdir)
    assert 3 <= 8 + 8 * STEPS + MORE - done.computed <= 7
    with measuring(logdir) as work:
        np.testing.assert_equal(answers(work.log.series()), expected)


def results(logdir: Path) -> list[Path]:
    return sorted((logdir / "run" / RESULTS).iterdir())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda files: files[0].write_bytes(b""),
        lambda files: [one.write_bytes(one.read_bytes()[:-70]) for one in files],
        lambda files: [
            one.write_bytes(one.read_bytes()[:-40] + bytes(40)) for one in files
        ],
        # Each has the name of another one, with a checksum that is right.
        lambda files: [
            one.write_bytes(data)
            for one, data in zip(
                files, [f.read_bytes() for f in files[1:] + files[:1]], strict=True
            )
        ],
        lambda files: [one.unlink() for one in files],
        lambda files: [(one.unlink(), one.mkdir()) for one in files],
        lambda files: [(one.unlink(), one.symlink_to("/dev/zero")) for one in files],
    ],
    ids=["empty", "cut", "overwritten", "exchanged", "gone", "directories", "links"],
)
def test_results_that_lie_are_not_used(logdir: Path, spoil: Any) -> None:
    expected = answers(tb_wordembed.open(logdir).series())
    measure(logdir)
    shutil.rmtree(logdir.parent / "cache", ignore_errors=True)
    spoil(results(logdir))
    np.testing.assert_equal(answers(tb_wordembed.open(logdir).series()), expected)


def test_results_of_another_version_are_not_used(
    logdir: Path, monkeypatch: pytest.MonkeyPatch, reads: list[Any]
) -> None:
    measure(logdir)
    monkeypatch.setattr(disk_cache, "code_version", lambda: b"another")
    reads.clear()
    tb_wordembed.open(logdir).series().norms(0)
    assert reads


def test_results_of_a_log_that_changed_are_not_used(logdir: Path) -> None:
    measure(logdir)
    file = logdir / "run" / FILE_NAME
    file.unlink()
    tables = random_tables(STEPS, ROWS, DIM, seed=1)
    write_series(file, tables)
    series = tb_wordembed.open(logdir).series()
    np.testing.assert_allclose(
        series.norms(2), np.linalg.norm(tables[2], axis=1), rtol=1e-6
    )
    expected = np.quantile(np.linalg.norm(tables[2], axis=1), 0.5)
    assert series.health()[2].norm[1] == pytest.approx(expected, rel=1e-6)


def test_a_training_that_goes_on_measures_only_what_is_new(logdir: Path) -> None:
    measure(logdir)
    tables = random_tables(STEPS + 1, ROWS, DIM)
    write(
        logdir / "run" / FILE_NAME,
        event(STEPS, table_value("words", tables[STEPS])),
    )
    (done,) = measure(logdir)
    # The basis is another one, so all positions are.
    assert done.computed == 8 + 8 * (STEPS + 1) + MORE
    assert len(tb_wordembed.open(logdir).series().health()) == STEPS + 1


def test_damage_is_reported_and_no_number_of_it_saved(logdir: Path) -> None:
    file = logdir / "run" / FILE_NAME
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with measuring(logdir) as work:
        done = work.measure(work.log.series())
        assert done.steps == STEPS - 1
        (problem,) = work.log.problems
    assert "checksum" in problem.message
    assert tb_wordembed.open(logdir).series().norms(2).shape == (ROWS,)


def test_older_vocabularies_are_measured_here(tmp_path: Path) -> None:
    tables = random_tables(2, 90, DIM)
    write(
        tmp_path / FILE_NAME,
        event(
            0,
            column_value("words", "token", [f"t{n}" for n in range(80)]),
            table_value("words", tables[0][:80]),
        ),
        event(
            1,
            column_value("words", "token", [f"t{n}" for n in range(90)]),
            table_value("words", tables[1]),
        ),
    )
    expected = [asdict(one) for one in tb_wordembed.open(tmp_path).series().health()]
    with measuring(tmp_path) as work:
        series = work.log.series()
        work.measure(series)
        np.testing.assert_equal([asdict(one) for one in series.health()], expected)


def test_the_command(logdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["measure", str(logdir), "--format", "csv"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out == [
        "run,tag,steps,vocab_size,embedding_dim,computed",
        f"run,words,{STEPS},{ROWS},{DIM},{8 + 8 * STEPS + MORE}",
    ]
    assert cli.main(["measure", str(logdir), "--run", "run", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith(",0")
    assert cli.main(["measure", str(logdir), "--run", "jog"]) == 2
    assert "there is no run 'jog'" in capsys.readouterr().err


def test_only_measuring_writes_beside_the_log(
    logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_cache, "WORTH_SECONDS", 0.0)
    for directory in (None, logdir.parent / "cache"):
        disk = disk_cache.DiskCache(directory)
        log = open_with(logdir, lambda: local.LOCAL, disk)
        answers(log.series())
        assert not (logdir / "run" / RESULTS).exists()


def test_where_nothing_can_be_saved_nothing_is_computed(
    logdir: Path, reads: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    (logdir / "run" / RESULTS).write_text("in the way")
    assert cli.main(["measure", str(logdir)]) == 2
    assert RESULTS in capsys.readouterr().err
    assert reads == []


def test_a_full_disk_is_reported(
    logdir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(disk_cache, "replacing", full)
        assert cli.main(["measure", str(logdir)]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert results(logdir) == []
    # The others go on without.
    with monkeypatch.context() as patched:
        patched.setattr(disk_cache, "replacing", full)
        assert len(tb_wordembed.open(logdir).series().health()) == STEPS


def test_all_neighbors_only_when_asked_for(logdir: Path, tmp_path: Path) -> None:
    expected = tb_wordembed.open(logdir).series().all_neighbors(0)
    measure(logdir)
    few = len(results(logdir))
    with measuring(logdir) as work:
        done = work.measure(work.log.series(), with_neighbors=True)
    # Of 600 rows 40 at a time, at two steps.
    assert done.computed == 2 * 15
    assert len(results(logdir)) == few + 2
    found = tb_wordembed.open(logdir).series().all_neighbors(0)
    np.testing.assert_equal(asdict(found), asdict(expected))


def test_the_quality_of_the_map_only_when_asked_for(
    logdir: Path, reads: list[Any]
) -> None:
    expected = tb_wordembed.open(logdir).series()
    shown = expected.shown_components()[:2]
    quality = expected.quality(STEPS - 1, shown)
    assert 0 < quality.trustworthiness < 1
    shares: list[float] = []
    with measuring(logdir) as work:
        work.measure(
            work.log.series(),
            with_quality=True,
            progress=lambda share, message="": shares.append(share),
        )
    assert shares == sorted(shares)
    assert shares[-1] == 1
    reads.clear()
    found = tb_wordembed.open(logdir).series()
    assert found.quality(STEPS - 1, shown) == quality
    assert reads == []


def test_neighbors_in_runs_are_those_of_the_local_engine(logdir: Path) -> None:
    local_log = tb_wordembed.open(logdir)
    with measuring(logdir) as work:
        here, there = local_log.series(), work.log.series()
        for row, metric in ((3, "cosine"), (9, "euclidean"), (7, "cosine")):
            found = there.neighbors(row, 1, 12, metric)  # type: ignore[arg-type]
            assert found == here.neighbors(row, 1, 12, metric)  # type: ignore[arg-type]
        for step in (1, 2):
            np.testing.assert_equal(
                asdict(there.all_neighbors(step, 5, "euclidean")),
                asdict(here.all_neighbors(step, 5, "euclidean")),
            )


def test_engines_that_do_not_exist(logdir: Path) -> None:
    engine: Any = "spark"
    with pytest.raises(ValueError, match=r"engine is 'spark'; expected one of .*dask"):
        tb_wordembed.open(logdir, engine=engine)
    with pytest.raises(ValueError, match="workers is 2 with engine 'local'"):
        tb_wordembed.open(logdir, workers=2)
