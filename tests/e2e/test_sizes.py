"""The tab on logs as large as real ones: what was planted in them is found."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import Visit, tensorboard
from e2e.sized_log import (
    GROUPS,
    MOVER,
    MOVER_ROW,
    STILL,
    Size,
    tokens,
    write_log,
)
from e2e.test_map import draw_around, selected
from e2e.test_map_layers import layer
from e2e.test_tab import Open, picture, points, settled, slider, the_map
from e2e.test_table import add_columns, grid, search, table_rows
from playwright.sync_api import FrameLocator, Page, expect

import tb_wordembed

pytestmark = pytest.mark.browser

REACH = 12
"""Pixels from a point at which it is still found."""
PATIENCE_MS = 120_000
"""A machine without a GPU takes a second or more to draw a million points once."""

SIZES = [Size(50_000, 300, 6), Size(1_000_000, 16, 3)]


@pytest.fixture(autouse=True)
def _patient() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=15_000)


@pytest.fixture(scope="module", params=SIZES, ids=str)
def size(request: pytest.FixtureRequest) -> Size:
    found: Size = request.param
    return found


@pytest.fixture(scope="module")
def large(size: Size) -> Iterator[Path]:
    """A log of this size, which is removed afterwards."""
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < 1.2 * size.bytes:
        pytest.skip(
            f"needs {1.2 * size.bytes / 1e9:.1f} GB in {tempfile.gettempdir()}, which "
            f"has {free / 1e9:.1f}; set TMPDIR to a directory with more"
        )
    with tempfile.TemporaryDirectory(prefix="tb-wordembed-test-") as directory:
        write_log(Path(directory), size)
        yield Path(directory)


@pytest.fixture(scope="module")
def address(large: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        # What an earlier process found out would not be seen to be found out.
        kept = str(tmp_path_factory.mktemp("kept"))
        patch.setenv("TB_WORDEMBED_CACHE_DIR", kept)
        with tensorboard(large) as found:
            yield found


@pytest.fixture
def one(visit: Open, address: str) -> Iterator[Visit]:
    opened = visit("about:blank")
    opened.page.set_default_timeout(PATIENCE_MS)
    opened.address = address
    opened.page.goto(f"{address}#wordembed")
    yield opened
    opened.assert_clean()


def test_what_was_planted_is_seen_played_picked_and_taken_along(
    one: Visit, visit: Open, size: Size, large: Path
) -> None:
    """One visit: it takes seconds to open a million rows."""
    tab = one.page.frame_locator("iframe")
    expect(grid(tab)).to_have_attribute("aria-busy", "false")
    assert_says_what_was_planted(tab, size)
    assert_steps_are_jumped_over_and_played(tab, size)
    assert_points_are_picked_and_circled(one.page, tab, size, large)
    assert_rows_are_sorted_and_searched(tab, size)
    if size == SIZES[0]:
        assert_all_of_it_is_taken_along(one, visit, tab, size)


def group_of(row: int) -> int:
    return row % GROUPS


def row_of(token: str) -> int:
    """The row that a word tells."""
    return int(token.removeprefix("word"))


def assert_says_what_was_planted(tab: FrameLocator, size: Size) -> None:
    assert points(picture(the_map(tab))).sum() > 2000
    expect(tab.get_by_text("of differences shown")).to_be_visible()
    expect(tab.get_by_text(f"{size.rows:,} tokens", exact=True)).to_be_visible()
    # All groups are in view, at their places.
    expect(tab.get_by_text("left out of Fit")).to_have_count(0)

    # What moved is on top of the table, and its neighbors are those it moved to.
    expect(table_rows(tab).first).to_contain_text(MOVER)
    search(tab).fill(MOVER)
    search(tab).press("Enter")
    expect(tab.get_by_role("heading", name=MOVER)).to_be_visible()
    columns = tab.locator("wordembed-neighbor-columns ol")
    expect(columns).to_have_count(2)
    for column, group in zip(columns.all(), (MOVER_ROW, MOVER_ROW + 1), strict=True):
        expect(column.get_by_role("listitem")).to_have_count(10)
        shown = column.locator(".token").all_inner_texts()
        assert {group_of(row_of(token)) for token in shown} == {group}
    expect(tab.get_by_text("0 of 10 kept")).to_be_visible()

    # Health fills in while all that is done, and says what never moved.
    glance = tab.locator("wordembed-health")
    expect(glance).to_contain_text("Effective rank")
    glance.get_by_role("button", name=re.compile("never updated")).click()
    expect(tab.get_by_role("heading", name=STILL)).to_be_visible()
    expect(tab.locator("wordembed-notices")).to_have_text("")

    # What takes long says how far it is, and can be given up.
    add_columns(tab, "Neighbors kept")
    tools = tab.locator("wordembed-ranking-head .tools")
    work = tools.get_by_text(re.compile(r"Neighbors kept: \d+ %"))
    expect(work).to_be_visible()
    tools.get_by_role("button", name="Cancel").click()
    expect(work).to_have_count(0)


def assert_steps_are_jumped_over_and_played(tab: FrameLocator, size: Size) -> None:
    drift_map, step = the_map(tab), slider(tab)
    newest = str(size.steps - 1)
    # The labels of neighbors have colors, as points have.
    tab.get_by_role("button", name="Clear selection").click()
    expect(step).to_have_attribute("aria-valuetext", newest)
    last = settled(drift_map)
    step.focus()
    step.press("PageDown")
    jumped = size.steps - 1 - max(1, round(size.steps / 10))
    expect(step).to_have_attribute("aria-valuetext", str(jumped))
    step.press("Home")
    expect(step).to_have_attribute("aria-valuetext", "0")
    the_map(tab)
    first = settled(drift_map)
    assert (points(first) ^ points(last)).sum() > 2000

    # A frame of a million points takes about a second: playing lasts some of them.
    speed = "4" if size.steps > 5 else "1"
    tab.get_by_label("Steps per second").select_option(speed)
    tab.get_by_role("button", name="Play", exact=True).click()
    expect(tab.get_by_role("button", name="Pause")).to_be_visible()
    expect(step).to_have_attribute("aria-valuetext", newest)
    # At the end it comes to rest, where it was before.
    expect(tab.get_by_role("button", name="Play", exact=True)).to_be_visible()
    again = settled(drift_map)
    moved = (points(first) ^ points(last)).sum()
    assert (points(again) ^ points(last)).sum() < moved / 2


def hovered(page: Page, tab: FrameLocator) -> Iterator[tuple[float, float, str]]:
    """Where the pointer was, on one colored spot of the map after another, and over
    which word."""
    drift_map = the_map(tab)
    box = drift_map.bounding_box()
    assert box is not None
    card = tab.locator("wordembed-map-pane .card:not([hidden]) b")
    spots = np.argwhere(points(settled(drift_map)))
    for high, wide in spots[np.linspace(0, len(spots) - 1, 40).round().astype(int)]:
        x, y = box["x"] + float(wide) + 0.5, box["y"] + float(high) + 0.5
        page.mouse.move(x, y)
        page.wait_for_timeout(30)
        if card.count() and card.inner_text().startswith("word"):
            yield x, y, card.inner_text()


def assert_in_place(at: list[tuple[float, float, str]], log: Path) -> None:
    """The tokens below the pointer are those whose coordinates are there; but for a
    few where something else of a color was on top of them."""
    assert len(at) > 20
    series = tb_wordembed.open(log).series()
    rows = [row_of(token) for _, _, token in at]
    places = series.positions(series.steps[-1], (1, 2))[rows]
    for axis, upwards in ((0, False), (1, True)):
        pixels = np.array([where[axis] for where in at])
        first = distances(places[:, axis], pixels, np.ones(len(at), np.bool_))
        near = first <= np.median(first)
        assert np.mean(distances(places[:, axis], pixels, near) < REACH) > 0.9
        turned = np.corrcoef(places[near, axis], pixels[near])[0, 1] < 0
        assert turned == upwards


def distances(
    places: npt.NDArray[np.float32],
    pixels: npt.NDArray[np.float64],
    of: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    """Pixels from where coordinates should be drawn, going by some of them."""
    line = np.polyfit(places[of], pixels[of], 1)
    apart: npt.NDArray[np.float64] = np.abs(np.polyval(line, places) - pixels)
    return apart


def assert_points_are_picked_and_circled(
    page: Page, tab: FrameLocator, size: Size, large: Path
) -> None:
    drift_map = the_map(tab)
    # Names of regions would be taken for points.
    layer(tab, "Regions", on=False)
    at = list(hovered(page, tab))
    assert_in_place(at, large)

    x, y, token = at[len(at) // 2]
    page.mouse.click(x, y)
    expect(tab.get_by_role("heading", name=token)).to_be_visible()
    neighbors = tab.locator("wordembed-neighbor-columns ol")
    expect(neighbors.first.get_by_role("listitem")).to_have_count(10)

    tab.get_by_role("button", name="Lasso").click()
    draw_around(page, drift_map, (0.3, 0.5))
    expect(selected(tab).first).to_be_visible()
    tab.get_by_role("button", name="Isolate").click()
    chip = tab.locator(".chip", has_text=f"of {size.rows:,} tokens")
    expect(chip).to_be_visible()
    isolated = int(chip.inner_text().split()[0].replace(",", ""))
    assert 0 < isolated < size.rows
    tab.get_by_role("button", name="Show all").click()
    expect(chip).to_have_count(0)


def assert_rows_are_sorted_and_searched(tab: FrameLocator, size: Size) -> None:
    grid(tab).get_by_role("button", name="Token").click()
    expect(table_rows(tab).first).to_contain_text(MOVER)
    grid(tab).get_by_role("button", name="Token").click()
    expect(table_rows(tab).first).to_contain_text(max(tokens(size)))

    search(tab).fill("/^word7+$/")
    sevens = sum(int("7" * digits) < size.rows for digits in range(1, 7))
    expect(tab.get_by_text(f"{sevens} matches")).to_be_visible()


def assert_all_of_it_is_taken_along(
    one: Visit, visit: Open, tab: FrameLocator, size: Size
) -> None:
    """As a file, and in a link, which brings back what is on screen."""
    search(tab).fill("")
    expect(tab.get_by_text(f"{size.rows:,} tokens", exact=True)).to_be_visible()
    tab.get_by_role("button", name="Export").click()
    with one.page.expect_download() as download:
        tab.get_by_role("button", name="The table as it is").click()
    with Path(download.value.path()).open(encoding="utf-8") as file:
        assert sum(1 for _ in file) == 1 + size.rows
    one.page.wait_for_url(re.compile("wordembed.sort=token"))
    other = visit(one.page.url)
    there = other.page.frame_locator("iframe")
    expect(table_rows(there).first).to_contain_text(max(tokens(size)))
    other.assert_clean()
