"""Room on small and large screens: the drawer of Health, the map's line, a toast."""

from __future__ import annotations

import pytest
from e2e.test_tab import Open, open_tab, settled, the_map
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser


def height_of(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["height"]


def test_the_drawer_of_health_leaves_the_table_some_rows(
    visit: Open, address: str
) -> None:
    one = visit(address)
    one.page.set_viewport_size({"width": 1280, "height": 720})
    tab = open_tab(one)
    health = tab.locator("wordembed-health")
    rows = tab.get_by_role("grid", name="Tokens")
    health.get_by_role("button", name="Health").click()
    expect(health.locator("wordembed-chart")).to_have_count(10)
    usual = height_of(health)
    # The head and four rows, whatever is asked for.
    assert height_of(rows) >= 120
    handle = tab.get_by_role("separator", name="Height of health")
    handle.press("End")
    assert height_of(health) == pytest.approx(usual, abs=1)
    assert height_of(rows) >= 120
    handle.press("ArrowDown")
    assert height_of(health) == pytest.approx(usual - 24, abs=2)
    one.assert_clean()


def test_the_map_explains_itself_in_one_line_and_more_behind_a_sign(
    visit: Open, address: str
) -> None:
    one = visit(address)
    tab = open_tab(one)
    settled(the_map(tab))
    line = tab.locator("wordembed-map-pane .caption")
    expect(line).to_contain_text("of differences shown · neighbors")
    assert height_of(tab.locator("wordembed-map-pane .head")) < 32
    jargon = tab.get_by_text("continuity", exact=False).first
    sign = tab.get_by_role("button", name="About this map")
    for open_it in (sign.hover, sign.focus, sign.click):
        expect(jargon).to_be_hidden()
        open_it()
        expect(jargon).to_be_visible()
        sign.press("Escape")
        one.page.mouse.move(2, 2)
    one.assert_clean()
