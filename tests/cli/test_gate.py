"""``tb-wordembed gate`` and ``compare``, as a CI job and a report use them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from scipy import linalg
from scipy.spatial import distance

import tb_wordembed
from tb_wordembed.cli import main

Captured = pytest.CaptureFixture[str]

WORDS = [f"w{row}" for row in range(60)]
HOSTILE = "@everyone `a` | <img src=x> https://x.y"


def write(directory: Path, run: str, table: Any, tokens: list[str] = WORDS) -> None:
    with tb_wordembed.SnapshotWriter(directory / run) as writer:
        writer.embedding("words", table.astype(np.float32), 0, tokens=tokens)


@pytest.fixture
def logdir(tmp_path: Path) -> str:
    """Five trainings of one setting in bases of their own; "new" has six words changed,
    lacks w59 and has another word; "wide" has other dimensions."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(60, 8))
    for run in ("a", "b", "c", "d", "e", "new", "wide"):
        one = table + 0.05 * rng.normal(size=table.shape)
        tokens = WORDS
        if run == "new":
            one[:6] *= -1
            tokens = [*WORDS[:59], HOSTILE]
        if run == "wide":
            one = np.pad(one, ((0, 0), (0, 3)))
        turn = np.linalg.qr(rng.normal(size=(one.shape[1],) * 2))[0]
        write(tmp_path, run, one @ turn, tokens)
    return str(tmp_path)


def gate(
    capsys: Captured, logdir: str, *options: str, run: str = "new"
) -> tuple[int, dict[str, dict[str, Any]], str]:
    asked = ["gate", logdir, "--run", run, "--with", "a", "--format", "json", *options]
    status = main(asked)
    out, err = capsys.readouterr()
    rows = json.loads(out) if out else []
    return status, {row["threshold"]: row for row in rows}, err


def test_a_gate_passes_until_a_threshold_is_exceeded(
    logdir: str, capsys: Captured
) -> None:
    log = tb_wordembed.open(logdir)
    ours, theirs = log.series("new"), log.series("a")
    median = np.nanmedian(ours.drift(0, 0, reference=theirs))
    for limit, expected in ((median * 1.01, 0), (median * 0.99, 1)):
        options = "--max-median-drift", str(limit), "--max-lost-tokens", "1"
        status, found, err = gate(capsys, logdir, *options)
        row = found["--max-median-drift"]
        assert status == expected
        assert row["value"] == pytest.approx(median)
        assert row["result"] == ("exceeded" if expected else "passed")
        assert "cosine of 59 tokens, aligned over 59 common tokens" in row["about"]
        assert "residual" in row["about"]
        assert found["--max-lost-tokens"]["value"] == 1
        assert found["--max-lost-tokens"]["result"] == "passed"
        assert "'w59'" in found["--max-lost-tokens"]["about"]
        assert err == "from step 0 of 'a' to step 0 of 'new'\n"
    assert gate(capsys, logdir, "--max-lost-tokens", "0")[0] == 1


def test_tokens_that_changed_by_more_than_noise_are_counted(
    logdir: str, capsys: Captured
) -> None:
    options = "--seeds", *"abcde", "--max-changed-share"
    status, found, _ = gate(capsys, logdir, *options, "0.05")
    row = found["--max-changed-share"]
    assert status == 1
    assert row["value"] == pytest.approx(6 / 59)
    assert "6 of 59 tokens, by cosine, aligned over 59 common tokens" in row["about"]
    assert "noise of 10 pairs of seeds" in row["about"]
    assert "false discovery rate 0.05" in row["about"]
    assert gate(capsys, logdir, *options, "0.2")[0] == 0
    status, found, _ = gate(capsys, logdir, *options, "0.2", "--measure", "overlap")
    assert "by overlap, of 10 neighbors by cosine" in found[options[-1]]["about"]
    nothing = "--seeds", *"bcde", "--max-changed-share", "0"
    status = main(["gate", logdir, "--run", "a", "--with", "b", *nothing])
    assert status == 0


