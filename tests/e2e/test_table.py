"""Finding, ranking and comparing tokens, as a person does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import Visit, tensorboard
from playwright.sync_api import FrameLocator, Locator, expect

from tb_wordembed import SnapshotWriter

Open = Callable[[str], Visit]

pytestmark = pytest.mark.browser

VOCAB_SIZE = 300
TRAP = "a" * 60 + "!"
"""Takes (a+)+$ longer than anyone waits."""
TOKENS = [f"word{index}" for index in range(VOCAB_SIZE)]
TOKENS[:6] = ["good", "goodness", "ungood", "bad", '=1+1,"x"\nnext', TRAP]


def table_at(step: int) -> npt.NDArray[np.float32]:
    """Row 0 moves most, row 1 next, and so on."""
    rng = np.random.default_rng(3)
    start, way = rng.normal(size=(2, VOCAB_SIZE, 8))
    share = step / (1 + np.arange(VOCAB_SIZE))[:, None]
    table: npt.NDArray[np.float32] = (start + share * way).astype(np.float32)
    return table


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logdir: Path = tmp_path_factory.mktemp("table")
    with SnapshotWriter(logdir / "run") as writer:
        for step in range(5):
            metadata = {
                "frequency": np.arange(VOCAB_SIZE, 0, -1),
                "class": [("noun", "verb")[row % 2] for row in range(VOCAB_SIZE)],
            }
            writer.embedding(
                "words", table_at(step), step, tokens=TOKENS, metadata=metadata
            )
    with tensorboard(logdir) as found:
        yield found


@pytest.fixture
def tab(visit: Open, address: str) -> Iterator[FrameLocator]:
    one = visit(f"{address}#wordembed")
    frame = one.page.frame_locator("iframe")
    expect(grid(frame)).to_be_visible(timeout=30_000)
    yield frame
    one.assert_clean()


def grid(tab: FrameLocator) -> Locator:
    return tab.get_by_role("grid", name="Tokens")


def search(tab: FrameLocator) -> Locator:
    return tab.get_by_role("combobox", name="Find a token")


def test_search_by_part_beginning_expression_and_spelling(tab: FrameLocator) -> None:
    found = tab.get_by_role("listbox").get_by_role("option")
    search(tab).fill("good")
    expect(tab.get_by_role("status").get_by_text("3 matches")).to_be_visible()
    # The very word first, then what moved most.
    expect(found.locator(".token")).to_have_text(["good", "ungood", "goodness"])
    search(tab).fill("^good")
    expect(tab.get_by_text("2 matches")).to_be_visible()
    search(tab).fill("/^word1.$/")
    expect(tab.get_by_text("10 matches")).to_be_visible()
    search(tab).fill("/word(/")
    expect(tab.get_by_text("Not a regular expression")).to_be_visible()
    search(tab).fill("gooodd")
    expect(tab.get_by_text("No token matches.")).to_be_visible()
    search(tab).press("ArrowDown")
    search(tab).press("Enter")
    expect(tab.get_by_role("heading", name="good", exact=True)).to_be_visible()


def test_all_matches_are_selected_and_that_is_undone(tab: FrameLocator) -> None:
    search(tab).fill("good")
    expect(tab.get_by_text("3 matches")).to_be_visible()
    search(tab).press("Control+Enter")
    selected = grid(tab).locator("[aria-selected=true]")
    expect(selected).to_have_count(3)
    expect(tab.get_by_role("heading", name="good", exact=True)).to_be_visible()
    tab.get_by_role("button", name="Undo").click()
    expect(selected).to_have_count(0)
    expect(search(tab)).to_have_value("good")
    grid(tab).press("Control+Shift+z")
    expect(selected).to_have_count(3)


def test_an_expression_that_takes_forever_is_given_up(tab: FrameLocator) -> None:
    search(tab).fill("/(a+)+$/")
    expect(tab.get_by_text("takes too long")).to_be_visible(timeout=10_000)
    search(tab).fill("bad")
    expect(tab.get_by_text("1 match", exact=True)).to_be_visible()
