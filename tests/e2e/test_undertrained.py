"""What a table says about itself: tokens that were hardly trained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from e2e.browser import tensorboard
from e2e.test_tab import Open, open_tab, settled, the_map
from playwright.sync_api import expect

import tb_wordembed

pytestmark = pytest.mark.browser

WORDS, DIM, UNUSED = 300, 12, 30


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One snapshot of a language model: unused rows, and two tokens that lie there."""
    directory: Path = tmp_path_factory.mktemp("single")
    rng = np.random.default_rng(0)
    table = rng.normal(size=(WORDS, DIM))
    table[: UNUSED + 2] = 0.3 + 0.05 * rng.normal(size=(UNUSED + 2, DIM))
    table[UNUSED : UNUSED + 2] = 0.3
    tokens = [f"word{row}" for row in range(WORDS)]
    tokens[:UNUSED] = [f"[unused{row}]" for row in range(UNUSED)]
    tokens[UNUSED : UNUSED + 2] = ["SolidGoldMagikarp", "StreamerBot"]
    with tb_wordembed.SnapshotWriter(directory / "run") as writer:
        writer.embedding("lm", table.astype(np.float32), 0, tokens=tokens)
    with tensorboard(directory) as address:
        yield address


def test_one_snapshot_is_ranked_by_how_little_tokens_were_trained(
    visit: Open, single: str
) -> None:
    one = visit(single)
    tab = open_tab(one)
    settled(the_map(tab))
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
    expect(table.locator(".row.selected")).to_have_count(2)
    one.assert_clean()
