"""The drift map as a person uses it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from e2e.browser import tensorboard
from e2e.tab_log import VOCAB_SIZE
from e2e.test_tab import Open, open_tab, points, settled, the_map
from playwright.sync_api import FrameLocator, Locator, Page, expect


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
def test_a_lasso_selects_isolates_and_is_in_the_link(visit: Open, logdir: Path) -> None:
    with tensorboard(logdir) as address:
        one = visit(address)
        tab = open_tab(one)
        drift_map = the_map(tab)
        everything = points(settled(drift_map)).sum()
        tab.get_by_role("button", name="Lasso").click()
        draw_around(one.page, drift_map, (0.3, 0.5))
        expect(selected(tab).first).to_be_visible()

        tab.get_by_role("button", name="Isolate").click()
        some = tab.get_by_text(f"of {VOCAB_SIZE} tokens").last
        expect(some).to_be_visible()
        isolated = int(some.inner_text().split()[0])
        assert 0 < isolated < VOCAB_SIZE
        settled(drift_map)
        one.page.wait_for_timeout(500)

        other = visit(one.page.url)
        copy = other.page.frame_locator("iframe")
        expect(copy.get_by_text(f"{isolated} of {VOCAB_SIZE} tokens")).to_be_visible(
            timeout=30_000
        )
        tab.get_by_role("button", name="Show all").click()
        expect(tab.get_by_role("button", name="Show all")).to_have_count(0)
        assert points(settled(drift_map)).sum() > everything / 2
        one.assert_clean()
        other.assert_clean()


@pytest.mark.browser
def test_the_pointer_redraws_no_points(visit: Open, logdir: Path) -> None:
    with tensorboard(logdir) as address:
        one = visit(address)
        tab = open_tab(one)
        drift_map = the_map(tab)
        settled(drift_map)
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


@pytest.mark.browser
def test_all_in_view_is_selected_by_key(visit: Open, logdir: Path) -> None:
    with tensorboard(logdir) as address:
        one = visit(address)
        tab = open_tab(one)
        drift_map = the_map(tab)
        settled(drift_map)
        drift_map.focus()
        drift_map.press("a")
        drift_map.press("i")
        expect(
            tab.get_by_text(f"{VOCAB_SIZE} of {VOCAB_SIZE} tokens").last
        ).to_be_visible()
        one.assert_clean()
