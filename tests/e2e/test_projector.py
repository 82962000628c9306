"""The standard Projector: its own tab on what a training leaves, and its page in ours.

The story that this package began with: 2,000 words, ``Embedding(2001, 128)``, five
epochs; one labeled point per word is wanted.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import http.server
import inspect
import re
import threading
import turtle
import typing
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import Visit, tensorboard
from e2e.test_tab import PLUGIN_FRAME, Open, slider
from playwright.sync_api import Frame, FrameLocator, expect

import tb_wordembed
from tb_wordembed.cli import main
from tb_wordembed.projector.tab_files import Shown
from tb_wordembed.server import projector_page
from tb_wordembed.training.projector_files import ProjectorFiles, values_of
from tb_wordembed.write.columns import as_columns

ROWS, DIMENSIONS, EPOCHS = 2001, 128, 5

PROJECTOR = (
    "document.querySelector('vz-projector-dashboard')?.shadowRoot"
    "?.querySelector('vz-projector')"
)
IS_DRAWN = (
    f"() => {{ const it = {PROJECTOR};"
    " return !!it?.dataSet && it.projection?.dataSet === it.dataSet; }"
)
SHOWN = f"""() => {{
  const it = {PROJECTOR};
  const {{points}} = it.dataSet;
  const said = (part) => it.shadowRoot.querySelector(part).innerText;
  return {{
    points: said('span.numDataPoints'),
    dimensions: said('span.dim'),
    labels: points.map(({{metadata}}) => String(metadata[it.selectedLabelOption])),
    drift: points.map(({{metadata}}) => metadata.drift),
    first: [...it.originalDataSet.points[1].vector],
    selected: it.selectedPointIndices,
    color: it.selectedColorOption?.name,
    camera: it.projectorScatterPlotAdapter.scatterPlot.getCameraDef().position,
  }};
}}"""


def words() -> list[str]:
    """2,000 words, as they come in the sources of some modules, and one for padding."""
    sources = " ".join(map(inspect.getsource, (turtle, argparse, typing)))
    found = dict.fromkeys(re.findall(r"[a-z]{3,}", sources.lower()))
    return ["<pad>", *list(found)[: ROWS - 1]]


def lone_word() -> str:
    """A word that no other one contains, so that a search for it finds it alone."""
    text = " ".join(words())
    return next(word for word in words()[500:] if text.count(word) == 1)


def table_at(epoch: int) -> npt.NDArray[np.float32]:
    """A table that begins at random and falls into ten groups."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(ROWS, DIMENSIONS))
    groups = rng.normal(size=(10, DIMENSIONS))
    moved = table + 0.3 * epoch * groups[np.arange(ROWS) % 10]
    return moved.astype(np.float32)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the Keras callback leaves, with the means it has."""
    logdir = tmp_path_factory.mktemp("trained")
    run = logdir / "embeddings"
    columns = as_columns(words(), {"frequency": range(ROWS, 0, -1)}, ROWS)
    files = ProjectorFiles(str(run))
    with tb_wordembed.SnapshotWriter(run) as writer:
        for epoch in range(EPOCHS + 1):
            writer.embedding(
                "words",
                table_at(epoch),
                epoch,
                tokens=words(),
                metadata={"frequency": range(ROWS, 0, -1)},
            )
            table, values = partial(table_at, epoch), partial(values_of, columns, ROWS)
            shown = Shown(epoch, (ROWS, DIMENSIONS), table, values)
            files.show(epoch, {"words": shown})
    return logdir


@pytest.fixture(scope="module")
def address(trained: Path) -> Iterator[str]:
    with tensorboard(trained) as found:
        yield found


def frame_of(one: Visit, address: str) -> Frame:
    """The Projector's page, once its points are drawn."""
    for _ in range(600):
        for frame in one.page.frames:
            if address in frame.url and frame.evaluate(IS_DRAWN):
                return frame
        one.page.wait_for_timeout(100)
    pytest.fail(f"the Projector drew no points at {address}")


def our_frame(one: Visit) -> Frame:
    return frame_of(one, "/wordembed/projector/")


def until_shown(tab: FrameLocator, step: int) -> None:
    pane = tab.locator("wordembed-projector-pane")
    expect(pane).to_contain_text(f"words, step {step}", timeout=30_000)
    expect(pane).not_to_contain_text("Loading", timeout=30_000)


def split(one: Visit) -> FrameLocator:
    """Our tab, opened with both side by side."""
    tab = one.page.frame_locator(PLUGIN_FRAME).first
    until_shown(tab, EPOCHS)
    return tab


@pytest.mark.tensorboard_page
@pytest.mark.browser
def test_its_own_tab_has_one_labeled_point_per_word(
    visit: Open, trained: Path, address: str
) -> None:
    one = visit(f"{address}#projector")
    frame = frame_of(one, "/projector/projector_binary.html")
    shown = frame.evaluate(SHOWN)
    assert (shown["points"], shown["dimensions"]) == ("2001", "128")
    assert shown["labels"] == words()

    # Off: distances from the mean of all words, which it takes by default.
    frame.locator("#normalize-data-checkbox").click()
    frame.wait_for_function(IS_DRAWN)
    word = lone_word()
    frame.locator("#search-box input").fill(word)
    listed = frame.locator(".nn-list .neighbor .label")
    expect(listed.first).to_be_visible()
    near = tb_wordembed.open(trained).series().neighbors(word, EPOCHS, k=10)
    assert listed.all_inner_texts()[:10] == [other.token for other in near]
    one.assert_clean()


