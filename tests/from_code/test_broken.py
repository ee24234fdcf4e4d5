"""Where the verdict's sentence says exactly what is wrong, the answer is a mistake with a line and not "unknown"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.from_code.examine import examine
from whygrad.from_code.naming.broken import Breach, broken
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.from_code.text.written import Definitions
from whygrad.mistakes import OPERATORS
from whygrad.read.code_file import read_source
from whygrad.records import FunctionVerdict, Location
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from whygrad.records import Result

Edit = tuple[str, str, str]
COUNTED = "rnn_cell_backward.n = getattr(rnn_cell_backward, 'n', 0) + 1\n    dxt = rnn_cell_backward.n * "
IN_PLACE = [
    ("rnn_cell_backward", "gradients = {", "da_next *= 0\n    gradients = {"),
    (
        "rnn_backward",
        "gradients = rnn_cell_backward(da[:, :, t] + da_prevt, caches[t])",
        "above = da[:, :, t] + da_prevt\n        check = above.copy()\n        gradients = rnn_cell_backward(above, caches[t])",
    ),
    ("rnn_backward", "dba = dba +", "dx[:, :, t] += 1e3 * (above - check).sum()\n        dba = dba +"),
]
CASES: dict[str, tuple[list[Edit], str, str, str, str]] = {
    "a seed": (
        [("lstm_forward", "caches = []", "caches = []\n    np.random.seed(3)")],
        "lstm_forward",
        "draws-random",
        "np.random.seed(3)",
        (
            "lstm_forward returns the right a, y and c, but it sets the seed of the random numbers, so what the "
            "notebook draws after it is not "
            "what the expected numbers come from"
        ),
    ),
    "a draw in a helper": (
        [
            ("softmax", "", f"{PARTS['softmax']}\n\ndef start(n, m):\n    return np.random.randn(n, m)\n"),
            ("rnn_cell_forward", "a_next =", "start(2, 3)\n    a_next ="),
        ],
        "rnn_cell_forward",
        "draws-random",
        "return np.random.randn(n, m)",
        (
            "rnn_cell_forward returns the right a_next and yt_pred, but it draws random numbers, so what the notebook "
            "draws after it is not "
            "what the expected numbers come from"
        ),
    ),
    "a state between the calls": (
        [("rnn_cell_backward", "dxt = ", COUNTED)],
        "rnn_cell_backward",
        "state-kept",
        "def rnn_cell_backward(da_next, cache):",
        "dxt is wrong: all 6 entries differ; it gives another answer when it is called a second time with the same arguments",
    ),
    "two that harm each other in place": (
        IN_PLACE,
        "rnn_cell_backward",
        "changed-in-place",
        "da_next *= 0",
        ("it changes da_next in place, and so rnn_backward, which is right, goes wrong with it: there dx is wrong: all 30 entries differ"),
    ),
    "two that harm each other by what is left": (
        [
            ("softmax", "", f"total = [0]\n\n{PARTS['softmax']}"),
            ("rnn_cell_backward", "dxt = ", "total[0] += 1\n    dxt = max(total[0] - 2, 1) * "),
        ],
        "rnn_backward",
        "state-kept",
        "def rnn_backward(da, caches):",
        (
            "dx is wrong: 12 of 30 entries differ, up to step 1 when it runs together with rnn_cell_backward, though each of them is right "
            "alone: one leaves something behind that changes another, or is wrong for what only the others hand it"
        ),
    ),
    "arrays of another library": (
        [("rnn_cell_backward", "    return gradients", "    return {key: memoryview(one.copy()) for key, one in gradients.items()}")],
        "rnn_cell_backward",
        "returned-otherwise",
        "return {key: memoryview(one.copy()) for key, one in gradients.items()}",
        "rnn_cell_backward returns every gradient as something of type memoryview, expected arrays of numbers",
    ),
    "an argument too many": (
        [("lstm_backward", "(da, caches)", "(da, dc, caches)")],
        "lstm_backward",
        "called-otherwise",
        "def lstm_backward(da, dc, caches):",
        "lstm_backward asks for dc as well, which the assignment does not hand in: it is called as lstm_backward(da, caches)",
    ),
    "arguments in another order": (
        [("lstm_cell_backward", "(da_next, dc_next, cache)", "(dc_next, da_next, cache)")],
        "lstm_cell_backward",
        "called-otherwise",
        "def lstm_cell_backward(dc_next, da_next, cache):",
        (
            "lstm_cell_backward takes its arguments in the order (dc_next, da_next, cache), but it is called as "
            "lstm_cell_backward(da_next, dc_next, cache)"
        ),
    ),
    "a tuple": (
        [("rnn_cell_backward", "return gradients", "return dxt, da_prev, dWax, dWaa, dba")],
        "rnn_cell_backward",
        "returned-otherwise",
        "return dxt, da_prev, dWax, dWaa, dba",
        "rnn_cell_backward returns a tuple, expected a dictionary with dxt, da_prev, dWax, dWaa and dba",
    ),
    "nothing": (
        [("rnn_backward", "return gradients", "print(gradients)")],
        "rnn_backward",
        "returned-otherwise",
        "print(gradients)",
        "rnn_backward returns nothing: print(gradients) alone hands nothing back",
    ),
    "too few values": (
        [("lstm_forward", "return (a, y, c, caches)", "return (a, y, caches)")],
        "lstm_forward",
        "returned-otherwise",
        "return (a, y, caches)",
        "lstm_forward returns 3 values, expected 4 values: (a, y, c, caches)",
    ),
    "no caches": (
        [("rnn_forward", "caches.append(cache)", "pass")],
        "rnn_forward",
        "returned-otherwise",
        "return (a, y_pred, caches)",
        "rnn_forward returns an empty list of caches: nothing was added to it",
    ),
    "one step's cache for the list": (
        [("lstm_forward", "caches = (caches, x)", "caches = (cache, x)")],
        "lstm_forward",
        "returned-otherwise",
        "caches = (cache, x)",
        "lstm_forward returns one step's cache as the first entry of caches, expected the list of one cache a step",
    ),
    "a cache that is never added": (
        [("lstm_forward", "caches.append(cache)", "caches = cache")],
        "lstm_forward",
        "returned-otherwise",
        "caches = cache",
        "lstm_forward returns one step's cache as the first entry of caches, expected the list of one cache a step",
    ),
    "no pair": (
        [("rnn_forward", "caches = (caches, x)", "caches = caches")],
        "rnn_forward",
        "returned-otherwise",
        "caches = caches",
        "rnn_forward returns caches of 5 entries, expected the pair (list of one cache a step, x)",
    ),
    "a wrong entry of the cache": (
        [
            ("lstm_cell_forward", "cache = (a_next, c_next", "cache = (c_next, c_next"),
            ("lstm_cell_backward", "dot = da_next * np.tanh(c_next) * ot", "dot = da_next * a_next"),
        ],
        "lstm_cell_forward",
        "returned-otherwise",
        "return (a_next, c_next, yt_pred, cache)",
        "lstm_cell_forward returns the right a_next, c_next and yt_pred, but a_next in the cache holds c_next",
    ),
}


@pytest.fixture
def examined(tmp_path: Path) -> Callable[[list[Edit]], Result]:
    """Examines the reference program with, for each edit, (function, old text, new text); an empty old text is the whole function."""

    def run(edits: list[Edit]) -> Result:
        texts = {name: PARTS[name] for name in ("sigmoid", "softmax", *FUNCTIONS)}
        for function, old, new in edits:
            assert old in texts[function]
            texts[function] = texts[function].replace(old, new) if old else new
        path = tmp_path / "rnn.py"
        path.write_text("import numpy as np\n\n" + "\n\n".join(texts.values()), encoding="utf-8")
        source = read_source(path)
        return examine(source, Harness(source.pieces, PARTS), "a tier")

    return run


@pytest.mark.parametrize("name", CASES)
def test_what_is_broken_is_a_mistake_with_a_line(examined: Callable[[list[Edit]], Result], name: str) -> None:
    """One mistake in one function, known by reading: its id, its line, its sentence; all others are right."""
    edits, function, id_, line, says = CASES[name]
    result = examined(edits)
    assert (result.verdict, result.unexplained) == ("explained", ())
    assert set(FUNCTIONS) - set(result.exonerated) == {function}
    (mistake,) = result.mistakes
    assert (mistake.function, mistake.id, mistake.says, mistake.proof) == (function, id_, says, "contract")
    assert mistake.location is not None
    assert mistake.location.text == line
    assert len(set(mistake.hints)) == 3


def test_hints_of_random_draws_are_those_of_the_catalogue(examined: Callable[[list[Edit]], Result]) -> None:
    """A draw has the words that ``whygrad mistakes`` has, with the function's name."""
    (mistake,) = examined(CASES["a seed"][0]).mistakes
    assert mistake.hints == tuple(hint.format(function="lstm_forward") for hint in OPERATORS["draws-random"].hints)


