"""The tab as a person uses it: TensorBoard, the installed wheel, a browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import Visit, tensorboard
from e2e.tab_log import MOVER, STEPS, TOKENS
from PIL import Image
from playwright.sync_api import FrameLocator, Locator, expect

import tb_wordembed

pytestmark = pytest.mark.tensorboard_page

Open = Callable[[str], Visit]

PLUGIN_FRAME = "iframe"


def open_tab(one: Visit) -> FrameLocator:
    """Clicks the tab, as a person would, and waits for its table."""
    if one.in_tensorboard:
        one.page.get_by_role("tab", name="Word Embeddings").click()
    tab = one.page.frame_locator(PLUGIN_FRAME)
    expect(tab.get_by_role("grid", name="Tokens")).to_be_visible(timeout=30_000)
    return tab


def picture(place: Locator) -> npt.NDArray[np.uint8]:
    """The pixels of an element, ``[height, width, 3]``."""
    image = Image.open(io.BytesIO(place.screenshot())).convert("RGB")
    pixels: npt.NDArray[np.uint8] = np.asarray(image)
    return pixels


def the_map(tab: FrameLocator) -> Locator:
    found = tab.get_by_role("application", name=re.compile("Drift map"))
    expect(found).to_have_attribute("aria-busy", "false")
    return found


def points(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which pixels have a color: neither background nor labels, ``[height, width]``."""
    wide = pixels.astype(int)
    found: npt.NDArray[np.bool_] = wide.max(axis=2) - wide.min(axis=2) > 40
    return found


AT_REST = """async (place) => {
  if (window.framesDrawn === undefined) {
    window.framesDrawn = 0;
    const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (draw) => ask((now) => {
      window.framesDrawn++;
      draw(now);
    });
  }
  const until = performance.now() + 120_000;
  let seen = null;
  for (let quiet = 0; quiet < 7; quiet++) {
    const isPartial = place.querySelector("canvas[data-partial]") !== null;
    if (isPartial || seen !== window.framesDrawn) quiet = 0;
    if (performance.now() > until) throw new Error("the map never came to rest");
    seen = window.framesDrawn;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""
"""Waits until a map shows all points and the page drew nothing for a third of a second:
longer than the map waits, when nothing moves, before it draws the last one."""


def at_rest(place: Locator) -> Locator:
    """A map, once it shows all points and does not change any more."""
    place.evaluate(AT_REST)
    return place


def settled(place: Locator) -> npt.NDArray[np.uint8]:
    """The pixels of a map at rest."""
    return picture(at_rest(place))


def slider(tab: FrameLocator, name: str = "Step") -> Locator:
    return tab.get_by_role("slider", name=name, exact=True)


@pytest.mark.browser
@pytest.mark.parametrize(
    "options",
    [(), ("--path_prefix=/some/where", "--load_fast=false")],
    ids=["plain", "path_prefix_and_python_reader"],
)
def test_from_the_tab_to_the_neighbors_of_a_word(
    visit: Open, logdir: Path, options: tuple[str, ...]
) -> None:
    with tensorboard(logdir, *options) as address:
        one = visit(address)
        one.page.emulate_media(reduced_motion="no-preference")
        tab = open_tab(one)

        # Points are drawn: pixels, not just elements.
        drift_map = the_map(tab)
        last = settled(drift_map)
        assert points(last).sum() > 500

        # The slider moves them.
        step = slider(tab)
        expect(step).to_have_attribute("aria-valuetext", str(STEPS - 1))
        step.focus()
        step.press("Home")
        expect(step).to_have_attribute("aria-valuetext", "0")
        the_map(tab)
        first = settled(drift_map)
        moved = (points(first) ^ points(last)).sum()
        assert moved > 2000
        step.press("End")
        again = settled(drift_map)
        # Labels, which stay where they are while they can, cover other points now.
        assert (points(again) ^ points(last)).sum() < moved / 4

        # What moved is ranked first, and found.
        rows = tab.get_by_role("grid", name="Tokens").get_by_role("row")
        ranked = rows.nth(1).or_(rows.nth(2))
        expect(ranked.get_by_text(MOVER).first).to_be_visible()
        search = tab.get_by_role("searchbox").or_(tab.get_by_label("Find a token"))
        search.fill("word39")
        expect(rows.get_by_text("word39", exact=True)).to_be_visible()
        search.fill(MOVER)
        rows.get_by_text(MOVER, exact=True).click()
        expect(tab.get_by_role("heading", name=MOVER)).to_be_visible()

        # Its neighbors are those of the Python API.
        series = tb_wordembed.open(logdir).series("embeddings", "words")
        change = series.neighbor_change(MOVER, 0, STEPS - 1)
        columns = tab.locator("wordembed-neighbor-columns ol")
        expect(columns).to_have_count(2)
        for column, neighbors in zip(
            columns.all(), (change.before, change.after), strict=True
        ):
            shown = column.locator(".token").all_inner_texts()
            assert shown == [neighbor.token for neighbor in neighbors]
        gained = tab.locator("wordembed-neighbor-columns .gained .token")
        assert gained.all_inner_texts() == [TOKENS[i] for i in change.change.gained]

        # It moved on its own, but for one that went the same way.
        motion = tab.locator("wordembed-inspector .motion")
        expect(motion).to_contain_text("Moved with its neighbors")
        alike = series.motion(MOVER, 0, STEPS - 1).parallel[0]
        expect(motion.get_by_role("button").first).to_contain_text(alike.token)

        # How far the map can be trusted is said beside it.
        found = series.quality(STEPS - 1)
        said = f"trustworthiness {found.trustworthiness:.2f}"
        tab.get_by_role("button", name="About this map").click()
        expect(tab.get_by_text(said)).to_be_visible()
        one.assert_clean()


@pytest.mark.browser
def test_light_and_dark_follow_tensorboard(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    drift_map = the_map(tab)
    background = settled(drift_map)[2, 2]
    assert background.min() > 200
    one.page.locator("app-header-dark-mode-toggle button").click()
    one.page.get_by_role("menuitem", name="Dark").click()
    expect(one.page.locator("body.dark-mode")).to_have_count(1)
    dark = settled(drift_map)
    assert dark[2, 2].max() < 80
    assert points(dark).sum() > 500
    one.assert_clean()


@pytest.mark.browser
def test_a_link_reproduces_the_view(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    tab.get_by_label("Find a token").fill(MOVER)
    tab.get_by_role("row").get_by_text(MOVER, exact=True).click()
    step = slider(tab)
    step.focus()
    step.press("ArrowLeft")
    expect(step).to_have_attribute("aria-valuetext", str(STEPS - 2))
    tab.get_by_role("button", name="3-D").click()
    one.page.wait_for_url(re.compile("wordembed.mode=3d"))
    other = visit(one.page.url)
    copy = other.page.frame_locator(PLUGIN_FRAME)
    expect(slider(copy)).to_have_attribute(
        "aria-valuetext", str(STEPS - 2), timeout=30_000
    )
    expect(copy.get_by_role("heading", name=MOVER)).to_be_visible()
    expect(copy.get_by_role("button", name="3-D")).to_have_attribute(
        "aria-pressed", "true"
    )
    one.assert_clean()
    other.assert_clean()
