"""One slip is one mistake: what only follows from it is not told, and what is wrong in a helper is told in the same words of all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slipped
from styles import TEXTS

from whygrad.from_code.finding import Finding
from whygrad.from_code.search.told_together import told_together

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

LOOP = """
import numpy as np

def lstm_backward(da, caches):
    kept, x = caches
    n_a, m, steps = da.shape
    total = {"dx": np.zeros((x.shape[0], m, steps))}
    for name in ("dWf", "dWi", "dWc", "dWo", "dbf", "dbi", "dbc", "dbo"):
        total[name] = np.zeros((n_a, n_a + x.shape[0])) if name[1] == "W" else np.zeros((n_a, 1))
    da_later, dc_later = np.zeros((n_a, m)), np.zeros((n_a, m))
    for k in range(steps):
        t = steps - 1 - k
        step = lstm_cell_backward(da[:, :, t] + da_later, dc_later, kept[t])
        da_later = step["da_prev"]
        dc_later = step["dc_prev"]
        total["dx"][:, :, t] = step["dxt"]
        for name in total.keys() - {"dx"}:
            total[name] += step[name]
    total["da0"] = da_later
    return total
"""

WRONG_STEPS = [
    ("kept[t]", "kept[k]", "cache-of-wrong-step"),
    ("t = steps - 1 - k", "t = len(kept) - k", "loop-wrong"),
    ("t = steps - 1 - k", "t = k", "loop-wrong"),
    ("t = steps - 1 - k", "t = steps - k - 2", "loop-wrong"),
]


@pytest.mark.parametrize(("before", "after", "id_"), WRONG_STEPS)
def test_a_step_that_is_computed_wrongly(told: Tell, before: str, after: str, id_: str) -> None:
    """At the line that computes it, or at the one that makes a wrong use of another one."""
    assert not told(LOOP)
    text = LOOP.replace(before, after)
    (said,) = told(text)
    assert (said.id, said.proof) == (id_, "proved")
    assert after in text.split("\n")[said.line - 1]


@pytest.mark.parametrize("carry", ["da_later", "dc_later"])
def test_a_slot_that_no_turn_stores_into(told: Tell, carry: str) -> None:
    """The call that takes it is told, and not the line that stores what comes back, nor the one that makes the array."""
    right = LOOP.replace("np.zeros((n_a, m)), np.zeros((n_a, m))", "np.zeros((2, n_a, m, steps + 1))").replace(
        "_later = step", "_later[..., t] = step"
    )
    right = right.replace("da_later, dc_later, kept", "da_later[..., t + 1], dc_later[..., t + 1], kept").replace(
        "= da_later\n", "= da_later[..., 0]\n"
    )
    assert not told(right)
    (said,) = told(right.replace(f"{carry}[..., t + 1]", f"{carry}[..., -1]"))
    assert (said.id, said.proof) == ("carry-missing", "proved")
    assert f"{carry}[..., -1]" in said.says


def test_outputs_that_are_returned_in_another_order(told: Tell) -> None:
    """At the return, and not where they are collected."""
    before = "return np.stack(states, axis=2), np.stack(outs, axis=2), np.stack(cells, axis=2), (caches, x)"
    text = TEXTS["batch_first"].replace(before, before.replace("outs", "ins").replace("cells", "outs").replace("ins", "cells"))
    (said,) = told(text)
    assert said.says == "np.stack(cells, axis=2) and np.stack(outs, axis=2) stand in each other's place here"


def test_too_few_values_for_the_names(told: Tell) -> None:
    """What the names hold after the line that raises is not told as wrong."""
    text = TEXTS["batch_first"].replace(
        "    return np.stack(states, axis=2), np.stack(outs, axis=2), np.stack(cells, axis=2), (caches, x)",
        "    a, y, c = (np.stack(one, axis=2) for one in (states, outs))\n    return a, y, c, (caches, x)",
    )
    (said,) = told(text)
    assert (said.id, said.proof) == ("raises", "proved")
    assert "3 names stand left of the equals sign" in said.says


CLASS = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

class Cell:
    def __init__(self, parameters):
        self.p = parameters

    def back(self, da, dc, cache):
        a, c, a_prev, c_prev, f, i, g, o, x, p = cache
        dc_all = self.at_cell(da, dc, c, o)
        gates = {"f": dc_all * c_prev * f * (1 - f), "i": dc_all * g * i * (1 - i), "c": dc_all * i * (1 - g * g),
                 "o": da * np.tanh(c) * o * (1 - o)}
        z, grads, dz = np.vstack((a_prev, x)), {}, 0
        for k, d in gates.items():
            grads["dW" + k], grads["db" + k] = np.dot(d, z.T), d.sum(axis=1, keepdims=True)
            dz = dz + np.dot(self.p["W" + k].T, d)
        grads["da_prev"], grads["dxt"], grads["dc_prev"] = dz[:len(a)], dz[len(a):], dc_all * f
        return grads

    @staticmethod
    def at_cell(da, dc, c, o):
        return dc + da * o * (1 - np.tanh(c) ** 2)

def lstm_cell_backward(da_next, dc_next, cache):
    return Cell(cache[-1]).back(da_next, dc_next, cache)
""" + re.sub(r"lstm_cell_backward\((.*)\)\n", r"Cell(kept[t][-1]).back(\1)\n", LOOP.replace("import numpy as np\n", ""))


