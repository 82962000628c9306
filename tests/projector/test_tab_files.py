"""The Projector's own tab on what we write for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from standard_projector import Standard

from tb_wordembed.format.paths import replace_file
from tb_wordembed.projector.config import CONFIG, FOLDER, ConfigError
from tb_wordembed.projector.tab_files import Shown, write

WORDS = ["good", "bad", "the"]


def random_table(rows: int, columns: int, seed: int = 0) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(rows, columns)).astype(np.float32)


def at(step: int, table: Any, tokens: list[str] | None = None, **columns: Any) -> Shown:
    tokens = tokens or [f"word{row}" for row in range(len(table))]
    columns = {"token": tokens, **columns}
    return Shown(step, table.shape, lambda: table, lambda: columns)


def written(path: Path) -> set[str]:
    return {one.name for one in (path / FOLDER).iterdir()}


def test_one_labeled_point_per_word(tmp_path: Path) -> None:
    table = random_table(2001, 128)
    tokens = [f"word{row}" for row in range(2001)]
    write(str(tmp_path / "run"), {"words": [at(5, table, tokens)]})
    standard = Standard(tmp_path, "run")
    assert standard.becomes_active()
    assert standard.runs() == ["run"]
    assert standard.names("run") == ["words (step 5)"]
    np.testing.assert_allclose(
        standard.tensor("run", "words (step 5)"), table, rtol=1e-5
    )
    labels = standard.labels("run", "words (step 5)")
    # One column has no header: no token is taken for it.
    assert labels == [{"label": token} for token in tokens]


def test_columns_come_with_their_names(tmp_path: Path) -> None:
    table = random_table(3, 2)
    frequency = np.array([12.0, 0.5, np.nan])
    kind = ["a\tb", "", "noun"]
    write(
        str(tmp_path / "run"),
        {"words": [at(1, table, WORDS, frequency=frequency, kind=kind)]},
    )
    assert Standard(tmp_path, "run").labels("run", "words (step 1)") == [
        {"token": "good", "frequency": "12", "kind": "a\\tb"},
        {"token": "bad", "frequency": "0.5", "kind": "(empty)"},
        {"token": "the", "frequency": "", "kind": "noun"},
    ]


HOSTILE = [
    "\t",
    "a\nb",
    "",
    " ",
    "\r",
    "\u2028",
    "\x00",
    "\u202e",
    "é 世界",
    "x" * 10_000,
]


def test_every_token_has_its_line(tmp_path: Path) -> None:
    table = random_table(len(HOSTILE), 4)
    write(str(tmp_path / "run"), {"words": [at(0, table, HOSTILE)]})
    labels = Standard(tmp_path, "run").labels("run", "words (step 0)")
    texts = [one["label"] for one in labels]
    assert texts[:-1] == [
        *("\\t", "a\\nb", "(empty)", "(blank)", "\\r", "\\u2028", "\\x00", "\\u202e"),
        "é 世界",
    ]
    assert len(texts[-1]) == 200


TAGS = ["a/b", "a b", "a_b", "a&b", "a#b", "a+b", "100%41", "é/世界", "A/B", "x:0", "x"]


def test_several_embeddings_of_any_name(tmp_path: Path) -> None:
    tables = {tag: random_table(5, 3, seed) for seed, tag in enumerate(TAGS)}
    write(str(tmp_path / "run"), {tag: [at(2, table)] for tag, table in tables.items()})
    standard = Standard(tmp_path, "run")
    shown = {tag: standard.tensor("run", name_of(tag, 2)) for tag in TAGS}
    for tag, table in tables.items():
        np.testing.assert_allclose(shown[tag], table, rtol=1e-5)


def name_of(tag: str, step: int) -> str:
    wide = {"&": "＆", "#": "＃", "%": "％", "+": "＋", ":": "："}
    return "".join(wide.get(one, one) for one in tag) + f" (step {step})"


def test_all_steps_are_listed_upwards_after_the_latest(tmp_path: Path) -> None:
    tables = {step: random_table(4, 3, step) for step in (0, 2, 10)}
    write(str(tmp_path / "run"), {"words": [at(step, t) for step, t in tables.items()]})
    standard = Standard(tmp_path, "run")
    names = standard.names("run")
    assert names == ["words (latest: step 10)", "words (step 00)", "words (step 02)"]
    for name, step in zip(names, (10, 0, 2), strict=True):
        np.testing.assert_allclose(
            standard.tensor("run", name), tables[step], rtol=1e-5
        )
    # Labels that are the same are there once.
    assert len(written(tmp_path / "run")) == 4


def test_rows_that_are_not_finite_are_left_out(tmp_path: Path) -> None:
    table = random_table(5, 3)
    table[1, 2], table[3, 0] = np.nan, np.inf
    (found,) = write(str(tmp_path / "run"), {"words": [at(0, table)]})
    assert (found.shape, found.last.non_finite) == ((3, 3), 2)
    standard = Standard(tmp_path, "run")
    np.testing.assert_allclose(
        standard.tensor("run", "words (step 0)"), table[[0, 2, 4]], rtol=1e-5
    )
    labels = [one["label"] for one in standard.labels("run", "words (step 0)")]
    assert labels == ["word0", "word2", "word4"]


def test_a_large_table_is_sampled_evenly_over_frequencies(tmp_path: Path) -> None:
    rows = 250_000
    table = np.arange(2 * rows, dtype=np.float64).reshape(rows, 2)
    frequency = np.random.default_rng(0).permutation(rows)
    (found,) = write(
        str(tmp_path / "run"), {"words": [at(0, table, frequency=frequency)]}
    )
    assert (found.shape, found.last.sampled) == ((100_000, 2), 150_000)
    labels = Standard(tmp_path, "run").labels("run", "words (step 0)")
    kept = np.sort([int(one["frequency"]) for one in labels])
    assert len(kept) == 100_000
    # One of every two or three: nowhere a gap.
    assert np.diff(kept).max() < 2 * rows / len(kept)


def test_what_others_wrote_is_kept(tmp_path: Path) -> None:
    config = (
        "# My own notes.\n"
        'embeddings {\n  tensor_name: "words (step 1)"\n  tensor_path: "mine.tsv"\n}\n'
    )
    (tmp_path / "mine.tsv").write_text("1\t2\n3\t4\n")
    (tmp_path / CONFIG).write_text(config)
    write(str(tmp_path), {"words": [at(1, random_table(3, 2))]})
    text = (tmp_path / CONFIG).read_text()
    assert text.startswith(config)
    standard = Standard(tmp_path, ".")
    assert standard.names(".") == ["words (step 1)", "words (step 1) (tb_wordembed)"]
    assert standard.tensor(".", "words (step 1)").tolist() == [[1, 2], [3, 4]]
    # Written again it doesn't grow.
    write(str(tmp_path), {"words": [at(1, random_table(3, 2))]})
    assert (tmp_path / CONFIG).read_text() == text


def test_a_later_step_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    write(str(tmp_path), {"words": [at(1, random_table(3, 2))], "items": [at(1, WIDE)]})
    write(str(tmp_path), {"words": [at(2, random_table(3, 2, 1))]})
    standard = Standard(tmp_path, ".")
    assert standard.names(".") == ["items (step 1)", "words (step 2)"]
    assert len(written(tmp_path)) == 4
    assert standard.tensor(".", "items (step 1)").shape == WIDE.shape


WIDE = random_table(4, 7, 5)


def test_ours_are_known_when_somebody_rewrote_the_file(tmp_path: Path) -> None:
    write(str(tmp_path), {"words": [at(1, random_table(3, 2))]})
    path = tmp_path / CONFIG
    lines = [one for one in path.read_text().splitlines() if one[:1] != "#"]
    path.write_text('model_checkpoint_path: "model.ckpt"\n' + "\n".join(lines))
    write(str(tmp_path), {"words": [at(2, random_table(3, 2))]})
    text = path.read_text()
    assert text.count("embeddings {") == 1
    assert "step 2" in text
    assert 'model_checkpoint_path: "model.ckpt"' in text


@pytest.mark.parametrize(
    "broken", [b"embeddings { tensor_name: ", b"\xff\xfe", b"# fine\nbut this is not"]
)
def test_a_broken_config_is_left_as_it_is(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / CONFIG).write_bytes(broken)
    with pytest.raises(ConfigError, match="left as it is"):
        write(str(tmp_path), {"words": [at(1, random_table(3, 2))]})
    assert (tmp_path / CONFIG).read_bytes() == broken
    assert [one.name for one in tmp_path.iterdir()] == [CONFIG]


def test_fields_of_a_newer_tensorboard_are_kept(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text('of_tomorrow: "x"\n')
    write(str(tmp_path), {"words": [at(1, random_table(3, 2))]})
    assert (tmp_path / CONFIG).read_text().startswith('of_tomorrow: "x"\n')


def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(str(tmp_path), {"words": [at(1, random_table(3, 2))]})
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}

    def fail_at_config(path: Path, content: bytes) -> None:
        if path.name == CONFIG:
            raise OSError(28, "No space left on device")
        replace_file(path, content)

    monkeypatch.setattr("tb_wordembed.projector.tab_files.replace_file", fail_at_config)
    with pytest.raises(OSError, match="No space"):
        write(str(tmp_path), {"words": [at(2, random_table(3, 2, 1))]})
    after = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    assert after == before


def test_no_half_written_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write(str(tmp_path), {"words": [at(2, random_table(3, 2, 1))]})
    assert not any(one.is_file() for one in tmp_path.rglob("*"))


def test_files_of_others_in_our_directory_stay(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    names = ["notes.2024-01.txt", "best-model.step3-final.bytes", ".a.b-c.d", "weights"]
    for name in names:
        (folder / name).write_text("mine")
    for step in (1, 2):
        write(str(tmp_path), {"words": [at(step, random_table(3, 2, step))]})
    assert {*names} < written(tmp_path)
    # And of ours only what the config names.
    assert len(written(tmp_path)) == len(names) + 2


def test_what_a_killed_process_left_unfinished_goes(tmp_path: Path) -> None:
    tables = {"words": [at(1, random_table(3, 2))]}
    write(str(tmp_path), tables)
    before = written(tmp_path)
    for name in before:
        (tmp_path / FOLDER / f".{name}.{'0' * 16}.part").write_bytes(b"half")
    write(str(tmp_path), tables)
    assert written(tmp_path) == before


@pytest.mark.parametrize("name", [CONFIG, FOLDER])
def test_links_are_neither_followed_nor_replaced(tmp_path: Path, name: str) -> None:
    mine, run = tmp_path / "mine", tmp_path / "run"
    run.mkdir()
    if name == CONFIG:
        mine.write_text("# Shared by several runs.\n")
    else:
        mine.mkdir()
        (mine / "old.step1-a.bytes").write_text("mine")
    (run / name).symlink_to(mine)
    with pytest.raises(ConfigError, match=f"{name} is a link; it is left as it is"):
        write(str(run), {"words": [at(1, random_table(3, 2))]})
    assert (run / name).is_symlink()
    if name == CONFIG:
        assert mine.read_text() == "# Shared by several runs.\n"
    else:
        assert [one.name for one in mine.iterdir()] == ["old.step1-a.bytes"]


@pytest.mark.parametrize("shape", [(1, 5), (5, 1)])
def test_what_the_projector_never_shows_is_refused(
    tmp_path: Path, shape: tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match="at least 2 x 2"):
        write(str(tmp_path), {"words": [at(0, random_table(*shape))]})


def test_remote_directories_are_refused() -> None:
    with pytest.raises(ValueError, match="local directories only"):
        write("gs://bucket/run", {"words": [at(0, random_table(3, 2))]})


READS_WITHOUT_TENSORFLOW = """
import sys
import types
sys.modules["tensorboard.compat.notf"] = types.ModuleType("notf")
from pathlib import Path
from standard_projector import Standard

standard = Standard(Path(sys.argv[1]), *sys.argv[2:])
assert standard.becomes_active()
for run in standard.runs():
    for name in standard.names(run):
        assert standard.tensor(run, name).shape == (40, 8)
        assert len(standard.labels(run, name)) == 40
assert "tensorflow" not in sys.modules
print(len(standard.runs()))
"""


def test_tables_that_begin_as_text_are_read_without_tensorflow_too(
    tmp_path: Path,
) -> None:
    runs = []
    for value in (0x0A, 0x00, 0x41, 0xC3A9, 0x3F800041, 0x0A0A0A0A):
        table = np.full((40, 8), value, "<u4").view("<f4")
        runs.append(f"run{value}")
        write(str(tmp_path / runs[-1]), {"words": [at(0, table)]})
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", READS_WITHOUT_TENSORFLOW, str(tmp_path), *runs],
        env={**os.environ, "PYTHONPATH": f"{root}/tests/support:{root}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == str(len(runs)), done.stderr
    assert Standard(tmp_path, *runs).becomes_active()
