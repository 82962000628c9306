"""Which table, steps, tokens and run an import takes, and what it says of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed.write import tables

WORDS = ["the", "cat", "sat"]
TABLE = np.arange(6, dtype=np.float32).reshape(3, 2)


def save(path: Path, **arrays: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize(
    ("names", "pattern", "steps"),
    [
        (["a.npz"], None, [0]),
        (["a7.npz"], None, [0]),
        (["a10.npz", "a9.npz"], None, [10, 9]),
        (["e1/a.npz", "e2/a.npz", "e10/a.npz"], None, [1, 2, 10]),
        (["a1-0.5.npz", "a2-0.4.npz", "a10-0.3.npz"], None, [0, 1, 2]),
        (["a.npz", "b.npz"], None, [0, 1]),
        ([f"a{10**30}.npz", "a7.npz"], None, [1, 0]),
        (["a1-0.5.npz", "a2-0.4.npz"], r"a(\d+)", [1, 2]),
        (["e=1-s=50.npz", "e=2-s=100.npz"], r"s=(\d+)", [50, 100]),
    ],
)
def test_steps_are_found(
    names: list[str], pattern: str | None, steps: list[int], tmp_path: Path
) -> None:
    files = [save(tmp_path / n, words=TABLE + s) for n, s in zip(names, steps)]  # noqa: B905
    done = tb_wordembed.import_tables(tmp_path / "logs", files, step_from=pattern)
    assert done.steps == sorted(steps)
    series = tb_wordembed.open(tmp_path / "logs").series()
    assert series.steps == sorted(steps)
    for step in steps:
        assert np.array_equal(series.table(step), TABLE + step)


@pytest.mark.parametrize(
    ("names", "pattern", "words"),
    [
        (["a1.npz", "b1.npz"], r"(\d)", "both are step 1.*--run"),
        (["a.npz"], r"a(\d)\.npz", "finds no step"),
        (["a1.npz"], r"\d", "group around the number"),
        (["a1.npz"], "(", "no regular expression"),
        (["a1.npz"], "(a)", "no number"),
        ([f"a{10**30}.npz"], r"a(\d+)", "64 bits"),
    ],
)
def test_steps_that_are_not_there_are_said(
    names: list[str], pattern: str, words: str, tmp_path: Path
) -> None:
    files = [save(tmp_path / name, words=TABLE) for name in names]
    with pytest.raises(ValueError, match=words):
        tb_wordembed.import_tables(tmp_path / "logs", files, step_from=pattern)
    assert not (tmp_path / "logs").exists()


@pytest.mark.parametrize(
    ("keys", "key", "chosen"),
    [
        (["a"], None, "a"),
        (["head", "embed.weight"], None, "embed.weight"),
        (["a", "optimizer.exp_avg"], None, "a"),
        (["words.embed", "optim.words.embed"], None, "words.embed"),
        (["word_embed", "position_embed"], "word", "word_embed"),
        (["a.x", "b.x"], "b", "b.x"),
        (["a", "a.x"], "a", "a"),
    ],
)
def test_a_table_is_chosen_where_one_can_be_meant(
    keys: list[str], key: str | None, chosen: str, tmp_path: Path
) -> None:
    file = save(tmp_path / "a.npz", bias=TABLE[0], **dict.fromkeys(keys, TABLE))
    done = tb_wordembed.import_tables(tmp_path / "logs", file, key=key)
    assert done.tag == chosen
    assert any(chosen in note for note in done.notes)


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        (["a", "b"], None),
        (["word_embed", "position_embed"], None),
        (["word_embed", "position_embed"], "embed"),
        (["word_embed", "position_embed"], "wrods"),
    ],
)
def test_candidates_are_listed_where_several_can_be_meant(
    keys: list[str], key: str | None, tmp_path: Path
) -> None:
    file = save(tmp_path / "a.npz", **dict.fromkeys(keys, TABLE))
    with pytest.raises(ValueError, match=r"a\.npz") as error:
        tb_wordembed.import_tables(tmp_path / "logs", file, key=key)
    for one in keys:
        assert f"{one!r} [3, 2] float32" in str(error.value)


def test_all_files_must_have_the_table_before_any_is_logged(tmp_path: Path) -> None:
    files = [save(tmp_path / "a1.npz", a=TABLE), save(tmp_path / "a2.npz", b=TABLE)]
    with pytest.raises(ValueError, match=r"a2.npz has no table 'a'"):
        tb_wordembed.import_tables(tmp_path / "logs", files)
    assert not (tmp_path / "logs").exists()


def test_tokens_come_from_the_user_or_from_beside_the_file(tmp_path: Path) -> None:
    files = [
        save(tmp_path / f"checkpoint-{n}" / "a.npz", words=TABLE * n) for n in (1, 2)
    ]
    for file in files:
        vocabulary = {"model": {"vocab": dict(zip(WORDS, range(3), strict=True))}}
        (file.parent / "tokenizer.json").write_text(json.dumps(vocabulary))
    done = tb_wordembed.import_tables(tmp_path / "logs", files)
    assert any("tokenizer.json" in note for note in done.notes)
    assert tb_wordembed.open(tmp_path / "logs").series().tokens == WORDS
    other = tmp_path / "other.txt"
    other.write_text("x\ny\nz\n")
    tb_wordembed.import_tables(tmp_path / "logs", files, tokens=other, run="b")
    assert tb_wordembed.open(tmp_path / "logs").series("b").tokens == ["x", "y", "z"]
    with pytest.raises(ValueError, match=r"2 entries.*3 rows"):
        tb_wordembed.import_tables(tmp_path / "logs", files, tokens=["x", "y"])


def test_words_in_a_pickle_are_not_read_and_the_note_says_so(tmp_path: Path) -> None:
    words = np.array(WORDS, object)
    done = tb_wordembed.import_tables(
        tmp_path / "logs", save(tmp_path / "a.npz", table=TABLE, words=words)
    )
    (said,) = (note for note in done.notes if note.startswith("tokens"))
    assert "'words' in the file holds Python objects" in said
    assert "np.array(tokens, dtype=str)" in said
    other = save(tmp_path / "b.npz", table=TABLE, words=words, texts=np.array(WORDS))
    tb_wordembed.import_tables(tmp_path / "logs", other, run="b")
    assert tb_wordembed.open(tmp_path / "logs").series("b").tokens == WORDS


def test_progress_grows_to_the_end_with_a_sentence_for_each_step(
    tmp_path: Path,
) -> None:
    files = [tmp_path / f"epoch{step}.txt" for step in (1, 2)]
    for file in files:
        file.write_text("".join(f"w{row} 0.5 0.25\n" for row in range(9)))
    heard: list[tuple[float, str]] = []
    tb_wordembed.import_tables(
        tmp_path / "logs",
        files,
        progress=lambda share, text: heard.append((share, text)),
    )
    shares = [share for share, _ in heard]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    sentences = [text for _, text in heard if text.startswith("step")]
    assert [text.partition(":")[0] for text in sentences] == [
        "steps",
        "step 1",
        "step 2",
    ]


def test_tokens_beside_a_table_of_another_size_are_not_taken(tmp_path: Path) -> None:
    file = save(tmp_path / "a.npz", positions=np.ones((512, 2), np.float32))
    (tmp_path / "tokenizer.json").write_text(
        json.dumps({"model": {"vocab": {f"t{row}": row for row in range(600)}}})
    )
    done = tb_wordembed.import_tables(tmp_path / "logs", file)
    assert any("tokens: none" in note for note in done.notes)
    assert tb_wordembed.open(tmp_path / "logs").series().tokens[0] == "#0"


@pytest.mark.parametrize(
    ("rows", "expected"), [("top:1", [2]), (slice(0, 2), [0, 1]), ([2, 0], [2, 0])]
)
def test_some_rows_are_taken_with_their_tokens(
    tmp_path: Path, rows: Any, expected: list[int]
) -> None:
    tokens = tmp_path / "words.tsv"
    counts = "".join(f"{word}\t{5 * row}\n" for row, word in enumerate(WORDS))
    tokens.write_text(f"word\tcount\n{counts}")
    files = [save(tmp_path / f"a{n}.npz", words=TABLE * n) for n in (1, 2)]
    said: list[str] = []
    tb_wordembed.import_tables(
        tmp_path / "logs",
        files,
        tokens=tokens,
        rows=rows,
        progress=lambda share, message: said.append(message),
    )
    series = tb_wordembed.open(tmp_path / "logs").series()
    assert (series.steps, series.full_vocab_size) == ([1, 2], 3)
    assert series.tokens == [WORDS[row] for row in expected]
    assert series.table(2).tolist() == (2 * TABLE[expected]).tolist()
    assert list(series.metadata["row"]) == expected
    assert said[-1].endswith(f", {len(expected)} of 3 rows x 2 float32")


def test_a_pattern_names_files_where_no_shell_has_replaced_it(tmp_path: Path) -> None:
    for step in (2, 10):
        save(tmp_path / f"checkpoint-{step}" / "a.npz", words=TABLE + step)
    pattern = tmp_path / "checkpoint-*" / "*.npz"
    done = tb_wordembed.import_tables(tmp_path / "logs", pattern)
    assert done.steps == [2, 10]


def test_a_link_that_leads_nowhere_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.npz").symlink_to(tmp_path / "gone.npz")
    for name in ("a.npz", "*.npz"):
        with pytest.raises(FileNotFoundError, match=r"no file or directory .*a\.npz"):
            tb_wordembed.import_tables(tmp_path / "logs", tmp_path / name)


def test_rows_that_a_file_lacks_are_refused_before_any_is_logged(
    tmp_path: Path,
) -> None:
    file = save(tmp_path / "a.npz", words=TABLE)
    with pytest.raises(ValueError, match=r"a.npz: rows: there is no row 3"):
        tb_wordembed.import_tables(tmp_path / "logs", file, rows=[3])
    assert not (tmp_path / "logs").exists()


def test_an_import_replaces_no_other(tmp_path: Path) -> None:
    file = save(tmp_path / "a.npz", words=TABLE)
    for run in ("imported", "imported-2"):
        done = tb_wordembed.import_tables(tmp_path / "logs", file)
        assert Path(done.directory).name == run
    done = tb_wordembed.import_tables(tmp_path / "logs", file, run="mine", tag="x")
    assert tb_wordembed.open(tmp_path / "logs").series("mine").tag == "x"


def test_what_is_no_local_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere.npy"):
        tb_wordembed.import_tables(tmp_path / "logs", tmp_path / "nowhere.npy")
    with pytest.raises(ValueError, match="copy it to a local disk"):
        tb_wordembed.import_tables(tmp_path / "logs", "gs://bucket/a.npy")
    with pytest.raises(ValueError, match="directory without"):
        tb_wordembed.import_tables(tmp_path / "logs", tmp_path)
    for name in ("model.safetensors", "pytorch_model.bin"):
        (tmp_path / name).touch()
    with pytest.raises(ValueError, match=r"model.safetensors, pytorch_model.bin"):
        tb_wordembed.import_tables(tmp_path / "logs", tmp_path)
    with pytest.raises(ValueError, match="no file to import"):
        tb_wordembed.import_tables(tmp_path / "logs", [])


def test_a_table_larger_than_a_record_is_imported_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_PART_BYTES", TABLE.nbytes - 1)
    file = save(tmp_path / "a.npz", words=TABLE)
    done = tb_wordembed.import_tables(tmp_path / "logs", file)
    series = tb_wordembed.open(done.directory).series()
    np.testing.assert_array_equal(series.table(series.steps[0]), TABLE)
    (event_file,) = Path(done.directory).iterdir()
    assert b'"part":[' in event_file.read_bytes()


@pytest.mark.parametrize("run", ["../elsewhere", "/elsewhere"])
def test_a_run_outside_of_the_log_directory_is_refused(
    run: str, tmp_path: Path
) -> None:
    file = save(tmp_path / "a.npz", words=TABLE)
    with pytest.raises(ValueError, match="expected the name of a directory in the log"):
        tb_wordembed.import_tables(tmp_path / "logs", file, run=run)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz"]
