"""From a program to a result: every function has its verdict, what is not right has its place, and facts that do no harm are notes."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from notebooks import FORMS, Cell, cells_of
from styles import FUNCTIONS, TEXTS

from whygrad.from_code.examine import _Counting, examine
from whygrad.from_code.reference.inputs import SIZES, case
from whygrad.from_code.reference.parts import PARTS
from whygrad.read.code_file import read_source
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece, Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from whygrad.records import Result

RIGHT = TEXTS["course_template"]
LSTM = tuple(name for name in FUNCTIONS if name.startswith("lstm"))


@pytest.fixture
def examined(tmp_path: Path) -> Callable[..., Result]:
    """Examines a program, in this process: as a Python file, or as a notebook of these cells."""

    def run(program: str | list[Cell]) -> Result:
        path = tmp_path / ("rnn.py" if isinstance(program, str) else "rnn.ipynb")
        path.write_text(program if isinstance(program, str) else FORMS["version 4"][1](program), encoding="utf-8")
        source = read_source(path)
        return examine(source, Harness(source.pieces, PARTS), "a tier")

    return run


def changed(before: str, after: str) -> str:
    """The right program with one place changed."""
    assert RIGHT.count(before) == 1
    return RIGHT.replace(before, after)


def without(*names: str) -> str:
    """The right program without some functions."""
    return "\n\n".join(cell.text for cell in cells_of(RIGHT) if not any(f"def {name}(" in cell.text for name in names))


def verdicts(result: Result) -> dict[str, str]:
    """By function; the functions stand in the notebook's order."""
    assert tuple(verdict.function for verdict in result.functions) == FUNCTIONS
    return {verdict.function: verdict.verdict for verdict in result.functions}


def not_right(result: Result) -> dict[str, str]:
    """The verdicts that are not "right"."""
    return {function: verdict for function, verdict in verdicts(result).items() if verdict != "right"}


def test_a_right_program_is_right(examined: Callable[..., Result]) -> None:
    """Eight right functions: no mistake, no note, and the tier is passed on."""
    result = examined(RIGHT)
    assert result.verdict == "right"
    assert set(verdicts(result).values()) == {"right"}
    assert result.exonerated == result.checks == FUNCTIONS
    assert (result.mistakes, result.unexplained, result.notes) == ((), (), ())
    assert result.sandbox is not None
    assert result.sandbox.tier == "a tier"
    assert 20 < result.search.candidates < 60


def test_the_lstm_functions_alone_are_enough(examined: Callable[..., Result]) -> None:
    """What is not there is missing, and that is nothing wrong."""
    result = examined(without(*(name for name in FUNCTIONS if name.startswith("rnn"))))
    assert result.verdict == "right"
    assert result.checks == result.exonerated == LSTM
    assert not_right(result) == dict.fromkeys([name for name in FUNCTIONS if name not in LSTM], "missing")


def test_a_backward_function_alone_is_enough(examined: Callable[..., Result]) -> None:
    """Each function is judged with the reference around it."""
    result = examined(without(*(name for name in FUNCTIONS if name != "lstm_backward")))
    assert (result.verdict, result.exonerated) == ("right", ("lstm_backward",))


def test_a_renamed_function_is_pointed_at(examined: Callable[..., Result]) -> None:
    """A name that is nearly the right one is missing, with the place of the other."""
    result = examined(changed("def rnn_backward(", "def rnn_backwards("))
    assert not_right(result) == {"rnn_backward": "missing"}
    verdict = result.functions[FUNCTIONS.index("rnn_backward")]
    assert verdict.says == "is not there, but there is rnn_backwards"
    assert verdict.location is not None
    assert verdict.location.text.startswith("def rnn_backwards(")


def test_a_blank_within_what_is_returned(examined: Callable[..., Result]) -> None:
    """An entry of the dictionary itself is a blank as a line is."""
    text = """
import numpy as np
def rnn_cell_backward(da_next, cache):
    a, a_prev, xt, P = cache
    dz = da_next * (1 - a ** 2)
    return {"dxt": P["Wax"].T @ dz, "da_prev": P["Waa"].T @ dz, "dWax": dz @ xt.T, "dWaa": dz @ a_prev.T,
            "dba": None}
"""
    (mistake,) = examined(text).mistakes
    assert mistake.location is not None
    assert (mistake.id, mistake.location.text.strip()) == ("not-filled-in", '"dba": None}')


