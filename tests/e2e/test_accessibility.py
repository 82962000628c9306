"""The tab for those who see, point or read otherwise: rules, keys, zoom and colors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from e2e.browser import Visit, tensorboard
from e2e.tab_log import MOVER, STEPS, TOKENS, VOCAB_SIZE, table_at
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
from playwright.sync_api import Frame, FrameLocator, Locator, expect

from tb_wordembed import SnapshotWriter

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
OTHER = "second"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two runs, with a column of classes."""
    logdir = tmp_path_factory.mktemp("accessible")
    metadata = {
        "frequency": np.arange(VOCAB_SIZE, 0, -1),
        "class": [("noun", "verb")[row % 2] for row in range(VOCAB_SIZE)],
    }
    for seed, run in enumerate(("first", OTHER)):
        noise = np.random.default_rng(seed).normal(size=(VOCAB_SIZE, 16)) / 9
        with SnapshotWriter(logdir / run) as writer:
            for step in range(STEPS):
                table = (table_at(step) + noise).astype(np.float32)
                writer.embedding("words", table, step, tokens=TOKENS, metadata=metadata)
    with tensorboard(logdir) as found:
        yield found


def frame_of(one: Visit) -> Frame:
    """The frame of our tab, whose first child may be the Projector's."""
    [frame] = one.page.main_frame.child_frames
    return frame


def pick_mover(tab: FrameLocator) -> None:
    tab.get_by_label("Find a token").fill(MOVER)
    tab.get_by_role("row").get_by_text(MOVER, exact=True).click()
    expect(tab.get_by_role("heading", name=MOVER)).to_be_visible()
    expect(tab.locator("wordembed-inspector .motion")).to_contain_text("on its own")
    tab.get_by_label("Find a token").fill("")


THEMES: dict[str, dict[str, Any]] = {
    "dark": {"runOnly": ["color-contrast"]},
    "light": {},
}
"""What axe-core looks for in each; it looks for all in light, which stays."""


