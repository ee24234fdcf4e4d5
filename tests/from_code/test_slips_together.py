"""Slips that stand together in one function: each is told once, at its own line, and nothing that only follows from another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from styles import TEXTS

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.read.pieces import Cell, collect
from whygrad.read.source import Origin
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from whygrad.records import Mistake

RIGHT = TEXTS["course_template"]
LOOP = ("    for t in reversed(range(T_x)):\n        gradients = lstm", "    for t in range(T_x):\n        gradients = lstm")
UPWARDS = "the loop over t runs from the first step to the last"


def mistakes(*edits: tuple[str, str], program: str = RIGHT) -> tuple[Mistake, ...]:
    """What is found in the program with these replacements, each of which applies."""
    for old, new in edits:
        assert old in program
        program = program.replace(old, new)
    source = collect("rnn.py", [Cell(program, Origin("rnn.py", None, tuple(program.split("\n"))))])
    return examine(source, Harness(source.pieces, PARTS), "a tier").mistakes


def told(*edits: tuple[str, str], program: str = RIGHT) -> list[tuple[str, str]]:
    """Kind and line of each mistake."""
    return [(one.id, one.location.text if one.location else "") for one in mistakes(*edits, program=program)]


@pytest.mark.parametrize(
    ("old", "new", "kind", "line"),
    [
        ("da_prevt = gradients['da_prev']", "da_prevt += gradients['da_prev']", "carry-added-up", "da_prevt += gradients['da_prev']"),
        (
            "lstm_cell_backward(da[:,:,t] + da_prevt,",
            "lstm_cell_backward(da[:,:,t],",
            "carry-missing",
            "gradients = lstm_cell_backward(da[:,:,t], dc_prevt, caches[t])",
        ),
    ],
)
def test_a_loop_that_runs_upwards_beside_a_carry(old: str, new: str, kind: str, line: str) -> None:
    """The loop is told with its direction, and the carry as in a loop that runs downwards."""
    found = mistakes(LOOP, (old, new))
    assert [(one.id, one.location and one.location.text) for one in found] == [
        ("loop-wrong", "for t in range(T_x):"),
        (kind, line),
    ]
    assert found[0].says == UPWARDS
    assert "step 4" not in found[1].says  # nothing comes back to the last step


def test_caches_in_another_order_are_no_loop_the_wrong_way() -> None:
    """The loop runs downwards already."""
    kinds = [kind for kind, _ in told(("dc_prevt, caches[t])", "dc_prevt, caches[T_x - 1 - t])"))]
    assert kinds == ["cache-of-wrong-step"]


HELPER = (
    "def slope(s):\n    return s * (1 - s)\n\n\ndef lstm_cell_backward(",
    "def slope(s):\n    return 1 - s\n\n\ndef lstm_cell_backward(",
)
STEPS = """    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    dc_of_f = dc * c_prev
    dc_of_i = dc * cct
    dot = da_next * np.tanh(c_next) * slope(ot)
    dcct = dc * it * (1 - cct ** 2)
    dit = dc_of_i * slope(it)
    dft = dc_of_f * slope(ft)