def test_a_blank_function_is_a_mistake_at_its_line(examined: Callable[..., Result]) -> None:
    """What is not filled in yet is told, not judged."""
    result = examined(changed("dcct = (dc_next", "dcct = None # (dc_next"))
    assert (result.verdict, not_right(result)) == ("explained", {"lstm_cell_backward": "blank"})
    (mistake,) = result.mistakes
    assert (mistake.id, mistake.function, mistake.proof, mistake.proved) == ("not-filled-in", "lstm_cell_backward", "contract", False)
    assert mistake.location is not None
    assert mistake.location.text.startswith("dcct = None")
    assert RIGHT.split("\n")[mistake.location.line - 1].strip().startswith("dcct = ")


GATE = ("dWf = np.dot(dft, concat.T)", "dWf = np.dot(dit, concat.T)")


@pytest.mark.parametrize(
    ("filled", "blank", "slip"),
    [
        ("dc_prev = dc_next * ft", "dc_prev = None  # dc_next * ft", GATE),
        ("dc_prev = dc_next * ft", "dc_prev = ...  # dc_next * ft", GATE),
        ('"dc_prev": dc_prev', '"dc_prev": None', GATE),
        (
            "yt_pred = softmax(np.dot(Wy, a_next) + by)",
            "yt_pred = None",
            ("c_next = ft * c_prev + it * cct", "c_next = it * c_prev + ft * cct"),
        ),
        ("dft = (dc_next", "dft = None  # (dc_next", ("* cct * da_next) * it * (1 - it)", "* cct * da_next) * it * (1 - cct)")),
        ("cct = np.tanh(", "cct = ...  # np.tanh(", ("it = sigmoid(np.dot(Wi, concat) + bi)", "it = sigmoid(np.dot(Wi, concat) + bf)")),
        ("        y[:,:,t] = yt\n", "        y[:,:,t] = None\n", ("x[:,:,t], a_next, c_next, par", "x[:,:,t], a0, c_next, par")),
    ],
)
def test_a_slip_beside_what_is_still_to_be_written_is_told_with_it(
    examined: Callable[..., Result], filled: str, blank: str, slip: tuple[str, str]
) -> None:
    """It would be seen only when that is filled in; what is not given yet is asked of no run, or put there where it raises."""
    program = changed(filled, blank)
    assert [mistake.id for mistake in examined(program).mistakes] == ["not-filled-in"]
    told = {mistake.location.text.strip(): mistake.id for mistake in examined(program.replace(*slip)).mistakes if mistake.location}
    assert len(told) == 2
    assert "not-filled-in" in told.values()
    assert any(slip[1] in text for text in told)


def test_what_is_wrong_beside_a_blank_and_has_no_name_is_noted(examined: Callable[..., Result]) -> None:
    """Somewhere in a function that is not written yet is no answer."""
    blank = changed("dc_prev = dc_next * ft", "dc_prev = None  # dc_next * ft")
    result = examined(blank.replace("dWf = np.dot(dft, concat.T)", "dWf = np.cumsum(np.cos(dft @ concat.T ** 3), axis=1)"))
    assert [mistake.id for mistake in result.mistakes] == ["not-filled-in"]
    assert "of what lstm_cell_backward gives already, dWf is not right" in result.notes


def test_a_function_that_raises_is_a_mistake_at_its_line(examined: Callable[..., Result]) -> None:
    """The exception's name, what did not fit, and its line, where no small change of the line explains it."""
    result = examined(changed("dWf = np.dot(dft, concat.T)", "dWf = np.dot(dft, np.ones((7, 7)))"))
    assert (result.verdict, not_right(result)) == ("explained", {"lstm_cell_backward": "raises"})
    (mistake,) = result.mistakes
    assert mistake.id == "raises"
    assert mistake.says.startswith("lstm_cell_backward raises ValueError because dft has shape (4, 3) and np.ones((7, 7)) (7, 7), ")
    assert mistake.location is not None
    assert mistake.location.text == "dWf = np.dot(dft, np.ones((7, 7)))"


