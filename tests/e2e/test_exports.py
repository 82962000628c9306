"""One snapshot, many runs, and files of the map in the size that the user chooses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from e2e.browser import tensorboard
from e2e.tab_log import MOVER, TOKENS, table_at, write_step
from e2e.test_kill import reload
from e2e.test_tab import Open, open_tab, settled, the_map
from PIL import Image
from playwright.sync_api import expect

from tb_wordembed import SnapshotWriter

pytestmark = pytest.mark.browser

DARK_GROUND, LIGHT_GROUND = 60, 250
SEEDS = 11


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Seeds of two settings. The last one has rows in another order, and fewer."""
    logdir = tmp_path_factory.mktemp("runs")
    for rate in ("1e-2", "1e-10"):
        for seed in range(1, SEEDS + 1):
            is_other = rate == "1e-2" and seed == SEEDS
            order = np.arange(5, len(TOKENS))[::-1] if is_other else slice(None)
            tokens = np.array(TOKENS)[order].tolist()
            with SnapshotWriter(logdir / f"lr={rate}" / f"seed{seed}") as writer:
                for step in range(2):
                    table = table_at(step)[order]
                    writer.embedding("words", table, step, tokens=tokens)
    with tensorboard(logdir) as address:
        yield address


@pytest.mark.tensorboard_page
def test_one_snapshot_is_not_compared_until_there_is_another(
    visit: Open, tmp_path: Path
) -> None:
    with SnapshotWriter(tmp_path / "embeddings") as writer:
        write_step(writer, 0)
        with tensorboard(tmp_path) as address:
            one = visit(address)
            tab = open_tab(one)
            heads = tab.get_by_role("grid", name="Tokens").get_by_role("row").first
            play = tab.get_by_role("button", name="Play", exact=True)
            expect(tab.get_by_text("One snapshot, nothing to compare")).to_be_visible()
            expect(heads).to_contain_text("Norm")
            expect(tab.get_by_label("Color")).to_have_value("norm")
            expect(play).to_have_count(0)
            write_step(writer, 1)
            reload(one)
            expect(heads).to_contain_text("Cosine drift")
            expect(tab.get_by_label("Color")).to_have_value("drift")
            expect(play).to_be_visible()
            one.assert_clean()


def test_a_run_is_found_among_many_and_gets_what_is_selected(
    visit: Open, runs: str
) -> None:
    one = visit(runs)
    tab = open_tab(one)
    table = tab.get_by_role("grid", name="Tokens")
    rows = table.get_by_role("row")
    picker = tab.get_by_role("button", name="Run: ")
    # Both of these are selected, and the other run has one of them.
    rows.filter(has_text=MOVER).click()
    rows.filter(has_text=re.compile(r"word\d{2}\b")).first.click(modifiers=["Control"])
    picker.focus()
    one.page.keyboard.press("Enter")
    options = tab.get_by_role("listbox", name="Run").get_by_role("option")
    expect(options).to_have_count(2 * SEEDS)
    expect(options.nth(1)).to_have_text("lr=1e-10/seed2")
    one.page.keyboard.type("e-2 seed1")
    expect(options).to_have_text(
        ["lr=1e-2/seed1", "lr=1e-2/seed10", "lr=1e-2/seed11"], use_inner_text=True
    )
    one.page.keyboard.press("ArrowUp")
    one.page.keyboard.press("PageDown")
    one.page.keyboard.press("Enter")
    expect(picker).to_contain_text("seed11")
    expect(picker).to_be_focused()
    lacking = "has 1 of the 2 tokens that are selected, isolated or saved"
    expect(tab.locator("wordembed-notices")).to_contain_text(lacking)
    expect(table.locator("[aria-selected=true]")).to_have_count(1)
    one.assert_clean()


def test_the_map_is_saved_as_the_dialog_shows_it(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    dialog = tab.get_by_role("dialog", name="Save the map")

    def saved() -> Image.Image:
        with one.page.expect_download(timeout=60_000) as download:
            dialog.get_by_role("button", name="Save", exact=True).click()
        return Image.open(download.value.path())

    tab.get_by_role("button", name="Export").click()
    tab.get_by_role("button", name="Size, theme and more").click()
    dialog.get_by_label("Size").select_option("1080p")
    dialog.get_by_role("button", name="Dark").click()
    expect(dialog.get_by_text("1,920 × 1,080 pixels")).to_be_visible()
    picture = saved().convert("RGB")
    assert picture.size == (1920, 1080)
    assert np.max(np.asarray(picture)[20, 1900]) < DARK_GROUND

    tab.get_by_role("button", name="Export").click()
    tab.get_by_role("button", name="Size, theme and more").click()
    dialog.get_by_role("button", name="GIF").click()
    dialog.get_by_label("From step").select_option("4")
    dialog.get_by_label("Seconds a step").fill("0.4")
    dialog.get_by_label("Seconds a step").press("Tab")
    expect(dialog.get_by_text("2 steps, 1 s")).to_be_visible()
    with saved() as film:
        assert film.format == "GIF"
        ends = []
        for frame in (0, film.n_frames - 1):
            film.seek(frame)
            shown = film.convert("RGB")
            # The bar of how far the film is goes along the lower edge.
            bar = np.asarray(shown)[-2].astype(int)
            ends.append(bar)
        assert np.max(np.asarray(shown)[5, -5]) >= LIGHT_GROUND
        first, last = ends
        assert np.abs(first - last).max(axis=1).mean() > 40
    one.assert_clean()


def test_a_picture_has_its_points_where_frames_take_long(
    visit: Open, address: str
) -> None:
    one = visit(address)
    tab = open_tab(one)
    settled(the_map(tab))
    tab.locator("body").evaluate(
        "() => { const next = requestAnimationFrame;"
        " window.requestAnimationFrame = (draw) => setTimeout(() => next(draw), 900); }"
    )
    tab.get_by_role("button", name="Export").click()
    with one.page.expect_download(timeout=60_000) as download:
        tab.get_by_role("button", name="Picture of the map").click()
    pixels = np.asarray(Image.open(download.value.path()).convert("RGB")).astype(int)
    colorful = pixels.max(axis=2) - pixels.min(axis=2) > 40
    # The points are in the middle; the legend is not.
    height, width = colorful.shape
    assert colorful[height // 4 : height // 2, width // 4 : -width // 4].mean() > 0.001
    one.assert_clean()
