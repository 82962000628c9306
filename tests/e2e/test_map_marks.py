"""What the map draws of the answers that the page has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from e2e.browser import tensorboard
from e2e.tab_log import MOVER, TOKENS, VOCAB_SIZE, table_at
from e2e.test_map import SVG, selected, taken, words_of
from e2e.test_tab import Open, at_rest, open_tab, points, settled, the_map
from playwright.sync_api import FrameLocator, Page, expect

from tb_wordembed import SnapshotWriter

KINDS = 15


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Four hundred tokens of fifteen kinds, the first of which has most."""
    logdir = tmp_path_factory.mktemp("kinds")
    each = [f"kind{min(row % 20, KINDS - 1)}" for row in range(VOCAB_SIZE)]
    each[:40] = ["kind0"] * 40
    with SnapshotWriter(logdir / "embeddings") as writer:
        for step in (0, 5):
            columns = {"kind": each, "place": np.arange(VOCAB_SIZE)}
            table = table_at(step)
            writer.embedding("words", table, step, tokens=TOKENS, metadata=columns)
    with tensorboard(logdir) as address:
        yield address


def drawing(page: Page, tab: FrameLocator) -> Path:
    """The map as a drawing whose words and points can be read."""
    tab.get_by_role("button", name="Export ▾").click()
    return taken(page, tab.get_by_role("button", name="Drawing of the map"))


def faint_points(file: Path) -> int:
    circles = ElementTree.parse(file).getroot().iter(f"{SVG}circle")
    return sum(float(one.get("fill-opacity", 1)) < 0.2 for one in circles)


@pytest.mark.browser
def test_neighbors_and_what_the_filter_leaves_are_seen(visit: Open, kinds: str) -> None:
    one = visit(kinds)
    tab = open_tab(one)
    at_rest(the_map(tab))
    tab.get_by_label("Find a token").fill(MOVER)
    one.page.keyboard.press("Enter")
    listed = tab.locator("wordembed-neighbor-columns button.gained .token")
    expect(listed.first).to_be_visible()
    at_rest(the_map(tab))
    before = drawing(one.page, tab)
    words = words_of(before)
    for gained in listed.all_inner_texts():
        assert f"+ {gained}" in words
    assert any(word and word.startswith("\u2212 ") for word in words)
    assert faint_points(before) == 0

    tab.get_by_role("combobox", name="Filter").fill("place < 100")
    one.page.keyboard.press("Enter")
    shown = tab.locator("wordembed-drift-table")
    expect(shown).to_contain_text(f"100 of {VOCAB_SIZE} tokens")
    at_rest(the_map(tab))
    assert faint_points(drawing(one.page, tab)) > 200
    one.assert_clean()


@pytest.mark.browser
def test_the_legend_lists_all_values(visit: Open, kinds: str) -> None:
    one = visit(kinds)
    tab = open_tab(one)
    drift_map = the_map(tab)
    tab.locator("wordembed-map-legend select").first.select_option(label="kind")
    values = tab.get_by_role("list", name="Values").get_by_role("listitem")
    expect(values).to_have_count(KINDS)
    expect(values.first).to_contain_text("kind14")
    all_of_them = points(settled(drift_map)).sum()

    tab.get_by_label("Show the tokens of kind14 on the map").uncheck()
    assert points(settled(drift_map)).sum() < all_of_them
    tab.get_by_role("button", name="Show all values").click()
    tab.get_by_label(re.compile("Find among 15 values")).fill("kind13")
    expect(values).to_have_count(1)
    tab.get_by_role("button", name="Give kind13 a color").click()
    expect(tab.get_by_role("button", name="Take the color of kind13")).to_be_visible()
    values.get_by_role("button").last.click()
    expect(selected(tab).first).to_be_visible()
    count = int(values.locator(".muted").inner_text())
    expect(tab.get_by_label(f"Only selected ({count})")).to_be_visible()
    one.page.wait_for_url(re.compile("wordembed.coloredValues=.*kind13"))
    one.assert_clean()


@pytest.mark.browser
def test_one_axis_is_drawn_with_its_poles(visit: Open, kinds: str) -> None:
    one = visit(kinds)
    tab = open_tab(one)
    drift_map = the_map(tab)
    tab.get_by_label("Layout").select_option("axes")
    expect(drift_map).to_have_attribute("data-stale", "")
    across = tab.get_by_label("Across")
    across.fill(f"{MOVER} - word")
    offered = tab.locator("datalist option")
    expect(offered.first).to_have_attribute("value", re.compile(f"{MOVER} - word"))
    across.fill(f"{MOVER} - word0")
    across.press("Enter")
    expect(tab.get_by_text("first component orthogonal to").first).to_be_visible()
    expect(drift_map).not_to_have_attribute("data-stale", "")
    at_rest(drift_map)
    words = words_of(drawing(one.page, tab))
    assert {"\u2190 word0", f"{MOVER} \u2192", "0.5"} <= set(words)

    across.fill("nobody")
    across.press("Enter")
    expect(drift_map).to_have_attribute("data-stale", "")
    expect(tab.locator(".caption")).to_contain_text(f"Still \u2192 {MOVER} - word0")
