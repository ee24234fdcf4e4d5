"""From a traceback alone to what is wrong: programs that stop are run here, and only what a notebook prints of it is given."""

from __future__ import annotations

import pytest
from stopping import program, traceback_of

from whygrad import diagnose
from whygrad.errors import UnreadableError

CELL, LOOP = "lstm_cell_backward", "lstm_backward"


def _told(text: str) -> tuple[str, str, int, str]:
    """The one mistake: its function and id, its line, and what is said."""
    (mistake,) = diagnose(text).mistakes
    assert mistake.location is not None
    return str(mistake.function), mistake.id, mistake.location.line, mistake.says


@pytest.mark.parametrize(
    ("function", "before", "after", "id_", "says"),
    [
        (
            "rnn_cell_backward",
            "np.dot(dtanh, xt.T)",
            "dtanh * xt.T",
            "product-for-matrix-product",
            (
                "dWax has the wrong kind of product (*), and so it raises ValueError because "
                "dtanh has shape (5, 10) and xt.T (10, 3), which cannot be multiplied entry by entry"
            ),
        ),
        (
            CELL,
            "dWi = np.dot(dit, np.concatenate((a_prev, xt), axis=0).T)",
            "dWi = np.dot(dit, np.concatenate((a_prev, xt), axis=0))",
            "transpose-wrong",
            None,
        ),
        (LOOP, 'dbo + gradients["dbo"]', 'dbo + gradients["dbO"]', "name-replaced", None),
        (LOOP, "caches[t])", "caches[t + 4])", "cache-of-wrong-step", None),
        (
            CELL,
            "a_next, c_next, a_prev, c_prev",
            "a_next, a_prev, c_prev",
            "raises",
            (
                "lstm_cell_backward raises ValueError because 9 names stand left of the equals sign, "
                "and cache holds 10 values: there is no name for c_next"
            ),
        ),
        (
            LOOP,
            "= da.shape",
            "= da.shape()",
            "raises",
            (
                "lstm_backward raises TypeError because da.shape is a tuple of 3 values, "
                "and round brackets behind it call it like a function"
            ),
        ),
        ("lstm_cell_forward", "ft * c_prev + it * cct", "None", "not-filled-in", "lstm_cell_forward is not filled in yet"),
        ("rnn_forward", "rnn_cell_forward(x[:, :, t], a_next, parameters)", "rnn_cell_forward(x, a_next, parameters)", None, None),
    ],
)
def test_a_line_that_is_wrong_itself(function: str, before: str, after: str, id_: str | None, says: str | None) -> None:
    """It is named as it would be in the code: the line stops with right values in all that it reads."""
    before, after = before.replace('"', "'"), after.replace('"', "'")
    texts = program((function, before, after))
    told = _told(traceback_of(texts, function))
    line = next(at for at, text in enumerate(texts[function].split("\n"), 1) if after in text)
    assert told[0] == function
    assert told[2] == line
    assert id_ in {None, told[1]}
    assert says in {None, told[3]}


@pytest.mark.parametrize(
    ("function", "before", "after", "says"),
    [
        ("lstm_cell_forward", "bi = parameters['bi']", "bi = None", "bi is None when lstm_cell_forward comes to this line: {above}"),
        (
            "rnn_forward",
            "a = np.zeros((n_a, m, T_x), dtype)",
            "a = np.zeros((m, n_a, T_x), dtype)",
            "a has the shape (10, 5, 4) and not (5, 10, 4) when rnn_forward comes to this line: {above}",
        ),
        (
            "lstm_forward",
            "c = np.zeros((n_a, m, T_x), dtype)",
            "c = np.zeros((n_a, m, n_x), dtype)",
            "c has the shape (5, 10, 3) and not (5, 10, 7) when lstm_forward comes to this line: {above}",
        ),
        (
            LOOP,
            "n_x, m = x1.shape",
            "pass",
            "lstm_backward has given n_x no value when it comes to this line: no line above does, or it calls it otherwise",
        ),
    ],
)
def test_a_line_that_reads_something_else(function: str, before: str, after: str, says: str) -> None:
    """The line itself would do with right values, so what it reads is told."""
    texts = program((function, before, after))
    above = "the line that gives it its value is to be looked at"
    assert _told(traceback_of(texts, function))[3] == says.format(above=above)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (("dbo = np.sum(dot, axis=1, keepdims=True)", "dbo = np.sum(dot, axis=0, keepdims=True)"), "has the shape (1, 10) and not (5, 1)"),
        (("dbo = np.sum(dot, axis=1, keepdims=True)", "dbo = None"), "is None"),
        (("'dbo': dbo", "'db0': dbo"), "is not there"),
    ],
)
def test_what_a_cell_hands_back_wrongly_shows_in_the_loop(cell: tuple[str, str], says: str) -> None:
    """The loop's line is named, and what it reads; nobody can know more from there."""
    texts = program((CELL, *cell), (LOOP, "dbo = dbo + gradients['dbo']", "dbo += gradients['dbo']"))
    function, _, _, said = _told(traceback_of(texts, LOOP))
    assert function == LOOP
    if says.startswith("has"):
        assert "gradients['dbo'] has" in said
    else:
        key = "look at what gives gradients its value, and at what that has under this key"
        assert said == f"gradients['dbo'] {says} when lstm_backward comes to this line: {key}"


