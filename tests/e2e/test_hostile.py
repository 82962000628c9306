"""Tokens, runs, tags and columns are text in every view, and run no script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from e2e.browser import Visit, tensorboard
from e2e.test_tab import Open
from e2e.test_web_page import Open as OpenFile
from e2e.test_web_page import opened
from playwright.sync_api import Frame, FrameLocator, Page, expect
from tokens import HOSTILE

import tb_wordembed
from tb_wordembed import SnapshotWriter

pytestmark = pytest.mark.browser

__all__ = ["opened"]

IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "</script><script>alert(2)</script>"
TOKENS = [
    *(IMAGE, SCRIPT, "<svg onload=alert(3)>", "<!--", "]]>", "javascript:alert(4)"),
    *("\u202egnp.exe", "half \ud83d", "<iframe src=/>", "{{1}}", '" onfocus="alert(5)'),
    *HOSTILE,
]
RUNS = "a <img src=x onerror=alert(6)>", 'b" onfocus="alert(7)'
TAG = "words <b onclick=alert(8)>"
COLUMN = "kind <img src=x onerror=alert(9)>"


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of names that are markup, whose tokens change places."""
    logdir = tmp_path_factory.mktemp("hostile")
    rng = np.random.default_rng(0)
    table = rng.normal(size=(len(TOKENS), 8)).astype(np.float32)
    kinds = [(IMAGE, SCRIPT)[row % 2] for row in range(len(TOKENS))]
    for at, run in enumerate(RUNS):
        with SnapshotWriter(logdir / run) as writer:
            for step in range(4):
                moved = table + step * np.roll(table, 1 + at, axis=0) / 2
                columns = {COLUMN: kinds}
                writer.embedding(TAG, moved, step, tokens=TOKENS, metadata=columns)
    return logdir


@pytest.fixture(scope="module")
def address(logdir: Path) -> Iterator[str]:
    with tensorboard(logdir) as found:
        yield found


MADE = """
() => {
  const found = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      const scripts = [...element.attributes].filter(({name}) => /^on/.test(name));
      if (element.matches("img, b[onclick], iframe:not([title])") || scripts.length) {
        found.push(element.outerHTML.slice(0, 200));
      }
    }
  };
  walk(document);
  return found;
}
"""
"""The elements that only a text taken for HTML makes."""

RUNS_A_SCRIPT = """
(how) => {
  window.ran = false;
  if (how === "element") {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    script.remove();
  } else {
    const button = document.createElement("button");
    button.setAttribute("onclick", "window.ran = true");
    document.body.append(button);
    button.click();
    button.remove();
  }
  return window.ran;
}
"""


def assert_only_text(place: Page | Frame, view: str) -> None:
    assert place.evaluate(MADE) == [], view


def look_around(
    one: Visit, place: Page | Frame, tab: Page | FrameLocator, shot: Callable[[], Any]
) -> None:
    """Goes through the views that a page in a file has, too."""
    grid = tab.get_by_role("grid", name="Tokens")
    expect(grid).to_be_visible(timeout=30_000)
    # Labels are on the map, and the card of the token at the pointer.
    grid.get_by_role("row").nth(2).hover()
    assert_only_text(place, "table and map")
    search = tab.get_by_label("Find a token")
    search.fill("<")
    expect(tab.locator("wordembed-search [role=option]").first).to_be_visible()
    assert_only_text(place, "search")
    search.fill(IMAGE)
    search.press("Enter")
    expect(tab.get_by_role("heading", name=IMAGE, exact=True)).to_be_visible()
    expect(tab.locator("wordembed-neighbor-columns ol").first).to_be_visible()
    assert_only_text(place, "token")
    tab.get_by_label("Color").select_option(label=COLUMN)
    expect(tab.locator("wordembed-map-legend")).to_contain_text(SCRIPT)
    assert_only_text(place, "legend")
    tab.get_by_role("button", name="Save selection").click()
    assert_only_text(place, "saved selections")
    grid.press("b")
    dialog = tab.get_by_role("dialog", name="Bookmarks")
    dialog.get_by_label("Name of this view").fill(SCRIPT)
    dialog.get_by_role("button", name="Save this view").click()
    expect(dialog.get_by_role("button", name=re.compile("alert")).first).to_be_visible()
    assert_only_text(place, "bookmarks")
    one.page.keyboard.press("Escape")
    shot()
    tab.locator("wordembed-health").get_by_role("button", name="Health").click()
    expect(tab.locator("wordembed-health wordembed-chart").first).to_be_visible()
    assert_only_text(place, "Health")
    assert one.complaints == []


def test_the_tab_shows_text_and_runs_nothing(visit: Open, address: str) -> None:
    one = visit(f"{address}#wordembed")
    tab = one.page.frame_locator("iframe")

    def two_runs() -> None:
        tab.get_by_label("Against").select_option(label=RUNS[1])
        expect(tab.locator("wordembed-drift-table")).to_contain_text(RUNS[1])
        assert_only_text(frame, "two runs")
        tab.get_by_label("Group by").select_option(label=COLUMN)
        expect(tab.get_by_role("grid", name="Groups")).to_contain_text(IMAGE)
        assert_only_text(frame, "groups")

    expect(tab.get_by_role("grid", name="Tokens")).to_be_visible(timeout=30_000)
    [frame] = one.page.main_frame.child_frames
    look_around(one, frame, tab, two_runs)
    one.assert_clean()
    # Nor would a script run that found a way into the page: its policy stops it.
    for how in ("element", "attribute"):
        assert not frame.evaluate(RUNS_A_SCRIPT, how), how


def test_a_page_in_a_file_shows_text_and_runs_nothing(
    opened: OpenFile, logdir: Path, tmp_path: Path
) -> None:
    series = tb_wordembed.open(logdir).series(RUNS[0])
    one = opened(series.report(tmp_path / "page.html"), "")
    look_around(one, one.page, one.page, lambda: None)
    for how in ("element", "attribute"):
        assert not one.page.evaluate(RUNS_A_SCRIPT, how), how
