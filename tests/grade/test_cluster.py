"""A Dask cluster does the same work: a real scheduler and two workers on this machine, of which one is killed in the middle."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from small_class import HANGS, RIGHT, WRONG, grade, read, write

from whygrad.grade.cluster import Cluster
from whygrad.grade.records import Job, Options

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

pytest.importorskip("distributed", reason="needs whygrad[cluster]")

NUMBER = 8
FILES: dict[str | bytes, str] = {
    f"{number:02}.py": (HANGS if number == 3 else RIGHT if number % 2 else WRONG) + f"# {number}\n" for number in range(NUMBER)
}
Processes = list[subprocess.Popen[bytes]]


def process(name: str, *options: str) -> subprocess.Popen[bytes]:
    """A part of the cluster, as ``dask scheduler`` and ``dask worker`` start it."""
    code = f"from distributed.cli.dask_{name} import main; main()"
    return subprocess.Popen([sys.executable, "-c", code, "--no-dashboard", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words


def wait_for(what: Callable[[], bool], seconds: float = 60.0) -> None:
    """Look again and again."""
    for _ in range(int(seconds / 0.05)):
        if what():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to pass")


@pytest.fixture
def dask(tmp_path: Path) -> Generator[tuple[str, Processes]]:
    """A scheduler's address, and the processes of its two workers, which have one thread each."""
    file = tmp_path / "scheduler.json"
    scheduler = process("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
    workers: Processes = []
    try:
        wait_for(lambda: file.exists() and file.stat().st_size > 0)
        address = json.loads(file.read_text())["address"]
        for number in range(2):
            folder = str(tmp_path / f"worker-{number}")
            workers.append(process("worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--local-directory", folder))
        yield address, workers
    finally:
        for one in (*workers, scheduler):
            one.kill()
            one.wait()


def without_times(lines: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The lines but for how long it took."""
    return {path: {key: value for key, value in line.items() if key != "seconds"} for path, line in lines.items()}


def problems(file: Path) -> dict[str, str]:
    """Why each submission that could not be run could not be."""
    return {Path(path).name: line["diagnosis"]["problem"] for path, line in read(file).items() if line["status"] == "could not be run"}


def test_a_worker_that_is_killed_costs_nothing(tmp_path: Path, dask: tuple[str, Processes]) -> None:
    """One of two is killed when a few lines are there: every submission has the line that it has without a cluster."""
    address, workers = dask
    folder, out = write(tmp_path / "class", FILES), tmp_path / "out"
    file = out / "results.jsonl"

    def kill_one() -> None:
        wait_for(lambda: file.exists() and file.read_bytes().count(b"\n") >= 3, 20)
        workers[0].kill()

    killer = threading.Thread(target=kill_one)
    killer.start()
    code = grade(folder, "-o", out, "--scheduler", address)
    killer.join()
    assert code == 0
    assert workers[0].wait() != 0
    assert workers[1].poll() is None
    assert grade(folder, "-o", tmp_path / "here") == 0
    here, there = problems(tmp_path / "here" / "results.jsonl"), problems(file)
    assert here.keys() == there.keys() == {"03.py"}, (here, there)
    assert without_times(read(file)) == without_times(read(tmp_path / "here" / "results.jsonl"))


def test_a_scheduler_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence says so."""
    monkeypatch.setattr("whygrad.grade.cluster._TO_CONNECT", 1)
    write(tmp_path / "class", {"a.py": RIGHT})
    assert grade(tmp_path / "class", "-o", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9") == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["tcp://1", "nothing://127.0.0.1:8786"])
def test_an_address_that_is_none(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused before a client is made, whose threads would keep the process from ending."""
    monkeypatch.setattr("distributed.Client", lambda *_, **__: pytest.fail("a client was made"))
    write(tmp_path / "class", {"a.py": RIGHT})
    assert grade(tmp_path / "class", "-o", tmp_path / "out", "--scheduler", address) == 2
    assert f"No Dask scheduler answers at {address}" in capsys.readouterr().err


def test_dask_s_advice_on_large_submissions_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a class run says is whygrad's own."""
    cluster, handed = Cluster("tcp://127.0.0.1:9", Options()), list[str]()

    def submit(*_: object, key: str, **__: object) -> None:
        handed.append(key)
        warnings.warn("Sending large graph of size 19.07 MiB.", stacklevel=1)

    class Finished:
        def __init__(self, loop: None) -> None:
            del loop

        def add(self, future: None) -> None:
            """Nobody waits for it."""

        def __iter__(self) -> Iterator[None]:
            return iter(())

    monkeypatch.setattr(cluster, "_client", SimpleNamespace(loop=None, nthreads=dict, submit=submit), raising=False)
    monkeypatch.setattr(cluster, "_dask", SimpleNamespace(as_completed=Finished))
    with warnings.catch_warnings(action="error"):
        assert not list(cluster.outcomes(cast("Any", ["a.py"]), lambda _: Job(".py", b"", "a.py", 2)))
    assert len(handed) == 1
