"""What an error says is told in the learner's own names, at the line where it is to be mended, and the search goes on behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from styles import TEXTS

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.read.pieces import Cell, collect
from whygrad.read.source import Origin
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.records import Result

COURSE = "course_template"
SAID = [
    ("course_template", "lstm_backward", "lstm_cell_backward(", "rnn_cell_backward(", "and that is not the cell of lstm_backward"),
    (COURSE, "lstm_backward", "n_a, m, T_x = da.shape", "n_a, m = da.shape", "2 names stand left of the equals sign, and da.shape holds 3"),
    (COURSE, "lstm_backward", "parameters) = caches[0]", "parameters) = caches", "caches holds 7 values, each of which holds 10"),
    (COURSE, "lstm_cell_backward", ", xt, parameters) = cache", ", xt) = cache", "cache holds 10 values: there is no name for parameters"),
    (COURSE, "rnn_cell_backward", "xt, parameters) = cache", "xt, parameters, y) = cache", "cache holds 4 values: there is none for y"),
    (COURSE, "lstm_forward", "c_next, yt, cache = l", "c_next, cache = l", "lstm_cell_forward returns 4 values: a_next, c_next"),
    (COURSE, "lstm_cell_forward", "np.dot(Wf, concat)", "np.dot(Wf, xt)", "Wf has shape (4, 6) and xt (2, 3), and in this product 6"),
    (COURSE, "lstm_backward", "(da[:,:,t] + da_prevt", "(da + da_prevt", "da has shape (4, 3, 5) and da_prevt (4, 3), which cannot be"),
    (COURSE, "lstm_backward", "dx[:,:,t] = gradients['dxt']", "dx[:,:,t] = gradients['da_prev']", "dx[:,:,t] has room for (2, 3)"),
    (COURSE, "lstm_backward", "dx[:,:,t] = gr", "dx[:,t,:] = gr", "dx has shape (2, 3, 5), 3 along axis 1 (counted from 0), and dx"),
    (COURSE, "lstm_forward", "a = np.zeros((n_a, m, T_x))", "a = np.zeros(n_a, m, T_x)", "np.zeros takes the sizes together"),
    (COURSE, "lstm_cell_backward", "((a_prev, xt), axis=0)", "(a_prev, xt)", "np.concatenate takes the arrays together"),
    (COURSE, "lstm_cell_forward", "np.tanh(c_next)", "np.tanh(cnext)", "no line gives cnext a value (there is c_next and a_next)"),
    (COURSE, "lstm_forward", "    c_next = np.zeros((n_a, m))\n", "",
     "UnboundLocalError because c_next is read here before it has a value"),
    (COURSE, "rnn_cell_forward", "np.tanh(", "tanh(", "no line gives tanh a value (NumPy's own is np.tanh)"),
    (COURSE, "rnn_cell_forward", "np.tanh(", "np.tahn(", "NumPy has nothing called tahn (there is tanh)"),
    (COURSE, "lstm_cell_forward", "it = sigmoid(", "it = np.sigmoid(", "NumPy has nothing called sigmoid (sigmoid is the notebook's own)"),
    (COURSE, "lstm_cell_backward", "dc_prev = dc_next", "dcprev = dc_next", "what is made here is called dcprev, and no line reads that"),
    (COURSE, "lstm_forward", "a_next, c_next, parameters)", "a_next, parameters)", "and 3 are given here: c_prev is missing"),
    (COURSE, "lstm_backward", "dc_prevt, caches[t])", "caches[t])", "and 2 are given here: dc_next is missing"),
    (COURSE, "lstm_backward", "dc_prevt, caches[t])", "dc_prevt, caches[t], t)", "and is given t here beside them"),
    (COURSE, "rnn_forward", "a_next, parameters)", "a_next, parameters, t=t)", "(xt, a_prev, parameters), and is given t=t here"),
    (COURSE, "rnn_backward", "da_prevt, caches[t])", "da_prevt, caches)", "caches goes into rnn_cell_backward as cache and is a list"),
    (COURSE, "lstm_backward", "dc_prevt, caches[t])", "caches[t], dc_prevt)", "caches[t] and dc_prevt stand in another order than"),
    (COURSE, "lstm_forward", "(x[:,:,t], a_next", "(x[t], a_next", "x[t] goes into lstm_cell_forward as xt and is of shape (3, 7), not"),
    (COURSE, "rnn_cell_backward", "axis=1, keepdims=True", "axis=1, keepdim=True", "np.sum has no argument called keepdim (there is k"),
    (COURSE, "lstm_cell_forward", "np.dot(Wi, concat)", "Wi(concat)", "Wi is an array of shape (4, 6), and round brackets behind it"),
    (COURSE, "lstm_backward", "gradients['dWf']", "gradients('dWf')", "gradients is a dictionary, since line 272, and round brackets"),
    (COURSE, "lstm_cell_backward", "parameters['Wf'][:, n_a:]", "parameters.Wf[:, n_a:]", "whose entries stand in square brackets"),
    (COURSE, "lstm_forward", "caches = []", "caches = ()", "caches is a tuple of 0 values, since line 109, which has no append"),
    (COURSE, "lstm_cell_backward", "axis=1, keepdims=True)", "axis=1).reshape(n_x, 1)", "an array of 4 entries cannot get the shape (2"),
    (COURSE, "lstm_cell_backward", "axis=1, keepdims=True)", "axis=1).reshape(-1, 3)", "array of 4 entries cannot get the shape (-1, 3)"),
    (COURSE, "lstm_cell_backward", "np.sum(dft, axis=1, keepdims=True)", "np.reshape(dft, (5, -1))", "cannot get the shape (5, -1)"),
    (COURSE, "lstm_cell_backward", "np.sum(dft, axis=1, keepdims=True)", "np.reshape(dft, (5, 3), 'C')", "shape (5, 3), which takes 15"),
    (COURSE, "lstm_cell_backward", "np.sum(dft, axis=1, keepdims=True)", "dft.reshape(*xt.shape)", "cannot get the shape (2, 3), which"),
    (COURSE, "lstm_cell_backward", "np.sum(dft, axis=1, keepdims=True)", "np.split(dft, 5, 1)", "into 5 equal parts along axis 1"),
    (COURSE, "lstm_cell_backward", "np.concatenate((a_prev, xt), axis=0)", "np.column_stack((a_prev, xt))", "side by side along axis 1"),
    (COURSE, "lstm_cell_backward", "np.concatenate((a_prev, xt), axis=0)", "np.append(a_prev, xt, 1)", "these side by side along axis 1"),
    (COURSE, "rnn_cell_backward", "axis=1, keepdims=True", "1, True", "True stands where np.sum takes dtype, the type of the numbers"),
    (COURSE, "lstm_cell_backward", "dot = da_next * np.tanh(c_next)", "dot = da_next * np.tanh(c_next, 2)", "2 stands where np.tanh takes"),
    (COURSE, "rnn_cell_backward", "a_next ** 2", "a_next ^ 2", "in Python it is no power, and 1 - a_next holds numbers with a fraction"),
    (COURSE, "lstm_cell_backward", "n_x, m = xt.shape", "n_x, m = xt", "2 names stand left of the equals sign, and xt is an array"),
    (COURSE, "lstm_backward", "in reversed(range(T_x)):", "in reversed(T_x):", "T_x is one number here, 5, and holds nothing"),
    (COURSE, "lstm_forward", "in range(T_x):", "in T_x:", "T_x is one number here, 7, and holds nothing"),
    (COURSE, "rnn_forward", "in range(T_x):", "in range(x.shape):", "x.shape is a tuple of 3 values, and one whole"),
    (COURSE, "rnn_forward", "in range(T_x):", "in range(T_x / 1):", "T_x / 1 is the number 5.0, and one whole"),
    (COURSE, "lstm_cell_backward", "n_x, m = xt.shape", "n_x, m = xt.shape[0]", "left of the equals sign, and xt.shape[0] is"),
    ("terse", "lstm_cell_forward", " + b, 4)", " + b, 3)", "which has shape (16, 3), cannot be split into 3 equal parts along axis 0"),
    ("einsum_lists", "lstm_cell_forward", '"ij,jm->im", parameters[f"W', '"ij,mj->im", parameters[f"W', "j stands for 6 in"),
]  # fmt: skip
"""A style, a function in it, what is written otherwise there, and what is said then, at that line or (where it is gone) at the next."""
MADE_BEFORE = [
    (COURSE, "lstm_backward", "n_x, m = x1.shape", "n_x = x1.shape", "n_x is a tuple of 2 values here, and should be one"),
    ("helper_functions", "lstm_cell_forward", "v = stack(a_prev, xt)", "v = stack(xt, xt)", "and so line 25 raises ValueError"),
    ("helper_functions", "rnn_cell_forward", "(Wya, a_next, by)", "(Wya, a_next, Waa)", "Waa stands here, of shape (4, 4)"),
    ("gate_dictionaries", "lstm_cell_backward", "np.tanh(c_next)}", "np.tanh(c_next).T}", "np.tanh(c_next).T is transposed, and so line"),
    ("stacked_input", "rnn_backward", "da_prev = np.zeros((n_a, m))", "da_prev = np.zeros((n_x, m))", "da_prev is made with the shape (2"),
    ("helper_functions", "rnn_backward", '["dx"] = np.zeros((n_x, m, T_x))', '["dx"] = np.zeros((n_x, m, n_x))', "dx has shape (2, 3, 2)"),
    ("spanish_lambdas", "lstm_backward", '"dbc": np.zeros((n, 1))', '"dbc": np.zeros((pasos, 1))', "dbc has shape (5, 1) here"),
]  # fmt: skip
"""The same where another line raises than the one that is wrong."""
TOGETHER = [
    ("da_prevt = np.zeros((n_a, m))", "da_prevt = np.zeros((n_x, m))", "dWo = dWo + gradients['dWo']", "dWo = dWo + gradients['dWc']"),
    ("(da[:,:,t] + da_prevt", "(da + da_prevt", "dWo = dWo + gradients['dWo']", "dWo = dWo + gradients['dWc']"),
    ("dx[:,:,t] = gr", "dx[:,t,:] = gr", "dWo = dWo + gradients['dWo']", "dWo = dWo + gradients['dWc']"),
    ("o1, x1, parameters) = caches[0]", "o1, x1) = caches[0]", "da0 = gradients['da_prev']", "da0 = da[:,:,0]"),
    ("dxt = np.dot(Wax.T, dtanh)", "dxt = np.dot(Wax, dtanh)", "dtanh = (1 - a_next ** 2)", "dtanh = (1 - a_next)"),
    ("np.tanh(c_next)\n", "np.tanh(cnext)\n", "ot = sigmoid(", "ot = np.tanh("),
    ("x[:,:,t], a_next, c_next, parameters)", "x[:,:,t], a_next, parameters)", "c[:,:,t] = c_next", "c[:,:,t] = a_next"),
    ("n_x, m = xt.shape\n    n_y", "m, n_x = xt.shape\n    n_y", "a_next = ot * np.tanh(c_next)", "a_next = ot * c_next"),
]  # fmt: skip
"""Two slips in one function of the course's template, the first of which makes it raise."""


