"""The non-linear layout: waited for, trusted, and followed from step to step."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import Visit, tensorboard
from e2e.tab_log import TOKENS, VOCAB_SIZE, table_at, write_log
from e2e.test_tab import Open, at_rest, points, settled, slider, the_map
from playwright.sync_api import FrameLocator, expect

from tb_wordembed import SnapshotWriter

pytestmark = pytest.mark.browser

LAID_OUT = f"t-SNE of {VOCAB_SIZE} tokens"
STEPS = 18
"""Enough for seconds of work: what says how far it is can be seen."""
CELL = 40
"""CSS pixels: wider than most tokens shift from one step to the next."""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    # A layout that was kept would be there at once.
    monkeypatch.setenv("TB_WORDEMBED_CACHE_DIR", str(tmp_path / "cache"))
    with SnapshotWriter(tmp_path / "log" / "embeddings") as writer:
        for step in range(STEPS):
            noise = np.random.default_rng(100 + step).normal(size=(VOCAB_SIZE, 16))
            table = table_at(step // 3) + noise / 50
            writer.embedding("words", table.astype(np.float32), step, tokens=TOKENS)
    with tensorboard(tmp_path / "log") as found:
        yield found


def opened(one: Visit) -> FrameLocator:
    tab = one.page.frame_locator("iframe")
    expect(tab.get_by_text("of differences shown")).to_be_visible(timeout=30_000)
    return tab


def choose(tab: FrameLocator, layout: str) -> None:
    tab.get_by_label("Layout", exact=True).select_option(label=layout)


def occupied(one: Visit, tab: FrameLocator) -> npt.NDArray[np.float64]:
    """How many points are in each cell of the map, as its drawing says."""
    at_rest(the_map(tab))
    tab.get_by_role("button", name="Export").click()
    with one.page.expect_download() as download:
        tab.get_by_role("button", name="Drawing of the map").click()
    drawing = ElementTree.parse(download.value.path()).getroot()
    width, height = float(drawing.attrib["width"]), float(drawing.attrib["height"])
    dots = drawing.find(f"{SVG}g[@class='points']")
    assert dots is not None
    places = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in dots]
    assert len(places) == VOCAB_SIZE
    across, upwards = np.transpose(places)
    cells = int(width // CELL), int(height // CELL)
    range_ = (0, width), (0, height)
    found = np.histogram2d(across, upwards, bins=cells, range=range_)[0]
    return np.asarray(found, np.float64)


def alike(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def test_tokens_stay_where_they_are_from_step_to_step(
    visit: Open, address: str
) -> None:
    one = visit(f"{address}#wordembed")
    tab = opened(one)
    components = occupied(one, tab)
    choose(tab, "t-SNE")
    # The work says how far it is.
    expect(tab.get_by_text(re.compile(r"Laying out.*: \d+ %"))).to_be_visible()
    tab.get_by_role("button", name="About this map").focus()
    expect(tab.get_by_text(LAID_OUT)).to_be_visible(timeout=120_000)
    expect(tab.get_by_text(re.compile(r"trustworthiness 0\.[89]"))).to_be_visible()

    last = occupied(one, tab)
    assert alike(last, components) < 0.9
    slider(tab).press("ArrowLeft")
    expect(slider(tab)).to_have_attribute("aria-valuetext", str(STEPS - 2))
    before = occupied(one, tab)
    # Neither turned nor flipped, nor a picture of its own.
    turned = [np.flip(last, axis) for axis in ((0,), (1,), (0, 1))]
    assert alike(before, last) > max(0.9, *(alike(before, other) for other in turned))
    one.assert_clean()


def test_it_is_given_up_for_the_components(visit: Open, address: str) -> None:
    one = visit(f"{address}#wordembed")
    tab = opened(one)
    choose(tab, "t-SNE")
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.get_by_label("Layout", exact=True)).to_have_value("pca")
    expect(tab.get_by_text("of differences shown")).to_be_visible()
    expect(tab.get_by_text("Laying out")).to_have_count(0)
    one.assert_clean()


@pytest.fixture
def nobody_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """openTSNE cannot be imported, whether it is installed or not."""
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "openTSNE.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'openTSNE'\")\n"
    )
    path = [str(tmp_path / "without"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, path)))


@pytest.mark.usefixtures("nobody_has_it")
def test_without_its_package_the_page_says_how_to_get_it(
    tmp_path: Path, visit: Open
) -> None:
    write_log(tmp_path / "log")
    with tensorboard(tmp_path / "log") as address:
        one = visit(f"{address}#wordembed")
        tab = opened(one)
        choose(tab, "t-SNE")
        words = "pip install tb_wordembed[layout]"
        expect(tab.get_by_role("alert").get_by_text(words)).to_be_visible()
        # What was there can still be looked at.
        choose(tab, "PCA")
        expect(tab.get_by_text("of differences shown")).to_be_visible()
        assert points(settled(the_map(tab))).any()
        one.assert_clean()