"""


def test_a_helper_s_slip_is_not_made_up_for_elsewhere() -> None:
    """A shared gradient without one of its terms, and a helper that lacks a factor: two mistakes, not one for each gate."""
    start, end = RIGHT.index("    dot = da_next"), RIGHT.index("    # parameters (≈8 lines)")
    program = (RIGHT[:start] + STEPS + RIGHT[end:]).replace("def lstm_cell_backward(", HELPER[0])
    program = program.replace("    dc_prev = dc_next * ft + ot * (1 - np.square(np.tanh(c_next))) * ft * da_next", "    dc_prev = dc * ft")
    assert told(program=program) == []
    found = told((HELPER[0], HELPER[1]), ("dc = dc_next + da_next * ot", "dc = da_next * ot"), program=program)
    assert found == [("factor-dropped", "return 1 - s"), ("term-dropped", "dc = da_next * ot * (1 - np.tanh(c_next) ** 2)")]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("        dx[:,:,t] = gradients['dxt']", "        dx = gradients['dxt']", "dx = gradients['dxt']"),
        ("        dx[:, :, t] = dxt", "        dx = dxt", "dx = dxt"),
        ("        c[:,:,t] = c_next", "        c = c_next", "c = c_next"),
    ],
)
def test_one_step_under_the_name_of_all_is_told_where_it_is_assigned(old: str, new: str, line: str) -> None:
    """Not where it is returned."""
    assert [text for _, text in told((old, new))] == [line]


def test_steps_of_np_arange_are_seen() -> None:
    """An index and a direction are found as in a loop over range."""
    forward, line = "    for t in range(T_x):\n        a_next, yt_pred", "        a[:,:,t] = a_next\n        y_pred"
    over = ("for t in range(T_x):", "for t in np.arange(T_x):")
    assert told((forward, forward.replace(*over))) == []
    wrong = told((forward, forward.replace(*over)), (line, line.replace("[:,:,t]", "[:,:,T_x - 1 - t]", 1)))
    assert wrong == [("state-stored-wrong", "a[:,:,T_x - 1 - t] = a_next")]
    assert told((LOOP[0], LOOP[1].replace("range(", "np.arange("))) == [("loop-wrong", "for t in np.arange(T_x):")]


def test_a_loop_over_enumerate_has_a_direction() -> None:
    """One slip, not one for everything that the steps are used for."""
    over = "    for t, cache in enumerate(caches[:T_x])%s:\n        gradients = lstm"
    program = RIGHT.replace("dc_prevt, caches[t])", "dc_prevt, cache)").replace(LOOP[0], over.replace("enumerate(caches[:T_x])%s", "%s"))
    assert told(program=program.replace("%s", "reversed(list(enumerate(caches[:T_x])))")) == []
    assert told(program=program.replace("%s", "enumerate(caches[:T_x])")) == [("loop-wrong", "for t, cache in enumerate(caches[:T_x]):")]


def test_what_update_stores_is_told_at_that_line() -> None:
    """As what ``dict`` stores."""
    line = "gradients.update(da0=dc_prevt)"
    end = RIGHT.rindex("    return gradients")
    program = f"{RIGHT[:end]}    {line}\n{RIGHT[end:]}"
    assert told(program=program) == [("initial-gradient-wrong", line)]


DCCT = "(dc_next * it + ot * (1 - np.square(np.tanh(c_next))) * it * da_next) * (1 - np.square(cct))"


@pytest.mark.parametrize(
    ("new", "kind", "says"),
    [
        (DCCT.replace(" it ", " ft "), "gate-swapped", "dcct has ft where another value belongs"),
        (DCCT.replace(" it ", " c_prev "), "name-replaced", "dcct has c_prev where another value belongs"),
        (DCCT.replace(" it ", " ot "), "gate-swapped", "dcct has ot where another value belongs"),
        (
            DCCT.replace("np.tanh(c_next)", "a_next"),
            "wrong-activation-derivative",
            "dcct has 1 - np.square(a_next) where the derivative of another value belongs",
        ),
    ],
)
def test_a_slip_in_both_terms_of_an_equation_written_out(new: str, kind: str, says: str) -> None:
    """Whoever writes the gradient at the cell state out in each gate makes the slip twice."""
    (found,) = mistakes((DCCT, new))
    assert (found.id, found.says) == (kind, says)


def test_one_array_under_two_names_is_told_by_its_names() -> None:
    """Of ``a = c = np.zeros(...)``."""
    old = "    a = np.zeros((n_a, m, T_x))\n    c = np.zeros((n_a, m, T_x))\n"
    (found,) = mistakes((old, "    a = c = np.zeros((n_a, m, T_x))\n"))
    assert found.says == "a and c are one memory: what is written to one later changes the other"


SUMS = RIGHT[RIGHT.index("        dWf = dWf + gradients") : RIGHT.index("    # first state\n    da0")]


@pytest.mark.parametrize(
    ("old", "line", "names"),
    [
        (SUMS, "dWf = dWf + gradients['dWf']", "dWf, dWi, dWc, dWo, dbf, dbi, dbc and dbo get"),
        ("        dba += dbat\n", "dba += dbat", "dba gets"),
        (
            "        dx[:,:,t] = gradients['dxt']\n" + SUMS,
            "dx[:,:,t] = gradients['dxt']",
            "dx, dWf, dWi, dWc, dWo, dbf, dbi, dbc and dbo get",
        ),
    ],
)
def test_lines_that_slid_out_of_the_loop_are_told_once(old: str, line: str, names: str) -> None:
    """At the first of them, however many there are."""
    (found,) = mistakes((old, old.replace("\n        ", "\n    ").replace("        ", "    ", 1)))
    assert (found.id, found.location and found.location.text) == ("loop-wrong", line)
    assert found.says == f"{names} a value once, after the loop, and not at each step"


def test_a_loop_after_the_loop_that_takes_the_last_call_at_each_turn_is_not_run_once() -> None:
    """It is run as often as the steps are."""
    (found,) = mistakes((SUMS, "    for t in range(T_x):\n" + re.sub(r"(\w+) = \1 \+", r"\1 +=", SUMS)))
    assert (found.id, found.location and found.location.text) == ("accumulated-wrongly", "dWf += gradients['dWf']")
    assert found.says.startswith("at each turn of this loop dWf, dWi, ")


def test_a_return_within_the_loop_is_told_once() -> None:
    """It ends the loop, so nothing else can be said."""
    end = RIGHT[RIGHT.rindex("    # first state") :].rstrip()
    (found,) = mistakes((end, end.replace("\n    ", "\n        ").replace("    ", "        ", 1)))
    assert (found.says, found.proof) == ("the return stands within the loop: it ends after 1 of 5 steps", "contract")
    assert found.location
    assert found.location.text == "return gradients"


def test_a_term_too_many_is_told_by_its_own_name() -> None:
    """Also where the rest is zero at the first call, and any product with it would be right."""
    (found,) = mistakes(("da_prevt, dc_prevt, caches[t]", "da_prevt, da[:,:,t] + dc_prevt, caches[t]"))
    assert (found.id, found.says) == ("term-repeated", "da[:,:,t] + dc_prevt has a term too many: da[:,:,t]")


def test_arguments_in_each_other_s_place_are_one_slip() -> None:
    """Also where a line adds the step's own gradient before the call."""
    old = "        gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[t])"
    program = RIGHT.replace(
        old, "        da_next = da_prevt + da[:,:,t]\n        gradients = lstm_cell_backward(da_next, dc_prevt, caches[t])"
    )
    assert told(program=program) == []
    wrong = "gradients = lstm_cell_backward(dc_prevt, da_next, caches[t])"
    assert told(("(da_next, dc_prevt, caches[t])", "(dc_prevt, da_next, caches[t])"), program=program) == [("call-argument-wrong", wrong)]