def changed(style: str, function: str, *edits: str) -> tuple[str, list[int]]:
    """A style with texts of a function written otherwise, and the lines at which that begins."""
    text, lines = TEXTS[style], list[int]()
    for before, after in zip(edits[::2], edits[1::2], strict=True):
        start = text.find(before, text.index(f"def {function}("))
        start = text.index(before) if start < 0 else start
        text = text[:start] + after + text[start + len(before) :]
        lines.append(text.count("\n", 0, start) + 1)
    return text, lines


def examined(text: str) -> Result:
    """What is said of a program, run in this process."""
    source = collect("style.py", [Cell(text, Origin("style.py", None, tuple(text.splitlines())))])
    return examine(source, Harness(source.pieces, PARTS), "in place")


def lines_of(result: Result) -> Sequence[int]:
    """The lines of all mistakes."""
    return [mistake.location.line for mistake in result.mistakes if mistake.location]


@pytest.mark.parametrize(("style", "function", "before", "after", "says"), SAID, ids=[case[3] or case[2] for case in SAID])
def test_what_did_not_fit_is_told_in_the_learners_names(style: str, function: str, before: str, after: str, says: str) -> None:
    """Which values, their shapes or their number, and the line; nothing of what should stand there."""
    text, (line,) = changed(style, function, before, after)
    result = examined(text)
    said = next(mistake for mistake in result.mistakes if mistake.function == function)
    assert says in said.says
    assert said.location is not None
    if after and "since line" not in says:
        assert said.location.line == line


