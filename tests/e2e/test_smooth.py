"""The map of many points: a stable sample while it moves, all of them at rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import Visit, tensorboard
from e2e.sized_log import Size, write_log
from e2e.test_tab import Open, at_rest, picture, points, slider, the_map
from e2e.test_table import table_rows
from playwright.sync_api import Frame, FrameLocator, Locator, Route, expect

pytestmark = pytest.mark.browser

SIZE = Size(240_000, 4, 3)
LEAST = 100_000
"""The number of points that are drawn in any case; see ``frame_budget.ts``."""
PATIENCE_MS = 60_000

WATCH = """(() => {
  const gl = WebGL2RenderingContext.prototype;
  const { bindBuffer, bufferData, drawElements } = gl;
  const held = new WeakMap();
  let bound = null;
  window.pointsDrawn = [];
  gl.bindBuffer = function (target, buffer) {
    if (target === this.ELEMENT_ARRAY_BUFFER) bound = buffer;
    return bindBuffer.call(this, target, buffer);
  };
  gl.bufferData = function (target, data, ...more) {
    if (target === this.ELEMENT_ARRAY_BUFFER) held.set(bound, data);
    return bufferData.call(this, target, data, ...more);
  };
  gl.drawElements = function (mode, count, type, offset) {
    const points = held.get(bound)?.slice(offset / 4, offset / 4 + count);
    const isSeen = this.getParameter(this.FRAMEBUFFER_BINDING) === null;
    if (count > 20_000) window.pointsDrawn.push({ isSeen, points });
    return drawElements.call(this, mode, count, type, offset);
  };
})()"""
"""Notes the rows of the points that the GPU is told to draw: on screen, or in a part of
the picture of all points."""

SAMPLES = """() => {
  const seen = window.pointsDrawn.filter(({ isSeen }) => isSeen);
  const first = new Set(seen[0]?.points);
  return seen.map(({ points }) => [
    points.length,
    new Set(points).size,
    points.reduce((sum, row) => sum + first.has(row), 0),
  ]);
}"""
"""For each frame on the way: its points, how many of them are distinct, and how many
were in the first one."""

PICTURE = """() => {
  const drawn = window.pointsDrawn;
  const parts = drawn.slice(drawn.findLastIndex(({ isSeen }) => isSeen) + 1);
  const points = parts.flatMap(({ points }) => [...points]);
  return [parts.length, points.length, new Set(points).size];
}"""
"""For the picture that was drawn last: its parts, its points, and how many of them are
distinct."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logdir: Path = tmp_path_factory.mktemp("many")
    write_log(logdir, SIZE)
    with tensorboard(logdir) as found:
        yield found


@pytest.fixture
def one(visit: Open, address: str) -> Iterator[Visit]:
    opened = visit("about:blank")
    opened.page.set_default_timeout(PATIENCE_MS)
    opened.address = address
    opened.page.add_init_script(WATCH)
    opened.page.emulate_media(reduced_motion="no-preference")
    yield opened
    opened.assert_clean()


def opened(one: Visit) -> tuple[Frame, FrameLocator, Locator]:
    """The tab, once its map rests."""
    one.page.goto(f"{one.address}#wordembed")
    tab = one.page.frame_locator("iframe")
    expect(tab.get_by_text("of differences shown")).to_be_visible(timeout=PATIENCE_MS)
    frame = next(found for found in one.page.frames if "name=wordembed" in found.url)
    return frame, tab, at_rest(the_map(tab))


def looks(drift_map: Locator) -> npt.NDArray[np.bool_]:
    """Which pixels have a color, but for the frame of a map that has the focus."""
    return points(picture(drift_map))[8:-8, 8:-8]


def play_to_the_end(tab: FrameLocator) -> None:
    step = slider(tab)
    step.press("Home")
    expect(step).to_have_attribute("aria-valuetext", "0")
    tab.get_by_label("Steps per second").select_option("1")
    tab.get_by_role("button", name="Play", exact=True).click()
    expect(step).to_have_attribute("aria-valuetext", str(SIZE.steps - 1))
    play = tab.get_by_role("button", name="Play", exact=True)
    expect(play).to_be_visible(timeout=PATIENCE_MS)