def test_what_comes_in_wrongly_is_said_to_come_in() -> None:
    """An argument has no line above."""
    texts = program((LOOP, "dc_prevt = np.zeros((n_a, m), dtype)", "dc_prevt = None"))
    said = (
        "dc_next is None when lstm_cell_backward comes to this line: it comes in so, and what calls lstm_cell_backward is to be looked at"
    )
    assert _told(traceback_of(texts, LOOP))[3] == said


def test_names_of_ones_own_are_understood_from_where_they_stand() -> None:
    """A dictionary with the cell's keys, the loop's number, and the one name that is left for the one that is missing."""
    texts = program(
        (LOOP, "for t in", "for step in"),
        (LOOP, "caches[t])", "caches[step])"),
        (LOOP, ":, t]", ":, step]"),
        (LOOP, "gradients = lstm_cell_backward", "grads = lstm_cell_backward"),
        (LOOP, " gradients['", " grads['"),
        (LOOP, "dx[:, :, step] = grads['dxt']", "dx[:, step] = grads['dxt']"),
    )
    function, _, _, says = _told(traceback_of(texts, LOOP))
    assert function == LOOP
    assert "raises ValueError" in says
    text = traceback_of(
        program(("rnn_cell_backward", "dtanh", "dz"), ("rnn_cell_backward", "np.dot(Wax.T, dz)", "np.dot(dz, Wax.T)")), "rnn_cell_backward"
    )
    assert "Wax.T and dz in each other's place" in _told(text)[3]


def test_a_right_line_is_not_blamed_for_another_meaning_of_a_name() -> None:
    """Where the transposed stack is called concat, a product in the wrong order is not the stack's fault."""
    texts = program(
        (CELL, "np.concatenate((a_prev, xt), axis=0).T", "concat"),
        (CELL, "dWf = ", "concat = np.concatenate((a_prev, xt), axis=0).T\n    dWf = "),
        (CELL, "dWo = np.dot(dot, concat)", "dWo = np.dot(concat, dot)"),
    )
    with pytest.raises(UnreadableError):
        diagnose(traceback_of(texts, CELL))


def test_the_answer_says_how_it_is_known() -> None:
    """And how far: the rest of the function was not seen."""
    result = diagnose(traceback_of(program((LOOP, "caches[t])", "caches[t + 4])")), LOOP)).result
    more = "give me the whole code to have all of lstm_backward judged"
    assert result.notes == (f"the course's own lstm_backward stops here with the same error when these lines are put into it; {more}",)
    assert [(one.function, one.verdict) for one in result.functions] == [("lstm_backward", "raises")]
    assert result.search.candidates > 0


@pytest.mark.parametrize(
    ("before", "after", "known"),
    [
        ("n_x, m = x1.shape", "pass", "this is what the error itself says"),
        ("dbo = np.zeros((n_a, 1), dtype)", "dbo = None", "the course's own lstm_backward runs on when this line is put into it"),
    ],
)
def test_what_was_not_run_is_not_claimed(before: str, after: str, known: str) -> None:
    """Of a name without a value the error says all."""
    (note,) = diagnose(traceback_of(program((LOOP, before, after)), LOOP)).result.notes
    assert note == f"{known}; give me the whole code to have all of lstm_backward judged"


_STOPPED = "Traceback (most recent call last)\n<ipython-input-3> in lstm_backward(da, caches)\n----> 2     {}\n\nOSError: no\n"


@pytest.mark.parametrize(
    "text",
    [
        "Traceback (most recent call last)\n<ipython-input-3> in <module>\n----> 2 lstm_backward(da, caches)\n\nKeyError: 'dxt'\n",
        "Traceback (most recent call last)\n<ipython-input-3> in train(da)\n----> 2     x = 1 / 0\n\nZeroDivisionError: division by zero\n",
        _STOPPED.format("x = (1,"),
        _STOPPED.format("os.kill(0, 9)"),
        _STOPPED.format("while 1: pass"),
        _STOPPED.format("dx = sum(iter(int, 1))"),
    ],
)
def test_what_is_not_known_is_not_told(text: str) -> None:
    """The sentence says what to give instead; a quoted line can do no harm."""
    with pytest.raises(UnreadableError, match="give me the code for that"):
        diagnose(text)
