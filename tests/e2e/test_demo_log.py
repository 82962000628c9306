"""The demo's log as a newcomer looks at it: what the README promises is seen."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from e2e.browser import tensorboard
from e2e.test_map_layers import region_names
from e2e.test_map_marks import drawing
from e2e.test_tab import Open, at_rest, open_tab, points, settled, slider, the_map
from playwright.sync_api import FrameLocator, expect

import tb_wordembed

LOG = "TB_WORDEMBED_DEMO_LOG"
TOPICS_LOG = "TB_WORDEMBED_TOPICS_LOG"
TOPICS = ["computers", "politics", "religion", "space", "sport"]
UNLOVED = {
    *("bad", "worst", "dull", "boring", "awful", "stupid", "fails", "lacks", "mess"),
    *("tedious", "predictable", "flat", "lame", "bland", "lack", "worse", "badly"),
}


def log_of(variable: str) -> Path:
    path = os.environ.get(variable)
    if not path:
        pytest.skip(f"{variable} names no log; scripts/test trains it and sets this")
    return Path(path)


@pytest.fixture(scope="module")
def demo() -> Path:
    return log_of(LOG)


@pytest.fixture(scope="module")
def address(demo: Path) -> Iterator[str]:
    with tensorboard(demo) as found:
        yield found


@pytest.fixture
def topics() -> Path:
    return log_of(TOPICS_LOG)


def neighbors(tab: FrameLocator, *, now: bool) -> set[str]:
    column = tab.locator("wordembed-neighbor-columns ol").nth(int(now))
    expect(column.get_by_role("listitem")).to_have_count(10)
    return set(column.locator(".token").all_inner_texts())


@pytest.mark.tensorboard_page
@pytest.mark.browser
def test_words_part_while_the_demo_is_played(
    visit: Open, demo: Path, address: str
) -> None:
    series = tb_wordembed.open(demo).series()
    newest = str(series.steps[-1])
    one = visit(address)
    one.page.emulate_media(reduced_motion="no-preference")
    tab = open_tab(one)
    drift_map, step = the_map(tab), slider(tab)
    last = settled(drift_map)
    step.press("Home")
    expect(step).to_have_attribute("aria-valuetext", "0")
    the_map(tab)
    assert (points(settled(drift_map)) ^ points(last)).sum() > 2000
    tab.get_by_label("Steps per second").select_option("4")
    tab.get_by_role("button", name="Play", exact=True).click()
    expect(step).to_have_attribute("aria-valuetext", newest, timeout=60_000)
    expect(tab.get_by_role("button", name="Play", exact=True)).to_be_visible()

    # The word of the README's picture has come to the side of those like it.
    search = tab.get_by_label("Find a token")
    search.fill("boring")
    search.press("Enter")
    expect(tab.get_by_role("heading", name="boring", exact=True)).to_be_visible()
    before, after = neighbors(tab, now=False), neighbors(tab, now=True)
    assert len(after & UNLOVED) > len(before & UNLOVED)
    found = series.neighbors("boring", series.steps[-1], k=10)
    assert after == {neighbor.token for neighbor in found}

    # What was logged about the words can be filtered and colored by.
    search.fill("")
    share, times = (series.metadata[name] for name in ("positive_share", "frequency"))
    loved = (np.asarray(share) > 0.8) & (np.asarray(times) >= 20)
    tab.get_by_role("combobox", name="Filter").fill(
        "positive_share > 0.8 and frequency >= 20"
    )
    expect(tab.get_by_text(f"{loved.sum():,} of 5,000 tokens")).to_be_visible()
    # What the filter leaves out would be dimmed, whatever it is colored by.
    tab.get_by_role("combobox", name="Filter").fill("")
    legend = tab.locator("wordembed-map-legend")
    color = legend.get_by_label("Color")
    by_drift = settled(drift_map)
    color.select_option(label="positive_share")
    expect(color).to_have_value("column:positive_share")
    by_share = settled(drift_map)
    both = points(by_drift) & points(by_share)
    assert (by_drift != by_share).any(axis=2)[both].mean() > 0.5

    # The row of the padding must not move, so nothing says that it was missed.
    search = tab.get_by_label("Find a token")
    search.fill("<pad>")
    search.press("Enter")
    inspector = tab.locator("wordembed-inspector")
    expect(inspector).to_contain_text("must not move")
    expect(inspector).to_contain_text("Never updated in 10 steps")
    expect(tab.locator("wordembed-health")).not_to_contain_text("never updated")
    one.assert_clean()


@pytest.mark.browser
def test_the_map_shows_change_where_the_second_component_is_chance(
    visit: Open, address: str
) -> None:
    one = visit(address)
    tab = open_tab(one)
    upwards = tab.get_by_label("Upwards")
    expect(upwards).to_have_value("0")
    expect(tab.locator("wordembed-map-pane")).to_contain_text(
        "change from the first step"
    )
    at_rest(the_map(tab))
    slider(tab).press("Home")
    at_rest(the_map(tab))
    expect(tab.locator("wordembed-map-pane .start")).to_contain_text("on one line")
    expect(upwards).to_have_value("0")
    upwards.select_option("2")
    one.page.wait_for_url(re.compile(r"wordembed\.components=1\.2\.0"))

    # A link that names components shows these.
    link = one.page.url.replace("components=1.2.0", "components=1.2.3")
    other = visit(link)
    copy = other.page.frame_locator("iframe")
    expect(copy.get_by_label("Upwards")).to_have_value("2", timeout=30_000)
    expect(copy.locator("wordembed-map-pane")).not_to_contain_text("change from")
    one.assert_clean()
    other.assert_clean()


@pytest.mark.browser
def test_words_of_five_topics_lie_in_regions_named_by_them(
    visit: Open, topics: Path
) -> None:
    series = tb_wordembed.open(topics).series()
    topic_of = dict(zip(series.tokens, series.metadata["topic"], strict=True))
    with tensorboard(topics) as address:
        one = visit(address)
        tab = open_tab(one)
        at_rest(the_map(tab))
        expect(tab.get_by_label("Upwards")).to_have_value("2")
        names = region_names(drawing(one.page, tab))
        named = [{topic_of[token] for token in name.split(" · ")} for name in names]
        # Each topic has a region, and no region is named by words of two.
        assert sorted(map(sorted, named)) == [[topic] for topic in TOPICS]

        slider(tab).press("Home")
        at_rest(the_map(tab))
        assert len(region_names(drawing(one.page, tab))) < len(TOPICS)
        one.assert_clean()
