"""Room on small and large screens: Health, the map's line, a projector, 200 % zoom."""

from __future__ import annotations

import re

import pytest
from e2e.test_accessibility import out_of_reach
from e2e.test_tab import Open, at_rest, open_tab, points, settled, the_map
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
    health.get_by_role("button", name="Health", exact=True).click()
    expect(health.locator("wordembed-chart")).to_have_count(12)
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
    at_rest(the_map(tab))
    line = tab.locator("wordembed-map-pane .caption")
    expect(line).to_contain_text("of differences shown · neighbors")
    assert height_of(line) < 32
    jargon = tab.get_by_text("continuity", exact=False).first
    sign = tab.get_by_role("button", name="About this map")
    for open_it in (sign.hover, sign.focus, sign.click):
        expect(jargon).to_be_hidden()
        open_it()
        expect(jargon).to_be_visible()
        sign.press("Escape")
        one.page.mouse.move(2, 2)
    one.assert_clean()


def test_it_is_shown_for_a_projector_and_on_a_wide_screen(
    visit: Open, address: str
) -> None:
    one = visit(f"{address}#wordembed&p.wordembed.presenting=1")
    tab = one.page.frame_locator("iframe")
    expect(tab.get_by_text("points is a token at step 5; near")).to_be_visible()
    expect(tab.get_by_role("grid", name="Tokens")).to_be_hidden()
    frame = one.page.frames[-1]
    assert frame.evaluate("innerWidth") == 960
    one.page.keyboard.press("p")
    expect(tab.get_by_role("grid", name="Tokens")).to_be_visible()
    assert frame.evaluate("innerWidth") == 1440
    one.page.set_viewport_size({"width": 3840, "height": 2160})
    frame.wait_for_function("innerWidth == 1920 && devicePixelRatio == 2")
    assert tab.locator("html").evaluate("html => html.scrollHeight <= innerHeight")
    assert out_of_reach(frame) == []
    assert points(settled(the_map(tab))).sum() > 500
    # Keys of the map need no focus there.
    one.page.keyboard.press("l")
    expect(tab.get_by_role("button", name="Lasso")).to_have_attribute(
        "aria-pressed", "true"
    )
    one.assert_clean()


def test_at_200_percent_the_page_scrolls_past_the_map_and_colors_stay(
    visit: Open, address: str
) -> None:
    one = visit(address)
    tab = open_tab(one)
    one.page.set_viewport_size({"width": 720, "height": 450})
    at_rest(the_map(tab))
    box = the_map(tab).bounding_box()
    assert box is not None
    one.page.mouse.move(box["x"] + 200, box["y"] + 150)
    one.page.mouse.wheel(0, 400)
    one.page.frames[-1].wait_for_function("scrollY > 300")
    one.page.emulate_media(forced_colors="active")
    row = tab.get_by_role("row").nth(1)
    row.click()
    tab.get_by_role("tab", name="Table").click()
    expect(row).to_have_css("background-color", "rgb(253, 238, 227)")
    ramp = tab.locator("wordembed-map-legend [style*=gradient]")
    expect(ramp).to_have_css("background-image", re.compile("gradient"))
    one.assert_clean()
