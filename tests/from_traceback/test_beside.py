"""An error beside printed numbers: both are told."""

from __future__ import annotations

import numpy as np
import pytest
from stopping import program, traceback_of

from whygrad import diagnose
from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.assignment import compiled

LCB, LB = "lstm_cell_backward", "lstm_backward"
STOPS = traceback_of(program((LB, "dbo + gradients['dbo']", "dbo + gradients['dbO']")), LB)


def _printed(before: str = "\n", after: str = "\n") -> str:
    """What the cell's check prints, with a change."""
    lines = "\n".join(SEQUENCE_MODELS.functions[LCB]).replace(before, after)
    gradients = SEQUENCE_MODELS.run_check(LCB, {LCB: compiled(tuple(lines.split("\n")))})
    return "".join(
        f'gradients["{name}"]{"".join(f"[{at}]" for at in index)} = {np.array2string(np.asarray(gradients[name][index]), precision=8)}\n'
        for name, index in SEQUENCE_MODELS.printed[LCB]
    )


def test_right_numbers_above_a_line_that_stops() -> None:
    """They are said to be right, and the line is told; no run is counted that was none."""
    diagnosis = diagnose(f"{_printed()}\n{STOPS}")
    (mistake,) = diagnosis.mistakes
    assert (diagnosis.verdict, mistake.function, mistake.location and mistake.location.text) == (
        "explained",
        LB,
        "dbo = dbo + gradients['dbO']",
    )
    right, how = diagnosis.result.notes
    assert right == f"the 11 printed numbers of {LCB} are right"
    assert how.startswith(f"of the error: the course's own {LB} stops here with the same error")
    assert diagnosis.result.sandbox is None


def test_wrong_numbers_above_a_line_that_stops() -> None:
    """What they tell comes first: it was run first."""
    diagnosis = diagnose(f"{_printed('dc_prev = dc * ft', 'dc_prev = dc * it')}\n{STOPS}")
    assert (diagnosis.verdict, [mistake.function for mistake in diagnosis.mistakes]) == ("explained", [LCB, LB])
    facts = diagnosis.to_text().partition("How sure of the numbers: 11 of 11 numbers to the last printed digit")
    assert "Another explanation prints the same numbers:" in facts[0] or not diagnosis.result.alternatives
    assert facts[2]


@pytest.mark.parametrize(
    "error",
    [
        "Traceback (most recent call last):\n  File \"x.py\", line 2, in <module>\n    print(nothing)\nNameError: 'nothing'",
        "  Cell In[10], line 13\n    dit = (dc_next * (1 - it\n                     ^\nSyntaxError: '(' was never closed",
        'Traceback (most recent call last):\n  File "x.py", line 2, in <module>\n    test(f)\nAssertionError: Wrong values for dx',
        "AssertionError: dbf has the shape (5,) and not (5, 1)",
        "AttributeError: 'tuple' object has no attribute 'append'",
    ],
)
def test_right_numbers_beside_an_error_of_which_nothing_is_known(error: str) -> None:
    """Nobody is told that nothing has to be mended."""
    diagnosis = diagnose(f"{_printed()}\n{error}\n")
    said = error.rpartition("\n")[2]
    assert (diagnosis.verdict, diagnosis.result.stopped, len(diagnosis.result.right)) == ("unknown", said, 0)
    assert " ".join(diagnosis.to_text().split()).startswith(
        "Unknown: all 11 numbers of lstm_cell_backward are right, but the program stops with"
    )
    assert "Please post the whole error as text" in diagnosis.to_markdown()


def test_right_numbers_beside_an_error_outside_of_all_functions() -> None:
    """A line that reads a name which nothing has spoils no function; one within a function does."""
    error = (
        "Traceback (most recent call last):\n  File \"x.py\", line 2, in {}\n    print(grads['dx'])\nNameError: name 'grads' is not defined"
    )
    diagnosis = diagnose(f"{_printed()}\n{error.format('<module>')}\n")
    assert diagnosis.verdict == "right"
    said = "the error is of the line `print(grads['dx'])`, which stands outside of all functions: nothing is called grads there"
    assert diagnosis.result.notes == (said,)
    assert diagnose(f"{_printed()}\n{error.format('helper')}\n").verdict == "unknown"


@pytest.mark.parametrize(
    "line",
    [
        "2 tests failed, 3 passed",
        "Hidden test of the grader: FAILED",
        "\x1b[91mWrong shape of the cache\x1b[0m",
        "C3: wrong type of dxt",
        "the grader says: NameError('utils') in cell 3",
        "Error: Wrong values of dxt in one cell. 3 Tests passed, 1 Tests failed",
    ],
)
def test_right_numbers_beside_a_failed_test(line: str) -> None:
    """Nobody is told that nothing has to be mended, nor that a program has stopped."""
    diagnosis = diagnose(f"{_printed()}\n{line}\n")
    said = line.removeprefix("\x1b[91m").removesuffix("\x1b[0m")
    assert (diagnosis.verdict, diagnosis.result.stopped) == ("unknown", said)
    assert f"are right, but the text also shows `{said}`" in " ".join(diagnosis.to_text().split())
    assert "Please post what the test says" in diagnosis.to_markdown()


TITLES = ("Wrong values in lstm_cell_backward", "## Exercise 6: wrong values of dxt")


COUNTS = ("Tests failed: 0, passed: 4", "Still 0 points, with no error of the grader.", "Error: 2.5e-09", "Error: none")
TRAINED = ("Iteration: 2000, Loss: 27.9", "GradientError: 0.004")


@pytest.mark.parametrize(
    "line",
    ["0 tests failed", "No test has failed.", "The test failed before I had a copy there.", "Wrong values?", *TITLES, *COUNTS, *TRAINED],
)
def test_no_test_that_failed(line: str) -> None:
    """It is denied, of another time, or asked, or a title that somebody has given to the question, or how far a program has come."""
    assert diagnose(f"{_printed()}\n{line}\n").verdict == "right"


def test_numbers_that_nothing_explains_stay_unexplained(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is told all the same."""
    monkeypatch.setattr("whygrad.from_numbers.tables.clock.MOST_SECONDS", 1.0)
    diagnosis = diagnose(f"{_printed().replace('= -', '= 3')}\n{STOPS}")
    assert (diagnosis.verdict, [mistake.function for mistake in diagnosis.mistakes]) == ("partly", [LB])
    assert diagnosis.result.unexplained
