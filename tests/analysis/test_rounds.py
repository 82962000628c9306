from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from tb_wordembed.analysis.rounds import side_by_side

TABLES = np.arange(3 * 50 * 2, dtype=np.float32).reshape(3, 50, 2)


def parts(table: Any, fails_at: int = -1) -> Iterator[tuple[int, Any]]:
    for start in range(0, len(table), 4):
        if start == fails_at:
            raise OSError(f"row {start} is gone")
        yield start, table[start : start + 4].copy()


class Adds:
    """Adds up which rows were seen, in the order in which they are taken."""

    def __init__(self, taken: list[list[int]], fails_at: int = -1) -> None:
        self._taken = taken
        self._fails_at = fails_at
        self.threads = set[int]()

    def __call__(
        self, number: int, start: int, tables: Sequence[Any]
    ) -> Callable[[], None]:
        self.threads.add(threading.get_ident())
        if start == self._fails_at:
            raise KeyError(start)
        assert len(tables) == number + 1
        for one, table in enumerate(tables):
            np.testing.assert_array_equal(table, TABLES[one, start : start + 4])
        return lambda: self._taken[number].append(start)


@pytest.mark.parametrize("workers", [1, 2, 3, 20])
def test_all_rows_are_worked_on_and_taken_in_order(workers: int) -> None:
    for _ in range(20):
        taken: list[list[int]] = [[], [], []]
        adds = [Adds(taken) for _ in range(workers)]
        side_by_side([parts(one) for one in TABLES], (50, 2), adds)
        assert taken == [list(range(0, 50, 4))] * 3
        if workers < 20:
            assert [len(one.threads) for one in adds] == [1] * workers
            assert len(set.union(*(one.threads for one in adds))) == workers


def test_nobody_waits_for_a_turn_to_hand_something_in() -> None:
    """The thread with the second rows goes on while the first ones last."""
    taken: list[int] = []
    ahead = threading.Event()

    def work(number: int, start: int, tables: Sequence[Any]) -> Callable[[], None]:
        if (number, start) == (0, 0):
            assert ahead.wait(60)
        if (number, start) == (1, 4):
            ahead.set()
        return lambda: taken.append(start)

    side_by_side([parts(TABLES[0, :8]), parts(TABLES[1, :8])], (8, 2), [work] * 2)
    assert taken == [0, 4, 0, 4]


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("fails_at", [0, 4, 24, 48])
def test_what_goes_wrong_in_one_thread_ends_them_all(
    workers: int, fails_at: int
) -> None:
    before = threading.active_count()
    taken: list[list[int]] = [[], [], []]
    with pytest.raises(OSError, match=f"row {fails_at} is gone"):
        side_by_side(
            [parts(TABLES[0]), parts(TABLES[1], fails_at), parts(TABLES[2])],
            (50, 2),
            [Adds(taken) for _ in range(workers)],
        )
    assert fails_at not in taken[1]
    with pytest.raises(KeyError):
        side_by_side(
            [parts(one) for one in TABLES],
            (50, 2),
            [Adds([[], [], []], fails_at) for _ in range(workers)],
        )
    assert threading.active_count() == before


@pytest.mark.parametrize("workers", [1, 2])
def test_tables_that_differ_are_refused(workers: int) -> None:
    adds = [Adds([[], []]) for _ in range(workers)]
    with pytest.raises(ValueError, match=r"from row 48 .*\(1, 2\).*expected \(2, 2\)"):
        side_by_side([parts(TABLES[0]), parts(TABLES[1, :49])], (50, 2), adds)
    with pytest.raises(ValueError, match="more than the expected 44 rows"):
        side_by_side([parts(TABLES[0]), parts(TABLES[1])], (44, 2), adds)


def test_a_program_that_ends_does_not_wait_for_them() -> None:
    """TensorBoard, of whose jobs the threads are daemons: Ctrl-C ends it at once."""
    program = """
import subprocess
import sys
import threading
import numpy as np
from tb_wordembed.analysis.rounds import side_by_side

begun = threading.Barrier(3)

def work(number, start, tables):
    begun.wait()
    threading.Event().wait()

blocks = ((row, np.ones((1, 2), np.float32)) for row in range(4))
job = threading.Thread(target=side_by_side, args=([blocks], (4, 2), [work] * 2))
job.daemon = True
job.start()
begun.wait()
print("end")
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("end\n", "")
