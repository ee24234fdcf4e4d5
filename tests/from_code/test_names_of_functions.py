"""A name of a function that holds something else is told as that, once, and no slip is looked for in the lines that call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from styles import TEXTS

from whygrad.from_code.lines.two_slips import two_slips

if TYPE_CHECKING:
    from collections.abc import Callable

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
    (f"{PROGRAM}\nsigmoid = sigmoid(np.zeros((2, 2)))\n", "lstm_cell_forward", f"sigmoid is an array, since line {LINES + 2}, and"),
    (f"{PROGRAM}\nrange = 7\n", "rnn_forward", f"range is a number, since line {LINES + 2}, and round brackets behind it call it"),
    (f"{PROGRAM}\nnp = 3\n", "rnn_cell_forward", f"np is a number here, since line {LINES + 2}, and not NumPy, whose tanh"),
]


@pytest.mark.parametrize(("program", "function", "says"), CASES, ids=["dot", "tanh", "sigmoid", "range", "np"])
def test_a_name_given_another_value_is_told_once(program: str, function: str, says: str, examined: Callable[[str], Result]) -> None:
    """In each function at the first line that calls it, with the line that gave it away; the lines that call it have no slip."""
    mistakes = examined(program).mistakes
    assert says in mistakes[0].says
    assert mistakes[0].function == function
    assert {mistake.id for mistake in mistakes} == {"raises"}
    assert len({mistake.function for mistake in mistakes}) == len(mistakes)


def test_what_is_no_name_of_a_function_lacks_something(examined: Callable[[str], Result]) -> None:
    """Round brackets behind an array of the learner's own: an operator may be missing."""
    (said,) = examined(PROGRAM.replace("dit = (dc_next * cct", "dit = (dc_next (cct)")).mistakes
    assert said.says.endswith("call it like a function: something may be missing before them")


def test_an_activation_that_is_another_function(examined: Callable[[str], Result]) -> None:
    """The line is right as it is written, so that no two slips are found in it: what it calls is not what it is called."""
    program = PROGRAM.replace(
        "from rnn_utils import *", "import functools\nfrom rnn_utils import sigmoid\nsoftmax = functools.partial(np.sort, axis=0)"
    )
    mistakes = examined(program).mistakes
    assert [(one.function, one.id) for one in mistakes] == [
        ("rnn_cell_forward", "activation-wrong"),
        ("lstm_cell_forward", "activation-wrong"),
    ]
    for mistake in mistakes:
        assert "the softmax that is called here is another function than the assignment's" in mistake.says
        assert "Look for the line that makes softmax" in mistake.hints[1]


def test_a_line_that_gives_what_belongs_there_has_no_slips() -> None:
    """Two changes that undo each other are none."""
    rng = np.random.default_rng(5)
    values = {"w": rng.standard_normal((4, 3)), "a": rng.standard_normal((3, 2)), "b": rng.standard_normal((4, 1))}
    right = np.tanh(values["w"] @ values["a"] + values["b"])
    assert two_slips("np.tanh(np.dot(w, a) + b)", values, right, 1e-9) is None
