"""What is said on standard error while a run goes on."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from whygrad.grade import progress

if TYPE_CHECKING:
    import pytest


def test_lines_say_how_many_and_how_long(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line now and then, none after each submission; the time to go comes from what was done in this run."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with progress.progress(500, 1000) as advance:
        for _ in range(100):
            now[0] += 0.5
            advance(1)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "whygrad: 500 of 1,000 submissions were judged before."
    assert said[1] == "whygrad: 520 of 1,000, 4 min 0 s to go."
    assert len(said) == 6


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """With how many of how many."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress(1, 3) as advance:
        advance(2)
    assert "3/3" in terminal.getvalue()


def test_the_time_to_go_is_in_words() -> None:
    """Seconds, minutes, hours."""
    assert [progress._duration(seconds) for seconds in (5.4, 65, 7300)] == ["5 s", "1 min 5 s", "2 h 1 min"]  # noqa: SLF001
