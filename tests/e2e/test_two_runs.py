"""Two runs side by side, in the tab."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import Visit, tensorboard
from e2e.tab_log import STEPS, TOKENS, VOCAB_SIZE, table_at
from e2e.test_map_layers import layer
from e2e.test_tab import (
    Open,
    at_rest,
    open_tab,
    picture,
    points,
    settled,
    slider,
    the_map,
)
from PIL import Image
from playwright.sync_api import FrameLocator, expect

import tb_wordembed
from tb_wordembed import Reference, SnapshotWriter
from tb_wordembed.read.log import Log

SVG = "{http://www.w3.org/2000/svg}"
CHANGED, GONE, NEW = "word100", "word200", "other word"


@pytest.fixture(scope="module")
def logdir_of_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs: the second is turned, one of its tokens is in the other cluster, it
    lacks one of them and has another one; a third one has more dimensions."""
    directory = tmp_path_factory.mktemp("two_runs")
    rng = np.random.default_rng(1)
    turn = np.linalg.qr(rng.normal(size=(16, 16)))[0]
    with SnapshotWriter(directory / "one") as writer:
        for step in range(STEPS):
            writer.embedding("words", table_at(step), step, tokens=TOKENS)
    with SnapshotWriter(directory / "two") as writer:
        for step in (10, 20):
            table = table_at(STEPS - 1)
            table[TOKENS.index(CHANGED)] = table[1]
            table = (table + rng.normal(size=table.shape) / 50) @ turn
            tokens = [NEW if token == GONE else token for token in TOKENS]
            writer.embedding("words", table.astype(np.float32), step, tokens=tokens)
    with SnapshotWriter(directory / "wide") as writer:
        wide = np.concatenate([table_at(0), table_at(1)], axis=1)
        writer.embedding("words", wide, 0, tokens=TOKENS)
    return directory


@pytest.fixture(scope="module")
def two_runs(logdir_of_two: Path) -> Iterator[str]:
    """The address of a TensorBoard on that log."""
    with tensorboard(logdir_of_two) as address:
        yield address


def compare(tab: FrameLocator, run: str) -> None:
    tab.get_by_label("Against").select_option(label=run)


@pytest.mark.browser
def test_another_run_is_picked_ranked_and_kept_in_the_link(
    visit: Open, two_runs: str, logdir_of_two: Path
) -> None:
    one = visit(two_runs)
    tab = open_tab(one)
    table = tab.locator("wordembed-drift-table")
    expect(table).to_contain_text(f"Step 0 → {STEPS - 1}")
    compare(tab, "two")
    expect(table).to_contain_text(f"two, step 20 → {STEPS - 1}")

    log = tb_wordembed.open(logdir_of_two)
    ours, theirs = log.series("one"), log.series("two")
    found = ours.alignment(20, STEPS - 1, theirs)
    said = f"Aligned over 399 common tokens, residual {found.residual:.2f}"
    expect(table).to_contain_text(said)
    first = tab.get_by_role("grid", name="Tokens").get_by_role("row").nth(1)
    drift = ours.drift(20, STEPS - 1, reference=theirs)
    assert TOKENS[int(np.nanargmax(drift))] == CHANGED
    expect(first).to_contain_text(CHANGED)
    expect(first).to_contain_text(f"{np.nanmax(drift):.2f}")

    tab.get_by_role("button", name=re.compile("only the reference has")).click()
    expect(table.get_by_role("listitem")).to_have_text([NEW])
    table.get_by_role("button", name="1 new").click()
    details = tab.locator("wordembed-inspector")
    expect(details).to_contain_text(GONE)
    expect(details).to_contain_text("The reference lacks this token.")

    tab.get_by_label("Step of the reference").select_option("10")
    expect(table).to_contain_text(f"two, step 10 → {STEPS - 1}")
    one.page.wait_for_url(re.compile("wordembed.reference=10"))
    other = visit(one.page.url)
    copy = other.page.frame_locator("iframe")
    expect(copy.locator("wordembed-drift-table")).to_contain_text(
        f"two, step 10 → {STEPS - 1}", timeout=30_000
    )
    one.assert_clean()
    other.assert_clean()