def test_a_carry_that_the_loop_does_not_hand_to_a_method(told: Tell) -> None:
    """At the call that is given it, through a helper that another method hands it on to."""
    assert not told(CLASS)
    text = CLASS.replace('        dc_later = step["dc_prev"]\n', "")
    (said,) = told(text)
    assert (said.id, said.proof) == ("carry-missing", "proved")
    assert "dc_later, kept[t])" in text.split("\n")[said.line - 1]


@pytest.mark.slow
def test_a_method_that_both_functions_go_through(told: Tell) -> None:
    """In the same words of both, which the report makes one slip of."""
    text = CLASS.replace("dc_all * g * i * (1 - i)", "dc_all * i * g * (1 - g)")
    one, other = told(text)
    assert one == other
    assert one.id != "unnamed"


@pytest.mark.parametrize("left", ["c_next[:]", "c_next[...]", "c_next[:, :]"])
def test_a_line_that_writes_into_what_a_cache_holds(told: Tell, left: str) -> None:
    """It is told itself, and not the call that was given the array before."""
    call = "a_next, c_next, yt, cache = lstm_cell_forward("
    text = TEXTS["course_template"]
    line = next(line for line in text.split("\n") if call in line)
    text = text.replace(line, f"{line.replace('c_next, yt', 'new, yt')}\n        {left} = new")
    (said,) = told(text)
    assert (said.id, said.proof) == ("updated-in-place", "proved")
    assert text.split("\n")[said.line - 1].strip() == f"{left} = new"
    assert said.says.startswith(f"{left} = ... writes into the array that c_next is")


@pytest.mark.parametrize("name", ["a_next", "c_next"])
def test_a_state_that_is_added_up_in_place(told: Tell, name: str) -> None:
    """The line that adds is told, and not the call as well, whose cache holds the array that it adds to."""
    text = TEXTS["course_template"]
    line = next(line for line in text.split("\n") if "= lstm_cell_forward(" in line)
    text = text.replace(line, f"{line.replace(f'{name},', 'new,', 1)}\n        {name} += new").replace("a_next = a0", "a_next = a0 * 1")
    (said,) = told(text)
    assert (said.id, said.proof) == ("carry-added-up", "proved")
    assert text.split("\n")[said.line - 1].strip() == f"{name} += new"


@pytest.mark.parametrize("slot", ["c[:, :, 0]", "c[..., 0]"])
def test_a_slot_of_the_output_that_is_a_window_too(told: Tell, slot: str) -> None:
    """That the slot which is handed to the cell changes afterwards follows; and it is called no copy, which it is not."""
    before, after = "x[:, :, t], a_next, c_next, parameters)", f"x[:, :, t], a_next, {slot}, parameters)"
    (said,) = told(edited(("lstm_forward", before, after)))
    assert said.id == "output-slot-as-state"
    assert "copy" not in said.says


def test_a_state_that_is_handed_on_behind_the_loop(told: Tell) -> None:
    """The line that should stand within it is named."""
    text = edited(
        ("rnn_forward", "a_next, yt_pred, cache", "now, yt_pred, cache"),
        ("rnn_forward", "= a_next\n", "= now\n"),
        ("rnn_forward", "    caches = (caches, x)\n", "    a_next = now\n    caches = (caches, x)\n"),
    )
    (one,) = told(text)
    assert one.says.endswith(f"; line {line_of(text, '    a_next = now')}, which gives a_next a new value, stands behind the loop")


