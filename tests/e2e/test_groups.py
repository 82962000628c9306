"""Groups of tokens: which of them moved, and their tokens."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from e2e.browser import Visit, tensorboard
from playwright.sync_api import FrameLocator, Locator, expect

import tb_wordembed
from tb_wordembed import SnapshotWriter

pytestmark = pytest.mark.browser

ITEMS = 300
GENRES = ["Comedy", "Drama", "Horror"]
SHELVES = 60
"""More than there is room for in the window."""


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Horror goes elsewhere, most of all its last item."""
    logdir = tmp_path_factory.mktemp("groups")
    rng = np.random.default_rng(5)
    table = rng.normal(size=(ITEMS, 8))
    genres = np.arange(ITEMS) % len(GENRES)
    way = np.zeros_like(table)
    way[genres == 2, 0] = np.linspace(1, 2, ITEMS // len(GENRES))
    way[genres == 1, 1] = 0.1
    with SnapshotWriter(logdir / "run") as writer:
        for step in range(4):
            writer.embedding(
                "items",
                (table + step * way).astype(np.float32),
                step,
                tokens=[f"item{row}" for row in range(ITEMS)],
                metadata={
                    "genre": [GENRES[genre] for genre in genres],
                    "shelf": [f"shelf {row % SHELVES}" for row in range(ITEMS)],
                },
            )
    return logdir


@pytest.fixture(scope="module")
def address(logdir: Path) -> Iterator[str]:
    with tensorboard(logdir) as found:
        yield found


def groups(tab: FrameLocator) -> Locator:
    return tab.get_by_role("grid", name="Groups").locator(".group")


def test_which_genres_moved_takes_three_clicks(
    visit: Callable[[str], Visit], address: str, logdir: Path, tmp_path: Path
) -> None:
    one = visit(f"{address}#wordembed&p.wordembed.measure=euclidean")
    tab = one.page.frame_locator("iframe")
    tab.get_by_label("Group by").select_option("genre")
    # Those that moved most first, with the numbers of the Python API.
    expect(groups(tab).locator(".name")).to_have_text(["Horror", "Drama", "Comedy"])
    series = tb_wordembed.open(logdir).series()
    found = {g.name: g for g in series.groups("genre", 0, 3, "euclidean")}
    for name, shown in [("Horror", "4.50"), ("Drama", "0.300"), ("Comedy", "0")]:
        assert float(found[name].drift[1]) == pytest.approx(float(shown), abs=1e-3)
        line = groups(tab).filter(has_text=name)
        expect(line.locator(".value").first).to_have_text(shown)
    expect(groups(tab).last).to_contain_text("100 %")
    expect(groups(tab).first.locator(".curve")).to_be_visible()
    expect(tab.get_by_text("3 groups")).to_be_visible()

    groups(tab).first.click()
    panel = tab.locator("wordembed-inspector")
    expect(panel.get_by_role("heading", name="Horror")).to_be_visible()
    expect(panel.get_by_text("100 tokens")).to_be_visible()
    centroid = panel.get_by_role("row", name="Centroid").get_by_role("cell")
    expect(centroid).to_have_text(["4.50", "1.50"])
    expect(panel.get_by_text("Path of the centroid")).to_be_visible()
    most = panel.locator("wordembed-compared-tokens").get_by_role("button", name="item")
    expect(most.first).to_have_text("item299")
    panel.get_by_role("button", name="item296", exact=True).click()
    expect(panel.get_by_role("heading", name="item296")).to_be_visible()
    expect(panel.get_by_role("heading", name="Horror")).to_be_visible()

    tab.get_by_role("button", name="Export").click()
    with one.page.expect_download() as download:
        tab.get_by_role("button", name="The table as it is, 3 groups").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["group"] for row in rows] == ["Horror", "Drama", "Comedy"]
    for row in rows:
        spread = found[row["group"]].spread_after
        assert float(row["spread after"]) == pytest.approx(spread, rel=1e-6)
    one.assert_clean()


def test_many_groups_leave_the_rest_of_the_page_in_its_place(
    visit: Callable[[str], Visit], address: str
) -> None:
    one = visit(f"{address}#wordembed&p.wordembed.groupBy=column:shelf")
    tab = one.page.frame_locator("iframe")
    expect(groups(tab)).to_have_count(SHELVES)
    for part in ("timeline", "health"):
        expect(tab.locator(f"wordembed-{part}")).to_be_in_viewport(ratio=1)
    one.assert_clean()


def test_groups_are_in_the_link(visit: Callable[[str], Visit], address: str) -> None:
    one = visit(
        f"{address}#wordembed&p.wordembed.groupBy=column:genre"
        "&p.wordembed.groupSort=name.desc&p.wordembed.step=2"
    )
    tab = one.page.frame_locator("iframe")
    names = groups(tab).locator(".name")
    expect(names).to_have_text(["Horror", "Drama", "Comedy"])
    tab.get_by_role("columnheader", name="genre").get_by_role("button").click()
    expect(names).to_have_text(["Comedy", "Drama", "Horror"])
    tab.get_by_label("Group by").select_option("None")
    expect(tab.get_by_role("grid", name="Tokens")).to_be_visible()
    expect(groups(tab)).to_have_count(0)
    one.assert_clean()