def test_tables_of_other_dimensions_have_neighbors_only(
    logdir: str, capsys: Captured
) -> None:
    overlap = "--min-neighbor-overlap", "0.5", "-k", "5"
    status, found, _ = gate(capsys, logdir, *overlap, run="wide")
    row = found["--min-neighbor-overlap"]
    assert (status, row["result"]) == (0, "passed")
    assert "mean overlap@5 by cosine of 60 of 60 tokens" in row["about"]
    series = tb_wordembed.open(logdir)
    turnover = series.series("wide").turnover(0, 0, 5, reference=series.series("a"))
    assert row["value"] == pytest.approx(turnover.mean_overlap)
    assert "standard error 0" in row["about"]
    by_neighbors = "--max-median-drift", "0.5", "--measure", "overlap"
    assert gate(capsys, logdir, *by_neighbors, run="wide")[0] == 0
    status, _, err = gate(capsys, logdir, "--max-median-drift", "0.5", run="wide")
    assert status == 2
    assert "8 dimensions" in err
    assert "Measures of neighbors, such as overlap, need no alignment" in err


def test_a_sampled_overlap_fails_only_outside_of_its_error(
    tmp_path: Path, capsys: Captured
) -> None:
    rng = np.random.default_rng(1)
    tokens = [f"w{row}" for row in range(1500)]
    table = rng.normal(size=(1500, 8))
    for run in ("a", "new"):
        moved = table + 0.1 * rng.normal(size=table.shape)
        write(tmp_path, run, moved, tokens)
    log = tb_wordembed.open(tmp_path)
    found = log.series("new").turnover_estimate(0, 0, reference=log.series("a"))
    assert found.sampled == 1000
    for errors, expected in ((-1, 0), (1, 0), (3, 1)):
        limit = found.mean_overlap + errors * found.standard_error
        option = "--min-neighbor-overlap", str(limit)
        status, rows, _ = gate(capsys, str(tmp_path), *option)
        row = rows["--min-neighbor-overlap"]
        assert status == expected
        assert row["value"] == pytest.approx(found.mean_overlap)
        assert f"standard error {found.standard_error:.2g}" in row["about"]
        assert ("so not exceeded" in row["about"]) == (errors == 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "there is no threshold; expected one or more of --max-median-drift"),
        (["--max-changed-share", "0.1"], "--max-changed-share and --seeds go together"),
        (["--max-lost-tokens", "0", "--seeds", "a", "b"], "go together"),
        (["--max-lost-tokens", "0", "--with", "f"], "no run 'f'"),
    ],
)
def test_what_can_not_be_measured_is_said(
    logdir: str, capsys: Captured, options: list[str], said: str
) -> None:
    status, _, err = gate(capsys, logdir, *options)
    assert status == 2
    assert said in err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--max-median-drift", "-1", "expected a number from 0"),
        ("--max-median-drift", "inf", "expected a number from 0"),
        ("--max-changed-share", "5%", "expected a share from 0 to 1"),
        ("--min-neighbor-overlap", "nan", "expected a share from 0 to 1"),
        ("--max-lost-tokens", "0.5", "expected a whole number from 0"),
    ],
)
def test_thresholds_that_are_none_are_refused(
    logdir: str, capsys: Captured, option: str, value: str, said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["gate", logdir, "--run", "new", "--with", "a", option, value])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_what_is_not_finite_does_not_pass(tmp_path: Path, capsys: Captured) -> None:
    write(tmp_path, "a", np.eye(6), WORDS[:6])
    write(tmp_path, "new", np.full((6, 6), np.nan), WORDS[:6])
    status, found, _ = gate(capsys, str(tmp_path), "--min-neighbor-overlap", "0.1")
    assert status == 1
    assert found["--min-neighbor-overlap"]["value"] == 0


def test_compare_says_in_each_format_how_it_measured(
    logdir: str, capsys: Captured
) -> None:
    asked = ["compare", logdir, "--run", "new", "--with", "a", "--seeds", *"abcde"]
    said = (
        "cosine from step 0 of 'a' to step 0 of 'new', aligned over 59 common tokens",
        "noise of 10 pairs of seeds",
        "6 of 59 tokens changed at a false discovery rate of 0.05",
    )
    for form in ("table", "csv", "json", "markdown"):
        assert main([*asked, "--top", "6", "--format", form]) == 0
        out, err = capsys.readouterr()
        for part in said:
            assert part in (out if form == "markdown" else err)
    rows = list(csv.DictReader(io.StringIO(csv_of(asked, capsys))))
    assert {row["token"] for row in rows[:6]} == set(WORDS[:6])


