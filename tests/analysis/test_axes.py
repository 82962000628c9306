from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from strategies import blocks, rotations, tables

from tb_wordembed.analysis.axes import (
    Term,
    analogy,
    coordinates,
    direction,
    look_up,
    orthogonal_component,
    parse,
)
from tb_wordembed.analysis.block_sums import moments


def parsed(expression: str) -> list[tuple[float, str]]:
    return [(term.weight, term.token) for term in parse(expression)]


@pytest.mark.parametrize(
    ("expression", "terms"),
    [
        ("good", [(1, "good")]),
        ("good - bad", [(1, "good"), (-1, "bad")]),
        ("good-bad", [(1, "good"), (-1, "bad")]),
        ("- bad", [(-1, "bad")]),
        ("king - man + woman", [(1, "king"), (-1, "man"), (1, "woman")]),
        ("good, great - bad", [(0.5, "good"), (0.5, "great"), (-1, "bad")]),
        ("(good, great) - (bad)", [(0.5, "good"), (0.5, "great"), (-1, "bad")]),
        ("x - (a, b)", [(1, "x"), (-0.5, "a"), (-0.5, "b")]),
        ("\"new york\" - 'x'", [(1, "new york"), (-1, "x")]),
        ("'good-natured' - '-'", [(1, "good-natured"), (-1, "-")]),
        ("'it''s' - \"'\"", [(1, "it's"), (-1, "'")]),
        ("don't - ##ing", [(1, "don't"), (-1, "##ing")]),
        ("'' - <unk>", [(1, ""), (-1, "<unk>")]),
        ("good - good", [(1, "good"), (-1, "good")]),
        ("Ärger -\t愛 ", [(1, "Ärger"), (-1, "愛")]),
    ],
)
def test_expressions(expression: str, terms: list[tuple[float, str]]) -> None:
    assert parsed(expression) == terms


