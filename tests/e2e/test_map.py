"""The drift map as a person uses it."""

from __future__ import annotations

import math
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from e2e.tab_log import HOSTILE, MOVER, VOCAB_SIZE
from e2e.test_tab import Open, at_rest, open_tab, points, settled, the_map
from PIL import Image
from playwright.sync_api import FrameLocator, Locator, Page, expect

SVG = "{http://www.w3.org/2000/svg}"


def draw_around(page: Page, place: Locator, share: tuple[float, float]) -> None:
    """Draws a loop about a point of the map, given as shares of its sides."""
    box = place.bounding_box()
    assert box is not None
    x, y = box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"]
    wide, high = 0.3 * box["width"], 0.45 * box["height"]
    page.mouse.move(x + wide, y)
    page.mouse.down()
    for turn in range(1, 25):
        angle = 2 * math.pi * turn / 24
        page.mouse.move(x + wide * math.cos(angle), y + high * math.sin(angle))
    page.mouse.up()


def selected(tab: FrameLocator) -> Locator:
    return tab.get_by_role("grid", name="Tokens").locator("[aria-selected=true]")


@pytest.mark.browser
def test_a_lasso_selects_isolates_and_is_in_the_link(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    drift_map = the_map(tab)
    everything = points(settled(drift_map)).sum()
    tab.get_by_role("button", name="Lasso").click()
    draw_around(one.page, drift_map, (0.3, 0.5))
    expect(selected(tab).first).to_be_visible()

    tab.get_by_role("button", name="Isolate").click()
    some = tab.locator(".chip", has_text=f"of {VOCAB_SIZE} tokens")
    expect(some).to_be_visible()
    isolated = int(some.inner_text().split()[0])
    assert 0 < isolated < VOCAB_SIZE
    # The table is narrowed down to them, too.
    tab.get_by_label(f"Only selected ({isolated})").check()
    shown = tab.locator("wordembed-drift-table")
    expect(shown).to_contain_text(f"{isolated} of {VOCAB_SIZE} tokens")
    tab.get_by_label("Only selected").uncheck()
    one.page.wait_for_url(re.compile("wordembed.isolated="))
    other = visit(one.page.url)
    copy = other.page.frame_locator("iframe")
    expect(copy.locator(".chip")).to_contain_text(
        f"{isolated} of {VOCAB_SIZE} tokens", timeout=30_000
    )
    tab.get_by_role("button", name="Show all").click()
    expect(tab.get_by_role("button", name="Show all")).to_have_count(0)
    assert points(settled(drift_map)).sum() > everything / 2
    one.assert_clean()
    other.assert_clean()


@pytest.mark.browser
def test_the_pointer_redraws_nothing_and_keys_select_all_in_view(
    visit: Open, address: str
) -> None:
    one = visit(address)
    tab = open_tab(one)
    drift_map = the_map(tab)
    at_rest(drift_map)
    frame = one.page.frames[-1]
    frame.evaluate(
        """() => {
          window.draws = 0;
          const draw = WebGL2RenderingContext.prototype.drawElements;
          WebGL2RenderingContext.prototype.drawElements = function (...args) {
            window.draws++;
            return draw.apply(this, args);
          };
        }"""
    )
    box = drift_map.bounding_box()
    assert box is not None
    seen = set()
    for step in range(60):
        one.page.mouse.move(
            box["x"] + box["width"] * step / 60, box["y"] + box["height"] / 2
        )
        card = tab.locator(".card:not([hidden]) b")
        if card.count():
            seen.add(card.inner_text())
    assert len(seen) > 1
    assert frame.evaluate("window.draws") == 0

    # All in view is selected by a key, and shown alone by another.
    drift_map.focus()
    drift_map.press("a")
    drift_map.press("i")
    expect(tab.locator(".chip")).to_contain_text(f"{VOCAB_SIZE} of {VOCAB_SIZE} tokens")

    # The link is copied by a button that has a name.
    tab.get_by_role("button", name="Copy link").click()
    expect(tab.get_by_text("Link copied. It follows the newest step.")).to_be_visible()
    tab.get_by_role("button", name="Pin step 5").click()
    expect(tab.get_by_text("Link to step 5 copied.")).to_be_visible()
    one.assert_clean()


@pytest.mark.browser
def test_axes_are_components_or_directions_named_by_tokens(
    visit: Open, address: str
) -> None:
    one = visit(address)
    tab = open_tab(one)
    drift_map = the_map(tab)
    first = points(settled(drift_map))
    tab.get_by_label("Upwards").select_option("3")
    expect(tab.get_by_label("Upwards")).to_have_value("3")
    third = points(settled(drift_map))
    assert (first ^ third).sum() > 500

    tab.get_by_label("Layout").select_option("axes")
    expect(tab.get_by_text("Name a direction for one axis")).to_be_visible()
    across, upwards = tab.get_by_label("Across"), tab.get_by_label("Upwards")
    across.fill(f"{MOVER} - word0")
    across.press("Enter")
    upwards.fill("nobody")
    upwards.press("Enter")
    failure = tab.get_by_role("alert")
    expect(failure).to_contain_text("The token 'nobody' at position 1 is not in")
    expect(upwards).to_have_attribute("aria-invalid", "true")
    upwards.fill("word1")
    upwards.press("Enter")
    expect(tab.get_by_text("Far along an axis: more like its words")).to_be_visible()
    expect(failure).to_have_count(0)
    tab.get_by_role("button", name="3-D").click()
    expect(tab.get_by_text("Name a direction for the third axis")).to_be_visible()
    tab.get_by_role("button", name="2-D").click()
    # The sign moves when the line before it gets longer: a pointer would lose it.
    tab.get_by_role("button", name="About this map").focus()
    expect(tab.get_by_text(re.compile("trustworthiness 0"))).to_be_visible()
    one.page.wait_for_url(re.compile("wordembed.expressions=.*word1"))
    other = visit(one.page.url)
    copy = other.page.frame_locator("iframe")
    expect(copy.get_by_label("Across")).to_have_value(
        f"{MOVER} - word0", timeout=30_000
    )
    # The browser itself notes the answer of 400.
    other.assert_clean()


def taken(page: Page, button: Locator) -> Path:
    """The file that a button makes."""
    with page.expect_download() as download:
        button.click()
    return Path(download.value.path())


def words_of(drawing: Path) -> list[str | None]:
    root = ElementTree.parse(drawing).getroot()
    return [text.text for text in root.iter(f"{SVG}text")]


@pytest.mark.browser
def test_pictures_hold_points_and_words(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    at_rest(the_map(tab))

    def saved(name: str) -> Path:
        tab.get_by_role("button", name="Export").click()
        with one.page.expect_download() as download:
            tab.get_by_role("button", name=name).click()
        stem = r"embeddings_words_map_step(s|-5)\.\w+"
        assert re.fullmatch(stem, download.value.suggested_filename)
        return Path(download.value.path())

    box = the_map(tab).bounding_box()
    assert box is not None
    image = Image.open(saved("Picture of the map")).convert("RGB")
    expected = 2 * box["width"], 2 * box["height"]
    assert image.size == pytest.approx(expected, abs=2)
    assert points(np.asarray(image)).sum() > 2000

    path = saved("Drawing of the map")
    drawing, words = ElementTree.parse(path).getroot(), words_of(path)
    assert "embeddings · words · step 5" in words
    assert MOVER in words or HOSTILE[:28] in words
    assert len(list(drawing.iter(f"{SVG}circle"))) >= VOCAB_SIZE
    assert not list(drawing.iter(f"{SVG}img"))

    # The charts can be taken along as well.
    export = tab.get_by_role("button", name="Export")
    export.click()
    for chart, said in (
        ("Timeline", "Drift from first"),
        ("Health over the steps", "Procrustes residual"),
        ("How far all tokens moved", "All tokens, step 0 → 5"),
    ):
        row = tab.get_by_role("group", name=chart, exact=True)
        assert said in words_of(taken(one.page, row.get_by_role("button", name="SVG")))
        path = taken(one.page, row.get_by_role("button", name="PNG"))
        with Image.open(path) as sheet:
            assert points(np.asarray(sheet.convert("RGB"))).sum() > 1000
    export.press("Escape")

    # Every step, and frames on the way from one to the next.
    one.page.emulate_media(reduced_motion="no-preference")
    with Image.open(saved("Animation of all steps")) as animation:
        assert animation.format == "GIF"
        assert getattr(animation, "n_frames", 1) > 6
        assert points(np.asarray(animation.convert("RGB"))).sum() > 500
    one.assert_clean()


@pytest.mark.browser
def test_without_webgl2_the_map_is_drawn_all_the_same(
    visit: Open, address: str
) -> None:
    one = visit("about:blank")
    one.page.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
          return kind === "webgl2" ? null : get.call(this, kind, ...more);
        };"""
    )
    one.address = address
    one.page.goto(address)
    tab = open_tab(one)
    expect(tab.get_by_text("offers no WebGL2")).to_be_visible()
    drift_map = the_map(tab)
    assert points(settled(drift_map)).sum() > 500
    drift_map.focus()
    drift_map.press("a")
    expect(selected(tab).first).to_be_visible()
    one.assert_clean()