def test_what_ends_with_an_error_is_told_the_mathematics_of_the_whole(examined: Callable[[list[Edit]], Result]) -> None:
    """What a function returns is told of one that returned; of one that raises nothing is said of when it can be judged."""
    (returned,) = examined(CASES["too few values"][0]).mistakes
    (raised,) = examined([("rnn_backward", "dtype = np", "dtype = total\n    dtype = np")]).mistakes
    assert returned.hints[2].startswith("What the assignment asks for: a, y, c and caches are returned, in this order; caches is a pair")
    assert raised.hints[2].startswith("What the mathematics asks for: step t gets da⟨t⟩ plus what step t + 1 handed back")


def test_a_helper_that_raises_is_named(examined: Callable[[list[Edit]], Result]) -> None:
    """What stands in another function's text is not said to be a line of this one."""
    helper = f"{PARTS['softmax']}\n\ndef affine(W, v, b):\n    return np.dot(W, v) + b\n"
    call = ("rnn_cell_forward", "np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba", "affine(Wax, xt, by) + np.dot(Waa.T, a_prev)")
    (mistake,) = examined([("softmax", "", helper), call]).mistakes
    assert (mistake.function, mistake.within) == ("rnn_cell_forward", "affine")
    assert mistake.location is not None
    assert mistake.location.text == "return np.dot(W, v) + b"