def test_a_cell_that_does_not_parse_loses_its_function_only(examined: Callable[..., Result]) -> None:
    """Cell, line and reason are told; the other functions are judged."""
    broken = [Cell(cell.text.replace("    da0 = da_prevt\n", "    da0 = = da_prevt\n")) for cell in cells_of(RIGHT)]
    at = next(number for number, cell in enumerate(broken, 1) if "= =" in cell.text)
    result = examined(broken)
    assert not_right(result) == {"rnn_backward": "raises"}
    (mistake,) = result.mistakes
    assert mistake.says.startswith("rnn_backward could not be read: ")
    assert mistake.location is not None
    assert (mistake.location.cell, mistake.location.text) == (at, "da0 = = da_prevt")


def test_a_cell_without_a_function_that_does_not_parse_is_a_note(examined: Callable[..., Result]) -> None:
    """It takes nothing away from the functions."""
    result = examined([*cells_of(RIGHT), Cell("print(lstm_backward(")])
    assert result.verdict == "right"
    (note,) = result.notes
    assert note.startswith(f"cell {len(cells_of(RIGHT)) + 1}, line 1 could not be read: ")
    first = len(cells_of(RIGHT)) + 1
    (helper,) = examined([*cells_of(RIGHT), Cell("def f(:\n    pass")]).notes
    assert helper == f"cell {first}, line 1 could not be read: Python says: invalid syntax."
    (both,) = examined([*cells_of(RIGHT), Cell("print 1"), Cell("print 2")]).notes
    assert both.startswith(f"cell {first}, line 1; cell {first + 1}, line 1 could not be read: ")


def test_a_helper_that_does_not_parse_is_told_of_what_calls_it(examined: Callable[..., Result]) -> None:
    """Its own line, and not the call that finds nothing under its name; no note repeats that."""
    helper = Cell("def slope(s):\n    return (1 - s ** 2)\n      * 1\n")
    result = examined([helper, *cells_of(changed("(1 - a_next ** 2)", "slope(a_next)"))])
    (mistake,) = result.mistakes
    assert mistake.says == "rnn_cell_backward needs slope, which could not be read: Python says: unexpected indent."
    assert mistake.location is not None
    assert (mistake.location.cell, mistake.location.line) == (1, 3)
    assert result.notes == ()


def test_a_newer_text_of_a_function_that_does_not_parse_is_a_note(examined: Callable[..., Result]) -> None:
    """The older one is judged, and that is said; of an older one that was mended since nothing is."""
    wrong = Cell("def lstm_backward(da, caches):\n    caches, x = = caches\n    return {}\n")
    result = examined([*cells_of(RIGHT), wrong])
    assert result.verdict == "right"
    (note,) = result.notes
    assert note.startswith(f"cell {len(cells_of(RIGHT)) + 1}, line 2 could not be read: Python says: invalid syntax")
    assert note.endswith("; lstm_backward was judged as it stands above")
    assert examined([wrong, *cells_of(RIGHT)]).notes == ()


def test_of_two_definitions_the_last_counts(examined: Callable[..., Result]) -> None:
    """And the note says which one was taken."""
    cells = cells_of(RIGHT)
    at, function = next((number, cell) for number, cell in enumerate(cells, 1) if "def lstm_cell_backward(" in cell.text)
    wrong = Cell(function.text.replace("ot * (1 - ot)", "ot"))
    assert wrong != function
    last = examined([*cells[: at - 1], wrong, *cells[at - 1 :]])
    assert last.verdict == "right"
    assert last.notes == (f"lstm_cell_backward is defined 2 times; the last one, at cell {at + 1}, line 1, was taken",)
    assert not_right(examined([*cells, wrong])) == {"lstm_cell_backward": "wrong"}


@pytest.mark.parametrize(
    ("late", "name", "function"),
    [
        ("def sigmoid(Z):\n    return 1 / (1 + np.exp(-Z)), Z\n", "sigmoid", "lstm_cell_forward"),
        ("zip = 10\n", "zip", "lstm_cell_backward"),
        ("zip = np.exp(1)\nprint(zip)\n", "zip", "lstm_cell_backward"),
    ],
)
def test_a_value_given_behind_all_that_uses_the_functions_does_not_count(
    examined: Callable[..., Result], late: str, name: str, function: str
) -> None:
    """Not where the one before is right, or as wrong, which a note says; where the functions are called again it is the mistake."""
    right = changed("    (a_next, c_next,", "    list(zip('a', 'b'))\n    (a_next, c_next,")
    check = Cell("def check(n):\n    print(lstm_cell_forward(n), lstm_cell_backward(n))\n")
    defined = [*cells_of("from rnn_utils import *\n" + right), check]
    cells = [*defined, Cell("check(1)")]
    result = examined([*cells, Cell(late)])
    assert (result.verdict, result.mistakes) == ("right", ())
    at = f"cell {len(cells) + 1}, line 1"
    judged = f"{function} was judged with what was there before, and would not be right with the later value"
    assert result.notes == (f"{name} gets another value at {at}, behind all that uses the functions: {judged}",)
    used = examined([*cells, Cell(late), Cell("check(1)")])
    assert not_right(used).keys() == {function}
    (mistake,) = used.mistakes
    assert mistake.location is not None
    assert mistake.location.cell == len(cells) + 1
    assert not_right(examined([*defined, Cell(late)])).keys() == {function}  # nothing was made with the value before
    wrong = [Cell(cell.text.replace("dba += dbat", "dba = dbat")) for cell in cells]
    assert not_right(examined([*wrong, Cell(late)])) == {"rnn_backward": "wrong"}


