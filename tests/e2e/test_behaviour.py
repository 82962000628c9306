"""What the tab does while its server, its log and its screen change."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import tensorboard
from e2e.tab_log import MOVER, write_log, write_step
from e2e.test_accessibility import assert_rules_are_kept
from e2e.test_kill import reload
from e2e.test_map_layers import layer
from e2e.test_tab import (
    PLUGIN_FRAME,
    Open,
    open_tab,
    points,
    settled,
    slider,
    the_map,
)
from playwright.sync_api import FrameLocator, expect

import tb_wordembed

pytestmark = pytest.mark.tensorboard_page

Pixels = npt.NDArray[np.uint8]


def pick_mover(tab: FrameLocator) -> None:
    tab.get_by_label("Find a token").fill(MOVER)
    tab.get_by_role("row").get_by_text(MOVER, exact=True).click()
    expect(tab.get_by_role("heading", name=MOVER)).to_be_visible()
    tab.get_by_label("Find a token").fill("")


def zoom_in(tab: FrameLocator) -> Pixels:
    """Brings the map nearer, and gives its pixels at rest."""
    for _ in range(3):
        tab.get_by_role("button", name="Zoom in").click()
    return settled(the_map(tab))


def assert_still_zoomed(tab: FrameLocator, before: Pixels, now: Pixels) -> None:
    """The map looks as before, and not like all of it."""
    tab.get_by_role("button", name="Fit", exact=True).click()
    fitted = settled(the_map(tab))
    assert likeness(before, now) > 0.6
    assert likeness(now, fitted) < 0.4


def likeness(one: Pixels, other: Pixels) -> float:
    """Of the squares with points in one of two pictures, how many have some in both."""
    size = 24
    height, width = (side // size for side in one.shape[:2])
    first, second = (
        points(pixels)[: height * size, : width * size]
        .reshape(height, size, width, size)
        .any(axis=(1, 3))
        for pixels in (one, other)
    )
    return float((first & second).sum() / (first | second).sum())


@pytest.mark.browser
def test_the_page_survives_a_restart_of_tensorboard(visit: Open, logdir: Path) -> None:
    with tensorboard(logdir) as address:
        one = visit(address)
        tab = open_tab(one)
        # Names of regions would be taken for points.
        layer(tab, "Regions", on=False)
        pick_mover(tab)
        near = zoom_in(tab)
        port = urlsplit(address).port
    step = slider(tab)
    step.press("Home")
    notices = tab.locator("wordembed-notices")
    expect(notices).to_contain_text("TensorBoard is not answering", timeout=15_000)
    # It says so without hiding what is there.
    expect(tab.get_by_role("heading", name=MOVER)).to_be_visible()

    with tensorboard(logdir, f"--port={port}"):
        # Nobody reloads anything.
        expect(notices).to_have_text("", timeout=30_000)
        expect(step).to_have_attribute("aria-valuetext", "0")
        expect(tab.get_by_role("heading", name=MOVER)).to_be_visible()
        first = settled(the_map(tab))
        assert points(first).sum() > 500
        step.press("End")
        assert_still_zoomed(tab, near, settled(the_map(tab)))
    assert one.hosts == {urlsplit(address).netloc}


@pytest.mark.browser
def test_a_new_step_disturbs_nothing(visit: Open, tmp_path: Path) -> None:
    with tb_wordembed.SnapshotWriter(tmp_path / "embeddings") as writer:
        for number in range(4):
            write_step(writer, number)
        with tensorboard(tmp_path) as address:
            one = visit(address)
            tab = open_tab(one)
            step = slider(tab)
            expect(step).to_have_attribute("aria-valuetext", "3")
            pick_mover(tab)

            # Who looks at the newest step goes on looking at the newest.
            write_step(writer, 4)
            reload(one)
            expect(step).to_have_attribute("aria-valuetext", "4")
            expect(tab.get_by_role("heading", name=MOVER)).to_be_visible()

            step.press("ArrowLeft")
            near = zoom_in(tab)
            write_step(writer, 5)
            reload(one)
            expect(tab.locator("wordembed-timeline")).to_contain_text("4 of 6")
            expect(step).to_have_attribute("aria-valuetext", "3")
            expect(tab.get_by_role("heading", name=MOVER)).to_be_visible()
            assert_still_zoomed(tab, near, settled(the_map(tab)))

            # What plays goes on playing, and comes to the step that arrived meanwhile.
            tab.get_by_label("Steps per second").select_option("0.5")
            tab.get_by_role("button", name="Play", exact=True).click()
            write_step(writer, 6)
            reload(one)
            expect(tab.get_by_role("button", name="Pause")).to_be_visible()
            expect(tab.locator("wordembed-timeline")).to_contain_text("of 7")
            expect(step).to_have_attribute("aria-valuetext", "6", timeout=15_000)
            expect(tab.get_by_role("heading", name=MOVER)).to_be_visible()
            one.assert_clean()


@pytest.mark.browser
def test_what_is_on_screen_is_of_the_run_in_the_picker(
    visit: Open, tmp_path: Path
) -> None:
    # The bytes of Latin-1, where a file system takes them.
    latin = os.fsdecode(b"caf\xe9")

    def write(run: str, word: str, rows: int) -> None:
        rng = np.random.default_rng(rows)
        with tb_wordembed.SnapshotWriter(tmp_path / run) as writer:
            for step in range(3):
                table = rng.normal(size=(rows, 8))
                tokens = [f"{word}{row}" for row in range(rows)]
                writer.embedding("words", table, step, tokens=tokens)

    write("alpha", "first", 40)
    write("beta", "second", 40)
    write(latin, "latin", 20)
    with tensorboard(tmp_path) as address:
        one = visit(address)
        tab = open_tab(one)
        rows = tab.get_by_role("grid", name="Tokens").get_by_role("row")
        notices = tab.locator("wordembed-notices").get_by_role("status")
        alerts = tab.locator("wordembed-notices").get_by_role("alert")
        run = tab.get_by_role("combobox", name="Run", exact=True)
        expect(rows.nth(1)).to_contain_text("first")

        # Its name is readable, and its link leads to it.
        run.select_option("caf\\xe9")
        expect(rows.nth(1)).to_contain_text("latin")
        one.page.wait_for_url(re.compile("wordembed.run=caf%5Cxe9"))
        copy = visit(one.page.url).page.frame_locator(PLUGIN_FRAME)
        expect(copy.get_by_role("combobox", name="Run", exact=True)).to_have_value(
            "caf\\xe9"
        )
        expect(copy.get_by_role("row").nth(1)).to_contain_text("latin")
        expect(rows.nth(1)).to_contain_text("latin")
        one.assert_clean()

        # One is picked before TensorBoard knows that it is gone.
        shutil.rmtree(tmp_path / "beta")
        run.select_option("beta")
        gone = "Run “beta” was deleted or renamed; showing “alpha” meanwhile."
        expect(notices).to_contain_text(gone)
        expect(alerts).to_have_count(0)
        expect(run).to_have_value("alpha")
        expect(rows.nth(1)).to_contain_text("first")

        # It comes back, and is not the one that it was.
        write("beta", "third", 30)
        reload(one)
        expect(run).to_have_value("beta")
        expect(rows.nth(1)).to_contain_text("third")
        rows.nth(1).click()
        expect(tab.get_by_role("heading", name="third")).to_be_visible()
        shutil.rmtree(tmp_path / "beta")
        write("beta", "fourth", 30)
        reload(one)
        expect(notices).to_contain_text("Run “beta” was written anew")
        expect(rows.nth(1)).to_contain_text("fourth")
        expect(tab.get_by_role("heading", name="third")).to_have_count(0)
        assert points(settled(the_map(tab))).sum() > 50

        # With the last one, everything goes.
        for directory in ("alpha", "beta", latin):
            shutil.rmtree(tmp_path / directory)
        reload(one)
        expect(tab.get_by_text("No embeddings in this log yet")).to_be_visible()
        expect(notices).to_contain_text("Run “beta” was deleted or renamed.")


@pytest.mark.browser
@pytest.mark.parametrize("how", ["by link", "by click"])
def test_keys_work_as_soon_as_the_tab_is_open(
    visit: Open, address: str, how: str
) -> None:
    if how == "by link":
        one = visit(f"{address}#wordembed")
        tab = one.page.frame_locator("iframe")
        expect(tab.get_by_role("grid", name="Tokens")).to_be_visible()
    else:
        # From another tab: a click on ours while it is open takes the keys away.
        one = visit(f"{address}#timeseries")
        tab = open_tab(one)
    one.page.keyboard.press("/")
    expect(tab.get_by_label("Find a token")).to_be_focused()
    one.assert_clean()


@pytest.mark.browser
def test_an_empty_log_shows_the_lines_that_fill_it(visit: Open, tmp_path: Path) -> None:
    with tensorboard(tmp_path) as address:
        one = visit(f"{address}#wordembed")
        tab = one.page.frame_locator(PLUGIN_FRAME)
        for line in ("EmbeddingCallback(", "summary.embedding(", "SnapshotWriter("):
            expect(tab.get_by_text(line).first).to_be_visible(timeout=30_000)
        assert_rules_are_kept(one, "empty log")
        write_log(tmp_path)
        one.page.locator("button.reload-button").first.click()
        expect(tab.get_by_role("grid", name="Tokens")).to_be_visible(timeout=30_000)
        one.assert_clean()