CALL = "lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt,"
CARRIED = "da_prevt = gradients['da_prev']"
MISNAMED = (CARRIED, "da_prev = gradients['da_prev']")


@pytest.mark.parametrize(
    ("edits", "kinds"),
    [
        ([MISNAMED], ["carry-missing"]),
        ([MISNAMED, (CALL, CALL.replace("+", "-"))], ["sign-flipped", "carry-missing"]),
        ([MISNAMED, (CALL, CALL.replace("da[:,:,t] + ", ""))], ["upstream-missing", "carry-missing"]),
        ([(CARRIED, CARRIED.replace("=", "+=", 1)), (CALL, CALL.replace("+", "-"))], ["sign-flipped", "carry-added-up"]),
        ([(CARRIED, ""), (CALL, CALL.replace("t]", "-1]"))], ["upstream-wrong-step", "carry-missing"]),
    ],
)
def test_a_wrong_call_hides_no_wrong_carry(edits: list[tuple[str, str]], kinds: list[str]) -> None:
    """What is put into the call makes up for both of them, the line edited does not."""
    assert [kind for kind, _ in told(*edits)] == kinds


def test_a_sum_that_is_lost_and_one_that_is_copied() -> None:
    """The name that belongs to the line mends one of the two sums alone."""
    found = mistakes(("        dWc = dWc + gradients['dWc']\n", ""), ("dWo = dWo + gradients['dWo']", "dWc = dWc + gradients['dWo']"))
    assert [one.id for one in found] == ["left-at-zero", "accumulator-copied"]


def test_a_sum_need_not_be_called_as_its_key() -> None:
    """No line is tried with a name that the function does not have: the count stays certain."""
    start = RIGHT.index("def lstm_backward(")
    program = RIGHT[:start] + re.sub(r"(?<!['\"])\bdW(?=[fico]\b)", "sW", RIGHT[start:])
    assert told(program=program) == []
    wrong = program.replace("sWi = sWi + gradients['dWi']", "sWf = sWf + gradients['dWi']")
    source = collect("rnn.py", [Cell(wrong, Origin("rnn.py", None, tuple(wrong.split("\n"))))])
    result = examine(source, Harness(source.pieces, PARTS), "a tier")
    assert ([one.id for one in result.mistakes], result.search.cuts) == (["accumulator-copied"], ())
