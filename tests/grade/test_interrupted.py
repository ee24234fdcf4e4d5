"""A run that is killed costs what was in flight: started again it gives what an undisturbed one gives, and judges nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from small_class import HANGS, RIGHT, SECONDS, WRONG, grade, read, write

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it looks for processes in /proc")

NUMBER = 8
FILES: dict[str | bytes, str] = {
    f"{number:02}.py": (HANGS if number % 4 == 3 else RIGHT if number % 2 else WRONG) + f"number = {number}\n" for number in range(NUMBER)
}
"""No two are one program, and the last one never ends: a run is not over before it is interrupted."""


def wait_for(what: Callable[[], bool], seconds: float = 60.0) -> None:
    """Look again and again."""
    for _ in range(int(seconds / 0.02)):
        if what():
            return
        time.sleep(0.02)
    pytest.fail("it did not come to pass")


def ours(mark: str) -> list[int]:
    """The processes with this mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def started(folder: Path, out: Path, mark: str) -> subprocess.Popen[bytes]:
    """A run in a process of its own."""
    command = [sys.executable, "-m", "whygrad", "grade", str(folder), "-o", str(out), "--seconds", str(SECONDS), "--jobs", "2"]
    environment = {**os.environ, mark: "1"}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell has put the tests in the background
    try:
        return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603 - ourselves
    finally:
        signal.signal(signal.SIGINT, before)


def lines_in(out: Path) -> int:
    """How many whole lines are there."""
    file = out / "results.jsonl"
    return file.read_bytes().count(b"\n") if file.exists() else 0


def without_times(lines: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The lines but for how long it took."""
    return {path: {key: value for key, value in line.items() if key != "seconds"} for path, line in lines.items()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The class, and what a run gives that nobody ended."""
    folder, out = write(tmp_path_factory.mktemp("class"), FILES), tmp_path_factory.mktemp("undisturbed")
    assert grade(folder, "-o", out) == 0
    return folder, out


@pytest.mark.parametrize("ends", [[signal.SIGKILL, signal.SIGKILL], [signal.SIGINT]], ids=["killed twice", "interrupted"])
def test_started_again_it_continues(tmp_path: Path, undisturbed: tuple[Path, Path], ends: list[signal.Signals]) -> None:
    """Runs are ended in the middle; no process is left of them; the next judges the rest, and the lines that were there stay."""
    (folder, expected), out = undisturbed, tmp_path / "out"
    kept: dict[str, dict[str, Any]] = {}
    for at, number in enumerate(ends, 1):
        mark = f"WHYGRAD_TEST_{os.getpid()}_{at}"
        process = started(folder, out, mark)
        wait_for(lambda at=at: lines_in(out) >= 2 * at)
        process.send_signal(number)
        said = process.communicate()[1].decode()
        assert process.returncode == (-number if number == signal.SIGKILL else 130)
        wait_for(lambda mark=mark: not ours(mark), 20)
        kept |= read(out / "results.jsonl")
        assert len(kept) < NUMBER
        if number == signal.SIGINT:
            assert said.endswith(
                f"Stopped. {len(kept)} of {NUMBER} submissions have their line in {out / 'results.jsonl'}; "
                "the same command goes on from there.\n"
            )
    assert grade(folder, "-o", out) == 0
    lines = read(out / "results.jsonl")
    assert {path: lines[path] for path in kept} == kept
    assert without_times(lines) == without_times(read(expected / "results.jsonl"))
    for name in ("class.csv", "index.html"):
        assert (out / name).read_bytes() == (expected / name).read_bytes()
    assert {path.name for path in (out / "pages").iterdir()} == {path.name for path in (expected / "pages").iterdir()}
