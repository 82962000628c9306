"""A step of the Projector inside our tab costs at most its own switch of tensors.

The same tables in a real TensorBoard and a real browser: in the Projector's own tab,
where each step is a tensor in its menu, and in ours, where the timeline is stepped. A
step ends when the points of the other table have been drawn.
"""

from __future__ import annotations

import contextlib
import io
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from measure import Target, in_turn, ratio, scratch, skipped, start
from server import tensorboard

from tb_wordembed import SnapshotWriter
from tb_wordembed.cli import main as command_line

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

STEPS = 12
PATIENCE_MS = 120_000

PROJECTOR = (
    "querySelector('vz-projector-dashboard')?.shadowRoot?.querySelector('vz-projector')"
)
INSIDE_OURS = (
    "document.querySelector('wordembed-app')?.shadowRoot"
    "?.querySelector('wordembed-projector-pane')?.shadowRoot"
    f"?.querySelector('iframe')?.contentDocument?.{PROJECTOR}"
)
IS_DRAWN = """projector => projector?.dataSet != null
  && projector.projection?.dataSet === projector.dataSet"""
STEP = """async ([find, isDrawn, act]) => {
  const projector = eval(find);
  const drawn = eval(isDrawn);
  const before = projector.dataSet;
  const frame = () => new Promise((done) =>
    projector.ownerDocument.defaultView.requestAnimationFrame(done));
  const begin = performance.now();
  eval(act);
  while (projector.dataSet === before || !drawn(projector)) await frame();
  await frame();
  return (performance.now() - begin) / 1000;
}"""
"""Does something, and takes the seconds until other points have been drawn."""

PRESS = "document.dispatchEvent(new KeyboardEvent('keydown', {key: '%s'}))"


@dataclass
class Side:
    """A Projector on screen, and what steps it to and fro."""

    page: Page
    frame: Frame
    find: str
    acts: list[str]

    def step(self) -> float:
        """Seconds of a step."""
        self.page.bring_to_front()
        # Whatever the last step left to do.
        self.page.wait_for_timeout(1500)
        act = self.acts.pop(0)
        self.acts.append(act)
        return float(self.frame.evaluate(STEP, [self.find, IS_DRAWN, act]))


def main() -> None:
    """Measures both in one browser."""
    quick = start(__doc__ or "")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skipped("everything", "playwright is not installed")
        return
    rows, columns, rounds = (2_000, 128, 5) if quick else (10_000, 128, 9)
    with contextlib.ExitStack() as stack:
        logdir = stack.enter_context(scratch(12 * STEPS * rows * columns))
        write(logdir, rows, columns)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                *("--no-sandbox", "--use-angle=swiftshader"),
                "--enable-unsafe-swiftshader",
            ],
        )
        stack.callback(browser.close)
        address = stack.enter_context(tensorboard(logdir)).url
        own = open_tab(browser.new_page(), f"{address}#projector")
        ours = open_tab(
            browser.new_page(), f"{address}#wordembed&p.wordembed.pane=projector"
        )
        sides = {"own": own_side(own), "ours": our_side(ours)}
        found = in_turn({name: one.step for name, one in sides.items()}, rounds)
    ratio(
        f"a step at {rows:,} x {columns}",
        found["ours"],
        "its own switch of tensors",
        found["own"],
        Target("<=", 1),
    )


def write(logdir: Path, rows: int, columns: int) -> None:
    """Snapshots, and the same for the Projector's own tab."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(rows, columns)).astype(np.float32)
    drift = rng.normal(size=(20, columns))[np.arange(rows) % 20].astype(np.float32)
    with SnapshotWriter(logdir / "embeddings") as writer:
        for step in range(STEPS):
            writer.embedding(
                "words",
                table + step * drift / 2,
                step,
                tokens=[f"word{row}" for row in range(rows)],
                metadata={"frequency": np.arange(rows, 0, -1)},
            )
    with contextlib.redirect_stdout(io.StringIO()):
        command_line(["export", str(logdir), "--projector", "--steps", "all"])


def open_tab(page: Page, url: str) -> Page:
    """Opens one of TensorBoard's tabs at a usual size."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(url)
    return page


def own_side(page: Page) -> Side:
    """Opens the Projector's own tab, which is active some time after the start."""
    find = f"document.{PROJECTOR}"
    frame = drawn(page, "plugin/projector/projector_binary.html", find)
    names: list[str] = frame.evaluate(
        f"{find}.dataPanel.tensorNames.map(({{name}}) => name)"
    )
    acts = [f"({find}).dataPanel.selectedTensor = {name!r}" for name in names[1:]]
    return Side(page, frame, find, acts)


def our_side(page: Page) -> Side:
    """Opens our tab, with nothing but the Projector in it."""
    frame = drawn(page, "plugin_entry.html?name=wordembed", INSIDE_OURS)
    acts = [PRESS % key for key in ("ArrowLeft",)]
    return Side(page, frame, INSIDE_OURS, acts)


def drawn(page: Page, address: str, find: str) -> Frame:
    """Returns the frame at an address, once a Projector in it shows its points."""
    page.bring_to_front()
    for _ in range(PATIENCE_MS // 500):
        page.wait_for_timeout(500)
        for frame in page.frames:
            if address in frame.url and frame.evaluate(f"({IS_DRAWN})({find})"):
                return frame
    raise TimeoutError(f"no Projector was drawn at {address}")


if __name__ == "__main__":
    main()