def test_of_two_definitions_the_one_that_counts_is_told(examined: Callable[..., Result]) -> None:
    """No note says that the later one was taken where the one before was."""
    cells = [*cells_of(RIGHT), Cell("lstm_cell_forward(*test)")]
    cells.insert(1, Cell("def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"))
    (note,) = examined([*cells, Cell("def sigmoid(z):\n    return z\n")]).notes
    assert note.startswith("sigmoid gets another value at ")


def test_a_mended_helper_counts_wherever_it_stands(examined: Callable[..., Result]) -> None:
    """More is right with it than with the one above; the note says which one was taken."""
    cells = cells_of(RIGHT)
    wrong = Cell("def sigmoid(z):\n    return z\n")
    result = examined([wrong, *cells, Cell("def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n")])
    assert result.verdict == "right"
    assert result.notes == (f"sigmoid is defined 2 times; the last one, at cell {len(cells) + 2}, line 1, was taken",)


def test_a_line_that_only_shows_something_makes_nothing_wrong(examined: Callable[..., Result]) -> None:
    """Of parts of different shapes the course's NumPy made an array; what is used of it, or raises otherwise, is told."""

    def showing(line: str) -> Result:
        return examined(RIGHT.replace("    caches = (caches, x)", f"    caches = (caches, x)\n    {line}"))

    numbers = [number for number, text in enumerate(RIGHT.split("\n"), 1) if text == "    caches = (caches, x)"]
    for line in ("print('caches', np.shape(caches))", "np.array(caches[0]).shape"):
        result = showing(line)
        assert result.verdict == "right"
        says = "only shows something and was left out: NumPy before 1.24 went on there, today's raises ValueError"
        assert set(result.notes) == {f"line {number + more} {says}" for more, number in enumerate(numbers, 1)}
    for line in ("n = np.shape(caches)", "print(np.zeros(2) + np.zeros(3))", "n = np.array(caches); print(n)"):
        assert not_right(showing(line)) == {"rnn_forward": "raises", "lstm_forward": "raises"}


def test_a_wrong_function_is_wrong_and_no_other(examined: Callable[..., Result]) -> None:
    """The functions that use it are judged with the reference's in its place."""
    result = examined(changed("dcct = (dc_next * it +", "dcct = (dc_next +"))
    assert not_right(result) == {"lstm_cell_backward": "wrong"}
    assert result.verdict != "right"
    assert "lstm_cell_backward" not in result.exonerated


@pytest.mark.parametrize(
    "program",
    [
        changed("dcct = (dc_next * it +", "dcct = (dc_next +"),
        changed("dcct = (dc_next * it +", "dcct = (dc_next +").replace("dba += dbat", "dba = None"),
        changed("dba += dbat", "dba = dbat").replace("dWf = np.dot(dft, concat.T)", "dWf = np.dot(dft, concat)"),
        changed("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]"),
    ],
    ids=["one", "one and a blank", "one and one that raises", "a view"],
)
def test_the_verdict_says_what_is_left(examined: Callable[..., Result], program: str) -> None:
    """Every wrong function has a mistake or is unexplained: explained if all have one, unknown if none has, else partly."""
    result = examined(program)
    explained = {mistake.function for mistake in result.mistakes}
    assert set(not_right(result)) == explained | set(result.unexplained)
    assert not explained.intersection(result.unexplained)
    assert result.verdict == (("partly" if explained else "unknown") if result.unexplained else "explained")
    for mistake in result.mistakes:
        assert mistake.location is not None
        assert mistake.location.text in program


