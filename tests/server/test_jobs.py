from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tb_wordembed.read.cache import Cancelled
from tb_wordembed.server.jobs import Job, Jobs, Report, Status

SECONDS = 30
"""Nothing here takes that long, unless it hangs."""


class Paused:
    """Work that waits in the middle until it is let go on."""

    def __init__(self, result: Any = 7) -> None:
        self.result = result
        self.runs = 0
        self.started = threading.Event()
        self.go = threading.Event()
        self.stopped = threading.Event()

    def __call__(self, report: Report) -> Any:
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
    assert ended(job) == Status("done", 1.0)
    assert job.result == 7


def test_progress_is_seen_while_it_runs() -> None:
    work = Paused()
    job = Jobs().submit("key", work)
    assert work.started.wait(SECONDS)
    assert job.status == Status("running", 0.25, "half of a half")
    with pytest.raises(RuntimeError, match="'key' is running; only a job that is done"):
        _ = job.result
    work.go.set()
    assert ended(job).state == "done"


def test_progress_never_falls_and_never_leaves_its_range() -> None:
    seen = []

    def work(report: Report) -> None:
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


def test_who_asks_for_the_same_joins() -> None:
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
    made = [jobs.submit(at, work) for at, work in enumerate(works)]
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


def test_a_failure_is_told_in_words_and_tried_again_when_asked() -> None:
    def fail(report: Report) -> None:
        raise ValueError("step 7 is damaged")

    def fail_silently(report: Report) -> None:
        raise MemoryError

    jobs = Jobs()
    job = jobs.submit("key", fail)
    assert ended(job) == Status("failed", error="step 7 is damaged")
    assert ended(jobs.submit("other", fail_silently)).error == "MemoryError"
    again = jobs.submit("key", lambda report: 7)
    assert again is not job
    assert ended(again).state == "done"
    assert jobs.find("key") is again


def test_of_a_mistake_of_ours_the_log_says_where_it_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def mistake(report: Report) -> None:
        raise AttributeError("'NoneType' object has no attribute 'steps'")

    def refuse(report: Report) -> None:
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
    assert job.status == Status("cancelled", 0.25, "half of a half")
    again = jobs.submit("key", lambda report: 8)
    work.go.set()
    assert work.stopped.wait(SECONDS)
    assert ended(again).state == "done"
    assert again.result == 8
    assert job.status.state == "cancelled"


def test_a_result_that_comes_after_cancelling_is_dropped() -> None:
    started, go = threading.Event(), threading.Event()

    def deaf(report: Report) -> int:
        wait(started, go)
        return 7

    jobs = Jobs()
    job = jobs.submit("key", deaf)
    assert started.wait(SECONDS)
    job.cancel()
    go.set()
    assert ended(jobs.submit("next", lambda report: 1)).state == "done"
    assert job.status.state == "cancelled"
    with pytest.raises(RuntimeError, match="is cancelled"):
        _ = job.result


def test_a_queued_job_is_cancelled_without_running() -> None:
    first, second, jobs = Paused(), Paused(), Jobs()
    jobs.submit(1, first)
    job = jobs.submit(2, second)
    job.cancel()
    first.go.set()
    assert ended(jobs.submit(3, lambda report: 3)).state == "done"
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
    """Something whose end can be watched."""


@pytest.mark.parametrize("end", ["cancelled", "failed", "queued"])
def test_a_job_that_came_to_nothing_holds_nothing(end: str) -> None:
    table, gone = Table(), threading.Event()
    weakref.finalize(table, gone.set)
    started, go, jobs = threading.Event(), threading.Event(), Jobs()

    def work_on(table: Table) -> Callable[[Report], None]:
        def work(report: Report) -> None:
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


def test_the_least_recently_asked_for_is_dropped() -> None:
    jobs = Jobs(max_ended=2)
    for key in "ab":
        ended(jobs.submit(key, lambda report: 7))
    jobs.find("a")
    ended(jobs.submit("c", lambda report: 7))
    ended(jobs.submit("d", lambda report: 7))
    kept = [key for key in "abcd" if jobs.find(key)]
    assert "b" not in kept
    assert "d" in kept


def test_results_are_bounded_in_bytes_but_for_the_latest() -> None:
    jobs = Jobs(max_bytes=1500)
    for key in range(3):
        ended(jobs.submit(key, lambda report: np.zeros(1000, np.uint8)))
    # Dropped when another job is asked for.
    assert len(ended_result(jobs, "large", 9999)) == 9999
    ended(jobs.submit("small", lambda report: 0))
    assert [key for key in (0, 1, 2, "large") if jobs.find(key)] == []


def ended_result(jobs: Jobs, key: str, size: int) -> Any:
    ended(jobs.submit(key, lambda report: np.zeros(size, np.uint8)))
    found = jobs.find(key)
    assert found is not None
    return found.result


def test_a_job_that_nobody_asks_for_is_cancelled() -> None:
    now = [0.0]
    jobs = Jobs(patience=10, clock=lambda: now[0])
    wanted, forgotten = Paused(), Paused()
    job = jobs.submit("wanted", wanted)
    now[0] = 9
    assert job.status.state in ("queued", "running")
    now[0] = 18
    wanted.go.set()
    assert ended(job).state == "done"
    job = jobs.submit("forgotten", forgotten)
    assert forgotten.started.wait(SECONDS)
    now[0] = 29
    forgotten.go.set()
    assert ended(job).state == "cancelled"


def test_a_program_that_ends_does_not_wait_for_jobs() -> None:
    program = (
        "import threading; from tb_wordembed.server.jobs import Jobs;"
        "s = threading.Event();"
        "Jobs().submit(1, lambda report: (s.set(), threading.Event().wait()));"
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
