"""More rows than the page holds, logged in parts: all of the tab works on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import Visit, tensorboard
from e2e.test_large_table import held, listed
from e2e.test_map import draw_around, selected
from e2e.test_tab import open_tab, points, settled, slider, the_map
from e2e.test_table import search
from playwright.sync_api import FrameLocator, expect

from tb_wordembed import SnapshotWriter

Open = Callable[[str], Visit]

pytestmark = pytest.mark.browser

ROWS, DIM, STEPS, PARTS = 1_500_000, 16, 2, 3
FIRST, SECOND = 1_234_567, 1_499_998
"""The rows that turn most; each is between two parts of the sample."""
OF_ALL = f"of {ROWS:,} tokens shown"
TWIN = 77_777
"""The row that is nearest to the first one."""

FAR = 120_000
"""Milliseconds: two processors share TensorBoard, the browser and its graphics."""


def tables() -> Iterator[npt.NDArray[np.float32]]:
    rng = np.random.default_rng(5)
    table = rng.standard_normal((ROWS, DIM), np.float32)
    table[:, :2] *= [4, 3]
    yield table
    table[FIRST], table[SECOND] = -table[FIRST], -table[SECOND]
    table[SECOND, 0] *= 0.9
    table[TWIN] = table[FIRST] * 1.01
    yield table


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logdir = tmp_path_factory.mktemp("parts")
    size = ROWS // PARTS
    with SnapshotWriter(logdir / "run") as writer:
        for step, table in enumerate(tables()):
            for start in range(0, ROWS, size):
                shard = table[start : start + size]
                tokens = [f"item{row:07d}" for row in range(start, start + size)]
                writer.embedding(
                    "items", shard, step, tokens=tokens, part=(start, ROWS)
                )
    with tensorboard(logdir) as found:
        yield found


def find(tab: FrameLocator, row: int) -> None:
    search(tab).fill(f"item{row:07d}")
    expect(listed(tab)).to_have_count(1, timeout=FAR)
    expect(listed(tab).first).to_contain_text(f"item{row:07d}")


def test_everything_works_on_rows_in_parts(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    # It ranks.
    expect(listed(tab).nth(0)).to_contain_text(f"item{FIRST:07d}", timeout=FAR)
    expect(listed(tab).nth(1)).to_contain_text(f"item{SECOND:07d}")
    # It plays.
    slider(tab).focus()
    slider(tab).press("Home")
    expect(slider(tab)).to_have_attribute("aria-valuetext", "0", timeout=FAR)
    tab.get_by_role("button", name="Play", exact=True).click()
    expect(slider(tab)).to_have_attribute("aria-valuetext", "1", timeout=FAR)
    assert points(settled(the_map(tab))).any()
    # It shows more where it is zoomed in.
    before = held(tab, ROWS)
    for _ in range(2):
        tab.get_by_role("button", name="Zoom in").click()
    note = tab.get_by_text(OF_ALL)
    expect(note).not_to_have_text(f"{before:,} {OF_ALL}", timeout=FAR)
    assert before < held(tab, ROWS) < 250_000
    # A lasso selects.
    tab.get_by_role("button", name="Lasso").click()
    draw_around(one.page, the_map(tab), (0.2, 0.5))
    expect(selected(tab).first).to_be_visible(timeout=FAR)
    # It searches, and shows what is picked with its neighbors among all rows.
    for row in (1_000_001, FIRST):
        find(tab, row)
    listed(tab).first.click()
    expect(tab.get_by_role("heading", name=f"item{FIRST:07d}")).to_be_visible()
    nearest = tab.locator("wordembed-neighbor-columns ol").last.locator(".token")
    expect(nearest.first).to_have_text(f"item{TWIN:07d}", timeout=FAR)
    # A link shows the same.
    expect(one.page).to_have_url(re.compile(rf"selection={FIRST}(&|$)"))
    again = visit(one.page.url)
    there = open_tab(again)
    heading = there.get_by_role("heading", name=f"item{FIRST:07d}")
    expect(heading).to_be_visible(timeout=FAR)
    again.assert_clean()
    one.assert_clean()
