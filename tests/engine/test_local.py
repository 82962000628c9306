"""The engine: order, errors, bounds, and the same sums for any number of threads."""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections.abc import Iterable, Iterator
from threading import Event

import numpy as np
import pytest
import threadpoolctl
from hypothesis import given
from hypothesis import strategies as st

from tb_wordembed.engine.local import TREE_WIDTH, LocalEngine
from tb_wordembed.engine.progress import Cancelled, counted, part

THREADS = [1, 2, 4]
SECONDS = 30
"""No test takes that long unless it hangs."""


def now_and_then(number: int) -> int:
    time.sleep((number * 7 % 5) / 1000)
    return number


@pytest.mark.parametrize("threads", THREADS)
def test_results_come_in_the_order_of_the_items(threads: int) -> None:
    assert list(LocalEngine(threads).map(now_and_then, range(40))) == list(range(40))


@pytest.mark.parametrize("threads", THREADS)
def test_nothing_is_made_of_nothing(threads: int) -> None:
    engine = LocalEngine(threads)
    assert list(engine.map(now_and_then, [])) == []
    assert engine.reduce(now_and_then, [], lambda one, other: one + other, -1) == -1


@given(st.integers(0, 3 * TREE_WIDTH), st.integers(0, 2**32 - 1))
def test_sums_are_the_same_to_the_last_bit_for_any_number_of_threads(
    count: int, seed: int
) -> None:
    numbers = np.random.default_rng(seed).normal(size=count).astype(np.float32)
    found = [
        LocalEngine(threads).reduce(
            np.float32, numbers, lambda one, other: one + other, np.float32(0)
        )
        for threads in THREADS
    ]
    assert found[0] == found[1] == found[2]
    assert found[0] == pytest.approx(numbers.astype(float).sum(), abs=1e-3)


@pytest.mark.parametrize("threads", THREADS)
def test_the_first_error_is_raised_after_the_results_before_it(threads: int) -> None:
    def work(number: int) -> int:
        if number >= 10:
            raise ValueError(f"item {number}")
        return now_and_then(number)

    found: list[int] = []
    with pytest.raises(ValueError, match="item 10"):
        found.extend(LocalEngine(threads).map(work, range(100)))
    results = LocalEngine(threads).map(work, range(100))
    assert [next(results) for _ in range(10)] == list(range(10))


@pytest.mark.parametrize("threads", THREADS)
def test_an_error_of_the_items_is_raised(threads: int) -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(LocalEngine(threads).map(now_and_then, items()))


@pytest.mark.parametrize("fails", ["work", "items"])
def test_what_failed_is_let_go_of_at_once(fails: str) -> None:
    held = list[weakref.ref[Event]]()

    def fail(number: int) -> int:
        file = Event()
        held.append(weakref.ref(file))
        raise OSError(f"item {number}")

    items: Iterable[int] = range(9) if fails == "work" else map(fail, range(9))
    with contextlib.suppress(OSError):
        list(LocalEngine(2).map(fail, items))
    assert {one() for one in held} == {None}


@pytest.mark.parametrize("threads", THREADS)
def test_no_more_items_are_taken_than_there_are_threads(threads: int) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(30):
            taken.append(number)
            yield number

    results = LocalEngine(threads).map(now_and_then, items())
    for number in range(10):
        assert next(results) == number
        assert len(taken) <= number + 1 + threads
    results.close()  # type: ignore[attr-defined]
    assert len(taken) < 30


@pytest.mark.parametrize("threads", [2, 4])
def test_threads_work_at_the_same_time(threads: int) -> None:
    together = threading.Barrier(threads)

    def work(number: int) -> int:
        together.wait(SECONDS)
        return number

    assert list(LocalEngine(threads).map(work, range(threads))) == list(range(threads))


@pytest.mark.parametrize("threads", THREADS)
def test_what_progress_raises_ends_the_work(threads: int) -> None:
    worked: list[int] = []

    def stop(share: float, message: str = "") -> None:
        if share >= 0.1:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(LocalEngine(threads).map(worked.append, counted(range(100), 100, stop)))
    assert len(worked) <= 10
    assert not [one for one in threading.enumerate() if "_run" in one.name]


def test_matrix_products_use_one_thread_each_while_the_engine_works() -> None:
    def blas_threads(_: int) -> set[int]:
        found = threadpoolctl.threadpool_info()
        return {one["num_threads"] for one in found if one["user_api"] == "blas"}

    before = blas_threads(0)
    assert set().union(*LocalEngine(2).map(blas_threads, range(4))) <= {1}
    assert blas_threads(0) == before


def test_a_part_of_the_work_reports_its_share_of_the_whole() -> None:
    shares: list[float] = []
    said: list[str] = []

    def note(share: float, message: str = "") -> None:
        shares.append(share)
        said.append(message)

    part(note, 0.5, 0.25)(0.4)
    part(note, 0, 1, "step 3: ")(0.5, "placing")
    assert shares == pytest.approx([0.6, 0.5])
    assert said == ["", "step 3: placing"]
    # A function of the share alone will do where there are no messages.
    part(shares.append, 0, 0.5)(1.0)  # type: ignore[arg-type]
    assert shares[-1] == 0.5


def test_there_must_be_a_thread() -> None:
    with pytest.raises(ValueError, match="threads is 0; expected 1 or more"):
        LocalEngine(0)
