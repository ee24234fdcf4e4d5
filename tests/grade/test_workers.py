"""Our own processes can be lost too: a submission that ends, hangs or fills one is named, and the next is judged as ever."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from small_class import RIGHT, SECONDS

from whygrad.errors import SandboxError
from whygrad.grade import pool as pool_module
from whygrad.grade import worker
from whygrad.grade.judge import Judge
from whygrad.grade.pool import Pool
from whygrad.grade.records import Job, Options, Outcome
from whygrad.grade.worker import Worker

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Generator

    from whygrad.sandbox.process import Channel

OPTIONS = Options(seconds=SECONDS)
GOOD = Job(".py", RIGHT.encode(), "good", 2)
SLOW = Job(".py", RIGHT.encode(), "slow", 2)
TRAP = """
import whygrad.grade.judge as judge, os, time
read = judge.source_in
def trapped(data, name):
    if b"# ends" in data: os._exit(9)
    if b"# mark at " in data:
        mark = data.rpartition(b"# mark at ")[2]
        if not os.path.exists(mark): os._exit(open(mark, "w").write("9"))
    if b"# hangs" in data: time.sleep(99)
    if b"# fails" in data: raise ZeroDivisionError
    if b"# fills" in data: raise MemoryError
    return read(data, name)
judge.source_in = trapped
"""


@pytest.fixture
def trapped(monkeypatch: pytest.MonkeyPatch) -> Generator[Worker]:
    """A worker in which reading some submissions ends, hangs or fails."""
    before, after = worker.START.split("from whygrad", 1)
    monkeypatch.setattr(worker, "START", f"{before}exec({TRAP!r}); from whygrad{after}")
    monkeypatch.setattr(worker, "_PATIENCE", 3.0)
    monkeypatch.setattr(worker, "_CALLS", 0.0)
    held = Worker(OPTIONS)
    yield held
    held.end()


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("# ends", "ended twice: out of memory, or a fault of whygrad"),
        ("# hangs", "It took whygrad more than 3 seconds"),
        ("# fails", "whygrad failed at it: ZeroDivisionError"),
        ("# fills", "whygrad failed at it: MemoryError"),
    ],
)
def test_what_ends_a_worker_costs_only_itself(trapped: Worker, monkeypatch: pytest.MonkeyPatch, mark: str, says: str) -> None:
    """It could not be run, in one sentence, on a page of its own; then the next one is judged."""
    outcome = trapped.outcome(Job(".py", mark.encode(), "trap", 2))
    assert outcome.status == "could not be run"
    assert says in outcome.diagnosis
    assert "trap" in outcome.page
    monkeypatch.setattr(worker, "_PATIENCE", 60.0)
    assert trapped.outcome(GOOD).status == "right"


def test_a_worker_that_ends_once_costs_nothing(trapped: Worker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who is short of room kills some process: the submission did nothing, and is judged by the next one."""
    monkeypatch.setattr(worker, "_PATIENCE", 60.0)
    assert trapped.outcome(Job(".py", f"{RIGHT}# mark at {tmp_path / 'mark'}".encode(), "killed", 2)).status == "right"
    assert (tmp_path / "mark").exists()


def test_a_file_that_cannot_be_opened_has_its_outcome() -> None:
    """Nothing is started for it."""
    held = Worker(OPTIONS)
    held.ready = lambda: None
    outcome = held.outcome(Job(".py", None, "gone", 2, problem="It could not be opened (gone)."))
    assert outcome.status == "could not be run"
    assert "could not be opened" in outcome.diagnosis


def test_a_worker_that_was_lost_in_between_is_replaced() -> None:
    """Whoever ended it did not do that to the next submission."""
    held = Worker(OPTIONS)
    try:
        assert held.outcome(GOOD).status == "right"
        process = held._process  # noqa: SLF001 - nothing else knows it
        assert process is not None
        process.kill()
        process.wait()
        assert held.outcome(GOOD).status == "right"
    finally:
        held.end()


def test_a_worker_of_another_version_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said which versions there are."""
    monkeypatch.setattr(worker, "__version__", "9.9")
    with pytest.raises(SandboxError, match=r"and this is 9\.9"):
        Worker(OPTIONS).ready()


def test_a_worker_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends with one sentence, and not with a line for each submission."""
    monkeypatch.setattr(worker, "START", "raise SystemExit")
    with Pool(OPTIONS, 1) as pool, pytest.raises(SandboxError, match="ended while it was started"):
        list(pool.outcomes([(".py", "1")], lambda _: GOOD))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can close a child in")
