"""Curves over the steps from a step of another run, and findings beside it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from e2e.browser import tensorboard
from e2e.tab_log import STEPS, TOKENS, VOCAB_SIZE, table_at
from e2e.test_tab import Open, open_tab
from playwright.sync_api import FrameLocator, Locator, expect

import tb_wordembed
from tb_wordembed import SnapshotWriter

STILL = "word5"


@pytest.fixture(scope="module")
def logdir_of_curves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs: the other one is turned, and in the first one row never moves."""
    directory = tmp_path_factory.mktemp("curves")
    rng = np.random.default_rng(2)
    turn = np.linalg.qr(rng.normal(size=(16, 16)))[0]
    with SnapshotWriter(directory / "one") as writer:
        for step in range(STEPS):
            table = table_at(step)
            table[TOKENS.index(STILL)] = table_at(0)[TOKENS.index(STILL)]
            writer.embedding("words", table, step, tokens=TOKENS)
    with SnapshotWriter(directory / "two") as writer:
        for step in (2, 4):
            table = (table_at(step) + rng.normal(size=(VOCAB_SIZE, 16)) / 50) @ turn
            writer.embedding("words", table.astype(np.float32), step, tokens=TOKENS)
    return directory


def curve(chart: Locator) -> list[float]:
    """The values of the last line of a chart, as it tells them to screen readers."""
    said = chart.get_attribute("aria-label") or ""
    numbers = said.rsplit("; ", 1)[-1]
    return [float(one) for one in re.findall(r"(?<![\w-])\d[\d.e-]*(?=,|$)", numbers)]


def drift_chart(tab: FrameLocator, of: str) -> Locator:
    return tab.get_by_role("img", name=re.compile(f"Cosine drift from {of}"))


@pytest.mark.browser
def test_curves_begin_at_the_step_of_the_other_run(
    visit: Open, logdir_of_curves: Path
) -> None:
    log = tb_wordembed.open(logdir_of_curves)
    ours, theirs = log.series("one"), log.series("two")
    with tensorboard(logdir_of_curves) as address:
        one = visit(f"{address}#wordembed&p.wordembed.referenceRun=two")
        tab = open_tab(one)
        table = tab.locator("wordembed-drift-table")
        expect(table).to_contain_text(f"two, step 4 → {STEPS - 1}")
        tab.get_by_role("button", name="Columns").click()
        tab.get_by_label("Drift over the steps").check()
        tab.get_by_label("Drift over the steps").press("Escape")
        first = tab.get_by_role("grid", name="Tokens").get_by_role("row").nth(1)
        expect(first.locator(".curve")).to_be_visible()
        drift = ours.drift(4, STEPS - 1, reference=theirs)
        token = TOKENS[int(drift.argmax())]
        expect(first).to_contain_text(token)
        first.click()

        chart = drift_chart(tab, "two, step 4")
        expect(chart).to_be_visible(timeout=30_000)
        expected = ours.trajectory(token, 4, reference=theirs).drift
        np.testing.assert_allclose(curve(chart), expected, atol=0.006)
        # The value beside the heading is that of the table.
        head = tab.locator("wordembed-inspector .heading").first
        expect(head).to_contain_text(f"{drift.max():#.3g}")

        tab.get_by_label("Step of the reference").select_option("2")
        chart = drift_chart(tab, "two, step 2")
        expect(chart).to_be_visible(timeout=30_000)
        expected = ours.trajectory(token, 2, reference=theirs).drift
        np.testing.assert_allclose(curve(chart), expected, atol=0.006)

        # Several tokens are a group, whose centroid has a path from there, too.
        rows = tab.get_by_role("grid", name="Tokens").get_by_role("row")
        rows.nth(2).click(modifiers=["Control"])
        path = tab.get_by_role("heading", name="Path of the centroid from two, step 2")
        expect(path).to_be_visible(timeout=30_000)

        # In the other direction: both runs change places, and so do the curves.
        one.page.wait_for_url(re.compile("wordembed.reference=2"))
        tab.get_by_role("combobox", name="Run", exact=True).select_option("two")
        chart = drift_chart(tab, f"one, step {STEPS - 1}")
        expect(chart).to_be_visible(timeout=30_000)
        one.assert_clean()


@pytest.mark.browser
def test_a_finding_of_one_run_offers_the_way_back_to_both(
    visit: Open, logdir_of_curves: Path
) -> None:
    with tensorboard(logdir_of_curves) as address:
        one = visit(f"{address}#wordembed&p.wordembed.referenceRun=two")
        tab = open_tab(one)
        table = tab.locator("wordembed-drift-table")
        expect(table).to_contain_text(f"two, step 4 → {STEPS - 1}")
        tab.get_by_role("button", name="Health").click()
        health = tab.locator("wordembed-health")
        health.get_by_role("button", name="never updated").first.click(timeout=30_000)
        expect(table).to_contain_text(f"Step 0 → {STEPS - 1}")
        left = tab.get_by_text("No longer against two, step 4")
        expect(left).to_be_visible()
        tab.get_by_role("button", name="Compare again").click()
        expect(left).to_have_count(0)
        expect(table).to_contain_text(f"two, step 4 → {STEPS - 1}")
        # The token of the finding stays selected.
        expect(tab.get_by_role("heading", name=STILL)).to_be_visible()
        one.assert_clean()