@pytest.mark.parametrize(("style", "function", "before", "after", "says"), MADE_BEFORE, ids=[case[3] for case in MADE_BEFORE])
def test_it_is_told_where_it_was_made(style: str, function: str, before: str, after: str, says: str) -> None:
    """Not at the line that raises, which may serve others rightly."""
    text, lines = changed(style, function, before, after)
    result = examined(text)
    (said,) = (mistake for mistake in result.mistakes if mistake.function == function)
    assert lines_of(result)[-1:] == lines
    assert says in said.says
    assert said.proof == "proved"


@pytest.mark.parametrize("edits", TOGETHER, ids=[edits[1] for edits in TOGETHER])
def test_the_search_goes_on_behind_the_line_that_raises(edits: tuple[str, str, str, str]) -> None:
    """With what belongs there put in its place the second slip is found too."""
    function = next(name for name in PARTS if edits[0] in body(name) and edits[2] in body(name))
    text, lines = changed(COURSE, function, *edits)
    assert set(lines_of(examined(text))) == set(lines)


def body(function: str) -> str:
    """The text of a function in the course's template."""
    text = TEXTS[COURSE]
    start = text.find(f"\ndef {function}(")
    return "" if start < 0 else text[start : text.find("\ndef ", start + 1) % (len(text) + 1)]


