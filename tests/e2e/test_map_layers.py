"""What the map shows besides its points."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from e2e.test_map import SVG, words_of
from e2e.test_map_marks import drawing
from e2e.test_tab import Open, open_tab, settled, the_map
from playwright.sync_api import FrameLocator, expect

FAINT = "its neighbors on the map are others"


def layer(tab: FrameLocator, name: str, on: bool) -> None:
    button = tab.get_by_role("button", name="Layers")
    button.click()
    group = tab.get_by_role("group", name="Besides the points")
    group.get_by_label(name).set_checked(on)
    button.click()


@pytest.mark.browser
def test_flow_and_doubt_are_drawn_and_in_the_link(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    settled(the_map(tab))
    layer(tab, "Flow", on=True)
    layer(tab, "Fade doubtful", on=True)
    button = tab.get_by_role("button", name="Layers")
    button.click()
    meanings = tab.get_by_role("group", name="Besides the points")
    expect(meanings).to_contain_text("where tokens went since step 0")
    expect(meanings).to_contain_text(FAINT, timeout=30_000)
    button.click()
    settled(the_map(tab))
    file = drawing(one.page, tab)
    circles = ElementTree.parse(file).getroot().iter(f"{SVG}circle")
    assert len({circle.get("fill-opacity") for circle in circles}) > 3
    # What the signs mean is in the picture, too.
    assert any(FAINT in (word or "") for word in words_of(file))
    one.page.wait_for_url(re.compile(r"wordembed\.layers=regions\.flow\.doubt"))
    one.assert_clean()
