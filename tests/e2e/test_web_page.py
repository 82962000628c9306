"""A web page in one file, opened from disk with the network off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from e2e.browser import Visit, tensorboard
from e2e.firefox import NoFirefoxError, firefox
from e2e.tab_log import MOVER, STEPS, TOKENS, VOCAB_SIZE
from e2e.test_firefox import at_rest, shows_neighbors, shows_step
from e2e.test_tab import PLUGIN_FRAME
from playwright.sync_api import Browser, Page, expect

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.read.series import Series

Open = Callable[[Path, str], Visit]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens a file in a browser without a network."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, offline=True, accept_downloads=True
    )

    def open_file(file: Path, link: str = "") -> Visit:
        one = Visit(context.new_page(), "")
        one.page.goto(file.as_uri() + link)
        return one

    yield open_file
    context.close()


@pytest.fixture
def series(logdir: Path) -> Series:
    return tb_wordembed.open(logdir).series()


@pytest.fixture
def file(series: Series, tmp_path: Path) -> Path:
    return series.report(tmp_path / "page.html")


def drawn(page: Page) -> None:
    """The map is there, with points on it."""
    drift_map = page.get_by_role("application", name="Drift map")
    expect(drift_map).to_have_attribute("aria-busy", "false")


def step(page: Page, text: str) -> None:
    slider = page.get_by_role("slider", name="Step")
    expect(slider).to_have_attribute("aria-valuetext", text)


def neighbors_shown(page: Page) -> list[str]:
    columns = page.locator('[aria-busy="false"] > wordembed-neighbor-columns')
    expect(columns).to_be_visible()
    return columns.locator("ol .token").all_text_contents()


@pytest.mark.browser
def test_the_page_from_disk_is_the_tab(
    opened: Open, file: Path, series: Series
) -> None:
    one = opened(file, "")
    page = one.page
    drawn(page)
    grid = page.get_by_role("grid", name="Tokens")
    # Without the tokens with a frequency below 10.
    expect(grid).to_have_attribute("aria-rowcount", str(VOCAB_SIZE - 9 + 1))
    # The table is ranked by the drift that Python measures.
    moved = series.drift(0, STEPS - 1)
    first = grid.get_by_role("row").nth(1)
    expect(first).to_contain_text(TOKENS[int(np.argmax(moved))])
    expect(first).to_contain_text(re.compile(r"\d\.\d\d"))

    # The slider steps.
    step(page, str(STEPS - 1))
    page.keyboard.press("Home")
    step(page, "0")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    step(page, str(STEPS - 2))
    drawn(page)

    # A word is searched, picked, and shown with its neighbors.
    page.keyboard.press("/")
    page.keyboard.type(MOVER)
    expect(page.get_by_role("option", name=MOVER).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=MOVER)).to_be_visible()
    change = series.neighbor_change(MOVER, 0, STEPS - 2)
    expected = [one.token for one in (*change.before, *change.after)]
    assert neighbors_shown(page) == expected
    # Its curve is that of the Python API, too.
    value = series.trajectory(MOVER, 0).drift[STEPS - 2]
    chart = page.locator("wordembed-inspector section").filter(has_text="Cosine").first
    expect(chart).to_contain_text(f"{value:.2g}"[:4])

    # The link brings the view back.
    link = page.evaluate("location.hash")
    again = opened(file, link)
    drawn(again.page)
    step(again.page, str(STEPS - 2))
    expect(again.page.get_by_role("heading", name=MOVER)).to_be_visible()
    for visit in one, again:
        assert visit.complaints == []
        assert visit.hosts == set()


@pytest.mark.browser
def test_what_is_not_in_the_page_is_said_or_not_offered(
    opened: Open, file: Path
) -> None:
    one = opened(file, "#p.wordembed.pane=projector&p.wordembed.measure=euclidean")
    page = one.page
    drawn(page)
    expect(page.get_by_role("group", name="View")).to_have_count(0)
    layouts = page.get_by_label("Layout").locator("option")
    expect(layouts.filter(has_text="not in this page")).to_have_count(2)
    reference = page.get_by_role("img", name=re.compile("drift from step 0 only"))
    expect(reference).to_be_visible()
    page.get_by_role("button", name="Columns").click()
    expect(page.get_by_role("checkbox", name="Norm change")).to_be_visible()
    trust = page.get_by_role("checkbox", name="Trustworthiness on the map")
    expect(trust).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Layers").click()
    expect(page.get_by_label("Fade doubtful (not in this page)")).to_be_disabled()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="About this page").click()
    expect(page.get_by_text("open the log in TensorBoard").first).to_be_visible()
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_text("One HTML file")).to_have_count(0)
    expect(page.get_by_text("word2vec")).to_have_count(0)
    page.keyboard.press("Escape")
    # A link may ask for anything.
    more = opened(file, "#p.wordembed.layout=tsne&p.wordembed.reference=3")
    expect(more.page.get_by_text("not in this page").first).to_be_visible()
    assert [*one.complaints, *more.complaints] == []


@pytest.mark.browser
def test_ten_thousand_tokens_at_twenty_steps(opened: Open, tmp_path: Path) -> None:
    rows, steps, dims = 10_000, 20, 32
    rng = np.random.default_rng(0)
    table = rng.normal(size=(rows, dims))
    with SnapshotWriter(tmp_path / "log") as writer:
        for at in range(steps):
            tokens = [f"token{row}" for row in range(rows)]
            writer.embedding("words", table.astype(np.float32), at, tokens=tokens)
            table += rng.normal(size=table.shape) / 5
    file = tb_wordembed.open(tmp_path / "log").series().report(tmp_path / "page.html")
    assert file.stat().st_size < 5_000_000
    one = opened(file, "")
    drawn(one.page)
    step(one.page, str(steps - 1))
    one.page.keyboard.press("Home")
    step(one.page, "0")
    drawn(one.page)
    assert one.complaints == []


@pytest.mark.browser
def test_the_export_menu_makes_the_same_file(
    visit: Callable[[str], Visit], logdir: Path, file: Path
) -> None:
    with tensorboard(logdir) as address:
        page = visit(f"{address}#wordembed").page
        tab = page.frame_locator(PLUGIN_FRAME)
        tab.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            tab.get_by_role("button", name="One HTML file").click()
        made = Path(download.value.path()).read_bytes()
        assert download.value.suggested_filename == "embeddings_words.html"
        assert made == file.read_bytes()


@pytest.mark.browser
def test_the_page_from_disk_in_firefox(file: Path, logdir: Path) -> None:
    try:
        with firefox() as fox:
            fox.open(file.as_uri())
            at_rest(fox)
            shows_step(fox, STEPS - 1)
            fox.press("ArrowLeft")
            shows_step(fox, STEPS - 2)
            fox.press("/")
            for letter in MOVER:
                fox.press(letter)
            fox.find('[role="option"] .token', MOVER)
            fox.press("Enter")
            shows_neighbors(fox, logdir)
    except NoFirefoxError as error:
        pytest.skip(str(error))