def test_one_name_without_a_value_is_one_mistake() -> None:
    """Four lines read a stack that is made after them."""
    made = "    concat = np.concatenate((a_prev, xt), axis=0)\n"
    text, _ = changed(COURSE, "lstm_cell_backward", made, "", "    dbf = np.sum(", f"{made}    dbf = np.sum(")
    (said,) = examined(text).mistakes
    assert "concat is read here before it has a value: the first that gives it one is line 227" in said.says
    assert (said.id, said.proof) == ("raises", "proved")


def test_a_loop_that_runs_too_far_is_told_at_the_loop() -> None:
    """Its index leaves an array of the right size."""
    loop = "    concat = np.zeros((n_a + n_x, m))\n    concat[: n_a, :] = a_prev\n"
    entries = "    concat = np.zeros((n_a + n_x, m))\n    for j in range(n_a + n_x):\n        concat[j] = a_prev[j]\n"
    text, (line,) = changed(COURSE, "lstm_cell_forward", loop, entries)
    (said,) = examined(text).mistakes
    assert (said.id, said.location and said.location.line, said.proof) == ("loop-wrong", line + 1, "proved")
    assert "the loop over j goes on to 5, past the end of what it counts, and so line " in said.says


def test_an_input_of_another_shape_is_no_start_state() -> None:
    """A cell that is given a part of x along the wrong axis at its first call."""
    text, _ = changed(COURSE, "lstm_forward", "(x[:,:,t], a_next", "(x[t], a_next")
    assert [mistake.id for mistake in examined(text).mistakes] == ["call-argument-wrong"]