@pytest.mark.browser
def test_beside_the_map_it_follows_the_timeline_below_any_path(
    visit: Open, trained: Path
) -> None:
    series = tb_wordembed.open(trained).series()
    with tensorboard(trained, "--path_prefix=/some/where") as address:
        one = visit(f"{address}#wordembed&p.wordembed.pane=split")
        tab = split(one)
        frame = our_frame(one)
        expect(
            tab.get_by_role("application", name=re.compile("Drift map"))
        ).to_be_visible()
        step = slider(tab)
        step.focus()
        step.press("Home")
        for epoch in range(EPOCHS + 1):
            until_shown(tab, epoch)
            shown = frame.evaluate(SHOWN)
            assert (shown["points"], shown["dimensions"]) == ("2001", "128")
            assert shown["labels"] == words()
            np.testing.assert_array_equal(shown["first"], series.table(epoch)[1])
            drift = series.drift(0, epoch)
            np.testing.assert_allclose(shown["drift"], drift, rtol=1e-4, atol=1e-6)
            # The keyboard stays where it was.
            expect(step).to_be_focused()
            step.press("ArrowRight")
        one.assert_clean()


@pytest.mark.browser
def test_what_is_chosen_in_it_stays_and_selections_are_shared(
    visit: Open, address: str
) -> None:
    one = visit(f"{address}#wordembed&p.wordembed.pane=split")
    tab = split(one)
    frame = our_frame(one)
    frame.evaluate(
        f"() => {{ ({PROJECTOR}).dataPanel.selectedColorOptionName = 'norm' }}"
    )
    plot = f"{PROJECTOR}.projectorScatterPlotAdapter.scatterPlot"
    frame.evaluate(f"() => {plot}.setCameraPositionAndTarget([1, 2, 3], [0, 0, 0])")
    # As by a click on a point.
    frame.evaluate(f"() => {PROJECTOR}.notifySelectionChanged([7])")
    word = words()[7]
    expect(tab.get_by_role("heading", name=word, exact=True)).to_be_visible()

    step = slider(tab)
    step.focus()
    step.press("ArrowLeft")
    until_shown(tab, EPOCHS - 1)
    after = frame.evaluate(SHOWN)
    assert after["color"] == "norm"
    assert after["selected"] == [7]
    np.testing.assert_allclose(after["camera"], [1, 2, 3], atol=1e-3)

    # The other way round.
    one.page.keyboard.press("Escape")
    frame.wait_for_function(f"() => !{PROJECTOR}.selectedPointIndices.length")
    # The page is about to write a link of its own: the one that the user opens wins.
    link = "#wordembed&p.wordembed.pane=split&p.wordembed.selection=3.9"
    one.page.evaluate(f"() => {{ location.hash = '{link}' }}")
    selected = f"{PROJECTOR}.selectedPointIndices.join()"
    frame.wait_for_function(f"() => {selected} === '3,9'")
    one.assert_clean()


@pytest.mark.browser
def test_the_views_have_a_key_and_a_link(visit: Open, address: str) -> None:
    one = visit(f"{address}#wordembed")
    tab = one.page.frame_locator(PLUGIN_FRAME).first
    drift_map = tab.get_by_role("application", name=re.compile("Drift map"))
    projector = tab.locator("wordembed-projector-pane iframe")
    expect(drift_map).to_be_visible(timeout=30_000)
    expect(projector).to_have_count(0)
    slider(tab).focus()
    one.page.keyboard.press("v")
    expect(projector).to_be_visible()
    expect(drift_map).to_be_hidden()
    one.page.keyboard.press("v")
    expect(drift_map).to_be_visible()
    expect(projector).to_be_visible()
    expect(tab.get_by_role("button", name="Split")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(one.page).to_have_url(re.compile(r"p\.wordembed\.pane=split"))
    tab.get_by_role("button", name="Drift map").click()
    expect(projector).to_be_hidden()
    one.assert_clean()


@contextlib.contextmanager
def served(directory: Path) -> Iterator[str]:
    """The files of a directory on a server of their own."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            del format, arguments

    handler = partial(Quiet, directory=str(directory))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.browser
def test_the_web_site_loads_what_is_exported_for_it(
    visit: Open, trained: Path, tmp_path: Path
) -> None:
    # The site is the same program, in another mode.
    found = projector_page.find()
    assert isinstance(found, projector_page.Page)
    (tmp_path / "projector.js").write_bytes(gzip.decompress(found.script))
    (tmp_path / "index.html").write_text(
        "<!doctype html><style>html,body{height:100%}</style><body>"
        '<vz-projector serving-mode="demo"></vz-projector>'
        "<script src=projector.js></script>"
    )
    with served(tmp_path) as address:
        arguments = ["--projector-json", address, "-o", str(tmp_path)]
        assert main(["export", str(trained), *arguments]) == 0
        one = visit(f"{address}index.html?config={address}projector_config.json")
        it = "document.querySelector('vz-projector')"
        one.page.wait_for_function(
            f"() => {it}?.dataSet && {it}.projection?.dataSet === {it}.dataSet"
        )
        points = one.page.evaluate(
            f"() => {it}.dataSet.points.map((one) => one.metadata)"
        )
        assert [str(metadata["token"]) for metadata in points] == words()
