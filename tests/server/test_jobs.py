from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from tb_wordembed.contract.jobs import Job as Status
from tb_wordembed.engine.progress import Cancelled, Progress
from tb_wordembed.server.jobs import (
    MOST_ENDED,
    PATIENCE_SECONDS,
    WANTED_SECONDS,
    Job,
    Jobs,
)

SECONDS = 30
"""Nothing here takes that long, unless it hangs."""


class Paused:
    """Work that waits in the middle until a test lets it go on."""

    def __init__(self, result: Any = 7) -> None:
        self.result = result
        self.runs = 0
        self.started = threading.Event()
        self.go = threading.Event()
        self.stopped = threading.Event()

    def __call__(self, report: Progress) -> Any:
        self.runs += 1
        report(0.25, "half of a half")
        self.started.set()
        assert self.go.wait(SECONDS)
        try:
            report(0.5)
        except Cancelled:
            self.stopped.set()
            raise
        return self.result


def ended(job: Job | None) -> Status:
    assert job is not None
    status = job.wait(SECONDS)
    assert job.ended
    return status


def test_a_job_runs_and_keeps_its_result() -> None:
    job = Jobs().submit("key", lambda report: 7)
    assert ended(job) == Status("key", "done", 1.0, "", "")
    assert job.result == 7


def test_progress_is_seen_while_it_runs() -> None:
    work = Paused()
    job = Jobs().submit("key", work)
    assert work.started.wait(SECONDS)
    assert job.status == Status("key", "running", 0.25, "half of a half", "")
    work.go.set()
    assert ended(job).state == "done"


def test_progress_never_falls_and_never_leaves_its_range() -> None:
    seen = []

    def work(report: Progress) -> None:
        for share in (-1, 0.5, 0.25, 3):
            report(share)
            seen.append(job.status.progress)

    go = threading.Event()
    jobs = Jobs()
    jobs.submit("first", lambda report: go.wait(SECONDS))
    job = jobs.submit("key", work)
    go.set()
    assert ended(job).state == "done"
    assert seen == [0, 0.5, 0.5, 1]


def test_equal_questions_share_one_job() -> None:
    work, jobs = Paused(), Jobs()
    barrier = threading.Barrier(8)
    found: list[Job] = []

    def ask() -> None:
        barrier.wait(SECONDS)
        found.append(jobs.submit("key", work))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    work.go.set()
    assert len({*found}) == 1
    assert ended(found[0]).state == "done"
    assert jobs.submit("key", work) is found[0]
    assert work.runs == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_as_many_run_at_a_time_as_there_are_workers(workers: int) -> None:
    jobs, works = Jobs(workers), [Paused(result=at) for at in range(4)]
    made = [jobs.submit(str(at), work) for at, work in enumerate(works)]
    for at, work in enumerate(works):
        assert work.started.wait(SECONDS)
        states = [job.status.state for job in made[at:]]
        running = min(workers, 4 - at)
        for other in works[at : at + running]:
            assert other.started.wait(SECONDS)
        assert states[running:] == ["queued"] * (4 - at - running)
        work.go.set()
        assert ended(made[at]).state == "done"
    assert [job.result for job in made] == [0, 1, 2, 3]


def test_a_job_that_failed_is_tried_again_when_it_is_forgotten() -> None:
    def fail(report: Progress) -> None:
        raise ValueError("step 7 is damaged")

    def fail_silently(report: Progress) -> None:
        raise MemoryError

    jobs = Jobs()
    job = jobs.submit("key", fail)
    assert ended(job) == Status("key", "failed", 0.0, "", "step 7 is damaged")
    assert ended(jobs.submit("other", fail_silently)).error == "MemoryError"
    assert jobs.submit("key", lambda report: 7) is job
    jobs.forget(job)
    again = jobs.submit("key", lambda report: 7)
    assert again is not job
    assert ended(again).state == "done"