def test_a_hint_does_not_say_that_shapes_agree() -> None:
    """Where a line raises they do not."""
    text, _ = changed(COURSE, "rnn_cell_backward", "np.dot(Wax.T, dtanh)", "np.dot(Wax, dtanh)")
    (said,) = examined(text).mistakes
    assert said.id == "transpose-wrong"
    assert said.hints[1].startswith("Write down the shape of each name in this line")
    text, _ = changed("gate_dictionaries", "lstm_cell_backward", "np.tanh(c_next)}", "np.tanh(c_next).T}")
    (said,) = examined(text).mistakes
    assert said.hints[1].startswith("The error comes only where this is used.")


def test_returning_too_little_is_told_beside_a_wrong_number() -> None:
    """Both are to be mended."""
    few = "    return a_next, c_next, yt_pred, cache", "    return a_next, c_next, cache"
    text, lines = changed(COURSE, "lstm_cell_forward", "a_next = ot * np.tanh(c_next)", "a_next = ot * c_next", *few)
    assert set(lines_of(examined(text))) == set(lines)


def test_caches_with_names_are_no_fault_of_the_loop() -> None:
    """A loop that reads the states from its own cell's named tuples is right, though the backward cell raises."""
    text = TEXTS[COURSE].replace("import numpy as np\n", "from collections import namedtuple\n\nimport numpy as np\n", 1)
    text = text.replace(
        "# GRADED FUNCTION: lstm_cell_forward\n",
        'Cache = namedtuple("Cache", "a_next c_next a_prev c_prev ft it cct ot xt parameters")\n\n\n',
        1,
    )
    text = text.replace("cache = (a_next, c_next, a_prev, c_prev, ft", "cache = Cache(a_next, c_next, a_prev, c_prev, ft", 1)
    text = text.replace(
        "lstm_cell_forward(x[:,:,t], a_next, c_next, parameters)",
        "lstm_cell_forward(x[:,:,t], caches[-1].a_next if t else a_next, caches[-1].c_next if t else c_next, parameters)",
        1,
    )
    text = text.replace("dc_prev = dc_next * ft + ot", "dc_prev = dc_next * ft + cache.o", 1)
    result = examined(text)
    assert [verdict.function for verdict in result.functions if verdict.verdict != "right"] == ["lstm_cell_backward"]


def test_arrays_given_one_by_one_are_one_mistake_a_line() -> None:
    """And the gradient that is made of them is no second one."""
    text, (line,) = changed(COURSE, "lstm_cell_backward", "np.concatenate((a_prev, xt), axis=0)", "np.concatenate(a_prev, xt)")
    (said,) = examined(text).mistakes
    assert (said.id, said.location and said.location.line, said.proof) == ("stack-wrong", line, "proved")
    assert "has its parts given to concatenate one by one" in said.says
    assert "as one value, the first" in said.hints[1]


@pytest.mark.parametrize(
    ("function", "before", "after", "names"),
    [
        ("rnn_forward", 'n_y, n_a = parameters["Wya"].shape', "pass", ["n_y", "n_a"]),  # each of them is read at more than one line
        ("rnn_backward", "n_x, m = x1.shape", "m = x1.shape[1]", ["n_x"]),
        ("lstm_cell_backward", ", xt, parameters) = cache", ", xt) = cache", ["parameters"]),
    ],
)
def test_a_name_that_no_line_makes_is_one_mistake(function: str, before: str, after: str, names: list[str]) -> None:
    """However many lines read it; and behind a line that has no name for an entry of the cache, nothing is told of that entry."""
    text = TEXTS[COURSE]
    other = before if before in text else before.replace('"', "'")
    said = examined(changed(COURSE, function, other, after)[0]).mistakes
    assert len(said) == len(names)
    assert all(any(name in one.says for one in said) for name in names)