@pytest.mark.browser
def test_the_map_moves_to_the_other_run_and_back(visit: Open, two_runs: str) -> None:
    one = visit(two_runs)
    tab = open_tab(one)
    compare(tab, "two")
    drift_map = the_map(tab)
    # The token that is somewhere else there is the first of the table.
    first = tab.get_by_role("grid", name="Tokens").get_by_role("row").nth(1)
    expect(first).to_contain_text(CHANGED)
    first.click()
    details = tab.locator("wordembed-inspector")
    expect(details).to_contain_text(CHANGED)
    # Its neighbors in both runs, which have none in common.
    expect(details).to_contain_text("0 of 10 kept")
    expect(details.get_by_role("heading", name="two distance")).to_be_visible()
    moves = tab.get_by_role("button", name="Reference", exact=True)
    moves.click()
    expect(moves).to_have_attribute("aria-pressed", "true")
    expect(tab.locator(".caption")).to_contain_text("two, step 20")
    there = settled(drift_map)
    one.page.wait_for_url(re.compile("wordembed.mapRuns=other"))
    # The scale has room for both runs now.
    moves.click()
    expect(moves).to_have_attribute("aria-pressed", "false")
    here = settled(drift_map)
    moved = (points(here) ^ points(there)).sum()
    assert moved > 200
    moves.click()
    the_map(tab)
    at_rest(drift_map)
    moves.click()
    again = settled(drift_map)
    # Labels, which stay where they are while they can, cover other points now.
    assert (points(here) ^ points(again)).sum() < moved / 2

    # A step of the timeline is one of the run on screen.
    drift_map.press("x")
    expect(moves).to_have_attribute("aria-pressed", "true")
    slider(tab).press("ArrowLeft")
    expect(moves).to_have_attribute("aria-pressed", "false")
    expect(tab.get_by_role("slider", name="Reference")).to_have_count(0)
    one.assert_clean()


@pytest.mark.browser
def test_both_runs_lie_side_by_side(visit: Open, two_runs: str) -> None:
    one = visit(two_runs)
    tab = open_tab(one)
    compare(tab, "two")
    # Names of regions would be taken for points.
    layer(tab, "Regions", on=False)
    tab.get_by_role("button", name="Both", exact=True).click()
    there = tab.get_by_role("application", name="Map of two, step 20")
    here = the_map(tab)
    expect(tab.locator(".names")).to_contain_text("two, step 20")

    def pictures() -> list[npt.NDArray[np.uint8]]:
        one.page.mouse.move(1, 1)
        return [settled(place) for place in (there, here)]

    whole = pictures()
    assert all(points(one_map).sum() > 300 for one_map in whole)
    # Both are seen from one place, whichever of them is zoomed.
    there.press("+")
    there.press("+")
    zoomed = pictures()
    here.press("0")
    again = pictures()
    for before, near, after in zip(whole, zoomed, again, strict=True):
        moved = (points(before) ^ points(near)).sum()
        assert moved > 200
        assert (points(before) ^ points(after)).sum() < moved / 2
    # What is pointed at in one of them is marked in the other, too.
    y, x = np.argwhere(points(again[0])).mean(axis=0).astype(int)
    row, column = min(
        np.argwhere(points(again[0])), key=lambda at: abs(at - (y, x)).sum()
    )
    there.hover(position={"x": float(column), "y": float(row)})
    expect(tab.locator("wordembed-map-pane .card")).to_be_visible()
    assert not np.array_equal(picture(here), again[1])
    # A click selects it for all views.
    there.click(position={"x": float(column), "y": float(row)})
    expect(tab.locator("wordembed-inspector")).to_contain_text("Neighbors")

    # It stays from step to step, and in the link.
    slider(tab).press("ArrowLeft")
    expect(tab.locator(".names")).to_contain_text(f"step {STEPS - 2}")
    kept = rf"(?=.*wordembed\.step={STEPS - 2}\b)(?=.*mapRuns=both)"
    one.page.wait_for_url(re.compile(kept))
    other = visit(one.page.url)
    copy = other.page.frame_locator("iframe")
    expect(copy.get_by_role("application", name="Map of two, step 20")).to_be_visible(
        timeout=30_000
    )
    # Whoever shows the other run has both change places.
    copy.get_by_role("combobox", name="Run", exact=True).select_option("two")
    expect(
        copy.get_by_role("application", name=f"Map of one, step {STEPS - 2}")
    ).to_be_visible(timeout=30_000)
    one.assert_clean()
    other.assert_clean()