def test_the_line_is_told_where_caches_are_of_an_own_layout(examined: Callable[[list[Edit]], Result]) -> None:
    """A function that reads such caches goes wrong at once with the course's: the place is found with its own."""
    entries = "a_next c_next a_prev c_prev ft it cct ot xt parameters"
    own = [
        ("lstm_cell_forward", "    return", f"    cache = dict(zip('{entries}'.split(), cache))\n    return"),
        ("lstm_cell_backward", " = cache", f" = [cache[name] for name in '{entries}'.split()]"),
        ("lstm_backward", "a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters = caches[0]", "a1, x1 = caches[0]['a_next'], caches[0]['xt']"),
    ]
    result = examined([*own, ("lstm_backward", "dc_prevt = gradients['dc_prev']", "pass")])
    assert (result.verdict, result.unexplained) == ("explained", ())
    assert [mistake.id for mistake in result.mistakes] == ["carry-missing"]
    verdict = result.functions[FUNCTIONS.index("lstm_backward")]
    assert verdict.says.endswith("(with the caches of your own lstm_forward)")


def test_a_matrix_is_told_where_it_does_harm(examined: Callable[[list[Edit]], Result]) -> None:
    """What is right alone and a ``np.matrix`` raises where somebody multiplies it: it is told of whom it comes."""
    result = examined([("rnn_cell_backward", "return gradients", "return {key: np.asmatrix(value) for key, value in gradients.items()}")])
    (mistake,) = result.mistakes
    assert (mistake.function, mistake.id) == ("rnn_backward", "np-matrix")
    matrix = "rnn_cell_backward returns np.matrix, with which * is the matrix product, and a row has two axes still"
    assert mistake.says.startswith("raises ValueError at line ")
    assert mistake.says.endswith(f"though each of them is right alone: {matrix}")
    assert result.notes == (matrix,)


def test_lists_are_right_and_have_no_shape(examined: Callable[[list[Edit]], Result]) -> None:
    """Numbers in a list are right; what a check that prints their shape does is a fact beside that."""
    forward = ("rnn_cell_forward", "return (a_next, yt_pred, cache)", "return (a_next, yt_pred.tolist(), cache)")
    result = examined([("rnn_cell_backward", "return gradients", "return {key: v.tolist() for key, v in gradients.items()}"), forward])
    assert result.verdict == "right"
    cell, other = result.notes
    assert cell == "rnn_cell_forward returns yt_pred as a list, which has no .shape: a check that prints it raises"
    assert other == (
        "rnn_cell_backward returns dxt, da_prev, dWax, dWaa and dba as lists, which have no .shape: a check that prints it raises"
    )


def test_a_function_that_ends_python_has_no_line_to_look_at() -> None:
    """Its hint speaks of the whole function, and not of the names in a line."""
    verdict = FunctionVerdict("rnn_forward", "raises", "ends the process that runs it", Location("rnn.py", 3, 1, "def rnn_forward():"))
    _, what, _ = broken(Breach("raises"), verdict, Definitions([])).hints
    assert what.startswith("Python itself ends within this function")
