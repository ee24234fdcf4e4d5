"""A function that raises: told where it comes from, and what is wrong behind that line is found too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slipped
from styles import TEXTS

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.read.pieces import Cell, collect
from whygrad.read.source import Origin
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]


def test_what_cannot_start_a_carry_hides_no_other_slip(told: Tell) -> None:
    """Zeros go on in its place, and the bias that is never summed is found."""
    lost = '        db += np.concatenate([g["dbf"], g["dbi"], g["dbo"], g["dbc"]], axis=0)\n'
    text = slipped("one_matrix", ("dc_t = np.zeros((H, m))", "dc_t = dW[:, :, 0]"), (lost, ""))
    first, second = told(text)
    assert (first.id, first.proof, first.line) == ("raises", "proved", line_of(text, "dc_t = dW"))
    assert second.id == "left-at-zero"


def test_two_carries_that_cannot_start_hide_no_other_slip(told: Tell) -> None:
    """Both get zeros, and the step's own gradient that is missing is found."""
    slips = (
        ("dh, dc = np.zeros((2, n_a, m))", "dh, dc = dx[:, :, 0]"),
        ("lstm_cell_backward(da[..., t] + dh, dc", "lstm_cell_backward(dh, dc"),
    )
    assert [one.id for one in told(slipped("terse", *slips))] == ["raises", "upstream-missing"]


def test_square_brackets_behind_a_function_are_told(told: Tell) -> None:
    """NumPy's functions too, which Python calls ufuncs."""
    (one,) = told(slipped("course_template", ("a_next = ot * np.tanh(c_next)", "a_next = ot * np.tanh[c_next]")))
    assert one.says.endswith("np.tanh is a function, and square brackets behind it do not call it")


def test_a_carry_of_another_shape_is_told_where_it_is_made(told: Tell) -> None:
    """Not at the call that cannot use it."""
    text = slipped("helper_functions", ("    dc_prev = np.zeros((n_a, m))", "    dc_prev = np.zeros((m, m))"))
    (one,) = told(text)
    assert (one.line, one.proof) == (line_of(text, "dc_prev = np.zeros((m"), "proved")
    assert one.says.startswith("dc_prev has shape (3, 3) here, and should have (4, 3), and so line ")


IN_ANOTHER_PLACE = """
import numpy as np

def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    dx = np.zeros((x.shape[0], m, T))
    total = {}
    da_carry, dc_carry = np.zeros((n_a, m)), np.zeros((n_a, m))
    for t in range(T - 1, -1, -1):
        g = lstm_cell_backward(da[:, :, t] + da_carry, steps[t], dc_carry)
        da_carry = g.pop("da_prev")
        dc_carry = g.pop("dc_prev")
        dx[:, :, t] = g.pop("dxt")
        for name, value in g.items():
            total[name] = total.get(name, 0) + value
    total["dx"] = dx
    total["da0"] = da_carry
    return total
"""


def test_a_carry_in_another_place_of_the_call_is_not_said_to_be_given_wrongly(told: Tell) -> None:
    """It is the call that has its arguments in another order."""
    (one,) = told(IN_ANOTHER_PLACE)
    assert one.line == line_of(IN_ANOTHER_PLACE, "steps[t], dc_carry")
    assert "stand in another order than lstm_cell_backward takes them" in one.says


def test_a_cache_in_another_place_of_the_call_is_no_fault_of_whygrad(bench_notes: Callable[[str], tuple[str, ...]]) -> None:
    """Nothing can be added to what belongs there."""
    assert not any("fault" in note for note in bench_notes(IN_ANOTHER_PLACE))


def test_a_result_that_cannot_be_made_hides_no_other_slip(told: Tell) -> None:
    """An array to be filled that asks for itself."""
    text = slipped(
        "spanish_lambdas",
        ("ocultos = np.zeros((n, m, pasos))\n    celdas", "ocultos = ocultos[:, :, 0]\n    celdas"),
        ("        salidas[:, :, paso] = y\n", ""),
    )
    assert [one.id for one in told(text)] == ["raises", "left-at-zero"]


ADDED = (
    (
        "einsum_lists",
        "states.append(a_next)",
        "states.append(parameters)",
        "adds parameters, which is a dictionary, to states, and so line",
    ),
    ("batch_first", "outs.append(out)", "outs.append(caches)", "adds caches, which is a list of 5 values, to outs, and so line"),
    ("einsum_lists", "caches.append(cache)", "caches.append(parameters)", "its list of caches holds the parameters for each step, and no"),
    ("in_place", "caches.append(cache)", "caches.append(T_x)", "its list of caches holds an int for each step, and no cache"),
    ("helper_functions", "caches.append(cache)", "caches.append(T_x)", "its list of caches holds an int for each step, and no cache"),
)


