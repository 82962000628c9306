"""Seeds in the tab: what changed by more than noise."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import numpy as np
import pytest
from e2e.browser import tensorboard
from e2e.tab_log import TOKENS, VOCAB_SIZE
from e2e.test_tab import Open, open_tab, points, settled, the_map
from e2e.test_table import add_columns
from playwright.sync_api import FrameLocator, Locator, expect

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.analysis.noise import q_values

SEEDS = [f"seed {number}" for number in range(1, 6)]
CHANGED = range(40, 60)


@pytest.fixture(scope="module")
def logdir_of_seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trainings of the same words, each turned; in one of them, 20 words are others."""
    directory = tmp_path_factory.mktemp("seeds")
    rng = np.random.default_rng(0)
    words = rng.normal(size=(VOCAB_SIZE, 16))
    for run in [*SEEDS, "new"]:
        table = words + rng.normal(size=words.shape) / 4
        if run == "new":
            table[CHANGED] = rng.normal(size=(len(CHANGED), 16))
        turn = np.linalg.qr(rng.normal(size=(16, 16)))[0]
        with SnapshotWriter(directory / run) as writer:
            turned = (table @ turn).astype(np.float32)
            writer.embedding("words", turned, 1, tokens=TOKENS)
    return directory


@pytest.mark.browser
def test_what_is_beyond_noise_is_told_listed_linked_and_there_after_a_restart(
    visit: Open, logdir_of_seeds: Path
) -> None:
    log = tb_wordembed.open(logdir_of_seeds)
    series, first = log.series("new"), log.series(SEEDS[0])
    floor = series.noise_floor([log.series(run) for run in SEEDS])
    drift = series.drift(1, 1, reference=first)
    q = q_values(floor.p_values(drift))
    changed = np.flatnonzero(q <= 0.05)
    assert set(changed) >= set(CHANGED)
    said = f"{len(changed)} of {VOCAB_SIZE} beyond noise"

    with tensorboard(logdir_of_seeds) as address:
        one = visit(f"{address}#wordembed&p.wordembed.run=new")
        tab = open_tab(one)
        tab.get_by_label("Against").select_option(label=SEEDS[0])
        tab.get_by_role("button", name="Seeds").click()
        for run in SEEDS:
            tab.get_by_role("checkbox", name=run, exact=True).check()
        tab.get_by_role("checkbox", name=SEEDS[0], exact=True).press("Escape")
        button = tab.get_by_role("button", name=said)
        expect(button).to_be_visible(timeout=30_000)
        # The numbers of the first token are those of the Python API.
        add_columns(tab, "Noise: p-value", "Noise: q-value")
        top = int(np.nanargmax(drift))
        expect(row_of(tab, TOKENS[top])).not_to_contain_text("\N{EN DASH}")
        p_value, q_value = numbers(tab, TOKENS[top])[-2:]
        assert p_value == pytest.approx(floor.p_values(drift)[top], rel=0.01)
        assert q_value == pytest.approx(q[top], rel=0.01)

        # Others are faded on the map.
        drift_map = the_map(tab)
        all_points = points(settled(drift_map)).sum()
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(tab.locator("wordembed-drift-table")).to_contain_text(
            f"{len(changed)} of {VOCAB_SIZE} tokens"
        )
        assert points(settled(drift_map)).sum() < all_points / 2
        one.page.wait_for_url(re.compile("seeds=.*filter=|filter=.*seeds="))
        one.assert_clean()

    with tensorboard(logdir_of_seeds, f"--port={urlsplit(address).port}"):
        # The page that was open, and one that follows its link.
        other = visit(one.page.url)
        for page in (one.page, other.page):
            there = page.frame_locator("iframe")
            expect(there.get_by_role("button", name=said)).to_have_attribute(
                "aria-pressed", "true", timeout=30_000
            )
            expect(row_of(there, TOKENS[CHANGED[0]])).to_be_visible()
        other.assert_clean()


@pytest.mark.browser
def test_a_finding_between_runs_is_the_servers_and_leads_to_its_tokens(
    visit: Open, logdir_of_seeds: Path
) -> None:
    log = tb_wordembed.open(logdir_of_seeds)
    series, seeds = log.series("new"), [log.series(run) for run in SEEDS]
    (found,) = series.findings_between(seeds[0], seeds)
    said = sentence(found, series.tokens)
    view = {"run": "new", "referenceRun": SEEDS[0], "seeds": json.dumps(SEEDS)}
    entries = "".join(f"&p.wordembed.{name}={quote(to)}" for name, to in view.items())
    with tensorboard(logdir_of_seeds) as address:
        one = visit(f"{address}#wordembed{entries}")
        tab = open_tab(one)
        first = tab.get_by_role("button", name=f"Notice: {said}")
        expect(first).to_be_visible(timeout=30_000)
        tab.get_by_role("button", name="Health").click()
        judged = "by more than the noise of 5 seeds, at a false discovery rate of 0.05"
        differs = tab.get_by_role("list", name=f"What differs from {SEEDS[0]} {judged}")
        expect(differs.get_by_role("listitem")).to_have_count(1)
        differs.get_by_role("button", name=said).click()

        # The comparison stays, and what is furthest beyond noise comes first.
        expect(tab.get_by_label("Against").first).to_have_value(SEEDS[0])
        changed = [series.tokens[row] for row in found.rows]
        expect(tab.locator("wordembed-inspector")).to_contain_text(changed[0])
        rows = tab.get_by_role("grid", name="Tokens").get_by_role("row")
        expect(rows.nth(1)).to_contain_text(re.compile("|".join(changed)))

        tab.get_by_label("Run").first.select_option(label=SEEDS[1])
        tab.get_by_label("Against").first.select_option(label=SEEDS[0])
        expect(
            tab.get_by_text(f"Nothing differs from {SEEDS[0]} {judged}")
        ).to_be_visible(timeout=30_000)
        one.assert_clean()


def row_of(tab: FrameLocator, token: str) -> Locator:
    rows = tab.get_by_role("grid", name="Tokens").get_by_role("row")
    return rows.filter(has=tab.get_by_text(token, exact=True))


def numbers(tab: FrameLocator, token: str) -> list[float]:
    """The numbers in the row of a token."""
    cells = row_of(tab, token).get_by_role("gridcell").all_inner_texts()
    return [float(cell.replace("\N{MINUS SIGN}", "-")) for cell in cells[2:]]
