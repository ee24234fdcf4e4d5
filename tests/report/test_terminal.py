"""The terminal shows the same words as the text, in colour, and takes nothing from the input as an instruction."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from whygrad.report.terminal import show
from whygrad.report.text import to_text

if TYPE_CHECKING:
    from whygrad.records import Result


def shown(result: Result, *, hint: int = 2, width: int = 80, no_color: bool = False) -> str:
    """What a terminal of this width receives."""
    stream = io.StringIO()
    show(result, hint, Console(file=stream, force_terminal=True, width=width, no_color=no_color, color_system="standard"))
    return stream.getvalue()


def plain(text: str) -> str:
    """Without colours and line breaks."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


@pytest.mark.parametrize("name", ["one", "tie"])
@pytest.mark.parametrize("hint", [1, 2, 3])
@pytest.mark.parametrize("width", [30, 80, 200])
def test_the_words_are_those_of_the_text(name: str, hint: int, width: int, request: pytest.FixtureRequest) -> None:
    """Nothing is added and nothing lost, however wide the terminal."""
    result: Result = request.getfixturevalue(name)
    assert plain(shown(result, hint=hint, width=width)) == " ".join(to_text(result, hint).split())


def test_colours_are_there_and_can_be_switched_off(one: Result) -> None:
    """A terminal gets colours; with NO_COLOR only bold and dim remain."""
    assert "\x1b[1;33m" in shown(one)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", shown(one, no_color=True))


def test_no_color_is_read_from_the_environment(one: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR in the environment is enough."""
    monkeypatch.setenv("NO_COLOR", "1")
    stream = io.StringIO()
    show(one, console=Console(file=stream, force_terminal=True, width=80, color_system="standard"))
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", stream.getvalue())


@pytest.mark.parametrize("text", ["[red]x[/red]", "[/]", "[link=http://a.example]x[/link]", ":smile:", "dx[1][2]", "[bold"])
def test_markup_in_the_input_is_shown_as_it_is(one: Result, text: str) -> None:
    """Brackets and colons are the input's own."""
    assert f"- {text}" in plain(shown(replace(one, unread=(text,))))


def test_escape_sequences_of_the_input_do_not_arrive(one: Result) -> None:
    """Only our own colours reach the terminal."""
    output = shown(replace(one, unread=("\x1b]0;title\x07 \x9b2J",)))
    assert "\x1b]" not in output
    assert "\x9b" not in output
    assert "\\x1b]0;title\\x07" in plain(output)
