"""A cell that stops where it calls a function or reads what that returned; cells are run here, and only what a notebook prints is given."""

from __future__ import annotations

import pytest
from stopping import program, traceback_in, traceback_of

from whygrad import diagnose
from whygrad.assignments import SEQUENCE_MODELS
from whygrad.errors import UnreadableError

LCB, LCF = "lstm_cell_backward", "lstm_cell_forward"
DRAWN = """
xt, a_prev, c_prev, da_next, dc_next = (np.ones((size, 10)) for size in (3, 5, 5, 5, 5))
parameters = {f"{kind}{gate}": np.ones((5, 8 if kind == "W" else 1)) for kind in "Wb" for gate in "fico"} | {"Wy": np.ones((2, 5)), "by": 0}
"""
FORWARD = "a_next, c_next, yt, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)\n"
BACKWARD = f"{FORWARD}gradients = lstm_cell_backward(da_next, dc_next, cache)\n"
RETURNS = "    return gradients"


THREE_GIVEN = f"{LCB}() takes 2 positional arguments but 3 were given"
RETURNS_FOUR = "return (a_next, c_next, yt_pred, cache)"
NO_DBF = f'{LCB} returns a dictionary without the key "dbf"'
NO_SHAPE = f'{LCB} returns something under the key "dbf" that has not the shape that is asked for'
OTHERWISE = {
    "a key": ((LCB, "'dbf': dbf", "'db_f': dbf"), f"{BACKWARD}gradients['dbf'][4]", NO_DBF),
    "a key, the entry as a whole": ((LCB, "'dbf': dbf", "'db_f': dbf"), f"{BACKWARD}print(gradients['dbf'])", NO_DBF),
    "return, or an entry": (
        (LCB, RETURNS, "    pass"),
        f"{BACKWARD}print(gradients['dxt'][1][2])",
        f'{LCB} returns nothing, or None under the key "dxt"',
    ),
    "return": ((LCB, RETURNS, "    pass"), f"{BACKWARD}print(gradients['dxt'])", f"{LCB} returns nothing"),
    "an entry": ((LCB, "'dxt': dxt", "'dxt': None"), f"{BACKWARD}gradients['dxt'].shape", f'{LCB} returns None under the key "dxt"'),
    "a dictionary": (
        (LCB, RETURNS, "    return dxt, da_prev"),
        f"{BACKWARD}gradients['dxt'].shape",
        f"{LCB} returns a tuple, expected a dictionary",
    ),
    "a shape": ((LCB, "'dbf': dbf", "'dbf': np.sum(dft)"), f"{BACKWARD}print('dbf[4] =', gradients['dbf'][4])", NO_SHAPE),
    "one of four": (
        (LCF, RETURNS_FOUR, "return (a_next, yt_pred, cache)"),
        FORWARD,
        f"{LCF} returns 3 values, expected 4 values: (a_next, c_next, yt_pred, cache)",
    ),
    "all four": ((LCF, RETURNS_FOUR, "pass"), FORWARD, f"{LCF} returns nothing"),
    "what is None": (
        (LCF, RETURNS_FOUR, "return (a_next, None, yt_pred, cache)"),
        f"{FORWARD}print(c_next[2])",
        f"{LCF} returns None as c_next",
    ),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_what_a_function_lacks_is_said(name: str) -> None:
    """The function is named, and no line: none of its lines is known."""
    change, cell, says = OTHERWISE[name]
    text = traceback_in(program(change), DRAWN + cell)
    (mistake,) = diagnose(text).mistakes
    assert (mistake.id, mistake.says, mistake.location) == ("returned-otherwise", says, None)
    assert mistake.function == says.partition(" ")[0]
    (note,) = diagnose(text).result.notes
    assert note.startswith("this is what the error itself says, at the line `")


def test_a_function_that_is_not_there() -> None:
    """It was never defined, or under another name."""
    (mistake,) = diagnose(traceback_in(program((LCB, f"def {LCB}", "def lstm_cel_backward")), DRAWN + BACKWARD)).mistakes
    assert mistake.says == f"{LCB} is not there when it is called: no cell that was run has defined a function of this name"
    assert mistake.hints[1] == f"Run the cell that defines or imports {LCB} before this one, and compare the two names letter by letter."


def test_a_function_that_takes_something_else() -> None:
    """The error says what is given and what is taken."""
    (mistake,) = diagnose(traceback_in(program((LCB, "(da_next, dc_next, cache)", "(da_next, cache)")), DRAWN + BACKWARD)).mistakes
    assert (mistake.id, mistake.says) == ("called-otherwise", f"{LCB} does not take what it is given: {THREE_GIVEN}")


@pytest.mark.parametrize(
    "cell",
    [
        f"{BACKWARD}gradients['dx'][1, 2, 3, 4]['dxt']",
        f"{BACKWARD}other = {{}}\nother['dxt']",
        f"{BACKWARD}a = 1\nb = 1\nc = 1\nc['dxt']",
        f"{BACKWARD}1 / 0",
        f"{FORWARD}nothing = None\nlstm_cell_backward(da_next, dc_next, nothing[0])",
        f"{BACKWARD}none = {{'x': None}}\nprint(gradients['x'][1], none['x'][1])",
        f"{BACKWARD}np.ones((2, 3))[5, 5] = gradients['x'][0, 0]",
        "undefined(3)",
        "lstm_cell_backward(np.ones((2, 3)) @ np.ones((2, 3)), 1, 2)",
    ],
)
def test_what_the_error_does_not_say_is_not_told(cell: str) -> None:
    """Something else is read, or what stopped is no part of what the function returned."""
    text = traceback_in(program((LCB, "'dxt': dxt", "'x': dxt")), DRAWN + cell)
    try:
        told = diagnose(text).mistakes
    except UnreadableError:
        return
    assert [mistake.says for mistake in told] == [f'{LCB} returns a dictionary without the key "dx"'] * ("['dx']" in cell)


@pytest.mark.parametrize(
    ("change", "function", "says"),
    [
        ((LCF, RETURNS_FOUR, "return (a_next, yt_pred, cache)"), "lstm_forward", OTHERWISE["one of four"][2]),
        ((LCB, RETURNS, "    return dxt, da_prev"), "lstm_backward", f"{LCB} returns a tuple, expected a dictionary"),
        ((LCB, "(da_next, dc_next, cache)", "(da_next, cache)"), "lstm_backward", f"{LCB} does not take what it is given: {THREE_GIVEN}"),
    ],
)
def test_what_a_sequence_asks_of_its_cell_too(change: tuple[str, str, str], function: str, says: str) -> None:
    """The line that stops is the sequence's, and right."""
    (mistake,) = diagnose(traceback_of(program(change), function)).mistakes
    assert (mistake.says, mistake.location) == (says, None)


def test_the_call_stands_too_far_above() -> None:
    """The numbers that the same cell has printed before say whose entry it is; without them nobody knows."""
    texts = program((LCB, "'dc_prev': dc_prev, ", ""))
    error = traceback_in(texts, f"{DRAWN}{BACKWARD}a = 1\nb = 1\nc = 1\ngradients['dc_prev'][2][3]")
    printed = "".join(
        f'gradients["{name}"]{"".join(f"[{at}]" for at in index)} = {SEQUENCE_MODELS.run_check(LCB)[name][index]!r}\n'
        for name, index in SEQUENCE_MODELS.printed[LCB][:2]
    )
    diagnosis = diagnose(printed + error)
    assert [mistake.says for mistake in diagnosis.mistakes] == [f'{LCB} returns a dictionary without the key "dc_prev"']
    with pytest.raises(UnreadableError):
        diagnose(error)