@pytest.mark.parametrize(("style", "before", "after", "says"), ADDED, ids=[after for _, _, after, _ in ADDED])
def test_what_is_no_array_is_told_where_it_is_added(style: str, before: str, after: str, says: str, told: Tell) -> None:
    """Not where the list is read."""
    text = slipped(style, (before, after))
    (one,) = told(text)
    assert one.line == line_of(text, after)
    assert says in one.says


def test_a_name_that_another_line_makes_is_not_said_to_be_made_here(told: Tell) -> None:
    """The line that reads it has the name wrong."""
    text = slipped("course_template", ("concat = np.zeros((n_a + n_x, m))\n", "concat = np.zeros((n_a + n_x, cct))\n"))
    (one,) = told(text)
    assert (one.id, one.line) == ("raises", line_of(text, "n_x, cct))"))


def test_a_helper_that_asks_for_text_is_given_the_right_thing(told: Tell) -> None:
    """It is the helper that computes with it."""
    text = slipped("closures", ("return value * (1 - value)", "return value * (1 - letter)"))
    (one,) = told(text)
    assert one.line == line_of(text, "(1 - letter)")


def test_a_slice_that_no_step_stands_in_follows_from_one_slip(told: Tell) -> None:
    """The states that are then missing are no other mistakes."""
    (one,) = told(slipped("branches_and_asserts", ("a[:, :, t] = a_next", "a[:, :, caches] = a_next")))
    assert (one.id, one.proof) == ("state-stored-wrong", "proved")


def test_a_lost_line_that_counts_is_no_fault_of_whygrad(bench_notes: Callable[[str], tuple[str, ...]]) -> None:
    """A size that has an array's name in the reference is compared with it."""
    text = slipped("keywords_and_early_returns", ("da_prevt = np.zeros(shape=(n_a, m))", "da_prevt = dx[:, :, 0]"))
    assert not any("fault" in note for note in bench_notes(text))


def test_an_array_with_fewer_axes_than_are_asked_for_is_no_fault_of_whygrad(bench_notes: Callable[[str], tuple[str, ...]]) -> None:
    """Nothing can be stored there."""
    text = slipped("course_template", ("c[:,:,t] = c_next", "c[:,:,t,0] = c_next"))
    assert not any("fault" in note for note in bench_notes(text))


def test_what_goes_on_furthest_is_put_there(told: Tell) -> None:
    """At the first turn a carry of zeros is turned, so both sides of the sum could be: the call of the cell tells which."""
    before = "        gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[t])\n"
    after = "        now = da[:,:,t] + da_prevt.T\n        gradients = lstm_cell_backward(now, dc_prevt, caches[t])\n"
    (one,) = told(slipped("course_template", (before, after)))
    assert (one.id, one.proof) == ("transpose-wrong", "proved")
    assert one.says.startswith("now has da_prevt transposed, and so it raises ValueError")


HELPED = """
import numpy as np

def slope(th):
    return 1.0 - np.tanh(th) ** 2

def rnn_cell_backward(da_next, cache):
    state, before, xt, parameters = cache
    d = slope(state) * da_nxt
    return {
        "dxt": parameters["Wax"].T @ d, "da_prev": parameters["Waa"].T @ d, "dWax": d @ xt.T, "dWaa": d @ before.T,
        "dba": d.sum(axis=1, keepdims=True),
    }

def lstm_cell_backward(da_next, dc_next, cache):
    a, c, a_prev, c_prev, f, i, g, o, xt, parameters = cache
    both, th = np.vstack((a_prev, xt)), np.tanh(c)
    dc = dc_next + da_next * o * slope(th)
    gates = {"f": dc * c_prev * f * (1 - f), "i": dc * g * i * (1 - i), "c": dc * i * slope(g), "o": da_next * th * o * (1 - o)}
    grads = {"dc_prev": dc * f}
    back = np.zeros_like(both)
    for k, d in gates.items():
        grads["dW" + k], grads["db" + k] = d @ both.T, d.sum(axis=1, keepdims=True)
        back += parameters["W" + k].T @ d
    grads["da_prev"], grads["dxt"] = back[: len(a)], back[len(a) :]
    return grads
"""


