"""The tab in another engine: a visit to it in Firefox."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from e2e.browser import tensorboard
from e2e.firefox import Firefox, NoFirefoxError, firefox, until
from e2e.tab_log import MOVER, STEPS
from e2e.test_tab import PLUGIN_FRAME, points
from PIL import Image

import tb_wordembed


@pytest.fixture
def fox() -> Iterator[Firefox]:
    try:
        with firefox() as one:
            yield one
    except NoFirefoxError as error:
        pytest.skip(str(error))


def painted(fox: Firefox) -> npt.NDArray[np.bool_]:
    """Which pixels of the map have the color of a point, ``[height, width]``."""
    drift_map = fox.find('[aria-label^="Drift map"][aria-busy="false"]')
    image = Image.open(io.BytesIO(fox.picture(drift_map))).convert("RGB")
    return points(np.asarray(image))


def at_rest(fox: Firefox) -> npt.NDArray[np.bool_]:
    """The same, once there are points that stopped moving."""
    seen = [painted(fox)]

    def rests() -> bool:
        seen.append(painted(fox))
        return seen[-1].sum() > 500 and np.array_equal(seen[-1], seen[-2])

    until(rests, "points at rest")
    return seen[-1]


def shows_step(fox: Firefox, step: int) -> None:
    fox.find(f'[aria-label="Step"][aria-valuetext="{step}"]')


@pytest.mark.browser
def test_a_visit_in_firefox(
    fox: Firefox, logdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with tensorboard(logdir) as address:
        # From another tab: a click on ours while it is open takes the keys away.
        fox.open(f"{address}#timeseries")
        fox.click(fox.find('[role="tab"]', "Word Embeddings"))
        fox.enter_frame(PLUGIN_FRAME)

        # Points are drawn.
        last = at_rest(fox)

        with capsys.disabled():
            sys.stdout.write(f"\nFirefox {fox.version}: {how_it_draws(fox)}\n")

        # A key steps, and the points move.
        shows_step(fox, STEPS - 1)
        fox.press("Home")
        shows_step(fox, 0)
        until(lambda: (painted(fox) ^ last).sum() > 2000, "points that moved")
        fox.press("End")
        fox.press("ArrowLeft")
        shows_step(fox, STEPS - 2)

        # A word is searched, picked, and shown with its neighbors.
        fox.press("/")
        for letter in MOVER:
            fox.press(letter)
        fox.find('[role="option"] .token', MOVER)
        fox.press("Enter")
        shows_neighbors(fox, logdir)

        # The copied link brings the view back, from whatever was looked at since.
        fox.click(fox.find("button", "Copy link"))
        fox.find("span", "Link copied.")
        link = pasted(fox)
        fox.press("Escape")
        fox.press("Escape")
        fox.press("Home")
        shows_step(fox, 0)
        fox.open_in_new_tab(link)
        fox.enter_frame(PLUGIN_FRAME)
        shows_step(fox, STEPS - 2)
        shows_neighbors(fox, logdir)
        at_rest(fox)

        assert fox.complaints(address) == []
        # One would have been heard.
        fox.run("setTimeout(() => { throw Error('thrown') }); console.error('logged')")
        until(lambda: len(fox.complaints(address)) == 2, "what was thrown and logged")


def how_it_draws(fox: Firefox) -> str:
    """With WebGL2, or by a plain canvas where there is none, which then is said."""
    offered = fox.run("return !!document.createElement('canvas').getContext('webgl2')")
    said = fox.run(
        "return arguments[0].map((one) => one.textContent).join()", fox.seen(".plain")
    )
    assert said == "" if offered else said.startswith("This browser offers no WebGL2:")
    return said or "the map is drawn with WebGL2."


def shows_neighbors(fox: Firefox, logdir: Path) -> None:
    """Those that the Python API finds, before and after."""
    fox.find("h2", MOVER)
    columns = fox.find('[aria-busy="false"] > wordembed-neighbor-columns')
    script = """
        const tokens = arguments[0].shadowRoot.querySelectorAll("ol .token");
        return [...tokens].map((one) => one.textContent);
    """
    series = tb_wordembed.open(logdir).series()
    change = series.neighbor_change(MOVER, 0, STEPS - 2)
    expected = [one.token for one in (*change.before, *change.after)]
    assert fox.run(script, columns) == expected


def pasted(fox: Firefox) -> str:
    """What was copied, pasted into the search."""
    fox.press("/")
    fox.press("Control", "v")
    box = fox.find('input[type="search"]')
    script = "return arguments[0].value.startsWith('http') && arguments[0].value"
    link: str = until(lambda: fox.run(script, box), "a pasted link")
    return link
