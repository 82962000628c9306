"""A frame of the map while it plays: beside a bare page's, of many points, with layers.

All in one Chromium with WebGL in software, in turn. A bare WebGL2 page draws as many
points of one size on a canvas of the same size, which move between two steps. It has no
labels, colors or picking, and draws nothing but the points. A tab of a million points
plays beside one of 100,000, and both without layers and with those that describe the
points: regions, density and flow.

What a frame costs is the time from its beginning until its pixels can be read back, on
a GPU at rest. The time from a frame to the next has in it what the browser does to put
the whole page together, TensorBoard's and ours against an empty one: see decision 8.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from browser import Size, fresh_cache, wait_for_steps, write_ours
from measure import Target, in_turn, ratio, scratch, start
from playwright.sync_api import BrowserContext, Frame, Page, sync_playwright
from server import PATIENCE, tensorboard
from viewers import ARGUMENTS, HEIGHT, IDLE_MS, MS, OURS, WIDTH, found

SECONDS = 6
HERE = Path(__file__).parent

KINDS = {
    "own": "a playing frame of {}",
    "pace": "from a playing frame of {} to the next",
}
"""What is measured of frames; see frames.js."""

LAYERS = ("regions", "density", "flow")


def main() -> None:
    """Measures all in one browser."""
    quick = start(__doc__ or "")
    few = Size(20_000, 64, 6) if quick else Size(100_000, 64, 6)
    many = Size(200_000, 16, 5) if quick else Size(1_000_000, 16, 5)
    with (
        scratch(2 * few.bytes + 2 * many.bytes) as directory,
        fresh_cache(),
        chromium() as context,
        tab(context, directory / "few", few) as ours,
        tab(context, directory / "many", many) as large,
    ):
        rounds = 3 if quick else 9
        beside_bare(context, ours, rounds, quick)
        for kind in KINDS:
            beside(kind, large, ours, rounds, Target("<=", 1.5))
        for one in (ours, large):
            with_layers(one, rounds)


@dataclass(frozen=True)
class Tab:
    """Our tab on a log, with its points on the map."""

    page: Page
    frame: Frame
    size: Size

    @property
    def points(self) -> str:
        """How many it has, in words."""
        return f"{self.size.rows:,} points"


@contextlib.contextmanager
def chromium() -> Iterator[BrowserContext]:
    """Starts a browser whose frames are timed."""
    path = os.environ.get("TB_WORDEMBED_CHROMIUM", shutil.which("chromium"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path or None, args=list(ARGUMENTS)
        )
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        context.set_default_timeout(PATIENCE / MS)
        context.add_init_script(path=HERE / "frames.js")
        yield context
        browser.close()


@contextlib.contextmanager
def tab(context: BrowserContext, directory: Path, size: Size) -> Iterator[Tab]:
    """Writes a log and opens our tab on it."""
    write_ours(directory, size)
    with tensorboard(directory) as server:
        wait_for_steps(server, size)
        page = context.new_page()
        page.goto(f"{server.url}#wordembed")
        frame = found(page, "name=wordembed")
        frame.get_by_text("of differences shown").wait_for()
        page.wait_for_timeout(IDLE_MS)
        yield Tab(page, frame, size)


def beside_bare(context: BrowserContext, ours: Tab, rounds: int, quick: bool) -> None:
    """Compares frames of our tab to those of a bare page of its size."""
    width, height = ours.frame.evaluate(
        f"() => {{ const {{ canvas }} = {PANE}.scatter;"
        " return [canvas.width, canvas.height]; }"
    )
    side = ours.frame.evaluate(
        f"() => ({PANE}.scatter.drawing.appearance.diameter + 1) * devicePixelRatio"
    )
    bare = context.new_page()
    bare.goto((HERE / "bare.html").as_uri())
    bare.evaluate(f"() => begin({ours.size.rows}, {side}, {width}, {height})")
    for kind, what in KINDS.items():
        seen = in_turn(
            {
                "ours": partial(cost_ours, ours, kind),
                "bare": partial(cost_bare, bare, kind),
            },
            rounds,
        )
        # The target is that of the full size.
        target = None if kind != "own" or quick else Target("<=", 1.3)
        ratio(
            what.format(ours.points),
            seen["ours"],
            "a bare page's",
            seen["bare"],
            target,
        )
    bare.close()


def beside(kind: str, large: Tab, small: Tab, rounds: int, target: Target) -> None:
    """Compares frames of a large table to those of a small one."""
    seen = in_turn(
        {
            "large": partial(cost_ours, large, kind),
            "small": partial(cost_ours, small, kind),
        },
        rounds,
    )
    what = KINDS[kind].format(large.points)
    ratio(what, seen["large"], f"that of {small.points}", seen["small"], target)


def with_layers(one: Tab, rounds: int) -> None:
    """Compares frames with layers to those without."""
    seen = in_turn(
        {
            "layers": partial(cost_ours, one, "own", LAYERS),
            "none": partial(cost_ours, one, "own"),
        },
        rounds,
    )
    what = f"{KINDS['own'].format(one.points)} with {', '.join(LAYERS)}"
    ratio(what, seen["layers"], "that without", seen["none"])


PANE = (
    "document.querySelector('wordembed-app').shadowRoot"
    ".querySelector('wordembed-map-pane')"
)


def cost_ours(one: Tab, kind: str, layers: tuple[str, ...] = ()) -> float:
    """Returns the cost of a frame while the steps play, over and over."""
    update(one, f"view: {{ ...state.view, layers: {json.dumps(layers)} }}")
    playing = "{ ...state.passing, playing: true, loop: true, speed: 1 }"
    update(one, f"passing: {playing}")
    taken = cost(one.page, one.frame, kind)
    update(one, "passing: { ...state.passing, playing: false, loop: false }")
    assert one.frame.evaluate(f"() => {OURS}.passing.playing") is False
    return taken


def update(one: Tab, change: str) -> None:
    """Changes the state of the page."""
    store = "document.querySelector('wordembed-app').store"
    one.frame.evaluate(f"() => {store}.update((state) => ({{ ...state, {change} }}))")


def cost_bare(page: Page, kind: str) -> float:
    """Returns the cost of a frame of the bare page, which draws only then."""
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
