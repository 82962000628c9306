"""A table that is too large for the page, which shows some of its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import Visit, tensorboard
from e2e.test_map import draw_around, selected
from e2e.test_tab import at_rest, open_tab, points, settled, slider, the_map
from e2e.test_table import search
from playwright.sync_api import FrameLocator, Locator, expect

import tb_wordembed
from tb_wordembed import SnapshotWriter

Open = Callable[[str], Visit]

pytestmark = pytest.mark.browser

ROWS, SHOWN, STEPS = 3000, 1000, 4


def table_at(step: int) -> npt.NDArray[np.float32]:
    """Every seventh row moves, the later ones further."""
    rng = np.random.default_rng(5)
    start, way = rng.normal(size=(2, ROWS, 8))
    share = step * np.where(np.arange(ROWS) % 7 == 0, np.arange(ROWS) / ROWS, 0.01)
    table: npt.NDArray[np.float32] = (start + share[:, None] * way).astype(np.float32)
    return table


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    logdir = tmp_path_factory.mktemp("large")
    with SnapshotWriter(logdir / "run") as writer:
        for step in range(STEPS):
            tokens = [f"item{row:04d}" for row in range(ROWS)]
            writer.embedding("items", table_at(step), step, tokens=tokens)
    return logdir


@pytest.fixture(scope="module")
def address(logdir: Path) -> Iterator[str]:
    with tensorboard(logdir, "--wordembed_most_rows", str(SHOWN)) as found:
        yield found


@pytest.fixture
def one(visit: Open, address: str) -> Iterator[Visit]:
    found = visit(address)
    yield found
    found.assert_clean()


@pytest.fixture
def tab(one: Visit) -> FrameLocator:
    found = open_tab(one)
    expect(listed(found).first).to_be_visible(timeout=30_000)
    return found


def listed(tab: FrameLocator) -> Locator:
    return tab.get_by_role("grid", name="Tokens").locator(".row")


def held(tab: FrameLocator, rows: int = ROWS) -> int:
    """How many tokens of a table the page says that it shows."""
    note = tab.get_by_text(f"of {rows:,} tokens shown")
    expect(note).to_be_visible()
    return int(note.inner_text().split()[0].replace(",", ""))


def test_all_of_the_table_is_ranked_played_and_seen_near(
    logdir: Path, tab: FrameLocator
) -> None:
    """One visit: opening the tab takes longer than what is done there."""
    the_page_says_how_much_it_shows_and_ranks_the_whole_table(logdir, tab)
    it_plays_and_keeps_its_ranking(logdir, tab)
    more_tokens_are_shown_where_the_map_is_zoomed_in(tab)
    later_ranks_come_when_the_table_is_scrolled(logdir, tab)


def test_all_of_the_table_is_searched_and_filtered(
    logdir: Path, tab: FrameLocator
) -> None:
    a_search_finds_tokens_beyond_the_sample(tab)
    a_regular_expression_finds_tokens_beyond_the_sample(tab)
    an_expression_that_never_ends_leaves_the_page_as_it_is(tab)
    what_is_picked_is_shown_with_its_neighbors(logdir, tab)
    a_filter_is_over_all_tokens(logdir, tab)


def the_page_says_how_much_it_shows_and_ranks_the_whole_table(
    logdir: Path, tab: FrameLocator
) -> None:
    series = tb_wordembed.open(logdir).series()
    first = np.argsort(-series.drift(0, STEPS - 1), kind="stable")[:5]
    for place, row in enumerate(first):
        expect(listed(tab).nth(place)).to_contain_text(f"item{row:04d}")
    assert SHOWN < held(tab) < ROWS


def a_search_finds_tokens_beyond_the_sample(tab: FrameLocator) -> None:
    for row in (1001, 2222, 2998):
        search(tab).fill(f"item{row}")
        expect(listed(tab).first).to_contain_text(f"item{row}")
        expect(listed(tab)).to_have_count(1)


def a_regular_expression_finds_tokens_beyond_the_sample(tab: FrameLocator) -> None:
    search(tab).fill("/^item2{4}$/")
    expect(listed(tab)).to_have_count(1)
    expect(listed(tab).first).to_contain_text("item2222")


def an_expression_that_never_ends_leaves_the_page_as_it_is(
    tab: FrameLocator,
) -> None:
    search(tab).fill("/^(.|.|.|.|.|.|.|.)*!$/")
    expect(tab.get_by_text("Not all tokens were searched")).to_be_visible(
        timeout=30_000
    )
    search(tab).fill("item2222")
    expect(listed(tab)).to_have_count(1)


def a_filter_is_over_all_tokens(logdir: Path, tab: FrameLocator) -> None:
    search(tab).fill("")
    drift = tb_wordembed.open(logdir).series().drift(0, STEPS - 1)
    limit = round(float(np.sort(drift)[-42]), 3)
    rows = np.flatnonzero(drift > limit)
    rows = rows[rows % 10 == 9]
    tab.get_by_role("combobox", name="Filter").fill(
        f'drift > {limit} and token ends "9"'
    )
    words = f"{len(rows)} tokens of the whole table meet the filter"
    expect(tab.get_by_text(words)).to_be_visible()
    expect(listed(tab)).to_have_count(len(rows))
    for row in rows:
        expect(listed(tab).filter(has_text=f"item{row:04d}")).to_have_count(1)


def later_ranks_come_when_the_table_is_scrolled(
    logdir: Path, tab: FrameLocator
) -> None:
    drift = tb_wordembed.open(logdir).series().drift(0, STEPS - 1)
    row = int(np.argsort(-drift, kind="stable")[700])
    grid = tab.get_by_role("grid", name="Tokens")
    grid.evaluate("(one) => one.scrollTo(0, 24 * 695)")
    expect(listed(tab).filter(has_text=f"item{row:04d}")).to_contain_text("701")


def what_is_picked_is_shown_with_its_neighbors(logdir: Path, tab: FrameLocator) -> None:
    search(tab).fill("item2222")
    expect(listed(tab)).to_have_count(1)
    listed(tab).first.click()
    nearest = tb_wordembed.open(logdir).series().neighbors("item2222", STEPS - 1, 10)
    column = tab.locator("wordembed-neighbor-columns ol").last
    expect(column.locator(".token")).to_have_text([one.token for one in nearest])
    expect(column.locator("button:disabled")).to_have_count(0)
    column.get_by_role("button").first.click()
    expect(tab.get_by_role("heading", name=nearest[0].token)).to_be_visible()


def it_plays_and_keeps_its_ranking(logdir: Path, tab: FrameLocator) -> None:
    slider(tab).focus()
    slider(tab).press("Home")
    expect(slider(tab)).to_have_attribute("aria-valuetext", "0")
    tab.get_by_role("button", name="Play", exact=True).click()
    expect(slider(tab)).to_have_attribute(
        "aria-valuetext", str(STEPS - 1), timeout=30_000
    )
    series = tb_wordembed.open(logdir).series()
    row = int(np.argmax(series.drift(0, STEPS - 1)))
    expect(listed(tab).first).to_contain_text(f"item{row:04d}")
    assert points(settled(the_map(tab))).any()


def test_a_lasso_and_a_link_name_the_same_tokens(
    one: Visit, tab: FrameLocator, visit: Open
) -> None:
    at_rest(the_map(tab))
    tab.get_by_role("button", name="Lasso").click()
    draw_around(one.page, the_map(tab), (0.05, 0.05))
    expect(selected(tab).first).to_be_visible()
    search(tab).fill("item2222")
    expect(listed(tab)).to_have_count(1)
    listed(tab).first.click()
    expect(tab.get_by_role("heading", name="item2222")).to_be_visible()
    expect(one.page).to_have_url(re.compile(r"selection=2222(&|$)"))
    again = visit(one.page.url)
    there = open_tab(again)
    expect(there.get_by_role("heading", name="item2222")).to_be_visible()


def more_tokens_are_shown_where_the_map_is_zoomed_in(tab: FrameLocator) -> None:
    before = held(tab)
    at_rest(the_map(tab))
    for _ in range(2):
        tab.get_by_role("button", name="Zoom in").click()
    same = tab.get_by_text(f"{before:,} of 3,000 tokens shown")
    expect(same).to_have_count(0, timeout=30_000)
    # Where the map takes long to move, all may have come meanwhile.
    is_whole = tab.get_by_text("of 3,000 tokens shown").count() == 0
    assert is_whole or held(tab) > before