def test_a_sample_is_drawn_on_the_way_and_everything_at_rest(one: Visit) -> None:
    """One visit: opening so many points takes longer than what is done there."""
    frame, tab, drift_map = opened(one)
    playing_draws_a_stable_sample_and_rest_draws_everything(frame, tab, drift_map)
    a_sample_looks_about_as_dense_as_all_points(frame, drift_map)
    one.page.emulate_media(reduced_motion="reduce")
    a_zoom_ends_with_everything(frame, drift_map)


def playing_draws_a_stable_sample_and_rest_draws_everything(
    frame: Frame, tab: FrameLocator, drift_map: Locator
) -> None:
    before = looks(drift_map)
    frame.evaluate("() => { window.pointsDrawn = []; }")
    play_to_the_end(tab)
    at_rest(drift_map)
    # At rest all points are drawn, each once, a part at a time.
    parts, size, distinct = frame.evaluate(PICTURE)
    assert size == distinct == SIZE.rows
    assert parts > 1
    # On the way the same ones, but for those that are ranked otherwise at another step.
    samples = frame.evaluate(SAMPLES)
    assert len(samples) > 4
    for size, distinct, same in samples:
        assert LEAST <= size == distinct < SIZE.rows
        assert same > 0.95 * min(size, samples[0][0])
    # What was seen before is seen again, but for labels, which stay where they were.
    assert (looks(drift_map) ^ before).sum() < before.sum() / 5


def a_sample_looks_about_as_dense_as_all_points(
    frame: Frame, drift_map: Locator
) -> None:
    whole = looks(drift_map)
    frame.evaluate(
        """() => {
          const app = document.querySelector("wordembed-app").shadowRoot;
          window.map = app.querySelector("wordembed-map-pane").scatter;
          // As between two steps of a film that plays slowly: the map comes to no rest.
          window.map.isPlaying = true;
          window.map.viewpoint.zoomBy(1 + 1e-9);
        }"""
    )
    expect(drift_map.locator("canvas[data-partial]")).to_have_count(1)
    some = looks(drift_map)
    assert whole.sum() / 2 < some.sum() <= 1.05 * whole.sum()
    frame.evaluate("() => { window.map.isPlaying = false; window.map.redraw(); }")
    assert np.array_equal(looks(at_rest(drift_map)), whole)


def a_zoom_ends_with_everything(frame: Frame, drift_map: Locator) -> None:
    drift_map.focus()
    drift_map.press("0")
    before = looks(at_rest(drift_map))
    frame.evaluate("() => { window.pointsDrawn = []; }")
    drift_map.press("+")
    at_rest(drift_map)
    assert frame.evaluate(PICTURE)[1:] == [SIZE.rows, SIZE.rows]
    assert (looks(drift_map) ^ before).sum() > 500
    drift_map.press("0")
    # But for labels, which stay where they were.
    assert (looks(at_rest(drift_map)) ^ before).sum() < before.sum() / 5


def test_without_webgl2_the_topmost_points_are_the_same_at_rest_and_on_the_way(
    one: Visit,
) -> None:
    one.page.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
          return kind === "webgl2" ? null : get.call(this, kind, ...more);
        };"""
    )
    _, tab, drift_map = opened(one)
    before = looks(drift_map)
    assert before.sum() > 2000
    play_to_the_end(tab)
    assert (looks(at_rest(drift_map)) ^ before).sum() < before.sum() / 5


def test_the_points_are_drawn_before_the_tokens_are_known(one: Visit) -> None:
    held: list[Route] = []
    one.page.route("**/plugin/wordembed/tokens?*", lambda route: held.append(route))
    one.page.goto(f"{one.address}#wordembed")
    tab = one.page.frame_locator("iframe")
    drift_map = the_map(tab)
    legend = tab.locator("wordembed-map-legend")
    expect(legend).to_contain_text("Drift", timeout=PATIENCE_MS)
    nameless = looks(at_rest(drift_map))
    assert nameless.sum() > 2000
    (asked,) = held
    asked.continue_()
    expect(table_rows(tab).first).to_contain_text("word")
    named = looks(at_rest(drift_map))
    # Labels lie on top of points now.
    assert 0 < (named ^ nameless).sum() < nameless.sum() / 2
