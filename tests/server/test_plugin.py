"""The plugin as TensorBoard's core sees it, over HTTP."""

from __future__ import annotations

import argparse
import json
import logging
import re
import struct
import threading
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import numpy as np
import pytest
import safetensors.numpy
import threadpoolctl
from contract_types import misfits
from golden_log import QUESTIONS, STEPS, write_log
from logs import FILE_NAME, random_tables, write_series
from plugins import Get, flags, getter, plugin_on
from tensorboard.backend import application
from tensorboard.plugins import base_plugin
from werkzeug import test as werkzeug_test

import tb_wordembed
from tb_wordembed.contract import ROUTES_BY_NAME
from tb_wordembed.read.series import Series
from tb_wordembed.server import live_log
from tb_wordembed.server.loader import Loader


@pytest.fixture
def get(tmp_path: Path) -> Get:
    write_log(tmp_path)
    return getter(plugin_on(logdir=str(tmp_path)))


@pytest.mark.parametrize("route", QUESTIONS)
def test_every_question_is_answered(get: Get, route: str) -> None:
    for parameters in QUESTIONS[route]:
        response = get(route, **parameters)
        assert response.status_code == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        if response.mimetype == "application/json":
            fields = json.loads(response.data)
        else:
            assert response.mimetype == "application/octet-stream"
            safetensors.numpy.load(response.data)
            size = int.from_bytes(response.data[:8], "little")
            header = json.loads(response.data[8 : 8 + size])
            fields = json.loads(header["__metadata__"]["response"])
        assert misfits(ROUTES_BY_NAME[route].response, fields) == []


def test_drift_over_http_is_that_of_the_python_api(get: Get, tmp_path: Path) -> None:
    words = {"run": "embeddings", "tag": "words"}
    response = get("drift", **words, from_step=0, to_step=2)
    series = tb_wordembed.open(tmp_path).series()
    np.testing.assert_array_equal(
        safetensors.numpy.load(response.data)["values"], series.drift(0, 2)
    )


@pytest.mark.parametrize(
    ("route", "parameters", "status", "message"),
    [
        ("drift", {"from_step": 0}, 400, "'to_step' is missing"),
        ("drift", {"from_step": 0, "to_step": "x"}, 400, "'to_step' is 'x'"),
        ("drift", {"from_step": 0, "to_step": 77}, 404, "no step 77; there are: 0"),
        ("neighbors", {"index": 0, "step": 0, "k": 0}, 400, "'k' is 0; expected 1"),
        ("neighbors", {"index": 99, "step": 0}, 404, "index 99"),
        ("tokens", {"colour": "red"}, 400, "'colour' is unknown"),
    ],
)
def test_wrong_questions_get_words(
    get: Get, route: str, parameters: dict[str, Any], status: int, message: str
) -> None:
    response = get(route, run="embeddings", tag="words", **parameters)
    assert response.status_code == status
    assert response.mimetype == "text/plain"
    assert message in response.text


def test_the_index_notices_new_steps(get: Get, tmp_path: Path) -> None:
    def steps() -> dict[str, list[int]]:
        series = json.loads(get("index").data)["series"]
        return {one["run"]: one["steps"] for one in series}

    assert steps() == {"embeddings": STEPS}
    write_series(tmp_path / "later" / FILE_NAME, random_tables(300, 3, 2))
    assert steps() == {"embeddings": STEPS, "later": list(range(300))}


def test_files_that_went_away_are_said_to_be(get: Get, tmp_path: Path) -> None:
    assert get("index").status_code == 200
    (tmp_path / "embeddings" / FILE_NAME).unlink()
    response = get("positions", run="embeddings", tag="words", step=0)
    assert response.status_code == 404
    assert "reload" in response.text


@pytest.mark.parametrize(
    "name",
    [
        "../plugin.py",
        "..%2fplugin.py",
        "nope.js",
        "",
        "a//b",
        "/etc/passwd",
        "a" * 5000,
    ],
)
def test_no_other_file_than_the_pages_is_served(get: Get, name: str) -> None:
    assert get(f"static/{name}").status_code == 404


