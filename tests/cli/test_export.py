"""``tb-wordembed export``."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from logs import FILE_NAME, random_tables, write_series
from standard_projector import Standard

from tb_wordembed.cli import main


def make_log(logdir: Path, run: str = "run", tag: str = "words") -> list[np.ndarray]:
    tables = random_tables(3, 6, 4)
    tokens = [f"word{row}" for row in range(6)]
    write_series(logdir / run / FILE_NAME, tables, tag, tokens)
    return tables


def test_a_log_made_earlier_is_shown_by_the_projector(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = make_log(tmp_path)
    assert main(["export", str(tmp_path), "--projector"]) == 0
    assert "words, step 2, 6 x 4" in capsys.readouterr().out
    standard = Standard(tmp_path, "run")
    assert standard.becomes_active()
    found = standard.tensor("run", "words (step 2)")
    np.testing.assert_allclose(found, tables[2], rtol=1e-5)


@pytest.mark.parametrize(
    ("steps", "names"),
    [
        ("1", ["words (step 1)"]),
        ("all", ["words (latest: step 2)", "words (step 0)", "words (step 1)"]),
    ],
)
def test_steps_can_be_chosen(tmp_path: Path, steps: str, names: list[str]) -> None:
    make_log(tmp_path)
    assert main(["export", str(tmp_path), "--projector", "--steps", steps]) == 0
    assert Standard(tmp_path, "run").names("run") == names


def test_runs_and_tags_can_be_chosen(tmp_path: Path) -> None:
    for run in ("a", "b"):
        make_log(tmp_path, run)
    arguments = ["export", str(tmp_path), "--projector", "--run", "b", "--tag", "words"]
    assert main(arguments) == 0
    assert Standard(tmp_path, "a", "b").runs() == ["b"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--run", "other"], "no run 'other'"),
        (["--tag", "other"], "no tag 'other'"),
        (["--steps", "7"], "no step 7"),
    ],
)
def test_what_is_not_there_is_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    make_log(tmp_path)
    assert main(["export", str(tmp_path), "--projector", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_run_that_the_projector_cannot_ask_for_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_log(tmp_path, "a&b")
    assert main(["export", str(tmp_path), "--projector"]) == 0
    assert "can't ask for run 'a&b'" in capsys.readouterr().err


def test_what_the_projector_cannot_show_is_named_and_the_rest_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_log(tmp_path)
    write_series(tmp_path / "run" / FILE_NAME, random_tables(1, 6, 1), "bias")
    assert main(["export", str(tmp_path), "--projector"]) == 0
    assert "bias is 6 x 1" in capsys.readouterr().err
    assert Standard(tmp_path, "run").names("run") == ["words (step 2)"]


def test_the_web_site_gets_a_config_with_all_it_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = make_log(tmp_path / "logs", "a run", "w/ö&#")
    site = tmp_path / "site"
    base = "https://example.com/files"
    arguments = ["export", str(tmp_path / "logs"), "--projector-json", f"{base}/"]
    assert main([*arguments, "-o", str(site), "--steps", "all"]) == 0
    link = capsys.readouterr().out.splitlines()[-1]
    query = parse_qs(urlsplit(link).query)
    assert query == {"config": [f"{base}/projector_config.json"]}
    config = json.loads((site / "projector_config.json").read_bytes())
    names = [one["tensorName"] for one in config["embeddings"]]
    assert names[0].endswith("(latest: step 2)")
    for one, step in zip(config["embeddings"], (2, 0, 1), strict=True):
        assert one["tensorShape"] == [6, 4]
        assert one["tensorPath"].startswith(f"{base}/")
        assert one["tensorPath"].endswith(".bytes")
        content = (site / one["tensorPath"].removeprefix(f"{base}/")).read_bytes()
        table = np.frombuffer(content, "<f4").reshape(one["tensorShape"])
        np.testing.assert_allclose(table, tables[step], rtol=1e-5)
        lines = (site / one["metadataPath"].removeprefix(f"{base}/")).read_text("utf-8")
        assert lines.splitlines() == [f"word{row}" for row in range(6)]


def export_for_site(logdir: Path, site: Path, *more: str) -> int:
    url = "https://example.com"
    return main(
        ["export", str(logdir), "--projector-json", url, "-o", str(site), *more]
    )


@pytest.mark.parametrize(
    "config", ['{"embeddings": [{"tensorPath": "mine.tsv"}]}', "{}", "[1]", "not JSON"]
)
def test_a_config_of_others_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], config: str
) -> None:
    make_log(tmp_path / "logs")
    mine = tmp_path / "projector_config.json"
    mine.write_text(config)
    assert export_for_site(tmp_path / "logs", tmp_path) == 2
    assert "was not written by tb-wordembed export; name" in capsys.readouterr().err
    assert mine.read_text() == config
    assert {one.name for one in tmp_path.iterdir()} == {"logs", mine.name}


def test_an_earlier_export_is_replaced_and_no_link_is_followed(tmp_path: Path) -> None:
    make_log(tmp_path / "logs")
    site, thesis = tmp_path / "site", tmp_path / "thesis.tex"
    thesis.write_text("years of work")
    assert export_for_site(tmp_path / "logs", site, "--steps", "all") == 0
    names = {one.name for one in site.iterdir()}
    for name in names - {"projector_config.json"}:
        (site / name).unlink()
        (site / name).symlink_to(thesis)
    assert export_for_site(tmp_path / "logs", site, "--steps", "all") == 0
    assert thesis.read_text() == "years of work"
    assert {one.name for one in site.iterdir() if not one.is_symlink()} == names
    config = site / "projector_config.json"
    (tmp_path / "elsewhere.json").write_bytes(config.read_bytes())
    config.unlink()
    config.symlink_to(tmp_path / "elsewhere.json")
    assert export_for_site(tmp_path / "logs", site) == 2
    assert config.is_symlink()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--projector-json", "somewhere"], "expected the address"),
        (["--projector", "-o", "x"], "-o is for --projector-json"),
    ],
)
def test_where_to_is_checked(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    make_log(tmp_path)
    assert main(["export", str(tmp_path), *arguments]) == 2
    assert message in capsys.readouterr().err
