from __future__ import annotations

import contextlib
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pytest

from tb_wordembed.engine.progress import Cancelled, Progress
from tb_wordembed.read.memory_cache import Cache


def test_a_result_is_computed_once_and_kept() -> None:
    cache, numbers = Cache(1000), iter([7, 8])
    for _ in range(3):
        assert cache.get("key", lambda: next(numbers)) == 7


def test_equal_questions_at_the_same_moment_are_computed_once() -> None:
    cache, calls, go = Cache(1000), [], threading.Event()

    def compute() -> int:
        calls.append(1)
        go.wait(10)
        return 7

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(cache.get, "key", compute) for _ in range(8)]
        go.set()
        assert [answer.result() for answer in answers] == [7] * 8
    assert calls == [1]


def test_what_failed_is_let_go_of_at_once() -> None:
    held = list[weakref.ref[threading.Event]]()

    def fail() -> int:
        file = threading.Event()
        held.append(weakref.ref(file))
        raise ValueError("no")

    with contextlib.suppress(ValueError):
        Cache(1000).get("key", fail)
    assert held[0]() is None


def test_an_error_reaches_all_and_is_not_kept() -> None:
    cache = Cache(1000)

    def fail() -> int:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            cache.get("key", fail)
    assert cache.get("key", lambda: 7) == 7


def test_what_the_first_has_cancelled_the_next_computes() -> None:
    cache, started, go = Cache(1000), threading.Event(), threading.Event()

    def cancelled() -> int:
        started.set()
        assert go.wait(10)
        raise Cancelled

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(cache.get, "key", cancelled)
        assert started.wait(10)
        others = [pool.submit(cache.get, "key", lambda: 7) for _ in range(2)]
        go.set()
        with pytest.raises(Cancelled):
            first.result()
        assert [one.result() for one in others] == [7, 7]


def test_the_least_recently_used_goes_first() -> None:
    cache, asked = Cache(250), list[str]()

    def ask(key: str) -> None:
        def compute() -> npt.NDArray[np.uint8]:
            asked.append(key)
            return np.zeros(100, np.uint8)

        cache.get(key, compute)

    for key in "abacab":
        ask(key)
    assert asked == ["a", "b", "c", "b"]


def test_what_is_larger_than_the_bound_is_handed_out_and_not_kept() -> None:
    cache = Cache(10)
    for _ in range(2):
        assert len(cache.get("key", lambda: np.zeros(100))) == 100
    small: list[int] = []
    cache.get("small", lambda: small.append(1))
    cache.get("small", lambda: small.append(1))
    assert small == [1, 1]


def test_a_caller_that_waits_for_another_gets_its_progress_and_can_be_cancelled() -> (
    None
):
    cache, heard, go = Cache(1000), threading.Event(), threading.Event()

    def compute(progress: Progress) -> int:
        progress(0.5, "half")
        assert go.wait(10)
        return 7

    def listen(share: float, message: str = "") -> None:
        assert (share, message) == (0.5, "half")
        heard.set()

    def cancel(share: float, message: str = "") -> None:
        if (share, message) == (0.5, "half"):
            raise Cancelled

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(cache.share, "key", compute, listen)
        assert heard.wait(10)
        heard.clear()
        second = pool.submit(cache.share, "key", compute, listen)
        third = pool.submit(cache.share, "key", compute, cancel)
        assert heard.wait(10)
        with pytest.raises(Cancelled):
            third.result(10)
        go.set()
        assert (first.result(), second.result()) == (7, 7)


def test_a_newer_result_takes_the_place_of_the_older() -> None:
    cache = Cache(1000)
    cache.put("key", np.zeros(100))
    cache.put("key", np.zeros(50))
    cache.put("other", np.zeros(70))
    assert len(cache.get("key", lambda: np.zeros(1))) == 50
    cache.put("key", np.zeros(200))
    assert cache.kept("key") is None


def test_a_dict_of_arrays_is_bounded_and_read_only() -> None:
    cache, numbers = Cache(1000), iter([7, 8, 9])

    def compute() -> dict[str, npt.NDArray[np.int64]]:
        return {"rows": np.full(100, next(numbers))}

    first = cache.get("first", compute)
    with pytest.raises(ValueError, match="read-only"):
        first["rows"][0] = 0
    # Both together are larger than the bound.
    cache.get("second", compute)
    assert cache.get("first", compute)["rows"][0] == 9