STATES = (
    ("lstm_forward", "a_next, c_next, yt, cache", "now, c_now, yt, cache"),
    ("lstm_forward", "] = a_next\n", "] = now\n"),
    ("lstm_forward", "] = c_next\n", "] = c_now\n"),
)
BOTH = "a_next, c_next = now, c_now"


def test_both_states_that_are_handed_on_behind_the_loop(told: Tell) -> None:
    """They are one mistake, whose line is named, and so they are if no line hands them on."""
    end = "    caches = (caches, x)\n"
    (one,) = told(edited(*STATES))
    assert one.says.endswith(": the loop gives a_next no new value, nor c_next")
    text = edited(*STATES, ("lstm_forward", end, f"    {BOTH}\n{end}"))
    (one,) = told(text)
    behind = line_of(text, BOTH)
    assert one.says.endswith(f" nor c_next; line {behind}, which gives both a new value, stands behind the loop")
    text = edited(*STATES, ("lstm_forward", end, f"    a_next = now\n    c_next = c_now\n{end}"))
    (one,) = told(text)
    behind = line_of(text, "c_next = c_now")
    assert f"; line {behind - 1}, which gives a_next a new value" in one.says
    assert one.says.endswith(f"; line {behind}, which gives c_next a new value, stands behind the loop")


def test_both_states_of_a_loop_that_calls_no_cell(told: Tell) -> None:
    """They are one mistake at the line behind the loop."""
    line = "a_prev, c_prev = a_cur, c_cur\n"
    text = slipped("inline_loops", (f"        {line}    return a, y, c", f"    {line}    return a, y, c"))
    (one,) = told(text)
    assert (one.id, one.line) == ("state-not-carried", line_of(text, line.strip()))
    assert ", and none in it, like c_prev: " in one.says


@pytest.mark.parametrize(("of", "into"), [("upstream[t] + back", "np.add(upstream[t], back)"), ("", "")])
def test_both_gradients_that_are_handed_back_behind_the_loop(told: Tell, of: str, into: str) -> None:
    """They are one mistake, however the one that is added is taken in, be it with its rows and columns exchanged."""
    line = "back, cell_back = one.pop('da_prev').T, one.pop('dc_prev').T\n"
    end = "    return {'dx': np.array(to_inputs).transpose(2, 1, 0), 'da0': back.T, **sums}\n"
    head, text = TEXTS["batch_first"].split("def lstm_backward")
    text = f"{head}def lstm_backward{text.replace(f'        {line}', '').replace(end, f'    {line}{end}').replace(of, into)}"
    (one,) = told(text)
    behind = line_of(text, line.strip())
    assert "back is still zero there, and so is cell_back.T" in one.says
    assert f"; line {behind}, which gives back a new value, stands behind the loop" in one.says


def test_weights_that_are_cut_nowhere_are_one_mistake() -> None:
    """At both lines that should take a part of them."""

    def finding(line: int, name: str) -> Finding:
        function, text = "lstm_cell_backward", f"{name} = np.dot(Wf.T, dft)"
        return Finding(
            function=function, within=function, source="", line=line, column=1, text=text, id="slice-wrong", quantity=name, step=None,
            says=f"the weights are cut wrongly in {name}: a whole weight stands there.", hints=("", "", ""), proof="proved",
        )  # fmt: skip

    (one,) = told_together((finding(5, "da_prev"), finding(7, "dxt")))
    assert (one.line, one.says.rpartition("; ")[2]) == (5, "the same holds for dxt (line 7)")


def test_a_line_with_another_slip_too_has_the_idea_of_the_others() -> None:
    """It is told there what is wrong in it alone; of another value it is not known whether it is the same in each line."""
    cell = "lstm_cell_backward"

    def finding(line: int, name: str, has: str, known: str) -> Finding:
        return Finding(
            function=cell, within=cell, source="", line=line, column=1, text=f"{name} = da", id=known, quantity=name, step=None,
            says=f"{name} has {has}", hints=("", "", ""), proof="proved",
        )  # fmt: skip

    def told_of(idea: str, known: str) -> list[str]:
        alike = [finding(line, name, idea, known) for line, name in ((3, "dcct"), (6, "dft"), (8, "dc_prev"))]
        return [one.says for one in told_together((*alike, finding(5, "dit", f"two slips: a sign, and {idea}", "sign-flipped")))]

    where = "; the same holds for dit (line 5), dft (line 6) and dc_prev (line 8)"
    assert told_of("tanh for a sigmoid", "activation-wrong") == [f"dcct has tanh for a sigmoid{where}", "dit has a sign"]
    assert told_of("ct where another value belongs", "name-replaced")[-1].startswith("dit has two slips")


