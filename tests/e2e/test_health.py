"""The health of a table and its timeline, as a person reads them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from e2e.browser import tensorboard
from e2e.test_tab import Open, open_tab, slider
from playwright.sync_api import FloatRect, FrameLocator, Locator, expect

import tb_wordembed

STEPS = [0, 1, 2, 4, 8, 16, 64, 100, 200]
STILL = "still"
PANELS = 12


def write_log(directory: Path) -> None:
    """A table that settles early, with a row that is never updated."""
    rng = np.random.default_rng(0)
    start, goal = rng.normal(size=(2, 300, 12))
    tokens = [f"word{index}" for index in range(300)]
    tokens[5] = STILL
    with tb_wordembed.SnapshotWriter(directory / "embeddings") as writer:
        for step in STEPS:
            share = 1 - np.exp(-step / 3)
            table = start * (1 - share) + goal * share
            table += rng.normal(size=table.shape) / 1e4
            table[5] = start[5]
            writer.embedding("words", table.astype(np.float32), step, tokens=tokens)


def health(tab: FrameLocator) -> Locator:
    return tab.locator("wordembed-health")


def panel(tab: FrameLocator, title: str) -> Locator:
    named = tab.get_by_role("heading", name=title, exact=True)
    return health(tab).locator("section").filter(has=named)


def box_of(place: Locator) -> FloatRect:
    box = place.bounding_box()
    assert box is not None
    return box


def at_step(place: Locator, step: int) -> tuple[float, float]:
    """Where a step is on a track, from the first to the last: its true place."""
    box = box_of(place)
    return box["x"] + box["width"] * step / STEPS[-1], box["y"] + box["height"] / 3


@pytest.mark.browser
def test_health_and_timeline_read_the_step_below_the_pointer(
    visit: Open, tmp_path: Path
) -> None:
    write_log(tmp_path)
    series = tb_wordembed.open(tmp_path).series("embeddings", "words")
    measured = series.health()
    with tensorboard(tmp_path) as address:
        one = visit(address)
        tab, mouse = open_tab(one), one.page.mouse

        # Closed, it is a line: the latest values, and the first of what stands out.
        rank = f"{measured[-1].effective_rank:.1f}"
        expect(health(tab)).to_contain_text(f"Effective rank {rank}")
        expect(health(tab)).to_contain_text("never updated")
        expect(tab.locator("wordembed-health wordembed-chart")).to_have_count(0)
        assert box_of(health(tab))["height"] < 40

        # Open, small multiples, the map still there.
        toggle = health(tab).get_by_role("button", name="Health", exact=True)
        toggle.press("Enter")
        expect(toggle).to_have_attribute("aria-expanded", "true")
        expect(tab.locator("wordembed-health wordembed-chart")).to_have_count(PANELS)
        assert box_of(tab.locator("wordembed-map-pane"))["height"] > 200
        expect(panel(tab, "Effective dimensions")).to_contain_text(rank)

        # The pointer in one chart reads all of them, and shows on the timeline.
        chart = panel(tab, "Norm").locator(".plot")
        mouse.move(*at_step(chart, 64))
        cka = measured[STEPS.index(64)].to_first
        assert cka is not None
        expect(panel(tab, "CKA")).to_contain_text(f"{cka.cka:#.3g} to first")
        card = tab.locator("wordembed-timeline .card")
        expect(card).to_contain_text("Step 64")
        expect(slider(tab)).to_have_attribute("aria-valuetext", "200")
        mouse.click(*at_step(chart, 64))
        expect(slider(tab)).to_have_attribute("aria-valuetext", "64")

        # On the timeline: wall time below the pointer, each step at its true place.
        track = tab.locator("wordembed-timeline .track")
        mouse.move(*at_step(track, 100))
        expect(card).to_contain_text(re.compile(r"Step 100\s+\w+ \d+, \d\d:\d\d:\d\d"))
        one.page.keyboard.down("Shift")
        mouse.move(*at_step(track, 102))
        mouse.down()
        mouse.move(*at_step(track, 15), steps=4)
        mouse.up()
        one.page.keyboard.up("Shift")
        expect(slider(tab, "Reference")).to_have_attribute("aria-valuetext", "16")
        expect(slider(tab)).to_have_attribute("aria-valuetext", "100")

        # The same with keys.
        slider(tab, "Reference").press("ArrowLeft")
        expect(slider(tab, "Reference")).to_have_attribute("aria-valuetext", "8")
        expect(tab.locator("wordembed-drift-table")).to_contain_text("Step 8 → 100")

        # Where it settled is marked there, too.
        settled = series.settled_step()
        assert settled is not None
        mark = tab.locator("wordembed-timeline .settled")
        expect(mark).to_have_text("settled")
        assert abs(box_of(mark)["x"] - at_step(track, settled)[0]) < 2

        # A finding opens what shows it: the table by displacement, the row on top.
        health(tab).get_by_role("button", name="never updated").click()
        expect(tab.get_by_label("Measure", exact=True)).to_have_value("euclidean")
        expect(slider(tab, "Reference")).to_have_attribute("aria-valuetext", "0")
        rows = tab.get_by_role("grid", name="Tokens").get_by_role("row")
        expect(rows.nth(1)).to_contain_text(STILL)
        expect(tab.get_by_role("heading", name=STILL)).to_be_visible()
        one.assert_clean()


SHOWN = """
(slider) => {
  window.shown = [];
  const note = () => window.shown.push(slider.ariaValueText);
  new MutationObserver(note).observe(slider, {attributeFilter: ["aria-valuetext"]});
}
"""
"""Notes each step that the slider shows from now on: they pass within milliseconds."""


@pytest.mark.browser
def test_the_steps_are_played_over_and_over(visit: Open, tmp_path: Path) -> None:
    write_log(tmp_path)
    with tensorboard(tmp_path) as address:
        one = visit(address)
        tab = open_tab(one)
        step = slider(tab)
        expect(step).to_have_attribute("aria-valuetext", "200")
        tab.get_by_label("Steps per second").select_option("8")
        tab.get_by_role("button", name="Loop").click()
        # Keys of the page, wherever the focus is.
        tab.get_by_role("heading", name="Token").first.click()
        one.page.keyboard.press("End")
        step.evaluate(SHOWN)
        one.page.keyboard.press(" ")
        expect(tab.get_by_role("button", name="Pause")).to_be_visible()
        frame = one.page.frames[-1]
        frame.wait_for_function(f"window.shown.length > {len(STEPS)}")
        one.page.keyboard.press(" ")
        shown = frame.evaluate("window.shown")
        assert shown[: len(STEPS) + 1] == [str(step) for step in (*STEPS, STEPS[0])]
        expect(tab.get_by_role("button", name="Play", exact=True)).to_be_visible()
        one.page.keyboard.press("Home")
        expect(step).to_have_attribute("aria-valuetext", "0")
        one.page.keyboard.press("ArrowRight")
        expect(step).to_have_attribute("aria-valuetext", "1")
        one.assert_clean()
