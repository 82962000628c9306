"""The tab while a writer is killed, and while its file is cut, under it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.browser import Visit, tensorboard
from e2e.tab_log import MOVER, TOKENS, table_at
from e2e.test_server import get
from e2e.test_tab import Open, at_rest, open_tab, points, settled, slider, the_map
from playwright.sync_api import FrameLocator, expect

import tb_wordembed

pytestmark = pytest.mark.tensorboard_page

WRITER = """
import io
import pathlib
import sys
import time

from e2e.large_log import table_at, write_step
from tb_wordembed import SnapshotWriter

stops = False


class File(io.FileIO):
    def write(self, part):
        if not stops or len(part) < 1 << 18:
            return super().write(part)
        super().write(part[: len(part) // 2])
        print("halfway", flush=True)
        time.sleep(600)


pathlib.Path.open = lambda path, mode, buffering: File(path, mode)
with SnapshotWriter(sys.argv[1]) as writer:
    for step in range(2):
        write_step(writer, step)
    print("two steps", flush=True)
    sys.stdin.readline()
    stops = True
    write_step(writer, 2)
"""


@contextlib.contextmanager
def writer_process(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """Writes two steps, and half of a third when it is sent a line."""
    tests = Path(__file__).resolve().parents[1]
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(tests)]))
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def says(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def reload(one: Visit) -> None:
    """Clicks TensorBoard's reload, and waits until our index was asked for."""
    with one.page.expect_response(lambda answer: "/wordembed/index" in answer.url):
        one.page.locator("button.reload-button").first.click()


def expect_no_complaint(tab: FrameLocator) -> None:
    expect(tab.get_by_role("grid", name="Tokens")).to_be_visible()
    expect(tab.locator("wordembed-notices")).to_have_text("")


def expect_steps(address: str, steps: list[int]) -> None:
    index = get(address, "plugin/wordembed/index")
    assert [one["steps"] for one in index["series"]] == [steps]
    assert index["problems"] == []


@pytest.mark.browser
def test_a_writer_is_killed_in_the_middle_of_a_snapshot(
    visit: Open, tmp_path: Path
) -> None:
    from e2e.large_log import table_at, write_step

    run = tmp_path / "embeddings"
    with writer_process(run) as process:
        assert says(process) == "two steps"
        (file,) = run.iterdir()
        whole = file.stat().st_size
        with tensorboard(tmp_path) as address:
            one = visit(address)
            tab = open_tab(one)
            step = slider(tab)
            expect(step).to_have_attribute("aria-valuetext", "1")

            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
            assert says(process) == "halfway"
            assert 0 < file.stat().st_size - whole < table_at(2).nbytes
            reload(one)
            expect_no_complaint(tab)

            process.kill()
            process.wait(10)
            reload(one)
            expect_no_complaint(tab)
            expect(step).to_have_attribute("aria-valuetext", "1")
            expect_steps(address, [0, 1])
            assert points(settled(the_map(tab))).sum() > 500

            # Training is resumed, in a file of its own.
            with tb_wordembed.SnapshotWriter(run) as writer:
                write_step(writer, 2)
                reload(one)
                expect(step).to_have_attribute("aria-valuetext", "2")
                expect_no_complaint(tab)
                expect_steps(address, [0, 1, 2])
            one.assert_clean()


@pytest.mark.browser
def test_a_file_is_cut_in_half_under_the_open_tab(visit: Open, logdir: Path) -> None:
    with tensorboard(logdir) as address:
        one = visit(address)
        tab = open_tab(one)
        step = slider(tab)
        expect(step).to_have_attribute("aria-valuetext", "5")
        at_rest(the_map(tab))

        (file,) = (logdir / "embeddings").iterdir()
        with file.open("r+b") as opened:
            opened.truncate(file.stat().st_size // 2)
        left = tb_wordembed.open(logdir).series().steps
        assert 1 < len(left) < 6
        reload(one)
        expect(step).to_have_attribute("aria-valuetext", str(left[-1]))
        expect_no_complaint(tab)
        expect_steps(address, left)

        # What is left can still be looked at.
        step.focus()
        step.press("Home")
        expect(step).to_have_attribute("aria-valuetext", "0")
        assert points(settled(the_map(tab))).sum() > 500
        tab.get_by_label("Find a token").fill(MOVER)
        tab.get_by_role("row").get_by_text(MOVER, exact=True).click()
        expect(tab.get_by_role("heading", name=MOVER)).to_be_visible()
        expect_no_complaint(tab)
        one.assert_clean()


@pytest.mark.browser
def test_a_reload_that_failed_is_made_up_for(visit: Open, logdir: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with tensorboard(logdir, "--port", port) as address:
        one = visit(address)
        tab = open_tab(one)
        expect(slider(tab)).to_have_attribute("aria-valuetext", "5")
    one.page.locator("button.reload-button").first.click()
    expect(tab.locator("wordembed-notices")).to_contain_text("is not answering")
    with tb_wordembed.SnapshotWriter(logdir / "embeddings") as writer:
        for step in range(6, 25):
            writer.embedding("words", table_at(5), step, tokens=TOKENS)
    with tensorboard(logdir, "--port", port):
        said = tab.get_by_text("TensorBoard is back: 19 new steps.")
        expect(said).to_be_visible(timeout=30_000)
        expect(slider(tab)).to_have_attribute("aria-valuetext", "24")
        expect_no_complaint(tab)