def test_what_a_helper_does_wrong_is_told_behind_an_error_too(told: Tell) -> None:
    """It is wrong for both functions that call it, one of which raises for another reason."""
    first, *others = told(HELPED)
    assert "no line gives da_nxt a value" in first.says
    assert [(one.id, one.line) for one in others] == [("wrong-activation-derivative", 5)] * 2


def test_all_results_may_be_wrong_behind_a_line_that_raises(told: Tell) -> None:
    """What the edited line gives is then no right value, and the search goes on all the same."""
    text = edited(
        ("rnn_cell_backward", "a_next, a_prev, xt, parameters = cache", "a_prev, a_next, xt, parameters = cache"),
        ("rnn_cell_backward", "np.dot(dtanh, xt.T)", "np.dot(xt, dtanh)"),
    )
    names, product = told(text)
    assert (names.id, names.proof, product.id) == ("name-replaced", "proved", "raises")


def test_what_stands_behind_a_line_that_raises_is_looked_for_as_elsewhere(told: Tell) -> None:
    """Two gates that are unpacked in each other's place are one mistake there too, and none of each line that reads them."""
    body = (
        "def lstm_cell_backward(da_next, dc_next, cache):\n"
        "    a_next, c_next, a_prev, c_prev, f, i, o, g, xt, p = cache\n"
        "    n_a, tc, grads = a_next.shape[0], np.tanh(c_next), {}\n"
        "    do = da_next * tc * o * (1 - o)\n"
        "    dc = dc_next + da_next * o * (1 - tc**2)\n"
        "    df = dc * c_prev * f * (1 - f)\n"
        "    di = dc * g * i * (1 - i)\n"
        "    dg = dc * i * (1 - g**2)\n"
        "    z = np.vstack([a_prev, xt])\n"
        "    dz = p['Wf'].T @ df + p['Wi'].T @ di + p['Wc'].T @ dg + p['Wo'].T @ do\n"
        "    for k, d in {'f': df, 'i': di, 'c': dg, 'o': do}.items():\n"
        "        grads['dW' + k] = np.dot(d, z)\n"
        "        grads['db' + k] = d.sum(1, keepdims=True)\n"
        "    return {'dxt': dz[n_a:], 'da_prev': dz[:n_a], 'dc_prev': dc * f, **grads}\n"
    )
    text = edited(("lstm_cell_backward", "", body))
    _, names = told(text)
    assert (names.id, names.line) == ("name-replaced", line_of(text, "a_next, c_next, a_prev, c_prev, f, i, o, g"))


def test_a_loop_that_raises_gives_nothing_of_what_stands_in_it(told: Tell) -> None:
    """Its head is edited; that its lines add nothing up is told beside that, once."""
    text = edited(("rnn_backward", "reversed(range(T_x))", "reversed(range(T))"))
    for name in ("dWax", "dWaa", "dba"):
        text = text.replace(f"{name} = {name} + gradients['{name}']", f"{name} = gradients['{name}']")
    head, sums = told(text)
    assert "no line gives T a value" in head.says
    line = line_of(text, "dWaa = gradients['dWaa']")
    assert sums.says == (
        f"of the steps' gradients, dWax holds that of step 0 alone; the same holds for dWaa (line {line}) and dba (line {line + 1})"
    )


@pytest.mark.parametrize(("missing", "lost"), [("Wf", "    Wf = parameters['Wf']\n"), ("n_a", "    n_a, m = a_next.shape\n")])
def test_what_else_is_wrong_is_told_beside_a_name_of_the_notebook(told: Tell, missing: str, lost: str) -> None:
    """A weight, or a size, that several lines read: with what the arguments hold in its place the search goes on."""
    text = edited(
        ("lstm_cell_backward", lost, ""),
        ("lstm_cell_backward", "dc * c_prev * ft", "dc * c_next * ft"),
        ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * it"),
    )
    name, *others = told(text)
    assert name.id == "raises"
    assert name.says.startswith(
        f"lstm_cell_backward reads {missing}, which is not among its arguments: there is no {missing} in the function"
    )
    assert [(one.line, one.proof) for one in others] == [
        (line_of(text, part), "proved") for part in ("dft = dc * c_next", "dc_prev = dc * it")
    ]


def test_a_name_of_the_notebook_that_a_call_is_given_is_told_once(told: Tell) -> None:
    """That the sequence does not start with what the notebook holds under it follows from that."""
    (one,) = told(edited(("lstm_forward", "a_next, c_next, parameters", "a_next, c0, parameters")))
    assert (one.id, one.proof) == ("raises", "proved")