def assert_rules_are_kept(
    one: Visit,
    view: str,
    place: Locator | None = None,
    themes: Iterable[str] = THEMES,
) -> None:
    """axe-core finds nothing in our frame, or in a place there."""
    frame = frame_of(one)
    if not frame.evaluate("'axe' in window"):
        # As a script element it would be stopped by the frame's policy.
        frame.evaluate(AXE.read_text(encoding="utf-8"))
    element = place and place.element_handle()
    for theme in themes:
        dark = str(theme == "dark").lower()
        one.page.evaluate(f"document.body.classList.toggle('dark-mode', {dark})")
        frame.wait_for_function(
            f"document.documentElement.style.colorScheme === '{theme}'"
        )
        options = {"resultTypes": ["violations"], "iframes": False} | THEMES[theme]
        found = frame.evaluate(
            "([place, options]) => axe.run(place ?? document, options)",
            [element, options],
        )
        said = [
            f"{rule['id']} ({rule['impact']}): {rule['help']}: {node['target']} "
            f"{node['html'][:120]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        assert said == [], (view, theme)


def test_axe_finds_nothing_in_any_view(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    press = one.page.keyboard.press

    def check(
        view: str, place: Locator | None = None, themes: Iterable[str] = THEMES
    ) -> None:
        expect(tab.locator("[aria-busy=true]")).to_have_count(0)
        assert_rules_are_kept(one, view, place, themes)

    at_rest(the_map(tab))
    check("map, table and timeline")
    search = tab.get_by_label("Find a token")
    search.fill("no such token")
    expect(tab.get_by_text("No token matches").first).to_be_visible()
    check("search that finds nothing")
    pick_mover(tab)
    search.fill("word1")
    expect(tab.locator("wordembed-search [role=option]").first).to_be_visible()
    check("token, search")
    search.fill("")
    tab.get_by_label("Against").select_option(label=OTHER)
    expect(tab.locator("wordembed-drift-table")).to_contain_text(f"{OTHER}, step")
    tab.get_by_role("button", name="Both", exact=True).click()
    layers = tab.get_by_role("button", name="Layers")
    layers.click()
    for name in ("Density", "Flow", "Fade doubtful"):
        tab.get_by_role("group", name="Besides the points").get_by_label(name).check()
    check("two runs, layers")
    layers.click()
    health = tab.locator("wordembed-health")
    toggle = health.get_by_role("button", name="Health", exact=True)
    toggle.click()
    expect(tab.get_by_role("application", name="Steps compared")).to_be_visible()
    expect(health.locator("wordembed-chart")).to_have_count(12)
    tab.get_by_role("button", name="About this map").focus()
    check("Health, about the map")
    toggle.click()
    for menu in ("Columns ▾", "Alignment:", "Export ▾"):
        button = tab.get_by_role("button", name=menu)
        button.click()
        check(menu, tab.locator("wordembed-menu", has=button))
        press("Escape")
    tab.get_by_role("button", name="Export ▾").click()
    tab.get_by_role("button", name="Size, theme and more").click()
    dialogs: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("export", lambda: None),
        ("keys", lambda: press("?")),
        ("bookmarks", lambda: press("b")),
    )
    for name, open_dialog in dialogs:
        open_dialog()
        expect(tab.get_by_role("dialog")).to_be_visible()
        check(f"dialog, {name}", tab.get_by_role("dialog"))
        press("Escape")
        expect(tab.get_by_role("dialog")).to_have_count(0)
    tab.get_by_label("Group by").select_option("class")
    expect(tab.get_by_role("grid", name="Groups")).to_be_visible()
    check("groups")
    # At 200 % zoom, where no color is another one.
    one.page.set_viewport_size({"width": 640, "height": 450})
    for name in ("Details", "Health", "Table"):
        tab.get_by_role("tab", name=name).click()
        check(f"narrow, {name}", themes=["light"])
    tab.get_by_role("button", name="Split").click()
    # axe leaves out the frame of the Projector, which is TensorBoard's.
    expect(tab.locator("wordembed-projector-pane iframe")).to_be_visible()
    check("narrow, Projector and map", themes=["light"])
    one.page.set_viewport_size({"width": 1440, "height": 900})
    check("Projector and map")
    one.assert_clean()


OPERABLE = """
() => {
  const found = [];
  const wide = document.documentElement.clientWidth;
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      const asked = "button, select, input, [role=slider], [role=application]";
      if (!element.matches(asked)) continue;
      const seen = {checkVisibilityCSS: true, checkOpacity: true};
      if (!element.checkVisibility(seen)) continue;
      const {left, right, width} = element.getBoundingClientRect();
      const name = element.ariaLabel || element.labels?.[0]?.textContent
        || element.textContent || element.title;
      const within = left > -8 && right < wide + 8 && width >= 8;
      found.push([name.replace(/[^\\p{L}\\p{N}:]+/gu, " ").trim(), within]);
    }
  };
  walk(document);
  if (document.documentElement.scrollWidth > wide) found.push(["the page", false]);
  return found;
}
"""
"""The names of all controls, and whether they are on the page and not beside it."""


def out_of_reach(frame: Frame) -> list[str]:
    return [name for name, within in frame.evaluate(OPERABLE) if not within]


def test_nothing_is_lost_at_200_percent(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    one.page.set_viewport_size({"width": 1280, "height": 900})
    pick_mover(tab)
    tab.locator("wordembed-health").get_by_role("button", name="Health").click()
    expect(tab.locator("wordembed-health wordembed-chart")).to_have_count(12)
    at_rest(the_map(tab))
    frame = frame_of(one)
    usual = {name for name, _ in frame.evaluate(OPERABLE)}
    assert len(usual) > 40

    # The panel of Colab is narrower yet.
    for width, height in ((600, 900), (640, 450)):
        one.page.set_viewport_size({"width": width, "height": height})
        found: set[str] = set()
        for panel in ("Details", "Health", "Table"):
            tab.get_by_role("tab", name=panel).click()
            assert out_of_reach(frame) == [], (width, panel)
            found |= {name for name, _ in frame.evaluate(OPERABLE)}
        # Rows that scroll into view are others, and panels have no edges to pull.
        lost = {
            name for name in usual - found if not re.match(r"word\d|Width|Height", name)
        }
        assert lost == set(), width
    # The map has room, and its points.
    box = the_map(tab).bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 240
    assert points(settled(the_map(tab))).sum() > 200
    one.assert_clean()


FOCUSED = """
() => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  if (!focused || focused === document.body) return null;
  // The edge between two panels is a line itself.
  const outlined = [null, "::after"].some((part) => {
    const style = getComputedStyle(focused, part);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      || focused.role === "separator"
      && (style.backgroundImage !== "none" || parseFloat(style.borderRightWidth) >= 2);
  });
  return {
    name: focused.ariaLabel || focused.labels?.[0]?.textContent.trim()
      || focused.textContent.trim() || focused.title || "",
    tag: focused.outerHTML.slice(0, 80),
    outlined,
  };
}
"""


def focused_by_key(one: Visit) -> list[dict[str, Any]]:
    """What the Tab key leads to, from the first control to the end of the page."""
    seen: list[dict[str, Any]] = []
    for _ in range(150):
        one.page.keyboard.press("Tab")
        focused = frame_of(one).evaluate(FOCUSED)
        if focused is None:
            break
        seen.append(focused)
    return seen


def test_everything_is_reached_by_key_and_seen_to_be(visit: Open, address: str) -> None:
    one = visit(address)
    tab = open_tab(one)
    pick_mover(tab)
    tab.get_by_role("combobox", name="Run", exact=True).focus()
    seen = focused_by_key(one)
    names = " | ".join(str(focused["name"]) for focused in seen)
    missing = {"Embedding", "Find a token", "Play", "Loop", "Step", "Health", "Fit"}
    missing -= {name for name in missing if re.search(rf"\b{name}\b", names)}
    assert missing == set()
    assert [focused for focused in seen if not focused["name"]] == []
    assert [focused for focused in seen if not focused["outlined"]] == []

    # What a key changes elsewhere on the page is told to those who don't see it.
    told = tab.locator("wordembed-announcer").get_by_role("status")
    the_map(tab).press("ArrowLeft")
    expect(told).to_contain_text("Step 4, 5 of 6.")
    # But what the slider that was moved says itself.
    slider(tab).press("ArrowLeft")
    expect(slider(tab)).to_have_attribute("aria-valuetext", "3")
    one.page.wait_for_timeout(1000)
    expect(told).to_contain_text("Step 4, 5 of 6.")
    the_map(tab).press("i")
    expect(told).to_contain_text("The map shows 1 token only.")
    the_map(tab).press("Escape")
    expect(told).to_contain_text("Nothing selected.")
    one.assert_clean()


def test_a_visit_without_a_mouse(visit: Open, address: str) -> None:
    """Search, read, choose a step, a column and another run, and save a file."""
    one = visit(f"{address}#wordembed")
    tab = one.page.frame_locator("iframe")
    grid = tab.get_by_role("grid", name="Tokens")
    expect(grid).to_be_visible(timeout=30_000)
    press, type_ = one.page.keyboard.press, one.page.keyboard.type

    def tab_to(place: Locator, key: str = "Tab") -> None:
        for _ in range(150):
            if place.evaluate("it => it.getRootNode().activeElement === it"):
                return
            press(key)
        pytest.fail(f"no key leads to {place}")

    press("/")
    type_(MOVER)
    expect(tab.get_by_role("option", name=MOVER)).to_be_visible()
    press("Enter")
    expect(tab.get_by_role("heading", name=MOVER)).to_be_visible()
    # Its row is found in the table, and the one below it.
    tab_to(grid)
    first = f"row-{TOKENS.index(MOVER)}"
    expect(grid).to_have_attribute("aria-activedescendant", first)
    press("ArrowDown")
    expect(grid).not_to_have_attribute("aria-activedescendant", first)
    active = grid.get_attribute("aria-activedescendant")
    press("Enter")
    expect(tab.locator(f"[id='{active}']")).to_have_attribute("aria-selected", "true")
    expect(tab.get_by_role("heading", name=MOVER)).to_have_count(0)
    press("Home")
    tab_to(slider(tab))
    press("Home")
    expect(slider(tab)).to_have_attribute("aria-valuetext", "0")
    press("End")
    columns = tab.get_by_role("button", name="Columns ▾")
    tab_to(columns, "Shift+Tab")
    press("Enter")
    tab_to(tab.get_by_role("group", name="Columns").get_by_label("Norm", exact=True))
    press("Space")
    expect(tab.get_by_role("columnheader", name="Norm")).to_be_visible()
    press("Escape")
    expect(columns).to_be_focused()
    tab_to(tab.get_by_label("Against"), "Shift+Tab")
    type_(OTHER)
    expect(tab.locator("wordembed-drift-table")).to_contain_text(f"{OTHER}, step")
    tab_to(tab.get_by_role("button", name="Export ▾"))
    press("Enter")
    tab_to(tab.get_by_role("button", name="Health over the steps (.csv)"))
    with one.page.expect_download() as download:
        press("Enter")
    assert download.value.suggested_filename.endswith(".csv")
    one.assert_clean()


def contrast_within(place: Locator) -> float:
    """The contrast of the most frequent color with the one most unlike it, as WCAG
    defines it; colors of fewer than 12 pixels are left out."""
    pixels = picture(place).reshape(-1, 3)
    colors, counts = np.unique(pixels, axis=0, return_counts=True)
    share = colors / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    light = linear @ [0.2126, 0.7152, 0.0722] + 0.05
    ground = light[counts.argmax()]
    others = light[counts >= 12]
    return float(np.maximum(others / ground, ground / others).max())


def differs(one: Locator, other: Locator) -> bool:
    """Two places of one kind are told apart by their grounds, in a corner."""
    return bool((picture(one)[4, 4] != picture(other)[4, 4]).any())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colors_hide_nothing(visit: Open, address: str, scheme: Any) -> None:
    one = visit(f"{address}#wordembed")
    one.page.emulate_media(forced_colors="active", color_scheme=scheme)
    tab = one.page.frame_locator("iframe")
    expect(tab.get_by_role("grid", name="Tokens")).to_be_visible(timeout=30_000)
    pick_mover(tab)
    assert points(settled(the_map(tab))).sum() > 500

    # What is chosen differs from what is not.
    flat = tab.get_by_role("button", name="2-D")
    assert differs(flat, tab.get_by_role("button", name="3-D"))
    row = tab.get_by_role("row", selected=True)
    assert differs(row, tab.get_by_role("row", selected=False).nth(1))
    # What is moved, and what is read, differs from its ground.
    charts = tab.locator("wordembed-inspector wordembed-chart .plot")
    for place in (slider(tab), slider(tab, "Reference"), charts.first, row):
        assert contrast_within(place) >= 3, place
    trend = tab.get_by_role("button", name="Health", exact=True)
    trend.click()
    expect(tab.locator("wordembed-health wordembed-chart")).to_have_count(12)
    assert contrast_within(tab.locator("wordembed-health .plot").first) >= 3
    trend.click()
    # What has the focus is outlined, in the table the row, too.
    tab.get_by_role("combobox", name="Run", exact=True).focus()
    seen = focused_by_key(one)
    assert len(seen) > 30
    assert [focused for focused in seen if not focused["outlined"]] == []
    tab.get_by_role("grid", name="Tokens").press("ArrowDown")
    outline = "it => getComputedStyle(it).outlineStyle"
    assert tab.locator(".row.active").evaluate(outline) == "solid"
    one.assert_clean()
