"""What the map and the token panel are told to show is seen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from e2e.browser import Visit, tensorboard
from e2e.tab_log import MOVER, STEPS, TOKENS, VOCAB_SIZE, table_at
from e2e.test_tab import Open, at_rest, points, settled, slider, the_map
from playwright.sync_api import FrameLocator, Locator, expect

from tb_wordembed import SnapshotWriter

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logdir = tmp_path_factory.mktemp("choices")
    metadata = {
        "frequency": 10_000 // np.arange(1, VOCAB_SIZE + 1),
        "class": [("noun", "verb")[row % 2] for row in range(VOCAB_SIZE)],
    }
    with SnapshotWriter(logdir / "embeddings") as writer:
        for step in range(STEPS):
            writer.embedding(
                "words", table_at(step), step, tokens=TOKENS, metadata=metadata
            )
    with tensorboard(logdir) as found:
        yield found


@pytest.fixture
def one(visit: Open, address: str) -> Iterator[Visit]:
    opened = visit(f"{address}#wordembed")
    yield opened
    opened.assert_clean()


@pytest.fixture
def tab(one: Visit) -> FrameLocator:
    frame = one.page.frame_locator("iframe")
    expect(frame.get_by_role("grid", name="Tokens")).to_be_visible(timeout=30_000)
    return frame


def heading(tab: FrameLocator, token: str) -> Locator:
    return tab.get_by_role("heading", name=token, exact=True)


def drawing_of(one: Visit, tab: FrameLocator) -> ElementTree.Element:
    """The map as it is on screen."""
    tab.get_by_role("button", name="Export").click()
    with one.page.expect_download() as download:
        tab.get_by_role("button", name="Drawing of the map").click()
    return ElementTree.parse(download.value.path()).getroot()


def lines_drawn(one: Visit, tab: FrameLocator) -> int:
    """How many lines the map has: trails and arrows."""
    return len(list(drawing_of(one, tab).iter(f"{SVG}path")))


def labels_drawn(one: Visit, tab: FrameLocator) -> set[str]:
    """The tokens whose labels the map shows."""
    texts = {text.text or "" for text in drawing_of(one, tab).iter(f"{SVG}text")}
    return texts & set(TOKENS)


def test_labels_stay_and_the_map_follows_the_table(
    one: Visit, tab: FrameLocator
) -> None:
    drift_map, step = the_map(tab), slider(tab)
    at_rest(drift_map)
    last = labels_drawn(one, tab)
    assert len(last) > 10
    step.press("ArrowLeft")
    expect(step).to_have_attribute("aria-valuetext", str(STEPS - 2))
    the_map(tab)
    at_rest(drift_map)
    assert len(labels_drawn(one, tab) & last) > len(last) / 2

    # A row below the pointer is shown on the map.
    row = tab.get_by_role("grid", name="Tokens").locator(".row").nth(2)
    row.hover()
    card = tab.locator("wordembed-map-pane .card:not([hidden]) b")
    expect(card).to_have_text(row.locator(".name").inner_text())


def test_points_say_a_column_by_color_and_size(one: Visit, tab: FrameLocator) -> None:
    drift_map, legend = the_map(tab), tab.locator("wordembed-map-legend")
    expect(legend).to_contain_text(f"step 0 → {STEPS - 1}")
    by_drift = settled(drift_map)
    colored = [by_drift]
    color = legend.get_by_label("Color")
    for measure in ("Drift since the step before", "Norm", "Path length"):
        color.select_option(label=measure)
        expect(legend.locator(".ramp")).to_be_visible()
        colored.append(settled(drift_map))
        both = points(colored[-2]) & points(colored[-1])
        assert (colored[-2] != colored[-1]).any(axis=2)[both].mean() > 0.5
        if measure == "Drift since the step before":
            expect(legend).to_contain_text(f"step {STEPS - 2} → {STEPS - 1}")
    color.select_option(label="class")
    verbs = legend.get_by_role("button", name="verb")
    expect(verbs).to_be_visible()
    by_class = settled(drift_map)
    both = points(by_drift) & points(by_class)
    assert (by_drift != by_class).any(axis=2)[both].mean() > 0.5
    verbs.click()
    expect(tab.get_by_label(f"Only selected ({VOCAB_SIZE // 2})")).to_be_visible()
    tab.get_by_role("grid", name="Tokens").press("Escape")
    expect(tab.get_by_label("Only selected")).to_be_disabled()

    before = points(settled(drift_map)).sum()
    legend.get_by_label("Size").select_option(label="Frequency")
    expect(legend).to_contain_text("Small to large")
    expect(legend).to_contain_text("25 – ")
    assert points(settled(drift_map)).sum() != before
    one.page.wait_for_url(re.compile("wordembed.sizeBy="))

    # All of which a link brings back.
    one.page.reload()
    expect(legend.get_by_role("button", name="verb")).to_be_visible(timeout=30_000)
    expect(legend.get_by_label("Size")).to_have_value(re.compile("frequency"))


def test_the_ways_of_picked_points_are_drawn(one: Visit, tab: FrameLocator) -> None:
    drift_map = the_map(tab)
    at_rest(drift_map)
    assert lines_drawn(one, tab) == 0
    box = drift_map.bounding_box()
    assert box is not None
    card = tab.locator("wordembed-map-pane .card:not([hidden]) b")
    picked: list[str] = []
    for share in np.linspace(0.1, 0.9, 81):
        x, y = box["x"] + share * box["width"], box["y"] + box["height"] / 2
        one.page.mouse.move(x, y)
        if not card.count() or card.inner_text() in picked:
            continue
        token = card.inner_text()
        if picked:
            one.page.keyboard.down("Shift")
        one.page.mouse.click(x, y)
        one.page.keyboard.up("Shift")
        expect(heading(tab, token)).to_be_visible()
        picked.append(token)
        if len(picked) == 2:
            break
    expect(tab.get_by_label("Only selected (2)")).to_be_enabled()
    at_rest(drift_map)
    trails = lines_drawn(one, tab)
    assert trails >= 2 * (STEPS - 1)

    tab.get_by_role("button", name="Arrows").click()
    at_rest(drift_map)
    assert lines_drawn(one, tab) > trails + 3

    # In 3-D the points turn with the pointer, and with the keys.
    tab.get_by_role("button", name="3-D").click()
    upright = settled(drift_map)
    drift_map.press("Shift+ArrowRight")
    turned = settled(drift_map)
    assert (points(upright) ^ points(turned)).sum() > 500
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    one.page.mouse.move(*middle)
    one.page.mouse.down()
    one.page.mouse.move(middle[0] + 120, middle[1] + 40, steps=5)
    one.page.mouse.up()
    one.page.mouse.move(2, 2)
    assert (points(turned) ^ points(settled(drift_map))).sum() > 500


DRAWS = """
() => {
  window.draws = 0;
  const draw = WebGL2RenderingContext.prototype.drawElements;
  WebGL2RenderingContext.prototype.drawElements = function (mode, ...args) {
    if (mode === this.POINTS) window.draws++;
    return draw.call(this, mode, ...args);
  };
}
"""


def test_points_jump_where_motion_is_not_wanted(one: Visit, tab: FrameLocator) -> None:
    drift_map, step = the_map(tab), slider(tab)
    at_rest(drift_map)
    frame = one.page.frames[-1]
    frame.evaluate(DRAWS)

    def frames_drawn(key: str, at: int) -> int:
        frame.evaluate("window.draws = 0")
        step.press(key)
        expect(step).to_have_attribute("aria-valuetext", str(at))
        at_rest(drift_map)
        return int(frame.evaluate("window.draws"))

    one.page.emulate_media(reduced_motion="reduce")
    jumped = frames_drawn("Home", 0)
    one.page.emulate_media(reduced_motion="no-preference")
    moved = frames_drawn("End", STEPS - 1)
    # A slow machine draws few frames of a motion, but more than one.
    assert 0 < jumped < moved


def test_a_token_leads_to_its_steps_and_to_its_neighbors(
    one: Visit, tab: FrameLocator
) -> None:
    search = tab.get_by_label("Find a token")
    search.fill(MOVER)
    search.press("Enter")
    expect(heading(tab, MOVER)).to_be_visible()
    panel = tab.locator("wordembed-inspector")
    expect(panel).to_contain_text("frequency")
    charts = panel.locator("wordembed-chart .plot")
    expect(charts).to_have_count(2)
    box = charts.first.bounding_box()
    assert box is not None
    one.page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + box["height"] / 2)
    expect(slider(tab)).to_have_attribute("aria-valuetext", "2")
    expect(panel).to_contain_text("Step 2")

    lost = panel.locator("wordembed-neighbor-columns ol").first.get_by_role("button")
    token = lost.first.locator(".token").inner_text()
    # Where it is on the map is seen before it is picked.
    drift_map = the_map(tab)
    before = settled(drift_map)
    lost.first.hover()
    assert (settled(drift_map) != before).any(axis=2).sum() > 20
    lost.first.click()
    expect(heading(tab, token)).to_be_visible()
    tab.get_by_role("button", name="Undo").click()
    expect(heading(tab, MOVER)).to_be_visible()


def test_bookmarks_go_into_a_file_and_come_back(
    one: Visit, tab: FrameLocator, tmp_path: Path
) -> None:
    search = tab.get_by_label("Find a token")
    search.fill("word1")
    tab.get_by_role("button", name="Bookmarks").click()
    dialog = tab.get_by_role("dialog", name="Bookmarks")
    dialog.get_by_label("Name of this view").fill("ones")
    dialog.get_by_role("button", name="Save this view").click()
    with one.page.expect_download() as download:
        dialog.get_by_role("button", name="Export as JSON").click()
    path = tmp_path / "bookmarks.json"
    download.value.save_as(path)
    assert "ones" in json.dumps(json.loads(path.read_text("utf-8")))
    dialog.get_by_role("button", name="Remove ones").click()
    ones = dialog.get_by_role("button", name=re.compile("^ones"))
    expect(ones).to_have_count(0)
    dialog.locator("input[type=file]").set_input_files(path)
    expect(dialog.get_by_role("status")).to_contain_text("1 bookmark imported")
    one.page.keyboard.press("Escape")
    search.fill("")
    tab.get_by_role("button", name="Bookmarks").click()
    ones.click()
    expect(search).to_have_value("word1")
