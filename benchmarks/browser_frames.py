"""A frame of the map while it plays, beside a bare WebGL2 page with as many points.

Both in one Chromium with WebGL in software, in turn, on canvases of one size, with
points of one size, which move between two steps. The bare page has no labels, colors or
picking, and draws nothing but the points.

What a frame costs is the time from its beginning until its pixels can be read back, on
a GPU at rest. The time from a frame to the next has in it what the browser does to put
the whole page together, TensorBoard's and ours against an empty one: see decision 8.
"""

from __future__ import annotations

import os
import shutil
import statistics
from functools import partial
from pathlib import Path

from browser import Size, fresh_cache, wait_for_steps, write_ours
from measure import Target, in_turn, ratio, scratch, start
from playwright.sync_api import Frame, Page, sync_playwright
from server import PATIENCE, Server, tensorboard
from viewers import ARGUMENTS, HEIGHT, IDLE_MS, MS, OURS, WIDTH, found

SECONDS = 6
HERE = Path(__file__).parent


def main() -> None:
    """Measures both in one browser."""
    quick = start(__doc__ or "")
    size = Size(20_000, 64, 6) if quick else Size(100_000, 64, 6)
    with scratch(2 * size.bytes) as directory:
        write_ours(directory, size)
        with fresh_cache(), tensorboard(directory) as server:
            wait_for_steps(server, size)
            frames(server, size, rounds=3 if quick else 9)


def frames(server: Server, size: Size, rounds: int) -> None:
    """Opens our tab, then measures frames of it and of a bare page of its size."""
    path = os.environ.get("TB_WORDEMBED_CHROMIUM", shutil.which("chromium"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path or None, args=list(ARGUMENTS)
        )
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        context.add_init_script(path=HERE / "frames.js")
        page = context.new_page()
        page.set_default_timeout(PATIENCE / MS)
        page.goto(f"{server.url}#wordembed")
        tab = found(page, "name=wordembed")
        tab.get_by_text("of differences shown").wait_for()
        page.wait_for_timeout(IDLE_MS)
        width, height = tab.evaluate(
            f"() => {{ const {{ canvas }} = {PANE}.exported.scatter;"
            " return [canvas.width, canvas.height]; }"
        )
        side = tab.evaluate(
            f"() => ({PANE}.exported.scatter.drawing.appearance.diameter + 1)"
            " * devicePixelRatio"
        )
        bare = context.new_page()
        bare.goto((HERE / "bare.html").as_uri())
        bare.evaluate(f"() => begin({size.rows}, {side}, {width}, {height})")
        for kind, what in KINDS.items():
            seen = in_turn(
                {
                    "ours": partial(cost_ours, page, tab, kind),
                    "bare": partial(cost_bare, bare, kind),
                },
                rounds,
            )
            ratio(
                what.format(f"{size.rows:,} points"),
                seen["ours"],
                "a bare page's",
                seen["bare"],
                None if kind != "own" or quick_size(size) else Target("<=", 1.3),
            )
        browser.close()


KINDS = {
    "own": "a playing frame of {}",
    "pace": "from a playing frame of {} to the next",
}
"""What is measured of frames; see frames.js."""


PANE = (
    "document.querySelector('wordembed-app').shadowRoot"
    ".querySelector('wordembed-panes').shadowRoot"
    ".querySelector('wordembed-map-pane')"
)


def quick_size(size: Size) -> bool:
    """The target is that of the full size."""
    return size.rows < 100_000


def cost_ours(page: Page, tab: Frame, kind: str) -> float:
    """Of a frame while the steps play, over and over."""
    store = "document.querySelector('wordembed-app').store"
    playing = "{ ...state.passing, playing: true, loop: true, speed: 1 }"
    tab.evaluate(
        f"() => {store}.update((state) => ({{ ...state, passing: {playing} }}))"
    )
    taken = cost(page, tab, kind)
    stopped = "{ ...state.passing, playing: false, loop: false }"
    tab.evaluate(
        f"() => {store}.update((state) => ({{ ...state, passing: {stopped} }}))"
    )
    assert tab.evaluate(f"() => {OURS}.passing.playing") is False
    return taken


def cost_bare(page: Page, kind: str) -> float:
    """Of a frame of the bare page, which draws only while it is measured."""
    page.evaluate("() => play(true)")
    taken = cost(page, page.main_frame, kind)
    page.evaluate("() => play(false)")
    return taken


def cost(page: Page, frame: Frame, kind: str) -> float:
    """Seconds of the median frame, for a while in which only this page is seen."""
    page.bring_to_front()
    page.wait_for_timeout(IDLE_MS)
    frame.evaluate("(kind) => { frameCosts = { kind, costs: [] }; }", kind)
    page.wait_for_timeout(1000 * SECONDS)
    costs: list[float] = frame.evaluate("frameCosts.costs")
    return MS * statistics.median(costs)


if __name__ == "__main__":
    main()
