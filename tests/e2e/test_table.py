"""Finding, ranking and comparing tokens, as a person does."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import Visit, tensorboard
from playwright.sync_api import FrameLocator, Locator, expect

import tb_wordembed
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
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    logdir = tmp_path_factory.mktemp("table")
    with SnapshotWriter(logdir / "run") as writer:
        for step in range(5):
            metadata = {
                "frequency": np.arange(VOCAB_SIZE, 0, -1),
                "class": [("noun", "verb")[row % 2] for row in range(VOCAB_SIZE)],
            }
            writer.embedding(
                "words", table_at(step), step, tokens=TOKENS, metadata=metadata
            )
    return logdir


@pytest.fixture(scope="module")
def address(logdir: Path) -> Iterator[str]:
    with tensorboard(logdir) as found:
        yield found


@pytest.fixture
def tab(visit: Open, address: str) -> Iterator[FrameLocator]:
    one = visit(f"{address}#wordembed")
    frame = one.page.frame_locator("iframe")
    # The table is there before its rows, and keys find none then.
    expect(table_rows(frame).first).to_be_visible(timeout=30_000)
    yield frame
    one.assert_clean()


def grid(tab: FrameLocator) -> Locator:
    return tab.get_by_role("grid", name="Tokens")


def search(tab: FrameLocator) -> Locator:
    return tab.get_by_role("combobox", name="Find a token")


def test_tokens_are_searched_and_all_matches_selected(
    tab: FrameLocator, logdir: Path
) -> None:
    """One visit: opening the tab takes longer than what is done there."""
    search_by_parts_beginning_expression_spelling_and_sum(tab, logdir)
    an_expression_that_takes_forever_is_given_up(tab)
    all_matches_are_selected_and_that_is_undone(tab)


def search_by_parts_beginning_expression_spelling_and_sum(
    tab: FrameLocator, logdir: Path
) -> None:
    found = tab.get_by_role("listbox").get_by_role("option")
    search(tab).fill("good")
    expect(tab.get_by_role("status").get_by_text("3 matches")).to_be_visible()
    # The very word first, then what starts with it.
    expect(found.locator(".token")).to_have_text(["good", "goodness", "ungood"])
    search(tab).fill("29 wo")
    expect(tab.get_by_text("13 matches")).to_be_visible()
    # Those that occur fewer than ten times.
    expect(tab.get_by_text("8 listed here · 9 rarer than 10")).to_be_visible()
    search(tab).fill("good - bad + word10")
    series = tb_wordembed.open(logdir).series("run", "words")
    nearest = [one.token for one in series.analogy("good - bad + word10", 4)]
    expect(found.locator(".token")).to_have_text(nearest)
    expect(table_rows(tab).first).to_be_visible()
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


def all_matches_are_selected_and_that_is_undone(tab: FrameLocator) -> None:
    grid(tab).press("Escape")
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


def an_expression_that_takes_forever_is_given_up(tab: FrameLocator) -> None:
    search(tab).fill("/(a+)+$/")
    expect(tab.get_by_text("takes too long")).to_be_visible(timeout=10_000)
    search(tab).fill("bad")
    expect(tab.get_by_text("1 match", exact=True)).to_be_visible()


def table_rows(tab: FrameLocator) -> Locator:
    return grid(tab).locator(".row")


def tokens_shown(tab: FrameLocator) -> Locator:
    return table_rows(tab).locator(".name")


def add_columns(tab: FrameLocator, *labels: str) -> None:
    tab.get_by_role("button", name="Columns").click()
    for label in labels:
        tab.get_by_role("group", name="Columns").get_by_label(label).check()
    tab.get_by_role("button", name="Columns").press("Escape")


def test_rows_are_walked_sorted_and_given_more_columns(
    tab: FrameLocator, logdir: Path
) -> None:
    the_table_is_used_with_keys_alone(tab)
    sorting_shows_what_comes_first(tab)
    columns_are_chosen_sorted_by_and_shown_in_full(tab, logdir)


def columns_are_chosen_sorted_by_and_shown_in_full(
    tab: FrameLocator, logdir: Path
) -> None:
    add_columns(tab, "Path length", "Neighbors kept", "class", "Drift over the steps")
    tab.get_by_role("separator", name="Width of the table").press("End")
    heads = grid(tab).get_by_role("columnheader")
    expect(heads).to_have_count(8)
    expect(heads.nth(5)).to_contain_text("Kept")
    # The numbers are those of the Python API.
    series = tb_wordembed.open(logdir).series("run", "words")
    kept = series.turnover(0, 4, k=10).overlap
    row = tab.locator("#row-0")
    expect(row.get_by_role("gridcell").nth(5)).to_have_text(f"{round(100 * kept[0])} %")
    expect(row.get_by_role("gridcell").nth(6)).to_contain_text("noun")
    expect(row.locator("svg.curve path").last).to_have_attribute("d", re.compile("^M0"))

    grid(tab).get_by_role("button", name="Path").click()
    expect(heads.nth(4)).to_have_attribute("aria-sort", "descending")
    length = series.path().length
    common = [row for row in np.argsort(-length) if VOCAB_SIZE - row >= 10][:5]
    for at, index in enumerate(common):
        expect(table_rows(tab).nth(at)).to_have_id(f"row-{index}")


def sorting_shows_what_comes_first(tab: FrameLocator) -> None:
    expect(tab.locator("#row-0")).to_be_visible()
    tab.locator("#row-0").click()
    expect(tab.get_by_role("heading", name="good", exact=True)).to_be_visible()
    head = grid(tab).get_by_role("button", name="Cosine drift")
    # Now the inspected token is the last of all.
    head.click()
    expect(head.locator("..")).to_have_attribute("aria-sort", "ascending")
    expect(table_rows(tab).first).to_have_attribute("aria-rowindex", "2")
    expect(tab.locator("#row-0")).to_have_count(0)
    head.click()
    expect(tab.locator("#row-0")).to_have_attribute("aria-selected", "true")


def test_a_filter_is_typed_completed_clicked_and_marked(tab: FrameLocator) -> None:
    a_filter_narrows_the_table_and_says_what_is_wrong_with_it(tab)
    conditions_are_completed_clicked_and_marked(tab)


def a_filter_narrows_the_table_and_says_what_is_wrong_with_it(
    tab: FrameLocator,
) -> None:
    # Four digits of the minimum frequency are seen in whole.
    cut = tab.get_by_label("Min. freq.").evaluate(
        "box => { const { value } = box; box.value = '9999';"
        " const cut = box.scrollWidth > box.clientWidth;"
        " box.value = value; return cut; }"
    )
    assert not cut
    box = tab.get_by_role("combobox", name="Filter")
    box.fill('class = "verb" and frequency >= 290')
    expect(table_rows(tab)).to_have_count(5)
    expect(tab.get_by_text("5 of 300 tokens")).to_be_visible()
    # What it was stays in force until it can be read again.
    box.fill("class = verb")
    box.press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("There is no column “verb”")
    expect(table_rows(tab)).to_have_count(5)
    box.fill("token starts 'good' or drift < 0")
    expect(table_rows(tab)).to_have_count(2)
    # What is typed without a pause is undone as one.
    box.page.wait_for_timeout(1100)
    box.press("Escape")
    expect(tab.get_by_text("2 of 300 tokens")).to_have_count(0)
    grid(tab).press("Control+z")
    expect(table_rows(tab)).to_have_count(2)


def conditions_are_completed_clicked_and_marked(tab: FrameLocator) -> None:
    box = tab.get_by_role("combobox", name="Filter")
    box.fill("")
    expect(table_rows(tab)).not_to_have_count(2)
    box.click()
    grid(tab).evaluate("table => { table.scrollTop = 3000; }")
    expect(tab.locator("#row-0")).to_have_count(0)
    box.press_sequentially("class = v")
    tab.get_by_role("listbox", name="Completions").get_by_text('"verb"').click()
    expect(box).to_have_value('class = "verb"')
    expect(tab.get_by_text("145 of 300 tokens")).to_be_visible()
    expect(table_rows(tab).first).to_have_attribute("aria-rowindex", "2")
    tab.get_by_role("button", name="Select 145").click()
    expect(tab.get_by_label("Only selected (145)")).to_be_visible()
    box.fill("")
    grid(tab).press("Escape")

    add_columns(tab, "class")
    row = tab.locator("#row-0")
    row.hover()
    row.get_by_role("button", name="Only “noun”").click()
    expect(box).to_have_value('class = "noun"')
    brush = tab.get_by_title(re.compile("^Drag over a range"))
    bounds = brush.bounding_box()
    assert bounds is not None
    mouse = brush.page.mouse
    mouse.move(bounds["x"] + bounds["width"] / 2, bounds["y"] + 9)
    mouse.down()
    mouse.move(bounds["x"] + bounds["width"] + 9, bounds["y"] + 9, steps=3)
    mouse.up()
    expect(box).to_have_value(re.compile('^class = "noun" and drift >= [0-9.]+$'))
    expect(tokens_shown(tab)).to_have_text(["ungood"])


def the_table_is_used_with_keys_alone(tab: FrameLocator) -> None:
    table = grid(tab)
    table.focus()
    table.press("ArrowDown")
    table.press("ArrowDown")
    # Moving selects nothing yet; the row is the active one for a screen reader.
    selected = table.locator("[aria-selected=true]")
    expect(selected).to_have_count(0)
    expect(table).to_have_attribute("aria-activedescendant", re.compile("row-"))
    active = table.get_attribute("aria-activedescendant")
    expect(tab.locator(f"#{active}")).to_have_attribute("aria-rowindex", "3")
    table.press("Enter")
    expect(selected).to_have_count(1)
    table.press("Shift+ArrowDown")
    table.press("Shift+ArrowDown")
    expect(selected).to_have_count(3)
    tab.get_by_label("Only selected (3)").check()
    expect(table_rows(tab)).to_have_count(3)
    tab.get_by_label("Only selected (3)").uncheck()
    expect(table_rows(tab)).not_to_have_count(3)
    table.press("End")
    # The last row is there once the table has scrolled to it.
    last = table.locator(f"[aria-rowindex='{table.get_attribute('aria-rowcount')}']")
    expect(last).to_be_visible()
    active = last.get_attribute("id") or ""
    expect(table).to_have_attribute("aria-activedescendant", active)
    table.press("Home")
    expect(table_rows(tab).first).to_have_attribute("aria-rowindex", "2")


def test_a_link_brings_back_columns_sort_and_filter(visit: Open, address: str) -> None:
    entries = {
        "columns": "drift,norm",
        "sort": "norm.asc",
        "filter": "frequency%20%3E%20200",
        "query": "word1",
    }
    hash_ = "&".join(f"p.wordembed.{key}={value}" for key, value in entries.items())
    one = visit(f"{address}#wordembed&{hash_}")
    tab = one.page.frame_locator("iframe")
    expect(grid(tab).get_by_role("columnheader").nth(3)).to_have_attribute(
        "aria-sort", "ascending"
    )
    expect(tab.get_by_role("combobox", name="Filter")).to_have_value("frequency > 200")
    expect(tab.get_by_text("10 of 300 tokens")).to_be_visible()
    one.assert_clean()


def test_several_tokens_are_compared_and_saved(tab: FrameLocator) -> None:
    several_tokens_are_seen_side_by_side(tab)
    selections_are_saved_under_names(tab)


def several_tokens_are_seen_side_by_side(tab: FrameLocator) -> None:
    search(tab).fill("^word1")
    search(tab).press("Control+Enter")
    panel = tab.locator("wordembed-inspector")
    # Of more than can be told apart, those that moved most.
    expect(panel.get_by_text(re.compile(r"\d+ tokens selected"))).to_be_visible()
    drop = panel.get_by_role("button", name=re.compile("Remove word"))
    expect(drop).to_have_count(10)
    # What the lines of the group are is told below its chart, without a line between.
    legend = panel.locator("wordembed-group-card .runs")
    expect(legend).to_have_css("border-top-width", "0px")
    search(tab).fill("/^(good|bad)$/")
    search(tab).press("Control+Enter")
    expect(
        drop.or_(panel.get_by_role("button", name=re.compile("Remove")))
    ).to_have_count(2)
    panel.get_by_role("button", name="bad", exact=True).click()
    expect(tab.get_by_role("heading", name="bad", exact=True)).to_be_visible()
    neighbors = panel.locator("wordembed-neighbor-columns ol")
    expect(neighbors.first.get_by_role("listitem")).to_have_count(10)
    panel.get_by_label("Number of neighbors").select_option("5")
    expect(neighbors.first.get_by_role("listitem")).to_have_count(5)
    expect(panel.locator("wordembed-neighbor-columns svg")).to_be_visible()


def test_tables_and_vectors_are_taken_along(
    visit: Open, address: str, logdir: Path, tmp_path: Path
) -> None:
    one = visit(f"{address}#wordembed&p.wordembed.selection=4.1")
    tab = one.page.frame_locator("iframe")
    tab.get_by_role("button", name="Export").click()

    def saved(button: Locator) -> Path:
        with one.page.expect_download() as download:
            button.click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    path = saved(tab.get_by_role("button", name="The table as it is"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *lines = csv.reader(file)
    assert head == ["rank", "row", "token", "Cosine drift", "frequency"]
    assert len(lines) == 291
    series = tb_wordembed.open(logdir).series("run", "words")
    drift = series.drift(0, 4)
    assert [float(line[3]) for line in lines] == sorted(
        (float(line[3]) for line in lines), reverse=True
    )
    for _, row, token, cosine, _ in lines:
        assert float(cosine) == pytest.approx(drift[int(row)], rel=1e-6)
        # A spreadsheet must not take it for a formula.
        assert token == ("'" if int(row) == 4 else "") + TOKENS[int(row)]

    path = saved(tab.get_by_role("button", name="The neighbors of the token"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file))
    change = series.neighbor_change(1, 0, 4)
    gained = [int(line["row"]) for line in listed if line["change"] == "gained"]
    assert gained == list(change.change.gained)
    path = saved(tab.get_by_role("button", name="The 2 tokens over the steps"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        ways = list(csv.DictReader(file))
    for line in ways:
        found = series.drift(0, int(line["step"]))[int(line["row"])]
        assert float(line["Cosine drift"]) == pytest.approx(found, abs=1e-6)
    assert len(ways) == 2 * 5
    path = saved(tab.get_by_role("button", name="Health over the steps (.csv)"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        ranks = [float(line["effective_rank"]) for line in csv.DictReader(file)]
    measured = [one.effective_rank for one in series.health()]
    assert ranks == pytest.approx(measured, rel=1e-4)
    picture = tab.get_by_role("group", name=TOKENS[1], exact=True)
    path = saved(picture.get_by_role("button", name="SVG"))
    assert f"Neighbors of {TOKENS[1]}" in path.read_text("utf-8")

    selected = tab.get_by_role("group", name="2 selected")
    path = saved(selected.get_by_role("button", name=".npz"))
    found = np.load(path, allow_pickle=False)
    np.testing.assert_array_equal(found["vectors"], table_at(4)[[4, 1]])
    assert found["tokens"].tolist() == [TOKENS[4], TOKENS[1]]
    every = tab.get_by_role("group", name="All 300")
    path = saved(every.get_by_role("button", name="word2vec"))
    text = path.read_text("utf-8").splitlines()
    assert text[0] == "300 8"
    numbers = np.array([line.split(" ")[1:] for line in text[1:]], np.float32)
    np.testing.assert_array_equal(numbers, table_at(4))
    one.assert_clean()


def test_views_are_bookmarked_and_remembered(visit: Open, address: str) -> None:
    one = visit(f"{address}#wordembed&p.wordembed.query=good&p.wordembed.selection=2")
    tab = one.page.frame_locator("iframe")
    expect(tab.get_by_role("heading", name="ungood")).to_be_visible()
    grid(tab).press("b")
    dialog = tab.get_by_role("dialog", name="Bookmarks")
    expect(dialog.get_by_label("Name of this view")).to_be_focused()
    one.page.keyboard.type("mine")
    one.page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("Saved “mine”")
    one.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    search(tab).fill("bad")
    search(tab).press("Enter")
    expect(tab.get_by_role("heading", name="bad", exact=True)).to_be_visible()
    # A search that nothing was picked from yet is a part of the view.
    search(tab).fill("word")
    one.page.wait_for_url(re.compile("query=word"))

    # Opened anew without a link, it is as it was left.
    one.page.goto("about:blank")
    one.page.goto(f"{address}#wordembed")
    expect(tab.get_by_role("heading", name="bad", exact=True)).to_be_visible(
        timeout=30_000
    )
    expect(search(tab)).to_have_value("word")
    tab.get_by_role("button", name="Bookmarks").click()
    dialog.get_by_role("button", name=re.compile("^mine")).click()
    expect(tab.get_by_role("heading", name="ungood")).to_be_visible()
    expect(search(tab)).to_have_value("good")
    grid(tab).press("?")
    expect(tab.get_by_role("dialog", name="Keys")).to_contain_text("Undo")
    one.assert_clean()


def selections_are_saved_under_names(tab: FrameLocator) -> None:
    page = search(tab).page
    search(tab).fill("good")
    search(tab).press("Control+Enter")
    tab.get_by_role("button", name="Save selection").click()
    tab.get_by_label("Name of the selection").fill("good ones")
    tab.get_by_label("Name of the selection").press("Enter")
    chip = tab.get_by_role("group", name="good ones")
    expect(chip).to_contain_text("3")
    search(tab).fill("")
    grid(tab).press("Escape")
    selected = grid(tab).locator("[aria-selected=true]")
    expect(selected).to_have_count(0)
    chip.get_by_text("good ones").click()
    tab.get_by_label("Only selected (3)").check()
    expect(selected).to_have_count(3)
    # It is in the link, and stays with the browser without one.
    expect(page).to_have_url(re.compile("wordembed.sets="))
    address = page.url.partition("#")[0]
    page.goto("about:blank")
    page.goto(f"{address}#wordembed")
    expect(chip).to_contain_text("3", timeout=30_000)
    chip.get_by_role("button", name="Remove").click()
    expect(chip).to_have_count(0)


def test_a_link_brings_the_width_of_the_table_along(visit: Open, address: str) -> None:
    one = visit(f"{address}#wordembed")
    tab = one.page.frame_locator("iframe")
    expect(grid(tab)).to_be_visible(timeout=30_000)
    # At its usual width there is nothing to tell.
    search(tab).fill("good")
    one.page.wait_for_url(re.compile("query"))
    assert "tableShare" not in one.page.url
    edge = tab.get_by_role("separator", name="Width of the table")
    edge.press("ArrowRight")
    one.page.wait_for_url(re.compile("tableShare"))
    width = width_of(grid(tab))
    link = one.page.url
    assert one.page.context.browser is not None
    # Another browser, with a window a third wider: the same share of it.
    context = one.page.context.browser.new_context(
        viewport={"width": 1920, "height": 900}
    )
    page = context.new_page()
    page.goto(link)
    there = page.frame_locator("iframe")
    expect(grid(there)).to_be_visible(timeout=30_000)
    assert width_of(grid(there)) == pytest.approx(4 / 3 * width, abs=3)
    context.close()
    tab.get_by_role("button", name="Undo").click()
    expect(edge).not_to_have_attribute("aria-valuenow", str(round(width)))
    one.assert_clean()


def width_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["width"]
