"""Layouts of a table, asked for as the page asks for them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from logs import FILE_NAME, lengthening, random_tables, write_series
from questions import ask, ask_until_done

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.analysis.layout_quality import quality
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read import layouts
from tb_wordembed.read.log import Log

TABLES = random_tables(3, 120, 6)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    write_series(tmp_path / FILE_NAME, TABLES)
    return tb_wordembed.open(tmp_path)


def test_any_components_are_those_of_one_basis(log: Log) -> None:
    pooled = np.concatenate(TABLES).astype(float)
    _, _, found = np.linalg.svd(pooled - pooled.mean(0), full_matrices=False)
    expected = (TABLES[1] - pooled.mean(0)) @ found[[4, 1]].T
    answer = ask(log, "positions", step=1, components="5.2")
    assert (answer.components, answer.job) == ([5, 2], None)
    np.testing.assert_allclose(abs(answer.positions), abs(expected), atol=1e-4)
    # Their shares are of all that can be shown, for the page to offer.
    assert len(answer.explained_variance_ratio) == 6
    assert sum(answer.explained_variance_ratio) == pytest.approx(1)


def test_components_beyond_the_dimensions_are_flat(log: Log) -> None:
    answer = ask(log, "positions", step=1, components="1.9")
    assert not answer.positions[:, 1].any()


def test_a_rule_chooses_components_that_are_not_named(tmp_path: Path) -> None:
    write_series(tmp_path / FILE_NAME, lengthening())
    log = tb_wordembed.open(tmp_path)
    for name, chosen in (("2d", [1, 0]), ("3d", [1, 0, 2])):
        answer = ask(log, "positions", step=2, components=name)
        assert (answer.components, answer.components_by_rule) == (chosen, [1, 0, 2])
        trails = ask(log, "trails", indices="3.5", components=name)
        assert trails.components == chosen
        np.testing.assert_allclose(
            trails.trails[:, 2], answer.positions[[3, 5]], atol=1e-6
        )
        judged = ask_until_done(log, "quality", step=2, components=name)
        expected = quality(lambda: [(0, log.series().table(2))], answer.positions)
        assert judged.components == chosen
        assert judged.trustworthiness == pytest.approx(expected.trustworthiness)
    named = ask(log, "positions", step=2, components="1.2")
    assert (named.components, named.components_by_rule) == ([1, 2], [1, 0, 2])


@pytest.mark.parametrize(
    "wrong", ["", "1", "4d", "0.11", "1.11", "1.2.3.4", "1,2", "-1.2", "²"]
)
def test_other_components_are_refused(log: Log, wrong: str) -> None:
    for route, more in (("positions", {"step": 1}), ("trails", {"indices": "1"})):
        with pytest.raises(ValueError, match=r"'components'.*from 0 to 10.*'1.2'"):
            ask(log, route, components=wrong, **more)


def test_axes_are_those_of_each_expression(log: Log) -> None:
    series = log.series()
    x, y, z = "#1 - #2", "#3", "#4, #5"
    axes = {"layout": "axes", "x": x, "y": y}
    flat = ask(log, "positions", step=1, **axes)
    np.testing.assert_array_equal(flat.positions[:, 0], series.axis(x, 1))
    np.testing.assert_array_equal(flat.positions[:, 1], series.axis(y, 1))
    assert (flat.expressions, flat.components) == ([x, y], [])
    deep = ask(log, "positions", step=1, **axes, z=z)
    np.testing.assert_array_equal(deep.positions[:, 2], series.axis(z, 1))


def test_what_is_wrong_with_an_axis_names_it(log: Log) -> None:
    for route, more in (("positions", {"step": 1}), ("quality", {"step": 1})):
        with pytest.raises(ValueError, match=r"'x' and 'y' are both empty.*good - bad"):
            ask(log, route, layout="axes", z="#1", **more)
        with pytest.raises(ValueError, match=r"^y: the token 'nobody' at position 1"):
            ask(log, route, layout="axes", x="#1", y="nobody", **more)


def test_one_expression_is_enough(log: Log) -> None:
    pooled = np.concatenate(TABLES).astype(float)
    along = TABLES[1][1] / np.linalg.norm(TABLES[1][1])
    rest = pooled - pooled.mean(0)
    rest -= np.outer(rest @ along, along)
    free = np.linalg.svd(rest, full_matrices=False)[2][0]
    expected = TABLES[1] @ free / np.linalg.norm(TABLES[1], axis=1)
    for place, (one, other) in enumerate((("#1", ""), ("", "#1"))):
        found = ask(log, "positions", layout="axes", step=1, x=one, y=other)
        assert found.expressions == [one, other]
        np.testing.assert_allclose(
            abs(found.positions[:, 1 - place]), abs(expected), atol=1e-4
        )
        named = log.series().axis("#1", 1)
        np.testing.assert_array_equal(found.positions[:, place], named)


@pytest.mark.parametrize(
    "picture",
    [
        {},
        {"layout": "axes", "x": "#1 - #2"},
        {"components": "3.1"},
        {"layout": "axes", "x": "#1 - #2", "y": "#3"},
        {"layout": "axes", "x": "#1 - #2", "y": "#3", "z": "#4"},
    ],
)
def test_trails_go_through_the_positions_of_all_steps(
    log: Log, picture: dict[str, str]
) -> None:
    found = ask(log, "trails", indices="7.100", **picture)
    assert (found.indices, found.steps) == ([7, 100], [0, 1, 2])
    for at, step in enumerate(found.steps):
        there = ask(log, "positions", step=step, **picture)
        # The page draws trails where both name the same picture.
        assert (there.layout, there.components, there.expressions) == (
            picture.get("layout", "pca"),
            found.components,
            found.expressions,
        )
        assert (found.layout, there.step) == (there.layout, step)
        expected = there.positions[[7, 100]]
        np.testing.assert_allclose(found.trails[:, at], expected, atol=1e-5)


def test_the_quality_is_that_of_the_layout_shown(log: Log) -> None:
    for picture in ({"components": "1.4"}, {"layout": "axes", "x": "#1", "y": "#2"}):
        places = ask(log, "positions", step=2, **picture).positions
        expected = quality(lambda: [(0, TABLES[2])], places, k=5)
        found = ask(log, "quality", step=2, k=5, **picture)
        assert found.trustworthiness == pytest.approx(expected.trustworthiness)
        assert found.continuity == pytest.approx(expected.continuity)


def test_the_mean_trust_of_the_tokens_is_the_trustworthiness(log: Log) -> None:
    for picture in (
        {"components": "1.4"},
        {"components": "1.2.3"},
        {"layout": "axes", "x": "#1", "y": "#2"},
    ):
        whole = ask(log, "quality", step=2, k=5, **picture)
        found = ask(log, "token_trust", step=2, k=5, **picture)
        assert found.values.dtype == np.float32
        assert found.values.mean() == pytest.approx(whole.trustworthiness)
        assert (found.sampled, found.population) == (120, 120)
        assert (found.components, found.expressions) == (
            whole.components,
            whole.expressions,
        )


def test_a_layout_comes_with_its_trails_and_its_quality(log: Log) -> None:
    pytest.importorskip("openTSNE", reason="the extra `layout` is not installed")
    first = ask(log, "positions", layout="tsne", step=1)
    assert (first.job is None, first.laid_out) == (False, 120)
    found = ask_until_done(log, "positions", layout="tsne", step=1)
    assert found.positions.shape == (120, 2)
    assert np.isfinite(found.positions).all()
    for k in (5, 10):
        expected = quality(lambda: [(0, TABLES[1])], found.positions, k)
        said = ask(log, "quality", layout="tsne", step=1, k=k)
        assert said.trustworthiness == pytest.approx(expected.trustworthiness)
        assert said.continuity == pytest.approx(expected.continuity)
        each = ask(log, "token_trust", layout="tsne", step=1, k=k)
        assert each.values.mean() == pytest.approx(expected.trustworthiness)
    other = ask(log, "positions", layout="tsne", step=2)
    assert other.job.id == found.job.id
    assert not np.array_equal(other.positions, found.positions)
    trail = ask(log, "trails", layout="tsne", indices="7").trails
    np.testing.assert_array_equal(trail[0, 1], found.positions[7])
    np.testing.assert_array_equal(trail[0, 2], other.positions[7])
    with pytest.raises(NotFoundError, match=r"step 7"):
        ask(log, "positions", layout="tsne", step=7)


def test_a_layout_without_its_package_says_how_to_install_it(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    found = ask_until_done(log, "positions", layout="tsne", step=1)
    assert found.job.state == "failed"
    assert "pip install tb_wordembed[layout]" in found.job.error
    assert found.positions.shape == (0, 2)
    said = ask(log, "quality", layout="tsne", step=1)
    assert (said.trustworthiness, said.sampled) == (None, 0)
    each = ask(log, "token_trust", layout="tsne", step=1)
    assert (each.values.size, each.sampled) == (0, 0)


def test_a_layout_is_made_of_the_tokens_that_a_column_count_says_are_frequent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layouts, "MOST_LAID_OUT", 3)
    counts = np.array([4, 1, 9, 2, 8, 3], float)
    with SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate(random_tables(2, 6, 4)):
            columns = {"Count": counts}
            writer.embedding("words", table, step, metadata=columns)
    log = tb_wordembed.open(tmp_path)
    assert log.series().layout_tokens() == [0, 2, 4]
    (series,) = ask(log, "index").series
    assert series.frequency_column == "Count"
