"""A web page in one file: what it holds, and that it holds what was measured."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path

import numpy as np
import pytest
from logs import FILE_NAME, random_tables, write_series
from page_file import PageFile
from questions import JOBS

import tb_wordembed
from tb_wordembed.cli import main
from tb_wordembed.contract.logged import WebPageRequest
from tb_wordembed.read.series import Series
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.report import chosen_rows, make_report

ROWS, STEPS, HELD = 60, 7, 20
HOSTILE = ["</script><script>alert(1)</script>", "<!--", "\u2028", '"]]>', ""]
SCRIPT = b"start('<\\/script>')"


@pytest.fixture(autouse=True)
def script(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests of Python run without a built page."""
    monkeypatch.setattr(make_report, "page_script", lambda: SCRIPT)


@pytest.fixture
def series(tmp_path: Path) -> Series:
    tokens = [*HOSTILE, *(f"word{row}" for row in range(len(HOSTILE), ROWS))]
    tables = random_tables(STEPS, ROWS, 8)
    write_series(tmp_path / FILE_NAME, tables, tokens=tokens)
    return tb_wordembed.open(tmp_path).series()


def page_of(series: Series, steps: int = 20, tokens: int = 10_000) -> PageFile:
    return PageFile(make_report.web_page(series, steps, tokens))


def rows_of(series: Series, page: PageFile) -> list[int]:
    return [series.tokens.index(one) for one in page.answer("tokens")["tokens"]]


def near(found: object, expected: object) -> None:
    """Equal to 11 bits."""
    np.testing.assert_allclose(
        np.asarray(found, float), np.asarray(expected, float), rtol=2**-11, atol=2**-24
    )


def test_it_holds_the_numbers_of_the_python_api(series: Series) -> None:
    page = page_of(series, tokens=HELD)
    rows = rows_of(series, page)
    assert len(rows) == HELD
    assert rows == sorted(rows)
    for step in series.steps:
        positions = page.answer("positions", step=step)
        assert positions["components"] == [1, 2, 3]
        near(positions["positions"], series.positions(step, [1, 2, 3])[rows])
        near(page.answer("norms", step=step)["values"], series.norms(step)[rows])
        moved = page.answer("drift", from_step=0, to_step=step, measure="cosine")
        near(moved["values"], series.drift(0, step)[rows])
    [index] = page.answer("index")["series"]
    assert index["vocab_size"] == HELD
    assert index["full_vocab_size"] == ROWS
    assert index["steps"] == series.steps


def test_neighbors_are_those_in_the_whole_table(series: Series) -> None:
    page = page_of(series, tokens=HELD)
    rows = rows_of(series, page)
    tokens = [series.tokens[row] for row in rows]
    beyond = 0
    for step in (0, STEPS - 1):
        found = page.answer("nearest", step=step)
        assert found["rows"].tolist() == list(range(HELD))
        names = tokens + found["tokens"]
        ends = np.cumsum(found["counts"])
        for row, start, end in zip(rows, ends - found["counts"], ends, strict=True):
            expected = series.neighbors(row, step)
            places = found["neighbors"][start:end]
            assert [names[one] for one in places] == [one.token for one in expected]
            near(found["distances"][start:end], [one.distance for one in expected])
            beyond += int((places >= HELD).sum())
    assert beyond > 0


def test_tokens_cannot_leave_the_data(series: Series, tmp_path: Path) -> None:
    made = make_report.web_page(series)
    page = PageFile(made)
    assert page.answer("tokens")["tokens"] == series.tokens
    # One with the data, and ours, which alone may run.
    (data, _), (_, script) = page.scripts
    assert data["type"] == "text/plain"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in page.policy
    assert "default-src 'none'" in page.policy
    assert b"alert(1)" not in made
    assert b"http:" not in made


def test_a_run_may_be_called_anything(tmp_path: Path) -> None:
    run = "</title><script>alert(1)<"
    tables = random_tables(2, 5, 3)
    write_series(tmp_path / run.replace("/", "∕") / FILE_NAME, tables)
    page = page_of(tb_wordembed.open(tmp_path).series())
    assert len(page.scripts) == 2
    assert page.title.startswith(run.replace("/", "∕"))


