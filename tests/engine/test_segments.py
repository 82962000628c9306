"""Runs give what the local engine gives, to the last bit."""

from __future__ import annotations

import operator
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from tb_wordembed.engine.local import TREE_WIDTH, LocalEngine
from tb_wordembed.engine.segments import (
    AnyWork,
    Counted,
    Segment,
    SegmentEngine,
    SegmentResult,
)


@dataclass
class Numbers:
    """Some numbers, which any process can make."""

    start: int
    stop: int

    def __iter__(self) -> Iterator[int]:
        yield from range(self.start, self.stop)

    def receipt(self) -> int:
        return self.stop - self.start


class Whole(Numbers):
    """Numbers that note what was made of them."""

    def __init__(self, start: int, stop: int) -> None:
        super().__init__(start, stop)
        self.accepted: list[int] = []

    def segments(self, size: int) -> Sequence[Numbers]:
        starts = range(self.start, self.stop, size)
        return [Numbers(at, min(at + size, self.stop)) for at in starts]

    def accept(self, receipt: int) -> None:
        self.accepted.append(receipt)


class Elsewhere:
    """Workers that get pickled segments, as other processes do."""

    def __init__(self) -> None:
        self.worked: list[Any] = []

    def map(self, work: Any, items: Any) -> Iterator[Any]:
        for item in items:
            task, segment = pickle.loads(pickle.dumps((work, item)))
            self.worked.append(segment)
            yield pickle.loads(pickle.dumps(task(segment)))


class Memory:
    """Keeps finished segments, except for those that are ``damaged``."""

    def __init__(self) -> None:
        self.kept: dict[str, SegmentResult] = {}
        self.damaged = False

    def has(self, work: AnyWork, segment: Segment[Any]) -> bool:
        return repr((work, segment)) in self.kept

    def load(self, work: AnyWork, segment: Segment[Any]) -> SegmentResult | None:
        return None if self.damaged else self.kept[repr((work, segment))]

    def save(self, work: AnyWork, segment: Segment[Any], result: SegmentResult) -> None:
        self.kept[repr((work, segment))] = result


def share(number: int) -> Any:
    # What such numbers sum to depends on the order in which they are added.
    return np.float32(1 / (number + 1)) ** 3


def share_and_number(number: int) -> tuple[Any, int]:
    return share(number), number


def total(engine: SegmentEngine, items: Whole) -> Any:
    kept: list[int] = []
    return engine.reduce_rows(
        share_and_number, items, operator.add, np.float32(0), kept.append
    )


COUNTS = [0, 1, TREE_WIDTH, TREE_WIDTH + 1, 5000, TREE_WIDTH**2 + 3]


@pytest.mark.parametrize("count", COUNTS)
def test_sums_have_the_same_bits(count: int) -> None:
    expected = LocalEngine(2).reduce(share, range(count), operator.add, np.float32(0))
    for workers in (Elsewhere(), LocalEngine(1), LocalEngine(4)):
        numbers, kept = Whole(0, count), list[int]()
        found = SegmentEngine(workers).reduce_rows(
            share_and_number, numbers, operator.add, np.float32(0), kept.append
        )
        assert found.tobytes() == expected.tobytes()
        assert kept == list(range(count))
        assert sum(numbers.accepted) == count


def test_results_come_in_the_order_of_the_items() -> None:
    workers = Elsewhere()
    assert [*SegmentEngine(workers).map(share, Whole(3, 200))] == [
        *map(share, range(3, 200))
    ]
    assert workers.worked == [
        Numbers(3, 67),
        Numbers(67, 131),
        Numbers(131, 195),
        Numbers(195, 200),
    ]


def test_what_only_this_process_can_make_is_worked_on_here() -> None:
    workers, here = Elsewhere(), iter(range(100))
    assert [*SegmentEngine(workers).map(lambda one: -one, here)] == [
        *range(0, -100, -1)
    ]
    assert workers.worked == []


def test_what_was_finished_is_not_worked_on_again() -> None:
    memory = Memory()

    def again(workers: Elsewhere) -> Any:
        return total(SegmentEngine(workers, memory), Whole(0, 300))

    expected = again(first := Elsewhere())
    assert len(first.worked) == 5
    assert again(second := Elsewhere()) == expected
    assert second.worked == []
    # As after a crash.
    del memory.kept[[*memory.kept][2]]
    assert again(third := Elsewhere()) == expected
    assert third.worked == [Numbers(128, 192)]
    # Other work, or other items, are another matter.
    total(SegmentEngine(fourth := Elsewhere(), memory), Whole(1, 300))
    assert len(fourth.worked) == 5


def test_what_turns_out_to_be_damaged_is_worked_on_again() -> None:
    memory = Memory()
    engine = SegmentEngine(Elsewhere(), memory)
    expected = total(engine, Whole(0, 99))
    memory.damaged = True
    found = total(engine, Whole(0, 99))
    assert found == expected


def test_progress_grows_run_by_run() -> None:
    shares: list[float] = []

    def note(share: float, message: str = "") -> None:
        shares.append(share)

    items = Counted(Whole(0, 200), 200, note)
    list(SegmentEngine(Elsewhere()).map(share, items))
    assert shares == [0.32, 0.64, 0.96, 1.0]
    shares.clear()
    list(items)
    assert shares == [one / 200 for one in range(200)]