@pytest.mark.browser
def test_files_show_both_runs_as_the_screen_does(visit: Open, two_runs: str) -> None:
    one = visit(
        f"{two_runs}#wordembed&p.wordembed.referenceRun=two&p.wordembed.mapRuns=both"
    )
    tab = open_tab(one)
    at_rest(tab.get_by_role("application", name="Map of two"))
    at_rest(the_map(tab))
    pane = tab.locator("wordembed-map-pane").bounding_box()
    assert pane is not None
    there, here = "two, step 20, aligned with this run", f"one, step {STEPS - 1}"

    drawing = saved(one, tab, "Drawing of the map")
    assert drawing.name == f"one_two_words_map_step-{STEPS - 1}.svg"
    root = ElementTree.parse(drawing.path).getroot()
    assert float(root.attrib["width"]) == pytest.approx(pane["width"], abs=1)
    # The token that the other run lacks is not there.
    maps = root.findall(f"{SVG}svg")
    dots = [len(one.findall(f"{SVG}g[@class='points']/*")) for one in maps]
    assert dots == [VOCAB_SIZE - 1, VOCAB_SIZE]
    assert {there, here} <= {text.text for text in root.iter(f"{SVG}text")}

    image = Image.open(saved(one, tab, "Picture of the map").path)
    assert image.size == pytest.approx([2 * pane["width"], 2 * pane["height"]], abs=2)
    assert min(points_in_halves(image)) > 1000
    # In a film, too, the other run stays beside each step.
    with Image.open(saved(one, tab, "Animation of all steps").path) as film:
        for frame in (0, film.n_frames - 1):
            film.seek(frame)
            assert min(points_in_halves(film)) > 100
    one.assert_clean()


class Saved(NamedTuple):
    """A file that the page made."""

    name: str
    path: Path


def saved(one: Visit, tab: FrameLocator, entry: str) -> Saved:
    tab.get_by_role("button", name="Export").click()
    with one.page.expect_download(timeout=60_000) as download:
        tab.get_by_role("button", name=entry).click()
    return Saved(download.value.suggested_filename, Path(download.value.path()))