def test_what_else_is_wrong_is_told_beside_caches_that_are_not_taken_apart(told: Tell) -> None:
    """The rest is looked for with the list in the pair's place, and quoted as it was written."""
    text = edited(
        ("rnn_backward", "    caches, x = caches\n", ""),
        ("rnn_backward", "dba = dba + gradients['dba']", "dba = dba + dba"),
        ("rnn_backward", "da[:, :, t] + da_prevt, caches[t]", "da[:, :, t], caches[t]"),
    )
    pair, call, added = told(text)
    assert "still the pair of the list of caches and x" in pair.says
    assert (call.id, added.id, added.line) == ("carry-missing", "left-at-zero", line_of(text, "dba = dba + dba"))


def test_a_stack_in_another_order_is_one_mistake(told: Tell) -> None:
    """What the weights that meet it, and all that is cut out of it, then give is not told as well."""
    rows = ("        dc * c_prev * f * (1 - f),\n", "        dc * g * i * (1 - i),\n")
    text = slipped("terse", ("".join(rows), "".join(reversed(rows))))
    (one,) = told(text)
    assert (one.id, one.line) == ("gate-swapped", line_of(text, "dz = np.vstack(["))


def test_names_that_are_gone_are_a_fact_beside_the_verdict(bench_notes: Callable[[str], tuple[str, ...]]) -> None:
    """The function is right where they are still there, and who runs it today gets an error."""
    slips = ("reversed(range(T_x))", "reversed(xrange(T_x))"), ("np.zeros((n_x, m, T_x))", "np.zeros((n_x, m, T_x), np.float)")
    text = slipped("course_template", *slips)
    (says,) = (note for note in bench_notes(text) if "no longer" in note)
    assert says.endswith(": the functions were judged as if they still existed")
    assert f"xrange (line {line_of(text, 'xrange')})" in says
    assert f"np.float (line {line_of(text, 'np.float')})" in says
    assert not any("no longer" in note for note in bench_notes(TEXTS["course_template"]))


@pytest.fixture
def bench_notes() -> Callable[[str], tuple[str, ...]]:
    """The notes that are made of a program."""

    def notes(text: str) -> tuple[str, ...]:
        source = collect("own.py", [Cell(text, Origin("own.py", None, tuple(text.splitlines())))])
        return examine(source, Harness(source.pieces, PARTS), "in place").notes

    return notes


def test_a_silent_slip_is_told_beside_an_error(told: Tell) -> None:
    """A name of the shape that fits stands there as an experiment."""
    slip = ("dzf = dc * c_prev", "dzf = c_prev")
    text = slipped("helper_functions", ("dvf + dvi + dvc + dvo", "dvf + dvi + dvc + dzo"), slip)
    silent, raises = sorted(told(text), key=lambda one: one.id == "raises")
    assert (silent.id, silent.line) == ("factor-dropped", line_of(text, slip[1]))
    assert raises.line == line_of(text, "dvf + dvi + dvc + dzo")


def test_what_is_turned_at_the_line_that_raises_is_turned_behind_it_too(told: Tell) -> None:
    """The lines that read it are right: none of them is said to lack a transpose."""
    text = edited(
        ("lstm_cell_backward", "np.concatenate((a_prev, xt), axis=0).T", "concat"),
        ("lstm_cell_backward", "    dWf =", "    concat = np.concatenate((a_prv, xt), axis=0).T\n    dWf ="),
        ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * it"),
    )
    assert [one.line for one in told(text)] == [line_of(text, "a_prv"), line_of(text, "dc_prev = dc * it")]


@pytest.mark.parametrize("adds", ["dWi += gradients['dWi']", "dWi = dWi + gradients['dWi']"])
def test_what_else_is_wrong_is_told_behind_a_sum_that_nothing_begins(told: Tell, adds: str) -> None:
    """The sum begins with nothing there, and the search goes on."""
    start = "    dWi = np.zeros((n_a, n_a + n_x), dtype)\n"
    text = edited(
        ("lstm_backward", start, ""),
        ("lstm_backward", "dWi = dWi + gradients['dWi']", adds),
        ("lstm_backward", "dbf = dbf + gradients['dbf']", "dbf = gradients['dbf']"),
    )
    assert [one.line for one in told(text)] == [line_of(text, adds), line_of(text, "dbf = gradients['dbf']")]
