"""What a table says about itself: under-trained tokens, updates, probes, all tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from e2e.browser import tensorboard
from e2e.test_tab import Open, at_rest, open_tab, the_map
from playwright.sync_api import FilePayload, expect

import tb_wordembed

pytestmark = pytest.mark.browser

WORDS, DIM, UNUSED = 300, 12, 30


def write_training(directory: Path) -> None:
    """Five steps in which half of the rows change at each, and padding moves once."""
    rng = np.random.default_rng(1)
    table = rng.normal(size=(WORDS, DIM))
    table[0] = 0
    tokens = ["<pad>", *(f"word{row}" for row in range(1, WORDS))]
    with tb_wordembed.SnapshotWriter(directory) as writer:
        for step in range(5):
            table[1 + step % 2 :: 2] += rng.normal(size=table[1 + step % 2 :: 2].shape)
            table[0] = step > 2
            writer.embedding(
                "words", table.astype(np.float32), step, tokens=tokens, fixed_rows=[0]
            )


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One snapshot of a language model: unused rows, and two tokens that lie there.
    Beside it, a training."""
    directory: Path = tmp_path_factory.mktemp("single")
    rng = np.random.default_rng(0)
    table = rng.normal(size=(WORDS, DIM))
    table[: UNUSED + 2] = 0.3 + 0.05 * rng.normal(size=(UNUSED + 2, DIM))
    table[UNUSED : UNUSED + 2] = 0.3
    tokens = [f"word{row}" for row in range(WORDS)]
    tokens[:UNUSED] = [f"[unused{row}]" for row in range(UNUSED)]
    tokens[UNUSED : UNUSED + 2] = ["SolidGoldMagikarp", "StreamerBot"]
    with tb_wordembed.SnapshotWriter(directory / "a") as writer:
        writer.embedding("lm", table.astype(np.float32), 0, tokens=tokens)
    write_training(directory / "b")
    with tensorboard(directory) as address:
        yield address


def test_one_snapshot_is_ranked_by_how_little_tokens_were_trained(
    visit: Open, single: str
) -> None:
    one = visit(single)
    tab = open_tab(one)
    at_rest(the_map(tab))
    table = tab.get_by_role("grid", name="Tokens")
    head = table.get_by_role("columnheader", name="Indicator")
    expect(head).to_have_attribute("aria-sort", "ascending")
    for name in ("SolidGoldMagikarp", "StreamerBot"):
        expect(table.get_by_role("row").filter(has_text=name)).to_be_visible()
    sign = tab.get_by_role("button", name="About the indicator")
    sign.focus()
    expect(tab.get_by_text("Land & Bartolo 2024")).to_contain_text("30 unused rows")
    sign.press("Escape")
    legend = tab.locator("wordembed-map-legend")
    expect(legend.get_by_label("Color")).to_have_value("indicator")
    finding = tab.locator("wordembed-health").get_by_role("button", name="hardly")
    table.get_by_role("button", name="Indicator").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    finding.click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(table.locator(".row[aria-selected=true]")).to_have_count(2)
    one.assert_clean()


def test_all_tables_are_listed_with_what_is_wrong_and_one_is_opened(
    visit: Open, single: str
) -> None:
    one = visit(single)
    tab = open_tab(one)
    health = tab.locator("wordembed-health")
    health.get_by_role("button", name="Health", exact=True).click()
    health.get_by_role("button", name="All 2 tables").click()
    rows = health.get_by_role("table").get_by_role("row")
    # Padding that moved is a warning; the other table has a notice.
    expect(rows.nth(1)).to_contain_text("<pad>", timeout=30_000)
    expect(rows.nth(2)).to_contain_text("hardly trained")
    rows.nth(1).get_by_role("button").click()
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    tab.get_by_role("combobox", name="Filter").fill('token = "<pad>"')
    table = tab.get_by_role("grid", name="Tokens")
    pad = table.get_by_role("row").filter(has_text="<pad>")
    expect(pad).to_contain_text("fixed")
    pad.click()
    inspector = tab.locator("wordembed-inspector")
    expect(inspector).to_contain_text("must not move")
    expect(inspector).to_contain_text("Updated in 1 of 4 steps, last at 3")
    tab.get_by_role("button", name="Columns").click()
    tab.get_by_role("checkbox", name="Updates").check()
    tab.get_by_role("checkbox", name="Last updated").check()
    expect(pad.get_by_role("gridcell").nth(3)).to_have_text("1")
    expect(pad.get_by_role("gridcell").nth(4)).to_have_text("3")
    one.assert_clean()


def test_a_probe_is_a_curve_that_a_link_keeps(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    health = tab.locator("wordembed-health")
    health.get_by_role("button", name="Health", exact=True).click()
    pairs = b"word1 word2 1\nword1 mover 9\nword2 word4 8\nword5 nobody 3"
    file = FilePayload(name="pairs.tsv", mimeType="text/plain", buffer=pairs)
    health.locator("wordembed-probe-box input").set_input_files(files=[file])
    panel = health.locator("section").filter(has_text="pairs.tsv")
    expect(panel).to_contain_text("3 of 4 pairs known")
    expect(panel.locator("wordembed-chart")).to_be_visible()
    one.page.wait_for_url(re.compile("wordembed.probes="))
    one.page.reload()
    tab = open_tab(one)
    expect(panel).to_contain_text("3 of 4 pairs known", timeout=30_000)
    panel.get_by_role("button", name="Remove pairs.tsv").click()
    expect(panel).to_have_count(0)
    one.assert_clean()