def points_in_halves(image: Image.Image) -> list[int]:
    """How many pixels of points the left half of an image has, and the right one,
    without what is written at the top and at the bottom."""
    pixels = np.asarray(image.convert("RGB"))
    height, width = pixels.shape[:2]
    middle = pixels[height // 4 : height * 3 // 4]
    halves = middle[:, : width // 2], middle[:, width // 2 :]
    return [int(points(half).sum()) for half in halves]


@pytest.mark.browser
def test_the_alignment_and_two_steps_are_chosen(
    visit: Open, two_runs: str, logdir_of_two: Path
) -> None:
    """One visit: opening the tab takes longer than what is done there."""
    one = visit(two_runs)
    tab = open_tab(one)
    compare(tab, "two")
    log = tb_wordembed.open(logdir_of_two)
    assert_alignment_is_chosen(tab, log)
    assert_steps_are_picked_by_how_alike_they_are(one, tab, log)
    compare(tab, "wide")
    assert_other_dimensions_are_ranked_by_neighbors(tab)
    one.assert_clean()


def assert_alignment_is_chosen(tab: FrameLocator, log: Log) -> None:
    table = tab.locator("wordembed-drift-table")
    expect(table).to_contain_text("Aligned over 399 common tokens")
    the_map(tab).press("a")
    tab.get_by_role("button", name="Alignment:").click()
    chooser = tab.get_by_role("group", name="Alignment")
    chooser.get_by_role("combobox").select_option(index=1)
    chooser.get_by_role("checkbox").check()
    chooser.get_by_role("checkbox").press("Escape")
    reference = Reference(log.series("two"), centered=True)
    found = log.series("one").alignment(20, STEPS - 1, reference)
    expect(table).to_contain_text(
        f"Centered, aligned over 399 anchors, residual {found.residual:.2f}"
    )


def assert_other_dimensions_are_ranked_by_neighbors(tab: FrameLocator) -> None:
    table = tab.locator("wordembed-drift-table")
    expect(table).to_contain_text("32 dimensions there, 16 here")
    head = tab.get_by_role("columnheader", name="Kept")
    expect(head).to_have_attribute("aria-sort", "ascending")
    first = tab.get_by_role("grid", name="Tokens").get_by_role("row").nth(1)
    expect(first).to_contain_text("%")
    expect(tab.get_by_role("button", name="Arrows")).to_have_count(0)
    expect(tab.locator("wordembed-map-pane")).to_contain_text(
        "This run alone: the other has other dimensions"
    )


@pytest.mark.browser
def test_the_comparison_survives_a_restart(visit: Open, logdir_of_two: Path) -> None:
    with tensorboard(logdir_of_two) as address:
        one = visit(address)
        tab = open_tab(one)
        compare(tab, "two")
        table = tab.locator("wordembed-drift-table")
        expect(table).to_contain_text(f"two, step 20 → {STEPS - 1}")
    notices = tab.locator("wordembed-notices")
    tab.get_by_label("Step of the reference").select_option("10")
    expect(notices).to_contain_text("TensorBoard is not answering")
    with tensorboard(logdir_of_two, f"--port={urlsplit(address).port}"):
        expect(table).to_contain_text(f"two, step 10 → {STEPS - 1}", timeout=30_000)
        expect(table).to_contain_text("Aligned over 399 common tokens")
        expect(table).to_contain_text(CHANGED)


def assert_steps_are_picked_by_how_alike_they_are(
    one: Visit, tab: FrameLocator, log: Log
) -> None:
    tab.get_by_role("button", name="Health").click()
    similarity = tab.get_by_role("application", name="Steps compared")
    expect(similarity).to_be_visible(timeout=30_000)
    similarity.scroll_into_view_if_needed()
    box = similarity.bounding_box()
    assert box is not None
    # The second column of the first row: of six steps and two.
    similarity.click(position={"x": 1.5 * box["width"] / 6, "y": box["height"] / 4})
    table = tab.locator("wordembed-drift-table")
    expect(table).to_contain_text("two, step 10 → 1")
    similarity.press("ArrowDown")
    expect(table).to_contain_text("two, step 20 → 1")
    # The value of a pair is read at the pointer: by neighbors, once that is chosen.
    by = tab.get_by_label("What steps are compared by")
    by.select_option(label="Neighbors kept")
    ours, theirs = log.series("one"), log.series("two")
    kept = ours.similarity_matrix(measure="overlap", reference=theirs).values[1, 1]
    card = tab.locator("wordembed-similarity-map .card")
    similarity.hover(position={"x": 1.5 * box["width"] / 6, "y": 0.75 * box["height"]})
    expect(card).to_have_text(f"two, step 20 → 1: {kept:.3f}")
    one.page.wait_for_url(re.compile("similarity=overlap"))