def test_steps_are_the_ends_and_an_even_choice(tmp_path: Path) -> None:
    write_series(tmp_path / FILE_NAME, random_tables(50, 12, 3))
    series = tb_wordembed.open(tmp_path).series()
    steps = chosen_rows.choose(series, [], 5, 100).steps
    assert steps == sorted(set(steps))
    assert len(steps) == 5
    assert (steps[0], steps[-1]) == (0, 49)
    assert max(np.diff(steps)) <= 2 * min(np.diff(steps))
    assert chosen_rows.choose(series, [], 1, 100).steps == [49]
    assert chosen_rows.choose(series, [], 50, 100).steps == series.steps


def test_tokens_that_moved_furthest_and_those_of_findings_are_held(
    tmp_path: Path,
) -> None:
    tables = random_tables(3, 300, 4)
    for table in tables[1:]:
        table[17] = np.nan
    write_series(tmp_path / FILE_NAME, tables)
    series = tb_wordembed.open(tmp_path).series()
    [finding] = [one for one in series.findings() if one.kind == "not_finite"]
    rows = chosen_rows.choose(series, series.findings(), 3, 40).rows.tolist()
    assert len(rows) == 40
    assert set(finding.view.rows.tolist()) <= set(rows)
    drift = np.nan_to_num(series.drift(0, 2), nan=-1)
    assert set(np.argsort(-drift)[:10].tolist()) <= set(rows)
    page = page_of(series, tokens=40)
    [told] = [
        one
        for one in page.answer("findings", with_neighbors=False)["findings"]
        if one["kind"] == "not_finite"
    ]
    assert [rows[row] for row in told["view"]["indices"]] == [17]


def test_measures_that_do_not_fit_are_left_out(
    series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {route for route, _, _ in page_of(series).answers}
    assert {"nearest", "quality", "path", "turnover"} <= whole
    monkeypatch.setattr(make_report, "_LEAST_BYTES", 0)
    monkeypatch.setattr(make_report, "_BYTES_PER_NUMBER", 0)
    needed = {route for route, _, _ in page_of(series).answers}
    assert {"positions", "drift", "norms", "tokens", "findings"} <= needed
    assert {"health", "similarity_matrix"} <= needed
    assert "nearest" not in needed


def test_the_same_bytes_from_python_and_from_the_tab(
    series: Series, tmp_path: Path
) -> None:
    file = series.report(tmp_path / "page.html", steps=4, tokens=10)
    log = tb_wordembed.open(tmp_path)
    request = WebPageRequest(".", "words", 4, 10)
    for _ in range(600):
        job, page = make_report.web_page_job(Context(log, JOBS), request)
        if page is not None:
            break
    assert job.state == "done"
    assert page == file.read_bytes()


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(series: Series) -> None:
    shown = series._repr_html_()
    assert shown is not None
    found = re.fullmatch(
        r'<iframe sandbox="([^"]*)" .*srcdoc="([^"]*)"></iframe>', shown, re.S
    )
    assert found is not None
    assert "same-origin" not in found[1]
    page = PageFile(html.unescape(found[2]).encode())
    assert page.answer("tokens")["tokens"] == series.tokens


def test_a_notebook_does_not_read_a_large_series(
    series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tb_wordembed.read.report._MOST_NUMBERS", ROWS * STEPS * 8 - 1)
    assert series._repr_html_() is None


def test_what_is_wrong_is_said(series: Series, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="steps is 0; expected 1 to 2,000,000"):
        series.report(tmp_path / "page.html", steps=0)
    with pytest.raises(ValueError, match=r"tokens is 1\.5; expected a whole number"):
        series.report(tmp_path / "page.html", tokens=1.5)  # type: ignore[arg-type]
    with pytest.raises(IsADirectoryError, match="is a directory; name a file, such as"):
        series.report(tmp_path)
    with pytest.raises(FileNotFoundError, match="is not a directory; make it first"):
        series.report(tmp_path / "none" / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_too_much_for_one_page(series: Series, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen_rows, "MOST_NUMBERS", 100)
    with pytest.raises(ValueError, match="60 tokens at 7 steps are too many"):
        make_report.web_page(series, 7, 60)


def test_the_command(
    series: Series, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "page.html"
    asked = ["report", str(tmp_path), "-o", str(file), "--steps", "3", "--tokens", "9"]
    assert main(asked) == 0
    assert capsys.readouterr().out == f"{file}: 0.0 MB\n"
    [index] = PageFile(file.read_bytes()).answer("index")["series"]
    assert (len(index["steps"]), index["vocab_size"]) == (3, 9)
    assert main(["report", str(tmp_path), "--run", "none", "-o", str(file)]) == 2
    assert "run 'none'" in capsys.readouterr().err
