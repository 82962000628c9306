"""Thumbnails of rows in the tab, and bytes that only claim to be some."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from e2e.browser import tensorboard
from e2e.test_tab import Open, open_tab
from images import HTML, SVG, color_of, images_value, picture
from logs import FILE_NAME, column_value, event, random_tables, table_value, write
from playwright.sync_api import FrameLocator, Locator, expect

pytestmark = pytest.mark.browser

RED, BLUE = (254, 0, 0), (0, 0, 254)
IMAGES = {
    "red": picture(RED),
    "blue": picture(BLUE, "WEBP"),
    "none": b"",
    "svg": SVG,
    "html": HTML,
    "cut off": picture(RED)[:30],
}
TOKENS = [*IMAGES, *(f"word{row}" for row in range(30))]
COLUMN = "picture <img src=x>"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logdir = tmp_path_factory.mktemp("images")
    values = [IMAGES.get(token, b"") for token in TOKENS]
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
    rows.get_by_text(token, exact=True).hover()
    found = tab.locator("wordembed-map-pane .card")
    expect(found.get_by_text(token, exact=True)).to_be_visible()
    return found


def test_an_image_is_beside_the_pointer_and_in_the_panel(
    visit: Open, address: str
) -> None:
    one = visit(address)
    tab = open_tab(one)
    panel = tab.locator("wordembed-inspector .images img")
    for token, color in (("red", RED), ("blue", BLUE)):
        image = card(tab, token).locator("img")
        expect(image).to_have_js_property("naturalWidth", 12)
        assert color_of(image.screenshot()) == color
        tab.get_by_label("Find a token").press("Enter")
        expect(tab.get_by_role("heading", name=token, exact=True)).to_be_visible()
        expect(panel).to_have_js_property("naturalWidth", 12)
        # The name of the column is text.
        expect(panel).to_have_attribute("alt", COLUMN)
        assert color_of(panel.screenshot()) == color
    image = card(tab, "none").locator("img")
    expect(image).to_be_hidden()
    tab.get_by_label("Find a token").press("Enter")
    expect(tab.get_by_role("heading", name="none", exact=True)).to_be_visible()
    expect(panel).to_be_hidden()
    one.assert_clean()


@pytest.mark.parametrize("token", ["svg", "html", "cut off"])
def test_what_is_no_image_is_not_shown(visit: Open, address: str, token: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    expect(card(tab, token).locator("img")).to_be_hidden()
    tab.get_by_label("Find a token").press("Enter")
    expect(tab.get_by_role("heading", name=token, exact=True)).to_be_visible()
    expect(tab.locator("wordembed-inspector .images img")).to_be_hidden()
    # The browser notes what was not sent.
    assert all("404" in complaint for complaint in one.complaints)
