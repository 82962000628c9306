"""The two viewers in a real browser: how each is opened, and taken to another step."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import CDPSession, Frame, Page, sync_playwright
from server import PATIENCE, Server

MS = 1e-3
IDLE_MS = 2000
WIDTH, HEIGHT = 1440, 900
ARGUMENTS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""WebGL in software, so that the machine's GPU, if it has one, does not matter."""


class Traffic:
    """Bytes that came over the network, headers included, as they were sent."""

    def __init__(self, session: CDPSession) -> None:
        self.received = 0
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._count)

    def _count(self, event: dict[str, float]) -> None:
        self.received += int(event["encodedDataLength"])


@dataclass
class Opened:
    """A viewer with points on screen."""

    page: Page
    frame: Frame
    traffic: Traffic
    session: CDPSession
    seconds: float
    """From the click on its tab, in a TensorBoard at rest, to the first points."""

    def settle(self) -> int:
        """Waits until nothing has come over the network for a while; gives the bytes
        that had come by then."""
        before = -1
        while before != self.traffic.received:
            before = self.traffic.received
            self.page.wait_for_timeout(IDLE_MS)
        return before

    def wants_motion(self, wanted: bool) -> None:
        """Sets what the user wants of motion; TensorBoard's page looks at it, too."""
        motion: Literal["no-preference", "reduce"]
        motion = "no-preference" if wanted else "reduce"
        self.page.emulate_media(reduced_motion=motion)
        self.page.wait_for_timeout(IDLE_MS)

    def heap(self) -> int:
        """Bytes of objects and array buffers that are in use."""
        self.session.send("HeapProfiler.collectGarbage")
        usage = self.session.send("Runtime.getHeapUsage")
        return int(usage["usedSize"] + usage.get("backingStorageSize", 0))


@contextlib.contextmanager
def opened(
    server: Server, tab: str, home: str, points: int, ready: str, view: str = ""
) -> Iterator[Opened]:
    """Opens TensorBoard on its charts, lets it come to rest, and clicks a tab.

    Args:
      server: whose tab.
      tab: its label.
      home: what the address of its frame contains.
      points: that it has to draw.
      ready: JavaScript, true in the frame once they are those of the log.
      view: what a link to it says, from ``&`` on.
    """
    path = os.environ.get("TB_WORDEMBED_CHROMIUM", shutil.which("chromium"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path or None, args=list(ARGUMENTS)
        )
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        script = Path(__file__).with_name("drawn.js").read_text(encoding="utf-8")
        wanted = f"drawn.opened = drawn.first({points}, () => {ready});"
        context.add_init_script(f"{script}\n{wanted}")
        page = context.new_page()
        # The page may be busy for long.
        page.set_default_timeout(PATIENCE / MS)
        session = context.new_cdp_session(page)
        traffic = Traffic(session)
        page.goto(f"{server.url}#timeseries{view}")
        button = page.get_by_role("tab", name=tab)
        button.wait_for()
        page.wait_for_timeout(IDLE_MS)
        traffic.received = 0
        button.click()
        frame = found(page, home)
        drawn = frame.evaluate("drawn.opened")
        clicked = page.evaluate("drawn.clicked")
        yield Opened(page, frame, traffic, session, (drawn - clicked) * MS)
        browser.close()


def found(page: Page, home: str) -> Frame:
    """Returns the frame at an address, once it is there."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        for frame in page.frames:
            if home in frame.url:
                return frame
        page.wait_for_timeout(20)
    raise TimeoutError(f"no frame of {home}; there are {[f.url for f in page.frames]}")


OURS = "document.querySelector('wordembed-app')?.store.state"
OURS_READY = f"{OURS}?.slots.positions.value !== null && {OURS} !== undefined"


def open_ours(server: Server, points: int) -> contextlib.AbstractContextManager[Opened]:
    """Opens our tab."""
    return opened(server, "Word Embeddings", "name=wordembed", points, OURS_READY)


def open_pair(
    server: Server, points: int, other: str
) -> contextlib.AbstractContextManager[Opened]:
    """Opens our tab with another run beside the first, each with so many points."""
    view = f"&p.wordembed.referenceRun={other}&p.wordembed.mapRuns=both"
    ready = f"{OURS_READY} && {OURS}.slots.referencePositions.value !== null"
    return opened(server, "Word Embeddings", "name=wordembed", points, ready, view)


def step_ours(one: Opened, step: int, points: int, *, key: str = "ArrowLeft") -> float:
    """Goes to a step by key as a user who asked for no motion; seconds until its points
    are drawn where they are."""
    one.wants_motion(False)
    there = f"() => {OURS}.slots.positions.value?.step === {step}"
    return _after_key(one, key, f"[drawn.first({points}, {there})]")[0]


def move_ours(one: Opened, step: int, points: int) -> tuple[float, float]:
    """Goes to the step before by key; seconds until its points are first seen to have
    moved towards it, and until they have come to rest there."""
    one.wants_motion(True)
    there = f"() => {OURS}.slots.positions.value?.step === {step}"
    # In the first frame of a motion the points are where they were.
    wait = f"[drawn.first({points}, {there}, 2), drawn.rest({there})]"
    moved, at_rest = _after_key(one, "ArrowLeft", wait)
    return moved, at_rest


def _after_key(one: Opened, key: str, waits: str) -> list[float]:
    """Presses a key on the timeline; seconds from there until each of some promises of
    times, an array in JavaScript, is kept."""
    one.frame.locator("[role=slider][aria-label=Step]").focus()
    one.frame.evaluate(f"() => {{ drawn.waits = Promise.all({waits}); }}")
    one.page.keyboard.press(key)
    times = one.frame.evaluate("drawn.waits")
    pressed = one.frame.evaluate("drawn.key")
    return [float(time - pressed) * MS for time in times]


PROJECTOR = (
    "document.querySelector('vz-projector-dashboard')?.shadowRoot"
    "?.querySelector('vz-projector')"
)
PROJECTED = (
    f"{PROJECTOR}?.dataSet?.projections['pca-0']"
    f" && {PROJECTOR}.projection?.dataSet === {PROJECTOR}.dataSet"
)


def open_projector(
    server: Server, points: int
) -> contextlib.AbstractContextManager[Opened]:
    """Opens the Projector's own tab."""
    return opened(server, "Projector", "projector_binary.html", points, PROJECTED)


def step_projector(one: Opened, tensor: str, points: int) -> float:
    """Chooses another tensor from its list, the nearest it has to a step; seconds until
    its points are drawn."""
    taken = one.frame.evaluate(
        f"""async () => {{
          const before = {PROJECTOR}.dataSet;
          const panel = {PROJECTOR}.shadowRoot.querySelector("vz-projector-data-panel");
          const items = [...panel.shadowRoot.querySelectorAll("paper-item")];
          const item = items.find((one) => one.label === "{tensor}");
          const ready = () => {PROJECTOR}.dataSet !== before && {PROJECTED};
          const done = drawn.first({points}, ready);
          const from = drawn.now();
          item.click();
          return (await done) - from;
        }}"""
    )
    return float(taken) * MS