def test_without_any_layer_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for one file: where nothing keeps code from doing harm, the run says so and judges nothing."""
    weaken = "import whygrad.sandbox.launch as l; l.bubblewrap = lambda: None; l.START = l.SERVE = 'raise SystemExit'; "
    before, after = worker.START.split("from whygrad", 1)
    monkeypatch.setattr(worker, "START", f"{before}{weaken}from whygrad{after}")
    with Pool(OPTIONS, 1) as pool, pytest.raises(SandboxError, match="did not start"):
        list(pool.outcomes([(".py", "1")], lambda _: GOOD))


def test_a_pool_gives_every_outcome_once_and_ends_its_processes() -> None:
    """More contents than workers, more workers than contents; a pool that is left early ends what it started."""
    contents = [(".py", str(number)) for number in range(5)]
    with Pool(OPTIONS, 2) as pool:
        came = [content for content, outcome in pool.outcomes(contents, lambda _: GOOD) if outcome.status == "right"]
        assert sorted(came) == contents
    with Pool(OPTIONS, 3) as pool:
        assert len(list(pool.outcomes(contents[:1], lambda _: GOOD))) == 1
    with Pool(OPTIONS, 2) as pool:
        next(pool.outcomes(contents, lambda _: GOOD))
        processes = [held._process for held in pool._workers]  # noqa: SLF001 - as above
    for process in processes:
        for _ in range(100):
            if process is None or process.poll() is not None:
                break
            time.sleep(0.05)
        assert process is None or process.poll() is not None


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="a process cannot be bound to a processor here")
def test_each_worker_stays_on_a_processor_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """So do the processes below it; the spare one, and those whose number was asked for, go where there is room."""
    mine = os.sched_getaffinity(0)
    monkeypatch.setattr(pool_module, "processors", lambda: 1)
    with Pool(OPTIONS) as pool:
        first, spare = pool._workers  # noqa: SLF001 - as above
        first.outcome(GOOD)  # from this thread: a worker ends with the thread that has started it
        process = first._process  # noqa: SLF001 - as above
        assert process is not None
        assert os.sched_getaffinity(process.pid) == {min(mine)}
        below = [int(child) for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split()]
        assert below
        assert all(os.sched_getaffinity(child) == {min(mine)} for child in below)
        spare.ready()
        assert spare._process is not None  # noqa: SLF001 - as above
        assert os.sched_getaffinity(spare._process.pid) == mine  # noqa: SLF001 - as above
    with Pool(OPTIONS, 1) as pool:
        pool._workers[0].ready()  # noqa: SLF001 - as above
        asked_for = pool._workers[0]._process  # noqa: SLF001 - as above
        assert asked_for is not None
        assert os.sched_getaffinity(asked_for.pid) == mine


def test_the_spare_worker_starts_when_another_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where each submission is done with soon, one worker for each processor is enough."""
    monkeypatch.setattr(pool_module, "processors", lambda: 1)
    monkeypatch.setattr(pool_module, "_LONG", 0.5)
    gone_on = threading.Event()

    def outcome(worker: Worker, job: Job) -> Outcome:
        used.append(worker)
        if job is SLOW:
            assert gone_on.wait(60)
        elif SLOW in jobs:
            gone_on.set()
        return Outcome("right", 0.0, "{}", "")

    monkeypatch.setattr(Worker, "outcome", outcome)
    for jobs, workers in (([GOOD] * 4, 1), ([SLOW, GOOD], 2)):
        used: list[Worker] = []
        gone_on.clear()
        with Pool(OPTIONS) as pool:
            contents = [(".py", str(number)) for number in range(len(jobs))]
            list(pool.outcomes(contents, lambda content, jobs=jobs: jobs[int(content[1])]))
        assert len(set(used)) == workers


def test_a_worker_that_starts_while_its_pool_ends_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its thread does so: nothing is left running."""
    begun, go, start = threading.Event(), threading.Event(), Worker._start  # noqa: SLF001 - nothing else is so short
    made: list[subprocess.Popen[bytes] | None] = []

    def late(held: Worker) -> Channel:
        if held is slow:
            begun.set()
            assert go.wait(60)
        try:
            return start(held)
        finally:
            made.append(held._process)  # noqa: SLF001 - as above

    monkeypatch.setattr(Worker, "_start", late)
    with Pool(OPTIONS, 2) as pool:
        slow = pool._workers[1]  # noqa: SLF001 - as above
        next(pool.outcomes([(".py", "0"), (".py", "1")], lambda _: GOOD))
        assert begun.wait(60)
    go.set()
    for _ in range(200):
        if len(made) > 1 and all(process and process.returncode is not None for process in made):  # whoever ended it has waited for it
            return
        time.sleep(0.05)
    pytest.fail("a process is left to nobody")


def test_what_cannot_be_parsed_is_nobodys_code() -> None:
    """Of a program with a part that Python refuses the rest says nothing: two that share only that are not the same code."""
    lost = ["import numpy as np\n\ndef lstm_cell_backward(da_next, dc_next, cache):\n    return " + rest for rest in ("f(\n", "1 +\n")]
    with Judge(OPTIONS) as judge:
        first, second, whole = (judge.outcome(Job(".py", text.encode(), "one", 2)) for text in (*lost, RIGHT))
    assert first.status == second.status == "wrong"
    assert (first.code, second.code) == (None, None)
    assert whole.code is not None


def test_why_a_file_cannot_be_read_is_said_without_a_name() -> None:
    """Nobody has handed in a file of the name by which it goes while it is judged, and the same content gets the same sentence."""
    contents = {".py": b"", ".txt": b"\xff\xfe\xfd", ".ipynb": b"{"}
    with Judge(OPTIONS) as judge:
        outcomes = {kind: judge.outcome(Job(kind, content, "one", 2)) for kind, content in contents.items()}
    problems = {kind: json.loads(outcome.diagnosis)["problem"] for kind, outcome in outcomes.items()}
    assert problems[".py"] == "The file is empty; save your code into it and try again."
    assert problems[".txt"].startswith("The file is not text in UTF-8")
    assert problems[".ipynb"].startswith("The file is not a notebook")
    assert not any("submission." in outcome.page for outcome in outcomes.values())
