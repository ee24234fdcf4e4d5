"""A name of a function that holds something else is told as that, once, and no slip is looked for in the lines that call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from notebooks import FORMS, Cell
from slipping import edited
from styles import FUNCTIONS, TEXTS

from whygrad.diagnose import diagnose_file
from whygrad.from_code.lines.two_slips import two_slips
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from whygrad.records import Result

PROGRAM = TEXTS["course_template"]
LINES = PROGRAM.count("\n")
BARE = PROGRAM.replace("np.dot(", "dot(").replace("import numpy as np", "import numpy as np\nfrom numpy import dot")
TANH = PROGRAM.replace("np.tanh(", "tanh(").replace("import numpy as np", "import numpy as np\nfrom numpy import tanh")
CASES = [
    (BARE, "lstm_cell_backward", "dot is an array of shape (4, 3), since line 218, and round brackets behind it call it"),
    (
        TANH.replace("    ft =", "    tanh = 2 * c_prev\n    ft ="),
        "lstm_cell_forward",
        "tanh is an array of shape (4, 3), since line 89, and",
    ),
]


@pytest.mark.parametrize(("program", "function", "says"), CASES, ids=["dot", "tanh"])
def test_a_name_given_another_value_is_told_once(program: str, function: str, says: str, examined: Callable[[str], Result]) -> None:
    """In each function at the first line that calls it, with the line that gave it away; the lines that call it have no slip."""
    mistakes = examined(program).mistakes
    assert says in mistakes[0].says
    assert mistakes[0].function == function
    assert {mistake.id for mistake in mistakes} == {"raises"}
    assert len({mistake.function for mistake in mistakes}) == len(mistakes)


_ALL_BUT_THE_FIRST = FUNCTIONS[1:]
OUTSIDE = [
    (
        "sigmoid = sigmoid(np.zeros((2, 2)))",
        "lstm_cell_forward",
        "sigmoid is an array from this line on, and round brackets behind it call it like a function",
        (),
    ),
    (
        "range = 7",
        "rnn_forward",
        "range is a number from this line on, and round brackets behind it call it like a function",
        ("lstm_forward", "rnn_backward", "lstm_backward"),
    ),
    ("np = 3", "rnn_cell_forward", "np is a number from this line on, and NumPy is looked for in it", _ALL_BUT_THE_FIRST),
    (
        "import math as np",
        "rnn_cell_forward",
        "np is the module math from this line on, and NumPy is looked for in it",
        _ALL_BUT_THE_FIRST,
    ),
]


@pytest.mark.parametrize(("line", "function", "says", "also"), OUTSIDE, ids=[case[0] for case in OUTSIDE])
def test_a_name_given_away_outside_is_one_mistake(
    line: str, function: str, says: str, also: tuple[str, ...], examined: Callable[[str], Result]
) -> None:
    """It is told at that line, with all the functions that raise for it."""
    (mistake,) = examined(f"{PROGRAM}\n{line}\n").mistakes
    assert (mistake.function, mistake.id, mistake.proof) == (function, "raises", "contract")
    assert mistake.location is not None
    assert (mistake.location.line, mistake.location.text) == (LINES + 2, line)
    so = f"; {listed(also)} raise for the same reason" if also else ""
    assert mistake.says.partition(" because ")[2] == f"{says}{so}"


def test_a_line_in_another_cell_has_its_cell(tmp_path: Path) -> None:
    """A sentence of an error that names a line outside of the functions says in which cell that is."""
    cells = [Cell(text) for text in (PROGRAM.replace("    caches = []", "    caches = [scale]"), "scale = undefined + 1\n")]
    path = tmp_path / "own.ipynb"
    path.write_text(FORMS["version 4"][1](cells), encoding="utf-8")
    (said, *_) = diagnose_file(path).result.mistakes
    assert "because cell 2, line 1, which should give it one," in said.says


def test_what_is_no_name_of_a_function_lacks_something(examined: Callable[[str], Result]) -> None:
    """Round brackets behind an array of the learner's own: an operator may be missing."""
    (said,) = examined(PROGRAM.replace("dit = (dc_next * cct", "dit = (dc_next (cct)")).mistakes
    assert said.says.endswith("call it like a function: something may be missing before them")


def test_a_line_that_gives_what_belongs_there_has_no_slips() -> None:
    """Two changes that undo each other are none."""
    rng = np.random.default_rng(5)
    values = {"w": rng.standard_normal((4, 3)), "a": rng.standard_normal((3, 2)), "b": rng.standard_normal((4, 1))}
    right = np.tanh(values["w"] @ values["a"] + values["b"])
    assert two_slips("np.tanh(np.dot(w, a) + b)", values, right, 1e-9) is None


@pytest.mark.parametrize(("line", "held"), [("0.5", "a number"), ("lstm_backward.__name__", "a text"), ("[lstm_backward]", "a list")])
def test_a_function_whose_name_holds_something_else(line: str, held: str, examined: Callable[[str], Result]) -> None:
    """That is told at the line that gives it away, and no value of another line is asked for."""
    (mistake,) = examined(f"{PROGRAM}\nlstm_backward = {line}\n").mistakes
    assert mistake.says == f"lstm_backward is {held} once the code has run, and no function"
    assert mistake.location is not None
    assert (mistake.location.line, mistake.location.text) == (LINES + 2, f"lstm_backward = {line}")
    assert mistake.hints[1].startswith("A name holds what it was given last.")


def test_a_function_that_is_none(examined: Callable[[str], Result]) -> None:
    """A name that is given None and nothing else is no function that was not reached."""
    (mistake,) = examined(f"{edited(without=('lstm_backward',))}\nlstm_backward = None\n").mistakes
    assert mistake.says == "lstm_backward is None once the code has run, and no function"
    assert mistake.location is not None
    assert mistake.location.text == "lstm_backward = None"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            "import my_cells\nlstm_cell_backward = my_cells.lstm_cell_backward",
            "is taken out of another file, which is not available here",
        ),
        (
            "from mine import LSTM\nmodel = LSTM(5, 3)\nlstm_cell_backward = model.back",
            "needs mine.LSTM, which is not available here",
        ),
    ],
)
def test_a_function_out_of_a_module_that_is_not_there(lines: str, says: str, examined: Callable[[str], Result]) -> None:
    """It could not be judged, and is no mistake; the rest is judged as it stands."""
    result = examined(f"{edited(without=('lstm_cell_backward',))}\n{lines}\n")
    verdicts = {one.function: (one.verdict, one.says) for one in result.functions}
    assert not result.mistakes
    assert verdicts.pop("lstm_cell_backward") == ("not reached", says)
    assert {verdict for verdict, _ in verdicts.values()} == {"right"}
