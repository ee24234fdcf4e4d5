"""The same through Python: a str is text, a Path is a file, and the diagnosis shows itself in three ways."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

import whygrad
from whygrad.errors import UnreadableError, UsageError
from whygrad.records import Confidence, Mistake, Reading, Result, Search
from whygrad.report.markdown import to_markdown
from whygrad.report.text import to_text

if TYPE_CHECKING:
    from pathlib import Path

POST = 'gradients["dx"][1][2] = [-0.07 0.28 -0.48 -0.43]\ngradients["da0"][2][3] = 0.3\n'
MISTAKE = Mistake(
    "view-of-output",
    "lstm_forward",
    "c_prev",
    0,
    "c_prev is a view of the output",
    ("Look there.", "It is overwritten.", "It is zero."),
    Confidence(5, 4, 30, 900, -20.5),
)
RESULT = Result("explained", "sequence-models", ("lstm_backward",), None, 5, 5, mistakes=(MISTAKE,), search=Search(900, complete=True))


@pytest.fixture(autouse=True)
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Reading]:
    """Replaces the search by one that always finds ``RESULT`` and keeps what it was given."""
    kept: list[Reading] = []

    def explain(reading: Reading, _folder: Path | None = None) -> Result:
        kept.append(reading)
        return RESULT

    monkeypatch.setattr("whygrad.from_numbers.explain", explain)
    return kept


def test_a_str_is_text_and_a_path_is_a_file(tmp_path: Path, readings: list[Reading]) -> None:
    """Both ways in read the same numbers."""
    file = tmp_path / "post.txt"
    file.write_text(POST, encoding="utf-8")
    assert whygrad.diagnose(POST).result is RESULT
    assert whygrad.diagnose(file).result is RESULT
    assert readings[0] == readings[1]
    assert [number.label for number in readings[0].blocks[0].numbers] == [
        "dx[1][2][0]",
        "dx[1][2][1]",
        "dx[1][2][2]",
        "dx[1][2][3]",
        "da0[2][3]",
    ]


def test_the_diagnosis_shows_itself() -> None:
    """print, text, Markdown and JSON are the reports of the record."""
    diagnosis = whygrad.diagnose(POST)
    assert str(diagnosis) == diagnosis.to_text() == to_text(RESULT, 2)
    assert diagnosis.to_text(hint=3) == to_text(RESULT, 3)
    assert diagnosis.to_markdown() == to_markdown(RESULT, 2)
    assert diagnosis.to_markdown(hint=1) == to_markdown(RESULT, 1)
    assert json.loads(diagnosis.to_json())["mistakes"][0]["id"] == "view-of-output"


def test_the_record_is_at_hand() -> None:
    """The main fields are attributes."""
    diagnosis = whygrad.diagnose(POST)
    assert isinstance(diagnosis, whygrad.Diagnosis)
    assert diagnosis.verdict == "explained"
    assert diagnosis.mistakes == (MISTAKE,)
    assert diagnosis.alternatives == diagnosis.predictions == diagnosis.exonerated == ()


def test_what_cannot_be_read_raises(tmp_path: Path) -> None:
    """A missing file is wrong usage, a text without numbers is unreadable; both say so in one sentence."""
    with pytest.raises(UsageError, match=r"^There is no file .*missing\.txt"):
        whygrad.diagnose(tmp_path / "missing.txt")
    with pytest.raises(UnreadableError, match=r"^the text "):
        whygrad.diagnose("good morning")
    with pytest.raises(UnreadableError):
        whygrad.diagnose("")


@pytest.mark.parametrize("name", ["numbers.txt", "week 1/RNN.IPYNB"])
def test_a_files_name_as_a_str_is_told_to_be_a_text(name: str) -> None:
    """Whoever meant the file learns how to give it."""
    with pytest.raises(UsageError) as raised:
        whygrad.diagnose(name)
    assert str(raised.value) == f"a str is the printed text itself; for the file give pathlib.Path({name!r})"


@pytest.mark.parametrize(("given", "says"), [(None, "NoneType"), (b"dx", "bytes"), ([1], "list")])
def test_what_is_none_of_these_is_told_what_to_give(given: Any, says: str) -> None:  # noqa: ANN401
    """All kinds are named."""
    with pytest.raises(UsageError) as raised:
        whygrad.diagnose(given)
    asks = "give the printed text as a str, a file as a Path, globals(), a module or functions"
    assert str(raised.value) == f"something of type {says} was given; {asks}"


@pytest.mark.parametrize("given", [("dx[0][0][0] = 1.5", "dx[0][0][0] = 2.5"), (whygrad.lstm_backward, "dx = 1"), ({}, {})])
def test_several_things_that_are_not_all_functions(given: Any) -> None:  # noqa: ANN401
    """Only functions are given side by side; the printed and the expected numbers are one text."""
    with pytest.raises(UsageError, match=r"^2 things were given, and not all are functions; give one: all that was printed in one str, "):
        whygrad.diagnose(*given)


def test_a_module_is_what_it_defines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As its globals() would be."""
    (tmp_path / "my_forward.py").write_text(
        "def rnn_cell_forward(xt, a_prev, parameters):\n    return a_prev, xt, None\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    module = import_module("my_forward")
    assert whygrad.diagnose(module).to_json() == whygrad.diagnose(vars(module)).to_json()


def test_a_name_that_holds_no_function_is_told() -> None:
    """It is defined, but not as one."""
    with pytest.raises(UsageError, match=r"^lstm_backward is NoneType and no function; run the cell that defines it$"):
        whygrad.diagnose({"lstm_backward": None})


def test_a_lone_surrogate_in_the_text_does_no_harm(readings: list[Reading]) -> None:
    """A str that is no valid Unicode text is read like any other, and its document can be written."""
    diagnosis = whygrad.diagnose("\ud800\n" + POST + 'gradients["dx"][9] = \udfff\n')
    assert len(readings[0].blocks[0].numbers) == 5
    json.loads(diagnosis.to_json())
