"""Thumbnails of rows in the tab, and bytes that only claim to be some."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest
from e2e.browser import Visit, tensorboard
from e2e.test_tab import Open, at_rest, open_tab, the_map
from images import HTML, SVG, Color, color_of, images_value, picture
from logs import FILE_NAME, column_value, event, random_tables, table_value, write
from playwright.sync_api import FrameLocator, Locator, expect

pytestmark = pytest.mark.browser

RED, GREEN, BLUE = (254, 0, 0), (0, 255, 1), (0, 0, 254)
IMAGES = {
    "red": picture(RED),
    "blue": picture(BLUE, "WEBP"),
    "none": b"",
    "svg": SVG,
    "html": HTML,
    "cut off": picture(RED)[:30],
}
TOKENS = [*IMAGES, *(f"word{row}" for row in range(200))]
MOST_IN_VIEW = 60
SIDE, GAP = 32, 6
"""Of an image on the map, CSS pixels."""
COLUMN = "picture <img src=x>"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logdir = tmp_path_factory.mktemp("images")
    values = [IMAGES.get(token, picture(GREEN)) for token in TOKENS]
    path = logdir / "a run" / FILE_NAME
    tables = random_tables(2, len(TOKENS), 6)
    columns = (
        column_value("words", "token", TOKENS),
        images_value("words", COLUMN, np.array(values, object)),
    )
    steps = (event(at, table_value("words", one)) for at, one in enumerate(tables))
    write(path, event(0, *columns), *steps)
    with tensorboard(logdir, "--path_prefix=/some/where") as found:
        yield found


def card(tab: FrameLocator, token: str) -> Locator:
    """The card of a token, whose row of the table the pointer is on."""
    tab.get_by_label("Find a token").fill(token)
    rows = tab.get_by_role("grid", name="Tokens").get_by_role("row")
    # The pointer may be where the row comes to: it must move to be noticed.
    rows.page.mouse.move(1, 1)
    rows.get_by_text(token, exact=True).hover()
    found = tab.locator("wordembed-map-pane .card")
    expect(found.get_by_text(token, exact=True)).to_be_visible()
    return found


def assert_only_refused(one: Visit) -> None:
    """The browser complains of nothing but images that the server did not send."""
    assert all("404" in complaint for complaint in one.complaints), one.complaints


def assert_alike(found: Color, wanted: Color) -> None:
    """WebP keeps colors roughly."""
    assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) < 16


def middle_of(element: Locator) -> tuple[float, float]:
    """Where the middle of an element is, CSS pixels."""
    box = element.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def hovered_beside(tab: FrameLocator, middle: tuple[float, float]) -> Iterator[str]:
    """The images of the points above, below and on either side of an image."""
    image = tab.locator("wordembed-map-pane .card img")
    for dx, dy in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        far = SIDE / 2 + GAP
        tab.owner.page.mouse.move(middle[0] + dx * far, middle[1] + dy * far)
        # The card comes with the next frame.
        tab.owner.page.wait_for_timeout(300)
        if image.count():
            yield image.get_attribute("src") or ""


def test_an_image_is_beside_the_pointer_and_in_the_panel(
    visit: Open, address: str
) -> None:
    one = visit(address)
    tab = open_tab(one)
    panel = tab.locator("wordembed-inspector .images img")
    for token, color in (("red", RED), ("blue", BLUE)):
        image = card(tab, token).locator("img")
        expect(image).to_have_js_property("naturalWidth", 12)
        assert_alike(color_of(image.screenshot()), color)
        tab.get_by_label("Find a token").press("Enter")
        expect(tab.get_by_role("heading", name=token, exact=True)).to_be_visible()
        expect(panel).to_have_js_property("naturalWidth", 12)
        # The name of the column is text.
        expect(panel).to_have_attribute("alt", COLUMN)
        assert_alike(color_of(panel.screenshot()), color)
    image = card(tab, "none").locator("img")
    expect(image).to_be_hidden()
    tab.get_by_label("Find a token").press("Enter")
    expect(tab.get_by_role("heading", name="none", exact=True)).to_be_visible()
    expect(panel).to_be_hidden()
    one.assert_clean()


def test_what_is_no_image_is_not_shown(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    for token in ("svg", "html", "cut off"):
        expect(card(tab, token).locator("img")).to_be_hidden()
        tab.get_by_label("Find a token").press("Enter")
        expect(tab.get_by_role("heading", name=token, exact=True)).to_be_visible()
        expect(tab.locator("wordembed-inspector .images img")).to_be_hidden()
    assert_only_refused(one)


def test_images_are_at_the_points_of_a_near_map(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    found_map, images = the_map(tab), tab.locator(".thumbnails img:visible")
    at_rest(found_map)
    expect(images).to_have_count(0)
    for _ in range(12):
        tab.get_by_role("button", name="Zoom in").click()
        at_rest(found_map)
        # They come once the map has been at rest for a moment.
        one.page.wait_for_timeout(600)
        if images.count():
            break
    assert 0 < images.count() <= MOST_IN_VIEW
    middles = [middle_of(image) for image in images.all()]
    for (x, y), (other_x, other_y) in itertools.combinations(middles, 2):
        assert max(abs(x - other_x), abs(y - other_y)) >= SIDE
    # Beside each of them is its point.
    x, y = middle_of(found_map)
    image = min(images.all(), key=lambda one: math.dist(middle_of(one), (x, y)))
    expect(image).to_have_js_property("naturalWidth", 12)
    source = image.get_attribute("src")
    assert source is not None
    assert source in set(hovered_beside(tab, middle_of(image)))
    tab.get_by_role("button", name="Fit", exact=True).click()
    expect(images).to_have_count(0)
    assert_only_refused(one)