def csv_of(asked: list[str], capsys: Captured) -> str:
    main([*asked, "--format", "csv"])
    return capsys.readouterr().out


def test_markdown_renders_tokens_as_they_are(logdir: str, capsys: Captured) -> None:
    """As read by a parser of CommonMark with GitHub's tables."""
    parsers = pytest.importorskip("markdown_it", reason="it comes with Keras")
    table = np.random.default_rng(1).normal(size=(60, 9))
    write(Path(logdir), "other", table, [*WORDS[:59], HOSTILE])
    asked = ["compare", logdir, "--run", "new", "--with", "other"]
    options = ["--measure", "overlap", "--top", "100", "--format", "markdown"]
    assert main([*asked, *options]) == 0
    parser = parsers.MarkdownIt("commonmark").enable("table")
    html = parser.render(capsys.readouterr().out)
    escaped = "@everyone `a` | &lt;img src=x&gt; https://x.y"
    assert f"<td><code>{escaped}</code></td>" in html
    assert html.count("<tr>") == 61
    assert "<img" not in html
    assert html.rstrip().endswith("</code></p>")


def test_compare_says_what_it_found_below_its_table(
    logdir: str, capsys: Captured
) -> None:
    asked = ["compare", logdir, "--run", "new", "--with", "a", "--seeds", *"abcde"]
    assert main(asked) == 0
    _, err = capsys.readouterr()
    found = err.splitlines()[-1]
    assert found.startswith("6 of 59 tokens (“w")
    assert "changed by more than noise from step 0 of the reference" in found
    assert "Raised in 0 of 144 comparisons of seeds" in found


def checkpoint(directory: Path, table: Any, tokens: list[str]) -> Path:
    """A model as Hugging Face's libraries save it: one file, and its tokens beside."""
    directory.mkdir()
    name = "bert.embeddings.word_embeddings.weight"
    weights = {name: table.astype(np.float32), "head": np.ones((2, 8), np.float32)}
    safetensors.numpy.save_file(weights, directory / "model.safetensors")
    (directory / "vocab.txt").write_text("\n".join(tokens) + "\n", "utf-8")
    return directory


def test_a_fine_tuning_is_compared_with_its_base(
    tmp_path: Path, capsys: Captured
) -> None:
    rng = np.random.default_rng(3)
    base = rng.normal(size=(60, 8))
    tuned = base + 0.01 * rng.normal(size=base.shape)
    tuned[[4, 5]] += rng.normal(size=(2, 8))
    added, left_out = ["[NEW]", "[ALSO]"], {"w1", "w2", "w3"}
    kept = [row for row in range(60) if WORDS[row] not in left_out]
    order = rng.permutation(kept)
    words = [*added, *(WORDS[row] for row in order)]
    table = np.concatenate([rng.normal(size=(2, 8)), tuned[order]])
    models = {
        "base": checkpoint(tmp_path / "base", base, WORDS),
        "tuned": checkpoint(tmp_path / "tuned", table, words),
    }
    logdir = str(tmp_path / "logs")
    for run, model in models.items():
        assert main(["import", logdir, str(model), "--run", run]) == 0
    capsys.readouterr()
    asked = "--run", "tuned", "--with", "base"
    assert main(["compare", logdir, *asked, "--top", "2", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    rows = json.loads(out)
    assert {row["token"] for row in rows} == {"w4", "w5"}
    before, after = (one.astype(np.float32)[kept] for one in (base, tuned))
    rotation, _ = linalg.orthogonal_procrustes(before, after)
    for row in rows:
        at = kept.index(WORDS.index(row["token"]))
        expected = distance.cosine(before[at] @ rotation, after[at])
        assert row["cosine"] == pytest.approx(expected, abs=1e-5)
    assert "aligned over 57 common tokens" in err
    assert "only in 'tuned': '[NEW]', '[ALSO]'" in err
    assert "only in 'base': 'w1', 'w2', 'w3'" in err
    limits = "--max-median-drift", "0.01", "--max-lost-tokens", "2"
    assert main(["gate", logdir, *asked, *limits, "--format", "json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    results = {row["threshold"]: row["result"] for row in rows}
    assert results == {
        "--max-median-drift": "passed",
        "--max-lost-tokens": "exceeded",
    }
