"""Which rows the Projector is given, and their numbers."""

from __future__ import annotations

import tracemalloc

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numbers

from tb_wordembed.projector.rows import as_binary, shown_rows

SIZES = st.integers(1, 4)
ROWS = st.lists(st.integers(0, 10_000), max_size=70)
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


def taken_for_text(content: bytes) -> bool:
    """Whether TensorBoard's reader goes on with the file as text."""
    for line in content.split(b"\n"):
        if line:
            try:
                line.decode()
            except UnicodeDecodeError:
                return False
            return True
    return True


@given(
    numbers.arrays(
        np.float32, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=FLOATS
    )
)
def test_no_table_is_taken_for_text_and_hardly_a_number_changes(
    table: npt.NDArray[np.float32],
) -> None:
    found = as_binary(table)
    assert not taken_for_text(found.tobytes())
    assert np.isfinite(found).all()
    changed = found.view(np.uint32) != table.view(np.uint32)
    assert not changed.ravel()[1:].any()
    if changed.any():
        assert taken_for_text(table.tobytes())
        before, after = table.ravel()[0], found.ravel()[0]
        assert np.signbit(before) == np.signbit(after)
        distance = abs(int(before.view(np.int32)) - int(after.view(np.int32)))
        # Zero and its like are as far from it as they must be.
        assert distance <= (64 if abs(before) > 1e-40 else 128)


def test_few_tables_need_it() -> None:
    rng = np.random.default_rng(0)
    tables = rng.normal(size=(3000, 40, 8)).astype(np.float32)
    changed = sum((as_binary(one) != one).any() for one in tables)
    assert 0 < changed < 30


@given(
    st.integers(1, 400),
    st.integers(1, 60),
    st.lists(st.integers(0, 10_000), max_size=70),
)
def test_rows_are_as_many_as_may_be_and_hold_those_wanted(
    vocab_size: int, most: int, wanted: list[int]
) -> None:
    wanted = [row % vocab_size for row in wanted]
    rows = shown_rows(vocab_size, wanted=wanted, most=most)
    assert len(rows) == min(vocab_size, most)
    assert (np.diff(rows) > 0).all()
    assert set(rows.tolist()) <= set(range(vocab_size))
    if len(set(wanted)) <= most:
        assert set(wanted) <= set(rows.tolist())


@given(st.integers(10, 500), st.integers(2, 60))
def test_every_frequency_has_its_share(vocab_size: int, most: int) -> None:
    frequency = np.random.default_rng(vocab_size).permutation(vocab_size).astype(float)
    rows = shown_rows(vocab_size, frequency, most=most)
    ranks = np.sort(frequency[rows])
    share = np.ceil(vocab_size / min(most, vocab_size))
    assert np.diff(ranks).max(initial=0) < 2 * share


def test_a_sample_takes_no_memory_for_the_other_rows() -> None:
    vocab_size, most = 20_000_000, 1000
    tracemalloc.start()
    rows = shown_rows(vocab_size, most=most)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < vocab_size / 100
    assert (rows // (vocab_size // most)).tolist() == list(range(most))


@pytest.mark.parametrize("vocab_size", [200_000, 1_000_000, 1_048_576])
@pytest.mark.parametrize("groups", [2, 10, 16, 20])
def test_all_groups_of_rows_that_take_turns_are_shown(
    vocab_size: int, groups: int
) -> None:
    counts = np.bincount(shown_rows(vocab_size) % groups, minlength=groups)
    assert counts.min() > 0.8 * counts.mean()


def test_unknown_frequencies_are_the_rarest() -> None:
    frequency = np.array([np.nan, 1, 5, np.nan])
    assert shown_rows(4, frequency, most=1).tolist() == [2]