def test_active_with_snapshots_and_not_without(tmp_path: Path) -> None:
    plugin = plugin_on(logdir=str(tmp_path))
    assert not plugin.is_active()
    assert json.loads(getter(plugin)("index").data)["series"] == []
    write_log(tmp_path)
    plugin = plugin_on(logdir=str(tmp_path))
    assert plugin.is_active()


def test_a_log_directory_that_is_not_there_yet(tmp_path: Path) -> None:
    plugin = plugin_on(logdir=str(tmp_path / "later"))
    assert not plugin.is_active()
    write_log(tmp_path / "later")
    assert json.loads(getter(plugin)("index").data)["series"]
    assert plugin.is_active()


def test_the_tab_is_named(tmp_path: Path) -> None:
    frontend = plugin_on(logdir=str(tmp_path)).frontend_metadata()
    assert frontend.tab_name == "Word Embeddings"


@pytest.mark.parametrize("prefix", ["", "/some/where"])
def test_the_page_is_found_where_safari_looks_and_where_others_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    # As the page's build makes them.
    built = tmp_path / "package" / "static"
    built.mkdir(parents=True)
    (built / "index.js").write_text('import{J as e,t}from"./start-mq_4.js";export{}')
    (built / "start-mq_4.js").write_text("export{};")
    monkeypatch.setattr(resources, "files", lambda package: built.parent)
    plugin = plugin_on(logdir=str(tmp_path))
    app = application.TensorBoardWSGI([plugin], path_prefix=prefix)
    client = werkzeug_test.Client(app)
    document = f"http://localhost{prefix}/data/plugin_entry.html"
    entry = client.get(document, query_string={"name": "wordembed"}).text
    base = re.search('<base href="(.*?)"', entry)
    module = re.search(r'import\("(.*?)"\)', entry)
    assert base is not None
    assert module is not None

    page = f"http://localhost{prefix}/data/plugin/wordembed/static/index.js"
    # WebKit bug 201692: import() takes no notice of <base>.
    assert urljoin(document, module[1]) == page
    by_base = urljoin(urljoin(document, base[1]), module[1])
    response = client.get(by_base)
    assert response.status_code == 200
    assert response.mimetype == "text/javascript"
    *ahead, leads_to = re.findall('"(.*)";\n', response.text)
    assert response.text.endswith(f'export {{ render }} from "{leads_to}";\n')
    assert urljoin(by_base, leads_to) == page
    # The files that the page imports first come beside it.
    assert [urljoin(by_base, one) for one in ahead] == [urljoin(page, "start-mq_4.js")]
    assert client.get(urljoin(by_base, ahead[0])).text == "export{};"


def test_named_log_directories(tmp_path: Path) -> None:
    write_log(tmp_path / "one")
    plugin = plugin_on(logdir_spec=f"first:{tmp_path / 'one'}")
    (series,) = json.loads(getter(plugin)("index").data)["series"]
    assert series["run"] == "first/embeddings"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("a:/x/y", [("a", "/x/y")]),
        ("/x:y/z,b:rel", [("", "/x:y/z"), ("b", "rel")]),
        ("gs://bucket/x", [("", "gs://bucket/x")]),
        ("a:gs://bucket/x", [("a", "gs://bucket/x")]),
    ],
)
def test_log_directory_specs_are_read_as_tensorboard_reads_them(
    spec: str, expected: list[tuple[str, str]]
) -> None:
    assert live_log.sources(flags(logdir_spec=spec), "") == expected


def test_tensorboard_is_asked_to_keep_one_snapshot_a_tag() -> None:
    given = flags()
    Loader().fix_flags(given)
    assert given.samples_per_plugin == {"wordembed": 1}


def test_a_flag_bounds_the_rows_that_the_page_holds(tmp_path: Path) -> None:
    write_series(tmp_path / FILE_NAME, list(random_tables(2, 40, 3)))
    for most_rows, shown in ((39, 39), (40, 40), (1_000_000, 40)):
        plugin = plugin_on(logdir=str(tmp_path), wordembed_most_rows=most_rows)
        (series,) = json.loads(getter(plugin)("index").data)["series"]
        assert (series["vocab_size"], series["shown_rows"]) == (40, shown)