def test_a_program_that_overflows_is_told_as_any_other(examined: Callable[..., Result]) -> None:
    """Its numbers grow without bound, and so do those that the search makes of them: no warning reaches the user, nor ends the search."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the tests ignore those of a product
        result = examined(TEXTS["inline_loops"].replace("(1.0 + np.exp(-u))", "np.exp(-u)"))
    assert not any("fault of whygrad" in note for note in result.notes)
    assert [(mistake.function, mistake.id) for mistake in result.mistakes] == [("lstm_forward", "term-dropped")]


def test_a_fault_of_the_search_leaves_the_verdicts(examined: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """The function is wrong all the same; that the line is not known, and why, is said."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("whygrad.from_code.search.looked_for.find", broken)
    result = examined(changed("dba += dbat", "dba = dbat"))
    assert (not_right(result), result.unexplained) == ({"rnn_backward": "wrong"}, ("rnn_backward",))
    (fault,) = result.search.cuts
    assert fault.startswith("the line in rnn_backward was not found, because of a fault of whygrad (ZeroDivisionError)")
    assert fault in result.notes


def test_what_could_not_be_judged_may_be_wrong_too(examined: Callable[..., Result]) -> None:
    """So the mistakes that were found are at least these."""
    needs = "from mylib import slope\n" + changed("dba += dbat", "dba = dbat")
    result = examined(needs.replace("    dc_prev = ", "    slope(c_next)\n    dc_prev = ", 1))
    assert not_right(result) == {"rnn_backward": "wrong", "lstm_cell_backward": "not reached"}
    assert (result.search.complete, result.search.cuts) == (False, ("lstm_cell_backward could not be judged",))


def test_harmless_facts_are_notes(examined: Callable[..., Result]) -> None:
    """An argument changed in place, where nobody needs it any more, is told and is no mistake."""
    result = examined(
        changed(
            '    gradients = {"dxt": dxt, "da_prev": da_prev, "dc_prev"',
            '    dc_next *= 2\n    gradients = {"dxt": dxt, "da_prev": da_prev, "dc_prev"',
        )
    )
    assert result.verdict == "right"
    assert any("lstm_cell_backward" in note and "dc_next" in note for note in result.notes)


def test_printed_numbers_of_older_code_are_told(examined: Callable[..., Result]) -> None:
    """The code is diagnosed as it is now; the note says that the outputs are not its own."""
    printed = 'gradients["dWf"][3][1] = 1.5\ngradients["da0"][2][3] = 0.25\n'
    check = """np.random.seed(1)
parameters = {name: np.random.randn(5, 8 if name[0] == "W" else 1) for name in ("Wf", "bf", "Wi", "bi", "Wo", "bo", "Wc", "bc")}
parameters["Wy"], parameters["by"] = np.zeros((2, 5)), np.zeros((2, 1))
a, y, c, caches = lstm_forward(np.random.randn(3, 10, 7), np.random.randn(5, 10), parameters)
gradients = lstm_backward(np.random.randn(5, 10, 4), caches)
print('gradients["dWf"][3][1] =', gradients["dWf"][3][1])
print('gradients["da0"][2][3] =', gradients["da0"][2][3])
"""
    result = examined([*cells_of(RIGHT), Cell(check, printed)])
    assert result.verdict == "right"
    (note,) = result.notes
    assert note == "your printed numbers of lstm_backward come from an older version of the code: the code was diagnosed as it is now"


def test_an_edited_program_is_asked_once() -> None:
    """Its answer is kept for the same question; the program itself is asked anew each time."""
    pieces = (Piece("x", 1, RIGHT),)
    counting = _Counting(Harness(pieces, PARTS))
    request = Request("rnn_cell_forward", case("rnn_cell_forward", SIZES[0], 0).arguments, frozenset({"rnn_cell_forward"}))
    with counting.holding([replace(pieces[0], text=changed("rnn_cell_forward(xt, a", "rnn_cell_forward(xt,a"))]) as edited:
        answer = edited.run(request)
        assert edited.run(replace(request)) is answer
        assert edited.run(replace(request, seed=1)) is not answer
        with counting.holding(pieces) as other:
            assert other.run(request) is not answer
        assert edited.run(request) is answer
    assert counting.run(request) is not counting.run(request)
    assert counting.runs == 7
