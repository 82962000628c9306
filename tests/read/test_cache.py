from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pytest

from tb_wordembed.engine.progress import Cancelled
from tb_wordembed.read.cache import Cache


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
