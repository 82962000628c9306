"""What the map shows besides its points: regions, density, flow and doubt."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest
from e2e.tab_log import MOVER, TOKENS
from e2e.test_map import SVG, words_of
from e2e.test_map_marks import drawing
from e2e.test_tab import Open, at_rest, open_tab, settled, the_map
from playwright.sync_api import FrameLocator, expect

NAME = re.compile(r"\S+( · \S+)+")
FAINT = "its neighbors on the map are not those in the table"


def layer(tab: FrameLocator, name: str, on: bool) -> None:
    button = tab.get_by_role("button", name="Layers")
    button.click()
    group = tab.get_by_role("group", name="Besides the points")
    group.get_by_label(name).set_checked(on)
    button.click()


def region_names(file: Path) -> list[str]:
    return [word for word in words_of(file) if word and NAME.fullmatch(word)]


def lines_around(file: Path) -> int:
    """How many shares of the tokens have lines around the places that hold them."""
    root = ElementTree.parse(file).getroot()
    found = root.findall(f".//{SVG}g[@class='density']/{SVG}path")
    return sum("stroke" in path.attrib for path in found)


def shaded(image: npt.NDArray[np.uint8]) -> int:
    """Counts pixels of a gray between that of the ground and those of letters."""
    pixels = image.astype(int)
    gray = pixels.max(axis=2) - pixels.min(axis=2) <= 12
    light = (pixels.mean(axis=2) > 190) & (pixels.mean(axis=2) < 252)
    return int((gray & light).sum())


@pytest.mark.browser
def test_regions_density_flow_and_doubt_are_drawn(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    drift_map = the_map(tab)
    at_rest(drift_map)
    names = region_names(drawing(one.page, tab))
    # The table has two clusters, and each is named by tokens of its own.
    assert len(names) == 2
    tokens = [set(name.split(" · ")) - {MOVER} for name in names]
    parts = [[TOKENS.index(token) for token in one] for one in tokens]
    assert sorted(sorted({row % 2 for row in part}) for part in parts) == [[0], [1]]

    without = shaded(settled(drift_map))
    layer(tab, "Density", on=True)
    assert shaded(settled(drift_map)) > without + 5000
    assert lines_around(drawing(one.page, tab)) == 4
    layer(tab, "Regions", on=False)
    layer(tab, "Density", on=False)
    assert shaded(settled(drift_map)) < without + 1000
    bare = drawing(one.page, tab)
    assert (region_names(bare), lines_around(bare)) == ([], 0)
    one.page.wait_for_url(re.compile(r"wordembed\.layers=none"))

    layer(tab, "Flow", on=True)
    layer(tab, "Fade doubtful", on=True)
    button = tab.get_by_role("button", name="Layers")
    button.click()
    meanings = tab.get_by_role("group", name="Besides the points")
    expect(meanings).to_contain_text("where tokens went since step 0")
    expect(meanings).to_contain_text(FAINT, timeout=30_000)
    button.click()
    at_rest(the_map(tab))
    file = drawing(one.page, tab)
    circles = ElementTree.parse(file).getroot().iter(f"{SVG}circle")
    assert len({circle.get("fill-opacity") for circle in circles}) > 3
    # What the signs mean is in the picture, too.
    assert any(FAINT in (word or "") for word in words_of(file))
    one.page.wait_for_url(re.compile(r"wordembed\.layers=flow\.doubt"))
    one.assert_clean()
