"""The tab looks as it did: pictures of it against stored ones.

Fonts and the way that lines are smoothed differ between machines. So pictures are
compared small, where letters are gray and what is left is layout, color and points.
After a change that is meant, look at the new pictures and store them:

    TB_WORDEMBED_STORE_PICTURES=1 scripts/test
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from e2e.tab_log import MOVER
from e2e.test_tab import Open, at_rest, open_tab, slider, the_map
from PIL import Image
from playwright.sync_api import FrameLocator, Page, expect

Pixels = npt.NDArray[np.float64]

STORED = Path(__file__).parent / "pictures"
OUTPUT = Path(__file__).parent / "output"
THEMES = ("light", "dark")
WIDTH = 480
"""Of the stored pictures, in pixels."""
SQUARE = 8
"""Pixels of a stored picture that are compared as one."""
MOST_APART = 0.012
"""Of two pictures, on average. Another font made it 0.005, another view 0.06."""
FAR = 0.12
MOST_FAR = 0.005
"""The share of squares that may be that far apart. Another font made it 0.001, another
view 0.2."""


def small(page: Page, tab: FrameLocator) -> Image.Image:
    """Our frame. Of the map only how colorful it is: its points, not its labels, whose
    places depend on which were there before, so that they keep still."""
    frame, inner = page.locator("iframe"), the_map(tab)
    image = Image.open(io.BytesIO(frame.screenshot())).convert("RGB")
    outer, box = frame.bounding_box(), inner.bounding_box()
    assert outer is not None
    assert box is not None
    left, top = round(box["x"] - outer["x"]), round(box["y"] - outer["y"])
    area = (left, top, left + round(box["width"]), top + round(box["height"]))
    pixels = np.asarray(image.crop(area)).astype(int)
    colorful = (pixels.max(axis=2) - pixels.min(axis=2)).astype(np.uint8)
    image.paste(Image.fromarray(colorful).convert("RGB"), area)
    height = round(image.height * WIDTH / image.width)
    return image.resize((WIDTH, height), Image.Resampling.BOX)


def squares(image: Image.Image) -> Pixels:
    """Mean colors, 0..1, ``[rows, columns, 3]``."""
    size = image.width // SQUARE, image.height // SQUARE
    found: Pixels = np.asarray(image.resize(size, Image.Resampling.BOX)) / 255
    return found


def differences(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """How far two pictures are apart on average, and which share of them is far."""
    assert one.size == other.size
    apart = np.abs(squares(one) - squares(other)).max(axis=2)
    return float(apart.mean()), float((apart > FAR).mean())


def check(page: Page, tab: FrameLocator, name: str) -> None:
    """Compares our frame with the stored picture of this name, or stores it."""
    taken = small(page, tab)
    path = STORED / f"{name}.png"
    if os.environ.get("TB_WORDEMBED_STORE_PICTURES"):
        STORED.mkdir(exist_ok=True)
        taken.quantize(128, Image.Quantize.FASTOCTREE).save(path, optimize=True)
        return
    assert path.is_file(), f"there is no {path}; the head of this file says how to"
    mean, far = differences(taken, Image.open(path).convert("RGB"))
    if mean > MOST_APART or far > MOST_FAR:
        OUTPUT.mkdir(exist_ok=True)
        taken.save(OUTPUT / f"{name}.png")
        pytest.fail(
            f"{name} looks different: {mean:.3f} on average (at most {MOST_APART}), "
            f"{far:.1%} of it far off (at most {MOST_FAR:.1%}). Compare {path} with "
            f"{OUTPUT / path.name}; the head of this file says how to store it."
        )


def views(page: Page, tab: FrameLocator) -> Iterator[str]:
    """The views to look at, one after another, at rest."""
    yield "map"
    tab.get_by_label("Find a token").fill(MOVER)
    tab.get_by_role("row").get_by_text(MOVER, exact=True).click()
    expect(tab.locator("wordembed-inspector .motion")).to_contain_text("on its own")
    tab.get_by_label("Find a token").fill("")
    slider(tab).press("ArrowLeft")
    at_rest(the_map(tab))
    yield "token"
    health = tab.locator("wordembed-health")
    health.get_by_role("button", name="Health", exact=True).click()
    expect(health.locator("wordembed-chart")).to_have_count(12)
    page.mouse.move(2, 2)
    at_rest(the_map(tab))
    yield "health"


@pytest.mark.browser
@pytest.mark.parametrize("theme", THEMES)
def test_the_tab_looks_as_it_did(visit: Open, address: str, theme: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    if theme == "dark":
        one.page.evaluate("document.body.classList.add('dark-mode')")
    expect(tab.get_by_text(re.compile("neighbors .*(right|wrong)"))).to_be_visible()
    expect(tab.locator("wordembed-health")).to_contain_text("CKA to previous")
    at_rest(the_map(tab))
    for name in views(one.page, tab):
        check(one.page, tab, f"{name}-{theme}")
    one.assert_clean()


@pytest.mark.browser
def test_pictures_of_different_views_are_told_apart() -> None:
    names = [f"{view}-{theme}" for view in ("map", "health") for theme in THEMES]
    pictures = {
        name: Image.open(STORED / f"{name}.png").convert("RGB") for name in names
    }
    for one in pictures:
        for other in pictures:
            mean, far = differences(pictures[one], pictures[other])
            alike = mean <= MOST_APART and far <= MOST_FAR
            assert alike == (one == other), (one, other)