def test_a_wrong_name_in_several_lines_is_one_mistake() -> None:
    """The name is what stands there wrongly, and not what the lines give a value."""

    def finding(line: int, gate: str) -> Finding:
        function, says = "lstm_cell_backward", "a_next stands where another value belongs"
        return Finding(
            function=function, within=function, source="", line=line, column=1, text="a_next", id="name-replaced", quantity=f"dW{gate}",
            step=None, says=says, hints=(f"Look at dW{gate} in {function}.", "", ""), proof="proved", ideas=("it stands there",),
        )  # fmt: skip

    (one,) = told_together((finding(5, "f"), finding(6, "i")))
    assert one.says.endswith("; the same holds for dWi (line 6)")


def test_a_gate_whose_name_is_a_word_is_told_with_the_others(told: Tell) -> None:
    """Of three gates that lack or have the same, "the name it" is one."""
    text = TEXTS["course_template"]
    for gate in "fio":
        text = re.sub(rf"( {gate}t = )(sigmoid\(.*\))", r"\1\2 / m", text, count=1)
    (said,) = told(text)
    assert said.says.startswith("ft has a division too many: by m; the same holds for it (line ")


@pytest.mark.parametrize("gates", [("f", "i", "c", "o"), ("f", "o")])
def test_a_transpose_that_stands_behind_the_product(told: Tell, gates: tuple[str, ...]) -> None:
    """Each line raises before the next one is reached; at three lines it is an idea, and told once."""
    text = TEXTS["course_template"]
    for gate in gates:
        name = "dcct" if gate == "c" else f"d{gate}t"
        text = text.replace(f"dW{gate} = np.dot({name}, concat.T)", f"dW{gate} = np.dot({name}, concat).T")
    first, *more = told(text)
    assert first.says.startswith(
        "dWf has np.dot(dft, concat) transposed as a whole, and not one of its factors, and so it raises ValueError"
    )
    assert len(more) == (1 if len(gates) == 2 else 0)
    assert ("(line 226) and dWo" in first.says) == (not more)


def test_sums_that_stand_below_each_other_are_lost_in_the_loop(told: Tell) -> None:
    """Where the one line gives them all anew, and not where they are taken apart behind it."""
    right = """
import numpy as np

def lstm_backward(da, caches):
    kept, x = caches
    n_a, m, steps = da.shape
    dx, da_prev, dc_prev = np.zeros((x.shape[0], m, steps)), np.zeros((n_a, m)), np.zeros((n_a, m))
    weights, biases = np.zeros((4 * n_a, n_a + x.shape[0])), np.zeros((4 * n_a, 1))
    for t in reversed(range(steps)):
        a_next, c_next, a0, c0, f, i, g, o, xt, P = kept[t]
        da_t, tanh_c = da[:, :, t] + da_prev, np.tanh(c_next)
        dc = dc_prev + da_t * o * (1 - tanh_c ** 2)
        d = np.concatenate([dc * c0 * f * (1 - f), dc * g * i * (1 - i), dc * i * (1 - g ** 2), da_t * tanh_c * o * (1 - o)])
        back = np.concatenate([P["W" + gate] for gate in "fico"]).T @ d
        da_prev, dx[:, :, t], dc_prev = back[:n_a], back[n_a:], dc * f
        weights += d @ np.concatenate([a0, xt]).T
        biases += d.sum(axis=1, keepdims=True)
    gradients = {"dx": dx, "da0": da_prev}
    for gate, w, b in zip("fico", np.split(weights, 4), np.split(biases, 4)):
        gradients["dW" + gate] = w
        gradients["db" + gate] = b
    return gradients
"""
    assert told(right) == []
    text = right.replace("biases += d", "biases = d")
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, "biases = d"), "overwritten-not-summed")