def test_positions_count_from_one() -> None:
    assert [term.position for term in parse(" a - (b,'c d')")] == [2, 7, 9]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "'' ends where a token should follow"),
        ("good -", "'good -' ends where a token should follow"),
        ("good - - bad", "at position 8 is '-'; expected a token"),
        ("new york - x", r"at position 5 is 'york'; expected \+, - or a comma \(quote"),
        ("'new york - x", "at position 1 the quote ' is never closed"),
        ("(good, great", "ends where a comma or \\) should follow"),
        ("(good - bad)", "at position 7 is '-'; expected a comma or \\)"),
        ("good) - bad", "at position 5 is '\\)'; expected"),
        ("good,, bad", "at position 6 is ','; expected a token"),
        ("() - bad", "at position 2 is '\\)'; expected a token"),
        ("a + ((b))", "at position 6 is '\\('; expected a token"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(expression: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(expression)


@given(st.text(st.sampled_from("ab -+,()'\""), max_size=12))
def test_any_text_is_read_or_refused_in_words(expression: str) -> None:
    refused = ""
    try:
        assert parse(expression)
    except ValueError as error:
        refused = str(error)
    assert not refused or repr(expression) in refused


@given(
    st.lists(st.tuples(st.sampled_from("+-"), st.text(max_size=8)), min_size=1),
    st.sampled_from("'\""),
)
def test_every_token_can_be_quoted(terms: list[tuple[str, str]], quote: str) -> None:
    quoted = [
        f"{sign} {quote}{token.replace(quote, quote * 2)}{quote}"
        for sign, token in terms
    ]
    assert parsed(" ".join(quoted)) == [
        (1.0 if sign == "+" else -1.0, token) for sign, token in terms
    ]


def test_tokens_are_looked_up() -> None:
    vocabulary = {"good": 4, "bad": 2}
    assert look_up(parse("good - bad"), vocabulary) == [4, 2]
    with pytest.raises(ValueError, match=r"'fine' at position 7 is not in the vocab"):
        look_up(parse("good, fine - bad"), vocabulary)


def test_a_direction_is_the_weighted_sum_of_unit_vectors() -> None:
    rows = np.array([[10, 0, 0], [0, 2, 0], [0, 0, 5]], np.float32)
    expected = np.array([0.5, 0.5, -1]) / np.sqrt(1.5)
    np.testing.assert_allclose(direction(parse("a, b - c"), rows), expected)


@pytest.mark.parametrize(
    "rows",
    [
        [[1, 2], [0, 0]],
        [[1, 2], [np.nan, 0]],
        [[1, 2], [np.inf, 0]],
        [[1, 2], [1, 2]],
        [[1, 2], [3, 6]],
    ],
    ids=["zero", "NaN", "infinite", "the same", "parallel"],
)
def test_no_direction(rows: Any) -> None:
    along = direction(parse("a - b"), np.array(rows, np.float32))
    assert np.isnan(along).all()
    table = np.ones((3, 2), np.float32)
    assert np.isnan(coordinates(table, along)).all()
    assert np.isnan(coordinates(table, along, scaled=False)).all()
    assert analogy(blocks(table), along, [])[0].tolist() == []


@given(tables(min_rows=3))
def test_coordinates_are_cosines_of_scipy_or_dot_products(table: Any) -> None:
    along = direction(parse("a - b"), table[:2])
    if np.isnan(along).any():
        return
    wide = table.astype(float)
    assert np.linalg.norm(along) == pytest.approx(1)
    np.testing.assert_allclose(
        coordinates(table, along, scaled=False), wide @ along, rtol=1e-5, atol=1e-5
    )
    found, able = coordinates(table, along), wide.any(axis=1)
    oracle = 1 - cdist(wide[able], along[None], "cosine")[:, 0]
    np.testing.assert_allclose(found[able], oracle, atol=1e-6)
    assert np.isnan(found[~able]).all()
    assert (abs(found[able]) <= 1).all()


@given(tables(min_rows=3, min_dim=2), st.data())
def test_rotation_and_scale_of_a_step_do_not_matter(
    table: Any, data: st.DataObject
) -> None:
    rotation = data.draw(rotations(table.shape[1]))
    turned = (3 * table @ rotation).astype(np.float32)
    steps = np.stack([table, turned])
    found = by_step(steps, parse("a - b"), steps[:, :2])
    if np.isnan(found).all(axis=1).any():
        return
    first, second = table[:2] / np.linalg.norm(table[:2], axis=1, keepdims=True)
    if np.linalg.norm(first - second) > 1e-2:
        np.testing.assert_allclose(found[0], found[1], atol=1e-3)


def test_the_direction_is_that_of_each_step() -> None:
    good, bad, word = [1, 0], [0, 1], [1, 0]
    steps = np.array([[good, bad, word], [bad, good, word]], np.float32)
    found = by_step(steps[:, 2:], parse("good - bad"), steps[:, :2])
    np.testing.assert_allclose(found[:, 0], [np.sqrt(0.5), -np.sqrt(0.5)], rtol=1e-6)
    still = direction(parse("good - bad"), steps[0, :2])
    np.testing.assert_allclose(coordinates(steps[1, 2:], still), np.sqrt(0.5))


def by_step(rows: Any, terms: list[Term], term_rows: Any) -> Any:
    """Coordinates of rows along an expression at each step."""
    pairs = zip(rows, term_rows, strict=True)
    return np.stack([coordinates(one, direction(terms, span)) for one, span in pairs])


def test_the_component_orthogonal_to_others_is_that_of_rows_without_them() -> None:
    rng = np.random.default_rng(0)
    rows = (rng.normal(size=(500, 6)) * [9, 5, 3, 2, 1, 1]).astype(np.float32)
    given = [np.eye(6)[1], np.array([0.6, 0, 0.8, 0, 0, 0])]
    found = orthogonal_component(moments([(0, rows)], 6), given)
    spanned = np.linalg.qr(np.array(given).T)[0]
    wide = rows.astype(float) - rows.mean(axis=0, dtype=float)
    rest = wide - wide @ spanned @ spanned.T
    expected = np.linalg.svd(rest, full_matrices=False)[2][0]
    np.testing.assert_allclose(abs(found @ expected), 1, atol=1e-6)
    np.testing.assert_allclose(np.array(given) @ found, 0, atol=1e-9)
    # A given direction that differs a little does not turn it round.
    near = np.array([0, 0.999, 0, 0.0447, 0, 0])
    other = orthogonal_component(moments([(0, rows)], 6), [near, given[1]])
    assert found @ other > 0.9
    assert np.isnan(
        orthogonal_component(moments([(0, rows)], 6), [found * np.nan])
    ).all()


def test_rows_that_are_not_finite_have_no_coordinate() -> None:
    along = np.array([1.0, 0])
    rows = np.array([[np.nan, 1], [np.inf, 1], [0, 0], [-2, 0]], np.float32)
    np.testing.assert_array_equal(coordinates(rows, along), [np.nan] * 3 + [-1])
    np.testing.assert_array_equal(
        coordinates(rows, along, scaled=False), [np.nan] * 2 + [0, -2]
    )


def test_an_analogy_that_was_planted() -> None:
    rng = np.random.default_rng(0)
    royal, male, female = rng.normal(size=(3, 50))
    table = rng.normal(size=(500, 50)).astype(np.float32)
    table[:4] = [royal + male, male, female, royal + female]
    along = direction(parse("king - man + woman"), table[:3])
    indices, _ = analogy(blocks(table), along, [0, 1, 2], n=3)
    assert indices[0] == 3
    assert set(indices.tolist()).isdisjoint([0, 1, 2])


@given(tables(min_rows=4), st.integers(1, 14))
def test_analogies_are_those_of_all_cosines(table: Any, n: int) -> None:
    terms = parse("a - b + c")
    along = direction(terms, table[:3])
    indices, found = analogy(blocks(table), along, [0, 1, 2], n)
    if np.isnan(along).any():
        assert len(indices) == 0
        return
    wide = table[3:].astype(float)
    cosines = 1 - cdist(wide[wide.any(axis=1)], along[None], "cosine")[:, 0]
    np.testing.assert_allclose(found, np.sort(cosines)[::-1][:n], atol=1e-6)
    assert indices.tolist() == [i for i in indices if i > 2]


def test_of_equally_near_rows_the_first_come_first() -> None:
    table = np.array([[1, 0], [1, 1], [2, 2], [4, 4], [0, 1]], np.float32)
    along = direction([Term(1, "a", 1), Term(1, "b", 5)], table[[0, 4]])
    assert analogy(blocks(table, 2), along, [0, 4])[0].tolist() == [1, 2, 3]


def test_clear_errors() -> None:
    table = np.ones((3, 2), np.float32)
    with pytest.raises(ValueError, match="n is 0; expected 1 or more"):
        analogy(blocks(table), np.array([1.0, 0]), [], n=0)
    with pytest.raises(ValueError, match="3 rows for 2 terms"):
        direction(parse("a - b"), table)