def test_the_flag_is_among_those_of_tensorboard_and_is_a_number_of_rows() -> None:
    parser = argparse.ArgumentParser()
    Loader().define_flags(parser)
    assert parser.parse_args([]).wordembed_most_rows == 1_000_000
    given = flags(wordembed_most_rows=0)
    with pytest.raises(base_plugin.FlagsError, match="wordembed_most_rows is 0"):
        Loader().fix_flags(given)


def test_a_number_of_samples_given_by_the_user_stands() -> None:
    given = flags(samples_per_plugin={"wordembed": 0, "scalars": 5})
    Loader().fix_flags(given)
    assert given.samples_per_plugin == {"wordembed": 0, "scalars": 5}


def test_a_log_that_nothing_here_can_read_is_left_out_in_words(tmp_path: Path) -> None:
    write_log(tmp_path)
    get = getter(plugin_on(logdir_spec=f"far:nosuch://bucket/logs,near:{tmp_path}"))
    index = json.loads(get("index").data)
    # TensorFlow may have to be loaded before its file systems can be asked.
    for _ in range(100):
        if not index["scanning"]:
            break
        index = json.loads(get("index").data)
    assert [one["run"] for one in index["series"]] == ["near/embeddings"]
    assert index["problems"][0]["path"] == "nosuch://bucket/logs"
    assert "local" in index["problems"][0]["message"]


def test_matrix_products_take_one_core(tmp_path: Path) -> None:
    plugin_on(logdir=str(tmp_path))
    found = threadpoolctl.threadpool_info()
    assert {one["num_threads"] for one in found if one["user_api"] == "blas"} == {1}


def test_what_cannot_be_loaded_does_not_take_tensorboard_down(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("no threads left")

    monkeypatch.setattr(live_log, "LiveLog", fail)
    context = base_plugin.TBContext(flags=flags(), logdir="")
    with caplog.at_level(logging.ERROR):
        assert Loader().load(context) is None
    assert "no threads left" in caplog.text


def test_a_file_cut_short_since_it_was_indexed_is_said_to_be(
    get: Get, tmp_path: Path
) -> None:
    assert get("index").status_code == 200
    path = tmp_path / "embeddings" / FILE_NAME
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 50)
    response = get(
        "drift", run="embeddings", tag="words", from_step=0, to_step=STEPS[-1]
    )
    assert response.status_code == 404
    assert "cut short" in response.text
    assert json.loads(get("index").data)["series"][0]["steps"] == STEPS[:-1]


def test_the_tab_becomes_active_with_the_first_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than any machine needs: the test is that it waits.
    monkeypatch.setattr(live_log, "LATER_LOOK_SECONDS", 60.0)
    plugin = plugin_on(logdir=str(tmp_path))
    assert not plugin.is_active()
    write_log(tmp_path)
    assert plugin.is_active()


def test_a_page_that_cancels_a_job_ends_none_that_another_page_wants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_log(tmp_path)
    get = getter(plugin_on(logdir=str(tmp_path)))
    begun, hold, runs = threading.Event(), threading.Event(), list[int]()

    def slow(self: Series, *given: Any, **named: Any) -> None:
        runs.append(1)
        begun.set()
        hold.wait(30)

    monkeypatch.setattr(Series, "turnover", slow)
    asked = {"run": "embeddings", "tag": "words", "from_step": 0, "to_step": 1}

    def job(page: str) -> dict[str, Any]:
        found = get("turnover", {"X-Wordembed-Page": page}, **asked).data
        (length,) = struct.unpack_from("<Q", found)
        header = json.loads(found[8 : 8 + length])
        return dict(json.loads(header["__metadata__"]["response"])["job"])

    first = job("one")
    assert begun.wait(30)
    assert job("other")["id"] == first["id"]
    get("cancel", {"X-Wordembed-Page": "one"}, id=first["id"])
    assert job("other")["state"] == "running"
    assert len(runs) == 1
    get("cancel", {"X-Wordembed-Page": "other"}, id=first["id"])
    begun.clear()
    job("other")
    assert begun.wait(30), "a question after that begins the work again"
    hold.set()