def test_a_defect_of_ours_is_logged_with_its_place(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def mistake(report: Progress) -> None:
        raise AttributeError("'NoneType' object has no attribute 'steps'")

    def refuse(report: Progress) -> None:
        raise ValueError("step 7 is damaged")

    jobs = Jobs()
    assert ended(jobs.submit("key", refuse)).state == "failed"
    assert caplog.records == []
    assert ended(jobs.submit("other", mistake)).state == "failed"
    assert "in mistake" in caplog.text


def test_a_cancelled_job_stops_at_its_next_report() -> None:
    work, jobs = Paused(), Jobs()
    job = jobs.submit("key", work)
    assert work.started.wait(SECONDS)
    job.cancel()
    assert job.status == Status("key", "cancelled", 0.25, "half of a half", "")
    again = jobs.submit("key", lambda report: 8)
    work.go.set()
    assert work.stopped.wait(SECONDS)
    assert ended(again).state == "done"
    assert again.result == 8
    assert job.status.state == "cancelled"


def test_a_result_that_comes_after_cancelling_is_dropped() -> None:
    started, go = threading.Event(), threading.Event()

    def deaf(report: Progress) -> int:
        wait(started, go)
        return 7

    jobs = Jobs()
    job = jobs.submit("key", deaf)
    assert started.wait(SECONDS)
    job.cancel()
    go.set()
    assert ended(jobs.submit("next", lambda report: 1)).state == "done"
    assert job.status.state == "cancelled"
    assert job.result is None


def test_a_queued_job_is_cancelled_without_running() -> None:
    first, second, jobs = Paused(), Paused(), Jobs()
    jobs.submit("1", first)
    job = jobs.submit("2", second)
    job.cancel()
    first.go.set()
    assert ended(jobs.submit("3", lambda report: 3)).state == "done"
    assert second.runs == 0


def test_cancelling_what_is_done_changes_nothing() -> None:
    job = Jobs().submit("key", lambda report: 7)
    ended(job)
    job.cancel()
    assert job.status.state == "done"
    assert job.result == 7


def wait(started: threading.Event, go: threading.Event) -> None:
    started.set()
    go.wait(SECONDS)


class Table:
    """An object whose end a test can see."""


@pytest.mark.parametrize("end", ["cancelled", "failed", "queued"])
def test_a_job_that_came_to_nothing_holds_nothing(end: str) -> None:
    table, gone = Table(), threading.Event()
    weakref.finalize(table, gone.set)
    started, go, jobs = threading.Event(), threading.Event(), Jobs()

    def work_on(table: Table) -> Callable[[Progress], None]:
        def work(report: Progress) -> None:
            held = table
            wait(started, go)
            report(0.5)
            raise ValueError(str(type(held)))

        return work

    if end == "queued":
        jobs.submit("first", lambda report: wait(started, go))
    job = jobs.submit("key", work_on(table))
    del table
    assert started.wait(SECONDS)
    assert not gone.is_set()
    if end != "failed":
        job.cancel()
    if end != "queued":
        go.set()
        # The worker is free again: it has let go of the job.
        assert ended(jobs.submit("next", lambda report: 1)).state == "done"
    gc.collect()
    assert gone.wait(SECONDS)
    assert job.status.state == ("failed" if end == "failed" else "cancelled")
    go.set()


def test_the_oldest_results_that_no_page_asks_for_are_dropped() -> None:
    jobs = Jobs()
    made = [jobs.submit(str(at), lambda report: 7) for at in range(MOST_ENDED + 1)]
    for job in made:
        ended(job)
    ended(jobs.submit("next", lambda report: 7))
    assert jobs.submit("0", lambda report: 8) is not made[0]
    assert jobs.submit(str(MOST_ENDED), lambda report: 8) is made[-1]


def test_brief_work_begins_while_all_workers_are_busy() -> None:
    jobs, long = Jobs(workers=1), Paused()
    jobs.submit("long", long)
    assert long.started.wait(SECONDS)
    assert jobs.submit("other", lambda report: 7).status.state == "queued"
    assert ended(jobs.submit("brief", lambda report: 7, brief=True)).state == "done"
    long.go.set()


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priorities here")
def test_long_work_gives_way_to_everything_else() -> None:
    def niceness(report: Progress) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    jobs = Jobs()
    done = [jobs.submit("long", niceness), jobs.submit("brief", niceness, brief=True)]
    assert [job.wait(SECONDS).state for job in done] == ["done", "done"]
    long, brief = (job.result for job in done)
    assert long > brief == niceness(lambda *_: None)


def test_a_job_goes_on_while_the_page_that_asked_sleeps() -> None:
    clock, work = Clock(), Paused()
    jobs = Jobs(clock=clock)
    job = jobs.submit("key", work, "page")
    assert work.started.wait(SECONDS)
    clock.now = PATIENCE_SECONDS - 1
    work.go.set()
    assert ended(job).state == "done"
    assert jobs.submit("key", work, "page") is job


def test_a_job_that_no_page_asks_for_ends_at_last() -> None:
    clock, work = Clock(), Paused()
    job = Jobs(clock=clock).submit("key", work)
    assert work.started.wait(SECONDS)
    clock.now = PATIENCE_SECONDS + 1
    work.go.set()
    assert ended(job).state == "cancelled"


def test_a_job_that_no_page_asks_for_gives_way_to_one_that_waits() -> None:
    clock, left, wanted = Clock(), Paused(), Paused()
    jobs = Jobs(workers=2, clock=clock)
    first, second = jobs.submit("left", left), jobs.submit("wanted", wanted)
    assert left.started.wait(SECONDS)
    assert wanted.started.wait(SECONDS)
    third = jobs.submit("waits", lambda report: 7)
    clock.now = WANTED_SECONDS + 1
    jobs.submit("wanted", wanted)
    for _ in range(2):
        # However often it asks, one job is enough.
        jobs.submit("waits", lambda report: 7)
    assert first.status.state == "cancelled"
    assert second.status.state == "running"
    left.go.set()
    assert left.stopped.wait(SECONDS)
    assert ended(third).state == "done"
    wanted.go.set()
    assert ended(second).state == "done"


def test_waiting_jobs_that_a_page_asks_for_come_first() -> None:
    clock, work, order = Clock(), Paused(), list[str]()
    jobs = Jobs(workers=1, clock=clock)
    running = jobs.submit("running", work)
    assert work.started.wait(SECONDS)
    left = jobs.submit("left", lambda report: order.append("left"))
    clock.now = WANTED_SECONDS + 1
    running.ask("page")
    jobs.submit("wanted", lambda report: order.append("wanted"))
    work.go.set()
    assert ended(left).state == "done"
    assert order == ["wanted", "left"]


def test_a_page_that_cancels_ends_no_job_of_another_page() -> None:
    jobs, work = Jobs(), Paused()
    job = jobs.submit("key", work, "one")
    assert work.started.wait(SECONDS)
    jobs.submit("key", work, "other")
    assert jobs.cancel("key", "one")
    assert not job.ended
    assert jobs.cancel("key", "other")
    assert job.status.state == "cancelled"
    work.go.set()
    assert not jobs.cancel("nothing", "one")


def test_a_page_that_was_closed_keeps_no_job_from_being_cancelled() -> None:
    clock, work = Clock(), Paused()
    jobs = Jobs(clock=clock)
    job = jobs.submit("key", work, "closed")
    assert work.started.wait(SECONDS)
    clock.now = WANTED_SECONDS + 1
    jobs.submit("key", work, "open")
    assert jobs.cancel("key", "open")
    assert job.status.state == "cancelled"
    work.go.set()


def test_a_program_that_ends_does_not_wait_for_jobs() -> None:
    program = (
        "import threading; from tb_wordembed.server.jobs import Jobs;"
        "s = threading.Event();"
        "Jobs().submit('1', lambda report: (s.set(), threading.Event().wait()));"
        "s.wait(); print('end')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("end\n", "")
